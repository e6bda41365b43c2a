use super::super::tests::{assert_finds, assert_silent, found, found_under};
use super::*;

/// 50 valid and 50 broken numbers of each rule, made by `data/european_numbers.py 50`.
const NUMBERS: &str = include_str!("numbers.tsv");

fn schemes() -> impl Iterator<Item = &'static Scheme> {
    STATES.iter().copied().flatten()
}

fn scheme(rule: &str) -> &'static Scheme {
    schemes().find(|scheme| scheme.rule == rule).unwrap_or_else(|| panic!("no rule {rule}"))
}

fn compact(number: &str) -> Vec<u8> {
    number.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_uppercase()).collect()
}

/// The lines of a table whose verdict is not ours, and how many lines each rule has.
fn compare(table: &str) -> (Vec<String>, std::collections::BTreeMap<&str, (usize, usize)>) {
    let mut wrong = Vec::new();
    let mut counts = std::collections::BTreeMap::new();
    for line in table.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [rule, verdict, number] = fields[..] else { panic!("{line:?} is no line of numbers") };
        if (scheme(rule).fits)(&compact(number)) != (verdict == "valid") {
            wrong.push(line.to_owned());
        }
        let (valid, broken) = counts.entry(rule).or_default();
        *(if verdict == "valid" { valid } else { broken }) += 1;
    }
    (wrong, counts)
}

#[test]
fn rules_agree_with_the_committed_numbers() {
    let (wrong, counts) = compare(NUMBERS);
    assert_eq!(wrong, Vec::<String>::new());
    assert!(counts.len() >= 50 && counts.values().all(|count| *count == (50, 50)), "{counts:?}");
}

/// A thousand of each, made anew, where Python has python-stdnum: `./test` sees to it.
#[test]
fn rules_agree_with_python_stdnum() {
    let python = std::env::var("SEALAKE_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    // Where the test runs, not where it was built: checkouts may share a build cache.
    let script = "data/european_numbers.py";
    let knows = std::process::Command::new(&python).args(["-c", "import stdnum"]).output();
    if !knows.is_ok_and(|output| output.status.success()) {
        let name = "detect::eu::tests::rules_agree_with_python_stdnum\tpython-stdnum\n";
        assert!(
            std::env::var_os("CI").is_none_or(|ci| ci != "true"),
            "cannot run: no {python} with python-stdnum"
        );
        if let Some(file) = std::env::var_os("SEALAKE_TEST_NOT_RUN") {
            use std::io::Write;
            let file = std::fs::OpenOptions::new().append(true).open(file);
            file.and_then(|mut file| file.write_all(name.as_bytes())).expect("the list of tests not run");
        }
        return;
    }
    let output =
        std::process::Command::new(&python).args([script, "1000", "7"]).output().expect("Python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let table = String::from_utf8(output.stdout).expect("ASCII");
    let (wrong, counts) = compare(&table);
    assert!(wrong.is_empty(), "{} lines, the first {:?}", wrong.len(), &wrong[..wrong.len().min(20)]);
    assert!(counts.len() >= 50 && counts.values().all(|count| *count == (1000, 1000)), "{counts:?}");
}

/// A number written in a form of its scheme.
fn written(number: &[u8], form: &str) -> String {
    let mut next = number.iter();
    form.chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                *next.next().expect("a form of the number's length") as char
            } else {
                c
            }
        })
        .collect()
}

fn length(form: &str) -> usize {
    form.bytes().filter(u8::is_ascii_alphanumeric).count()
}

#[test]
fn every_form_is_found_behind_its_keyword_valid_or_not() {
    for line in NUMBERS.lines().filter(|line| !line.is_empty()).step_by(3) {
        let fields: Vec<&str> = line.split('\t').collect();
        let scheme = scheme(fields[0]);
        let number = compact(fields[2]);
        let phrase = split(scheme.words).next().expect("a keyword");
        for form in scheme.forms.iter().filter(|form| length(form) == number.len()) {
            let written = written(&number, form);
            let kinds = written.bytes().zip(form.bytes()).all(|(byte, want)| match want {
                b'd' => byte.is_ascii_digit(),
                b'a' => byte.is_ascii_alphabetic(),
                b'x' => byte.is_ascii_alphanumeric(),
                want => byte == want,
            });
            if kinds {
                let spans: Vec<String> =
                    found("eu", &format!("{phrase}: {written}.")).into_iter().map(|(_, span)| span).collect();
                assert_eq!(spans, [written], "{} as {form}", scheme.rule);
            }
        }
    }
}

#[test]
fn a_form_has_at_most_twenty_characters_and_rules_have_one_name() {
    let mut rules: Vec<_> = schemes().map(|scheme| scheme.rule).collect();
    rules.sort_unstable();
    let before = rules.len();
    rules.dedup();
    assert_eq!(rules.len(), before);
    for scheme in schemes() {
        assert!(scheme.forms.iter().all(|form| length(form) <= NUMBER_MAX), "{}", scheme.rule);
        assert!(!scheme.words.is_empty(), "{}", scheme.rule);
    }
}

#[test]
fn published_examples_satisfy_their_rules() {
    for (rule, number) in [
        ("eu.de.kvnr", "A123456780"),         // gematik, specification of the health card
        ("eu.de.rvnr", "15070649C103"),       // VKVV, annex
        ("eu.de.steuer_id", "36574261809"),   // BZSt
        ("eu.lu.matricule", "1893120105732"), // CTIE
        ("eu.ch.ahv", "7569217076985"),       // Zentrale Ausgleichsstelle
        ("eu.gb.nhs", "9434765919"),          // NHS Data Dictionary
        ("eu.se.personnummer", "8112189876"), // Skatteverket
        ("eu.fi.hetu", "131052308T"),         // DVV
        ("eu.it.codice_fiscale", "RSSMRA85T10A562S"),
        ("eu.be.nn", "85073003328"),
        ("eu.fr.nir", "255081416802538"),
        ("eu.ehic.card", "80276001890123456789"),
    ] {
        assert!((scheme(rule).fits)(&compact(number)), "{rule} {number}");
    }
}

#[test]
fn alone_a_rule_must_hold() {
    assert_finds(
        "eu",
        &[
            ("Frau Weber, 36 574 261 809, kommt", &["36 574 261 809"]),
            ("il paziente RSSMRA85T10A562S è", &["RSSMRA85T10A562S"]),
            ("potilas 131052-308T ja 131052A308X", &["131052-308T"]),
            ("AHV 756.9217.0769.85", &["756.9217.0769.85"]),
            ("QQ 12 34 56 C and AB 12 34 56 C", &["AB 12 34 56 C"]),
            ("X-1234567-L", &["X-1234567-L"]),
        ],
    );
    assert_silent(
        "eu",
        &[
            "36 574 261 808",
            "created 1718041234 and 1718041234567",
            "0.12345678903 and 12345678903.5",
            "202411211230 202411211235",
            "order 943476591 of 9434765918",
            "tel. 200 300 400",
        ],
    );
}

#[test]
fn context_beats_checksums() {
    assert_finds(
        "eu",
        &[
            ("PESEL 44051401358", &["44051401358"]),
            ("numéro de sécurité sociale : 2 55 08 14 168 025 39", &["2 55 08 14 168 025 39"]),
            ("BSN: 1112.22.334", &["1112.22.334"]),
            ("rodné číslo 736028/5164", &["736028/5164"]),
            ("NI number QQ 12 34 56 C", &["QQ 12 34 56 C"]),
            ("ΑΜΚΑ: 01019912345", &["01019912345"]),
            ("ЕГН 7523169264", &["7523169264"]),
            ("tax id 12345678901", &["12345678901"]),
            ("PPS 1234567A", &["1234567A"]),
        ],
    );
    assert_silent("eu", &["pps 120000", "rc 12345", "taj 12345"]);
    assert_eq!(
        found_under("eu", Some("rijksregisternummer"), "85.07.30-033.29"),
        [(Category::NationalId, "85.07.30-033.29".to_string())]
    );
}

#[test]
fn the_docs_list_every_rule() {
    let page = include_str!("../../../../docs/redaction-detectors.md");
    for scheme in schemes() {
        let row = page.lines().find(|line| line.starts_with(&format!("| `{}` |", scheme.rule)));
        let row = row.unwrap_or_else(|| panic!("docs/redaction-detectors.md lacks {}", scheme.rule));
        let said = |score: f32| match score {
            KEYWORD => "keyword",
            COMPANY => "company",
            _ => "yes",
        };
        let alone = row.split('|').nth(4).unwrap_or_default().trim();
        let (bare, written) = alone.split_once(" / ").unwrap_or_default();
        assert!(bare == "–" || bare == said(scheme.bare), "{}: {row}", scheme.rule);
        assert!(written == "–" || written == said(scheme.written), "{}: {row}", scheme.rule);
    }
    assert_eq!(page.lines().filter(|line| line.starts_with("| `eu.")).count(), schemes().count());
}

#[test]
fn no_rule_panics_on_what_its_forms_let_through() {
    let mut seed = 0x2545_F491_4F6C_DD1Du64;
    let mut random = |end: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 11) % end
    };
    let mut fitting = 0;
    for form in TABLE.by_length.iter().flatten() {
        for _ in 0..200 {
            let number: Vec<u8> = form
                .text
                .iter()
                .filter(|want| want.is_ascii_alphanumeric())
                .map(|want| match want {
                    b'd' => b'0' + random(10) as u8,
                    b'a' => b'A' + random(26) as u8,
                    b'x' if random(2) == 0 => b'A' + random(26) as u8,
                    b'x' => b'0' + random(10) as u8,
                    want => *want,
                })
                .collect();
            fitting += form.schemes.iter().filter(|scheme| (scheme.fits)(&number)).count();
        }
    }
    assert!(fitting > 100);
}

#[test]
fn digits_are_where_they_stand() {
    for byte in 0..=u8::MAX {
        for (before, at) in [("", 0), ("1a2 b3/4-5 ", 11), ("ABCDEFGHIJKLMNOPQRSTUVW", 23)] {
            let bytes = [before.as_bytes(), &[byte, b'7', b'x']].concat();
            let plainly =
                bytes.iter().zip(0..FORM_MAX).map(|(byte, at)| u32::from(byte.is_ascii_digit()) << at);
            let expected = byte.is_ascii().then(|| plainly.sum());
            assert_eq!(digits_from(&bytes, 0), expected, "{byte} at {at}");
        }
    }
}

#[test]
fn fields_between_commas() {
    assert_finds(
        "eu",
        &[
            ("1,44051401458,2", &["44051401458"]),
            ("44051401458,44051401458", &["44051401458", "44051401458"]),
        ],
    );
    assert_silent("eu", &["44051401458,25", "0,44051401458"]);
}
