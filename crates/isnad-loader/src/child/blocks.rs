//! Tables on their way into a process: records of a fixed length, one behind the other. Number by number, as all else
//! goes, a layer of words took more time than most stages do.

use std::borrow::Cow;

use isnad_core::{Attr, Heads, LayerId, Link, Row, RowRef, Span, StageId, Sym};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Records of `N` numbers.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Block<'m, R: Record<N>, const N: usize>(pub(super) Cow<'m, [R]>);

/// What consists of `N` numbers of 32 bits.
pub(super) trait Record<const N: usize>: Copy {
    /// The numbers of a record.
    fn numbers(self) -> [u32; N];

    /// The record of these numbers.
    fn of(numbers: [u32; N]) -> Self;
}

impl<R: Record<N>, const N: usize> Serialize for Block<'_, R, N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let records: Vec<[[u8; 4]; N]> =
            self.0.iter().map(|record| record.numbers().map(u32::to_le_bytes)).collect();
        serializer.serialize_bytes(records.as_flattened().as_flattened())
    }
}

impl<'d, R: Record<N>, const N: usize> Deserialize<'d> for Block<'_, R, N> {
    fn deserialize<D: Deserializer<'d>>(deserializer: D) -> Result<Self, D::Error> {
        let (numbers, rest) = <&[u8]>::deserialize(deserializer)?.as_chunks::<4>();
        let (records, half) = numbers.as_chunks::<N>();
        if !rest.is_empty() || !half.is_empty() {
            return Err(serde::de::Error::custom("half a record"));
        }
        let record = |numbers: &[[u8; 4]; N]| R::of(numbers.map(u32::from_le_bytes));
        Ok(Block(records.iter().map(record).collect()))
    }
}

impl Record<5> for Row {
    fn numbers(self) -> [u32; 5] {
        [
            self.span.begin,
            self.span.end,
            self.score.to_bits(),
            pair(self.label.0, self.rule.0),
            self.stage.0.into(),
        ]
    }

    fn of([begin, end, score, names, stage]: [u32; 5]) -> Self {
        let (label, rule) = both(names);
        let span = Span { begin, end };
        Row {
            span,
            score: f32::from_bits(score),
            label: Sym(label),
            rule: Sym(rule),
            stage: StageId(both(stage).0),
        }
    }
}

impl Record<5> for Attr {
    fn numbers(self) -> [u32; 5] {
        [self.row, self.value_at, self.value_len, self.next, pair(self.key.0, self.stage.0)]
    }

    fn of([row, value_at, value_len, next, names]: [u32; 5]) -> Self {
        let (key, stage) = both(names);
        Attr { row, value_at, value_len, next, key: Sym(key), stage: StageId(stage) }
    }
}

impl Record<5> for Link {
    fn numbers(self) -> [u32; 5] {
        [self.row, self.to.index, pair(self.to.layer.0, self.key.0), self.next, self.stage.0.into()]
    }

    fn of([row, index, names, next, stage]: [u32; 5]) -> Self {
        let (layer, key) = both(names);
        let to = RowRef { index, layer: LayerId(layer) };
        Link { row, to, next, key: Sym(key), stage: StageId(both(stage).0) }
    }
}

impl Record<2> for Heads {
    fn numbers(self) -> [u32; 2] {
        [self.attr, self.link]
    }

    fn of([attr, link]: [u32; 2]) -> Self {
        Heads { attr, link }
    }
}

/// Two numbers in one.
fn pair(low: u16, high: u16) -> u32 {
    u32::from(low) | u32::from(high) << 16
}

/// The two numbers in one.
fn both(pair: u32) -> (u16, u16) {
    (pair as u16, (pair >> 16) as u16)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Records come out as they went in, and no other bytes than theirs are records.
    fn check<R: Record<N> + PartialEq + std::fmt::Debug, const N: usize>(numbers: &[u32]) {
        let (records, _) = numbers.as_chunks::<N>();
        let records: Vec<R> = records.iter().map(|numbers| R::of(*numbers)).collect();
        let bytes = postcard::to_stdvec(&Block(Cow::Borrowed(records.as_slice()))).unwrap();
        let read: Block<'_, R, N> = postcard::from_bytes(&bytes).unwrap();
        // By their numbers: a score may be none.
        let numbers = |records: &[R]| records.iter().map(|record| record.numbers()).collect::<Vec<_>>();
        assert_eq!(numbers(&read.0), numbers(&records));

        let cut = postcard::to_stdvec(&[1_u8, 2, 3]).unwrap();
        assert!(postcard::from_bytes::<Block<'_, R, N>>(&cut).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn records_come_as_they_are(numbers in prop::collection::vec(any::<u32>(), 0..40)) {
            check::<Row, 5>(&numbers);
            check::<Attr, 5>(&numbers);
            check::<Link, 5>(&numbers);
            check::<Heads, 2>(&numbers);
        }
    }
}
