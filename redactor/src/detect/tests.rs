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

/// Each text gives exactly these spans, in order.
pub(super) fn assert_finds(id: &str, cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        let spans: Vec<String> = found(id, text).into_iter().map(|(_, span)| span).collect();
        assert_eq!(spans, *expected, "{id} in {text:?}");
    }
}

/// None of these texts holds what the detector looks for.
pub(super) fn assert_silent(id: &str, texts: &[&str]) {
    for text in texts {
        assert_eq!(found(id, text), [], "{id} in {text:?}");
    }
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

/// What stands on its own in a text, without what needs company.
fn standing(text: &str) -> Vec<(&'static str, String)> {
    let mut hits = Vec::new();
    detect(&Text::new(text, None, 1_750_000_000_000_000), &mut hits);
    hits.retain(|hit| hit.score >= NEEDS_COMPANY);
    hits.iter().map(|hit| (hit.rule, text[hit.start..hit.end].to_string())).collect()
}

#[test]
fn clean_text_stays_clean() {
    for text in include_str!("tests/clean.txt").lines().filter(|line| !line.is_empty()) {
        assert_eq!(standing(text), [], "{text}");
    }
}

/// Clinical sentences in eleven languages, in which nobody is named.
#[test]
fn clean_sentences_of_other_languages_stay_clean() {
    for text in include_str!("tests/clean_languages.txt").lines() {
        assert_eq!(standing(text), [], "{text}");
    }
}

#[test]
fn hits_are_sorted_and_on_character_boundaries() {
    let text = "Zoë Müller (MRN 123456, né le 3 mai 1961), Straße „Hauptstraße 12“ — zoe@klinik.example, Tel +49 30 901820";
    let mut hits = Vec::new();
    detect(&Text::new(text, None, 0), &mut hits);
    assert!(hits.len() >= 5, "{hits:?}");
    assert!(hits.windows(2).all(|pair| pair[0].start <= pair[1].start));
    assert!(hits.iter().all(|hit| text.get(hit.start..hit.end).is_some_and(|span| !span.is_empty())));
}

#[test]
fn a_text_beyond_the_limit_is_one_hit() {
    let text = " ".repeat(TEXT_BYTES_MAX + 1);
    let mut hits = Vec::new();
    detect(&Text::new(&text, None, 0), &mut hits);
    assert_eq!(hits.len(), 1);
    assert_eq!((hits[0].start, hits[0].end, hits[0].rule), (0, text.len(), "text.too_long"));
}

#[test]
fn odd_bytes_do_no_harm() {
    let alphabet: Vec<char> =
        "aZ0 .,:;-_/@#'’()[]{}\"\\=+~<>&%$€éß中\u{200b}\u{301}\n\tDr.MRN".chars().collect();
    let mut seed = 0x2545_F491_4F6C_DD1Du64;
    for _ in 0..3000 {
        let mut text = String::new();
        for _ in 0..40 {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            text.push(alphabet[seed as usize % alphabet.len()]);
        }
        let mut hits = Vec::new();
        detect(&Text::new(&text, Some("patient_name"), 0), &mut hits);
        assert!(
            hits.iter().all(|hit| text.get(hit.start..hit.end).is_some_and(|span| !span.is_empty())),
            "{text:?}"
        );
    }
}

/// A detector that is not asked would have found nothing: pieces of examples, as they come or with other signs.
#[test]
fn who_is_not_asked_finds_nothing() {
    let more = [
        "at 02MAR1961",
        "1/22",
        "her 95th birthday",
        "93yo",
        "ninety-two years old",
        "born 1919",
        "aa:bb:cc:dd:ee:ff",
        "001b.4411.3ab7",
        "(01)00844588003288",
        "fe80::1ff:fe23:4567:890a",
        "www.clinic.example",
        "+44 20 7946 0958",
        "0151 31839948",
        "5I2-34-567lé",
        "Hel212-555-0143",
        "x4111-1111-1111-1111y",
        "4111111111111111",
        "1EG4-TE5-MK73",
        "AB1234563",
        "patient 70444444",
        "/patients/70444444/labs",
        "urn:oid:2.16.840.1|70444444",
        "FIN 200114455",
        "ID#: LUP-98765",
        "9 0 1",
        "PuTTY-User-Key-File-2: ssh-rsa",
    ];
    let pieces: Vec<&str> = DETECTORS.iter().map(|detector| detector.example()).chain(more).collect();
    let joints = ["", " ", ", ", ". ", "-", "/", ".", ": ", "#", "(", "\n", "|", "é"];
    let keys = [
        None,
        Some("mrn"),
        Some("dateOfBirth"),
        Some("zip"),
        Some("phone"),
        Some("plate"),
        Some("age"),
        Some("x"),
    ];
    let mut seed = 0x2545_F491_4F6C_DD1Du64;
    let mut random = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 20) as usize % below
    };
    for _ in 0..6000 {
        let mut text = String::new();
        for _ in 0..1 + random(3) {
            let piece: Vec<char> = pieces[random(pieces.len())].chars().collect();
            let (start, whole) = (random(piece.len()), random(2) == 0);
            let end = start + 1 + random(piece.len() - start);
            text.extend(if whole { &piece[..] } else { &piece[start..end] });
            text.push_str(joints[random(joints.len())]);
        }
        let text = Text::new(&text, keys[random(keys.len())], 1_750_000_000_000_000);
        let open = GATES.open(&text.has());
        for (place, detector) in DETECTORS.iter().enumerate().filter(|(place, _)| open >> place & 1 == 0) {
            let mut hits = Vec::new();
            detector.detect(&text, &mut hits);
            assert_eq!(hits, [], "{} of {:?} under {:?}, {place}", detector.id(), text.text, text.key);
        }
    }
}

/// Work grows with the text, not with its square: for eight times the text a square would take sixty-four times as
/// long. Measured as this thread's time on the processor, since the machine has other work.
#[test]
fn adversarial_text_is_linear() {
    let seeds = [
        "https://hooks.slack.com/services/",
        "password=",
        "-----BEGIN PRIVATE KEY-----",
        "eyJ",
        "a@",
        "1-",
        "Dr. ",
        "aa:",
        "MRN ",
        "St. ",
        "Anna ",
        "12/",
        "AKIA",
        "sk-",
        "New York ",
        "1.",
        "::",
        "name: ",
        "Smith, ",
        "://a:b",
        "login ",
        "the password for ",
        "Cookie: a=",
        "$2b$",
        "passphrase: a b ",
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa ",
    ];
    for seed in seeds {
        let measure = |bytes: usize| {
            let text = seed.repeat(bytes / seed.len());
            let start = processor_seconds();
            let mut hits = Vec::new();
            detect(&Text::new(&text, None, 0), &mut hits);
            processor_seconds() - start
        };
        let (short, long) = (measure(32 << 10), measure(256 << 10));
        assert!(long < 30.0 * short.max(0.008), "{seed:?}: {short} s, then {long} s");
    }
}

/// Time that this thread has run, by the kernel's account; elsewhere the clock.
fn processor_seconds() -> f64 {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    let account = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = account.and_then(|line| line.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| START.elapsed().as_secs_f64(), |nanoseconds| nanoseconds / 1e9)
}
