//! However a text is cut, the same comes out; and what is found in it does not come out.

use proptest::prelude::*;

use super::*;
use crate::{Policy, TokenKey};

fn redactor(profile: &str) -> Redactor {
    let key = TokenKey::from_hex(&"0123456789abcdef".repeat(4)).unwrap();
    Redactor::new(Policy::profile(profile).unwrap(), key, "acme").unwrap()
}

/// The text in pieces that end at these offsets, and the most that was held back behind a piece.
fn streamed(redactor: &Redactor, text: &[u8], ends: &[usize]) -> (Result<u64, Reject>, String, usize) {
    let mut out = String::new();
    let mut stream = Stream::new(redactor, 0);
    let (mut from, mut held) = (0, 0);
    for end in ends.iter().copied().filter(|end| *end < text.len()).chain([text.len()]) {
        if end > from {
            if let Err(reject) = stream.push(&text[from..end], &mut out) {
                return (Err(reject), out, held);
            }
            held = held.max(stream.held_bytes());
            from = end;
        }
    }
    (stream.finish(&mut out), out, held)
}

const PIECES: &[&str] = &[
    "Patient Anna Sorel",
    "Sorel",
    "SMITH, JOHN",
    "anna.sorel@example.org",
    "123-45-6789",
    "MRN: AB-88213",
    "(617) 555-0123",
    "12 Main St, Springfield, IL 62704",
    "April 12, 2023",
    "password=hunter2hunter2",
    "[NAME]",
    "é",
    "😀",
    "\n",
    " and the plan is to continue with the present dose and to come again in two weeks ",
    "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIIrYSSNQFaA2Hwf1",
    "-----END EC PRIVATE KEY-----",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0NzExIn0.c2lnbmF0dXJl",
    "UGF0aWVudCBtYWlsIGFubmEuc29yZWxAZXhhbXBsZS5vcmcsIHNlZSBmaWxl",
    "\u{200b}",
    "\\u0041",
    "\"",
];

fn text() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        12 => proptest::sample::select(PIECES).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..6),
        1 => (200_usize..900).prop_map(|count| b"QUJD".repeat(count)),
    ];
    proptest::collection::vec((piece, proptest::sample::select(&["", " ", ", "][..])), 0..60)
        .prop_map(|parts| parts.into_iter().flat_map(|(piece, glue)| [piece, glue.into()].concat()).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_pieces_give_the_same(text in text(), ends in proptest::collection::btree_set(0_usize..6000, 0..20)) {
        let redactor = redactor("coded");
        let (whole, all, _) = streamed(&redactor, &text, &[]);
        let ends: Vec<usize> = ends.into_iter().collect();
        let (pieces, out, held) = streamed(&redactor, &text, &ends);
        prop_assert_eq!(&whole, &pieces);
        prop_assert_eq!(&all, &out);
        prop_assert!(held < HELD_BYTES_MAX + 4, "{} bytes held back", held);
        let bytes: Vec<usize> = (1..text.len()).collect();
        prop_assert_eq!(streamed(&redactor, &text, &bytes).1, all);
    }

    #[test]
    fn a_text_of_one_window_is_a_document(piece in proptest::sample::select(PIECES), before in 0_usize..100) {
        let redactor = redactor("coded");
        let text = format!("{}{piece} was seen", "the plan is to go on. ".repeat(before / 22));
        let document = redactor.redact_text(&text, 0).unwrap().text;
        prop_assert_eq!(streamed(&redactor, text.as_bytes(), &[]).1, document);
    }
}

#[test]
fn an_identifier_is_found_wherever_it_stands() {
    // A word of the filler that is cut short is not known, and may be judged beside a name.
    let redactor = redactor("strict").by_rules();
    let filler = "the dose is to be taken with water in the morning, and the plan is to go on as before. ";
    for value in
        ["Patient Anna Sorel", "anna.sorel@example.org", "SSN 123-45-6789", "MRN 88213456", "(617) 555-0123"]
    {
        for before in (0..1600).step_by(7) {
            let lead = &filler.repeat(1 + before / filler.len())[..before];
            let text = format!("{lead} {value} {}", filler.repeat(9));
            let (result, out, _) = streamed(&redactor, text.as_bytes(), &[before, before + 3]);
            assert_eq!(result, Ok(1), "{value} behind {before} bytes: {out}");
            let told = value.rsplit(' ').next().unwrap();
            assert!(!out.contains(told), "{value} behind {before} bytes: {out}");
        }
    }
}

#[test]
fn a_long_private_key_leaves_one_placeholder() {
    let redactor = redactor("coded");
    for lines in [1, 3, 40, 400] {
        for before in (0..700).step_by(31) {
            let key = format!(
                "-----BEGIN RSA PRIVATE KEY-----\n{}-----END RSA PRIVATE KEY-----",
                "MIIEpAIBAAKCAQEA7\n".repeat(lines)
            );
            let text = format!("{}{key}\nand so on", "x ".repeat(before / 2));
            let (result, out, _) = streamed(&redactor, text.as_bytes(), &[700, 710, 1500]);
            assert_eq!(result, Ok(1));
            assert_eq!(
                out,
                format!("{}[SECRET]\nand so on", "x ".repeat(before / 2)),
                "{lines} lines behind {before}"
            );
        }
    }
}

#[test]
fn a_long_token_goes_up_to_white_space() {
    let redactor = redactor("coded");
    let token = format!("eyJhbGciOiJIUzI1NiJ9.{}.c2ln", "eyJzdWIi".repeat(500));
    let (result, out, _) = streamed(&redactor, format!("token {token} and so on").as_bytes(), &[]);
    assert_eq!(result, Ok(1));
    assert_eq!(out, "token [SECRET] and so on");
}

#[test]
fn a_private_key_without_an_end_closes_the_stream() {
    let redactor = redactor("coded");
    let mut stream = Stream::new(&redactor, 0);
    let mut out = String::new();
    stream.push(b"before -----BEGIN RSA PRIVATE KEY-----\n", &mut out).unwrap();
    let closed = (0..100_000).find_map(|_| stream.push(b"MIIEpAIBAAKCAQEA7\n", &mut out).err());
    assert_eq!(closed.map(|reject| reject.reason), Some("endless_secret"));
    assert_eq!(stream.push(b"after", &mut out).map_err(|reject| reject.reason), Err("endless_secret"));
    assert_eq!(out, "before [SECRET]");
    assert_eq!(stream.held_bytes(), 0);
}
