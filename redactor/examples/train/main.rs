//! Makes the weights of the scorer from the labelled texts of the repository: `redactor/data/scorer.bin`.
//!
//! ```text
//! cargo run -p redactor --release --example train               # writes the file; build again for it to count
//! cargo run -p redactor --release --example train -- --check    # exit 1 if the file would differ
//! cargo run -p redactor --release --example train -- --unseen   # learns without each set in turn, and counts on it
//! ```
//!
//! What the rules find is what the scorer sees as found, so a change of a rule changes the file. It is the same on every
//! machine: only additions, products and quotients of 64-bit floats are used, in one order. What is held out is not read.
#![allow(clippy::print_stdout)]

#[allow(dead_code)]
#[path = "../score/fill.rs"]
mod fill;
#[path = "../score/ids.rs"]
mod ids;
#[allow(dead_code)]
#[path = "../score/lists.rs"]
mod lists;
mod machine;
#[path = "../score/random.rs"]
mod random;
mod rows;
#[allow(dead_code)]
#[path = "../score/sets.rs"]
mod sets;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use redactor::scorer::{CLASSES, Kinds, Weights};
use redactor::{Policy, Redactor, TokenKey};

use fill::Case;
use lists::{Half, Lists};
use machine::{Example, Machine};
use rows::{Row, Set};

/// The labelled files, by their authors. `secrets.jsonl` is one too, but a text that holds nothing but a secret is nobody's.
const FILES: [&str; 15] = [
    "texts",
    "clinical",
    "general",
    "ordinary",
    "companies",
    "secrets",
    "europe",
    "english",
    "plain",
    "mixed",
    "offices",
    "wards",
    "technical",
    "people",
    "languages",
];

/// What a word's sum must come to: a little below nought for words of letters, since a word too many is removed rather than
/// one left; a little above it for what has digits, which may be a measure.
const THRESHOLDS: Kinds<f64> = Kinds { letters: -0.25, digits: 0.1 };

/// What an error costs beside the weights' size: C of the support vector machine. Of the gate, and of the classes.
const COST: f64 = 0.05;
const COST_OF_CLASS: f64 = 0.05;

#[allow(dead_code)]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments.iter().map(String::as_str).collect::<Vec<&str>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            println!("train: {message}");
            ExitCode::FAILURE
        }
    }
}

pub(crate) fn run(arguments: &[&str]) -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sets = sets(root)?;
    match arguments {
        ["--unseen"] => {
            unseen(&sets);
            Ok(())
        }
        [] => {
            let file = root.join("data/scorer.bin");
            std::fs::write(&file, made(&sets)).map_err(|error| format!("{}: {error}", file.display()))
        }
        ["--check"] => {
            let file = root.join("data/scorer.bin");
            let known = std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
            let same = known == made(&sets);
            same.then_some(()).ok_or_else(|| {
                format!("{} would differ: cargo run -p redactor --release --example train", file.display())
            })
        }
        _ => Err("nothing, --check or --unseen".to_string()),
    }
}

/// The texts of each author, as the rules leave them.
fn sets(root: &Path) -> Result<Vec<Set>, String> {
    let policy = Policy::profile("strict").ok_or("no profile strict")?;
    let redactor = Redactor::new(policy, TokenKey::generate(), "train");
    let redactor = redactor.map_err(|error| error.to_string())?.by_rules();
    let lists = Lists::new(Half::Development);
    let mut own = sets::generated(&lists, sets::seed(Half::Development));
    let negative = |text: &&str| Case { text: (*text).to_string(), labels: Vec::new(), near: None };
    own.extend(lists.negatives.iter().map(negative));
    let mut sets = vec![Set::new("development".to_string(), &redactor, &own, &own)];
    for name in FILES {
        let file: PathBuf = root.join("evaluation").join(name).with_extension("jsonl");
        sets.push(Set::new(name.to_string(), &redactor, &sets::read(&file.display().to_string())?, &own));
    }
    Ok(sets)
}

/// The file of weights.
fn made(sets: &[Set]) -> Vec<u8> {
    let rows = || sets.iter().flat_map(|set| &set.rows);
    let gate = gate(rows());
    let (scale, gate) = gate.rounded();
    let of_class = CLASSES.map(|class| {
        let examples = rows().filter(|row| row.identifier).map(|row| Example {
            features: row.features.iter().map(|feature| Weights::of_class(*feature)).collect(),
            right: row.class == Some(class),
            cost: COST_OF_CLASS,
        });
        Machine::trained(Weights::TABLES.1, examples.collect())
    });
    // All classes on one scale, since their sums are compared.
    let most = of_class.iter().map(Machine::largest).fold(0.0, f64::max);
    let classes = of_class.map(|machine| machine.scaled(f64::from(i8::MAX) / most));
    Weights::file(THRESHOLDS.map(|threshold| (threshold * scale) as i32), &gate, &classes)
}

/// Tells identifiers from other words.
fn gate<'r>(rows: impl Iterator<Item = &'r Row>) -> Machine {
    let examples = rows.map(|row| Example {
        features: row.features.iter().map(|feature| Weights::of_gate(*feature)).collect(),
        right: row.identifier,
        cost: COST * row.weight,
    });
    Machine::trained(Weights::TABLES.0, examples.collect())
}

/// Learns without each set in turn and counts what that finds in it.
fn unseen(sets: &[Set]) {
    println!(
        "{:<14} {:>7} {:>9} {:>9} {:>14} {:>11}",
        "set", "labels", "by rules", "and more", "words too many", "of judged"
    );
    for (at, set) in sets.iter().enumerate() {
        let others = sets.iter().enumerate().filter(|(other, _)| *other != at).flat_map(|(_, set)| &set.rows);
        let machine = gate(others);
        let told = |row: &Row| {
            let features = row.features.iter().map(|feature| Weights::of_gate(*feature));
            machine.sum(features) > THRESHOLDS.of(row.digits)
        };
        let judged = || set.rows.iter().filter(|row| row.left);
        let mut found = set.found.clone();
        judged()
            .filter(|row| told(row))
            .for_each(|row| row.labels.iter().for_each(|label| found[*label] = true));
        let count = |found: &[bool]| found.iter().filter(|found| **found).count();
        println!(
            "{:<14} {:>7} {:>8.1}% {:>8.1}% {:>14} {:>11}",
            set.name,
            found.len(),
            100.0 * count(&set.found) as f64 / found.len().max(1) as f64,
            100.0 * count(&found) as f64 / found.len().max(1) as f64,
            judged().filter(|row| !row.identifier && told(row)).count(),
            judged().count(),
        );
    }
}
