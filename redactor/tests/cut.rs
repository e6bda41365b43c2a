//! Texts cut off anywhere: no detector may look for the word behind the last one.

use redactor::detect::{Text, detect};

const TEMPLATES: &str = include_str!("../evaluation/development/templates.txt");

/// What stands for the placeholders, in turn.
const VALUES: &[&str] = &[
    "12 Oak Street, Worcester MA 01605",
    "Maria Kowalski",
    "02.03.1961",
    "ul. Długa 5 m. 12, 00-950 Warszawa",
    "SMITH, JOHN",
    "St. Mary's Hospital",
    "Calle Mayor 7 2º, 28013 Madrid",
    "508-555-0147",
    "March 3rd, 1961",
    "van der Berg GmbH",
];

/// What a text may end with.
const ENDS: &[&str] = &["", "\n", ",\n", ", ", " ", ".", "-", "/", " '", ": ", " (", "\"", "|", "\t", "^"];

fn filled() -> Vec<String> {
    let mut values = VALUES.iter().cycle();
    let fill = |template: &str| {
        let mut text = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            match after.split_once('}') {
                Some((_, behind)) => {
                    text.push_str(values.next().copied().unwrap_or_default());
                    rest = behind;
                }
                None => rest = after,
            }
        }
        text + rest
    };
    TEMPLATES.lines().map(fill).chain(VALUES.iter().map(|value| (*value).to_owned())).collect()
}

#[test]
fn a_text_may_end_anywhere() {
    for text in filled() {
        // At the end of a word, so that the text ends behind each.
        let ends = text.char_indices().filter(|(_, letter)| !letter.is_alphanumeric()).map(|(at, _)| at);
        for cut in ends.chain([text.len()]) {
            // What is far before the end has its turn when the text is cut there.
            let from = text.floor_char_boundary(cut.saturating_sub(80));
            for end in ENDS {
                let cut = format!("{}{end}", &text[from..cut]);
                detect(&Text::new(&cut, None, 0), &mut Vec::new());
            }
        }
    }
}
