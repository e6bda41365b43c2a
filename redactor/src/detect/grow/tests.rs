use super::super::{Hit, Text, detect};
use super::*;

fn grown(text: &str, found: &str, category: Category) -> String {
    let start = text.find(found).expect("it stands there");
    let mut hits = [Hit { start, end: start + found.len(), category, rule: "name.title", score: 0.9 }];
    grow(&Text::new(text, None, 0), &mut hits);
    text[hits[0].start..hits[0].end].to_string()
}

#[test]
fn names() {
    let cases = [
        ("saw Maj-Britt Sjöberg today", "Britt Sjöberg", "Maj-Britt Sjöberg"),
        ("M. Thierry V. de la Fontaine, né", "M. Thierry V.", "M. Thierry V. de la Fontaine"),
        ("by S. van der Berg on", "Berg", "S. van der Berg"),
        ("Martin King, Jr. was", "Martin King", "Martin King, Jr."),
        ("Martin King III was", "Martin King", "Martin King III"),
        ("Herr Grünewald, Dieter, geb", "Grünewald", "Grünewald, Dieter"),
        ("wolfgang meyer-lüdenscheidt. He", "wolfgang meyer", "wolfgang meyer-lüdenscheidt"),
        ("Dr. Weber, Anna Klein and", "Weber", "Weber"),
        ("vitamin D. Patel said", "Patel", "Patel"),
    ];
    for (text, found, whole) in cases {
        assert_eq!(grown(text, found, Category::Name), whole, "{text}");
    }
}

#[test]
fn addresses_and_telephones() {
    assert_eq!(
        grown("12 Elm Street, Apt 4B, in", "12 Elm Street", Category::Address),
        "12 Elm Street, Apt 4B"
    );
    assert_eq!(grown("12 Elm Street #12 in", "12 Elm Street", Category::Address), "12 Elm Street #12");
    assert_eq!(grown("12 Elm Street, unit tests", "12 Elm Street", Category::Address), "12 Elm Street");
    assert_eq!(grown("512-555-0143 ext. 05 or", "512-555-0143", Category::Phone), "512-555-0143 ext. 05");
    assert_eq!(grown("512-555-0143 x123.", "512-555-0143", Category::Phone), "512-555-0143 x123");
    assert_eq!(grown("512-555-0143 x 2 mg", "512-555-0143", Category::Phone), "512-555-0143");
}

#[test]
fn all_detectors_together() {
    let text = "Please see Mr. Ole Lund-Hansen Jr., 12 Elm Street, Apt 4B";
    let mut hits = Vec::new();
    detect(&Text::new(text, None, 0), &mut hits);
    let spans: Vec<&str> = hits.iter().map(|hit| &text[hit.start..hit.end]).collect();
    assert!(spans.iter().any(|span| span.ends_with("Lund-Hansen Jr.")), "{spans:?}");
    assert!(spans.iter().any(|span| span.ends_with("Apt 4B")), "{spans:?}");
}

#[test]
fn given_and_family_names_that_are_words() {
    let grown = |text: &str| -> Vec<String> {
        let (text, mut hits) = (Text::new(text, None, 0), Vec::new());
        super::super::detect(&text, &mut hits);
        let names = hits.iter().filter(|hit| hit.category == Category::Name);
        names.map(|hit| text.text[hit.start..hit.end].to_owned()).collect()
    };
    for (text, name) in [
        ("Completed by: Tansy Whitlow, FY1", "Tansy Whitlow"),
        ("Apgars 8/9, \"Juniper Rain Tsosie\", MRN", "Juniper Rain Tsosie"),
        ("ward round\nDillard, Primrose\nseen", "Dillard, Primrose"),
        ("spoke w/ Verna Two-Rivers, widow", "Verna Two-Rivers"),
        ("In the case of Wiśniowiecka-Bąk v. Poland", "Wiśniowiecka-Bąk"),
        ("does mr. henrik osei-tutu need", "mr. henrik osei-tutu"),
        ("PA\nYsolde Freeman-Castro, 17 F", "Ysolde Freeman-Castro"),
    ] {
        assert!(grown(text).contains(&name.to_owned()), "{text}: {:?}", grown(text));
    }
    // What opens a sentence, a title or a place is no given name.
    for (text, not) in
        [("Yesterday Kowalski came", "Yesterday Kowalski"), ("The ward called Kowalski", "called Kowalski")]
    {
        assert!(!grown(text).contains(&not.to_owned()), "{text}: {:?}", grown(text));
    }
}

#[test]
fn flats_and_houses_before_an_address() {
    for (text, found, whole) in [
        ("I viewed Flat 3, 61 Oystercatcher Way", "61 Oystercatcher Way", "Flat 3, 61 Oystercatcher Way"),
        ("at The Vicarage, 2 Church Row", "2 Church Row", "The Vicarage, 2 Church Row"),
        ("Marchbanks, 2 Glebe Close", "2 Glebe Close", "2 Glebe Close"),
        ("288 Kai Makani Pl #D-4, Kihei", "288 Kai Makani Pl", "288 Kai Makani Pl #D-4, Kihei"),
        ("44 Pilgrim Street, Top Floor, x", "44 Pilgrim Street", "44 Pilgrim Street, Top Floor"),
    ] {
        assert_eq!(grown(text, found, Category::Address), whole, "{text}");
    }
}

#[test]
fn town_region_and_postcode_behind_an_address() {
    for (text, found, whole) in [
        (
            "44 Tamarack Way, Okotoks, Alberta T1S 1B7, one",
            "44 Tamarack Way",
            "44 Tamarack Way, Okotoks, Alberta T1S 1B7",
        ),
        (
            "19 Coolabah Crescent, Wodonga VIC 3690 (the",
            "19 Coolabah Crescent",
            "19 Coolabah Crescent, Wodonga VIC 3690",
        ),
        (
            "Str. Olarilor nr. 14, bl. C2, Horezu, jud. Vâlcea.",
            "Str. Olarilor nr. 14",
            "Str. Olarilor nr. 14, bl. C2, Horezu, jud. Vâlcea",
        ),
        ("12 Rathbeg Lane, Kanturk, Co. Cork.", "12 Rathbeg Lane", "12 Rathbeg Lane, Kanturk, Co. Cork"),
        ("Lot 5 Emu Creek Track, x", "5 Emu Creek Track", "Lot 5 Emu Creek Track"),
        // What follows is no town.
        ("12 Rathbeg Lane, Metoprolol 25 mg", "12 Rathbeg Lane", "12 Rathbeg Lane"),
        ("12 Rathbeg Lane, Anna Sorel, MRN", "12 Rathbeg Lane", "12 Rathbeg Lane"),
        ("12 Rathbeg Lane, Please call", "12 Rathbeg Lane", "12 Rathbeg Lane"),
        ("12 Rathbeg Lane, Dr. Sorel.", "12 Rathbeg Lane", "12 Rathbeg Lane"),
    ] {
        assert_eq!(grown(text, found, Category::Address), whole, "{text}");
    }
    assert_eq!(grown("in Nelson, BC  V1L 2X4 now", "Nelson", Category::Place), "Nelson, BC  V1L 2X4");
}
