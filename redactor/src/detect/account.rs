//! Account numbers, 45 CFR 164.514(b)(2)(i)(J): bank and customer accounts, IBAN, routing numbers.
//!
//! IBAN: ISO 13616-1, mod 97 by ISO 7064. Routing numbers: ABA's weights 3, 7, 1, always with a keyword, since
//! one number in ten passes by chance.

use super::keywords::{Key, KeyHit};
use super::seen::{LENGTH_MAX, Seen};
use super::text::Text;
use super::words::Words;
use super::{Category, Detector, Hit, Needs, value};

/// Finds account numbers.
pub(super) struct Account;

impl Detector for Account {
    fn id(&self) -> &'static str {
        "account"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Account]
    }

    fn example(&self) -> &'static str {
        "pay to DE89 3704 0044 0532 0130 00"
    }

    fn needs(&self) -> Needs {
        Needs::seen(Seen::CAPITAL.or(NRB).or(SORT_CODE))
            .or(Needs::key(Key::Account))
            .or(Needs::key(Key::Routing))
    }

    fn needs_too(&self) -> Needs {
        Needs::NUMBERS
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        value::keyed(text, &[Key::Account], 5, Category::Account, "account.keyword", hits);
        for hit in text.keys().iter().filter(|hit| hit.key == Key::Account) {
            if let Some((start, end)) = bank_code(text, hit) {
                hits.push(Hit { start, end, category: Category::Account, rule: "account.bic", score: 0.8 });
            }
        }
        value::keyed(text, &[Key::Routing], 9, Category::Account, "account.routing", hits);
        for (index, seen) in text.numbers_like(NRB.or(SORT_CODE)) {
            let start = text.words()[index].start as usize;
            if seen.any(Seen::GOES_ON) && seen.any(Seen::HYPHEN_BEHIND) {
                if let Some((code, from, end)) = sorted_account(text.text, start) {
                    for (start, end) in [(start, code), (from, end)] {
                        hits.push(Hit {
                            start,
                            end,
                            category: Category::Account,
                            rule: "account.sorted",
                            score: 0.8,
                        });
                    }
                }
            } else if let Some(end) = nrb_end(text.text, start) {
                hits.push(Hit { start, end, category: Category::Account, rule: "account.nrb", score: 0.9 });
            }
        }
        // Its first group has four characters at least.
        let capital = text.numbers_like(Seen::CAPITAL);
        for (index, _) in capital.filter(|(_, seen)| seen.any(Seen::codes(4, LENGTH_MAX))) {
            let start = text.words()[index].start as usize;
            if let Some((end, checked)) = iban_end(text.text, start) {
                // In groups of four it is one though its check fails, or where an account is spoken of.
                let grouped = text.text[start..end].bytes().filter(|byte| *byte == b' ').count() >= 3;
                if checked || grouped || text.has_key(Key::Account) {
                    let score = if checked { 0.99 } else { 0.7 };
                    hits.push(Hit { start, end, category: Category::Account, rule: "account.iban", score });
                }
            }
        }
    }
}

/// `BIC BYLADEM1001`: the code of a bank behind its name, eight or eleven characters (ISO 9362).
fn bank_code(text: &Text<'_>, hit: &KeyHit) -> Option<(usize, usize)> {
    /// Countries with banks and without IBAN (ISO 3166-1), by the size of their payments.
    const ELSEWHERE: [&[u8; 2]; 14] =
        [b"US", b"CA", b"JP", b"CN", b"HK", b"SG", b"AU", b"NZ", b"IN", b"KR", b"ZA", b"MX", b"TH", b"MY"];
    static NAMES: Words<2> = Words::new(["bic", "swift"]);
    let called = NAMES.hold(text.spelled(hit.first)) || NAMES.hold(text.spelled(hit.last));
    let word = text.word_at(hit.last + 1).filter(|_| called && text.gap(hit.last).len() <= 3)?;
    let code = text.spelled(hit.last + 1).as_bytes();
    let fits = matches!(code.len(), 8 | 11)
        && code[..6].iter().all(u8::is_ascii_uppercase)
        && (length_of([code[4], code[5]]) > 0 || ELSEWHERE.contains(&&[code[4], code[5]]))
        && code[6..].iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    fits.then_some((word.start as usize, word.end as usize))
}

/// What a Polish account number without its country begins with, in one piece and in groups.
const NRB: Seen = Seen::digits(LENGTH_MAX, LENGTH_MAX).or(Seen::digits(2, 2));
/// The first pair of a sort code.
const SORT_CODE: Seen = Seen::digits(2, 2);

/// A Polish account number (NRB) without `PL`: 26 digits, in groups of four behind the check digits or in one piece, whose
/// check digits hold (ISO 13616-1).
fn nrb_end(text: &str, start: usize) -> Option<usize> {
    const PL: u64 = 2521;
    let end = ["dd dddd dddd dddd dddd dddd dddd", "dddddddddddddddddddddddddd"]
        .iter()
        .find_map(|shape| value::shape_at(text, start, shape))?;
    let digits = || text[start..end].bytes().filter(u8::is_ascii_digit).map(|byte| u64::from(byte - b'0'));
    let rest = |sum: u64, digit: u64| (sum * 10 + digit) % 97;
    let sum = digits().skip(2).fold(0, rest);
    let check = digits().take(2).fold(0, |sum, digit| sum * 10 + digit);
    ((sum * 1_000_000 + PL * 100 + check) % 97 == 1).then_some(end)
}

/// A British sort code and the account behind it: `30-98-71 / 00448213`, `60-83-71 91827734` (UK Payments, sorting codes of
/// three pairs, accounts of eight digits). Gives the ends of both and where the account begins.
fn sorted_account(text: &str, start: usize) -> Option<(usize, usize, usize)> {
    const BETWEEN_MAX: usize = 12;
    let end = value::shape_at(text, start, "dd-dd-dd")?;
    let behind = &text.as_bytes()[end..];
    let gap = behind.iter().take(BETWEEN_MAX).take_while(|byte| !byte.is_ascii_digit()).count();
    let between = text.get(end..end + gap)?.trim_matches([' ', '/', ',', ':', '.', ';', '|', '\t']);
    let account = value::shape_at(text, end + gap, "dddddddd").filter(|_| gap > 0)?;
    matches!(between, "" | "number" | "no" | "account" | "acct" | "acc" | "a/c" | "ac" | "and").then_some((
        end,
        end + gap,
        account,
    ))
}

/// Where the IBAN that starts here ends: its country's length (SWIFT IBAN Registry), groups of four or none,
/// and whether mod 97 equals 1.
fn iban_end(text: &str, start: usize) -> Option<(usize, bool)> {
    let bytes = text.as_bytes();
    if !bytes[start].is_ascii_uppercase() || (start > 0 && bytes[start - 1].is_ascii_alphanumeric()) {
        return None;
    }
    let length = length_of(*bytes.get(start..)?.first_chunk()?);
    if length == 0 {
        return None;
    }
    let (mut at, mut count, mut remainder, mut head) = (start, 0, 0u32, 0u32);
    while count < length {
        match *bytes.get(at)? {
            b' ' | b'-' if count > 0 && count % 4 == 0 => {}
            byte if byte.is_ascii_uppercase() || byte.is_ascii_digit() => {
                let number =
                    if byte.is_ascii_digit() { u32::from(byte - b'0') } else { u32::from(byte - b'A') + 10 };
                let sum = if count < 4 { &mut head } else { &mut remainder };
                *sum = (*sum * if number > 9 { 100 } else { 10 } + number)
                    % if count < 4 { u32::MAX } else { 97 };
                count += 1;
            }
            _ => return None,
        }
        at += 1;
    }
    // The four characters of the head move behind the rest: two letters of two digits each, two digits.
    let check = (remainder * 1_000_000 + head) % 97;
    let digits = text[start + 2..start + 4].bytes().all(|byte| byte.is_ascii_digit());
    (digits && !bytes.get(at).is_some_and(u8::is_ascii_alphanumeric)).then_some((at, check == 1))
}

/// The length that a country gives its numbers, 0 if it has none.
fn length_of(country: [u8; 2]) -> usize {
    let letter = |byte: u8| usize::from(byte.wrapping_sub(b'A'));
    let (first, second) = (letter(country[0]), letter(country[1]));
    if first < 26 && second < 26 { usize::from(LENGTHS[first * 26 + second]) } else { 0 }
}

/// [`IBAN_LENGTHS`] by the two letters.
static LENGTHS: [u8; 26 * 26] = {
    let mut lengths = [0; 26 * 26];
    let mut at = 0;
    while at < IBAN_LENGTHS.len() {
        let (code, length) = IBAN_LENGTHS[at];
        let code = code.as_bytes();
        lengths[(code[0] - b'A') as usize * 26 + (code[1] - b'A') as usize] = length;
        at += 1;
    }
    lengths
};

/// Country codes and lengths, SWIFT IBAN Registry.
const IBAN_LENGTHS: &[(&str, u8)] = &[
    ("AD", 24),
    ("AE", 23),
    ("AL", 28),
    ("AT", 20),
    ("AZ", 28),
    ("BA", 20),
    ("BE", 16),
    ("BG", 22),
    ("BH", 22),
    ("BR", 29),
    ("BY", 28),
    ("CH", 21),
    ("CR", 22),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DK", 18),
    ("DO", 28),
    ("EE", 20),
    ("EG", 29),
    ("ES", 24),
    ("FI", 18),
    ("FO", 18),
    ("FR", 27),
    ("GB", 22),
    ("GE", 22),
    ("GI", 23),
    ("GL", 18),
    ("GR", 27),
    ("GT", 28),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IL", 23),
    ("IQ", 23),
    ("IS", 26),
    ("IT", 27),
    ("JO", 30),
    ("KW", 30),
    ("KZ", 20),
    ("LB", 28),
    ("LC", 32),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("MC", 27),
    ("MD", 24),
    ("ME", 22),
    ("MK", 19),
    ("MR", 27),
    ("MT", 31),
    ("MU", 30),
    ("NL", 18),
    ("NO", 15),
    ("PK", 24),
    ("PL", 28),
    ("PS", 29),
    ("PT", 25),
    ("QA", 29),
    ("RO", 24),
    ("RS", 22),
    ("SA", 24),
    ("SC", 31),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("SM", 27),
    ("TN", 24),
    ("TR", 26),
    ("UA", 29),
    ("VA", 22),
    ("VG", 24),
    ("XK", 20),
];

#[cfg(test)]
mod tests;
