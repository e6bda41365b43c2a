//! Markup: `<mrn>70444444</mrn>`, `<family value="Gonzalez"/>`, `<id root="…" extension="70444444"/>`.
//!
//! The name of an element or attribute tells of its content as a JSON key does. C-CDA (HL7 CDA R2.1) holds numbers
//! in `id/@extension` and times in `@value`; FHIR's XML holds everything in `@value`.

use super::text::Text;
use super::{Category, Detector, Hit, Needs, date};
use crate::keys;

/// Finds the contents of telling elements.
pub(super) struct Markup;

/// The longest tag that is looked into, and the longest content, in bytes.
const TAG_BYTES_MAX: usize = 512;
const CONTENT_BYTES_MAX: usize = 256;

impl Detector for Markup {
    fn id(&self) -> &'static str {
        "markup"
    }

    fn categories(&self) -> &'static [Category] {
        Category::ALL
    }

    fn example(&self) -> &'static str {
        "<patient><mrn>70444444</mrn><birthTime value=\"19610302\"/></patient>"
    }

    fn needs(&self) -> Needs {
        Needs::signs(b"<")
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        if !text.may_hold(b'<') || !text.may_hold(b'>') {
            return;
        }
        let bytes = text.text.as_bytes();
        let mut cells = Cells::default();
        let mut beside = Beside::default();
        let mut around = "";
        let mut whole = None;
        let mut pair = Pair::default();
        for open in memchr::memchr_iter(b'<', bytes) {
            beside.piece(text, open, hits);
            if !bytes.get(open + 1).is_some_and(u8::is_ascii_alphabetic) {
                if bytes.get(open + 1) == Some(&b'/') {
                    beside.tag(bytes, open);
                    whole = None;
                }
                if text.text[open + 1..].strip_prefix('/').is_some_and(|rest| rest.starts_with(around)) {
                    around = "";
                }
                continue;
            }
            let ceiling = bytes.len().min(open + TAG_BYTES_MAX);
            let Some(close) = memchr::memchr(b'>', &bytes[open..ceiling]).map(|close| open + close) else {
                continue;
            };
            let name = local_name(&text.text[open + 1..close]);
            beside.from = close + 1;
            let part = || whole.filter(|category| is_part(*category, name, text.text, close + 1));
            let category = keys::telling(name)
                .or_else(|| keys::telling_inside(around, name))
                .or_else(part)
                .or_else(|| pair.of(name, text.text, close + 1))
                .or_else(|| cells.next(name, text.text, close + 1));
            // FHIR's XML (R4, section 2.6.1): what `value` and `line` are is said by the element around.
            let outer = around.is_empty() || keys::is_person(around);
            if outer && bytes[close - 1] != b'/' && (keys::holds_parts(name) || keys::is_person(name)) {
                around = name;
            }
            let named = attributes(text.text, open + 1 + name.len(), close, name, category, hits);
            // `<entry key="db.password">…</entry>`, `<string name="api_key">…</string>`
            let one_word =
                || piece(text.text, close + 1).is_some_and(|content| !content.contains(char::is_whitespace));
            let named = named.filter(|named| *named == Category::Secret && one_word());
            whole = category.or(named).filter(|_| bytes[close - 1] != b'/');
            if let Some(category) = whole {
                content(text.text, close + 1, category, hits);
            }
        }
        beside.piece(text, text.text.len(), hits);
    }
}

/// The two parts of a name in elements side by side: `<First>Maria</First><Last>Garcia</Last>`.
#[derive(Default)]
struct Pair {
    /// Where the second may stand.
    until: usize,
}

impl Pair {
    const BYTES_MAX: usize = 128;

    /// What an element of that name is, whose content begins at `from`.
    fn of(&mut self, name: &str, text: &str, from: usize) -> Option<Category> {
        if name.eq_ignore_ascii_case("first") {
            let until = text.len().min(from + Self::BYTES_MAX);
            let last = |tag: &[u8]| tag.get(1..5).is_some_and(|name| name.eq_ignore_ascii_case(b"last"));
            let ahead = &text.as_bytes()[from..until];
            self.until = match memchr::memchr_iter(b'<', ahead).any(|open| last(&ahead[open..])) {
                true => until,
                false => 0,
            };
        }
        let part = ["first", "middle", "last"].iter().any(|part| name.eq_ignore_ascii_case(part));
        (part && from < self.until && piece(text, from).is_some_and(is_capital)).then_some(Category::Name)
    }
}

fn is_capital(content: &str) -> bool {
    content.trim_start().starts_with(char::is_uppercase)
}

/// Whether an element in one that tells holds a part of the value, which begins at `from`: `<ssn><value>…`.
fn is_part(category: Category, name: &str, text: &str, from: usize) -> bool {
    piece(text, from).is_some_and(|content| keys::is_part(category, name, content.trim()))
}

/// What stands between a tag that ends at `from` and the next.
fn piece(text: &str, from: usize) -> Option<&str> {
    let bytes = &text.as_bytes()[from..text.len().min(from + CONTENT_BYTES_MAX)];
    text.get(from..from + memchr::memchr(b'<', bytes)?)
}

/// A value in an element of its own, or on a line of its own, behind the one that names it: `<b>MRN</b>: 70444444`,
/// `SSN<br>512345671`, `<li>SSN: <code>512345671</code></li>`.
#[derive(Default)]
struct Beside {
    /// Where the piece of text begins that the next tag ends.
    from: usize,
    /// What the piece before tells.
    named: Option<Category>,
}

impl Beside {
    /// The longest name, and the longest value, in bytes.
    const NAME_BYTES_MAX: usize = 40;
    const VALUE_BYTES_MAX: usize = 64;
    /// The fewest digits of such a value: what is counted has fewer.
    const DIGITS_MIN: usize = 6;

    /// Goes on behind a tag that closes an element.
    fn tag(&mut self, bytes: &[u8], open: usize) {
        let ceiling = bytes.len().min(open + TAG_BYTES_MAX);
        if let Some(close) = memchr::memchr(b'>', &bytes[open..ceiling]) {
            self.from = open + close + 1;
        }
    }

    /// Takes the piece that ends at `end`.
    fn piece(&mut self, text: &Text<'_>, end: usize, hits: &mut Vec<Hit>) {
        let from = std::mem::replace(&mut self.from, end);
        if from >= end {
            return;
        }
        if let Some(category) = self.named {
            let rest = &text.text[from..end];
            let behind = rest.trim_start_matches(is_between);
            let value = match behind.strip_prefix("&nbsp;") {
                Some(rest) => rest.trim_start_matches(is_between),
                None => behind,
            };
            if value.is_empty() {
                return;
            }
            self.named = None;
            if let Some(length) =
                Self::value(category, value).filter(|length| !text.blots.stand_in(&value[..*length]))
            {
                let start = end - value.len();
                hits.push(Hit { start, end: start + length, category, rule: "markup.beside", score: 0.85 });
                return;
            }
        }
        // The line before a break, of whatever stands before the first tag.
        let mut start = from.max(end.saturating_sub(Self::NAME_BYTES_MAX * 2));
        while !text.text.is_char_boundary(start) {
            start += 1;
        }
        let line = text.text[start..end].trim_end_matches(is_between).rsplit('\n').next().unwrap_or_default();
        let name = line.trim_matches(is_between);
        if name.len() <= Self::NAME_BYTES_MAX {
            self.named = keys::telling(name).filter(|category| Self::may_stand_apart(*category));
        }
    }

    /// The length of the value at the beginning of a piece of text.
    fn value(category: Category, piece: &str) -> Option<usize> {
        let of_value = |byte: &u8| byte.is_ascii_alphanumeric() || b"-./ ()+".contains(byte);
        let length = piece.bytes().take(Self::VALUE_BYTES_MAX).take_while(of_value).count();
        // Words behind it are none of it.
        let numeric = |word: &&str| word.bytes().any(|byte| byte.is_ascii_digit());
        let words = piece[..length].split_inclusive(' ').take_while(numeric);
        let value = piece[..words.map(str::len).sum()].trim_end_matches(['.', ' ', '-', '/', '(']);
        let digits = value.bytes().filter(u8::is_ascii_digit).count();
        let year = |part: &str| part.len() == 4 && (part.starts_with("19") || part.starts_with("20"));
        let fits = digits >= Self::DIGITS_MIN
            && keys::fits(category, value)
            && !value.split(['-', '/', ' ']).all(year);
        fits.then_some(value.len())
    }

    /// Whether a value of the category is told from a text by its digits.
    fn may_stand_apart(category: Category) -> bool {
        use Category::{Account, Card, Fax, HealthPlan, License, Mrn, NationalId, Phone, Ssn};
        matches!(category, Account | Card | Fax | HealthPlan | License | Mrn | NationalId | Phone | Ssn)
    }
}

fn is_between(c: char) -> bool {
    c.is_whitespace() || matches!(c, ':' | '#' | '=')
}

/// Where the cells of a table of HTML stand: below the heads of their columns, or behind a cell that tells.
#[derive(Default)]
struct Cells {
    heads: Vec<Option<Category>>,
    column: usize,
    before: Option<Category>,
}

impl Cells {
    const COLUMNS_MAX: usize = 64;

    /// What the content of an element, which begins at `from`, must be by its place.
    fn next(&mut self, name: &str, text: &str, from: usize) -> Option<Category> {
        match name {
            "table" | "dl" => *self = Cells::default(),
            "tr" => (self.column, self.before) = (0, None),
            "th" | "dt" | "td" | "dd" => {
                let rest = text.as_bytes().get(from..text.len().min(from + 41)).unwrap_or_default();
                let length = memchr::memchr(b'<', rest).unwrap_or(0);
                let told = text.get(from..from + length).and_then(|content| keys::telling(content.trim()));
                if name == "th" && self.heads.len() < Self::COLUMNS_MAX {
                    self.heads.push(told);
                }
                let below = self.heads.get(self.column).copied().flatten();
                let behind = self.before.take();
                self.before = told;
                self.column += 1;
                return if name == "th" || told.is_some() { None } else { behind.or(below) };
            }
            _ => {}
        }
        None
    }
}

/// An element's name without its prefix.
fn local_name(tag: &str) -> &str {
    let end = tag
        .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, ':' | '_' | '-' | '.'))
        .unwrap_or(tag.len());
    &tag[..end]
}

/// What stands between a telling element's tags.
fn content(text: &str, from: usize, category: Category, hits: &mut Vec<Hit>) {
    const CDATA: &str = "<![CDATA[";
    let marked = text.get(from..).is_some_and(|rest| rest.starts_with(CDATA));
    let from = if marked { from + CDATA.len() } else { from };
    let Some(value) = piece(text, from) else { return };
    let value = if marked { value.split("]]").next().unwrap_or_default() } else { value };
    let start = from + value.len() - value.trim_start().len();
    let value = value.trim();
    if keys::fits(category, value) {
        let end = start + value.len();
        hits.push(Hit { start, end, category, rule: "markup.element", score: 0.9 });
    }
}

/// The attributes of one tag. Gives what the value of one says of the others and of the content: `<add key="ApiKey" value="…"/>`.
fn attributes(
    text: &str,
    from: usize,
    to: usize,
    element: &str,
    category: Option<Category>,
    hits: &mut Vec<Hit>,
) -> Option<Category> {
    let mut at = from;
    let mut named = None;
    while let Some(sign) = text.get(at..to).and_then(|rest| rest.find('=')).map(|sign| at + sign) {
        let name = text[at..sign].rsplit(|c: char| c.is_whitespace() || c == ':').next().unwrap_or("");
        at = sign + 1;
        let Some(quote) = text[at..to].chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
        let start = at + 1;
        let Some(length) = text[start..to].find(quote) else { return named };
        let value = &text[start..start + length];
        at = start + length + 1;
        let given = match name {
            "value" => category.or(named).or_else(|| timed(element, value).then_some(Category::Date)),
            // The fields of a form, and those that a page says of itself.
            "name" | "id" | "itemprop" | "key" => {
                named = keys::telling(value).or(named);
                None
            }
            "content" => named,
            "extension" if element == "id" => Some(Category::UniqueId),
            "first" | "last" | "middle" if keys::names_person(element) => Some(Category::Name),
            name => keys::telling(name),
        };
        if let Some(category) = given.filter(|category| keys::fits(*category, value)) {
            let end = start + value.len();
            hits.push(Hit { start, end, category, rule: "markup.attribute", score: 0.9 });
        }
    }
    named
}

/// Whether the element is one of time and its value a compact date: `<low value="20230412"/>`.
fn timed(element: &str, value: &str) -> bool {
    let named =
        ["time", "Time", "low", "high", "center", "date", "Date"].iter().any(|end| element.ends_with(end));
    let digits = value.bytes().take_while(u8::is_ascii_digit).count();
    named && matches!(digits, 8 | 10 | 12 | 14) && date::compact(&value[..8])
}

#[cfg(test)]
mod tests;
