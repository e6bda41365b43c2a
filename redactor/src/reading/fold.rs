//! Folding: what looks like ASCII becomes ASCII, and what only controls a terminal becomes nothing.
//!
//! Sources: Unicode 16 decimal digits (`Nd`), the `<wide>`, `<font>`, `<circle>` and `<small>` forms of
//! UnicodeData, white space and dashes by their properties, and of UTS 39 `confusables.txt` those letters of the
//! Cyrillic, Greek, Armenian and Latin blocks whose skeleton is one ASCII letter. A word of another script stays as
//! it is unless each of its letters looks Latin. Control characters by ISO 6429 (ECMA-48 sections 5.4 and 8.3).

use super::{Maker, Reading};

/// The text in plain ASCII as far as it goes; None if nothing in it needs that.
pub(crate) fn folded(text: &str) -> Option<Reading> {
    let bytes = text.as_bytes();
    // Without a branch, many bytes are looked at at once.
    if text.is_ascii() && !bytes.iter().fold(false, |any, byte| any | is_control(*byte)) {
        return None;
    }
    let mut maker = Maker::new(text);
    let mut at = 0;
    while let Some(next) = bytes[at..].iter().position(|byte| *byte >= 0x80 || is_control(*byte)) {
        let start = at + next;
        at = match bytes[start] {
            0..0x80 => control(bytes, start, &mut maker),
            // Letters of the Latin script, as names have them.
            0xC3..=0xCA => start + 2,
            _ => one(text, start, &mut maker),
        };
    }
    maker.finish()
}

/// A control character that is no white space of a text.
fn is_control(byte: u8) -> bool {
    (byte < b' ') & !matches!(byte, b'\t' | b'\n' | b'\r')
}

/// Takes out the control character at `start`, and the sequence that an escape opens: `ESC [ 31 m`. Those that part
/// lines, pages and records are spaces.
fn control(bytes: &[u8], start: usize, maker: &mut Maker<'_>) -> usize {
    const ESCAPE: u8 = 0x1B;
    const PARAMETERS_MAX: usize = 32;
    let mut end = start + 1;
    if bytes[start] == ESCAPE && bytes.get(end) == Some(&b'[') {
        let parameters = bytes[end + 1..].iter().take(PARAMETERS_MAX);
        let last = end + 1 + parameters.take_while(|byte| matches!(byte, 0x20..=0x3F)).count();
        if bytes.get(last).is_some_and(|byte| matches!(byte, 0x40..=0x7E)) {
            end = last + 1;
        }
    }
    let parts = matches!(bytes[start], 0x0B | 0x0C | 0x1C..=0x1F);
    maker.replace(start, end, parts.then_some(' '));
    end
}

/// Folds the character or the word at `start`, and gives the offset behind it.
fn one(text: &str, start: usize, maker: &mut Maker<'_>) -> usize {
    let Some(c) = text[start..].chars().next() else { return text.len() };
    let end = start + c.len_utf8();
    if look_alike(c).is_some() || other_script(c) {
        return word(text, start, maker);
    }
    let folded = match c {
        _ if no_width(c) => {
            let inside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c.is_ascii_graphic());
            let digit = |c: Option<char>| c.is_some_and(char::is_numeric);
            let between = inside(before(text, start)) && inside(after(text, end))
                || digit(over_space(text[..start].chars().rev())) && digit(over_space(text[end..].chars()));
            between.then_some(None)
        }
        // Marks over and around digits.
        _ if is_mark(c) => {
            let digit = text[..start].chars().rev().take(8).find(|c| !no_width(*c) && !is_mark(*c));
            digit.is_some_and(|c| c.is_ascii_digit()).then_some(None)
        }
        _ if is_space(c) => Some(Some(' ')),
        '\u{85}' | '\u{2028}' | '\u{2029}' => Some(Some('\n')),
        _ if is_dash(c) => dash(text, c, start, end).then_some(Some('-')),
        '。' | '｡' | '․' | '‧' | '·' | '．' | '﹒' => {
            let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            (inside(before(text, start)) && inside(after(text, end))).then_some(Some('.'))
        }
        _ => sign(c).or_else(|| digit(text, c, start, end)).or_else(|| letter(c)).map(Some),
    };
    if let Some(with) = folded {
        maker.replace(start, end, with);
    }
    end
}

/// The character before, but for those without width.
fn before(text: &str, at: usize) -> Option<char> {
    text[..at].chars().rev().take(8).find(|c| !no_width(*c))
}

/// The character behind, but for those without width.
fn after(text: &str, at: usize) -> Option<char> {
    text[at..].chars().take(8).find(|c| !no_width(*c))
}

/// Characters that are not seen: soft hyphen, joiners, marks of direction, selectors, tags.
fn no_width(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180B}'..='\u{180E}' | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{E0001}'..='\u{E01EF}')
}

/// Marks that stand over, under or around the letter before them.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{20D0}'..='\u{20F0}')
}

fn is_space(c: char) -> bool {
    matches!(
        c,
        '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' | '\u{2800}'
    )
}

fn is_dash(c: char) -> bool {
    matches!(
        c,
        '\u{2D7}' | '\u{58A}' | '\u{2010}'
            ..='\u{2015}'
                | '\u{2043}'
                | '\u{207B}'
                | '\u{208B}'
                | '\u{2212}'
                | '\u{2796}'
                | '\u{2E3A}'
                | '\u{30FC}'
                | '\u{FE58}'
                | '\u{FE63}'
                | '\u{FF0D}'
    )
}

/// Whether a dash joins what stands beside it: digits over a space at most, letters only if it is as short as a
/// hyphen. Others part sentences.
fn dash(text: &str, c: char, start: usize, end: usize) -> bool {
    let number = |c: Option<char>| c.is_some_and(|c| c.is_numeric() || matches!(c, '(' | ')'));
    let inside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '@');
    let left = over_space(text[..start].chars().rev());
    let right = over_space(text[end..].chars());
    let long = matches!(c, '\u{2014}' | '\u{2015}' | '\u{2E3A}');
    number(left) && number(right) || !long && inside(before(text, start)) && inside(after(text, end))
}

/// The first character that has width, or the second if that is a space.
fn over_space(characters: impl Iterator<Item = char>) -> Option<char> {
    let mut seen = characters.take(8).filter(|c| !no_width(*c));
    match seen.next() {
        Some(c) if c == ' ' || is_space(c) => seen.next(),
        first => first,
    }
}

/// Punctuation of the wide and small forms, and what looks like it.
fn sign(c: char) -> Option<char> {
    Some(match c {
        '\u{FF01}'..='\u{FF0F}'
        | '\u{FF1A}'..='\u{FF20}'
        | '\u{FF3B}'..='\u{FF40}'
        | '\u{FF5B}'..='\u{FF5E}' => char::from((c as u32 - 0xFEE0) as u8),
        '﹐' => ',',
        '﹕' | '∶' | '꞉' | '׃' => ':',
        '﹟' => '#',
        '﹢' => '+',
        '﹦' => '=',
        '﹫' => '@',
        '⁄' | '∕' | '⧸' => '/',
        // Lines of tables.
        '│' | '┃' | '║' | '┆' | '┊' | '╎' => '|',
        '─'..='━' | '═' | '┄'..='┅' => '-',
        '┌'..='╋' | '╒'..='╬' => '+',
        '﹙' | '⁽' => '(',
        '﹚' | '⁾' => ')',
        _ => return None,
    })
}

/// Where the decimal digits of other scripts begin, ten each (general category Nd).
const DIGITS: &[u32] = &[
    0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0,
    0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50,
    0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x11066, 0x1FBF0,
];

fn digit(text: &str, c: char, start: usize, end: usize) -> Option<char> {
    let code = c as u32;
    let value = match code {
        0x1D7CE..=0x1D7FF => (code - 0x1D7CE) % 10,
        _ if DIGITS.iter().any(|zero| (*zero..zero + 10).contains(&code)) => {
            code - DIGITS.iter().rev().find(|zero| **zero <= code)?
        }
        _ => {
            // An exponent or a number in a circle is part of a number only beside one.
            let value = match code {
                0x2070 | 0x24EA | 0x24FF => 0,
                0xB9 => 1,
                0xB2 | 0xB3 => code - 0xB0,
                0x2074..=0x2079 => code - 0x2070,
                0x2080..=0x2089 => code - 0x2080,
                0x2460..=0x2468 => code - 0x245F,
                0x2474..=0x247C => code - 0x2473,
                0x2776..=0x277E => code - 0x2775,
                0x2780..=0x2788 => code - 0x277F,
                0x278A..=0x2792 => code - 0x2789,
                _ => return None,
            };
            let beside = |c: Option<char>| c.is_some_and(|c| c.is_numeric() || is_dash(c) || c == '-');
            if !beside(before(text, start)) && !beside(after(text, end)) {
                return None;
            }
            value
        }
    };
    char::from_digit(value, 10)
}

/// Latin letters in other clothes: wide, mathematical, circled, letter-like.
fn letter(c: char) -> Option<char> {
    let code = c as u32;
    let nth = |at: u32| char::from(if at < 26 { b'A' + at as u8 } else { b'a' + (at - 26) as u8 });
    Some(match code {
        0xFF21..=0xFF3A | 0xFF41..=0xFF5A => char::from((code - 0xFEE0) as u8),
        0x1D400..=0x1D6A3 => nth((code - 0x1D400) % 52),
        0x24B6..=0x24E9 => nth(code - 0x24B6),
        0x1F110..=0x1F129 => nth(code - 0x1F110),
        0x1F130..=0x1F149 => nth(code - 0x1F130),
        0x1F150..=0x1F169 => nth(code - 0x1F150),
        0x1F170..=0x1F189 => nth(code - 0x1F170),
        _ => match c {
            'ℂ' | 'ℭ' => 'C',
            'ℊ' => 'g',
            'ℋ' | 'ℌ' | 'ℍ' => 'H',
            'ℎ' => 'h',
            'ℐ' | 'ℑ' => 'I',
            'ℒ' => 'L',
            'ℓ' => 'l',
            'ℕ' => 'N',
            'ℙ' => 'P',
            'ℚ' => 'Q',
            'ℛ' | 'ℜ' | 'ℝ' => 'R',
            'ℤ' | 'ℨ' => 'Z',
            '\u{212A}' => 'K',
            'ℬ' => 'B',
            'ℯ' => 'e',
            'ℰ' => 'E',
            'ℱ' => 'F',
            'ℳ' => 'M',
            'ℴ' => 'o',
            _ => return None,
        },
    })
}

/// Whether a letter belongs to a script in which letters look Latin.
fn other_script(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{587}' | '\u{1C80}'..='\u{1C8F}' | '\u{1F00}'..='\u{1FFF}')
        && c.is_alphabetic()
}

/// Folds the word around `start`, if each of its letters is Latin or looks it, and gives the offset behind it.
fn word(text: &str, start: usize, maker: &mut Maker<'_>) -> usize {
    const LETTERS_MAX: usize = 64;
    let part = |c: &char| c.is_alphanumeric() || no_width(*c);
    let floor = maker.from;
    let back: usize =
        text[floor..start].chars().rev().take(LETTERS_MAX).take_while(part).map(char::len_utf8).sum();
    let first = start - back;
    let length: usize = text[start..].chars().take(LETTERS_MAX).take_while(part).map(char::len_utf8).sum();
    let end = start + length;
    let letters = || text[first..end].chars().filter(|c| c.is_alphabetic());
    let latin = |c: char| c < '\u{250}' || letter(c).is_some();
    let fits = letters().all(|c| latin(c) || look_alike(c).is_some());
    // Words of one or two such letters are words of those languages.
    let mixed = text[first..end].chars().any(|c| c.is_numeric() || (c.is_alphabetic() && latin(c)));
    if fits && (mixed || letters().count() > 2) {
        for (at, c) in text[start..end].char_indices().map(|(at, c)| (start + at, c)) {
            let behind = at + c.len_utf8();
            let with = look_alike(c).or_else(|| letter(c)).or_else(|| digit(text, c, at, behind));
            if no_width(c) {
                maker.replace(at, behind, None);
            } else if let Some(with) = with {
                maker.replace(at, behind, Some(with));
            }
        }
    }
    end
}

/// The ASCII letter that a letter of another script cannot be told from.
fn look_alike(c: char) -> Option<char> {
    Some(match c {
        // Cyrillic
        'А' => 'A',
        'а' => 'a',
        'В' => 'B',
        'С' | 'Ϲ' => 'C',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'Е' => 'E',
        'е' => 'e',
        'Ԍ' => 'G',
        'һ' => 'h',
        'Н' => 'H',
        'І' | 'Ӏ' => 'I',
        'і' => 'i',
        'Ј' => 'J',
        'ј' => 'j',
        'К' => 'K',
        'ӏ' => 'l',
        'М' => 'M',
        'О' => 'O',
        'о' => 'o',
        'Р' => 'P',
        'р' => 'p',
        'ԛ' => 'q',
        'Ԛ' => 'Q',
        'Ѕ' => 'S',
        'ѕ' => 's',
        'Т' => 'T',
        'ѵ' => 'v',
        'Ԝ' => 'W',
        'ԝ' => 'w',
        'Х' => 'X',
        'х' => 'x',
        'У' | 'Ү' => 'Y',
        'у' | 'ү' => 'y',
        // Greek
        'Α' => 'A',
        'α' => 'a',
        'Β' => 'B',
        'Ε' => 'E',
        'Ζ' => 'Z',
        'Η' => 'H',
        'Ι' => 'I',
        'ι' => 'i',
        'Κ' => 'K',
        'Μ' => 'M',
        'Ν' => 'N',
        'ν' => 'v',
        'Ο' => 'O',
        'ο' => 'o',
        'Ρ' => 'P',
        'ρ' => 'p',
        'Τ' => 'T',
        'Υ' => 'Y',
        'υ' => 'u',
        'Χ' => 'X',
        'ϳ' => 'j',
        // Armenian
        'օ' => 'o',
        'ս' => 'u',
        'Օ' => 'O',
        'հ' => 'h',
        'ո' => 'n',
        'Տ' => 'S',
        _ => return None,
    })
}
