//! One document: all texts of one event, or one input of the filter, taken apart into units that are scanned.
//!
//! ```text
//! roots (columns) ─► sheets (a text, taken as JSON or as plain text) ─► units (strings, keys, numbers, text)
//!                         ▲                                                │
//!                         └── JSON inside a string, base64 that is text ◄──┘     at most LAYERS deep
//! ```
//!
//! The document is read whole before anything is written, so that a name that the last message gives away is
//! found in the first. `find` looks for identifiers, `resolve` makes disjoint spans of what it found, `render`
//! writes the roots anew. Decoded strings live in one arena for each layer of decoding; nothing is copied that
//! needs no decoding.

use std::cell::RefCell;

use crate::detect::Category;
use crate::document::resolve::Resolved;
use crate::engine::Engine;
use crate::json::{self, Sink};
use crate::keys::Says;
use crate::opaque::{self, Content};
use crate::policy::Treatment;
use crate::token;
use crate::{keys, shape};

mod find;
mod headings;
mod render;
mod resolve;

pub(crate) use find::find;
pub(crate) use render::Finding;

/// How deep JSON in strings and base64 are followed. Beyond, the string becomes `[OPAQUE]`.
const LAYERS: u8 = 4;

/// Arenas: a layer may need two, one to take escapes off and one to take base64 off.
const ARENAS: usize = 2 * LAYERS as usize + 2;

/// Decoding may produce this many times the bytes of the document, and not less than [`BUDGET_MIN`].
const BUDGET_TIMES: usize = 2;
const BUDGET_MIN: usize = 4096;

/// The fewest numbers, most of them with a fraction, that an array of nothing else must have to be taken for an
/// embedding. A text can be got back from its embedding, so it is opaque content like an image.
const VECTOR_MIN: u32 = 64;

/// How many documents are worked on at once, step by step, and how many bytes of text they may have together. The
/// instructions of all detectors are many times what the first cache holds, and are fetched once for all of them; their
/// words must stay in the second.
pub(crate) const DOCUMENTS_AT_ONCE: usize = 8;
pub(crate) const BYTES_AT_ONCE: usize = 64 << 10;

/// The longest string that is taken for the value of a name beside it wherever it stands, and the longest name, in bytes.
const WORD_BYTES_MAX: usize = 64;
/// The most spaces in it.
const WORD_SPACES_MAX: usize = 3;

/// The fewest digits of a number that is looked at although its key tells nothing: it may be a copy.
const COPY_DIGITS_MIN: usize = 7;

/// No index.
const NONE: u32 = u32::MAX;

/// How a root is to be taken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// JSON if it opens like it, else text.
    Free,
    /// JSON whatever it opens with.
    Json,
    /// Text only.
    Text,
    /// An identifier of a request: on a hit the whole of it becomes one token.
    Whole,
    /// A word that a vocabulary does not know: text in which a long number is somebody's.
    Word,
    /// Kept but for secrets.
    SecretsOnly,
    /// Who called, kept: a caller's name and address stay, secrets and the numbers of persons go.
    Caller,
}

/// One text to redact.
pub(crate) struct Root<'r> {
    /// The text.
    pub(crate) text: &'r str,
    /// The column's name: context as if it stood before the text.
    pub(crate) context: Option<&'static str>,
    /// How to take it.
    pub(crate) mode: Mode,
}

/// Where a text lies: in a root (layer 0) or in an arena.
#[derive(Clone, Copy)]
struct Loc {
    layer: u8,
    root: u32,
    start: u32,
    end: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A stretch of plain text.
    Text,
    /// A JSON string value.
    String,
    /// A key.
    Key,
    /// A number.
    Number,
    /// An array of numbers that is an embedding, brackets included.
    Vector,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Care {
    /// Look for identifiers.
    Scan,
    /// Nobody's: an id, a word of a protocol, a field's name.
    Skip,
    /// Too deep or too much to look into: replaced.
    Beyond,
}

struct Unit {
    loc: Loc,
    /// Where it stands in its sheet's text; of a string what lies between the quotes.
    start: u32,
    end: u32,
    sheet: u32,
    kind: Kind,
    care: Care,
    escaped: bool,
    /// Offset map of a text unit that was unescaped for scanning: index into `maps`.
    map: u32,
    container: u32,
    /// Unit of the member's key, if the container is an object.
    key: u32,
    /// Position in the container, if it is an array.
    index: u32,
    /// Unit of the nearest key, or of the sibling that names the value.
    context: u32,
    /// Of a key, the category that it gives to its value, and what else it says of it.
    telling: Option<Category>,
    says: Says,
    /// Sheet of the JSON that this string holds.
    nested: u32,
    /// What was found, in `spans`.
    spans: (u32, u32),
}

struct Container {
    parent: u32,
    key: u32,
    index: u32,
    array: bool,
    /// Members so far, how many of them are numbers, and how many of those have a fraction.
    count: u32,
    numbers: u32,
    fractions: u32,
    /// Offset of its bracket in the sheet's text.
    start: u32,
    /// The nearest key, for the items of an array; of an object the key that it stands under.
    context: u32,
    columns: headings::Columns,
    /// The string that names the value beside it: `{"name": "ssn", "value": …}`.
    label: u32,
    /// Whether it tells by itself.
    told: bool,
    /// The value that came before any such string.
    unnamed: u32,
    /// Whether it is a FHIR resource of a person.
    person: bool,
}

struct Sheet {
    loc: Loc,
    root: u32,
    layer: u8,
    /// The unit whose text this is; none for a root.
    parent: u32,
    units: (u32, u32),
    /// Whether anything was found in it or below it.
    found: bool,
}

/// A run of base64 in a unit.
struct Opaque {
    unit: u32,
    start: u32,
    end: u32,
    /// What takes its place.
    token: String,
    /// Sheet of the text it decodes to: it goes only if something is found there.
    sheet: u32,
}

/// The room that a document is worked on in. A thread keeps it, emptied, for a later document: without it, each would
/// allocate some thirty vectors.
#[derive(Default)]
struct Room {
    arenas: [String; ARENAS],
    sheets: Vec<Sheet>,
    units: Vec<Unit>,
    containers: Vec<Container>,
    spans: Vec<Resolved>,
    finding: find::Room,
    writing: render::Room,
}

/// The most bytes of decoded text, and the most units or spans, of which a thread keeps the room.
const SPARE_BYTES_MAX: usize = 1 << 20;
const SPARE_UNITS_MAX: usize = 1 << 14;

/// The most rooms that a thread keeps: those of the documents that are worked on at once.
const SPARE_MAX: usize = DOCUMENTS_AT_ONCE;

thread_local! {
    static SPARE: RefCell<Vec<Room>> = const { RefCell::new(Vec::new()) };
}

/// See the module's header.
pub(crate) struct Document<'r> {
    engine: &'r Engine,
    as_of: i64,
    roots: &'r [Root<'r>],
    arenas: [String; ARENAS],
    maps: Vec<Vec<(u32, u32)>>,
    sheets: Vec<Sheet>,
    units: Vec<Unit>,
    containers: Vec<Container>,
    /// Units of the headings of tables, table by table.
    headings: Vec<u32>,
    opaques: Vec<Opaque>,
    spans: Vec<Resolved>,
    /// The names that seeded propagation, in full.
    names: Vec<String>,
    /// What stands for keys that were redacted.
    keys: render::Keys,
    budget: usize,
    /// Room for looking for identifiers, and for writing.
    finding: find::Room,
    writing: render::Room,
    /// Names that columns of subjects state: found in all texts.
    pub(crate) names_stated: Vec<String>,
    /// By how many days the policy's `shift` moves the subject's dates.
    pub(crate) shift_days: Option<i64>,
    /// JSON pointers of the roots in their columns, where the policy has exceptions; else none.
    pub(crate) pointers: Vec<String>,
}

impl Drop for Document<'_> {
    fn drop(&mut self) {
        let decoded: usize = self.arenas.iter().map(String::capacity).sum();
        if decoded > SPARE_BYTES_MAX || self.units.capacity().max(self.spans.capacity()) > SPARE_UNITS_MAX {
            return;
        }
        self.arenas.iter_mut().for_each(String::clear);
        self.sheets.clear();
        self.units.clear();
        self.containers.clear();
        self.spans.clear();
        let room = Room {
            arenas: std::mem::take(&mut self.arenas),
            sheets: std::mem::take(&mut self.sheets),
            units: std::mem::take(&mut self.units),
            containers: std::mem::take(&mut self.containers),
            spans: std::mem::take(&mut self.spans),
            finding: std::mem::take(&mut self.finding).emptied(),
            writing: std::mem::take(&mut self.writing).emptied(),
        };
        // A thread that ends keeps nothing.
        let _ = SPARE.try_with(|spare| {
            let mut spare = spare.borrow_mut();
            if spare.len() < SPARE_MAX {
                spare.push(room);
            }
        });
    }
}

impl<'r> Document<'r> {
    /// Takes the roots apart.
    pub(crate) fn new(engine: &'r Engine, roots: &'r [Root<'r>], as_of: i64) -> Document<'r> {
        let bytes: usize = roots.iter().map(|root| root.text.len()).sum();
        let Room { arenas, sheets, units, containers, spans, finding, writing } =
            SPARE.with_borrow_mut(Vec::pop).unwrap_or_default();
        let mut document = Document {
            engine,
            as_of,
            roots,
            arenas,
            maps: Vec::new(),
            sheets,
            units,
            containers,
            headings: Vec::new(),
            opaques: Vec::new(),
            spans,
            names: Vec::new(),
            keys: Default::default(),
            budget: (bytes * BUDGET_TIMES).max(BUDGET_MIN),
            finding,
            writing,
            names_stated: Vec::new(),
            shift_days: None,
            pointers: Vec::new(),
        };
        for (root, given) in roots.iter().enumerate() {
            let loc = Loc { layer: 0, root: root as u32, start: 0, end: given.text.len() as u32 };
            document.sheet(loc, root as u32, 0, NONE);
        }
        let mut at = 0;
        while at < document.sheets.len() {
            document.take_apart(at as u32);
            at += 1;
        }
        document
    }

    fn sheet(&mut self, loc: Loc, root: u32, layer: u8, parent: u32) -> u32 {
        self.sheets.push(Sheet { loc, root, layer, parent, units: (0, 0), found: false });
        self.sheets.len() as u32 - 1
    }

    #[inline]
    fn text(&self, loc: Loc) -> &str {
        let whole = match loc.layer {
            0 => self.roots[loc.root as usize].text,
            layer => &self.arenas[layer as usize - 1],
        };
        &whole[loc.start as usize..loc.end as usize]
    }

    #[inline]
    fn unit_text(&self, unit: u32) -> &str {
        self.text(self.units[unit as usize].loc)
    }

    /// Takes the arena in which a text lies out for as long as the text is read: what is decoded meanwhile goes
    /// to the next arena.
    fn hold(&mut self, loc: Loc) -> String {
        if loc.layer == 0 { String::new() } else { std::mem::take(&mut self.arenas[loc.layer as usize - 1]) }
    }

    fn give_back(&mut self, loc: Loc, held: String) {
        if loc.layer > 0 {
            self.arenas[loc.layer as usize - 1] = held;
        }
    }

    /// Makes the units of one sheet, then the sheets of what they hold.
    fn take_apart(&mut self, sheet: u32) {
        let Sheet { loc, root, parent, .. } = self.sheets[sheet as usize];
        let mode = if parent == NONE { self.roots[root as usize].mode } else { Mode::Free };
        let held = self.hold(loc);
        let whole = if loc.layer == 0 { self.roots[loc.root as usize].text } else { held.as_str() };
        let text = &whole[loc.start as usize..loc.end as usize];
        let first = self.units.len() as u32;
        let mut rest = 0;
        if mode == Mode::Json || (mode == Mode::Free && json::opens(text)) {
            let containers = self.containers.len();
            let mut walk = Walk { document: self, sheet, loc, text, container: NONE, key: NONE };
            rest = json::parse(text, &mut walk).err().unwrap_or(text.len());
            // What begins from there on is part of the text.
            while self.units[first as usize..].last().is_some_and(|last| last.start as usize >= rest) {
                self.units.pop();
            }
            // No container before the error: this is text that begins with a string or a number.
            if rest < text.len() && self.containers.len() == containers {
                self.units.truncate(first as usize);
                rest = 0;
            }
            // A bracket before the error may open one of the engine's own tokens.
            if rest < text.len() && rest > 0 && text.as_bytes()[rest - 1] == b'[' {
                rest -= 1;
            }
        }
        if rest < text.len() {
            self.plain(sheet, loc, text, rest);
        }
        self.give_back(loc, held);
        let last = self.units.len() as u32;
        self.sheets[sheet as usize].units = (first, last);
        for unit in first..last {
            self.follow(unit, mode);
        }
    }

    /// The text from `from` on as one unit, unescaped for scanning if it has escapes.
    fn plain(&mut self, sheet: u32, loc: Loc, text: &str, from: usize) {
        let rest = &text[from..];
        let (start, end) = (from as u32, text.len() as u32);
        let here = Loc { start: loc.start + start, end: loc.start + end, ..loc };
        let mut unit = new_unit(sheet, Kind::Text, here, start, end);
        if memchr::memchr(b'\\', rest.as_bytes()).is_some() {
            let mut map = Vec::new();
            if let Some(decoded) = self.decode(loc, rest, Some(&mut map)) {
                unit.loc = decoded;
                unit.map = self.maps.len() as u32;
                self.maps.push(map);
            }
        }
        self.units.push(unit);
    }

    /// Decodes into the next arena, if there is one and the budget allows it.
    fn decode(&mut self, loc: Loc, raw: &str, map: Option<&mut Vec<(u32, u32)>>) -> Option<Loc> {
        let arena = self.arenas.get_mut(loc.layer as usize)?;
        self.budget = self.budget.checked_sub(raw.len())?;
        let start = arena.len() as u32;
        json::unescape(raw, arena, map);
        Some(Loc { layer: loc.layer + 1, root: 0, start, end: arena.len() as u32 })
    }

    /// Looks into a string: JSON in it becomes a sheet, base64 in it an opaque part or a sheet.
    fn follow(&mut self, unit: u32, mode: Mode) {
        let Unit { loc, kind, care, sheet, .. } = self.units[unit as usize];
        if care != Care::Scan
            || matches!(kind, Kind::Key | Kind::Number | Kind::Vector)
            || loc.end - loc.start < 2
        {
            return;
        }
        let Sheet { root, layer, .. } = self.sheets[sheet as usize];
        let text = self.text(loc);
        if kind == Kind::String && json::opens(text) {
            if layer == LAYERS {
                self.units[unit as usize].care = Care::Beyond;
            } else {
                let nested = self.sheet(loc, root, layer + 1, unit);
                self.units[unit as usize].nested = nested;
            }
            return;
        }
        if matches!(mode, Mode::Free | Mode::Json | Mode::Text) {
            self.look_for_opaque(unit, loc, root, layer);
        }
    }

    fn look_for_opaque(&mut self, unit: u32, loc: Loc, root: u32, layer: u8) {
        let held = self.hold(loc);
        let whole = if loc.layer == 0 { self.roots[loc.root as usize].text } else { held.as_str() };
        let text = &whole[loc.start as usize..loc.end as usize];
        let mut budget = self.budget;
        opaque::runs(text, &mut budget, |run| {
            let (bytes, sheet) = match &run.content {
                Content::Text(decoded) if layer < LAYERS && (loc.layer as usize) < ARENAS => {
                    let arena = &mut self.arenas[loc.layer as usize];
                    let start = arena.len() as u32;
                    arena.push_str(decoded);
                    let inner = Loc { layer: loc.layer + 1, root: 0, start, end: arena.len() as u32 };
                    (decoded.as_bytes(), self.sheet(inner, root, layer + 1, unit))
                }
                Content::Text(decoded) => (decoded.as_bytes(), NONE),
                Content::Bytes(bytes) => (bytes.as_slice(), NONE),
            };
            if sheet == NONE && self.engine.policy.opaque() == Treatment::Keep {
                return;
            }
            let mut token = String::new();
            let suffix = token::opaque_suffix(run.media_type, bytes.len());
            self.engine.tokens.write_bytes(token::OPAQUE, bytes, &suffix, &mut token);
            self.opaques.push(Opaque { unit, start: run.start as u32, end: run.end as u32, token, sheet });
        });
        self.budget = budget;
        self.give_back(loc, held);
    }
}

/// Whether a string is short enough for the value of a name beside it, wherever it stands: a sentence is none.
fn is_word(text: &str) -> bool {
    text.len() <= WORD_BYTES_MAX && text.bytes().filter(|byte| *byte == b' ').count() <= WORD_SPACES_MAX
}

fn new_unit(sheet: u32, kind: Kind, loc: Loc, start: u32, end: u32) -> Unit {
    Unit {
        loc,
        start,
        end,
        sheet,
        kind,
        care: Care::Scan,
        escaped: false,
        map: NONE,
        container: NONE,
        key: NONE,
        index: 0,
        context: NONE,
        telling: None,
        says: Says::default(),
        nested: NONE,
        spans: (0, 0),
    }
}

/// Takes what the parser finds in one sheet.
struct Walk<'d, 'r, 't> {
    document: &'d mut Document<'r>,
    sheet: u32,
    loc: Loc,
    text: &'t str,
    container: u32,
    key: u32,
}

impl Walk<'_, '_, '_> {
    /// Counts one more member of the innermost container: key unit and position of it.
    fn member(&mut self) -> (u32, u32) {
        let Some(container) = self.document.containers.get_mut(self.container as usize) else {
            return (NONE, 0);
        };
        container.count += 1;
        if container.array { (NONE, container.count - 1) } else { (self.key, 0) }
    }

    fn value(&mut self, kind: Kind, start: usize, end: usize, escaped: bool) {
        let (key, index) = self.member();
        if start == end {
            return;
        }
        let (start, end) = (start as u32, end as u32);
        let here = Loc { start: self.loc.start + start, end: self.loc.start + end, ..self.loc };
        let raw = &self.text[start as usize..end as usize];
        let mut unit = new_unit(self.sheet, kind, here, start, end);
        (unit.container, unit.key, unit.index, unit.escaped) = (self.container, key, index, escaped);
        if let Some(container) = self.document.containers.get(self.container as usize) {
            let says = self.says(key);
            unit.context = self.naming(key, says, index);
            let Container { label, told, array, .. } = *container;
            let word = || says.any(Says::WORD) && is_word(raw);
            if label != NONE && (says.any(Says::VALUE) || told && (array || word())) {
                unit.context = label;
            }
            let string = kind == Kind::String;
            if string && !escaped && says.any(Says::VOCABULARY) && shape::plain_word(raw) {
                unit.care = Care::Skip;
            }
            if says.any(Says::RESOURCE) && keys::is_person(raw) {
                self.document.containers[self.container as usize].person = true;
            }
            if string && says.any(Says::NAME.or(Says::KIND).or(Says::ENTITY)) {
                unit.telling = self.name_beside(raw, says);
            }
        }
        // The name may follow.
        let unnamed = unit.context != NONE && {
            let says = self.says(unit.context);
            says.any(Says::VALUE) || kind == Kind::String && says.any(Says::WORD) && is_word(raw)
        };
        let copied = || raw.len() >= COPY_DIGITS_MIN && raw.bytes().all(|byte| byte.is_ascii_digit());
        let paired = || {
            let before =
                self.document.units.last().filter(|before| index == 1 && before.kind == Kind::String);
            before.is_some_and(|before| {
                before.container == self.container && keys::telling(self.spelled(before)).is_some()
            })
        };
        if kind == Kind::Number
            && !unnamed
            && !copied()
            && !paired()
            && !self.tells(unit.context)
            && !self.document.engine.policy.rules().finds()
        {
            return;
        }
        if unnamed {
            self.document.containers[self.container as usize].unnamed = self.document.units.len() as u32;
        }
        if escaped {
            match self.document.decode(self.loc, raw, None) {
                Some(decoded) => unit.loc = decoded,
                None => unit.care = Care::Beyond,
            }
        }
        self.document.units.push(unit);
    }

    /// Takes the string that comes next for the name of the value beside it. One that tells is not replaced by one that
    /// does not, and of those that rather say a kind only one that tells counts. Gives what it tells as the kind of an
    /// entity and not as a key would.
    fn name_beside(&mut self, raw: &str, says: Says) -> Option<Category> {
        let Container { told, unnamed, .. } = self.document.containers[self.container as usize];
        // What stands beside the name of a secret need not be one: `{"type": "password", "value": "reset"}`.
        let named = says.any(Says::NAME.or(Says::KIND)) && raw.len() <= WORD_BYTES_MAX;
        let told_by = if named { keys::telling(raw) } else { None };
        let entity = if told_by.is_none() && says.any(Says::ENTITY) { keys::of_entity(raw) } else { None };
        let tells = entity.is_some() || told_by.is_some_and(|category| category != Category::Secret);
        if !tells && (told || !says.any(Says::NAME)) {
            return None;
        }
        let name = self.document.units.len() as u32;
        let container = &mut self.document.containers[self.container as usize];
        (container.label, container.told) = (name, tells);
        if tells && let Some(value) = self.document.units.get_mut(unnamed as usize) {
            value.context = name;
        }
        entity
    }

    /// Whether the nearest key says that its value is an identifier.
    fn tells(&self, context: u32) -> bool {
        let object = self.document.containers.get(self.container as usize).filter(|object| !object.array);
        [context, object.map_or(NONE, |object| object.key)].into_iter().any(|key| {
            self.document.units.get(key as usize).is_some_and(|unit| {
                // Else the string beside the number, in this sheet or in what holds it.
                unit.telling.is_some()
                    || unit.says.any(Says::CODE.or(Says::NUMBER))
                    || unit.kind != Kind::Key && keys::telling(self.spelled(unit)).is_some()
            })
        })
    }

    /// What a key says of its value beside its category.
    fn says(&self, key: u32) -> Says {
        self.document.units.get(key as usize).map_or(Says::default(), |unit| unit.says)
    }
}

impl Sink for Walk<'_, '_, '_> {
    fn open(&mut self, array: bool, at: usize) {
        let (key, index) = self.member();
        let parent = self.document.containers.get(self.container as usize);
        let says = self.says(key);
        let named = |parent: &&Container| {
            // Inside the lists of OTLP its types of values say as much as the name itself.
            let told = || parent.told || self.says(parent.key).any(Says::VALUE.or(Says::VALUES));
            parent.label != NONE
                && (says.any(Says::VALUE) || (parent.array || says.any(Says::VALUES)) && told())
        };
        let (label, told) = parent.filter(named).map_or((NONE, false), |parent| (parent.label, parent.told));
        let context = self.naming(key, says, index);
        let columns = self.columns_inside(array, says);
        self.document.containers.push(Container {
            parent: self.container,
            key,
            index,
            array,
            count: 0,
            numbers: 0,
            fractions: 0,
            start: at as u32,
            context,
            columns,
            label,
            told,
            unnamed: NONE,
            person: false,
        });
        self.container = self.document.containers.len() as u32 - 1;
    }

    fn close(&mut self, at: usize) {
        self.tell_columns(self.container);
        self.tell_pairs(self.container);
        let closed = &self.document.containers[self.container as usize];
        self.container = closed.parent;
        let vector = closed.array
            && closed.count >= VECTOR_MIN
            && closed.numbers == closed.count
            && closed.fractions > closed.count / 2;
        if vector {
            let Container { start, key, index, .. } = *closed;
            let here = Loc { start: self.loc.start + start, end: self.loc.start + at as u32, ..self.loc };
            let mut unit = new_unit(self.sheet, Kind::Vector, here, start, at as u32);
            (unit.container, unit.key, unit.index) = (self.container, key, index);
            let units = &mut self.document.units;
            while units.last().is_some_and(|last| last.sheet == self.sheet && last.start >= start) {
                units.pop();
            }
            units.push(unit);
        }
    }

    fn key(&mut self, start: usize, end: usize, escaped: bool) {
        let raw = &self.text[start..end];
        let here = Loc { start: self.loc.start + start as u32, end: self.loc.start + end as u32, ..self.loc };
        let mut unit = new_unit(self.sheet, Kind::Key, here, start as u32, end as u32);
        (unit.container, unit.escaped) = (self.container, escaped);
        if escaped {
            match self.document.decode(self.loc, raw, None) {
                Some(decoded) => unit.loc = decoded,
                None => unit.care = Care::Beyond,
            }
        }
        let facts = keys::facts(self.spelled(&unit));
        if !escaped && facts.plain {
            unit.care = Care::Skip;
        }
        (unit.telling, unit.says) = (facts.telling, facts.says);
        self.key = self.document.units.len() as u32;
        self.document.units.push(unit);
    }

    fn string(&mut self, start: usize, end: usize, escaped: bool) {
        self.value(Kind::String, start, end, escaped);
    }

    fn number(&mut self, start: usize, end: usize) {
        if let Some(container) = self.document.containers.get_mut(self.container as usize) {
            container.numbers += 1;
            container.fractions += u32::from(self.text[start..end].contains(['.', 'e', 'E']));
        }
        self.value(Kind::Number, start, end, false);
    }

    fn literal(&mut self) {
        self.member();
    }
}
