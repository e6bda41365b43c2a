//! Key files: modes, round trips, and nothing of a key in an error.

use super::*;

#[test]
fn a_key_survives_its_file_and_the_file_is_private() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("writer.key");
    let signer = Signer::generate("audit.example.org/site-a").expect("a key");
    signer.write_new(&path).expect("written");
    assert_eq!(std::fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
    assert_eq!(Signer::read(&path).expect("read").public(), signer.public());
    assert!(matches!(signer.write_new(&path), Err(Error::Io { .. })), "an existing key is never overwritten");
    for mode in [0o640, 0o604, 0o660, 0o644, 0o601] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("chmod");
        let error = Signer::read(&path).expect_err("others can read it").to_string();
        assert!(error.contains(&format!("chmod 600 {}", path.display())), "{error}");
    }
    assert!(matches!(Signer::read(&directory.path().join("none")), Err(Error::Io { .. })));
}

#[test]
fn errors_hold_nothing_of_the_key() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("writer.key");
    for text in
        ["SECRETSECRET", "PRIVATE+KEY+name+00000000+SECRETSECRET", "PRIVATE+KEY+name+00000000+AVNFQ1JFVA=="]
    {
        write_secret(&path, text.as_bytes()).expect("written");
        let error = Signer::read(&path).expect_err("no key").to_string();
        assert!(!error.contains("SECRET") && !error.contains("U0VD"), "{error}");
        std::fs::remove_file(&path).expect("removed");
    }
    let signer = Signer::generate("x").expect("a key");
    assert!(format!("{signer:?}").starts_with("Signer(x "));
}

#[test]
fn names_that_would_break_a_note_are_refused() {
    for name in ["", "a b", "a+b", "a\nb", "a\u{a0}b"] {
        assert!(Signer::generate(name).is_err(), "{name:?}");
    }
}
