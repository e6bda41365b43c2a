//! Objects written inside a text: JSON in a prompt, the repr of Python, literals of programs.
//!
//! `{'identifier': [{'system': 'urn:mrn', 'value': 'A-70444'}], 'name': [{'given': ['Lum', 'Zelko']}]}`. What a member
//! tells depends on the object around it, as in FHIR (R4: `identifier.value`, `address.line`, `HumanName.given`), so
//! brackets are followed here as a parser would, but nothing need be valid. Whole documents of JSON have a parser.

use super::text::Text;
use super::{Blots, Category, Detector, Hit, Needs, secret_assignment, table};
use crate::keys::{self, Says};

/// Finds the members of nested objects.
pub(super) struct Literal;

/// Brackets that are followed; what lies deeper has no context.
const DEPTH_MAX: usize = 24;
/// The longest string, in bytes.
const STRING_BYTES_MAX: usize = 256;
/// The longest that may name the value beside it.
const NAME_BYTES_MAX: usize = 64;

impl Detector for Literal {
    fn id(&self) -> &'static str {
        "literal"
    }

    fn categories(&self) -> &'static [Category] {
        Category::ALL
    }

    fn example(&self) -> &'static str {
        "{'identifier': [{'value': 'A-70444'}], 'name': [{'given': ['Lum', 'Zelko']}]}"
    }

    fn needs(&self) -> Needs {
        Needs::signs(b"{")
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let may = |signs: &[u8]| signs.iter().any(|sign| text.may_hold(*sign));
        if !may(b"{") || !may(b":=") || !may(b"'\"") {
            return;
        }
        let bytes = text.text.as_bytes();
        if memchr::memchr(b'{', bytes).is_none() {
            return;
        }
        // The text may begin inside an object, of which the bracket was taken for the start of JSON.
        let mut walk = Walk {
            text: text.text,
            blots: text.blots,
            around: [None; DEPTH_MAX],
            beside: [None; DEPTH_MAX],
            arrays: 0,
            depth: 1,
            key: None,
            person: None,
        };
        let mut at = 0;
        while at < bytes.len() {
            at = match bytes[at] {
                open @ (b'{' | b'[') => walk.open(open == b'[', at),
                b'}' | b']' => walk.close(at),
                b',' => walk.comma(at),
                b'"' | b'\'' => walk.string(at, hits),
                b'0'..=b'9' if walk.key.is_some() => walk.number(at, hits),
                // The value was replaced: what follows is another's.
                b'X' if walk.key.is_some() && text.blots.begin(&text.text[at..]) => walk.comma(at),
                _ => at + 1,
            };
        }
    }
}

/// Where in the brackets the walk is.
struct Walk<'t> {
    text: &'t str,
    blots: Blots,
    /// The key of each bracket that is open, or of the array that holds it.
    around: [Option<&'t str>; DEPTH_MAX],
    /// What a string in each of them tells of the value behind it: `{'name': 'ssn', 'value': …}`.
    beside: [Option<Category>; DEPTH_MAX],
    /// A bit for each of them that is an array.
    arrays: u32,
    depth: usize,
    /// The key whose value comes next.
    key: Option<&'t str>,
    /// How deep the object is that is a FHIR resource of a person.
    person: Option<usize>,
}

impl<'t> Walk<'t> {
    fn key_around(&self, depth: usize) -> Option<&'t str> {
        *self.around.get(depth.checked_sub(1)?)?
    }

    fn in_array(&self) -> bool {
        self.depth > 0 && self.depth <= DEPTH_MAX && self.arrays >> (self.depth - 1) & 1 == 1
    }

    fn open(&mut self, array: bool, at: usize) -> usize {
        let inherited = if self.in_array() { self.key_around(self.depth) } else { None };
        let key = self.key.take().or(inherited);
        let told = key.filter(|key| Says::of(key).any(Says::VALUE)).and_then(|_| self.told_beside());
        if let Some(place) = self.beside.get_mut(self.depth) {
            *place = told;
        }
        if let Some(place) = self.around.get_mut(self.depth) {
            *place = key;
            self.arrays = self.arrays & !(1 << self.depth) | u32::from(array) << self.depth;
        }
        self.depth += 1;
        at + 1
    }

    fn close(&mut self, at: usize) -> usize {
        self.depth = self.depth.saturating_sub(1);
        self.key = None;
        at + 1
    }

    fn comma(&mut self, at: usize) -> usize {
        self.key = None;
        at + 1
    }

    /// What the string before in the innermost bracket tells.
    fn told_beside(&self) -> Option<Category> {
        *self.beside.get(self.depth.checked_sub(1)?)?
    }

    /// Notes what a string tells of the value behind it, if its key says that it may.
    fn tell(&mut self, value: &str) {
        let says = self.key.map_or(Says::default(), Says::of);
        if !says.any(Says::NAME.or(Says::KIND).or(Says::ENTITY)) || value.len() > NAME_BYTES_MAX {
            return;
        }
        let named = if says.any(Says::NAME.or(Says::KIND)) { keys::telling(value) } else { None };
        let told = named.or_else(|| says.any(Says::ENTITY).then(|| keys::of_entity(value)).flatten());
        if told.is_some()
            && let Some(place) = self.depth.checked_sub(1).and_then(|depth| self.beside.get_mut(depth))
        {
            *place = told;
        }
    }

    /// The category of a string by what stands beside it.
    fn beside(&self, value: &str) -> Option<Category> {
        let category = self.told_beside().filter(|_| !self.in_array())?;
        let says = Says::of(self.key?);
        let fits = match category {
            Category::Secret => says.any(Says::VALUE) && secret_assignment::made_under(value),
            _ => says.any(Says::VALUE.or(Says::WORD)) && table::fits(category, value),
        };
        fits.then_some(category)
    }

    /// What the value that comes now must be.
    fn category(&self) -> Option<Category> {
        let (key, around) = if self.in_array() {
            (self.key_around(self.depth)?, self.key_around(self.depth - 1))
        } else {
            (self.key?, self.key_around(self.depth))
        };
        if key == "id" && self.person == Some(self.depth) {
            return Some(Category::Mrn);
        }
        // Secrets have rules of their own that know variables from values.
        keys::telling(key)
            .or_else(|| keys::telling_inside(around?, key))
            .filter(|category| *category != Category::Secret)
    }

    fn string(&mut self, at: usize, hits: &mut Vec<Hit>) -> usize {
        let bytes = self.text.as_bytes();
        // An apostrophe in a word opens nothing.
        let before = bytes[..at].iter().rev().take(16).find(|byte| !byte.is_ascii_whitespace());
        if !matches!(before, None | Some(b'{' | b'[' | b',' | b':' | b'=' | b'>' | b'(')) {
            return at + 1;
        }
        let start = at + 1;
        let ceiling = bytes.len().min(start + STRING_BYTES_MAX);
        let Some(length) = memchr::memchr(bytes[at], &bytes[start..ceiling]) else { return at + 1 };
        let end = start + length;
        let behind = bytes[end + 1..].iter().take(8).find(|byte| **byte != b' ');
        let value = &self.text[start..end];
        if matches!(behind, Some(b':'))
            || bytes[end + 1..].starts_with(b" =>")
            || bytes[end + 1..].starts_with(b"=>")
        {
            // What was replaced tells nothing of its value.
            self.key = Some(value).filter(|key| !self.blots.stand_in(key));
        } else if self.key == Some("resourceType") {
            self.person = keys::is_person(value).then_some(self.depth);
        } else if let Some(category) =
            self.category().or_else(|| self.beside(value)).filter(|category| fits(*category, value))
            && !self.blots.begin(value)
        {
            hits.push(Hit { start, end, category, rule: "literal.member", score: 0.85 });
        } else if !self.blots.stand_in(value) {
            self.tell(value);
        }
        end + 1
    }

    fn number(&mut self, at: usize, hits: &mut Vec<Hit>) -> usize {
        let bytes = self.text.as_bytes();
        let length =
            bytes[at..].iter().take(32).take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
        let end = at + length;
        let opens = bytes[..at].iter().rev().take(4).find(|byte| **byte != b' ') == Some(&b':');
        let number = &self.text[at..end];
        // Three digits are what is left of a ZIP code, and in prose no type tells it from a number.
        let left_of_zip = |category| category == Category::Zip && number.len() <= 3;
        let key = self.key.unwrap_or_default();
        if opens
            && let Some(category) = self
                .category()
                .filter(|category| keys::fits_number(*category, key, number) && !left_of_zip(*category))
        {
            hits.push(Hit { start: at, end, category, rule: "literal.member", score: 0.85 });
        }
        end
    }
}

/// Whether a string may be that: no variable, no type, and a name or place has a capital.
fn fits(category: Category, value: &str) -> bool {
    let code = value.starts_with(['$', '{', '(', '<', '[', '%']) || value.contains(['(', '{']);
    let capital =
        !matches!(category, Category::Name | Category::Place) || value.chars().any(char::is_uppercase);
    !code && capital && keys::fits(category, value)
}

#[cfg(test)]
mod tests;
