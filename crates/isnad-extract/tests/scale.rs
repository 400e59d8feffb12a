//! Work per document is at most n log n: a document four times as long takes about four times as long,
//! whatever it is made of. Every stage is measured by itself; the guard is coarse on purpose.
//!
//! `cargo test -p isnad-extract --test scale -- --nocapture` prints the tables.

mod stages;

use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use isnad_core::{Article, Batch, ChainLink, Context, Document, Plan, StageId, Worker, check_chain};
use jiff::civil::date;
use stages::{NAMES, stages};

/// Bytes of the documents; each is four times the one before.
const SIZES: [usize; 3] = [20_000, 80_000, 320_000];

/// How much longer a document four times as long may take.
const MOST: u32 = 8;

/// What takes less than this is not judged: it may be noise.
const FLOOR: Duration = Duration::from_millis(50);

/// A document that would take longer is not tried: its smaller ones have said enough.
const PATIENCE: Duration = Duration::from_secs(4);

/// Time per stage.
type Times = [Duration; NAMES.len()];

/// One measurement at a time.
static ALONE: Mutex<()> = Mutex::new(());

#[track_caller]
fn check(what: &str, text: impl Fn(usize) -> String) {
    let wrong = measure(what, text);
    assert!(
        wrong.is_empty(),
        "{what}: more than {MOST} times as long for a text of 4 times the length: {wrong:?}"
    );
}

/// Measures all sizes, prints them, and names the stages that grew too fast.
fn measure(what: &str, text: impl Fn(usize) -> String) -> Vec<&'static str> {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let stages = stages(&[]);
    let chain: Vec<ChainLink<'_>> =
        NAMES.iter().zip(&stages).map(|(id, stage)| ChainLink { id, contract: stage.contract() }).collect();
    let plan = check_chain(&chain, &|_, _| Vec::new()).expect("the pipeline is sound");
    let mut workers: Vec<Box<dyn Worker + '_>> = stages
        .iter()
        .map(|stage| stage.open(&plan.names))
        .collect::<Result<_, _>>()
        .expect("the plan has all names");

    let mut measured: Vec<Times> = Vec::new();
    for size in SIZES {
        let text = text(size);
        let mut best = run(&plan, &mut workers, &text);
        for _ in 0..2 {
            if best.iter().sum::<Duration>() < PATIENCE / 4 {
                for (best, again) in best.iter_mut().zip(run(&plan, &mut workers, &text)) {
                    *best = again.min(*best);
                }
            }
        }
        measured.push(best);
        if best.iter().sum::<Duration>() * 16 > PATIENCE * 3 {
            break;
        }
    }
    print(what, &measured);
    let grows = |stage: &usize| {
        measured.windows(2).any(|pair| {
            let (small, large) = (pair[0][*stage], pair[1][*stage]);
            large > FLOOR && large > small * MOST
        })
    };
    (0..NAMES.len()).filter(grows).map(|stage| NAMES[stage]).collect()
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
fn print(what: &str, measured: &[Times]) {
    let show = |time: Duration| format!("{:>9.1}", time.as_secs_f64() * 1000.0);
    println!("{what} (ms for {SIZES:?} bytes)");
    for (stage, name) in NAMES.iter().enumerate() {
        let row: String = measured.iter().map(|times| show(times[stage])).collect();
        println!("  {name:<20}{row}");
    }
    let row: String = measured.iter().map(|times| show(times.iter().sum())).collect();
    println!("  {:<20}{row}", "all");
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

const NEWS: [&str; 6] = [
    "القاهرة – قال وزير الخارجية المصري سامح شكري يوم الثلاثاء إن المفاوضات ستستأنف الأسبوع المقبل. ",
    "وأضاف شكري في مؤتمر صحافي أن بلاده «لن تشارك في القمة»، مشيرا إلى أن الحكومة خصصت 1,250 مليون دولار لذلك.\n",
    "من جهته، أكد مصدر أمني عراقي لوكالة رويترز أن ثلاثة وعشرين شخصا قتلوا منذ مطلع العام الجاري. ",
    "وارتفعت الأسعار بنسبة 3.5 بالمئة في آذار/مارس الماضي، بحسب وزارة التجارة. ",
    "“نحن متفائلون بما تحقق في جنيف”، قال المتحدث باسم الأمم المتحدة ستيفان دوجاريك للصحافيين مساء الخميس.\n\n",
    "وكانت الحكومة الفرنسية أعلنت في بيان أن الرئيس إيمانويل ماكرون سيزور بيروت في 19 شباط/فبراير. ",
];

#[test]
fn news() {
    check("news", |size| again(size, &NEWS));
}

#[test]
fn news_on_one_line_without_a_full_stop() {
    check("news on one line", |size| again(size, &NEWS).replace(['\n', '.'], "،"));
}

#[test]
fn opening_marks() {
    check("opening marks", |size| again(size, &["«كلمة ", "“أخرى ", "‘ثالثة ", "\"رابعة ", "(خامسة "]));
}

#[test]
fn opening_marks_and_cues() {
    check("opening marks and cues", |size| again(size, &["«قال ", "“أكد ", "مصر أن ‘"]));
}

#[test]
fn marks_alone() {
    check("marks alone", |size| again(size, &["« ", "“ ", "” ", "\" ", "» "]));
}

#[test]
fn quotations_on_one_line() {
    check("quotations on one line", |size| {
        again(size, &["قالت مصر «لن نقبل بهذا الأمر الآن»، ", "وأضافت: \"نعم\"، "])
    });
}

#[test]
fn one_verb_of_speech() {
    check("«قال»", |size| again(size, &["قال "]));
}

#[test]
fn verbs_with_clauses() {
    check("«قال إن»", |size| again(size, &["وقالت مصر إن ذلك صحيح ", "مؤكدة أن "]));
}

#[test]
fn quotations_in_quotations() {
    check("quotations in quotations", |size| again(size, &["قالت مصر إن فرنسا أكدت أن "]));
}

#[test]
fn verbs_without_subject() {
    check("verbs without subject", |size| again(size, &["في مصر قال إن ذلك صحيح. "]));
}

#[test]
fn verbal_nouns() {
    check("verbal nouns", |size| again(size, &["قوله إن ذلك صحيح "]));
}

#[test]
fn participles() {
    check("participles", |size| again(size, &["مؤكدا أن ذلك صحيح، ", "في مصر "]));
}

#[test]
fn channels() {
    check("channels", |size| again(size, &["في بيان ", "على تويتر ", "قالت مصر إن "]));
}

#[test]
fn one_country() {
    check("a country", |size| again(size, &["مصر "]));
}

#[test]
fn one_country_with_proclitics() {
    check("a country with proclitics", |size| again(size, &["وللولايات المتحدة "]));
}

#[test]
fn office_and_name() {
    check("office and name", |size| again(size, &["وزير الخارجية محمد علي "]));
}

#[test]
fn offices() {
    check("offices", |size| again(size, &["وزير ", "رئيس ", "الرئيس السابق "]));
}

#[test]
fn offices_without_holder() {
    check("offices without holder", |size| again(size, &["قال وزير الخارجية المصري إن رئيس الوزراء غادر. "]));
}

#[test]
fn person_names() {
    check("person names", persons);
}

#[test]
fn names_that_go_on() {
    check("names that go on", |size| again(size, &["محمد بن ", "عبد "]));
}

#[test]
fn organisations() {
    check("organisations", |size| again(size, &["وزارة ", "مجلس ", "الحكومة "]));
}

#[test]
fn organisation_names() {
    check("organisation names", |size| {
        let letters: Vec<char> = LETTERS.chars().collect();
        let name = |index: usize| format!("أعلن حزب {} المصري ذلك. ", invented(index, &letters));
        numbered(size, name)
    });
}

#[test]
fn sources_that_speak() {
    check("sources", |size| again(size, &["قالت المنظمة إن مصدرا أمنيا نفى ذلك. "]));
}

#[test]
fn numbers() {
    check("numbers", |size| again(size, &["٣ و 4 و", "5 "]));
}

#[test]
fn number_words() {
    check("number words", |size| again(size, &["ثلاثة ", "وعشرون ", "ومئة ", "وألف ", "ومليون "]));
}

#[test]
fn one_long_number() {
    check("one long number", |size| again(size, &["123456789,"]));
}

#[test]
fn times() {
    check("times", |size| again(size, &["يوم الثلاثاء ", "19 شباط/فبراير ", "مساء أمس "]));
}

#[test]
fn times_in_quotations() {
    check("times in quotations", |size| again(size, &["وقالت مصر أمس إن اليوم صعب وغدا أصعب. "]));
}

#[test]
fn according_to() {
    check("«بحسب»", |size| again(size, &["بحسب "]));
}

#[test]
fn according_to_somebody() {
    check("«بحسب مصر»", |size| again(size, &["ارتفعت الأسعار، بحسب مصر، "]));
}

#[test]
fn hashtags() {
    check("hashtags", |size| again(size, &["#رجب_طيب_أردوغان "]));
}

#[test]
fn brackets_and_colons() {
    check("brackets and colons", |size| again(size, &["( ", "[ ", ": ", "مصر: "]));
}

#[test]
fn short_paragraphs() {
    check("short paragraphs", |size| again(size, &["مصر: قال\n"]));
}

#[test]
fn one_long_word() {
    check("one long word", |size| again(size, &["وال"]));
}

#[test]
fn marks_on_nothing() {
    check("marks on nothing", |size| again(size, &["\u{064E}\u{0640}\u{200C}"])); // FATHA, TATWEEL, ZERO WIDTH NON-JOINER
}

#[test]
fn white_space() {
    check("white space", |size| again(size, &["\n ", "\t", "\u{00A0}"])); // NO-BREAK SPACE
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

const LETTERS: &str = "بتجحدرزسشصطعفقكلمنهي";

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
