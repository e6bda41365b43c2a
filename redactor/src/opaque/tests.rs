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
