//! Scores the redactor on labelled text.
//!
//! ```text
//! cargo run -p redactor --release --example score -- FILE [--profile NAME] [--rules] [--misses]
//! cargo run -p redactor --release --example score -- --generated development|heldout [--profile NAME] [--rules] [--misses]
//! cargo run -p redactor --release --example score -- --clean [FILE…] [--misses]
//! cargo run -p redactor --release --example score -- --print development|heldout
//! ```
//!
//! FILE is one JSON object a line: `text` and `phi: [{identifier_type, value}]`. The generated set is made from
//! `redactor/evaluation` by a seeded generator, in two halves that share no template, name, town or hospital.
//! `--rules` leaves the scorer out. `--misses` lists what was missed, and is refused on what is held out: nobody tunes to it.
//! `--print` writes a half in the format of FILE, with the offsets of each value.
#![allow(clippy::print_stdout)]

mod clean;
mod fill;
mod ids;
mod lists;
mod measure;
mod random;
mod sets;

use std::collections::BTreeMap;
use std::process::ExitCode;

use redactor::{Policy, Redactor, TokenKey};

use fill::{Case, Filler, Form, carried};
use lists::{Culture, Half, Lists};
use measure::{AS_OF, Count, Tally, described, rate};
use sets::{generated, read, seed};

/// How many names of each form are tried.
const NAMES_OF_A_FORM: usize = 400;

/// What was asked for.
#[derive(Default)]
struct Arguments {
    files: Vec<String>,
    generated: Option<String>,
    print: Option<String>,
    clean: bool,
    misses: bool,
    rules: bool,
    profile: Option<String>,
}

fn main() -> ExitCode {
    match arguments().and_then(|arguments| run(&arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            println!("score: {message}");
            ExitCode::from(2)
        }
    }
}

fn arguments() -> Result<Arguments, String> {
    let mut arguments = Arguments::default();
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
        match word.as_str() {
            "--generated" => arguments.generated = Some(value()?),
            "--print" => arguments.print = Some(value()?),
            "--profile" => arguments.profile = Some(value()?),
            "--clean" => arguments.clean = true,
            "--rules" => arguments.rules = true,
            "--misses" => arguments.misses = true,
            _ if word.starts_with("--") => return Err(format!("unknown option {word}")),
            _ => arguments.files.push(word),
        }
    }
    Ok(arguments)
}

fn run(arguments: &Arguments) -> Result<(), String> {
    let profile = arguments.profile.as_deref().unwrap_or("strict");
    let policy = Policy::profile(profile).ok_or_else(|| format!("no profile {profile}"))?;
    let redactor = Redactor::new(policy, TokenKey::generate(), "score").map_err(|error| error.to_string())?;
    let redactor = if arguments.rules { redactor.by_rules() } else { redactor };
    if let Some(name) = &arguments.print {
        for case in generated(&Lists::new(half(name)?), seed(half(name)?)) {
            println!("{}", json(&case));
        }
        return Ok(());
    }
    if arguments.clean {
        return clean_text(&redactor, arguments);
    }
    println!("profile {profile}");
    if let Some(name) = &arguments.generated {
        let half = half(name)?;
        if arguments.misses && half == Half::Heldout {
            return Err("the misses of the held-out half are not listed: nobody tunes to it".to_string());
        }
        return score_half(&redactor, name, half, arguments.misses);
    }
    if arguments.files.is_empty() {
        return Err(
            "a FILE, --generated development|heldout, --clean or --print development|heldout".to_string()
        );
    }
    if arguments.misses && arguments.files.iter().any(|file| file.contains("heldout")) {
        return Err("the misses of a held-out set are not listed: nobody tunes to it".to_string());
    }
    for file in &arguments.files {
        let mut tally = Tally::new(arguments.misses);
        for case in read(file)? {
            tally.add(&redactor, &case);
        }
        report(file, &tally, profile);
    }
    Ok(())
}

fn half(name: &str) -> Result<Half, String> {
    match name {
        "development" => Ok(Half::Development),
        "heldout" => Ok(Half::Heldout),
        other => Err(format!("no half {other}: development or heldout")),
    }
}

fn score_half(redactor: &Redactor, name: &str, half: Half, misses: bool) -> Result<(), String> {
    let lists = Lists::new(half);
    let profile = redactor.policy().name().to_string();
    let mut tally = Tally::new(misses);
    for case in generated(&lists, seed(half)) {
        tally.add(redactor, &case);
    }
    for sentence in &lists.negatives {
        tally.add(redactor, &Case { text: (*sentence).to_string(), labels: Vec::new(), near: None });
    }
    report(&format!("generated, {name} ({} templates)", lists.templates.len()), &tally, &profile);
    name_forms(redactor, name, &lists, seed(half), misses);
    Ok(())
}

/// One name in a sentence, in every form.
fn name_forms(redactor: &Redactor, half: &str, lists: &Lists, seed: u64, misses: bool) {
    println!("\n{:<46} {:>6}  {:<20}  {:<20}", format!("name forms, {half}"), "names", "recall", "leak");
    let mut filler = Filler::new(lists, seed ^ 0xf0);
    let english = |culture: &&Culture| matches!(culture.key, "en" | "rare");
    let everyone: Vec<&Culture> = lists.cultures.iter().collect();
    let (home, abroad): (Vec<&Culture>, Vec<&Culture>) =
        everyone.iter().partition(|culture| english(culture));
    // Half English, half of the world, as in the texts.
    let mixed: Vec<&Culture> = home.iter().cycle().take(abroad.len()).chain(&abroad).copied().collect();
    let rare: Vec<&Culture> = home.iter().filter(|culture| culture.key == "rare").copied().collect();
    let sets: [(&str, Form, &[&Culture]); 7] = [
        ("First Last, English", Form::Title, &home),
        ("First Last, rare English", Form::Title, &rare),
        ("First Last, international", Form::Title, &abroad),
        ("first last (lower case)", Form::Lower, &mixed),
        ("FIRST LAST (capitals)", Form::Upper, &mixed),
        ("LAST, FIRST and Last, First", Form::LastFirst, &mixed),
        ("as in the texts", Form::Any, &mixed),
    ];
    for (title, form, cultures) in sets {
        let mut tally = Tally::new(misses);
        for _ in 0..NAMES_OF_A_FORM {
            let culture = *filler.random.pick(cultures);
            let name = filler.name(culture, form);
            let sentence = *filler.random.pick(&lists.carriers);
            tally.add(redactor, &carried(sentence, &name));
        }
        let count = tally.rows.get("= names").copied().unwrap_or_default();
        println!(
            "{title:<46} {:>6}  {}  {}",
            count.labels,
            rate(count.found, count.labels),
            rate(count.leaked, count.labels)
        );
        listed(&tally);
    }
}

fn report(title: &str, tally: &Tally, profile: &str) {
    println!("\n{title}");
    println!(
        "{:<46} {:>6}  {:<20}  {:<20}  {:<20}  {:<20}",
        "", "labels", "recall, any overlap", "leak", "leak not permitted", "verbatim"
    );
    for (row, Count { labels, found, leaked, not_permitted, verbatim }) in &tally.rows {
        // What strict removes, it removes whole: nothing is permitted to stay.
        let second = if profile == "strict" { format!("{:>20}", "-") } else { rate(*not_permitted, *labels) };
        println!(
            "{row:<46} {labels:>6}  {}  {}  {second}  {}",
            rate(*found, *labels),
            rate(*leaked, *labels),
            rate(*verbatim, *labels)
        );
    }
    let wrong: u32 = tally.structured_wrong.values().sum();
    let all = tally.structured_right + wrong;
    println!("{:<46} {all:>6}  {}", "precision of structured identifiers", rate(tally.structured_right, all));
    for (category, count) in &tally.structured_wrong {
        println!("{:<46} {count:>6}", format!("  false {category}"));
    }
    println!(
        "{:<46} {:>6}  {}",
        "words beside identifiers replaced",
        tally.others,
        rate(tally.others_replaced, tally.others)
    );
    if tally.clean > 0 {
        println!(
            "{:<46} {:>6}  {}",
            "texts without identifiers changed",
            tally.clean,
            rate(tally.changed, tally.clean)
        );
    }
    listed(tally);
}

fn listed(tally: &Tally) {
    for line in tally.misses.iter().flatten() {
        println!("  {line}");
    }
}

/// Counts what is found in text that holds nothing.
fn clean_text(redactor: &Redactor, arguments: &Arguments) -> Result<(), String> {
    let mut texts: Vec<(&str, String)> = Vec::new();
    for file in &arguments.files {
        texts.push((file, std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?));
    }
    if texts.is_empty() {
        texts = clean::texts();
    }
    let mut bytes: BTreeMap<&str, usize> = BTreeMap::new();
    let mut false_finds: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for (kind, text) in &texts {
        *bytes.entry(kind).or_default() += text.len();
        let output = redactor.redact_text(text, AS_OF).map_err(|reject| format!("{reject:?}"))?;
        for finding in &output.findings {
            *false_finds.entry((kind, finding.category)).or_default() += 1;
            if arguments.misses {
                println!("  {kind}: {}", described(finding, text));
            }
        }
    }
    println!("clean text{:<30} {:>8}  findings", "", "bytes");
    for (kind, bytes) in &bytes {
        println!(
            "{kind:<40} {bytes:>8}  {}",
            false_finds.iter().filter(|((of, _), _)| of == kind).map(|(_, n)| n).sum::<u32>()
        );
        for ((_, category), count) in false_finds.iter().filter(|((of, _), _)| of == kind) {
            println!("  {category:<47} {count:>9}");
        }
    }
    Ok(())
}

/// One text as a line of the format that [`read`] reads, offsets in bytes beside each value.
fn json(case: &Case) -> serde_json::Value {
    let labels: Vec<serde_json::Value> = case
        .labels
        .iter()
        .map(|label| {
            let (start, end) = label.spans.first().map_or((0, 0), |span| (span.start, span.end));
            serde_json::json!({"identifier_type": label.kind, "value": label.value, "start": start, "end": end})
        })
        .collect();
    serde_json::json!({"text": case.text, "phi": labels})
}
