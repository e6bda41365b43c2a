use super::super::detect;
use super::*;

fn mentions(texts: &[&str]) -> Vec<(String, String)> {
    let prepared: Vec<Text<'_>> = texts.iter().map(|text| Text::new(text, None, 0)).collect();
    let mut seeds = Vec::new();
    for text in &prepared {
        let mut hits = Vec::new();
        detect(text, &mut hits);
        Names::seeds(text, &hits, &mut seeds);
    }
    let names = Names::new(seeds);
    let mut found = Vec::new();
    for text in &prepared {
        let mut mentions = Vec::new();
        names.find(text, &mut mentions);
        for mention in mentions {
            let spelled = text.text[mention.hit.start..mention.hit.end].to_string();
            found.push((
                spelled,
                mention.seed.map_or_else(String::new, |seed| names.list()[seed].full.clone()),
            ));
        }
    }
    found
}

#[test]
fn surname_alone_stands_for_the_full_name() {
    let found = mentions(&["Patient: Anna Sorelius was seen.", "Later sorelius left, with ANNA."]);
    let spelled: Vec<&str> = found.iter().map(|(spelled, _)| spelled.as_str()).collect();
    assert_eq!(spelled, ["Anna Sorelius", "sorelius", "ANNA"]);
    assert!(found.iter().all(|(_, full)| full == "Anna Sorelius"));
}

#[test]
fn what_two_persons_share_stands_for_neither() {
    let found = mentions(&[
        "Patient: Ruth Wrenfield. Contact: Mr. John Wrenfield.",
        "Wrenfield called. Ruth and John came; Wrenfield, John left. Ruth Wrenfield, John stayed.",
    ]);
    let later: Vec<(&str, &str)> = found.iter().skip(2).map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let (ruth, john) = ("Ruth Wrenfield", "John Wrenfield");
    let want = [
        ("Wrenfield", ""),
        ("Ruth", ruth),
        ("John", john),
        ("Wrenfield, John", john),
        ("Ruth Wrenfield", ruth),
        ("John", john),
    ];
    assert_eq!(later, want);
}

#[test]
fn a_part_of_a_name_is_no_second_person() {
    let found = mentions(&[
        "Patient: Ruth Ann Wrenfield. Dr. Wrenfield, Ruth Wrenfield.",
        "Patient: Ruth Wrenfield.",
        "Wrenfield left.",
    ]);
    assert_eq!(found.last(), Some(&("Wrenfield".into(), "Ruth Ann Wrenfield".into())));
}

#[test]
fn common_words_only_capitalised_and_never_in_terms() {
    let found = mentions(&[
        "Dr. Robert Brown called.",
        "brown sputum; Brown agreed. Brown-Sequard syndrome. Wilson's disease",
    ]);
    let spelled: Vec<&str> = found.iter().map(|(spelled, _)| spelled.as_str()).collect();
    assert_eq!(spelled, ["Robert Brown", "Brown"]);
}

#[test]
fn titles_are_not_seeded() {
    let found = mentions(&["Dr. Alvarez came.", "The dr left. Alvarez stayed."]);
    let spelled: Vec<&str> = found.iter().map(|(spelled, _)| spelled.as_str()).collect();
    assert_eq!(spelled, ["Alvarez", "Alvarez"]);
}

#[test]
fn seeds_are_bounded() {
    let roster: String = (0..3000).map(|n| format!("Mr. Name{} ", letters(n))).collect();
    let text = Text::new(&roster, None, 0);
    let mut hits = Vec::new();
    detect(&text, &mut hits);
    let mut seeds = Vec::new();
    Names::seeds(&text, &hits, &mut seeds);
    assert_eq!(seeds.len(), SEEDS_MAX);
    assert!(Names::new(seeds).overflow());
}

fn letters(mut number: usize) -> String {
    let mut word = String::new();
    for _ in 0..4 {
        word.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
    }
    word
}
