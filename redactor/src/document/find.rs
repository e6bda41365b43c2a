//! Finding: detectors, telling keys, names and numbers found elsewhere in the document, opaque parts.

use std::borrow::Cow;
use std::collections::HashMap;

use super::resolve::{Found, Resolved, What, resolve};
use super::{Care, Document, Kind, Mode, NONE, Unit};
use crate::detect::{self, Category, Hit, Mention, NEEDS_COMPANY, Names, SEEDS_MAX, Seed, Text};
use crate::policy::{Action, Treatment, is_denied, is_own};
use crate::reading::{self, Reading};
use crate::{generalise, keys, shape};

/// The most values looked for in all texts because one text gave them away; the first ones count.
const COPIES_MAX: usize = 256;

mod again;
mod own;

const NAME: What = What::Category(Category::Name);

/// The shortest such value: four digits alone are found everywhere.
const COPY_MIN: usize = 6;

/// A unit that is scanned: where its hits are, and which of its bytes the engine wrote itself.
struct Scanned {
    unit: u32,
    hits: (usize, usize),
    own: Vec<(usize, usize)>,
}

impl Document<'_> {
    /// Finds everything and settles overlaps: fills the spans of all units.
    pub(crate) fn find(&mut self) {
        let resolved = {
            let (scanned, masks) = self.scanned();
            let views = self.views(&scanned, &masks);
            let texts = self.texts(&scanned, &masks, &views);
            let (hits, others, seeds) = (Vec::new(), Vec::new(), Vec::new());
            let allowed = Vec::new();
            Finder { document: self, scanned, texts, views: &views, others, seeds, hits, allowed }.run()
        };
        let Outcome { spans, ranges, sheets, names, .. } = resolved;
        self.spans = spans;
        self.names = names;
        for (unit, range) in ranges {
            self.units[unit as usize].spans = range;
        }
        self.keys = self.redacted_keys();
        for (sheet, found) in self.sheets.iter_mut().zip(sheets) {
            sheet.found = found;
        }
    }

    /// The units whose text is looked at, and copies of those in which the engine's own tokens are blotted out.
    fn scanned(&self) -> (Vec<Scanned>, HashMap<u32, String>) {
        let mut masks = HashMap::new();
        let mut scanned = Vec::with_capacity(self.units.len());
        for (unit, at) in self.units.iter().zip(0_u32..) {
            if unit.care != Care::Scan
                || unit.nested != NONE
                || matches!(unit.kind, Kind::Number | Kind::Vector)
            {
                continue;
            }
            let text = self.text(unit.loc);
            let own = self.engine.tokens.own(text);
            if !own.is_empty() {
                masks.insert(at, blot_out(text, &own));
            }
            scanned.push(Scanned { unit: at, hits: (0, 0), own });
        }
        (scanned, masks)
    }

    /// The units that read otherwise than they are written, folded.
    fn views(&self, scanned: &[Scanned], masks: &HashMap<u32, String>) -> HashMap<u32, Reading> {
        let mut views = HashMap::new();
        for Scanned { unit, .. } in scanned {
            let text = masks.get(unit).map_or_else(|| self.unit_text(*unit), String::as_str);
            if let Some(view) = reading::folded(text) {
                views.insert(*unit, view);
            }
        }
        views
    }

    fn texts<'t>(
        &'t self,
        scanned: &[Scanned],
        masks: &'t HashMap<u32, String>,
        views: &'t HashMap<u32, Reading>,
    ) -> Vec<Text<'t>> {
        let text = |scanned: &Scanned| {
            let plain =
                || masks.get(&scanned.unit).map_or_else(|| self.unit_text(scanned.unit), String::as_str);
            let text = views.get(&scanned.unit).map_or_else(plain, |view| view.text.as_str());
            Text::new(text, self.context(scanned.unit), self.as_of)
        };
        scanned.iter().map(text).collect()
    }

    /// The nearest key of a unit, or the name of its column.
    fn context(&self, unit: u32) -> Option<&str> {
        let unit = &self.units[unit as usize];
        match unit.context {
            NONE if unit.kind == Kind::Key => None,
            NONE => self.roots[self.sheets[unit.sheet as usize].root as usize].context,
            context => self.key_text(context),
        }
    }

    /// The text of a key, unless the engine wrote it: `[SSN]` in place of a number tells nothing of the value.
    fn key_text(&self, unit: u32) -> Option<&str> {
        let key = self.unit_text(unit);
        self.engine.tokens.own(key).is_empty().then_some(key)
    }

    /// The category that the nearest key gives.
    fn telling(&self, unit: &Unit) -> Option<Category> {
        let key = (unit.context != NONE).then(|| self.key_text(unit.context)).flatten()?;
        keys::telling(key).or_else(|| self.telling_inside(unit, key)).or_else(|| self.part_of(unit, key))
    }

    /// The category of the object that holds the unit, if its own key tells one of which this is a part.
    fn part_of(&self, unit: &Unit, key: &str) -> Option<Category> {
        let object = self.containers.get(unit.container as usize).filter(|object| !object.array)?;
        let around = (object.key != NONE).then(|| self.key_text(object.key)).flatten()?;
        keys::telling(around).filter(|category| keys::is_part(*category, key, self.text(unit.loc)))
    }

    /// The category that the key has inside the object that holds it.
    fn telling_inside(&self, unit: &Unit, key: &str) -> Option<Category> {
        if !matches!(key, "value" | "text" | "line" | "display" | "id") {
            return None;
        }
        let mut object = self.containers.get(unit.container as usize)?;
        if object.array {
            object = self.containers.get(object.parent as usize)?;
        }
        if key == "id" {
            return object.person.then_some(Category::Mrn);
        }
        let around = match object.key {
            NONE => self.containers.get(object.parent as usize)?.key,
            key => key,
        };
        keys::telling_inside((around != NONE).then(|| self.key_text(around)).flatten()?, key)
    }

    /// Whether a key is one of an object that collects persons.
    fn among_persons(&self, unit: &Unit) -> bool {
        let object = self.containers.get(unit.container as usize);
        let key = object.and_then(|object| (object.key != NONE).then(|| self.key_text(object.key)).flatten());
        key.is_some_and(keys::collects_persons)
    }

    /// Whether a number counts as a part of what its object's key tells, not by its own key.
    fn is_part(&self, unit: &Unit) -> bool {
        let key = (unit.context != NONE).then(|| self.key_text(unit.context)).flatten();
        key.is_some_and(|key| keys::telling(key).is_none() && self.part_of(unit, key).is_some())
    }

    fn mode(&self, unit: u32) -> Mode {
        self.roots[self.sheets[self.units[unit as usize].sheet as usize].root as usize].mode
    }
}

/// The text with a code of the same length where the engine's own tokens and labels stand: a keyword before one
/// finds its value there and looks no further, no name or number is joined across it, and what a detector makes
/// of it is taken out again.
fn blot_out(text: &str, own: &[(usize, usize)]) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut from = 0;
    for (start, end) in own {
        masked.push_str(&text[from..*start]);
        masked.extend(detect::BLOT.chars().cycle().take(end - start - 1));
        // A number does not go on behind it.
        masked.push('X');
        from = *end;
    }
    masked.push_str(&text[from..]);
    masked
}

/// Values to be found bare, sorted. A bit set of their first four bytes, hashed, tells at nearly every other place
/// that none of them stands there.
struct Copies<'d> {
    values: Vec<(Cow<'d, str>, Category)>,
    heads: [u64; 64],
    /// Whether one begins with neither letter nor digit.
    signed: bool,
    /// Whether there is a digit in the first word of each.
    numbers: bool,
}

impl<'d> Copies<'d> {
    fn new(mut values: Vec<(Cow<'d, str>, Category)>) -> Copies<'d> {
        values.sort_unstable();
        values.dedup_by(|a, b| a.0 == b.0);
        let mut heads = [0; 64];
        for (value, _) in &values {
            if let Some(bit) = head(value.as_bytes()) {
                heads[bit / 64] |= 1 << (bit % 64);
            }
        }
        let signed = values.iter().any(|(value, _)| !value.starts_with(|c: char| c.is_ascii_alphanumeric()));
        let numbers = values.iter().all(|(value, _)| {
            value.bytes().take_while(u8::is_ascii_alphanumeric).any(|byte| byte.is_ascii_digit())
        });
        Copies { values, heads, signed, numbers }
    }

    /// Whether a value may stand at the beginning of `rest`, which then is as long as the shortest.
    #[inline]
    fn may_be(&self, rest: &[u8]) -> bool {
        head(rest).is_some_and(|bit| self.heads[bit / 64] >> (bit % 64) & 1 == 1)
    }

    /// Every value that stands at the beginning of `rest`, longest first. One [may](Copies::may_be).
    fn at<'c>(&'c self, rest: &'c [u8]) -> impl Iterator<Item = (&'c str, Category)> + 'c {
        let upto = self.values.partition_point(|(value, _)| value.as_bytes() <= rest);
        // Before the last one that is not greater stand those that it begins with, and others between.
        let values = self.values[..upto].iter().rev();
        values
            .take_while(|(value, _)| value.as_bytes()[..COPY_MIN] == rest[..COPY_MIN])
            .filter(|(value, _)| rest.starts_with(value.as_bytes()))
            .map(|(value, category)| (&**value, *category))
    }
}

/// A number below 4096 from the first four bytes of what is as long as a copy.
fn head(bytes: &[u8]) -> Option<usize> {
    let head = bytes.first_chunk::<COPY_MIN>()?;
    let word = u32::from_le_bytes([head[0], head[1], head[2], head[3]]);
    Some((word.wrapping_mul(0x9E37_79B1) >> 20) as usize)
}

/// One of `found`, which is in order, that covers the span.
fn covering(found: &[Found], start: u32, end: u32) -> Option<usize> {
    let last = found.partition_point(|found| found.start <= start).checked_sub(1)?;
    (found[last].end >= end).then_some(last)
}

/// What a number in a column that says who called must score to be somebody's: names of users, applications and
/// clients hold many that are nobody's.
const SURE: f32 = 0.9;

/// Whether a category is a number that was given to a person.
fn is_number(category: Category) -> bool {
    use Category::{Account, Card, HealthPlan, Mrn, NationalId, Ssn};
    matches!(category, Account | Card | HealthPlan | Mrn | NationalId | Ssn)
}

/// What [`Finder`] hands back.
struct Outcome {
    spans: Vec<Resolved>,
    ranges: Vec<(u32, (u32, u32))>,
    /// Whether anything was found in a sheet or below it.
    sheets: Vec<bool>,
    /// Whether any of that is not kept.
    changed: Vec<bool>,
    names: Vec<String>,
}

struct Finder<'d, 'r> {
    document: &'d Document<'r>,
    scanned: Vec<Scanned>,
    texts: Vec<Text<'d>>,
    /// What units read like, by unit; their texts are these.
    views: &'d HashMap<u32, Reading>,
    /// Further readings, with the position of their unit in `scanned`.
    others: Vec<(usize, Reading)>,
    /// Names that readings gave away.
    seeds: Vec<Seed>,
    /// All in offsets of their units.
    hits: Vec<Hit>,
    /// Hits that an allow list keeps.
    allowed: Vec<own::Allowed>,
}

impl<'d> Finder<'d, '_> {
    fn run(mut self) -> Outcome {
        for at in 0..self.scanned.len() {
            let from = self.hits.len();
            self.document.engine.detect(&self.texts[at], &mut self.hits);
            self.read_on(at, from);
            self.by_key(at);
            self.set_allowed_aside(at, from);
            self.scanned[at].hits = (from, self.hits.len());
        }
        let names = self.names();
        let company = self.company();
        let mut result = Outcome {
            spans: Vec::new(),
            ranges: Vec::new(),
            sheets: vec![false; self.document.sheets.len()],
            changed: vec![false; self.document.sheets.len()],
            names: names
                .as_ref()
                .map_or_else(Vec::new, |n| n.list().iter().map(|seed| seed.full.clone()).collect()),
        };
        self.settle(names.as_ref(), company, &mut result);
        result
    }

    /// Brings what was found in a folded text back to the text, and looks into the other readings of the text.
    fn read_on(&mut self, at: usize, from: usize) {
        let text = &self.texts[at];
        if let Some(view) = self.views.get(&self.scanned[at].unit) {
            Names::seeds(text, &self.hits[from..], &mut self.seeds);
            for hit in &mut self.hits[from..] {
                (hit.start, hit.end) = view.raw(hit.start, hit.end);
            }
        }
        self.number_of_name(at, from);
        let text = &self.texts[at];
        // The signs of escapes; `=` alone may be quoted-printable.
        let escaped = [b'%', b'&', b'\\', b'='].iter().any(|sign| text.may_hold(*sign));
        let decoded = escaped.then(|| reading::decoded(text.text)).flatten();
        let joined = reading::joined(text);
        let spelled = reading::spelled(text);
        for reading in [decoded, joined, spelled].into_iter().flatten() {
            self.read_also(at, reading);
        }
    }

    /// The number in brackets right behind a name: "Jane Doe (70444444)".
    fn number_of_name(&mut self, at: usize, from: usize) {
        const DIGITS: std::ops::RangeInclusive<usize> = 6..=12;
        let bytes = self.document.unit_text(self.scanned[at].unit).as_bytes();
        for next in from..self.hits.len() {
            let hit = &self.hits[next];
            let behind = bytes.get(hit.end..).unwrap_or_default();
            if hit.category != Category::Name || hit.score < NEEDS_COMPANY || !behind.starts_with(b" (") {
                continue;
            }
            let digits = behind[2..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            if DIGITS.contains(&digits) && matches!(behind.get(2 + digits), Some(b')' | b',' | b';')) {
                let (start, category) = (hit.end + 2, Category::Mrn);
                self.hits.push(Hit { start, end: start + digits, category, rule: "name.number", score: 0.8 });
            }
        }
        self.hits[from..].sort_by(|a, b| a.start.cmp(&b.start).then(b.end.cmp(&a.end)));
    }

    fn read_also(&mut self, at: usize, reading: Reading) {
        let first = self.hits.len();
        {
            let given = &self.texts[at];
            let text = Text::new(&reading.text, given.key, given.as_of);
            self.document.engine.detect(&text, &mut self.hits);
            Names::seeds(&text, &self.hits[first..], &mut self.seeds);
        }
        let own = &self.scanned[at].own;
        let mut kept = first;
        for next in first..self.hits.len() {
            let mut hit = self.hits[next].clone();
            (hit.start, hit.end) = self.raw(at, &reading, hit.start, hit.end);
            // A hit that is nothing but the engine's own words says nothing.
            if hit.start < hit.end && !own.iter().any(|(start, end)| *start <= hit.start && hit.end <= *end) {
                self.hits[kept] = hit;
                kept += 1;
            }
        }
        self.hits.truncate(kept);
        self.others.push((at, reading));
    }

    /// Where a span of a further reading lies in its unit.
    fn raw(&self, at: usize, reading: &Reading, start: usize, end: usize) -> (usize, usize) {
        let (start, end) = reading.raw(start, end);
        self.views.get(&self.scanned[at].unit).map_or((start, end), |view| view.raw(start, end))
    }

    /// The whole value under a telling key, and nothing under a key that makes it nobody's.
    fn by_key(&mut self, at: usize) {
        let scanned = &self.scanned[at];
        if self.document.mode(scanned.unit) == Mode::Word {
            self.word_of_nobody(at);
            return;
        }
        let unit = &self.document.units[scanned.unit as usize];
        if unit.kind == Kind::Key {
            let text = self.document.text(unit.loc);
            let digits = text.bytes().filter(u8::is_ascii_digit).count();
            if digits >= 5 && digits == text.len() && self.document.among_persons(unit) {
                let (end, category) = (text.len(), Category::Mrn);
                self.hits.push(Hit { start: 0, end, category, rule: "key.of_person", score: 0.9 });
            }
        }
        if unit.kind != Kind::String {
            return;
        }
        let text = self.document.text(unit.loc);
        if let Some(category) = self.document.telling(unit)
            // What was redacted before is not taken whole again: its length and its digits are the tokens'.
            && scanned.own.is_empty()
            && (keys::fits(category, text) || self.document.is_part(unit))
        {
            self.hits.push(Hit { start: 0, end: text.len(), category, rule: "key", score: 0.95 });
        }
    }

    /// Numbers of six digits and more in what should be a word: of a vocabulary only dates are such.
    fn word_of_nobody(&mut self, at: usize) {
        let text = &self.texts[at];
        for index in text.numbers() {
            let (word, spelled) = (text.words()[index], text.spelled(index));
            let digits = spelled.bytes().filter(u8::is_ascii_digit).count();
            if digits >= 6 && !shape::compact_date(spelled) && !shape::hex_id(spelled) {
                let (start, end) = (word.start as usize, word.end as usize);
                let (start, end) = match self.views.get(&self.scanned[at].unit) {
                    Some(view) => view.raw(start, end),
                    None => (start, end),
                };
                let category = Category::UniqueId;
                self.hits.push(Hit { start, end, category, rule: "vocabulary.number", score: 0.7 });
            }
        }
    }

    /// The names of subjects that were found, ready to be looked for everywhere.
    fn names(&self) -> Option<Names> {
        let stated = self.document.names_stated.iter();
        let mut seeds: Vec<Seed> = stated.map(|full| Seed { full: full.clone() }).collect();
        for (scanned, text) in self.scanned.iter().zip(&self.texts) {
            let hits = &self.hits[scanned.hits.0..scanned.hits.1];
            let named = hits.iter().any(|hit| hit.category == Category::Name);
            let viewed = !self.views.is_empty() && self.views.contains_key(&scanned.unit);
            let mode = self.document.mode(scanned.unit);
            if named && !viewed && matches!(mode, Mode::Free | Mode::Json | Mode::Text | Mode::Word) {
                let first = seeds.len();
                Names::seeds(text, hits, &mut seeds);
                if !self.others.is_empty() {
                    for seed in &mut seeds[first..] {
                        seed.full = reading::plain(&seed.full).into_owned();
                    }
                }
            }
        }
        for seed in &self.seeds {
            if seeds.len() < SEEDS_MAX && !seeds.contains(seed) {
                seeds.push(seed.clone());
            }
        }
        (!seeds.is_empty()).then(|| Names::new(seeds))
    }

    /// Numbers and codes that one text gave away by what stood beside them, to be found bare in the others.
    fn copies(&self) -> Option<Copies<'d>> {
        use Category::{Age, Date, Name, Place, Secret, Url, Zip};
        let mut copies = Vec::new();
        for scanned in &self.scanned {
            let text = self.document.unit_text(scanned.unit);
            for hit in &self.hits[scanned.hits.0..scanned.hits.1] {
                let value = text.get(hit.start..hit.end).unwrap_or("");
                let loose = matches!(hit.category, Name | Date | Age | Place | Zip | Url);
                let telling = value.bytes().any(|byte| byte.is_ascii_digit()) || hit.category == Secret;
                // A match that needs company has no copies that need none.
                let sure = hit.score >= NEEDS_COMPANY || !is_own(hit.rule);
                let length = if hit.category == Secret { COPY_MIN + 2 } else { COPY_MIN };
                if !loose
                    && telling
                    && sure
                    && (length..=256).contains(&value.len())
                    && copies.len() < COPIES_MAX
                {
                    // Written plainly elsewhere, perhaps.
                    let plain = reading::plain(value);
                    if plain != value && plain.len() >= length {
                        copies.push((plain, hit.category));
                    }
                    copies.push((Cow::Borrowed(value), hit.category));
                }
            }
        }
        (!copies.is_empty()).then(|| Copies::new(copies))
    }

    /// Whether the document holds an identifier of a person that is sure by itself.
    fn company(&self) -> bool {
        use Category::{Age, Date, Ip, Secret, Url, Zip};
        let sure = |category: Category| !matches!(category, Date | Age | Ip | Secret | Url | Zip);
        // Numbers are no texts, and under a telling key identifiers all the same.
        let number = |unit: &Unit| {
            let category = (unit.kind == Kind::Number).then(|| self.document.telling(unit)).flatten();
            category.is_some_and(|category| {
                sure(category) && keys::fits_number(category, self.document.text(unit.loc))
            })
        };
        self.hits.iter().any(|hit| hit.score >= NEEDS_COMPANY && sure(hit.category))
            || self.document.units.iter().any(number)
    }

    fn settle(&self, names: Option<&Names>, company: bool, result: &mut Outcome) {
        let document = self.document;
        let copies = self.copies();
        let mut by_unit = vec![NONE; document.units.len()];
        for (scanned, at) in self.scanned.iter().zip(0..) {
            by_unit[scanned.unit as usize] = at;
        }
        let (mut found, mut mentions) = (Vec::new(), Vec::new());
        // Sheets that hold others come before them: going backwards, what lies inside is settled first.
        for (at, sheet) in document.sheets.iter().enumerate().rev() {
            for unit in sheet.units.0..sheet.units.1 {
                let given = &document.units[unit as usize];
                if given.nested != NONE {
                    result.sheets[at] |= result.sheets[given.nested as usize];
                    result.changed[at] |= result.changed[given.nested as usize];
                    continue;
                }
                found.clear();
                match by_unit[unit as usize] {
                    NONE => self.unscanned(unit, &mut found),
                    scanned => {
                        let scanned = scanned as usize;
                        self.detected(scanned, company, &mut found);
                        if let Some(names) = names {
                            self.mentioned(scanned, names, &mut mentions, &mut found);
                        }
                        if let Some(copies) = &copies {
                            self.copied(scanned, copies, &mut found);
                        }
                        self.allowed(scanned, &mut found);
                        self.opaque(unit, &result.changed, &mut found);
                        self.keep_own(scanned, &mut found);
                    }
                }
                self.excepted(unit, &mut found);
                let from = result.spans.len();
                resolve(&mut found, &mut result.spans);
                if result.spans.len() > from && by_unit[unit as usize] != NONE {
                    self.again(by_unit[unit as usize] as usize, company, from, &mut result.spans);
                }
                if self.document.engine.policy.observes() {
                    result.spans[from..].iter_mut().for_each(|span| span.action = Action::Keep);
                }
                self.whole(unit, from, &mut result.spans);
                if result.spans.len() > from {
                    result.sheets[at] = true;
                    result.changed[at] |= result.spans[from..].iter().any(|span| span.action != Action::Keep);
                    result.ranges.push((unit, (from as u32, result.spans.len() as u32)));
                }
            }
        }
    }

    fn found(&self, hit: &Hit, seed: u32) -> Found {
        Found {
            start: hit.start as u32,
            end: hit.end as u32,
            what: What::Category(hit.category),
            action: self.document.engine.policy.action(hit.category),
            rule: hit.rule,
            score: hit.score,
            seed,
        }
    }

    fn detected(&self, at: usize, company: bool, found: &mut Vec<Found>) {
        let scanned = &self.scanned[at];
        let unit = &self.document.units[scanned.unit as usize];
        let text = self.document.text(unit.loc);
        let neutral = unit.kind == Kind::String && shape::neutral(text);
        for hit in &self.hits[scanned.hits.0..scanned.hits.1] {
            if (!neutral || hit.rule == "key" || is_own(hit.rule)) && self.counts(scanned, text, hit, company)
            {
                found.push(self.found(hit, NONE));
            }
        }
    }

    /// Whether a hit in this text of a unit is one in this document.
    fn counts(&self, scanned: &Scanned, text: &str, hit: &Hit, company: bool) -> bool {
        let looked_for = match self.document.mode(scanned.unit) {
            Mode::SecretsOnly => hit.category == Category::Secret,
            Mode::Caller => hit.category == Category::Secret || hit.score >= SURE && is_number(hit.category),
            _ => true,
        } || is_denied(hit.rule);
        (company || hit.score >= NEEDS_COMPANY)
            && looked_for
            && !(hit.category == Category::Age && generalise::is_coarse_age(text, hit.start, hit.end))
    }

    fn mentioned(&self, at: usize, names: &Names, mentions: &mut Vec<Mention>, found: &mut Vec<Found>) {
        if matches!(self.document.mode(self.scanned[at].unit), Mode::SecretsOnly | Mode::Caller) {
            return;
        }
        mentions.clear();
        names.find(&self.texts[at], mentions);
        if let Some(view) = self.views.get(&self.scanned[at].unit) {
            for Mention { hit, .. } in mentions.iter_mut() {
                (hit.start, hit.end) = view.raw(hit.start, hit.end);
            }
        }
        for (_, reading) in self.others.iter().filter(|(of, _)| *of == at) {
            let first = mentions.len();
            names.find(&Text::new(&reading.text, self.texts[at].key, self.texts[at].as_of), mentions);
            for Mention { hit, .. } in &mut mentions[first..] {
                (hit.start, hit.end) = self.raw(at, reading, hit.start, hit.end);
            }
        }
        let detected = found.len();
        for mention in mentions.iter() {
            let (start, end, seed) = (mention.hit.start as u32, mention.hit.end as u32, mention.seed as u32);
            match covering(&found[..detected], start, end).filter(|by| found[*by].what == NAME) {
                Some(by) => found[by].seed = seed,
                None => found.push(self.found(&mention.hit, seed)),
            }
        }
    }

    /// Bare copies of what is a number or a code elsewhere, where nothing else was found.
    fn copied(&self, at: usize, copies: &Copies<'_>, found: &mut Vec<Found>) {
        let scanned = &self.scanned[at];
        let view = self.views.get(&scanned.unit);
        let text = view.map_or_else(|| self.document.unit_text(scanned.unit), |view| view.text.as_str());
        let kept = matches!(self.document.mode(scanned.unit), Mode::SecretsOnly | Mode::Caller);
        if text.len() < COPY_MIN || kept {
            return;
        }
        let bytes = text.as_bytes();
        let inside = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        let detected = found.len();
        // A copy begins behind no letter or digit and ends before none.
        let mut copy = |start: usize| {
            if !copies.may_be(&bytes[start..]) {
                return;
            }
            for (value, category) in copies.at(&bytes[start..]) {
                let end = start + value.len();
                if inside(bytes.get(end)) {
                    continue;
                }
                let (start, end) = view.map_or((start, end), |view| view.raw(start, end));
                if covering(&found[..detected], start as u32, end as u32).is_none() {
                    let hit = Hit { start, end, category, rule: "copy", score: 0.9 };
                    found.push(self.found(&hit, NONE));
                }
            }
        };
        if scanned.own.is_empty() && copies.numbers && text.is_ascii() {
            let words = self.texts[at].words();
            self.texts[at].numbers().for_each(|index| copy(words[index].start as usize));
        } else if scanned.own.is_empty() && text.is_ascii() {
            // The words of the prepared text say where letters and digits begin and end.
            let mut from = 0;
            for word in self.texts[at].words() {
                if copies.signed {
                    (from..word.start as usize).for_each(&mut copy);
                }
                copy(word.start as usize);
                from = word.end as usize + 1;
            }
            if copies.signed {
                (from..bytes.len()).for_each(copy);
            }
        } else {
            let begins =
                |at: &usize| text.is_char_boundary(*at) && !inside(at.checked_sub(1).map(|at| &bytes[at]));
            (0..bytes.len()).filter(begins).for_each(copy);
        }
    }

    fn opaque(&self, unit: u32, changed: &[bool], found: &mut Vec<Found>) {
        // Opaque parts are listed in the order of their units.
        let first = self.document.opaques.partition_point(|opaque| opaque.unit < unit);
        for (opaque, at) in self.document.opaques[first..].iter().zip(first as u32..) {
            if opaque.unit != unit {
                break;
            }
            if opaque.sheet == NONE || changed[opaque.sheet as usize] {
                let (start, end, rule) =
                    (opaque.start, opaque.end, if opaque.sheet == NONE { "opaque" } else { "base64" });
                let what = What::Opaque(at);
                found.push(Found { start, end, what, action: Action::Remove, rule, score: 1.0, seed: NONE });
            }
        }
    }

    /// Takes the engine's own tokens out of whatever overlaps them.
    fn keep_own(&self, at: usize, found: &mut Vec<Found>) {
        let scanned = &self.scanned[at];
        self.take_own_out(self.document.unit_text(scanned.unit), &scanned.own, found);
    }

    /// Takes these parts of a text out of whatever overlaps them.
    fn take_own_out(&self, text: &str, own: &[(usize, usize)], found: &mut Vec<Found>) {
        // The letter of an escape between two tokens is nothing.
        let worth = |part: &Found| {
            let part = &text[part.start as usize..part.end as usize];
            let mut told = false;
            for (at, piece) in part.split('\\').enumerate() {
                let escape = if piece.starts_with('u') { 5 } else { 1 };
                told |= piece.chars().skip(if at > 0 { escape } else { 0 }).any(char::is_alphanumeric);
            }
            told && !generalise::is_remainder(part)
        };
        for (start, end) in own {
            let (start, end) = (*start as u32, *end as u32);
            for at in (0..found.len()).rev() {
                if found[at].start >= end || found[at].end <= start {
                    continue;
                }
                let hit = found.swap_remove(at);
                let before = Found { end: start.max(hit.start), ..hit.clone() };
                let after = Found { start: end.min(hit.end), ..hit };
                found.extend([before, after].into_iter().filter(|part| part.start < part.end && worth(part)));
            }
        }
    }

    /// Numbers under telling keys, embeddings, and what is beyond the limits.
    fn unscanned(&self, unit: u32, found: &mut Vec<Found>) {
        let given = &self.document.units[unit as usize];
        let text = self.document.text(given.loc);
        let end = text.len();
        if given.care == Care::Beyond {
            let (end, what) = (end as u32, What::Beyond);
            found.push(Found {
                start: 0,
                end,
                what,
                action: Action::Remove,
                rule: "limit",
                score: 1.0,
                seed: NONE,
            });
        } else if given.kind == Kind::Vector && self.document.engine.policy.opaque() != Treatment::Keep {
            let (end, what, rule) = (end as u32, What::Vector, "opaque.vector");
            found.push(Found { start: 0, end, what, action: Action::Remove, rule, score: 1.0, seed: NONE });
        } else if given.kind == Kind::Number
            && let Some(category) = self.document.telling(given)
            && (keys::fits_number(category, text) || self.document.is_part(given))
        {
            found.push(self.found(&Hit { start: 0, end, category, rule: "key.number", score: 0.95 }, NONE));
        }
        self.own_in_unscanned(unit, found);
    }

    /// Of an identifier of a request, a hit takes the whole, so that both sides of a join get one token; and so
    /// it does of a copy of it elsewhere in the record.
    fn whole(&self, unit: u32, from: usize, spans: &mut Vec<Resolved>) {
        let copy = || {
            let text = self.document.unit_text(unit);
            self.document.roots.iter().any(|root| root.mode == Mode::Whole && root.text == text)
        };
        if spans.len() == from || !(self.document.mode(unit) == Mode::Whole || copy()) {
            return;
        }
        let worst = spans[from..].iter().max_by_key(|span| span.action).cloned();
        let Some(worst) = worst.filter(|worst| worst.action != Action::Keep) else { return };
        spans.truncate(from);
        let secret = worst.what == What::Category(Category::Secret);
        let action =
            if secret { Action::Remove } else { self.document.engine.policy.action(Category::UniqueId) };
        let what = if secret { worst.what } else { What::Id };
        let end = self.document.unit_text(unit).len() as u32;
        spans.push(Resolved { start: 0, end, what, action: action.max(Action::Token), ..worst });
    }
}
