use super::super::tests::{assert_finds, assert_silent, found};
use super::*;

/// Numbers without end, the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end
    }

    fn of(&mut self, class: u8) -> char {
        let alphabet: Vec<u8> =
            (b'0'..=b'z').filter(|byte| byte.is_ascii_alphanumeric() && fits(class, *byte)).collect();
        alphabet[self.below(alphabet.len())] as char
    }
}

/// A key of the shape, made by chance, with the last class cut short by `less`.
fn made(shape: &Shape, random: &mut Random, less: usize) -> String {
    let mut key = String::new();
    let last = shape.parts.iter().rposition(|part| matches!(part, Part::Of { .. }));
    for (index, part) in shape.parts.iter().enumerate() {
        match part {
            Part::Text(text) => key.push_str(std::str::from_utf8(text).expect("ASCII")),
            Part::Of { class, min, .. } => {
                let length = if Some(index) == last { min - less } else { *min };
                // The fourth and every third behind it a digit, where the class has digits.
                key.extend((0..length).map(|at| {
                    let digit = at % 3 == 0 && fits(*class, b'7');
                    if digit { char::from(b'0' + random.below(10) as u8) } else { random.of(*class) }
                }));
            }
        }
    }
    key
}

#[test]
fn the_table_has_its_shapes() {
    assert!(TABLE.shapes.len() >= 150, "{}", TABLE.shapes.len());
    let page = include_str!("../../../../docs/redaction-detectors.md");
    assert!(
        page.contains(&format!("| {} shapes", TABLE.shapes.len())),
        "docs: {} shapes",
        TABLE.shapes.len()
    );
    let mut patterns: Vec<_> = shapes::SHAPES.iter().map(|(_, pattern, _)| pattern).collect();
    patterns.sort_unstable();
    let before = patterns.len();
    patterns.dedup();
    assert_eq!(patterns.len(), before);
    for (rule, pattern, source) in shapes::SHAPES {
        assert!(rule.starts_with("secret_key.") && !source.is_empty(), "{pattern}");
    }
    for shape in &TABLE.shapes {
        let sizes = shape.parts.iter().all(|part| match part {
            Part::Text(text) => !text.is_empty(),
            Part::Of { min, max, .. } => (1..=*max).contains(min) && *max <= 4000,
        });
        assert!(shape.prefix.len() >= 2 && sizes, "{}", shape.rule);
    }
}

#[test]
fn every_shape_fires_and_a_shorter_one_does_not() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for shape in &TABLE.shapes {
        let prefix = String::from_utf8_lossy(shape.prefix);
        for _ in 0..4 {
            let key = made(shape, &mut random, 0);
            for text in [format!("key is {key} here"), format!("KEY={key}"), format!("\"{key}\"")] {
                let hits = found("secret_key", &text);
                assert!(hits.iter().any(|(_, span)| *span == key), "{prefix}: {key} in {text}: {hits:?}");
            }
            // Near misses: one character too few, and a character that the class lacks.
            let short = made(shape, &mut random, 1);
            assert_eq!(shape.length(short.as_bytes()), None, "{prefix}: {short}");
            let mut odd = key.clone();
            odd.replace_range(odd.len() - 1.., "~");
            assert!(shape.length(odd.as_bytes()).is_none_or(|length| length < key.len()), "{prefix}: {odd}");
        }
    }
}

#[test]
fn shapes_without_a_prefix() {
    let azure = "abc8Q~dEfGhIjKlMnOpQrStUvWxYz0123456789a";
    let telegram = "123456789:AAF1a2B3c4D5e6F7g8H9i0J1k2L3m4N5o6P";
    let discord = format!("{}.{}.{}", "MTA1".repeat(6), "Gh1JkL", "aB3dE6gH9j".repeat(3));
    let maxmind = format!("aB3dE6_{}_mmk", &"aB3dE6gH9j".repeat(3)[..29]);
    let mailchimp = format!("{}-us12", "0123456789abcdef".repeat(2));
    assert_finds(
        "secret_key",
        &[
            (azure, &[azure]),
            (telegram, &[telegram]),
            (&format!("bot {discord} up"), &[discord.as_str()]),
            (&format!("key={maxmind}"), &[maxmind.as_str()]),
            (&mailchimp, &[mailchimp.as_str()]),
        ],
    );
    assert_silent(
        "secret_key",
        &[
            "abcdQ~short",
            "12:AAF1a2B3c4D5e6F7",
            "ABCDABCDABCDABCDABCDABCD.Gh1JkL.abcdefghijklmnopqrstuvwxyzab",
            "aB3dE6-aB3dE6gH9jaB3dE6gH9jaB3dE6gH9j_mmk",
            "0123456789abcdef0123456789abcde-us12",
        ],
    );
}

#[test]
fn an_azure_secret_of_short_runs_is_asked_for() {
    let azure = "abc8Q~dEfGh~IjKlM.nOpQr~StUvWx.Yz0123456";
    let mut hits = Vec::new();
    super::super::detect(&Text::new(azure, None, 0), &mut hits);
    assert!(hits.iter().any(|hit| hit.rule == "secret_key.azure" && hit.end == azure.len()), "{hits:?}");
}

#[test]
fn basic_credentials_by_what_they_decode_to() {
    // lum:qorb3ta-zelk0
    let credentials = "bHVtOnFvcmIzdGEtemVsazA=";
    assert_finds("secret_key", &[(&format!("the auth header: Basic {credentials}, then"), &[credentials])]);
    // Without a colon, and with control characters.
    for other in ["bHVtIHFvcmIzdGEgemVsazA=", "bHVtOgABAgMEBQYHCAkKCww="] {
        assert_silent("secret_key", &[&format!("Basic {other}")]);
    }
    assert_silent("secret_key", &[&format!("the hash {credentials}")]);
}

#[test]
fn a_prefix_of_a_terraform_token_goes_with_it() {
    let token = format!("{}.atlasv1.{}", "aB3dE6gH9jKl0N", "aB3dE6gH9j".repeat(6));
    assert_finds("secret_key", &[(&format!("token = \"{token}\""), &[token.as_str()])]);
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
            "pub-key-rotation-policy-document",
            "API-REFERENCE-DOCUMENTATION-2024",
            "live_streaming_session_identifier",
            "object.s.toLowerCaseOfTheWholeText()",
            "EAAA-short",
            "pat.example.com/some/long/path/name",
        ],
    );
}

/// Counted, not timed: a look at each place where a key may begin, and a comparison for each shape that the two bytes
/// there open.
#[test]
fn ten_times_the_shapes_cost_less_than_one_and_a_half_times() {
    let tenth = Table::new(shapes::SHAPES.iter().step_by(10));
    let text =
        [include_str!("../secret_key.rs"), include_str!("../tests/clean.txt"), include_str!("../eu.rs")]
            .concat();
    let work = |table: &Table| -> usize {
        let words = text.as_bytes().windows(2).enumerate();
        let starts =
            words.filter(|(_, pair)| !pair[0].is_ascii_alphanumeric() && pair[1].is_ascii_alphanumeric());
        starts.map(|(at, _)| 1 + table.candidates(&text.as_bytes()[at + 1..]).count()).sum()
    };
    let (few, many) = (work(&tenth), work(&TABLE));
    assert!(many * 2 < few * 3, "{few} with a tenth of the shapes, {many} with all");
}

#[test]
fn placeholders_and_registries() {
    assert_silent(
        "secret_key",
        &["sk_test_xxxxxxxxxxxxxxxxxxxxxxxx", "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
    );
    assert_finds(
        "secret_key",
        &[(
            "{\"auths\":{\"registry.acme.net\":{\"auth\":\"cHVsbGVyOmhUNS12SzJtX1F6OHdMcw==\"}}}",
            &["cHVsbGVyOmhUNS12SzJtX1F6OHdMcw=="],
        )],
    );
}
