//! Payment card numbers, under 45 CFR 164.514(b)(2)(i)(J).
//!
//! ISO/IEC 7812-1: 13 to 19 digits, an issuer's prefix, Luhn; groups of four (or 4-6-5) with one kind of
//! separator. Behind a keyword the shape goes even if Luhn fails.

use super::keywords::Key;
use super::seen::{LENGTH_MAX, Seen};
use super::text::Text;
use super::value::{digits, last_digits, luhn, shape_amid, value_at};
use super::{Category, Detector, Hit, Needs, value};

/// Finds card numbers.
pub(super) struct Card;

/// The most digits of a card's number (ISO/IEC 7812-1).
const DIGITS_MAX: usize = 19;

/// What the first group looks like, or the whole number.
const FIRST: Seen = Seen::digits(4, LENGTH_MAX).or(Seen::codes(5, LENGTH_MAX));
const WHOLE: Seen = Seen::digits(13, LENGTH_MAX);

impl Detector for Card {
    fn id(&self) -> &'static str {
        "card"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Card]
    }

    fn example(&self) -> &'static str {
        "paid with 4111 1111 1111 1111 today"
    }

    fn needs(&self) -> Needs {
        Needs::seen(WHOLE).or(Needs::numbers(2)).or(Needs::key(Key::Card))
    }

    fn needs_too(&self) -> Needs {
        Needs::digits(13).or(Needs::key(Key::Card))
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        if text.has_key(Key::Card) {
            announced(text, hits);
        }
        for (index, seen) in text.numbers_like(FIRST) {
            // Of less than thirteen digits, it goes on behind a space or a hyphen.
            let coded = seen.any(Seen::codes(14, LENGTH_MAX));
            let hyphened_on = seen.any(Seen::GOES_ON) && seen.any(Seen::HYPHEN_BEHIND);
            let goes_on = hyphened_on || seen.any(Seen::GOES_ON) && seen.any(Seen::SPACE_BEHIND);
            if !(goes_on || seen.any(WHOLE) || coded) {
                continue;
            }
            let word = &text.words()[index];
            let start = word.start as usize;
            if hyphened_on && let Some((start, end)) = hyphened(text.text, start, word.end as usize) {
                hits.push(Hit { start, end, category: Category::Card, rule: "card.glued", score: 0.95 });
                continue;
            }
            if seen.any(Seen::CODES) {
                if let Some((start, end)) = track(text, index) {
                    hits.push(Hit { start, end, category: Category::Card, rule: "card.track", score: 0.95 });
                }
                continue;
            }
            let Some(found) = value_at(text.text, start).filter(|value| value.letters == 0) else { continue };
            // Another number stands right behind: "4111 1111 1111 1111 617-555-0123".
            if found.digits > DIGITS_MAX
                && let Some(end) = spaced(text.text, start)
            {
                let (category, rule) = (Category::Card, "card.luhn");
                hits.push(Hit { start, end, category, rule, score: 0.95 });
                continue;
            }
            if (13..=DIGITS_MAX).contains(&found.digits)
                && let Some(digits_fit) = is_card(&text.text[start..found.end], text.text, start)
                && (digits_fit
                    || called_card(text, index)
                    || text.has_key(Key::Card) && found.end - start > found.digits)
            {
                let end = found.end;
                hits.push(Hit { start, end, category: Category::Card, rule: "card.luhn", score: 0.95 });
            }
        }
    }
}

/// The numbers behind a keyword.
fn announced(text: &Text<'_>, hits: &mut Vec<Hit>) {
    value::keyed(text, &[Key::Card], 12, Category::Card, "card.keyword", hits);
    // "card ending in 4242"
    for (value, hit) in value::announced(text, &[Key::Card]) {
        let between = text.text.get(hit.end.saturating_sub(6)..value.start).unwrap_or("");
        let tail = value.digits == 4
            && value.letters == 0
            && ["ending", "ends", "last"].iter().any(|w| between.contains(w));
        if tail && hit.end > 0 {
            let (start, end) = (value.start, value.end);
            hits.push(Hit { start, end, category: Category::Card, rule: "card.tail", score: 0.8 });
        }
    }
}

/// Four groups of four, or 4-6-5, with spaces or hyphens, of which the last digit fits, whatever number follows.
fn spaced(text: &str, start: usize) -> Option<usize> {
    const SHAPES: [&str; 4] =
        ["dddd dddd dddd dddd", "dddd-dddd-dddd-dddd", "dddd dddddd ddddd", "dddd-dddddd-ddddd"];
    let joined = start > 0 && matches!(text.as_bytes()[start - 1], b'-' | b'.' | b'_' | b'/' | b':');
    let fits = |end: &usize| {
        digits::<DIGITS_MAX>(&text[start..*end])
            .is_some_and(|(digits, count)| issuer(&digits, count) && luhn(&digits[..count]))
            && matches!(text.as_bytes().get(*end), Some(b' ' | b'-' | b'/'))
    };
    SHAPES.iter().filter(|_| !joined).filter_map(|shape| shape_amid(text, start, shape)).find(fits)
}

/// `x4111-1111-1111-1111y`: four groups of four with hyphens, whatever letters stand beside them.
fn hyphened(text: &str, start: usize, end: usize) -> Option<(usize, usize)> {
    if text.as_bytes().get(end) != Some(&b'-') {
        return None;
    }
    let start = last_digits(text, start, end, 4)?;
    let end = shape_amid(text, start, "dddd-dddd-dddd-dddd")?;
    let (number, count) = digits::<DIGITS_MAX>(&text[start..end])?;
    let joined = |at: Option<&u8>| at.is_some_and(|byte| matches!(byte, b'-' | b'.'));
    let alone = !joined(start.checked_sub(1).and_then(|at| text.as_bytes().get(at)))
        && !joined(
            text.as_bytes().get(end).filter(|_| text.as_bytes().get(end + 1).is_some_and(u8::is_ascii_digit)),
        );
    (alone && issuer(&number, count) && luhn(&number[..count])).then_some((start, end))
}

/// The longest first track of a card, in characters (ISO/IEC 7813).
const TRACK_BYTES_MAX: usize = 79;

/// `%B4111111111111111^VEKES/ZOLTAN^2709101…?`: a card's first track, with the name on it, or what there is of it.
fn track(text: &Text<'_>, index: usize) -> Option<(usize, usize)> {
    let word = &text.words()[index];
    let digits_of = text.spelled(index).strip_prefix(['B', 'b'])?;
    let bytes = text.text.as_bytes();
    let (number, count) = digits::<DIGITS_MAX>(digits_of)?;
    if text.byte_behind(word) != b'^' || count != digits_of.len() || count < 13 || !luhn(&number[..count]) {
        return None;
    }
    let start = word.start as usize;
    let rest = &bytes[word.end as usize..bytes.len().min(start + TRACK_BYTES_MAX)];
    let end = rest.iter().position(|byte| matches!(byte, b'?' | b'"' | b'\n')).unwrap_or_else(|| {
        // Without its end, up to the last of its carets.
        rest.iter().rposition(|byte| *byte == b'^').unwrap_or(0)
    });
    Some((start, word.end as usize + end))
}

/// Whether a number has the groups, the length and the prefix of a card's; and if so, whether its last digit fits.
fn is_card(number: &str, text: &str, start: usize) -> Option<bool> {
    let (digits, count) = digits::<DIGITS_MAX>(number)?;
    let joined = start > 0 && matches!(text.as_bytes()[start - 1], b'-' | b'.' | b'_' | b'/' | b':');
    (groups_fit(number) && !joined && issuer(&digits, count)).then(|| luhn(&digits[..count]))
}

/// Whether the word before, or the one before that, is "card": "use the card 3400-…".
fn called_card(text: &Text<'_>, index: usize) -> bool {
    (1..=2).filter_map(|back| index.checked_sub(back)).any(|at| text.spelled(at).eq_ignore_ascii_case("card"))
}

/// No separators, or one kind of them with groups of at least four digits save the last.
fn groups_fit(number: &str) -> bool {
    let separator = number.bytes().find(|byte| !byte.is_ascii_digit());
    match separator {
        None => true,
        Some(separator @ (b' ' | b'-' | b'.')) => {
            let mut groups = number.split(char::from(separator)).peekable();
            let mut fits = true;
            while let Some(group) = groups.next() {
                fits &= group.bytes().all(|byte| byte.is_ascii_digit());
                fits &= groups.peek().is_none() || (4..=6).contains(&group.len());
            }
            fits
        }
        _ => false,
    }
}

/// Prefix and length of the networks: Visa, Mastercard, American Express, Discover, Diners, JCB, UnionPay,
/// Maestro.
fn issuer(digits: &[u8], count: usize) -> bool {
    let prefix = digits[..6].iter().fold(0u32, |number, digit| number * 10 + u32::from(*digit));
    match prefix {
        400_000..=499_999 => matches!(count, 13 | 16 | 19),
        510_000..=559_999 | 222_100..=272_099 => count == 16,
        340_000..=349_999 | 370_000..=379_999 => count == 15,
        601_100..=601_199 | 644_000..=659_999 => (16..=19).contains(&count),
        300_000..=305_999 | 360_000..=369_999 | 380_000..=399_999 => (14..=19).contains(&count),
        352_800..=358_999 => (16..=19).contains(&count),
        620_000..=629_999 => (16..=19).contains(&count),
        500_000..=509_999 | 560_000..=589_999 | 630_000..=639_999 | 670_000..=679_999 => {
            (13..=19).contains(&count)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
