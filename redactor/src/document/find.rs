//! Finding: detectors, telling keys, names and numbers found elsewhere in the document, opaque parts.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use self::copies::{Copies, Copy, copy_of, first_word, word_key};
use super::resolve::{DATE, Found, Resolved, What, resolve};
use super::{Care, Document, Kind, Mode, NONE, Unit};
use crate::detect::{
    self, Blots, Category, Hit, Mention, NEEDS_COMPANY, Names, SEEDS_MAX, Seed, TEXT_BYTES_MAX, Text, Word,
};
use crate::keys::Says;
use crate::policy::{Action, Treatment, is_denied, is_own};
use crate::reading::{self, Reading};
use crate::{generalise, keys, shape, work};

/// The most values looked for in all texts because one text gave them away; the first ones count.
const COPIES_MAX: usize = 256;

/// The longest key that tells of its value, in bytes.
const KEY_BYTES_MAX: usize = 256;

mod again;
mod copies;
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

/// Room for what is found, before it is settled: see [`super::Room`].
#[derive(Default)]
pub(super) struct Room {
    scanned: Vec<Scanned>,
    hits: Vec<Hit>,
    by_unit: Vec<u32>,
    found: Vec<Found>,
    mentions: Vec<Mention>,
    ranges: Vec<(u32, (u32, u32))>,
    sheets: Vec<bool>,
    changed: Vec<bool>,
}

impl Room {
    pub(super) fn emptied(mut self) -> Room {
        self.scanned.clear();
        self.hits.clear();
        self.by_unit.clear();
        self.found.clear();
        self.mentions.clear();
        self.ranges.clear();
        self.sheets.clear();
        self.changed.clear();
        self
    }
}

/// Finds everything in documents of one engine and settles overlaps: fills the spans of all units. Each document is one
/// by itself, but every step is taken in all of them before the next.
pub(crate) fn find(documents: &mut [Document<'_>]) {
    let mut rooms: Vec<(Room, Vec<Resolved>)> = (documents.iter_mut())
        .map(|document| (std::mem::take(&mut document.finding), std::mem::take(&mut document.spans)))
        .collect();
    let names = look(documents, &mut rooms);
    for ((document, (room, spans)), names) in documents.iter_mut().zip(rooms).zip(names) {
        document.names = names;
        document.spans = spans;
        for (unit, range) in &room.ranges {
            document.units[*unit as usize].spans = *range;
        }
        document.keys = document.redacted_keys();
        for (sheet, found) in document.sheets.iter_mut().zip(&room.sheets) {
            sheet.found = *found;
        }
        document.finding = room;
    }
}

/// How the texts of a document are read: those in which the engine's own words are blotted out, by their position, and
/// those that read otherwise than they are written, by their unit.
struct Readings {
    masks: HashMap<usize, String>,
    views: HashMap<u32, Reading>,
}

/// Looks into all units; gives the names that it looked for everywhere, document by document.
fn look(documents: &[Document<'_>], rooms: &mut [(Room, Vec<Resolved>)]) -> Vec<Vec<String>> {
    let Some(engine) = documents.first().map(|document| document.engine) else { return Vec::new() };
    let mut readings = Vec::with_capacity(documents.len());
    for (document, (room, _)) in documents.iter().zip(&mut *rooms) {
        room.scanned.extend(document.scanned());
    }
    let mut texts = Vec::with_capacity(rooms.iter().map(|(room, _)| room.scanned.len()).sum());
    for (document, (room, _)) in documents.iter().zip(&mut *rooms) {
        let first = texts.len();
        texts.extend(room.scanned.iter().map(|scanned| {
            Text::new(document.unit_text(scanned.unit), document.context(scanned.unit), document.as_of)
        }));
        let masks = document.masks(&texts[first..], &mut room.scanned);
        let views = document.views(&texts[first..], &room.scanned, &masks);
        readings.push(Readings { masks, views });
    }
    let mut written = Vec::with_capacity(documents.len());
    let mut rest = texts.as_mut_slice();
    for ((room, _), readings) in rooms.iter().zip(&readings) {
        let own;
        (own, rest) = rest.split_at_mut(room.scanned.len());
        written.push(readings.read_anew(&room.scanned, own));
    }
    let (mut detected, mut ends) = (Vec::new(), Vec::with_capacity(texts.len()));
    engine.detect_all(&texts, &mut detected, &mut ends);
    let (mut texts, mut ends, mut taken) = (texts.as_slice(), ends.as_slice(), 0);
    let mut finders = Vec::with_capacity(documents.len());
    for (((document, (room, spans)), readings), written) in
        documents.iter().zip(rooms).zip(&readings).zip(written)
    {
        let (own, own_ends);
        (own, texts) = texts.split_at(room.scanned.len());
        (own_ends, ends) = ends.split_at(room.scanned.len());
        let mut finder = Finder {
            document,
            room,
            texts: own,
            written,
            views: &readings.views,
            others: Vec::new(),
            seeds: Vec::new(),
            allowed: Vec::new(),
        };
        for (at, end) in own_ends.iter().enumerate() {
            finder.take_in(at, &detected[taken..*end]);
            taken = *end;
        }
        finders.push((finder, spans));
    }
    finders.into_iter().map(|(finder, spans)| finder.run(spans)).collect()
}

impl Readings {
    /// Texts that read otherwise than they are written, or hold what the engine wrote, are made ready once more. Gives
    /// the latter as they are written, by their position.
    fn read_anew<'t>(&'t self, scanned: &[Scanned], texts: &mut [Text<'t>]) -> Vec<(usize, Text<'t>)> {
        let mut written = Vec::new();
        for ((scanned, text), at) in scanned.iter().zip(texts).zip(0..) {
            let view = self.views.get(&scanned.unit).map(|view| view.text.as_str());
            if let Some(read) = view.or_else(|| self.masks.get(&at).map(String::as_str)) {
                let blots = if self.masks.contains_key(&at) { Blots::Some } else { Blots::None };
                let read = Text::with_blots(read, text.key, text.as_of, blots);
                let before = std::mem::replace(text, read);
                if view.is_none() {
                    written.push((at, before));
                }
            }
        }
        written
    }
}

impl Document<'_> {
    /// The units that are looked into.
    fn scanned(&self) -> impl Iterator<Item = Scanned> {
        (self.units.iter().zip(0_u32..))
            .filter(|(unit, _)| {
                unit.care == Care::Scan
                    && unit.nested == NONE
                    && !matches!(unit.kind, Kind::Number | Kind::Vector)
            })
            .map(|(_, unit)| Scanned { unit, hits: (0, 0), own: Vec::new() })
    }

    /// Copies of the texts in which the engine's own tokens stand, those blotted out; by their position.
    fn masks(&self, texts: &[Text<'_>], scanned: &mut [Scanned]) -> HashMap<usize, String> {
        let mut masks = HashMap::new();
        for ((text, scanned), at) in texts.iter().zip(scanned).zip(0..) {
            // Of a text that was too long to read nothing is known.
            if text.may_hold(b'[') || text.text.len() > TEXT_BYTES_MAX {
                scanned.own = self.engine.tokens.own(text.text);
                if !scanned.own.is_empty() {
                    masks.insert(at, blot_out(text.text, &scanned.own));
                }
            }
        }
        masks
    }

    /// The units that read otherwise than they are written, folded.
    fn views(
        &self,
        texts: &[Text<'_>],
        scanned: &[Scanned],
        masks: &HashMap<usize, String>,
    ) -> HashMap<u32, Reading> {
        let mut views = HashMap::new();
        let ascii = self.roots.iter().all(|root| root.text.is_ascii())
            && self.arenas.iter().all(|arena| arena.is_ascii());
        for ((Scanned { unit, .. }, text), at) in scanned.iter().zip(texts).zip(0..) {
            if ascii && !text.may_hold_control() {
                continue;
            }
            let text = masks.get(&at).map_or(text.text, String::as_str);
            if let Some(view) = reading::folded(text) {
                views.insert(*unit, view);
            }
        }
        views
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

    /// The text of a key, unless the engine wrote it: `[SSN]` in place of a number tells nothing of the value. Nor does
    /// a key that is longer than any name of a field; it would be read anew for each value below it.
    fn key_text(&self, unit: u32) -> Option<&str> {
        let key = Some(self.unit_text(unit)).filter(|key| key.len() <= KEY_BYTES_MAX)?;
        self.is_written(unit).then_some(key)
    }

    /// Whether a key stands as its writer wrote it. A plain one has no bracket.
    fn is_written(&self, unit: u32) -> bool {
        let given = &self.units[unit as usize];
        given.kind == Kind::Key && given.care == Care::Skip
            || self.engine.tokens.own(self.text(given.loc)).is_empty()
    }

    /// The category that a key gives, or a string that names the value beside it.
    fn tells(&self, unit: u32) -> Option<Category> {
        let given = &self.units[unit as usize];
        let telling = match given.kind {
            Kind::Key => given.telling,
            _ => given.telling.or_else(|| keys::telling(self.text(given.loc))),
        };
        telling.filter(|_| self.is_written(unit))
    }

    /// The category that the nearest key gives.
    fn telling(&self, unit: &Unit) -> Option<Category> {
        if unit.context == NONE {
            return None;
        }
        self.tells(unit.context).or_else(|| self.telling_inside(unit)).or_else(|| self.part_of(unit))
    }

    /// The category of a number.
    fn number_tells(&self, unit: &Unit) -> Option<Category> {
        if self.is_early_birth(unit) {
            return Some(Category::Age);
        }
        let told = self.telling(unit).or_else(|| self.numbered(unit));
        let told = told.filter(|told| self.fits_number(unit, *told) || self.is_part(unit));
        told.or_else(|| self.is_credential(unit, self.text(unit.loc)).then_some(Category::Secret))
    }

    /// The category of a number by the last word of its key.
    fn numbered(&self, unit: &Unit) -> Option<Category> {
        let key = self.units.get(unit.context as usize).filter(|key| key.says.any(Says::NUMBER))?;
        let number = self.text(unit.loc);
        keys::of_number(self.text(key.loc), number).filter(|_| self.is_written(unit.context))
    }

    /// Whether a number is the year of a birth that shows an age over 89 at the event's time.
    fn is_early_birth(&self, unit: &Unit) -> bool {
        let text = self.text(unit.loc);
        text.len() == 4
            && unit.context != NONE
            && keys::is_of_birth(self.unit_text(unit.context))
            && generalise::shows_high_age(text, self.as_of)
    }

    /// Whether a number has the size of what its key tells, and is not counted.
    fn fits_number(&self, unit: &Unit, category: Category) -> bool {
        let number = self.text(unit.loc);
        let key = if unit.context == NONE { "" } else { self.unit_text(unit.context) };
        let counted = || {
            // Of several values there is a list.
            let listed =
                self.containers.get(unit.container as usize).is_some_and(|container| container.array);
            key.ends_with('s') && !listed || self.key_around(unit).is_some_and(keys::counts)
        };
        keys::fits_number(category, key, number)
            && (number.len() > keys::COUNT_DIGITS_MAX || category == Category::Age || !counted())
    }

    /// The key of the object that holds a unit.
    fn key_around(&self, unit: &Unit) -> Option<&str> {
        let object = self.containers.get(unit.container as usize)?;
        (object.key != NONE).then(|| self.key_text(object.key)).flatten()
    }

    /// Whether the key of a unit is that of a version.
    fn is_version(&self, unit: &Unit) -> bool {
        const VERSION: &str = "version";
        let key = self.units.get(unit.context as usize).map_or("", |key| self.text(key.loc));
        let tail = key.len().checked_sub(VERSION.len()).and_then(|from| key.get(from..));
        tail.is_some_and(|tail| tail.eq_ignore_ascii_case(VERSION))
    }

    /// Whether a string under the key of a credential, or a number under that of a code, is one.
    fn is_credential(&self, unit: &Unit, text: &str) -> bool {
        let Some(key) = self.units.get(unit.context as usize).filter(|key| key.kind == Kind::Key) else {
            return false;
        };
        key.says.any(Says::CREDENTIAL.or(Says::CODE))
            && self.is_written(unit.context)
            && if key.says.any(Says::CODE) { keys::is_code(text) } else { keys::looks_secret(text) }
    }

    /// Whether a string is a cookie that looks like a credential: `{"cookies": {"sid": …}}`, and in an archive of HTTP
    /// `{"cookies": [{"name": "sid", "value": …}]}`.
    fn is_cookie(&self, unit: &Unit, text: &str) -> bool {
        let object = self.containers.get(unit.container as usize).filter(|object| !object.array);
        let Some(object) = object.filter(|object| object.context != NONE) else { return false };
        let named = object.key != NONE || unit.key != NONE && self.unit_text(unit.key) == "value";
        named && self.unit_text(object.context).eq_ignore_ascii_case("cookies") && keys::looks_secret(text)
    }

    /// Whether a string under the key of an address is one by its words.
    fn is_address(&self, unit: &Unit, text: &str) -> bool {
        self.units.get(unit.context as usize).is_some_and(|key| key.says.any(Says::ADDRESS))
            && self.is_written(unit.context)
            && keys::is_address(text)
    }

    /// The category of the object that holds the unit, if its own key tells one of which this is a part.
    fn part_of(&self, unit: &Unit) -> Option<Category> {
        let object = self.containers.get(unit.container as usize).filter(|object| !object.array)?;
        let around = (object.key != NONE).then(|| self.tells(object.key)).flatten()?;
        let key = self.key_text(unit.context)?;
        keys::is_part(around, key, self.text(unit.loc)).then_some(around)
    }

    /// The category that the key has inside the object that holds it.
    fn telling_inside(&self, unit: &Unit) -> Option<Category> {
        let context = &self.units[unit.context as usize];
        let inside = match context.kind {
            Kind::Key => context.says,
            _ => Says::of(self.text(context.loc)),
        };
        if !inside.any(Says::INSIDE) {
            return None;
        }
        let key = self.key_text(unit.context)?;
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
        self.key_around(unit).is_some_and(keys::collects_persons)
    }

    /// Whether a string has the look of what its key tells, or the head of its column that tells only beside others.
    fn fits(&self, unit: &Unit, category: Category, text: &str) -> bool {
        let context = &self.units[unit.context as usize];
        let kind = self.text(context.loc);
        // What a guardrail matched stands nowhere else.
        let matched = || unit.key != NONE && self.unit_text(unit.key) == "match";
        if context.kind == Kind::Key || keys::telling(kind).is_some() || matched() {
            return keys::fits(category, text);
        }
        let entity = category == Category::Name && keys::of_entity(kind).is_some();
        detect::fits_cell(category, text) && (!entity || text.split(' ').all(is_part_of_name))
    }

    /// Whether a number counts as a part of what its object's key tells, not by its own key.
    fn is_part(&self, unit: &Unit) -> bool {
        unit.context != NONE
            && self.is_written(unit.context)
            && self.tells(unit.context).is_none()
            && self.part_of(unit).is_some()
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

/// One of `found`, which is in order, that covers the span.
fn covering(found: &[Found], start: u32, end: u32) -> Option<usize> {
    let last = found.partition_point(|found| found.start <= start).checked_sub(1)?;
    (found[last].end >= end).then_some(last)
}

/// What a number in a column that says who called must score to be somebody's: names of users, applications and
/// clients hold many that are nobody's.
const SURE: f32 = 0.9;

/// Whether a hit is company for those that are not sure by themselves.
fn is_company(hit: &Hit) -> bool {
    hit.score >= NEEDS_COMPANY && is_of_person(hit.category)
}

fn is_of_person(category: Category) -> bool {
    use Category::{Age, Date, Ip, Secret, Url, Zip};
    !matches!(category, Date | Age | Ip | Secret | Url | Zip)
}

/// Whether a category is a number that was given to a person.
fn is_number(category: Category) -> bool {
    use Category::{Account, Card, HealthPlan, Mrn, NationalId, Ssn};
    matches!(category, Account | Card | HealthPlan | Mrn | NationalId | Ssn)
}

/// Whether a key names what it stands in, which may be a person.
fn is_key_of_name(key: &str) -> bool {
    ["name", "display_name", "displayName"].iter().any(|known| key.eq_ignore_ascii_case(known))
}

/// Whether a word may be one of a name as it is written: capitalised, or a particle.
fn is_part_of_name(word: &str) -> bool {
    word.starts_with(|c: char| !c.is_lowercase()) || detect::is_particle(word)
}

/// Whether one or two capitalised words stand behind a given name, and nothing else.
fn is_capitalised_name(behind: &str) -> bool {
    let capitalised = |word: &str| {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_uppercase) && word.len() > 2 && letters.all(char::is_lowercase)
    };
    behind.len() <= super::WORD_BYTES_MAX
        && behind
            .strip_prefix(' ')
            .is_some_and(|words| words.split(' ').count() <= 2 && words.split(' ').all(capitalised))
}

/// Whether the values of a category are found too often by chance to have copies.
fn is_loose(category: Category) -> bool {
    use Category::{Age, Date, Name, Place, Url, Zip};
    matches!(category, Name | Date | Age | Place | Zip | Url)
}

/// Whether what was found is a number by its digits, not by being denied or by a policy's own pattern.
fn of_digits(found: &Found) -> bool {
    use Category::{Device, Fax, License, Phone, Vehicle, Zip};
    let What::Category(category) = found.what else { return false };
    // Of a date by its head or key; one by itself may be the name of a month.
    (is_number(category)
        || matches!(category, Device | Fax | License | Phone | Vehicle | Zip)
        || found.what == DATE && matches!(found.rule, "table.cell" | "member.value" | "literal.member"))
        && !is_own(found.rule)
}

struct Finder<'d, 'r> {
    document: &'d Document<'r>,
    room: &'d mut Room,
    texts: &'d [Text<'d>],
    /// Of texts that hold what the engine wrote, and are made ready without it: the same as they are written.
    written: Vec<(usize, Text<'d>)>,
    /// What units read like, by unit; their texts are these.
    views: &'d HashMap<u32, Reading>,
    /// Further readings, with the position of their unit in `scanned`.
    others: Vec<(usize, Reading)>,
    /// Names that readings gave away.
    seeds: Vec<Seed>,
    /// Hits that an allow list keeps.
    allowed: Vec<own::Allowed>,
}

impl<'d> Finder<'d, '_> {
    /// Takes in what the detectors found in the text at `at`, and what else there is to find in it.
    fn take_in(&mut self, at: usize, detected: &[Hit]) {
        let from = self.room.hits.len();
        self.room.hits.extend_from_slice(detected);
        self.cut_at_cells(at, from);
        self.read_on(at, from);
        self.by_key(at, from);
        self.set_allowed_aside(at, from);
        self.room.scanned[at].hits = (from, self.room.hits.len());
    }

    /// Looks for what was found in all texts, and settles overlaps.
    fn run(mut self, spans: &mut Vec<Resolved>) -> Vec<String> {
        let names = self.names();
        let company = self.company();
        self.settle(names.as_ref(), company, spans);
        names.map_or_else(Vec::new, |names| names.list().iter().map(|seed| seed.full.clone()).collect())
    }

    /// Cuts names that reach over cells of a table there: two cells are two values. What lies beside them stays a name.
    fn cut_at_cells(&mut self, at: usize, from: usize) {
        const CELL: &str = "table.cell";
        let hits = &mut self.room.hits;
        if !hits[from..].iter().any(|hit| hit.rule == CELL) {
            return;
        }
        let text = self.texts[at].text;
        let cells: Vec<Range<usize>> =
            hits[from..].iter().filter(|hit| hit.rule == CELL).map(|cell| cell.start..cell.end).collect();
        let mut parts = Vec::new();
        for hit in &mut hits[from..] {
            if hit.category != Category::Name || hit.rule == CELL || is_own(hit.rule) {
                continue;
            }
            let first = cells.partition_point(|cell| cell.end <= hit.start);
            let mut over = cells[first..].iter().take_while(|cell| cell.start < hit.end).peekable();
            if over.peek().is_none_or(|cell| cell.start <= hit.start && hit.end <= cell.end) {
                continue;
            }
            let (mut begin, end) = (hit.start, hit.end);
            for (before, behind) in over.map(|cell| (cell.start, cell.end)).chain([(end, end)]) {
                let part =
                    text.get(begin..before).unwrap_or("").trim_start_matches(|c| !char::is_alphanumeric(c));
                let start = before.max(begin) - part.len();
                let part = part.trim_end_matches(|c| !char::is_alphanumeric(c));
                if !part.is_empty() {
                    parts.push(Hit { start, end: start + part.len(), ..hit.clone() });
                }
                begin = begin.max(behind);
            }
            // Nothing is left of it here.
            hit.end = hit.start;
        }
        if hits[from..].iter().any(|hit| hit.start == hit.end) {
            hits.extend(parts);
            let mut kept = hits.split_off(from);
            kept.retain(|hit| hit.start < hit.end);
            kept.sort_by(|a, b| a.start.cmp(&b.start).then(b.end.cmp(&a.end)));
            hits.append(&mut kept);
        }
    }

    /// Brings what was found in a folded text back to the text, and looks into the other readings of the text.
    fn read_on(&mut self, at: usize, from: usize) {
        let text = &self.texts[at];
        if let Some(view) = self.views.get(&self.room.scanned[at].unit) {
            Names::seeds(text, &self.room.hits[from..], &mut self.seeds);
            for hit in &mut self.room.hits[from..] {
                (hit.start, hit.end) = view.raw(hit.start, hit.end);
            }
        }
        if self.room.hits[from..].iter().any(|hit| hit.category == Category::Name) {
            self.number_of_name(at, from);
        }
        let text = &self.texts[at];
        // The signs of escapes; `=` alone may be quoted-printable.
        let escaped = [b'%', b'&', b'\\', b'='].iter().any(|sign| text.may_hold(*sign));
        let decoded = escaped.then(|| reading::decoded(text.text)).flatten();
        if let Some(decoded) = decoded {
            self.read_also(at, decoded);
        }
        if let Some(joined) = reading::joined(&self.texts[at]) {
            self.read_also(at, joined);
        }
        if let Some(spelled) = reading::spelled(&self.texts[at]) {
            self.read_also(at, spelled);
        }
    }

    /// The number in brackets right behind a name: "Jane Doe (70444444)".
    fn number_of_name(&mut self, at: usize, from: usize) {
        const DIGITS: std::ops::RangeInclusive<usize> = 6..=12;
        let bytes = self.document.unit_text(self.room.scanned[at].unit).as_bytes();
        let last = self.room.hits.len();
        for next in from..last {
            let hit = &self.room.hits[next];
            let behind = bytes.get(hit.end..).unwrap_or_default();
            if hit.category != Category::Name || hit.score < NEEDS_COMPANY || !behind.starts_with(b" (") {
                continue;
            }
            let digits = behind[2..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            if DIGITS.contains(&digits) && matches!(behind.get(2 + digits), Some(b')' | b',' | b';')) {
                let (start, category) = (hit.end + 2, Category::Mrn);
                self.room.hits.push(Hit {
                    start,
                    end: start + digits,
                    category,
                    rule: "name.number",
                    score: 0.8,
                });
            }
        }
        if self.room.hits.len() > last {
            self.room.hits[from..].sort_by(|a, b| a.start.cmp(&b.start).then(b.end.cmp(&a.end)));
        }
    }

    fn read_also(&mut self, at: usize, reading: Reading) {
        let first = self.room.hits.len();
        {
            let given = &self.texts[at];
            let text = Text::with_blots(&reading.text, given.key, given.as_of, given.blots);
            self.document.engine.detect(&text, &mut self.room.hits);
            Names::seeds(&text, &self.room.hits[first..], &mut self.seeds);
        }
        let own = &self.room.scanned[at].own;
        let mut kept = first;
        for next in first..self.room.hits.len() {
            let mut hit = self.room.hits[next].clone();
            (hit.start, hit.end) = self.raw(at, &reading, hit.start, hit.end);
            // A hit that is nothing but the engine's own words says nothing.
            let nearest = own.partition_point(|(start, _)| *start <= hit.start).checked_sub(1);
            let own_words = nearest.is_some_and(|nearest| hit.end <= own[nearest].1);
            if hit.start < hit.end && !own_words {
                self.room.hits[kept] = hit;
                kept += 1;
            }
        }
        self.room.hits.truncate(kept);
        self.others.push((at, reading));
    }

    /// Where a span of a further reading lies in its unit.
    fn raw(&self, at: usize, reading: &Reading, start: usize, end: usize) -> (usize, usize) {
        let (start, end) = reading.raw(start, end);
        self.views.get(&self.room.scanned[at].unit).map_or((start, end), |view| view.raw(start, end))
    }

    /// The whole value under a telling key, and nothing under a key that makes it nobody's.
    fn by_key(&mut self, at: usize, from: usize) {
        let scanned = &self.room.scanned[at];
        if self.document.mode(scanned.unit) == Mode::Word {
            self.word_of_nobody(at);
            return;
        }
        let unit = &self.document.units[scanned.unit as usize];
        if unit.kind == Kind::Key {
            let text = self.document.text(unit.loc);
            let digits = text.bytes().take_while(u8::is_ascii_digit).count();
            if digits >= 5 && digits == text.len() && self.document.among_persons(unit) {
                let (end, category) = (text.len(), Category::Mrn);
                self.room.hits.push(Hit { start: 0, end, category, rule: "key.of_person", score: 0.9 });
            }
        }
        if unit.kind != Kind::String {
            return;
        }
        let text = self.document.text(unit.loc);
        // What was redacted before is not taken whole again: its length and its digits are the tokens'.
        if !scanned.own.is_empty() {
            return;
        }
        let told = self
            .document
            .telling(unit)
            .filter(|category| self.document.fits(unit, *category, text) || self.document.is_part(unit));
        let credential = || {
            let credential = self.document.is_credential(unit, text) || self.document.is_cookie(unit, text);
            credential.then_some(Category::Secret)
        };
        let address = || self.document.is_address(unit, text).then_some(Category::Address);
        if let Some(category) = told.or_else(credential).or_else(address) {
            self.room.hits.push(Hit { start: 0, end: text.len(), category, rule: "key", score: 0.95 });
        } else if let Some(name) =
            self.room.hits[from..].iter().find(|hit| hit.category == Category::Name && hit.start == 0)
            && text.get(name.end..).is_some_and(is_capitalised_name)
            && self.document.context(scanned.unit).is_some_and(is_key_of_name)
        {
            // "Brisk" is a word, and behind "Quen" a surname.
            let name = Hit { end: text.len(), rule: "key.name", ..name.clone() };
            self.room.hits.push(name);
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
                let (start, end) = match self.views.get(&self.room.scanned[at].unit) {
                    Some(view) => view.raw(start, end),
                    None => (start, end),
                };
                let category = Category::UniqueId;
                self.room.hits.push(Hit { start, end, category, rule: "vocabulary.number", score: 0.7 });
            }
        }
    }

    /// The names of subjects that were found, ready to be looked for everywhere.
    fn names(&self) -> Option<Names> {
        let stated = self.document.names_stated.iter();
        let mut seeds: Vec<Seed> = stated.map(|full| Seed { full: full.clone() }).collect();
        for (scanned, text) in self.room.scanned.iter().zip(self.texts) {
            let hits = &self.room.hits[scanned.hits.0..scanned.hits.1];
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
        use Category::Secret;
        let (mut copies, mut taken) = (Vec::with_capacity(16), 0);
        let mut respelled = 0;
        for (scanned, prepared) in self.room.scanned.iter().zip(self.texts) {
            let hits = &self.room.hits[scanned.hits.0..scanned.hits.1];
            if hits.is_empty() {
                continue;
            }
            let text = self.document.unit_text(scanned.unit);
            let as_written = std::ptr::eq(prepared.text, text);
            for hit in hits {
                // A match that needs company has no copies that need none.
                if is_loose(hit.category) || hit.score < NEEDS_COMPANY && is_own(hit.rule) {
                    continue;
                }
                let value = text.get(hit.start..hit.end).unwrap_or("");
                let length = if hit.category == Secret { COPY_MIN + 2 } else { COPY_MIN };
                let telling = || hit.category == Secret || value.bytes().any(|byte| byte.is_ascii_digit());
                if !(length..=256).contains(&value.len()) || taken >= COPIES_MAX || !telling() {
                    continue;
                }
                // Written plainly elsewhere, perhaps.
                let plain = reading::plain(value);
                if plain != value && plain.len() >= length {
                    taken += 1;
                    copies.extend(copy_of(plain, hit.category));
                }
                taken += 1;
                if respelled < COPIES_MAX {
                    let first = copies.len();
                    copies::respelled(value, hit.category, &mut copies);
                    respelled += copies.len() - first;
                }
                let known = as_written.then(|| first_word(prepared, hit.start..hit.end)).flatten();
                copies.extend(match known {
                    Some(first) => Some(Copy { value: Cow::Borrowed(value), category: hit.category, first }),
                    None => copy_of(Cow::Borrowed(value), hit.category),
                });
            }
        }
        for unit in &self.document.units {
            // Numbers are no texts.
            if unit.kind != Kind::Number || respelled >= COPIES_MAX {
                continue;
            }
            let value = self.document.text(unit.loc);
            if value.len() < copies::CODE_MIN || !value.bytes().all(|byte| byte.is_ascii_digit()) {
                continue;
            }
            if let Some(category) = self.document.number_tells(unit).filter(|category| !is_loose(*category)) {
                respelled += 1;
                copies.push(Copy::of_code(Cow::Borrowed(value), category));
            }
        }
        (!copies.is_empty()).then(|| Copies::new(copies))
    }

    /// Whether the document holds an identifier of a person that is sure by itself.
    fn company(&self) -> bool {
        // Numbers are no texts, and under a telling key identifiers all the same.
        let number = |unit: &Unit| {
            let category = (unit.kind == Kind::Number).then(|| self.document.telling(unit)).flatten();
            category
                .is_some_and(|category| is_of_person(category) && self.document.fits_number(unit, category))
        };
        self.room.hits.iter().any(is_company) || self.document.units.iter().any(number)
    }

    fn settle(&mut self, names: Option<&Names>, company: bool, spans: &mut Vec<Resolved>) {
        let document = self.document;
        let copies = self.copies();
        let mut by_unit = std::mem::take(&mut self.room.by_unit);
        let mut found = std::mem::take(&mut self.room.found);
        let mut mentions = std::mem::take(&mut self.room.mentions);
        let mut ranges = std::mem::take(&mut self.room.ranges);
        let mut sheets = std::mem::take(&mut self.room.sheets);
        let mut changed = std::mem::take(&mut self.room.changed);
        by_unit.resize(document.units.len(), NONE);
        for (scanned, at) in self.room.scanned.iter().zip(0..) {
            by_unit[scanned.unit as usize] = at;
        }
        sheets.resize(document.sheets.len(), false);
        changed.resize(document.sheets.len(), false);
        // Sheets that hold others come before them: going backwards, what lies inside is settled first.
        let own_rules = document.engine.policy.rules().finds();
        for (at, sheet) in document.sheets.iter().enumerate().rev() {
            for unit in sheet.units.0..sheet.units.1 {
                let given = &document.units[unit as usize];
                if given.care == Care::Skip && !own_rules {
                    continue;
                }
                if given.nested != NONE {
                    sheets[at] |= sheets[given.nested as usize];
                    changed[at] |= changed[given.nested as usize];
                    continue;
                }
                let scanned = by_unit[unit as usize];
                if scanned == NONE {
                    self.unscanned(unit, copies.as_ref(), &mut found);
                } else {
                    let scanned = scanned as usize;
                    self.detected(scanned, company, &mut found);
                    if let Some(names) = names {
                        self.mentioned(scanned, names, &mut mentions, &mut found);
                    }
                    if let Some(copies) = &copies {
                        self.copied(scanned, copies, &mut found);
                    }
                    self.allowed(scanned, &mut found);
                    self.opaque(unit, &changed, &mut found);
                    self.keep_own(scanned, &mut found);
                    self.surnames(scanned, &mut found);
                }
                if found.is_empty() {
                    continue;
                }
                self.excepted(unit, &mut found);
                let from = spans.len();
                resolve(&mut found, spans);
                if spans.len() > from && scanned != NONE {
                    self.again(scanned as usize, company, from, spans);
                }
                if document.engine.policy.observes() {
                    spans[from..].iter_mut().for_each(|span| span.action = Action::Keep);
                }
                self.whole(unit, from, spans);
                if spans.len() > from {
                    sheets[at] = true;
                    changed[at] |= spans[from..].iter().any(|span| span.action != Action::Keep);
                    ranges.push((unit, (from as u32, spans.len() as u32)));
                }
            }
        }
        let alone = !company && self.company_again(&by_unit, &ranges, spans);
        let room = &mut *self.room;
        (room.by_unit, room.found, room.mentions) = (by_unit, found, mentions);
        (room.ranges, room.sheets, room.changed) = (ranges, sheets, changed);
        if alone {
            for list in [&mut room.sheets, &mut room.changed] {
                list.clear();
            }
            room.ranges.clear();
            spans.clear();
            self.settle(names, true, spans);
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
        let scanned = &self.room.scanned[at];
        if scanned.hits.0 == scanned.hits.1 {
            return;
        }
        let unit = &self.document.units[scanned.unit as usize];
        let text = self.document.text(unit.loc);
        let neutral = unit.kind == Kind::String && shape::neutral(text);
        let mut version = None;
        for hit in &self.room.hits[scanned.hits.0..scanned.hits.1] {
            // The versions of some interfaces are dates: `"anthropic-version": "2023-06-01"`.
            let dated = hit.category == Category::Date && hit.start == 0 && unit.kind == Kind::String;
            if dated && !is_own(hit.rule) && *version.get_or_insert_with(|| self.document.is_version(unit)) {
                continue;
            }
            // The same in an address.
            let versioned = || text.get(..hit.start).is_some_and(|before| before.ends_with("api-version="));
            if hit.category == Category::Date && !is_own(hit.rule) && versioned() {
                continue;
            }
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
        if matches!(self.document.mode(self.room.scanned[at].unit), Mode::SecretsOnly | Mode::Caller) {
            return;
        }
        mentions.clear();
        names.find(&self.texts[at], mentions);
        if let Some(view) = self.views.get(&self.room.scanned[at].unit) {
            for Mention { hit, .. } in mentions.iter_mut() {
                (hit.start, hit.end) = view.raw(hit.start, hit.end);
            }
        }
        // Readings are listed in the order of their texts.
        let others = self.others.partition_point(|(of, _)| *of < at);
        for (_, reading) in self.others[others..].iter().take_while(|(of, _)| *of == at) {
            let first = mentions.len();
            names.find(&Text::new(&reading.text, self.texts[at].key, self.texts[at].as_of), mentions);
            for Mention { hit, .. } in &mut mentions[first..] {
                (hit.start, hit.end) = self.raw(at, reading, hit.start, hit.end);
            }
        }
        let detected = found.len();
        for mention in mentions.iter() {
            let (start, end) = (mention.hit.start as u32, mention.hit.end as u32);
            let seed = mention.seed.map_or(NONE, |seed| seed as u32);
            match covering(&found[..detected], start, end).filter(|by| found[*by].what == NAME) {
                Some(by) => found[by].seed = seed,
                None => found.push(self.found(&mention.hit, seed)),
            }
        }
    }

    /// Bare copies of what is a number or a code elsewhere, where nothing else was found.
    fn copied(&self, at: usize, copies: &Copies<'_>, found: &mut Vec<Found>) {
        let scanned = &self.room.scanned[at];
        let kept = matches!(self.document.mode(scanned.unit), Mode::SecretsOnly | Mode::Caller);
        if kept {
            return;
        }
        let view = self.views.get(&scanned.unit);
        // The engine's own tokens may hold a value; they are blotted out in the prepared text.
        let written = self.written.iter().find(|(of, _)| *of == at).map(|(_, text)| text);
        let text = written.unwrap_or(&self.texts[at]);
        let bytes = text.text.as_bytes();
        work::examined(bytes.len());
        let inside = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        let detected = found.len();
        let mut add = |start: usize, end: usize, category: Category| {
            // A copy begins behind no letter or digit and ends before none.
            if inside(start.checked_sub(1).map(|before| &bytes[before])) || inside(bytes.get(end)) {
                return;
            }
            let (start, end) = view.map_or((start, end), |view| view.raw(start, end));
            if covering(&found[..detected], start as u32, end as u32).is_none() {
                let hit = Hit { start, end, category, rule: "copy", score: 0.9 };
                found.push(self.found(&hit, NONE));
            }
        };
        let mut copy = |copy: &Copy<'_>, word: &Range<usize>| {
            if let Some((start, end)) = copy.at(bytes, word) {
                add(start, end, copy.category);
            }
        };
        let mut word = |word: &Word| {
            let key = word_key(bytes, word);
            if copies.may_begin(key) {
                copies.of_key(key).for_each(|value| copy(value, &word.range()));
            }
        };
        let letters = copies.letters && copies.sign.is_none_or(|sign| text.may_hold(sign));
        if letters && copies.plain {
            text.words().iter().for_each(word);
        } else {
            if letters {
                text.rare().for_each(|(_, found)| word(found));
            }
            text.numbers().for_each(|index| word(&text.words()[index]));
        }
        for word in text.numbers().map(|index| &text.words()[index]) {
            if let Some(number) = copies::filled_up(&bytes[word.range()])
                && let Some(known) = copies.of_part(number).find(|copy| copy.value.as_bytes() == number)
            {
                add(word.start as usize, word.end as usize, known.category);
            }
        }
        if text.text.is_ascii() {
            return;
        }
        // A letter beyond ASCII beside a value makes it no other value.
        for word in text.words().iter().filter(|word| !bytes[word.range()].is_ascii()) {
            let mut from = word.start as usize;
            for run in bytes[word.range()].split(|byte| !byte.is_ascii()) {
                let part = from..from + run.len();
                for value in copies.of_part(run) {
                    if let Some((start, end)) = value.at(bytes, &part) {
                        add(start, end, value.category);
                    }
                }
                from += run.len() + 1;
            }
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
        let scanned = &self.room.scanned[at];
        if scanned.own.is_empty() {
            return;
        }
        self.take_own_out(self.document.unit_text(scanned.unit), &scanned.own, found);
    }

    /// Family names right behind a name that was found, or was replaced before.
    fn surnames(&self, at: usize, found: &mut Vec<Found>) {
        const OWN_NAME: &str = "[NAME";
        let scanned = &self.room.scanned[at];
        if found.is_empty() && scanned.own.is_empty()
            || matches!(self.document.mode(scanned.unit), Mode::SecretsOnly | Mode::Caller)
        {
            return;
        }
        let (text, view) = (&self.texts[at], self.views.get(&scanned.unit));
        let raw = |word: &Word| {
            let (start, end) = (word.start as usize, word.end as usize);
            view.map_or((start, end), |view| view.raw(start, end))
        };
        // The word behind the one that ends there, if it is a family name.
        let surname = |end: usize| {
            let index = text.words().partition_point(|word| raw(word).1 < end);
            let ended = text.joint(index) == b' ' && raw(&text.words()[index]).1 == end;
            ended.then(|| text.word_at(index + 1)).flatten().filter(|word| detect::is_surname(word)).map(raw)
        };
        let unit_text = self.document.unit_text(scanned.unit);
        let own = scanned.own.iter().filter(|(start, _)| unit_text[*start..].starts_with(OWN_NAME));
        let names = found.iter().filter(|found| found.what == NAME).map(|name| name.end as usize);
        let behind: Vec<_> = own.map(|(_, end)| *end).chain(names).filter_map(surname).collect();
        if behind.is_empty() {
            return;
        }
        // Where each part begins, and how far it and those before it reach.
        let mut reach: Vec<(usize, usize)> =
            found.iter().map(|found| (found.start as usize, found.end as usize)).collect();
        reach.sort_unstable();
        reach.iter_mut().fold(0, |most, (_, end)| {
            *end = most.max(*end);
            *end
        });
        for first in behind {
            let mut next = Some(first);
            while let Some((start, end)) = next {
                let begun = reach.partition_point(|(from, _)| *from < end);
                if begun.checked_sub(1).is_some_and(|last| reach[last].1 > start) {
                    break;
                }
                let (category, rule) = (Category::Name, "name.surname");
                found.push(self.found(&Hit { start, end, category, rule, score: 0.6 }, NONE));
                next = surname(end);
            }
        }
    }

    /// Takes these parts of a text out of whatever overlaps them.
    fn take_own_out(&self, text: &str, own: &[(usize, usize)], found: &mut Vec<Found>) {
        // The letter of an escape between two tokens is nothing, nor is a number of which only the token has digits.
        let worth = |found: &Found| {
            let part = &text[found.start as usize..found.end as usize];
            let numberless =
                || !reading::plain(part).contains(char::is_numeric) && !reading::spells_digit(part);
            if of_digits(found) && numberless() {
                return false;
            }
            let mut told = false;
            for (at, piece) in part.split('\\').enumerate() {
                let escape = if piece.starts_with('u') { 5 } else { 1 };
                told |= piece.chars().skip(if at > 0 { escape } else { 0 }).any(char::is_alphanumeric);
            }
            told && !generalise::is_remainder(part)
        };
        // Own tokens are in order and disjoint: each hit looks at those that it overlaps, and at no other.
        for hit in std::mem::take(found) {
            work::examined((hit.end - hit.start) as usize);
            let first = own.partition_point(|(_, end)| *end as u32 <= hit.start);
            let mut overlapped =
                own[first..].iter().take_while(|(start, _)| (*start as u32) < hit.end).peekable();
            if overlapped.peek().is_none() {
                found.push(hit);
                continue;
            }
            let mut from = hit.start;
            for (start, end) in overlapped {
                let before = Found { start: from, end: *start as u32, ..hit.clone() };
                from = *end as u32;
                found.extend(Some(before).filter(|part| part.start < part.end && worth(part)));
            }
            found.extend(
                Some(Found { start: from, ..hit }).filter(|part| part.start < part.end && worth(part)),
            );
        }
    }

    /// Numbers under telling keys and copies of numbers, embeddings, and what is beyond the limits.
    fn unscanned(&self, unit: u32, copies: Option<&Copies<'_>>, found: &mut Vec<Found>) {
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
            && let Some(category) = self.document.number_tells(given)
        {
            found.push(self.found(&Hit { start: 0, end, category, rule: "key.number", score: 0.95 }, NONE));
        } else if given.kind == Kind::Number
            && !matches!(self.document.mode(unit), Mode::SecretsOnly | Mode::Caller)
            && let Some(known) =
                copies.and_then(|copies| copies.of_part(text.as_bytes()).find(|known| known.value == text))
        {
            let category = known.category;
            found.push(self.found(&Hit { start: 0, end, category, rule: "copy", score: 0.9 }, NONE));
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
