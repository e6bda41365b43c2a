use super::*;
use crate::{Policy, Redactor, TokenKey};

const NOW: i64 = 1_780_272_000_000_000;

fn strict() -> Redactor {
    Redactor::new(Policy::profile("strict").unwrap(), TokenKey::generate(), "test").unwrap()
}

/// What stands where a word may be judged, beside what is covered.
fn judged<'t>(text: &'t str, covered: &[&str]) -> Vec<&'t str> {
    let covered: Vec<Range<usize>> = (covered.iter())
        .map(|part| {
            let start = text.find(part).unwrap();
            start..start + part.len()
        })
        .collect();
    candidates(text, &covered).into_iter().map(|candidate| &text[candidate.range]).collect()
}

#[test]
fn what_no_rule_knows_is_found_beside_a_name() {
    for (text, told) in [
        ("Patient Ingrid Hathaway, Quellbrook branch, wants a refund.", "Quellbrook"),
        ("Dossier van Ingrid Hathaway, zaak 2024/ZK/8831, filiaal Oudewater-Noord", "8831"),
        ("tell ingrid.hathaway@example.org that moss_badger42 is banned", "badger"),
        ("Name: Ingrid Hathaway\nUsername: moss_badger\nPhone: 617-555-0123", "moss_badger"),
    ] {
        let output = strict().redact_text(text, NOW).unwrap();
        assert!(!output.text.contains(told), "{}", output.text);
        assert!(
            strict().by_rules().redact_text(text, NOW).unwrap().text.contains(told),
            "a rule finds {told}"
        );
    }
}

#[test]
fn a_number_that_is_found_is_found_everywhere_in_the_event() {
    let event =
        r#"{"a":"Patient Ingrid Hathaway asks about zaak 2024-88319207 again","b":"2024-88319207 is open"}"#;
    let output = strict().redact_json(event.as_bytes(), NOW).unwrap();
    let rules: Vec<&str> = output.findings.iter().map(|span| &*span.rules).collect();
    assert_eq!(rules[1..], ["scorer.number", "copy"], "{rules:?}");
    let output = output.text;
    assert!(!output.contains("88319207"), "{output}");
    let by_rules = strict().by_rules().redact_json(event.as_bytes(), NOW).unwrap().text;
    assert!(by_rules.contains(r#""2024-88319207 is open"#), "a rule finds it: {by_rules}");
    assert_eq!(strict().redact_json(output.as_bytes(), NOW).unwrap().text, output);
}

#[test]
fn only_what_is_written_as_one_is_a_secret() {
    for (spelled, secret) in [("Kq7!vx", true), ("aB3dE", true), ("moss_badger42", false), ("472388", false)]
    {
        assert_eq!(category(Class::Secret, spelled) == Category::Secret, secret, "{spelled}");
    }
}

#[test]
fn where_only_secrets_go_nothing_is_judged() {
    let policy = Policy::profile("secrets_only").unwrap();
    let redactor = Redactor::new(policy, TokenKey::generate(), "test").unwrap();
    let text = "api_key=abcdefABCDEF0123456789xyzQ of Ingrid Hathaway, moss_badger_9468, zaak 2024/ZK/8831";
    let output = redactor.redact_text(text, NOW).unwrap().text;
    assert!(output.ends_with(" of Ingrid Hathaway, moss_badger_9468, zaak 2024/ZK/8831"), "{output}");
}

#[test]
fn nothing_is_judged_where_nobody_was_found() {
    for text in ["The Quellbrook branch wants a refund.", "zaak 2024/ZK/8831", "user moss_badger"] {
        assert_eq!(strict().redact_text(text, NOW).unwrap().text, text);
    }
}

#[test]
fn measures_sums_and_what_was_left_before_are_not_judged() {
    let name = ["Ana Sorel"];
    for text in [
        "Ana Sorel 145/85, BP 98-112, 138.5",
        "Ana Sorel 14000 copies, 2500 mg, 3400 IU",
        "Ana Sorel owes $48210 and € 12000, 48,210.11 in all",
        "Ana Sorel owes GBP 12000, 1.500.000 and 48210%",
        "Ana Sorel has a 1920x1080 screen, 150000/µL platelets",
        "Ana Sorel, 84yo, on 40mg of 12ab",
        "Ana Sorel born 1948, seen 2103, died 2024",
        "Ana Sorel 627",
        "Ana Sorel, 62704",
        "The plan of Ana Sorel is good. Continue it",
    ] {
        assert_eq!(judged(text, &name), Vec::<&str>::new(), "{text}");
    }
    assert_eq!(judged("Ana Sorel 4471 and 123.456.789", &name), ["4471", "123", "456", "789"]);
}

#[test]
fn small_words_are_parts_of_names_only() {
    assert_eq!(judged("Freixo and Cinta", &["Freixo", "Cinta"]), ["and"]);
    assert_eq!(judged("Freixo\nand Cinta", &["Freixo", "Cinta"]), Vec::<&str>::new());
    assert_eq!(judged("Freixo and more", &["Freixo"]), Vec::<&str>::new());
    assert_eq!(judged("Freixo writes as blue_heron", &["Freixo"]), ["blue", "heron"]);
}

#[test]
fn what_is_glued_to_a_word_goes_with_it() {
    let text = "Ana Sorel writes as blue_heron.42 now";
    let prepared = Text::new(text, None, 0);
    let around =
        Surroundings::new(&prepared, text, |word: &Word| (word.start as usize, word.end as usize), &[]);
    let unit = around.candidates().into_iter().filter_map(|index| around.candidate(index));
    let unit = unit.into_iter().find(|unit| &text[unit.range()] == "heron").unwrap();
    assert_eq!(&text[around.glued(&unit)], "blue_heron.42");
}

#[test]
fn a_found_stretch_is_one_word_whatever_it_was() {
    let features = |text: &str, covered: &str| {
        let start = text.find(covered).unwrap();
        let all = candidates(text, std::slice::from_ref(&(start..start + covered.len())));
        all.into_iter().find(|candidate| &text[candidate.range.clone()] == "Quellbrook").unwrap().features
    };
    let one = features("Ward: seen by Ana Sorel in Quellbrook on call", "Ana Sorel");
    assert_eq!(one, features("Ward: seen by [NAME] in Quellbrook on call", "[NAME]"));
    assert_ne!(one, features("Ward: seen by Ana Sorel in Quellbrook on call", "Sorel"));
}

#[test]
fn the_line_that_was_looked_at_last_is_the_right_one() {
    let text = "Klient: Ana Sorel Quell\nother Brook\nSpis: Zorel Madder\nGrove Hollow";
    let prepared = Text::new(text, None, 0);
    let raw = |word: &Word| (word.start as usize, word.end as usize);
    let features = |around: &Surroundings<'_, '_, _>, index: u32| {
        let unit = around.candidate(index)?;
        let mut features = Vec::new();
        around.features(&unit, |feature| features.push(feature));
        Some(features)
    };
    let all = Surroundings::new(&prepared, text, raw, &[]);
    for index in [9, 4, 0, 8, 3, 6, 1, 7, 2, 5] {
        let alone = Surroundings::new(&prepared, text, raw, &[]);
        assert_eq!(features(&all, index), features(&alone, index), "word {index}");
    }
}

#[test]
fn a_place_has_one_code() {
    let text = format!("Ana Sorel, IL 627{}", " 627".repeat(100_000));
    assert_eq!(judged(&text, &["Ana Sorel"]).len(), 0);
    let text = format!("Ana Sorel, IL{} Quellbrook", " 627".repeat(100_000));
    assert_eq!(judged(&text, &["Ana Sorel"]), ["Quellbrook"]);
}

#[test]
fn what_a_program_prints_of_objects_and_images_is_nobodys() {
    for text in [
        "Ingrid Hathaway sees: attempted merging values Foo@1b2c3d and OrderItem@4e5f6a",
        "Ingrid Hathaway runs postgres:16.4-alpine@sha256:4ec37d2a07a0067f176fdcc9d4bb633a5724d2cc4f892c7a2046d054bb6939e5",
        "Ingrid Hathaway asks about a Kalman filter, Dijkstra's algorithm and the Navier-Stokes equations.",
    ] {
        let output = strict().redact_text(text, NOW).unwrap().text;
        assert_eq!(output, text.replace("Ingrid Hathaway", "[NAME]"));
    }
}
