use super::*;

/// What one detector finds in a text, in order.
pub(super) fn found(id: &str, text: &str) -> Vec<(Category, String)> {
    found_under(id, None, text)
}

/// The same with a JSON key around.
pub(super) fn found_under(id: &str, key: Option<&str>, text: &str) -> Vec<(Category, String)> {
    // 2025-06-15, for ages.
    let prepared = Text::new(text, key, 1_750_000_000_000_000);
    let detector = DETECTORS.iter().find(|detector| detector.id() == id).expect("a detector of that id");
    let mut hits = Vec::new();
    detector.detect(&prepared, &mut hits);
    hits.sort_by(|a, b| a.start.cmp(&b.start).then(b.end.cmp(&a.end)));
    hits.dedup_by(|a, b| (a.start, a.end) == (b.start, b.end));
    hits.iter().map(|hit| (hit.category, text[hit.start..hit.end].to_string())).collect()
}

#[test]
fn ids_are_unique() {
    let mut ids: Vec<_> = DETECTORS.iter().map(|detector| detector.id()).collect();
    ids.sort_unstable();
    let before = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), before);
}

#[test]
fn each_has_a_letter_or_is_a_secret() {
    for detector in DETECTORS {
        for category in detector.categories() {
            assert!(category.cfr().is_some() || *category == Category::Secret, "{}", detector.id());
        }
    }
}

#[test]
fn every_letter_of_text_is_covered() {
    for letter in "ABCDEFGHIJKLMNOPR".chars() {
        let covered = DETECTORS
            .iter()
            .flat_map(|detector| detector.categories())
            .any(|category| category.cfr() == Some(letter.to_string().as_str()));
        assert!(covered, "no detector for ({letter})");
    }
}

#[test]
fn each_fires_on_its_example_with_its_own_rules() {
    for detector in DETECTORS {
        let text = Text::new(detector.example(), None, 0);
        let mut hits = Vec::new();
        detector.detect(&text, &mut hits);
        assert!(!hits.is_empty(), "{} is silent on its example", detector.id());
        for hit in hits {
            assert!(
                hit.rule.split('.').next() == Some(detector.id()),
                "{} reports {}",
                detector.id(),
                hit.rule
            );
            assert!(detector.categories().contains(&hit.category));
            assert!(hit.start < hit.end && detector.example().get(hit.start..hit.end).is_some());
            assert!((0.0..=1.0).contains(&hit.score));
        }
    }
}
