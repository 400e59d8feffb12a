//! Work per document is at most n log n: a document four times as long takes about four times as long,
//! whatever it is made of. Every stage is measured by itself, on texts of many kinds, and marked with `!`
//! where it took more than eight times as long.
//!
//! `cargo bench -p isnad-extract --bench scale`; words behind `--` choose the texts with one of them in
//! their name.

#[path = "../tests/stages/mod.rs"]
mod stages;

use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use isnad_core::{Article, Batch, ChainLink, Context, Document, Plan, StageId, Worker, check_chain};
use jiff::civil::date;
use stages::{NAMES, stages};

/// Bytes of the documents; each is four times the one before.
const SIZES: [usize; 3] = [20_000, 80_000, 320_000];

/// How much longer a document four times as long may take.
const MOST: u32 = 8;

/// What takes less than this is not judged: it may be noise.
const FLOOR: Duration = Duration::from_millis(5);

/// A document that would take longer is not tried: its smaller ones have said enough.
const PATIENCE: Duration = Duration::from_secs(4);

/// Texts of some parts that come again and again.
const REPEATED: &[(&str, &[&str])] = &[
    ("news", &NEWS),
    ("opening marks", &["«كلمة ", "“أخرى ", "‘ثالثة ", "\"رابعة ", "(خامسة "]),
    ("opening marks and cues", &["«قال ", "“أكد ", "مصر أن ‘"]),
    ("marks alone", &["« ", "“ ", "” ", "\" ", "» "]),
    ("quotations on one line", &["قالت مصر «لن نقبل بهذا الأمر الآن»، ", "وأضافت: \"نعم\"، "]),
    ("«قال»", &["قال "]),
    ("«قال إن»", &["وقالت مصر إن ذلك صحيح ", "مؤكدة أن "]),
    ("quotations in quotations", &["قالت مصر إن فرنسا أكدت أن "]),
    ("verbs without subject", &["في مصر قال إن ذلك صحيح. "]),
    ("verbal nouns", &["قوله إن ذلك صحيح "]),
    ("participles", &["مؤكدا أن ذلك صحيح، ", "في مصر "]),
    ("channels", &["في بيان ", "على تويتر ", "قالت مصر إن "]),
    ("a country", &["مصر "]),
    ("a country with proclitics", &["وللولايات المتحدة "]),
    ("office and name", &["وزير الخارجية محمد علي "]),
    ("offices", &["وزير ", "رئيس ", "الرئيس السابق "]),
    ("offices without holder", &["قال وزير الخارجية المصري إن رئيس الوزراء غادر. "]),
    ("names that go on", &["محمد بن ", "عبد "]),
    ("organisations", &["وزارة ", "مجلس ", "الحكومة "]),
    ("sources", &["قالت المنظمة إن مصدرا أمنيا نفى ذلك. "]),
    ("numbers", &["٣ و 4 و", "5 "]),
    ("number words", &["ثلاثة ", "وعشرون ", "ومئة ", "وألف ", "ومليون "]),
    ("one long number", &["123456789,"]),
    ("times", &["يوم الثلاثاء ", "19 شباط/فبراير ", "مساء أمس "]),
    ("times in quotations", &["وقالت مصر أمس إن اليوم صعب وغدا أصعب. "]),
    ("«بحسب»", &["بحسب "]),
    ("«بحسب مصر»", &["ارتفعت الأسعار، بحسب مصر، "]),
    ("hashtags", &["#رجب_طيب_أردوغان "]),
    ("brackets and colons", &["( ", "[ ", ": ", "مصر: "]),
    ("short paragraphs", &["مصر: قال\n"]),
    ("one long word", &["وال"]),
    ("marks on nothing", &["\u{064E}\u{0640}\u{200C}"]), // FATHA, TATWEEL, ZERO WIDTH NON-JOINER
    ("white space", &["\n ", "\t", "\u{00A0}"]),         // NO-BREAK SPACE
];

/// Texts that are made in another way.
const MADE: [(&str, Maker); 3] =
    [("news on one line", one_line), ("person names", persons), ("organisation names", organisations)];

const NEWS: [&str; 6] = [
    "القاهرة – قال وزير الخارجية المصري سامح شكري يوم الثلاثاء إن المفاوضات ستستأنف الأسبوع المقبل. ",
    "وأضاف شكري في مؤتمر صحافي أن بلاده «لن تشارك في القمة»، مشيرا إلى أن الحكومة خصصت 1,250 مليون دولار لذلك.\n",
    "من جهته، أكد مصدر أمني عراقي لوكالة رويترز أن ثلاثة وعشرين شخصا قتلوا منذ مطلع العام الجاري. ",
    "وارتفعت الأسعار بنسبة 3.5 بالمئة في آذار/مارس الماضي، بحسب وزارة التجارة. ",
    "“نحن متفائلون بما تحقق في جنيف”، قال المتحدث باسم الأمم المتحدة ستيفان دوجاريك للصحافيين مساء الخميس.\n\n",
    "وكانت الحكومة الفرنسية أعلنت في بيان أن الرئيس إيمانويل ماكرون سيزور بيروت في 19 شباط/فبراير. ",
];

const LETTERS: &str = "بتجحدرزسشصطعفقكلمنهي";

/// Makes a text of about so many bytes.
type Maker = fn(usize) -> String;

/// Time per stage.
type Times = [Duration; NAMES.len()];

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|word| name.contains(word.as_str()));
    let stages = stages(&[]);
    let chain: Vec<ChainLink<'_>> =
        NAMES.iter().zip(&stages).map(|(id, stage)| ChainLink { id, contract: stage.contract() }).collect();
    let plan = check_chain(&chain, &|_, _| Vec::new()).expect("the pipeline is sound");
    let mut workers: Vec<Box<dyn Worker + '_>> = stages
        .iter()
        .map(|stage| stage.open(&plan.names))
        .collect::<Result<_, _>>()
        .expect("the plan has all names");
    for (name, parts) in REPEATED.iter().filter(|(name, _)| is_wanted(name)) {
        print(name, &measure(&plan, &mut workers, |size| again(size, parts)));
    }
    for (name, text) in MADE.iter().filter(|(name, _)| is_wanted(name)) {
        print(name, &measure(&plan, &mut workers, text));
    }
}

/// The best of three for every size, up to the one that would take too long.
fn measure(plan: &Plan, workers: &mut [Box<dyn Worker + '_>], text: impl Fn(usize) -> String) -> Vec<Times> {
    let mut measured: Vec<Times> = Vec::new();
    for size in SIZES {
        let text = text(size);
        let mut best = run(plan, workers, &text);
        for _ in 0..2 {
            if best.iter().sum::<Duration>() < PATIENCE / 4 {
                for (best, again) in best.iter_mut().zip(run(plan, workers, &text)) {
                    *best = again.min(*best);
                }
            }
        }
        measured.push(best);
        if best.iter().sum::<Duration>() * 16 > PATIENCE * 3 {
            break;
        }
    }
    measured
}

fn run(plan: &Plan, workers: &mut [Box<dyn Worker + '_>], text: &str) -> Times {
    let article = Article { raw: text.to_owned(), published: Some(date(2018, 2, 21)), ..Article::default() };
    let mut batch = Batch::new(vec![Document::new(article)]);
    let running = AtomicBool::new(false);
    let mut times = Times::default();
    for (index, worker) in workers.iter_mut().enumerate() {
        let cx = Context::new(StageId(index as u16), &plan.grants[index], &running);
        let begun = Instant::now();
        worker.process(&mut batch, &cx).expect("no text ends a run");
        times[index] = begun.elapsed();
    }
    assert!(batch.documents()[0].is_live(), "{:?}", batch.documents()[0].fate());
    times
}

#[expect(clippy::print_stdout, reason = "the table is what one runs this for")]
fn print(text: &str, measured: &[Times]) {
    println!("{text} (ms for {SIZES:?} bytes)");
    for (stage, name) in NAMES.iter().enumerate() {
        let times: Vec<Duration> = measured.iter().map(|times| times[stage]).collect();
        println!("{}", line(name, &times));
    }
    let all: Vec<Duration> = measured.iter().map(|times| times.iter().sum()).collect();
    println!("{}\n", line("all", &all));
}

fn line(name: &str, times: &[Duration]) -> String {
    let grows = |pair: &[Duration]| pair[1] > FLOOR && pair[1] > pair[0] * MOST;
    let mark = if times.windows(2).any(grows) { '!' } else { ' ' };
    let times: String = times.iter().map(|time| format!("{:>9.1}", time.as_secs_f64() * 1000.0)).collect();
    format!("{mark} {name:<20}{times}")
}

/// The parts again and again until there are `size` bytes.
fn again(size: usize, parts: &[&str]) -> String {
    let mut text = String::with_capacity(size + 256);
    for part in parts.iter().cycle() {
        if text.len() >= size {
            return text;
        }
        text.push_str(part);
    }
    text
}

/// News without the end of a sentence or a line.
fn one_line(size: usize) -> String {
    again(size, &NEWS).replace(['\n', '.'], "،")
}

/// Somebody else in every sentence, full name and last name.
fn persons(size: usize) -> String {
    let letters: Vec<char> = LETTERS.chars().collect();
    let given = ["محمد", "أحمد", "علي", "فاطمة", "خالد", "ليلى", "يوسف"];
    numbered(size, |index| {
        let last = invented(index, &letters);
        format!("قال {} {last} إن ذلك صحيح. وأضاف {last} أن الوقت ينفد. ", given[index % given.len()])
    })
}

/// Another organisation in every sentence.
fn organisations(size: usize) -> String {
    let letters: Vec<char> = LETTERS.chars().collect();
    numbered(size, |index| format!("أعلن حزب {} المصري ذلك. ", invented(index, &letters)))
}

/// A family name that nobody bears.
fn invented(mut index: usize, letters: &[char]) -> String {
    let mut name = String::from("ق");
    for _ in 0..4 {
        name.push(letters[index % letters.len()]);
        index /= letters.len();
    }
    name.push_str("وش");
    name
}

fn numbered(size: usize, part: impl Fn(usize) -> String) -> String {
    let mut text = String::with_capacity(size + 256);
    for index in 0.. {
        if text.len() >= size {
            break;
        }
        text.push_str(&part(index));
    }
    text
}
