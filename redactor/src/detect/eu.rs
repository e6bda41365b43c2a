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
use super::seen::Seen;
use super::text::Text;
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

/// The keywords that may announce such a number.
const KEYS: [Key; 3] = [Key::NationalId, Key::NationalHint, Key::HealthPlan];
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
    /// Where a digit stands, and where one stands or none, each separator taken for one byte: a bit for each byte.
    digits_at: u32,
    told_at: u32,
    schemes: Vec<&'static Scheme>,
}

impl Form {
    /// Whether such a number may be found without a keyword.
    fn goes_alone(&self) -> bool {
        self.schemes.iter().any(|scheme| scheme.score(self.bare) > KEYWORD)
    }

    /// The cheap look before [`at_word`], of which the first byte fits.
    fn may_be(&self, gate: &Gate) -> bool {
        let written = if gate.digits { !self.letters } else { !self.digits };
        // A space or a hyphen has other kinds, all beyond ASCII.
        let beyond = gate.behind == class(BEYOND);
        let stands = match self.next {
            None => true,
            Some(next) if beyond => matches!(next, b' ' | b'-'),
            Some(next) => class(next) == gate.behind,
        };
        let goes_on = self.next.is_none()
            || beyond
            || match self.then {
                b'd' | b'0'..=b'9' => gate.then == Then::Digit,
                b'x' => gate.then != Then::Other,
                b'a'..=b'z' | b'A'..=b'Z' => gate.then == Then::Letter,
                _ => gate.then == Then::Other,
            };
        written && stands && goes_on && (gate.announced || self.goes_alone())
    }
}

impl Scheme {
    /// How sure a number without a keyword is.
    fn score(&self, bare: bool) -> f32 {
        if bare { self.bare } else { self.written }
    }
}

/// What is seen of a number at a glance: which forms it may have hangs on this alone.
struct Gate {
    /// The length of its first word with a digit.
    length: usize,
    /// Nothing but digits in it.
    digits: bool,
    /// The [`class`] of the byte behind it.
    behind: usize,
    /// What stands behind that byte.
    then: Then,
    /// Some keyword of such numbers stands in the text.
    announced: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Then {
    Digit,
    Letter,
    Other,
}

impl Gate {
    const COUNT: usize = (NUMBER_MAX + 1) * 2 * CLASSES * 3 * 2;

    #[inline]
    fn place(&self) -> usize {
        let place = self.length * 2 + usize::from(self.digits);
        ((place * CLASSES + self.behind) * 3 + self.then as usize) * 2 + usize::from(self.announced)
    }

    /// Every gate, in the order of their places.
    fn all() -> impl Iterator<Item = Gate> {
        (0..Gate::COUNT).map(|place| Gate {
            length: place / (2 * CLASSES * 6),
            digits: place / (CLASSES * 6) % 2 == 1,
            behind: place / 6 % CLASSES,
            then: [Then::Digit, Then::Letter, Then::Other][place / 2 % 3],
            announced: place % 2 == 1,
        })
    }
}

/// The first byte beyond ASCII.
const BEYOND: u8 = 0x80;

/// How many classes of bytes there are by [`class`].
const CLASSES: usize = 8;

/// What a byte between two words of a number is: a class for each separator that a form has behind its first word.
const fn class(byte: u8) -> usize {
    match byte {
        b' ' => 1,
        b'-' => 2,
        b'/' => 3,
        b'.' => 4,
        b'+' => 5,
        b'(' => 6,
        BEYOND.. => 7,
        _ => 0,
    }
}

/// What is looked at of a form before it is read.
struct Look {
    place: u8,
    /// See [`Form`]; a form with a lead begins elsewhere, and tells nothing here.
    digits_at: u32,
    told_at: u32,
}

/// [`class`] of every byte.
static CLASS_OF: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = class(byte as u8) as u8;
        byte += 1;
    }
    classes
};

/// The forms by the length of their first word with a digit, and which schemes a phrase announces.
struct Table {
    by_length: [Vec<Form>; NUMBER_MAX + 1],
    /// By the place of a [`Gate`]: the forms that may pass it, as a range of `orders`.
    gates: Vec<(u32, u32)>,
    /// Forms by their places in a list of `by_length`, in its order.
    orders: Vec<Look>,
    by_phrase: ByWord<Vec<&'static Scheme>>,
    /// What the first word with a digit looks like of a number that may be found without a keyword, or with one.
    alone: Seen,
    told: Seen,
    /// The fewest digits of a number that may be found without a keyword.
    digits_min: u8,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table {
        by_length: Default::default(),
        gates: Vec::new(),
        orders: Vec::new(),
        by_phrase: ByWord::default(),
        alone: Seen::NOTHING,
        told: Seen::NOTHING,
        digits_min: 9,
    };
    for scheme in STATES.iter().copied().flatten() {
        for text in scheme.forms {
            let (lead, length) = first_number(text);
            let forms = &mut table.by_length[length];
            match forms.iter_mut().find(|form| form.text == text.as_bytes()) {
                Some(form) => form.schemes.push(scheme),
                None => forms.push(Form::new(text.as_bytes(), lead, length, scheme)),
            }
        }
        for phrase in split(scheme.words).chain(split(scheme.hints)) {
            let last = joined(phrase.split(' ').map(lexicon::hash));
            table.by_phrase.entry(last).or_default().push(scheme);
        }
    }
    // The longest first: "dd ddd ddd ddd" before "dd ddd".
    for forms in &mut table.by_length {
        forms.sort_by_key(|form| std::cmp::Reverse(form.text.len()));
    }
    for form in table.by_length.iter().flatten() {
        table.told = table.told.or(form.first());
        if form.goes_alone() {
            table.alone = table.alone.or(form.first());
            let digits = form.text.iter().filter(|byte| matches!(byte, b'd' | b'0'..=b'9')).count();
            table.digits_min = table.digits_min.min(digits as u8).max(1);
        }
    }
    for gate in Gate::all() {
        let first = table.orders.len() as u32;
        let forms = table.by_length[gate.length].iter().zip(0..);
        let look = |(form, place): (&Form, u8)| {
            let (digits_at, told_at) = if form.lead == 0 { (form.digits_at, form.told_at) } else { (0, 0) };
            Look { place, digits_at, told_at }
        };
        table.orders.extend(forms.filter(|(form, _)| form.may_be(&gate)).map(look));
        table.gates.push((first, table.orders.len() as u32));
    }
    table
});

impl Form {
    /// What its first word with a digit looks like.
    fn first(&self) -> Seen {
        let length = self.text[self.lead..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let (digits, codes) = (Seen::digits(length, length), Seen::codes(length, length));
        match (self.digits, self.letters) {
            (true, _) => digits,
            (_, true) => codes,
            _ => digits.or(codes),
        }
    }

    fn new(text: &'static [u8], lead: usize, length: usize, scheme: &'static Scheme) -> Form {
        let word = &text[lead..lead + length];
        let next = text.get(lead + length).copied();
        debug_assert!(next.is_none_or(|next| class(next) > 0), "a separator without a class");
        assert!(text.len() < FORM_MAX, "a form longer than what is looked at");
        let behind = text.get(lead + length + 1..).unwrap_or_default();
        Form {
            text,
            lead,
            bare: text.iter().all(u8::is_ascii_alphanumeric),
            digits: word.iter().all(|byte| matches!(byte, b'd' | b'0'..=b'9')),
            letters: word.iter().any(|byte| !matches!(byte, b'd' | b'x' | b'0'..=b'9')),
            next,
            then: behind.first().copied().unwrap_or(0),
            digits_at: bits(text, |byte| matches!(byte, b'd' | b'0'..=b'9')),
            // Behind the number no digit stands.
            told_at: bits(text, |byte| byte != b'x') | 1 << text.len(),
            schemes: vec![scheme],
        }
    }
}

/// A bit for each byte of which that is so.
fn bits(bytes: &[u8], so: impl Fn(u8) -> bool) -> u32 {
    bytes.iter().zip(0..).map(|(byte, place)| u32::from(so(*byte)) << place).sum()
}

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
        KEYS.iter().fold(Needs::seen(TABLE.alone), |needs, key| needs.or(Needs::key(*key)))
    }

    fn needs_too(&self) -> Needs {
        KEYS.iter().fold(Needs::digits(TABLE.digits_min), |needs, key| needs.or(Needs::key(*key)))
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let table = &*TABLE;
        let bytes = text.text.as_bytes();
        let announced = KEYS.iter().any(|key| text.has_key(*key));
        let mut covered = 0;
        for (index, seen) in text.numbers_like(if announced { table.told } else { table.alone }) {
            let word = &text.words()[index];
            let length = word.len();
            if word.start < covered {
                continue;
            }
            let end = word.end as usize;
            let behind = bytes.get(end).map_or(0, |byte| usize::from(CLASS_OF[usize::from(*byte)]));
            let then = match bytes.get(end + 1) {
                _ if seen.any(Seen::GOES_ON) => Then::Digit,
                Some(byte) if byte.is_ascii_alphabetic() => Then::Letter,
                _ => Then::Other,
            };
            let gate = Gate { length, digits: seen.any(Seen::DIGITS), behind, then, announced };
            let (first, last) = table.gates[gate.place()];
            if first == last {
                continue;
            }
            let start = word.start as usize;
            let digits = digits_from(bytes, start);
            let may_be = |look: &&Look| digits.is_none_or(|digits| digits & look.told_at == look.digits_at);
            let looks = table.orders[first as usize..last as usize].iter().filter(may_be);
            let mut forms = looks.map(|look| &table.by_length[length][usize::from(look.place)]);
            if let Some(hit) = forms.find_map(|form| at_word(text, start, form)) {
                covered = hit.end as u32;
                hits.push(hit);
            }
        }
    }
}

/// The longest form and the byte behind it.
const FORM_MAX: usize = 24;

/// Where digits stand from `start` on, a bit for each byte of the longest form. None if a byte beyond ASCII is among them,
/// since a separator may then have several.
fn digits_from(bytes: &[u8], start: usize) -> Option<u32> {
    let mut window = [0; FORM_MAX];
    match bytes.get(start..start + FORM_MAX) {
        Some(whole) => window.copy_from_slice(whole),
        None => window[..bytes.len() - start].copy_from_slice(&bytes[start..]),
    }
    let (mut digits, mut high) = (0, 0);
    for (eight, at) in window.as_chunks::<8>().0.iter().zip([0, 8, 16]) {
        let eight = u64::from_le_bytes(*eight);
        high |= eight & EACH_HIGH;
        // A byte less `0` is below ten: the sum does not reach its highest bit, which no ASCII byte has.
        let less = eight ^ (EACH * u64::from(b'0'));
        let others = ((less & !EACH_HIGH) + EACH * (0x80 - 10)) | less;
        // The highest bits of eight bytes, gathered in one.
        let eight_digits = (!others & EACH_HIGH) >> 7;
        digits |= (eight_digits.wrapping_mul(0x0102_0408_1020_4080) >> 56) << at;
    }
    (high == 0).then_some(digits as u32)
}

/// One in each byte, and the highest bit of each.
const EACH: u64 = 0x0101_0101_0101_0101;
const EACH_HIGH: u64 = 0x8080_8080_8080_8080;

/// The number of this form around the word that starts at `at`, if there is one.
fn at_word(text: &Text<'_>, at: usize, form: &Form) -> Option<Hit> {
    let bytes = text.text.as_bytes();
    let start = lead_start(bytes, at, form)?;
    let mut number = [0; NUMBER_MAX];
    let (end, length) = read(bytes, start, form.text, &mut number)?;
    let number = &number[..length];
    let clear = clear(bytes, start, end);
    let alone = |scheme: &&&Scheme| clear && scheme.score(form.bare) > KEYWORD && (scheme.fits)(number);
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
    let score = scheme.score(form.bare);
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
    if in_fields(bytes, start, end) {
        return true;
    }
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

/// Whether the number is a field of a line that commas part: `1,44051401458,2`. With a comma on one side only it may be the
/// whole or the fraction of a decimal, unless the other part is too long for that.
fn in_fields(bytes: &[u8], start: usize, end: usize) -> bool {
    const LONG: usize = 4;
    let run = |digits: &mut dyn Iterator<Item = &u8>| {
        digits.take(LONG).take_while(|byte| byte.is_ascii_digit()).count()
    };
    let (left, right) = (&bytes[..start], &bytes[end..]);
    let before = left.strip_suffix(b",").map(|rest| run(&mut rest.iter().rev()));
    let behind = right.strip_prefix(b",").map(|rest| run(&mut rest.iter()));
    let long = bytes[start..end].len() > 8 && bytes[start..end].iter().all(u8::is_ascii_digit);
    long && match (before, behind) {
        (Some(_), Some(_)) => true,
        (Some(digits), None) => digits == LONG && right.first().is_none_or(u8::is_ascii_whitespace),
        (None, Some(digits)) => digits == LONG && left.last().is_none_or(u8::is_ascii_whitespace),
        (None, None) => false,
    }
}

/// The numbers of this form that a keyword before `start` announces, or the text's JSON key.
fn announced(text: &Text<'_>, start: usize, form: &Form) -> Vec<&'static Scheme> {
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
