//! Deny lists: values that must go wherever they stand, such as the names of patients who asked for it. A policy is
//! stored in every lake that used it, so it holds their hashes and never the list.
//!
//! ```text
//! value   = 8 hex digits of SipHash-1-3 + 32 hex digits of SHA-256, both over category and canonical value
//! keyed   = SipHash under a key derived from the token key, HMAC-SHA-256 in place of SHA-256
//! ```
//!
//! Every run of words in a text is a candidate, which is why there are two: the first hash is fast and dismisses
//! nearly all of them, the second is sure. Without the token key neither of a keyed list can be tested against guesses.

use std::hash::Hasher;

use hmac::Mac;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use siphasher::sip::SipHasher13;
use toml::Spanned;
use toml::value::Datetime;

use super::entry::{self, Entry, EntryKind, Stated};
use super::{Place, PolicyError};
use crate::detect::{Category, Hit, Text};
use crate::key::{Keyed, TokenKey, hex};
use crate::{reading, work};

/// The most deny lists of one policy, and the most values over all of them.
pub(super) const LISTS_MAX: usize = 16;
pub(super) const VALUES_MAX: usize = 100_000;

/// The most words of one value.
pub const WORDS_MAX: usize = 8;

/// The fewest letters and digits of a value: shorter ones are everywhere.
const LENGTH_MIN: usize = 4;

/// The longest word of a value, in bytes.
const WORD_BYTES_MAX: usize = 64;

/// The most bytes between two words of one value: a comma and spaces.
const GAP_BYTES_MAX: usize = 4;

/// Bits of the set that says which first hashes there are.
const SET_BITS: u32 = 18;

const TAG_DIGITS: usize = 8;
const HASH_BYTES: usize = 16;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DenyFields {
    pub(super) name: Spanned<String>,
    category: Spanned<String>,
    hash: Spanned<String>,
    words_max: Spanned<usize>,
    pub(super) values: Vec<Spanned<String>>,
    owner: Spanned<String>,
    reason: Spanned<String>,
    expires: Spanned<Datetime>,
}

/// The key under which the values of a list were hashed.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Hashed {
    /// None: anyone can test a guess.
    Plain,
    /// The token key of this id.
    Keyed(String),
}

/// A deny list, ready to be looked for.
pub(super) struct DenyList {
    pub(super) rule: &'static str,
    pub(super) entry: Entry,
    category: Category,
    hashed: Hashed,
    words_max: usize,
    /// Sorted.
    values: Vec<(u32, [u8; HASH_BYTES])>,
    /// Line and column of the fields `hash` and `category`, for errors that only the rest of the policy or a key shows.
    hash_at: (usize, usize),
    category_at: (usize, usize),
}

/// What hashes values, from a token key or from nothing.
pub(crate) struct DenyKeys {
    id: String,
    sip: (u64, u64),
    mac: Keyed,
}

impl DenyKeys {
    pub(crate) fn new(key: &TokenKey) -> DenyKeys {
        let tag = key.keyed("deny tag").finalize().into_bytes();
        let word = |from: usize| u64::from_le_bytes(std::array::from_fn(|at| tag[from + at]));
        DenyKeys { id: key.id(), sip: (word(0), word(8)), mac: key.keyed("deny") }
    }
}

impl DenyList {
    pub(super) fn new(place: &Place<'_>, fields: &DenyFields) -> Result<DenyList, PolicyError> {
        let DenyFields { name, owner, reason, expires, .. } = fields;
        let entry = entry::entry(place, &Stated { kind: EntryKind::Deny, name, owner, reason, expires })?;
        let at = fields.hash.span().start;
        let hashed = match fields.hash.get_ref().as_str() {
            "sha256" => Hashed::Plain,
            other => {
                match other.strip_prefix("keyed:") {
                    Some(id) if id.len() == 8 && id.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                        Hashed::Keyed(id.to_owned())
                    }
                    _ => {
                        let what = format!("hash of \"{}\" is \"{other}\"", entry.name);
                        return Err(place.error(at, what, "write \"keyed:<id of the token key>\" or \"sha256\", as `sealake policy hash` does"));
                    }
                }
            }
        };
        let words_max = *fields.words_max.get_ref();
        if !(1..=WORDS_MAX).contains(&words_max) {
            let what = format!("words_max is {words_max}; expected 1 to {WORDS_MAX}");
            return Err(place.error(
                fields.words_max.span().start,
                what,
                "`sealake policy hash` prints the right one",
            ));
        }
        let mut values = Vec::with_capacity(fields.values.len());
        for value in &fields.values {
            values.push(digest(value.get_ref()).ok_or_else(|| {
                let what = format!(
                    "a value of \"{}\" is not {} hexadecimal digits",
                    entry.name,
                    TAG_DIGITS + 2 * HASH_BYTES
                );
                place.error(
                    value.span().start,
                    what,
                    "a list holds no plain values; make its hashes with `sealake policy hash`",
                )
            })?);
        }
        values.sort_unstable();
        values.dedup();
        Ok(DenyList {
            rule: entry::rule(place, name.span().start, "deny", &entry.name)?,
            category: entry::category(place, &fields.category)?,
            hashed,
            words_max,
            values,
            hash_at: place.line_and_column(at),
            category_at: place.line_and_column(fields.category.span().start),
            entry,
        })
    }

    /// Refuses a list that was hashed under another key than the one that is used: it would find nothing.
    pub(super) fn check_key(&self, keys: &DenyKeys) -> Result<(), PolicyError> {
        match &self.hashed {
            Hashed::Keyed(id) if *id != keys.id => Err(PolicyError {
                line: self.hash_at.0,
                column: self.hash_at.1,
                what: format!(
                    "the list \"{}\" was hashed with the token key {id}, and the key in use is {}",
                    self.entry.name, keys.id
                ),
                way_out: "name that token key, or hash the list again with `sealake policy hash`".into(),
            }),
            _ => Ok(()),
        }
    }

    /// Refuses a list whose values would be found and kept.
    pub(super) fn check_action(&self, is_kept: impl Fn(Category) -> bool) -> Result<(), PolicyError> {
        if !is_kept(self.category) {
            return Ok(());
        }
        Err(PolicyError {
            line: self.category_at.0,
            column: self.category_at.1,
            what: format!(
                "what the list \"{}\" denies would be kept: the action for {} is keep",
                self.entry.name,
                self.category.name()
            ),
            way_out: "choose another action for the category under [actions], or another category".into(),
        })
    }

    /// Whether a value with this first hash is one of the list.
    fn holds(&self, tag: u32, keys: Option<&DenyKeys>, pieces: &Pieces<'_>) -> bool {
        let first = self.values.partition_point(|(known, _)| *known < tag);
        let mut same = self.values[first..].iter().take_while(|(known, _)| *known == tag).peekable();
        if same.peek().is_none() {
            return false;
        }
        let hash = sure(keys, self.category, pieces);
        same.any(|(_, known)| *known == hash)
    }
}

/// The deny lists of a policy.
#[derive(Default)]
pub(super) struct DenyLists {
    pub(super) lists: Vec<DenyList>,
    alike: Vec<Alike>,
}

/// Lists of one category, hashed alike: a run of words is hashed once for all of them.
struct Alike {
    category: Category,
    keyed: bool,
    words_max: usize,
    /// Which first hashes there are, by their highest bits.
    set: Vec<u64>,
    /// Indices of the lists.
    lists: Vec<usize>,
}

impl DenyLists {
    pub(super) fn new(lists: Vec<DenyList>) -> DenyLists {
        let mut alike: Vec<Alike> = Vec::new();
        for (at, list) in lists.iter().enumerate() {
            let (category, keyed) = (list.category, list.hashed != Hashed::Plain);
            let known = alike.iter().position(|alike| (alike.category, alike.keyed) == (category, keyed));
            let known = known.unwrap_or_else(|| {
                let set = vec![0; 1 << (SET_BITS - 6)];
                alike.push(Alike { category, keyed, words_max: 0, set, lists: Vec::new() });
                alike.len() - 1
            });
            let alike = &mut alike[known];
            alike.words_max = alike.words_max.max(list.words_max);
            alike.lists.push(at);
            for (tag, _) in &list.values {
                let bit = (tag >> (32 - SET_BITS)) as usize;
                alike.set[bit / 64] |= 1 << (bit % 64);
            }
        }
        DenyLists { lists, alike }
    }

    /// Adds what the lists that hold at the text's time find in it.
    pub(super) fn find(&self, keys: &DenyKeys, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let holds = |list: &&usize| self.lists[**list].entry.holds(text.as_of);
        if !self.alike.iter().any(|alike| alike.lists.iter().any(|list| holds(&list))) {
            return;
        }
        let folded = Folded::new(text);
        for alike in &self.alike {
            let lists: Vec<&DenyList> =
                alike.lists.iter().filter(holds).map(|list| &self.lists[*list]).collect();
            if !lists.is_empty() {
                alike.find(&lists, alike.keyed.then_some(keys), &folded, hits);
            }
        }
    }
}

impl Alike {
    fn find(&self, lists: &[&DenyList], keys: Option<&DenyKeys>, folded: &Folded, hits: &mut Vec<Hit>) {
        // Where what each list found last ends; a value inside a longer one says nothing more.
        let mut done = [0; LISTS_MAX];
        for first in 0..folded.words.len() {
            for last in (first..folded.run_end(first, self.words_max)).rev() {
                work::examined(folded.words[last].end - folded.words[first].start);
                let pieces = folded.pieces(first, last, self.category);
                let tag = tag(keys, self.category, &pieces);
                let bit = (tag >> (32 - SET_BITS)) as usize;
                if self.set[bit / 64] >> (bit % 64) & 1 == 0 {
                    continue;
                }
                for (list, done) in lists.iter().zip(&mut done) {
                    let open =
                        first >= *done && (last - first < list.words_max || folded.digits_alone(first, last));
                    if open && list.holds(tag, keys, &pieces) {
                        let (start, end) = (folded.words[first].start, folded.words[last].end);
                        hits.push(Hit { start, end, category: list.category, rule: list.rule, score: 1.0 });
                        *done = last + 1;
                    }
                }
            }
        }
    }
}

/// One line of a deny list: the hash of a value under a key, or plainly, and how many words it has.
///
/// # Errors
/// Why the value cannot stand in a list; never what it is.
pub fn hash(key: Option<&TokenKey>, category: Category, value: &str) -> Result<(String, usize), String> {
    let read = reading::folded(value);
    let text = Text::new(read.as_ref().map_or(value, |view| view.text.as_str()), None, 0);
    let folded = Folded::new(&text);
    let count = folded.words.len();
    let length: usize = folded.text.chars().count();
    if length < LENGTH_MIN {
        return Err(format!(
            "it has {length} letters and digits; at least {LENGTH_MIN} are needed, since shorter ones stand everywhere"
        ));
    }
    if count > WORDS_MAX {
        return Err(format!("it has {count} words; at most {WORDS_MAX} are taken"));
    }
    if folded.run_end(0, WORDS_MAX) != count {
        return Err(format!(
            "a word of it is longer than {WORD_BYTES_MAX} bytes, or there are more than {GAP_BYTES_MAX} characters between two"
        ));
    }
    let pieces = folded.pieces(0, count - 1, category);
    let keys = key.map(DenyKeys::new);
    let (tag, sure) = (tag(keys.as_ref(), category, &pieces), sure(keys.as_ref(), category, &pieces));
    Ok((format!("{tag:08x}{}", hex(&sure)), count))
}

/// The words of a text in lower case, one behind the other.
struct Folded {
    text: String,
    words: Vec<Standing>,
}

/// Where a word stands in its text, and where in the folded one.
struct Standing {
    start: usize,
    end: usize,
    folded: (usize, usize),
}

impl Folded {
    fn new(text: &Text<'_>) -> Folded {
        let mut folded = Folded { text: String::with_capacity(text.text.len()), words: Vec::new() };
        for (index, word) in text.words().iter().enumerate() {
            let from = folded.text.len();
            folded.text.extend(text.spelled(index).chars().flat_map(char::to_lowercase));
            let (start, end) = (word.start as usize, word.end as usize);
            folded.words.push(Standing { start, end, folded: (from, folded.text.len()) });
        }
        folded
    }

    /// The word behind the last one that may belong to a value that begins with this one.
    fn run_end(&self, first: usize, words_max: usize) -> usize {
        let short = |word: &Standing| word.end - word.start <= WORD_BYTES_MAX;
        let mut end = first;
        // A number may be parted otherwise than it is in the list.
        let fits =
            |end: usize| end - first < words_max || end - first < WORDS_MAX && self.digits_alone(first, end);
        while end < self.words.len() && fits(end) && short(&self.words[end]) {
            if end > first && self.words[end].start - self.words[end - 1].end > GAP_BYTES_MAX {
                break;
            }
            end += 1;
        }
        end
    }

    /// Whether these words are a number in parts.
    fn digits_alone(&self, first: usize, last: usize) -> bool {
        let number = |word: &Standing| {
            self.text[word.folded.0..word.folded.1].bytes().all(|byte| byte.is_ascii_digit())
        };
        self.words[first..=last].iter().all(number)
    }

    fn pieces(&self, first: usize, last: usize, category: Category) -> Pieces<'_> {
        let mut pieces = Pieces { words: [""; WORDS_MAX], count: 0 };
        if category == Category::Name {
            // "SOREL, ANNA" is "Anna Sorel".
            for (slot, word) in pieces.words.iter_mut().zip(&self.words[first..=last]) {
                *slot = &self.text[word.folded.0..word.folded.1];
                pieces.count += 1;
            }
            pieces.words[..pieces.count].sort_unstable();
        } else {
            // "123-45-6789" is "123 45 6789" and "123456789".
            pieces.words[0] = &self.text[self.words[first].folded.0..self.words[last].folded.1];
            pieces.count = 1;
        }
        pieces
    }
}

/// A canonical value.
struct Pieces<'a> {
    words: [&'a str; WORDS_MAX],
    count: usize,
}

impl Pieces<'_> {
    fn feed(&self, category: Category, mut take: impl FnMut(&[u8])) {
        take(category.name().as_bytes());
        for word in &self.words[..self.count] {
            take(b" ");
            take(word.as_bytes());
        }
    }
}

fn tag(keys: Option<&DenyKeys>, category: Category, pieces: &Pieces<'_>) -> u32 {
    let (first, second) = keys.map_or((0, 0), |keys| keys.sip);
    let mut sip = SipHasher13::new_with_keys(first, second);
    pieces.feed(category, |bytes| sip.write(bytes));
    (sip.finish() >> 32) as u32
}

fn sure(keys: Option<&DenyKeys>, category: Category, pieces: &Pieces<'_>) -> [u8; HASH_BYTES] {
    let full: [u8; 32] = match keys {
        Some(keys) => {
            let mut mac = keys.mac.clone();
            pieces.feed(category, |bytes| mac.update(bytes));
            mac.finalize().into_bytes().into()
        }
        None => {
            let mut sha = Sha256::new();
            pieces.feed(category, |bytes| sha.update(bytes));
            sha.finalize().into()
        }
    };
    std::array::from_fn(|at| full[at])
}

fn digest(text: &str) -> Option<(u32, [u8; HASH_BYTES])> {
    if text.len() != TAG_DIGITS + 2 * HASH_BYTES || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let (tag, hash) = text.split_at(TAG_DIGITS);
    let mut bytes = [0; HASH_BYTES];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hash[2 * at..2 * at + 2], 16).ok()?;
    }
    Some((u32::from_str_radix(tag, 16).ok()?, bytes))
}
