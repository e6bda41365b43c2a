//! The pass over the bit masks against one that goes letter by letter.

use proptest::prelude::*;

use super::*;
use crate::arch::Level;

/// What the pass must note, read letter by letter.
fn plainly(text: &str) -> Text<'_> {
    let mut notes = Notes::default();
    let (mut signs, mut lexes) = (0, Lex::NONE);
    let wordy = |c: char| if c.is_ascii() { c.is_ascii_alphanumeric() } else { is_letter(c) };
    let joins = |c: char| matches!(c, '-' | '_' | '+' | '/' | '=');
    let mut rest = text.char_indices().peekable();
    while let Some((start, first)) = rest.next() {
        if !wordy(first) {
            if first.is_ascii() && first != ' ' {
                signs |= sign_bit(first as u8);
            }
            if first == '@' {
                notes.ats.push(start as u32);
            }
            continue;
        }
        while rest.next_if(|(_, c)| wordy(*c)).is_some() {}
        let end = rest.peek().map_or(text.len(), |(at, _)| *at);
        let (shape, begins_upper) = spelled_shape(&text[start..end]);
        let digits = matches!(shape, Shape::Digits | Shape::Alnum);
        let hash = if digits || end - start > WORD_BYTES_MAX { 0 } else { lexicon::hash(&text[start..end]) };
        let lex = if hash == 0 { Lex::NONE } else { lexicon::get().look_up(hash) };
        let lex = if shape == Shape::Lower { lex } else { lex.and(Lex::IN_CAPITALS) };
        lexes = lexes.or(lex);
        let index = notes.words.len() as u32;
        if digits {
            notes.numbers.push(index);
        }
        if begins_upper || lex.any(Lex::HOT) {
            notes.hot.push(index);
        }
        let glues = |c: char| matches!(c, '.' | ':' | '-' | '#');
        if let Some(behind) = text[end..].strip_prefix(glues) {
            notes.glued.push(index);
            if behind.starts_with(|c| wordy(c) || glues(c)) {
                notes.tied.push(index);
            }
        }
        let spaced = text[end..].strip_prefix(' ').is_some_and(|rest| rest.starts_with(wordy));
        notes.words.push(Word {
            hash,
            start: start as u32,
            end: end as u32,
            lex,
            shape,
            begins_upper,
            spaced,
        });
    }
    let mut from = 0;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        if !wordy(c) && !joins(c) {
            let run = &text[from..at];
            let start = from + run.find(wordy).unwrap_or(run.len());
            if at - start >= RUN_BYTES_MIN {
                notes.runs.push((start as u32, at as u32));
            }
            from = at + c.len_utf8();
        }
    }
    let seen = |index: &u32| notes.words[*index as usize].seen(text.as_bytes());
    notes.seen = notes.numbers.iter().map(seen).collect();
    let digits = text.bytes().filter(u8::is_ascii_digit).count() as u32;
    let seen = notes.seen.iter().fold(Seen::NOTHING, |all, seen| all.or(*seen));
    Text {
        text,
        key: None,
        as_of: 0,
        blots: Blots::None,
        notes,
        key_context: 0,
        key_set: 0,
        lexes,
        signs,
        digits,
        seen,
        age_words: false,
        neutral: false,
    }
}

fn agree(text: &str) {
    let expected = plainly(text);
    for level in Level::ALL.iter().copied().filter(|level| level.available()) {
        let mut found = Text { notes: Notes::default(), lexes: Lex::NONE, signs: 0, ..plainly("") };
        found.text = text;
        let mut blocks = Vec::new();
        arch::classify(level, text.as_bytes(), &mut blocks);
        found.read_blocks(&mut blocks);
        let words = |text: &Text<'_>| format!("{:?}", text.notes.words);
        assert_eq!(words(&expected), words(&found), "{text:?}");
        let (left, right) = (&expected.notes, &found.notes);
        assert_eq!(
            (&left.numbers, &left.hot, &left.glued, &left.tied, &left.ats, &left.runs),
            (&right.numbers, &right.hot, &right.glued, &right.tied, &right.ats, &right.runs),
            "{text:?}"
        );
        assert_eq!(
            (expected.lexes, expected.digits, expected.seen, &left.seen),
            (found.lexes, found.digits, found.seen, &right.seen),
            "{text:?}"
        );
        let ascii = |byte: u8| expected.may_hold(byte) && !found.may_hold(byte);
        assert!(!(0..0x80).any(ascii), "{text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn as_letter_by_letter(text in "\\PC{0,200}") {
        agree(&text);
    }

    #[test]
    fn as_letter_by_letter_on_words(
        words in prop::collection::vec("[A-Za-z]{1,18}|[0-9]{1,12}|[a-z0-9A-Z_/+=-]{1,70}|[éÅßłЖ李\u{301}’–ªi]{1,4}|[a-z]{40,130}", 0..60),
        gaps in prop::collection::vec("[ .,:;@#()\\[\\]\n\u{200b}–-]{0,3}", 60),
    ) {
        let text: String = words.iter().zip(&gaps).flat_map(|(word, gap)| [word.as_str(), gap]).collect();
        agree(&text);
    }
}

#[test]
fn words_at_the_edges_of_blocks() {
    for length in 55..75 {
        for word in ["Smith", "é", "A1", "x", "–", "@", "of-the-"] {
            for tail in ["", " ", "b", "é", "-4"] {
                agree(&format!("{}{word}{tail}", "a".repeat(length)));
                agree(&format!("{}{word}{tail}", " ".repeat(length)));
                agree(&format!("{}{word}{tail}", "-".repeat(length)));
            }
        }
    }
}
