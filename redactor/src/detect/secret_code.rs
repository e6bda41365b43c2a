//! Codes that open something: verification codes, PINs, the three digits of a card, recovery codes, seed phrases.
//!
//! A code has few digits, so that only a keyword tells it from a count, and never "code" alone: ICD, CPT, ZIP and errors
//! have codes too. Seed phrases are twelve to twenty-four words (BIP-39).

use std::sync::LazyLock;

use super::keywords::{Key, KeyHit};
use super::lexicon::{self, WordSet};
use super::seen::Seen;
use super::text::{Shape, Text};
use super::words::{Parts, Words};
use super::{Category, Detector, Hit, Needs};

/// Finds codes that open something.
pub(super) struct SecretCode;

/// How many bytes may stand between the keyword and its code.
const GAP_BYTES_MAX: usize = 16;
/// How many recovery codes are taken behind their keyword.
const CODES_MAX: usize = 24;
/// The longest remark between a keyword of phrases and its sign, in bytes.
const REMARK_BYTES_MAX: usize = 48;
/// How many words a seed phrase has at least and at most.
const SEED_WORDS: std::ops::RangeInclusive<usize> = 12..=24;
/// The same of a passphrase.
const PHRASE_WORDS: std::ops::RangeInclusive<usize> = 3..=10;

/// The last words of keywords of codes that are digits.
static CODES: LazyLock<WordSet> = LazyLock::new(|| {
    lexicon::set(&[
        "code",
        "otp",
        "pin",
        "passcode",
        "cvv",
        "cvc",
        "value",
        "number",
        "gate",
        "door",
        "garage",
        "alarm",
        "safe",
        "lockbox",
        "digicode",
        "acces",
        "porte",
        "portail",
        "alarme",
        "acceso",
        "alarma",
        "portal",
        "allarme",
        "cancello",
        "porta",
        "turcode",
        "alarmcode",
        "tresorcode",
        "deurcode",
        "toegangscode",
        "pincode",
        "domofonu",
        "bramy",
        "alarmu",
        "drzwi",
        "portkod",
        "dorrkod",
        "larmkod",
        "dorkode",
        "portkode",
        "alarmkode",
        "dorkoden",
        "larmkoden",
        "portkoden",
        "dveri",
        "interfon",
        "kapukod",
        "riasztokod",
        "keysafe",
    ])
});

/// Those of them behind which letters may stand among the digits: what opens doors, not telephones and cards.
static OF_DOORS: LazyLock<WordSet> = LazyLock::new(|| {
    lexicon::set(&[
        "code",
        "gate",
        "door",
        "garage",
        "alarm",
        "safe",
        "lockbox",
        "digicode",
        "acces",
        "porte",
        "portail",
        "acceso",
        "portal",
        "porta",
        "cancello",
        "deurcode",
        "toegangscode",
        "domofonu",
        "bramy",
        "drzwi",
        "portkod",
        "dorrkod",
        "dorkode",
        "portkode",
        "dorkoden",
        "portkoden",
        "dveri",
        "interfon",
        "kapukod",
        "keysafe",
    ])
});

/// The first word of keywords of codes that open an account again.
static OF_ACCOUNTS: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(&["recovery", "backup"]));

/// Those of the three or four digits on a card, by the first word or the last.
static OF_CARDS: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(&["cvv", "cvc", "card", "security"]));

impl Detector for SecretCode {
    fn id(&self) -> &'static str {
        "secret_code"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Secret]
    }

    fn example(&self) -> &'static str {
        "the verification code is 881 204"
    }

    fn needs(&self) -> Needs {
        Needs::key(Key::Secret).or(Needs::seen(Seen::codes(3, 4).or(Seen::digits(4, 8))))
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let mut push = |(start, end): (usize, usize), rule| {
            if !text.blots.stand_in(&text.text[start..end]) {
                hits.push(Hit { start, end, category: Category::Secret, rule, score: 0.85 });
            }
        };
        if text.keyed(Key::Secret)
            && let Some(value) = under_key(text)
        {
            push(value, "secret_code.key");
        }
        for hit in text.keys().iter().filter(|hit| hit.key == Key::Secret) {
            let (Some(first), Some(last)) = (text.word_at(hit.first), text.word_at(hit.last)) else {
                continue;
            };
            match text.spelled(hit.last) {
                "codes" | "Codes" | "CODES" => {
                    recovery_codes(text, hit.end, |code| push(code, "secret_code.recovery"))
                }
                "code" | "Code" | "CODE" if OF_ACCOUNTS.contains(&first.hash) => {
                    recovery_codes(text, hit.end, |code| push(code, "secret_code.recovery"))
                }
                _ if is_phrase(text, hit) => {
                    if let Some(words) = seed_behind(text, hit) {
                        push(words, "secret_code.phrase");
                    }
                }
                _ if CODES.contains(&last.hash) => {
                    let of_card = OF_CARDS.contains(&first.hash) || OF_CARDS.contains(&last.hash);
                    // A CVC is a central venous catheter too.
                    let catheter = text.spelled(hit.last).eq_ignore_ascii_case("cvc")
                        && text.gap(hit.last) == " "
                        && !text.has_key(Key::Card);
                    let code = code_behind(text, hit.end, if of_card { 3 } else { 4 }).filter(|_| !catheter);
                    let lettered =
                        || OF_DOORS.contains(&last.hash).then(|| lettered(text, hit.end)).flatten();
                    if let Some(code) = code.or_else(|| code_before(text, hit)).or_else(lettered) {
                        push(code, "secret_code.digits");
                    }
                }
                _ => {}
            }
        }
        for (index, _) in text.numbers_like(Seen::digits(4, 8)) {
            if let Some(code) = yours(text, index) {
                push(code, "secret_code.digits");
            }
        }
        // A word with a digit begins no keyword.
        for (index, _) in text.numbers_like(Seen::codes(3, 4)) {
            if let Some(code) = numbered(text, index) {
                push(code, "secret_code.digits");
            }
        }
    }
}

/// Words between a keyword and its code.
static BETWEEN: Words<22> = Words::new([
    "is", "was", "s", "ist", "es", "est", "to", "now", "still", "set", "number", "lautet", "jest", "je",
    "este", "er", "nog", "steeds", "voordeur", "e", "mostani", "code",
]);

/// `digicode 48B17`, `kod do bramy K2291`, `access code WG-7QK-2291`: letters among three digits or more, right behind the
/// keyword.
fn lettered(text: &Text<'_>, from: usize) -> Option<(usize, usize)> {
    const CODE_BYTES: std::ops::RangeInclusive<usize> = 4..=16;
    let rest = &text.text[from..];
    let value = rest.trim_start_matches([':', '=', ' ', '(', '"', '\'']);
    let value = ["is ", "est ", "es ", "ist ", "jest "]
        .iter()
        .find_map(|verb| value.strip_prefix(verb))
        .unwrap_or(value);
    let start = text.text.len() - value.len();
    let of_code = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    let spelled = &value[..value.bytes().take(CODE_BYTES.end() + 1).take_while(of_code).count()];
    let count = |of: fn(&u8) -> bool| spelled.bytes().filter(of).count();
    let (digits, upper) = (count(u8::is_ascii_digit), count(u8::is_ascii_uppercase));
    let ends = !value[spelled.len()..].starts_with(['_', '.', '/', '=', '('])
        || value[spelled.len()..].starts_with(". ");
    let fits = CODE_BYTES.contains(&spelled.len()) && digits >= 3 && upper > 0 && ends && start > from;
    (fits && start - from <= GAP_BYTES_MAX).then_some((start, start + spelled.len()))
}

/// The code behind "CVV2", "CVC2" or "2FA code".
fn numbered(text: &Text<'_>, index: usize) -> Option<(usize, usize)> {
    static CARDS: Words<3> = Words::new(["cvv2", "cvc2", "cav2"]);
    let word = text.spelled(index);
    if CARDS.hold(word) {
        return code_behind(text, text.words()[index].end as usize, 3);
    }
    let told =
        word.eq_ignore_ascii_case("2fa") && matches!(text.spelled(index + 1), "code" | "token" | "pin");
    let end = text.word_at(index + 1).filter(|_| told && text.gap(index) == " ")?.end;
    code_behind(text, end as usize, 4)
}

/// The code that a message gives its reader: "your code is 482913", "Your code: 482913". Other codes have other words before
/// them.
fn yours(text: &Text<'_>, index: usize) -> Option<(usize, usize)> {
    static WHOSE: Words<2> = Words::new(["your", "my"]);
    static IS_AND_CODE: LazyLock<[u64; 2]> = LazyLock::new(|| ["is", "code"].map(lexicon::hash));
    let before = index.checked_sub(1)?;
    let [is, a_code] = *IS_AND_CODE;
    // Nearly every number has another word before it.
    let code = match text.words()[before].hash {
        hash if hash == is => before.checked_sub(1)?,
        hash if hash == a_code && text.gap(before).starts_with(':') => before,
        _ => return None,
    };
    let told = text.words()[code].hash == a_code && code > 0 && text.gap(code - 1) == " ";
    let end = text.word_at(code).filter(|_| told && WHOSE.hold(text.spelled(code - 1)))?.end as usize;
    code_behind(text, end, 4)
}

/// The code before its keyword, as messages have it: "551203 is your verification code".
fn code_before(text: &Text<'_>, hit: &KeyHit) -> Option<(usize, usize)> {
    // The sender's name may stand before the keyword: "your Clinic verification code".
    const SENDER_MAX: usize = 3;
    let from = hit.first.saturating_sub(SENDER_MAX + 1);
    let your = (from..hit.first).rev().find(|index| text.spelled(*index) == "your")?;
    let index = your.checked_sub(2).filter(|_| text.spelled(your - 1) == "is")?;
    let word = text.words()[index];
    ((4..=8).contains(&word.len()) && word.shape == Shape::Digits)
        .then_some((word.start as usize, word.end as usize))
}

/// Twelve words of three letters and what parts them.
const SEED_BYTES_MIN: usize = 12 * 3 + 11;

/// The whole text under a JSON key of a code or a seed phrase.
fn under_key(text: &Text<'_>) -> Option<(usize, usize)> {
    static CODES: Parts<10> = Parts::new([
        "cvv",
        "cvc",
        "passcode",
        "verification_code",
        "verificationcode",
        "security_code",
        "securitycode",
        "recovery_code",
        "backup_code",
        "otp",
    ]);
    static PHRASES: Parts<2> = Parts::new(["phrase", "mnemonic"]);
    let key = text.key?;
    let value = text.text.trim();
    let start = text.text.len() - text.text.trim_start().len();
    let digits = (3..=8).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit());
    // Few texts look like either, and keys are read to their end.
    let told = (digits || is_recovery_code(value)) && CODES.within(key)
        || value.starts_with(|letter: char| letter.is_ascii_lowercase())
            && value.len() >= SEED_BYTES_MIN
            && PHRASES.within(key)
            && lower_words(value, 0)
                .is_some_and(|(count, end)| SEED_WORDS.contains(&count) && end == value.len());
    told.then_some((start, start + value.len()))
}

/// The digits behind a keyword that ends at `from`: `882`, `551 203`, `4490#`.
fn code_behind(text: &Text<'_>, from: usize, least: usize) -> Option<(usize, usize)> {
    let bytes = text.text.as_bytes();
    let gap = bytes[from..].iter().take(GAP_BYTES_MAX).take_while(|byte| !byte.is_ascii_digit()).count();
    let start = from + gap;
    let between = text.text.get(from..start)?;
    let letters = between.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
    let signs = between.chars().filter(|letter| !letter.is_alphabetic());
    let told = between.starts_with([' ', ':', '=', '#', '"', '\'', '’', '\t', '('])
        && letters.clone().all(|word| BETWEEN.hold(word))
        && signs
            .clone()
            .all(|sign| matches!(sign, ' ' | ':' | '=' | '#' | '"' | '\'' | '’' | '`' | '*' | '\t' | '('));
    let length = digits_at(bytes, start)?;
    let digits = bytes[start..start + length].iter().filter(|byte| byte.is_ascii_digit()).count();
    let most = if least == 3 { 4 } else { 8 };
    // A year without a sign before it: "PIN 2019 report".
    let bare = between == " ";
    let year = bare && length == 4 && matches!(&bytes[start..start + 2], b"19" | b"20");
    (told && (least..=most).contains(&digits) && !year && !is_counted(text, start + length))
        .then_some((start, start + length))
}

/// The length of a group of digits, or of two of three with a space or hyphen between.
fn digits_at(bytes: &[u8], start: usize) -> Option<usize> {
    let run = |at: usize| {
        bytes[at.min(bytes.len())..].iter().take(9).take_while(|byte| byte.is_ascii_digit()).count()
    };
    let mut length = run(start);
    if length == 3 && matches!(bytes.get(start + 3), Some(b' ' | b'-')) && run(start + 4) == 3 {
        length = 7;
    }
    let behind = bytes.get(start + length);
    let then = bytes.get(start + length + 1).is_some_and(u8::is_ascii_digit);
    let goes_on = behind.is_some_and(u8::is_ascii_alphanumeric)
        || matches!(behind, Some(b'%' | b'_'))
        || matches!(behind, Some(b'.' | b',' | b'-' | b'/' | b':')) && then;
    (length > 0 && !goes_on).then_some(length)
}

/// Whether the digits before `end` count something: "pin code 6 digits".
fn is_counted(text: &Text<'_>, end: usize) -> bool {
    static COUNTED: Words<15> = Words::new([
        "tokens",
        "words",
        "rows",
        "lines",
        "bytes",
        "digits",
        "digit",
        "characters",
        "chars",
        "minutes",
        "seconds",
        "hours",
        "times",
        "attempts",
        "users",
    ]);
    let rest = text.text[end..].trim_start_matches([' ', '-']);
    let word = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    COUNTED.hold(&rest[..word])
}

/// The codes listed behind "recovery codes", or the one behind "recovery code": `8d2e-11af 90bc-43de`.
fn recovery_codes(text: &Text<'_>, from: usize, mut push: impl FnMut((usize, usize))) {
    let is_gap = |byte: u8| {
        byte.is_ascii_whitespace()
            || matches!(byte, b':' | b'=' | b',' | b';' | b'"' | b'\'' | b'[' | b'*' | b'`')
    };
    let bytes = text.text.as_bytes();
    let mut at = from;
    for _ in 0..CODES_MAX {
        at += bytes[at..].iter().take(GAP_BYTES_MAX).take_while(|byte| is_gap(**byte)).count();
        let length = bytes[at..]
            .iter()
            .take(GAP_BYTES_MAX * 2)
            .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-')
            .count();
        let code = &text.text[at..at + length];
        if matches!(code, "are" | "is") {
            at += length;
        } else if is_recovery_code(code) {
            push((at, at + length));
            at += length;
        } else {
            break;
        }
    }
}

/// Six characters and more with digits among them.
fn is_recovery_code(code: &str) -> bool {
    (6..=24).contains(&code.len())
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && code.bytes().filter(u8::is_ascii_digit).count() >= 2
}

/// Whether the keyword announces words: "seed phrase", "mnemonic", "passphrase".
fn is_phrase(text: &Text<'_>, hit: &KeyHit) -> bool {
    static PHRASES: Words<3> = Words::new(["phrase", "mnemonic", "passphrase"]);
    PHRASES.hold(text.spelled(hit.last))
}

/// The words behind a keyword of phrases: a seed's, or those of a passphrase, which fill their line or their quotes.
fn seed_behind(text: &Text<'_>, hit: &KeyHit) -> Option<(usize, usize)> {
    let rest = &text.text[hit.end..];
    let value = rest.trim_start_matches(['"', '\'', ' ', '\t']);
    // "Recovery phrase (do not lose): …"
    let remark = value
        .strip_prefix('(')
        .and_then(|remark| remark.get(..REMARK_BYTES_MAX.min(remark.len()))?.find(')'));
    let value = remark.map_or(value, |end| &value[end + 2..]);
    let value = [":", "=", "is "].into_iter().find_map(|sign| value.strip_prefix(sign))?;
    let opened = value.trim_start_matches(['"', '\'', ' ', '\t', '\n', '`']);
    let start = text.text.len() - opened.len();
    let (count, length) = lower_words(opened, 0)?;
    let closed = opened[length..].trim_start_matches(['.', ' ']);
    let fills = closed.is_empty() || closed.starts_with(['\n', '\r', '"', '\'', '`']);
    let seed = SEED_WORDS.contains(&count);
    let phrase =
        fills && PHRASE_WORDS.contains(&count) && text.spelled(hit.last).eq_ignore_ascii_case("passphrase");
    (seed || phrase && !is_sentence(text, start, start + length)).then_some((start, start + length))
}

/// How many words of lower-case letters stand there one space apart, and where they end.
fn lower_words(text: &str, from: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let (mut count, mut end, mut at) = (0, from, from);
    while count < *SEED_WORDS.end() {
        let length = bytes[at..].iter().take_while(|byte| byte.is_ascii_lowercase()).count();
        if !(2..=12).contains(&length) {
            break;
        }
        (count, end) = (count + 1, at + length);
        at = end + 1;
        if bytes.get(end) != Some(&b' ') {
            break;
        }
    }
    (count > 0).then_some((count, end))
}

/// Whether words that hold a sentence together stand there: then it speaks of a passphrase and is none.
fn is_sentence(text: &Text<'_>, start: usize, end: usize) -> bool {
    static GRAMMAR: Words<30> = Words::new([
        "the", "an", "is", "are", "was", "must", "be", "not", "no", "for", "to", "of", "at", "least",
        "should", "may", "can", "with", "and", "or", "your", "if", "when", "this", "that", "enter", "use",
        "used", "only", "from",
    ]);
    let words = text.words();
    let first = words.partition_point(|word| (word.start as usize) < start);
    let last = words.partition_point(|word| (word.end as usize) <= end);
    (first..last).any(|index| words[index].shape != Shape::Lower || GRAMMAR.hold(text.spelled(index)))
}

#[cfg(test)]
mod tests;
