//! Which words may be judged, and which are nobody's whatever the weights say: measures, sums, what was left before.

use std::sync::LazyLock;

use super::surroundings::{KNOWN, NEIGHBOURS, Surroundings, Unit, WORD};
use crate::detect::{Lex, Shape, Word, WordSet, hash_of_word, term_use};

/// How far from everything found an unknown word in small letters may stand, in bytes.
const NEAR_BYTES: usize = 40;

/// The longest word between two things found that may be a part of both, with what stands beside it, in bytes.
const GAP_BYTES_MAX: usize = 24;

/// How many digits by themselves are too many for a measure.
const DIGITS_MIN: usize = 4;

/// What is counted and measured: SI and its prefixes as they occur, units of medicine, of data, of time and of money.
#[rustfmt::skip]
const UNITS: [&str; 97] = [
    "g", "kg", "mg", "mcg", "ug", "ng", "pg", "fg", "t", "lb", "lbs", "oz",
    "m", "km", "cm", "mm", "um", "nm", "ft", "in", "mi", "miles",
    "l", "ml", "dl", "cl", "ul", "fl", "gal",
    "mol", "mmol", "umol", "nmol", "pmol", "meq", "iu", "u", "units", "miu", "cells", "copies", "bpm", "mmhg", "kpa", "pa",
    "hz", "khz", "mhz", "ghz", "w", "kw", "kwh", "v", "kv", "mah", "kcal", "cal", "kj", "j", "rpm",
    "b", "kb", "mb", "gb", "tb", "kib", "mib", "gib", "bytes", "px", "dpi", "tokens", "rows", "steps",
    "s", "ms", "us", "ns", "sec", "secs", "seconds", "min", "mins", "minutes", "h", "hr", "hrs", "hours", "days",
    "µg", "µl", "µm", "µmol", "µs",
    "usd", "eur", "gbp",
];

/// Codes of currencies before a sum (ISO 4217), of those most used.
const CURRENCIES: [&str; 16] = [
    "USD", "EUR", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "AUD", "CAD", "NZD", "INR", "JPY", "ZAR",
    "BRL",
];

/// What addresses, paths, files and programs are made of: top-level domains, directories (Filesystem Hierarchy Standard 3.0),
/// attributes of directories (RFC 4519), types and endings. In small letters these are nobody's.
#[rustfmt::skip]
const OF_PROGRAMS: [&str; 96] = [
    "com", "org", "net", "edu", "gov", "int", "mil", "io", "www", "http", "https", "mailto", "ftp", "sftp", "ssh", "ssl", "tls", "tcp",
    "udp", "dns", "ldap", "localhost", "example", "dc", "ou", "cn", "tmp", "usr", "var", "etc", "opt", "bin", "lib", "src", "mnt",
    "srv", "proc", "json", "xml", "yaml", "yml", "toml", "csv", "tsv", "txt", "log", "logs", "html", "htm", "css", "js", "ts", "jsx",
    "tsx", "py", "rb", "php", "sql", "pdf", "docx", "xlsx", "pptx", "png", "jpg", "jpeg", "gif", "svg", "zip", "tar", "gz", "md", "cfg",
    "conf", "ini", "env", "uuid", "guid", "url", "uri", "api", "sdk", "cli", "ids", "utf", "ascii", "null", "nil", "undefined", "str",
    "bool", "varchar", "stderr", "stdout", "stdin", "auth", "config",
];

/// [`OF_PROGRAMS`] by their hashes.
static OF_PROGRAMS_SET: LazyLock<WordSet> =
    LazyLock::new(|| OF_PROGRAMS.iter().map(|word| hash_of_word(word)).collect());

/// [`UNITS`] by their hashes.
static OF_UNITS: LazyLock<WordSet> = LazyLock::new(|| UNITS.iter().map(|unit| hash_of_word(unit)).collect());

impl<R: Fn(&Word) -> (usize, usize)> Surroundings<'_, '_, R> {
    /// The words that may be judged whatever stands around them, and those that something around them makes a part of a
    /// name or a number; rising.
    pub(super) fn candidates(&self) -> Vec<u32> {
        let mut candidates = Vec::new();
        let by_itself = |(index, word): (usize, &Word)| self.may_be(index, word).then_some(index as u32);
        candidates.extend(self.text.rare().filter_map(by_itself));
        let words = self.text.words();
        candidates.extend(self.text.numbers().map(|index| (index, &words[index])).filter_map(by_itself));
        if self.text.may_hold(b'_') || self.text.may_hold(b'@') {
            for at in memchr::memchr2_iter(b'_', b'@', self.text.text.as_bytes()) {
                let behind = words.partition_point(|word| (word.start as usize) < at) as u32;
                candidates.extend(behind.checked_sub(1));
                candidates.push(behind);
            }
        }
        for index in self.text.tied().filter(|index| self.text.joint(*index) == b'.') {
            candidates.extend([index as u32, index as u32 + 1]);
        }
        for between in self.covered.windows(2) {
            let gap = between[0].end..between[1].start;
            if gap.len() <= GAP_BYTES_MAX {
                let first = words.partition_point(|word| (self.raw)(word).0 < gap.start);
                candidates.push(first as u32);
            }
        }
        // Made of a few lists that rise.
        candidates.sort();
        candidates.dedup();
        candidates.retain(|index| (*index as usize) < words.len());
        candidates
    }

    /// Whether a word may be judged by what it is, and by what stands right beside it: most are told apart here, before
    /// anything is looked up. Small words of a language are not judged by themselves, nor those that a sentence opens with.
    fn may_be(&self, index: usize, word: &Word) -> bool {
        let likely = match word.shape {
            Shape::Lower => !word.lex.any(KNOWN) && word.len() > 1,
            Shape::Capital => !self.opens_sentence((self.raw)(word).0, word),
            Shape::Digits => {
                let (start, end) = (self.raw)(word);
                let bytes = self.written.as_bytes();
                let joins = |byte: Option<&u8>| matches!(byte, Some(b'.' | b',' | b'/' | b'-' | b'_' | b'@'));
                let long = word.len() >= DIGITS_MIN
                    || word.len() > 1
                        && (joins(start.checked_sub(1).map(|before| &bytes[before]))
                            || joins(bytes.get(end)));
                long && !self.has_unit(index)
            }
            _ => word.len() > 1,
        };
        likely && !is_nobodys(word)
    }

    /// Whether a unit stands behind a number.
    fn has_unit(&self, index: usize) -> bool {
        let next = self.text.word_at(index + 1);
        next.is_some_and(|next| OF_UNITS.contains(&next.hash)) && self.text.joint(index) == b' '
    }

    /// That word, if it may be judged where it stands.
    pub(super) fn candidate(&self, index: u32) -> Option<Unit> {
        let index = index as usize;
        let word = &self.text.words()[index];
        if is_nobodys(word) {
            return None;
        }
        let small = word.shape == Shape::Lower;
        let (start, end) = (self.raw)(word);
        // The letter of an escape, and what stands right behind it.
        if start > 0 && self.written.as_bytes()[start - 1] == b'\\' {
            return None;
        }
        if term_use(self.text, index) || self.is_of_program(index, start, end) {
            return None;
        }
        let nearest = self.covered.partition_point(|range| range.end <= start);
        let behind = self.covered.get(nearest).map_or(usize::MAX, |range| range.start);
        if behind < end || self.opens_sentence(start, word) {
            return None;
        }
        let tied = self.is_tied(start, end, if word.shape >= Shape::Digits { b"_@" } else { b"_@." });
        if small && !tied {
            let before = nearest.checked_sub(1).map(|before| self.covered[before].end);
            if behind - end > NEAR_BYTES && before.is_none_or(|before| start - before > NEAR_BYTES) {
                return None;
            }
        }
        let unit = self.unit(index);
        let found_before = || self.found_near(&unit, self.before(&unit));
        let found_behind = || self.found_near(&unit, self.behind(&unit));
        let may = match word.shape {
            // A year, a state.
            _ if unit.was_found() => false,
            // An initial.
            _ if word.len() < 2 => word.shape == Shape::Capital && (found_before() || found_behind()),
            Shape::Digits => (tied || self.is_long(&unit)) && !self.is_amount(&unit) && !self.is_zip(&unit),
            // Genes, grades and seats have few letters and digits, and a measure its unit behind it.
            Shape::Alnum => {
                tied || word.len() > 3
                    && !is_measure(self.text.spelled(index))
                    && !is_product(self.text.spelled(index))
            }
            // A small word of a language only as a part of something.
            Shape::Lower if unit.id & WORD != 0 => tied || found_before() && found_behind(),
            _ => true,
        };
        may.then_some(unit)
    }

    /// Whether it is half of what a program prints of an object or an image: `Foo@1b2c3d` (Java SE, `Object.toString`), the
    /// digest of `postgres:16-alpine@sha256:…` and what is before it (OCI Distribution Specification 1.1).
    fn is_of_program(&self, index: usize, start: usize, end: usize) -> bool {
        const IDENTITY_DIGITS: std::ops::RangeInclusive<usize> = 5..=8;
        let bytes = self.written.as_bytes();
        let hex = |word: &[u8]| word.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let identity = |word: &Word| {
            let spelled = &self.text.text.as_bytes()[word.range()];
            IDENTITY_DIGITS.contains(&spelled.len()) && hex(spelled) && spelled.iter().any(u8::is_ascii_digit)
        };
        let word = &self.text.words()[index];
        if bytes.get(end) == Some(&b'@') {
            let object = || {
                matches!(word.shape, Shape::Capital | Shape::Mixed)
                    && self.text.word_at(index + 1).is_some_and(identity)
            };
            return bytes[end + 1..].starts_with(b"sha256:") || object();
        }
        let of_object = || {
            start > 0
                && bytes[start - 1] == b'@'
                && index > 0
                && matches!(self.text.words()[index - 1].shape, Shape::Capital | Shape::Mixed)
                && identity(word)
        };
        self.written[..start].ends_with("@") && self.written[start..].starts_with("sha256:")
            || self.written[..start].ends_with("sha256:")
            || of_object()
    }

    /// Whether it is a word of a language and nobody's name, and has its capital from the sentence that it opens.
    fn opens_sentence(&self, start: usize, word: &Word) -> bool {
        const NAMES: Lex =
            Lex::FIRST.or(Lex::FIRST_ANY).or(Lex::LAST).or(Lex::TOWN).or(Lex::TOWN_ABROAD).or(Lex::TOWN_OPEN);
        if word.shape != Shape::Capital || !word.lex.any(Lex::WORD) || word.lex.any(NAMES) {
            return false;
        }
        let before = self.written[..start].trim_end_matches([' ', '"', '(']);
        before.is_empty() || before.ends_with(['.', '!', '?', '\n'])
    }

    /// Whether digits may be what is left of a ZIP code, or one that a policy keeps, behind a place.
    fn is_zip(&self, unit: &Unit) -> bool {
        let letters = || {
            let behind = self.behind(unit).filter(|behind| !behind.was_found());
            behind.is_some_and(|unit| self.word(&unit).shape == Shape::Upper && self.word(&unit).len() == 2)
        };
        let length = self.word(unit).len();
        (matches!(length, 3 | 5) || length == 4 && letters())
            && self.before(unit).is_some_and(|before| {
                before.was_found() && matches!(self.gap(&before, Some(unit)), b" " | b", ")
            })
    }

    /// Whether a unit stands behind digits, a currency before them, or another number that they are multiplied with.
    fn is_amount(&self, unit: &Unit) -> bool {
        let before = self.written[..unit.start].trim_end_matches(' ');
        let behind = &self.written[unit.end..];
        let coded = before.len() < unit.start
            && before.get(before.len().saturating_sub(3)..).is_some_and(|code| CURRENCIES.contains(&code));
        before.ends_with(['$', '€', '£', '¥'])
            || coded
            || self.has_unit(unit.words.1)
            || behind.starts_with('%')
            || behind.trim_start_matches(' ').starts_with(['%', '°', '€', '£', 'µ', '×'])
            || behind.starts_with("/µ")
    }

    /// Whether digits are too many for a measure: four and more by themselves, seven together with those they are joined to,
    /// as a blood pressure or a range is. A number with a comma, or a point and no more, is a sum.
    fn is_long(&self, unit: &Unit) -> bool {
        let bytes = self.written.as_bytes();
        let joins = |byte: Option<&u8>| matches!(byte, Some(b'.' | b',' | b'/' | b'-'));
        if !joins(unit.start.checked_sub(1).map(|before| &bytes[before])) && !joins(bytes.get(unit.end)) {
            return self.word(unit).len() >= DIGITS_MIN;
        }
        let joined = |left: &Unit, right: &Unit| {
            let digits = |unit: &Unit| !unit.was_found() && self.word(unit).shape == Shape::Digits;
            let gap = self.gap(left, Some(right));
            (matches!(gap, [b'.' | b',' | b'/' | b'-']) && digits(left) && digits(right)).then(|| gap[0])
        };
        let (mut parts, mut digits) = (1, self.word(unit).len());
        let (mut points, mut commas) = (0, 0);
        let mut short = self.word(unit).len() <= 3;
        let mut note = |sign: u8, length: usize| {
            short &= length <= 3;
            parts += 1;
            digits += length;
            points += usize::from(sign == b'.');
            commas += usize::from(sign == b',');
        };
        let mut left = *unit;
        for _ in 0..NEIGHBOURS {
            let Some((before, sign)) = self.before(&left).and_then(|at| Some((at, joined(&at, &left)?)))
            else {
                break;
            };
            note(sign, self.word(&before).len());
            left = before;
        }
        let mut right = *unit;
        for _ in 0..NEIGHBOURS {
            let Some((behind, sign)) = self.behind(&right).and_then(|at| Some((at, joined(&right, &at)?)))
            else {
                break;
            };
            note(sign, self.word(&behind).len());
            right = behind;
        }
        // "1.500.000"
        let round = self.text.spelled(right.words.1).ends_with("00");
        let grouped = points + 1 == parts && points > 1 && short && round;
        commas == 0 && (parts, points) != (2, 1) && !grouped && digits >= if parts == 1 { 4 } else { 7 }
    }

    /// Whether one of these signs stands right before or behind a word, and a letter or digit beyond it: so are the parts of
    /// the name of an account joined.
    fn is_tied(&self, start: usize, end: usize, signs: &[u8]) -> bool {
        let bytes = self.written.as_bytes();
        let wordy = |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii();
        let before = start >= 2 && signs.contains(&bytes[start - 1]) && wordy(&bytes[start - 2]);
        before || matches!(bytes.get(end..), Some([sign, next, ..]) if signs.contains(sign) && wordy(next))
    }
}

/// Whether a word is nobody's wherever it stands.
fn is_nobodys(word: &Word) -> bool {
    let lex = if word.shape == Shape::Lower { Lex::DRUG } else { Lex::NEVER.or(Lex::DRUG) };
    // "Min" and "J" are names, too.
    word.lex.any(lex)
        || word.shape != Shape::Capital && OF_UNITS.contains(&word.hash)
        || word.shape == Shape::Lower && OF_PROGRAMS_SET.contains(&word.hash)
}

/// Whether it is two numbers that are multiplied: `1920x1080`.
fn is_product(spelled: &str) -> bool {
    let number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    spelled.split_once(['x', 'X']).is_some_and(|(width, height)| number(width) && number(height))
}

/// Whether a few digits have a unit behind them: `84yo`, `40mg`.
fn is_measure(spelled: &str) -> bool {
    let unit = spelled.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = spelled.len() - unit.len();
    (1..=3).contains(&digits) && unit.len() <= 3 && unit.bytes().all(|byte| byte.is_ascii_lowercase())
}
