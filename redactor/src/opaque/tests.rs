//! Runs of base64: text, bytes, and words that are neither.

use super::*;

fn found(text: &str) -> Vec<(String, String, Option<String>)> {
    let mut all = Vec::new();
    runs(text, &mut 1_000_000, |run| {
        let content = match run.content {
            Content::Text(text) => Some(text),
            Content::Bytes(_) => None,
        };
        all.push((text[run.start..run.end].to_owned(), run.media_type.to_owned(), content));
    });
    all
}

#[test]
fn text_in_base64_is_decoded() {
    let encoded = STANDARD.encode("Patient John Smith, SSN 123-45-6789");
    let runs = found(&format!("see {encoded} for more"));
    assert_eq!(runs, [(encoded, String::new(), Some("Patient John Smith, SSN 123-45-6789".into()))]);
}

#[test]
fn words_and_ids_are_left_alone() {
    let text = "a/rather/long/path/of/words otorhinolaryngologist 4bf92f3577b34da6a3ce929d0e0e4736 internationalization_of_keys";
    assert_eq!(found(text), []);
}

#[test]
fn data_urls_have_a_type() {
    let runs = found(
        "![x](data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=)",
    );
    assert_eq!(runs.len(), 1);
    assert!(runs[0].0.starts_with("data:image/png;base64,iVBOR") && runs[0].0.ends_with("CYII="));
    assert_eq!((runs[0].1.as_str(), &runs[0].2), ("image/png", &None));
}

#[test]
fn long_binary_is_opaque() {
    let bytes: Vec<u8> = (0..=255).collect();
    let encoded = STANDARD.encode(&bytes);
    assert_eq!(found(&encoded), [(encoded, String::new(), None)]);
}

#[test]
fn the_budget_holds() {
    let encoded = STANDARD.encode("Patient John Smith, SSN 123-45-6789");
    let mut budget = encoded.len();
    let mut texts = 0;
    runs(&format!("{encoded} {encoded}"), &mut budget, |run| {
        texts += usize::from(matches!(run.content, Content::Text(_)))
    });
    assert_eq!((budget, texts), (0, 1));
}

const NOTE: &str = "Patient Zoltan Vekes, MRN 70444321, DOB 1961-03-04, phone 617-555-0142";

#[test]
fn text_that_was_cut_is_decoded_whatever_its_length() {
    let encoded = STANDARD.encode(NOTE);
    for length in encoded.len() - 9..encoded.len() {
        let runs = found(&encoded[..length]);
        assert!(matches!(&runs[..], [(_, _, Some(text))] if text.starts_with("Patient Zoltan")), "{length}");
    }
}

#[test]
fn text_behind_a_prefix_is_decoded() {
    let encoded = STANDARD.encode(NOTE);
    for prefix in ["sess_", "id-", "files/", "\\n"] {
        let runs = found(&format!("{prefix}{encoded}"));
        assert_eq!(runs, [(encoded.clone(), String::new(), Some(NOTE.to_owned()))], "{prefix}");
    }
}

#[test]
fn text_that_goes_on_over_lines_is_one() {
    let note = NOTE.repeat(3);
    let encoded = STANDARD.encode(&note);
    for line_break in ["\n", "\r\n", "\\n", "\\r\\n", "\n  "] {
        let lines: Vec<&str> =
            encoded.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
        let wrapped = lines.join(line_break);
        let runs = found(&format!("body:\n{wrapped}\n\nand text"));
        assert_eq!(runs, [(wrapped.clone(), String::new(), Some(note.clone()))], "{line_break:?}");
    }
    let bytes = STANDARD.encode((0..=255_u8).map(|byte| byte.wrapping_mul(37)).collect::<Vec<u8>>());
    let lines: Vec<&str> =
        bytes.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    assert_eq!(found(&lines.join("\n")), []);
}
