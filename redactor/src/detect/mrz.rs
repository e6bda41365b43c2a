//! Machine-readable zones of passports, identity cards and visas.
//!
//! ICAO Doc 9303 parts 4 to 7: two lines of 44 (passports, visas A) or 36 characters (cards of format 2, visas B), three of 30
//! (cards of format 1), of capitals, digits and `<`. They hold name, number, nationality, date of birth; a line that
//! opens with P, I, A, C or V, or whose check digits by the weights 7 3 1 hold, goes whole. One line alone may come
//! from a scanner.

use super::text::Text;
use super::{Category, Detector, Hit, Needs};

/// Finds machine-readable zones.
pub(super) struct Mrz;

impl Detector for Mrz {
    fn id(&self) -> &'static str {
        "mrz"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::NationalId]
    }

    fn example(&self) -> &'static str {
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
    }

    fn needs(&self) -> Needs {
        Needs::signs(b"<")
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        if !text.may_hold(b'<') {
            return;
        }
        let bytes = text.text.as_bytes();
        let mut covered = 0;
        for sign in memchr::memchr_iter(b'<', bytes) {
            if sign < covered {
                continue;
            }
            let of = |byte: &&u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || **byte == b'<';
            let start = sign - bytes[covered..sign].iter().rev().take_while(of).count();
            let end = sign + bytes[sign..].iter().take_while(of).count();
            covered = end;
            let line = &bytes[start..end];
            if opens(line) || checked(line) {
                let rule = "mrz.line";
                hits.push(Hit { start, end, category: Category::NationalId, rule, score: 0.95 });
                // The second line may have no filler: numbers and dates all through.
                if let Some((start, end)) = next_line(bytes, end, line.len()) {
                    hits.push(Hit { start, end, category: Category::NationalId, rule, score: 0.95 });
                }
            }
        }
    }
}

/// A first line: the document's kind, the issuer, and the name's double filler or the number.
fn opens(line: &[u8]) -> bool {
    matches!(line.len(), 30 | 36 | 44)
        && matches!(line[0], b'P' | b'I' | b'A' | b'C' | b'V')
        && line[2..5].iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'<')
        && (line.len() == 30 || line[5..].windows(2).any(|pair| pair == b"<<"))
}

/// A line of numbers: the check digit of the date of birth and of one more field.
fn checked(line: &[u8]) -> bool {
    match line.len() {
        44 | 36 => check(&line[..9], line[9]) && check(&line[13..19], line[19]),
        30 => {
            check(&line[..6], line[6])
                && check(&line[8..14], line[14])
                && line[..6].iter().all(u8::is_ascii_digit)
        }
        _ => false,
    }
}

/// Digits count themselves, letters from A = 10, the filler nought; weights 7 3 1 in turn, modulo 10.
fn check(field: &[u8], digit: u8) -> bool {
    let value = |byte: u8| match byte {
        b'0'..=b'9' => u32::from(byte - b'0'),
        b'A'..=b'Z' => u32::from(byte - b'A') + 10,
        _ => 0,
    };
    let sum: u32 =
        field.iter().zip([7, 3, 1].iter().cycle()).map(|(byte, weight)| value(*byte) * weight).sum();
    digit.is_ascii_digit() && sum % 10 == u32::from(digit - b'0')
}

/// The line of the same length right behind.
fn next_line(bytes: &[u8], end: usize, length: usize) -> Option<(usize, usize)> {
    let breaks = bytes[end..].iter().take(2).take_while(|byte| matches!(byte, b'\n' | b'\r' | b' ')).count();
    let start = end + breaks;
    let line = bytes.get(start..start + length).filter(|_| breaks > 0)?;
    let of = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'<';
    let closed = !bytes.get(start + length).is_some_and(of);
    (closed && line.iter().all(of)).then_some((start, start + length))
}

#[cfg(test)]
mod tests;
