//! Policies: the built-in ones, and what is refused, where.

use sha2::{Digest, Sha256};

use super::*;
use crate::key::hex;

fn refused(toml: &str) -> PolicyError {
    Policy::parse(toml.as_bytes()).expect_err("the policy is not sound")
}

#[test]
fn every_profile_parses_and_bears_its_name() {
    for name in Policy::PROFILES {
        let policy = Policy::profile(name).expect(name);
        assert_eq!(policy.name(), *name);
        let secrets = if policy.observes() { Action::Keep } else { Action::Remove };
        assert_eq!(policy.action(Category::Secret), secrets, "{name}");
        assert_eq!(policy.sha256(), hex(&Sha256::digest(policy.bytes())));
    }
    assert_eq!(Policy::PROFILES.len(), BUILT_IN.len());
    assert!(Policy::profile("nonesuch").is_none());
}

#[test]
fn only_secrets_only_keeps_direct_identifiers() {
    for name in Policy::PROFILES {
        let refused = Policy::profile(name).unwrap().check_acknowledged().is_err();
        assert_eq!(refused, matches!(*name, "secrets_only" | "observe"), "{name}");
    }
}

#[test]
fn acknowledged_policies_pass() {
    let kept = "name = \"all\"\nversion = \"1\"\nidentifiers_stored = \"acknowledged\"\n[actions]\ndefault = \"keep\"\n";
    assert!(Policy::parse(kept.as_bytes()).unwrap().check_acknowledged().is_ok());
}

#[test]
fn errors_say_line_and_column() {
    let error = refused("name = \"x\"\nversion = \"1\"\n[actions]\ndefault = \"token\"\nMRN = \"tokn\"\n");
    assert_eq!((error.line, error.column), (5, 7), "{error}");
    let error = refused("name = \"x\"\nversion = \"1\"\n[actions]\ndefault = \"token\"\nMRX = \"token\"\n");
    assert_eq!((error.line, error.column), (5, 1), "{error}");
    let error = refused("name = \"x\"\nversion = \"1\"\nnaem = 1\n[actions]\n");
    assert_eq!(error.line, 3, "{error}");
    let error = refused("name = \"x\"\nversion = \"1\"\n[actions]\nNAME = \"token\"\n");
    assert!(error.what.contains("ADDRESS"), "{error}");
    assert_eq!(refused("name = ").line, 1);
    assert_eq!(Policy::parse(b"a = 1\n\xff").unwrap_err().line, 2);
}

#[test]
fn secrets_can_only_be_removed() {
    for action in ["keep", "token", "mask", "label"] {
        let toml =
            format!("name = \"x\"\nversion = \"1\"\n[actions]\ndefault = \"keep\"\nSECRET = \"{action}\"\n");
        assert_eq!(refused(&toml).line, 5);
    }
}

#[test]
fn safe_harbor_permits_no_code_derived_from_the_person() {
    for action in ["mask", "token", "shift", "keep"] {
        let toml = format!(
            "name = \"x\"\nversion = \"1\"\nbasis = \"safe_harbor\"\n[actions]\ndefault = \"label\"\nDATE = \"{action}\"\n"
        );
        assert_eq!(refused(&toml).line, 6);
    }
    let unstated = refused("name = \"safe_harbor\"\nversion = \"1\"\n[actions]\ndefault = \"token\"\n");
    assert_eq!(unstated.line, 1);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let policy =
        |line: &str| format!("name = \"x\"\nversion = \"1\"\n[actions]\ndefault = \"token\"\n{line}\n");
    assert!(refused(&policy("SSN = \"generalise\"")).what.contains("SSN"));
    assert!(refused(&policy("NAME = \"shift\"")).what.contains("NAME"));
    assert!(refused(&policy("[columns]\nsubject = \"topic\"")).what.contains("subject"));
    assert!(
        refused("name = \"a b\"\nversion = \"1\"\n[actions]\ndefault = \"token\"\n").what.contains("name")
    );
}

#[test]
fn what_only_observes_changes_nothing_and_is_never_stored() {
    let observe = Policy::profile("observe").unwrap();
    assert!(observe.observes());
    assert!(Category::ALL.iter().all(|category| observe.action(*category) == Action::Keep));
    let acknowledged = format!(
        "identifiers_stored = \"acknowledged\"\n{}",
        BUILT_IN.iter().find(|(name, _)| *name == "observe").unwrap().1
    );
    assert!(Policy::parse(acknowledged.as_bytes()).unwrap().check_acknowledged().is_err());
    for (text, what) in [
        ("name=\"a\"\nversion=\"1\"\nmode=\"watch\"\n[actions]\ndefault=\"keep\"\n", "unknown mode"),
        (
            "name=\"a\"\nversion=\"1\"\nmode=\"observe\"\n[actions]\ndefault=\"keep\"\nNAME=\"label\"\n",
            "changes nothing",
        ),
        ("name=\"a\"\nversion=\"1\"\nmode=\"observe\"\n[actions]\ndefault=\"keep\"\n", "changes nothing"),
    ] {
        let error = Policy::parse(text.as_bytes()).unwrap_err();
        assert!(error.what.contains(what) && error.line == 3, "{error}");
    }
}
