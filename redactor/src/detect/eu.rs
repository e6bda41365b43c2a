//! Numbers by which European states know a person, under GDPR Art. 87 and 45 CFR 164.514(b)(2)(i)(R): the 27 member
//! states, the United Kingdom, Switzerland, Norway and Iceland, a file for each state.
//!
//! A state's file says how each of its numbers is written, the issuer's rule (check digits, a date of birth) and
//! the words that announce it. The dispatcher here looks at each word with a digit once, by its length: only the
//! ways of writing that begin with a word of that length are compared, and only on a match a rule is computed.
//! Behind a number's own keyword, or a general one ("tax id"), the shape goes whether the rule holds or not;
//! without one it must hold, and counts as much as [`Scheme::bare`] and [`Scheme::written`] say: ten or eleven
//! bare digits satisfy some state's rule by chance.

use std::sync::LazyLock;

use super::keywords::Key;
use super::lexicon::{self, ByWord};
use super::text::{Shape, Text};
use super::{Category, Detector, Hit, Needs};

mod at;
mod be;
mod bg;
mod ch;
mod check;
mod cy;
mod cz;
mod de;
mod dk;
mod ee;
mod ehic;
mod es;
mod fi;
mod fr;
mod gb;
mod gr;
mod hr;
mod hu;
mod ie;
mod is;
mod it;
mod lt;
mod lu;
mod lv;
mod mt;
mod nl;
mod no;
mod pl;
mod pt;
mod ro;
mod se;
mod si;
mod sk;

/// Finds European numbers.
pub(super) struct Eu;

/// One number of one state.
struct Scheme {
    /// `eu.`, the state's code by ISO 3166-1, a dot, the number's own name.
    rule: &'static str,
    category: Category,
    /// How it is written: `d` a digit, `a` a letter, `x` either, anything else itself; a space may be a
    /// no-break space, a hyphen a no-break hyphen or a dash.
    forms: &'static [&'static str],
    /// The issuer's rule over its digits and capital letters, without what is written between.
    fits: fn(&[u8]) -> bool,
    /// How sure a number without a keyword is that satisfies the rule, written without separators. [`KEYWORD`]: not
    /// at all.
    bare: f32,
    /// The same with its usual separators.
    written: f32,
    /// What announces it, folded, with commas between; behind these anything with five digits goes.
    words: &'static str,
    /// The same for abbreviations that mean other things too: behind these only the number's own shape goes.
    hints: &'static str,
}

/// A score: needs a keyword.
const KEYWORD: f32 = 0.0;
/// A score: counts only beside another identifier.
const COMPANY: f32 = 0.45;
/// A score: a check digit and a date, or the like.
const LIKELY: f32 = 0.6;
/// A score: two check digits and a date, or letters and a check.
const SURE: f32 = 0.85;
/// The score behind a keyword.
const ANNOUNCED: f32 = 0.9;

/// How far behind its keyword a number may start, in bytes.
const REACH_BYTES: usize = 40;
/// The longest number, in letters and digits.
const NUMBER_MAX: usize = 20;

/// Every number held. Of several that fit, the first is reported.
static STATES: &[&[Scheme]] = &[
    at::SCHEMES,
    be::SCHEMES,
    bg::SCHEMES,
    ch::SCHEMES,
    cy::SCHEMES,
    cz::SCHEMES,
    de::SCHEMES,
    dk::SCHEMES,
    ee::SCHEMES,
    ehic::SCHEMES,
    es::SCHEMES,
    fi::SCHEMES,
    fr::SCHEMES,
    gb::SCHEMES,
    gr::SCHEMES,
    hr::SCHEMES,
    hu::SCHEMES,
    ie::SCHEMES,
    is::SCHEMES,
    it::SCHEMES,
    lt::SCHEMES,
    lu::SCHEMES,
    lv::SCHEMES,
    mt::SCHEMES,
    nl::SCHEMES,
    no::SCHEMES,
    pl::SCHEMES,
    pt::SCHEMES,
    ro::SCHEMES,
    se::SCHEMES,
    si::SCHEMES,
    sk::SCHEMES,
];

/// A way of writing and the numbers that are written so.
struct Form {
    text: &'static [u8],
    /// Bytes before its first word with a digit.
    lead: usize,
    /// Nothing between its letters and digits.
    bare: bool,
    /// What its first word with a digit is made of: digits only, or letters in some place.
    digits: bool,
    letters: bool,
    /// The separator behind that word.
    next: Option<u8>,
    /// What stands behind the separator.
    then: u8,
    schemes: Vec<&'static Scheme>,
}

impl Form {
    /// Whether its first word with a digit may be followed by this byte. A space or a hyphen has other kinds, all beyond
    /// ASCII, which stand together for [`BEYOND`].
    fn may_stand_before(&self, behind: u8) -> bool {
        self.next.is_none_or(|next| behind == next || behind == BEYOND)
    }

    /// The cheap look before [`at_word`] at a word with this behind it, of which the first byte fits: how the word is
    /// written and what goes on.
    #[inline]
    fn may_be(&self, shape: Shape, behind: [u8; 2]) -> bool {
        let written = match shape {
            Shape::Digits => !self.letters,
            _ => !self.digits,
        };
        written
            && (self.next.is_none()
                || behind[0] >= BEYOND
                || match self.then {
                    b'd' => behind[1].is_ascii_digit(),
                    b'a' => behind[1].is_ascii_alphabetic(),
                    b'x' => behind[1].is_ascii_alphanumeric(),
                    wanted => behind[1] == wanted,
                })
    }
}

/// The first byte beyond ASCII.
const BEYOND: u8 = 0x80;

/// The forms by the length of their first word with a digit, and which schemes a phrase announces.
struct Table {
    by_length: [Vec<Form>; NUMBER_MAX + 1],
    /// By that length and the byte behind the word, up to [`BEYOND`] for all beyond ASCII: the forms that go on so, as
    /// a range of `orders`.
    behind: Vec<[(u32, u32); BEYOND as usize + 1]>,
    /// Places in a list of `by_length`, in its order.
    orders: Vec<u8>,
    by_phrase: ByWord<Vec<&'static Scheme>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table {
        by_length: Default::default(),
        behind: Vec::new(),
        orders: Vec::new(),
        by_phrase: ByWord::default(),
    };
    for scheme in STATES.iter().copied().flatten() {
        for text in scheme.forms {
            let (lead, length) = first_number(text);
            let forms = &mut table.by_length[length];
            match forms.iter_mut().find(|form| form.text == text.as_bytes()) {
                Some(form) => form.schemes.push(scheme),
                None => {
                    let bare = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
                    let word = &text.as_bytes()[lead..lead + length];
                    forms.push(Form {
                        text: text.as_bytes(),
                        lead,
                        bare,
                        digits: word.iter().all(|byte| matches!(byte, b'd' | b'0'..=b'9')),
                        letters: word.iter().any(|byte| !matches!(byte, b'd' | b'x' | b'0'..=b'9')),
                        next: text.as_bytes().get(lead + length).copied(),
                        then: text.as_bytes().get(lead + length + 1).copied().unwrap_or(0),
                        schemes: vec![scheme],
                    });
                }
            }
        }
        for phrase in split(scheme.words).chain(split(scheme.hints)) {
            let last = joined(phrase.split(' ').map(lexicon::hash));
            table.by_phrase.entry(last).or_default().push(scheme);
        }
    }
    // The longest first: "dd ddd ddd ddd" before "dd ddd".
    for forms in &mut table.by_length {
        // The longest first: "dd ddd ddd ddd" before "dd ddd".
        forms.sort_by_key(|form| std::cmp::Reverse(form.text.len()));
        table.behind.push(std::array::from_fn(|behind| {
            let first = table.orders.len() as u32;
            let fits = |form: &&(&Form, u8)| form.0.may_stand_before(behind as u8);
            let forms: Vec<(&Form, u8)> = forms.iter().zip(0..).collect();
            table.orders.extend(forms.iter().filter(fits).map(|(_, place)| place));
            (first, table.orders.len() as u32)
        }));
    }
    table
});

/// One hash of the hashes of a phrase's words (Fibonacci hashing).
fn joined(words: impl Iterator<Item = u64>) -> u64 {
    words.fold(0, |hash, word| (hash ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29))
}

fn split(phrases: &'static str) -> impl Iterator<Item = &'static str> {
    phrases.split(',').map(str::trim).filter(|phrase| !phrase.is_empty())
}

/// Where the first word with a digit begins in a form, and how long it is.
fn first_number(form: &str) -> (usize, usize) {
    let wordy = |byte: &u8| byte.is_ascii_alphanumeric();
    let bytes = form.as_bytes();
    let digit = bytes.iter().position(|byte| matches!(byte, b'd' | b'x' | b'0'..=b'9')).unwrap_or(0);
    let lead = bytes[..digit].iter().rposition(|byte| !wordy(byte)).map_or(0, |joint| joint + 1);
    (lead, bytes[lead..].iter().take_while(|byte| wordy(byte)).count())
}

/// The keywords of all states, for the table of keywords.
pub(super) fn phrases() -> impl Iterator<Item = (Key, &'static str)> {
    STATES.iter().copied().flatten().flat_map(|scheme| {
        let key = if scheme.category == Category::HealthPlan { Key::HealthPlan } else { Key::NationalId };
        let words = split(scheme.words).map(move |phrase| (key, phrase));
        words.chain(split(scheme.hints).map(|phrase| (Key::NationalHint, phrase)))
    })
}

impl Detector for Eu {
    fn id(&self) -> &'static str {
        "eu"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::NationalId, Category::HealthPlan]
    }

    fn example(&self) -> &'static str {
        "codice fiscale RSSMRA85T10A562S"
    }

    fn needs(&self) -> Needs {
        Needs::NUMBERS
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let table = &*TABLE;
        let mut covered = 0;
        for index in text.numbers() {
            let word = text.words()[index];
            if word.start < covered || word.len() > NUMBER_MAX {
                continue;
            }
            let forms = &table.by_length[word.len()];
            let at =
                |offset: usize| text.text.as_bytes().get(word.end as usize + offset).copied().unwrap_or(0);
            let behind = [at(0), at(1)];
            let (first, last) = table.behind[word.len()][usize::from(behind[0].min(BEYOND))];
            let mut forms = table.orders[first as usize..last as usize]
                .iter()
                .map(|place| &forms[usize::from(*place)])
                .filter(|form| form.may_be(word.shape, behind));
            if let Some(hit) = forms.find_map(|form| at_word(text, word.start as usize, form)) {
                covered = hit.end as u32;
                hits.push(hit);
            }
        }
    }
}

/// The number of this form around the word that starts at `at`, if there is one.
fn at_word(text: &Text<'_>, at: usize, form: &Form) -> Option<Hit> {
    let bytes = text.text.as_bytes();
    let start = lead_start(bytes, at, form)?;
    let mut number = [0; NUMBER_MAX];
    let (end, length) = read(bytes, start, form.text, &mut number)?;
    let number = &number[..length];
    let clear = clear(bytes, start, end);
    let alone = |scheme: &&&Scheme| {
        let score = if form.bare { scheme.bare } else { scheme.written };
        clear && score > KEYWORD && (scheme.fits)(number)
    };
    let announced = announced(text, start, form);
    let hit =
        |scheme: &Scheme, score| Hit { start, end, category: scheme.category, rule: scheme.rule, score };
    if let Some(scheme) = announced.iter().find(|scheme| (scheme.fits)(number)).or(announced.first()) {
        return Some(hit(scheme, ANNOUNCED));
    }
    // A time in seconds since 1970, as logs have it: ten digits of 2017 to 2033.
    if form.bare && length == 10 && matches!(number, [b'1', b'5'..=b'9', ..]) {
        return None;
    }
    let scheme = form.schemes.iter().find(alone)?;
    let score = if form.bare { scheme.bare } else { scheme.written };
    // The same in milliseconds.
    let time = form.bare && length == 13 && matches!(number, [b'1', b'5'..=b'9', ..]);
    Some(hit(scheme, if time { score.min(COMPANY) } else { score }))
}

/// Where the form begins if its first word with a digit begins at `at`.
fn lead_start(bytes: &[u8], at: usize, form: &Form) -> Option<usize> {
    if form.lead == 0 {
        return Some(at);
    }
    // The lead is letters and one separator: "AB 12 34 56 C", "X-1234567-L".
    let start = at.checked_sub(form.lead)?;
    let opened = start > 0 && (bytes[start - 1].is_ascii_alphanumeric() || bytes[start - 1] >= 0x80);
    (!opened && bytes[start].is_ascii_alphabetic()).then_some(start)
}

/// Reads a form from `start` on: the end, and how many letters and digits went into `number`.
fn read(bytes: &[u8], start: usize, form: &[u8], number: &mut [u8; NUMBER_MAX]) -> Option<(usize, usize)> {
    let (mut at, mut length) = (start, 0);
    for want in form {
        let byte = *bytes.get(at)?;
        let wordy = match want {
            b'd' => byte.is_ascii_digit(),
            b'a' => byte.is_ascii_alphabetic(),
            b'x' => byte.is_ascii_alphanumeric(),
            b' ' | b'-' => {
                at += separator(&bytes[at..], *want)?;
                continue;
            }
            want => {
                if byte != *want {
                    return None;
                }
                want.is_ascii_alphanumeric()
            }
        };
        if wordy {
            *number.get_mut(length)? = byte.to_ascii_uppercase();
            length += 1;
        } else if want.is_ascii_alphanumeric() {
            return None;
        }
        at += 1;
    }
    (!bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')).then_some((at, length))
}

/// The length of a space or hyphen, in any of its kinds.
fn separator(rest: &[u8], want: u8) -> Option<usize> {
    let others: &[&[u8]] = if want == b' ' {
        &["\u{a0}".as_bytes(), "\u{202f}".as_bytes(), "\u{2009}".as_bytes()]
    } else {
        &["\u{2010}".as_bytes(), "\u{2011}".as_bytes(), "\u{2013}".as_bytes(), "\u{2212}".as_bytes()]
    };
    if rest[0] < 0x80 {
        return (rest[0] == want).then_some(1);
    }
    others.iter().find(|other| rest.starts_with(other)).map(|other| other.len())
}

/// Whether the number stands for itself: no part of a longer code, no amount of money, no decimal, no telephone.
fn clear(bytes: &[u8], start: usize, end: usize) -> bool {
    let before = match start.checked_sub(1).map(|at| bytes[at]) {
        None => true,
        Some(b'+' | b'_' | b'$' | b'#' | b'<' | b'%') => false,
        Some(b'-' | b'.' | b'/' | b',' | b':' | b'*') => start < 2 || !bytes[start - 2].is_ascii_digit(),
        // The last byte of a currency's sign.
        Some(0xA3 | 0xAC) => false,
        Some(_) => true,
    };
    let behind = match bytes.get(end) {
        Some(b'%' | b'_') => false,
        Some(b'-' | b'.' | b'/' | b',' | b':') => !bytes.get(end + 1).is_some_and(u8::is_ascii_digit),
        _ => true,
    };
    before && behind
}

/// The numbers of this form that a keyword before `start` announces, or the text's JSON key.
fn announced(text: &Text<'_>, start: usize, form: &Form) -> Vec<&'static Scheme> {
    const KEYS: [Key; 3] = [Key::NationalId, Key::NationalHint, Key::HealthPlan];
    if !KEYS.iter().any(|key| text.has_key(*key)) {
        return Vec::new();
    }
    let own = |schemes: &[&'static Scheme]| -> Vec<&'static Scheme> {
        let named = |scheme: &&&'static Scheme| schemes.iter().any(|other| std::ptr::eq(*other, **scheme));
        form.schemes.iter().filter(named).copied().collect()
    };
    let upto = text.keys().partition_point(|hit| hit.end <= start);
    for hit in text.keys()[..upto].iter().rev().take_while(|hit| hit.end + REACH_BYTES >= start) {
        if !KEYS.contains(&hit.key) {
            continue;
        }
        let words = text.words()[hit.first..=hit.last].iter();
        let last = joined(words.map(|word| word.hash));
        match TABLE.by_phrase.get(&last) {
            Some(schemes) => {
                let own = own(schemes);
                if !own.is_empty() {
                    return own;
                }
            }
            None if hit.key == Key::NationalId => return form.schemes.clone(),
            None => {}
        }
    }
    let keyed = start <= REACH_BYTES && (text.keyed(Key::NationalId) || text.keyed(Key::NationalHint));
    if keyed { form.schemes.clone() } else { Vec::new() }
}

#[cfg(test)]
mod tests;
