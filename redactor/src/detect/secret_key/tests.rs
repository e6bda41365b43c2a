use super::super::tests::{assert_finds, assert_silent, found};
use super::*;

#[test]
fn every_shape_fires_and_a_shorter_one_does_not() {
    for shape in SHAPES {
        let body = |length: usize| {
            "a1B2c3D4e5F6"
                .chars()
                .cycle()
                .map(|c| in_alphabet(shape.alphabet, c))
                .take(length)
                .collect::<String>()
        };
        let key = format!("{}{}", shape.prefix, body(shape.length_min));
        let hits = found("secret_key", &format!("key is {key} here"));
        assert!(hits.iter().any(|(_, span)| *span == key), "{key}: {hits:?}");
        let short = format!("{}{}", shape.prefix, body(shape.length_min.min(12) - 2));
        assert_eq!(found("secret_key", &format!("key is {short} here")), [], "{short}");
    }
}

fn in_alphabet(alphabet: Alphabet, c: char) -> char {
    match alphabet {
        Alphabet::Upper => c.to_ascii_uppercase(),
        Alphabet::Hex => {
            if c.is_ascii_digit() {
                c
            } else {
                c.to_ascii_lowercase()
            }
        }
        _ => c,
    }
}

#[test]
fn azure_and_telegram() {
    let azure = "abc8Q~dEfGhIjKlMnOpQrStUvWxYz0123456789a";
    let telegram = "123456789:AAF1a2B3c4D5e6F7g8H9i0J1k2L3m4N5o6P";
    assert_finds("secret_key", &[(azure, &[azure]), (telegram, &[telegram])]);
    assert_silent("secret_key", &["abcdQ~short", "12:AAF1a2B3c4D5e6F7"]);
}

#[test]
fn near_misses_stay() {
    assert_silent(
        "secret_key",
        &[
            "sk-learn-contrib-project-name",
            "npm_config_registry_default_value",
            "AKIAEXAMPLE",
            "task-force-one-two-three-four",
            "key-value-store-of-the-future",
        ],
    );
}
