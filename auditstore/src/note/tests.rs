//! Published vectors (golang.org/x/mod/sumdb/note) and everything a note parser must refuse.

use super::*;
use crate::keys::Signer;

const TEXT: &str =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PETER_VKEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const PETER_SKEY: &str = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const PETER: &str = "\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const ENOCH_VKEY: &str = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
const ENOCH: &str = "\u{2014} EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

fn key(vkey: &str) -> VerifyKey {
    VerifyKey::parse(vkey).expect("a key")
}

#[test]
fn the_published_note_is_read_verified_and_made() {
    let note = format!("{TEXT}\n{PETER}{ENOCH}");
    let parsed = Note::parse(note.as_bytes()).expect("a note");
    assert_eq!(parsed.text, TEXT);
    assert_eq!(parsed.verify(&[key(ENOCH_VKEY), key(PETER_VKEY)]), Ok(vec![1, 0]));
    assert_eq!(parsed.verify(&[key(ENOCH_VKEY)]), Ok(vec![0]), "unknown keys are ignored");
    assert_eq!(parsed.verify(&[]), Ok(vec![]));
    assert_eq!(parsed.to_bytes(), note.as_bytes());
    let signer = Signer::parse(PETER_SKEY).expect("a key");
    assert_eq!(signer.sign_note(TEXT), format!("{TEXT}\n{PETER}").into_bytes());
    assert_eq!(signer.verify_key().vkey(), PETER_VKEY);
    assert_eq!(VerifyKey::from_public(&signer.public()).expect("a key"), key(PETER_VKEY));
}

#[test]
fn a_known_key_that_fails_spoils_the_note() {
    let other = format!("{TEXT}more\n\n{PETER}{ENOCH}");
    let note = Note::parse(other.as_bytes()).expect("a note");
    assert_eq!(note.verify(&[key(PETER_VKEY)]), Err(NoteError::BadSignature("PeterNeumann".into())));
    let mut twice = Note::parse(format!("{TEXT}\n{PETER}{PETER}").as_bytes()).expect("a note");
    assert_eq!(twice.verify(&[key(PETER_VKEY)]), Ok(vec![0]));
    twice.signatures[1].signature[3] ^= 1;
    assert!(twice.verify(&[key(PETER_VKEY)]).is_err(), "one good signature does not outweigh a bad one");
    twice.signatures[1].signature.truncate(63);
    assert!(twice.verify(&[key(PETER_VKEY)]).is_err());
}

#[test]
fn sixteen_signatures_and_more_are_read() {
    for count in [1, 16, 17, SIGNATURES_MAX] {
        let note =
            Note::parse(format!("{TEXT}\n{}{PETER}", ENOCH.repeat(count - 1)).as_bytes()).expect("a note");
        assert_eq!(note.signatures.len(), count);
        assert_eq!(note.verify(&[key(PETER_VKEY)]), Ok(vec![0]));
    }
    assert!(Note::parse(format!("{TEXT}\n{}", PETER.repeat(SIGNATURES_MAX + 1)).as_bytes()).is_err());
}

#[test]
fn what_is_no_note_is_refused() {
    let good = format!("{TEXT}\n{PETER}");
    let cases = [
        String::new(),
        TEXT.to_owned(),
        format!("{TEXT}\n"),
        format!("{TEXT}\n\n"),
        good.trim_end().to_owned(),
        format!("{good}x"),
        format!("{good}\n"),
        good.replace('\u{2014}', "-"),
        good.replace("PeterNeumann ", "Peter+Neumann "),
        good.replace("\u{2014} PeterNeumann", "\u{2014} "),
        good.replace("JnAM=", "JnAM"),
        good.replace("JnAM=", "JnAN="),
        good.replace("JnAM=", "JnAM=="),
        good.replace("x08go/", "x08go_"),
        good.replace("problem,", "problem,\r"),
        good.replace("problem,", "problem,\0"),
        format!("{TEXT}\n\u{2014} PeterNeumann x08gow==\n"),
    ];
    for case in &cases {
        assert!(matches!(Note::parse(case.as_bytes()), Err(NoteError::Malformed(_))), "{case:?}");
    }
    assert!(Note::parse(b"\xff\n\n").is_err());
    assert!(Note::parse(&vec![b'a'; NOTE_BYTES_MAX + 1]).is_err());
}

#[test]
fn keys_whose_id_or_bytes_are_wrong_are_refused() {
    for vkey in [
        "",
        "x",
        "x+y",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumanx+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10",
        "PeterNeumann+c74f20a3+AhpC2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ] {
        assert!(VerifyKey::parse(vkey).is_err(), "{vkey}");
    }
    assert!(VerifyKey::new("weak", &[0; 32]).is_err());
}

#[test]
fn heads_have_one_way_to_be_written() {
    let head = Head { origin: "audit.example.org/site-a".into(), size: 7, root: [7; 32] };
    assert_eq!(Head::parse(&head.text()), Some(head.clone()));
    assert_eq!(Head::parse(&format!("{}extension\n", head.text())), Some(head.clone()), "tlog-checkpoint");
    assert_eq!(Head::parse_exact(&format!("{}extension\n", head.text())), None);
    let text = head.text();
    let with_empty_line = format!("{text}\n");
    for bad in [
        "",
        "a\n",
        "a\n1\n",
        &with_empty_line,
        &text.replace("\n7\n", "\n07\n"),
        &text.replace("\n7\n", "\n+7\n"),
    ] {
        assert_eq!(Head::parse(bad), None, "{bad:?}");
    }
}
