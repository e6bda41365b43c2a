use super::*;
use crate::{Policy, TokenKey};

/// 2026-11-20T10:00:00Z.
const AS_OF: i64 = 1_795_168_800_000_000;

fn run(rules: &str) -> Vec<Outcome> {
    let text = format!("name = \"x\"\nversion = \"1\"\n[actions]\ndefault = \"token\"\n{rules}");
    let policy = Policy::parse(text.as_bytes()).unwrap();
    of_policy(&Redactor::new(policy, TokenKey::generate(), "test").unwrap(), AS_OF)
}

#[test]
fn every_profile_passes_the_detectors_examples() {
    for name in Policy::PROFILES {
        let redactor = Redactor::new(Policy::profile(name).unwrap(), TokenKey::generate(), "test").unwrap();
        for outcome in of_detectors(&redactor, AS_OF) {
            assert!(outcome.failures.is_empty(), "{name}: {outcome:?}");
        }
    }
}

#[test]
fn examples_pass_and_fail_for_what_they_say() {
    let test = |rest: &str| {
        let outcomes = run(&format!("[[tests]]\nname = \"t\"\ntext = \"MRN 70444444, ok\"\n{rest}\n"));
        assert_eq!((outcomes[0].name.as_str(), outcomes[0].line), ("t", Some(6)));
        assert_eq!(outcomes[0].output, "MRN [MRN:*], ok");
        outcomes[0].failures.clone()
    };
    assert!(test("expect = \"MRN [MRN:*], ok\"").is_empty());
    assert!(test("finds = [{ category = \"MRN\", text = \"70444444\", rule = \"mrn.keyword\", action = \"token\" }]").is_empty());
    for (rest, says) in [
        ("expect = \"MRN [MRN], ok\"", "`expect`"),
        ("finds = []", "0 expected in `finds`, 1 found: MRN"),
        ("finds = [{ category = \"SSN\" }]", "category SSN expected, MRN found"),
        ("finds = [{ category = \"MRN\", rule = \"mrn.path\" }]", "rule mrn.path expected"),
        ("finds = [{ category = \"MRN\", action = \"label\" }]", "action label expected, token found"),
        ("finds = [{ category = \"MRN\", text = \"7044\" }]", "another text"),
    ] {
        let failures = test(rest);
        assert!(
            failures.len() == 1 && failures[0].contains(says) && !failures[0].contains("7044"),
            "{failures:?}"
        );
    }
}

#[test]
fn an_example_may_say_when_it_is() {
    let allow = "[[allow]]\nname = \"a\"\nvalues = [\"70444444\"]\nowner = \"o\"\nreason = \"r\"\nexpires = 2026-06-30\n";
    let test = |as_of: &str, expect: &str| {
        format!(
            "[[tests]]\nname = \"t{as_of}\"\ntext = \"MRN 70444444\"\nexpect = \"{expect}\"\nas_of = {as_of}\n"
        )
    };
    let outcomes =
        run(&format!("{allow}{}{}", test("2026-06-30", "MRN 70444444"), test("2026-07-01", "MRN [MRN:*]")));
    assert!(outcomes.iter().all(|outcome| outcome.failures.is_empty()), "{outcomes:?}");
}
