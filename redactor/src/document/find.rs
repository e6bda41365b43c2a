//! Finding: detectors, telling keys, names and numbers found elsewhere in the document, opaque parts.

use std::borrow::Cow;
use std::collections::HashMap;

use self::copies::{Copies, Copy, copy_of, first_word};
use self::readings::{Readings, blot_out};
use super::resolve::{DATE, Found, Resolved, What};
use super::{Care, Document, Kind, Mode, NONE, Unit};
use crate::detect::{Category, Hit, Mention, NEEDS_COMPANY, Names, SEEDS_MAX, Seed, Text};
use crate::policy::is_own;
use crate::reading::{self, Reading};

mod again;
mod copies;
mod heard;
mod left_over;
mod own;
mod readings;
mod settle;
mod telling;

/// The most values looked for in all texts because one text gave them away; the first ones count.
const COPIES_MAX: usize = 256;

/// The shortest such value: four digits alone are found everywhere.
const COPY_MIN: usize = 6;

const NAME: What = What::Category(Category::Name);

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
    /// What the scorer found, with the position of its text in `scanned`, once it is known to all texts.
    learned: Vec<(usize, Hit)>,
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
        self.learned.clear();
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
    /// Looks for what was found in all texts, and settles overlaps.
    fn run(mut self, spans: &mut Vec<Resolved>) -> Vec<String> {
        let names = self.names();
        let company = self.company();
        self.settle(names.as_ref(), company, spans);
        names.map_or_else(Vec::new, |names| names.list().iter().map(|seed| seed.full.clone()).collect())
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
        for (at, (scanned, prepared)) in self.room.scanned.iter().zip(self.texts).enumerate() {
            let hits = &self.room.hits[scanned.hits.0..scanned.hits.1];
            if hits.is_empty() && self.room.learned.is_empty() {
                continue;
            }
            let text = self.document.unit_text(scanned.unit);
            let as_written = std::ptr::eq(prepared.text, text);
            for hit in hits.iter().chain(self.learned(at)) {
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

    /// What the scorer found in a text, if it is known to all.
    fn learned(&self, at: usize) -> impl Iterator<Item = &Hit> {
        // They are in the order of their texts.
        let from = self.room.learned.partition_point(|(of, _)| *of < at);
        self.room.learned[from..].iter().take_while(move |(of, _)| *of == at).map(|(_, hit)| hit)
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
}
