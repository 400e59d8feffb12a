//! Finding the few characters of a text that matter, many bytes at a time.

/// Bytes judged together: as many as a word has bits.
const BLOCK: usize = 64;

/// Calls `found` with the place of every byte of `bytes` that `is_odd`, in order.
///
/// `is_odd(before, byte)` judges a byte by itself and the one before it (a space at the beginning): so
/// a character of two bytes can be judged at its second. It has no branches, so that whole blocks are
/// judged by vector instructions.
#[inline(always)]
pub(crate) fn each_odd(bytes: &[u8], is_odd: impl Fn(u8, u8) -> bool, mut found: impl FnMut(usize)) {
    let Some(&first) = bytes.first() else { return };
    if is_odd(b' ', first) {
        found(0);
    }
    let (before, behind) = (&bytes[..bytes.len() - 1], &bytes[1..]);
    if behind.len() < BLOCK {
        // A word or a phrase is no work for vectors.
        for (at, (&byte, &before)) in (1..).zip(behind.iter().zip(before)) {
            if is_odd(before, byte) {
                found(at);
            }
        }
        return;
    }
    let (blocks, rest) = behind.as_chunks::<BLOCK>();
    let (earlier, rest_earlier) = before.as_chunks::<BLOCK>();
    // Places are collected first and looked at later: two loops without a surprise in either.
    let mut places = Places { list: [0; PLACES], len: 0 };
    let mut at = 1;
    for (block, earlier) in blocks.iter().zip(earlier) {
        places.add(at, judge(earlier, block, &is_odd));
        at += BLOCK;
        if places.len > PLACES - BLOCK {
            places.drain(&mut found);
        }
    }
    places.drain(&mut found);
    for (index, (&byte, &before)) in rest.iter().zip(rest_earlier).enumerate() {
        if is_odd(before, byte) {
            found(at + index);
        }
    }
}

/// A bit for each byte of a block, the first one lowest: whether it is odd.
#[inline(always)]
fn judge(before: &[u8; BLOCK], block: &[u8; BLOCK], is_odd: &impl Fn(u8, u8) -> bool) -> u64 {
    let mut odd = [0u8; BLOCK];
    for ((odd, &byte), &before) in odd.iter_mut().zip(block).zip(before) {
        *odd = is_odd(before, byte) as u8;
    }
    // The multiplication gathers the lowest bits of eight bytes in the highest byte.
    let eight = |(index, word): (usize, &[u8; 8])| {
        (u64::from_le_bytes(*word).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * index)
    };
    odd.as_chunks::<8>().0.iter().enumerate().map(eight).sum()
}

struct Places {
    list: [u32; PLACES],
    len: usize,
}

const PLACES: usize = 512;

impl Places {
    /// Adds the places of the bits of `odd` from `at` on. Four are written whether there are as many or
    /// not, which is less work than to ask.
    #[inline(always)]
    fn add(&mut self, at: usize, mut odd: u64) {
        let count = odd.count_ones() as usize;
        let mut written = 0;
        loop {
            for place in self.list.iter_mut().skip(self.len + written).take(4) {
                *place = at as u32 + odd.trailing_zeros();
                odd &= odd.wrapping_sub(1);
            }
            written += 4;
            if written >= count {
                break;
            }
        }
        self.len += count;
    }

    #[inline(always)]
    fn drain(&mut self, mut found: impl FnMut(usize)) {
        self.list.iter().take(self.len).for_each(|place| found(*place as usize));
        self.len = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_odd_byte_is_found_in_order(bytes in prop::collection::vec(0u8..6, 0..1500), odd in 0u8..6) {
            let is_odd = |before, byte| byte == odd || before == odd && byte == 0;
            let mut found = Vec::new();
            each_odd(&bytes, is_odd, |at| found.push(at));
            let before = |at: usize| at.checked_sub(1).map_or(b' ', |at| bytes[at]);
            let expected: Vec<usize> = (0..bytes.len()).filter(|&at| is_odd(before(at), bytes[at])).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
