//! Headings that stand apart from their cells: `{"columns": ["name", "mrn"], "rows": [["Jane Roe", 7712345]]}`, and
//! lists of which the first holds the headings of the others. A cell is judged as if its heading were its key. So is the
//! last of a list of two of which the first is a name: `["X-Api-Key", "…"]`.

use super::{Container, Kind, NONE, Unit, Walk};
use crate::detect::{self, Category};
use crate::keys::{self, Says};

/// The most columns of a table.
const COLUMNS_MAX: u32 = 256;
/// The most keys, values and objects that are looked at for the headings of a table.
const UNITS_MAX: usize = 16 * COLUMNS_MAX as usize;
/// The longest heading of a list that nothing else says to be one, in bytes, and the most digits in it.
const HEADING_BYTES_MAX: usize = 40;
const HEADING_DIGITS_MAX: usize = 2;

/// What a container is of a table.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Part {
    #[default]
    None,
    /// A list of rows, or a row that stands alone.
    Rows,
    Row,
}

/// Headings, and what the container that knows them is of their table.
#[derive(Clone, Copy, Default)]
pub(super) struct Columns {
    /// Of their units, in the document's list.
    headings: (u32, u32),
    part: Part,
}

impl Columns {
    fn known(self) -> bool {
        self.headings.0 < self.headings.1
    }
}

impl Walk<'_, '_, '_> {
    /// The unit that names a member of the innermost container: its key, or that around a type of a database's, or the
    /// heading of its column, or what names the array.
    #[inline]
    pub(super) fn naming(&self, key: u32, says: Says, index: u32) -> u32 {
        let Some(container) = self.document.containers.get(self.container as usize) else { return key };
        if key != NONE {
            return if says.any(Says::TYPE) && container.context != NONE { container.context } else { key };
        }
        let Columns { headings: (from, to), part } = container.columns;
        let at = from + index;
        let heading = if part != Part::None && at < to { self.document.headings[at as usize] } else { NONE };
        if heading == NONE { container.context } else { heading }
    }

    /// What a container that opens in the innermost one knows of columns.
    #[inline]
    pub(super) fn columns_inside(&self, array: bool, says: Says) -> Columns {
        let Some(around) = self.document.containers.get(self.container as usize) else {
            return Columns::default();
        };
        let Columns { headings, part } = around.columns;
        let part = match (around.array, array) {
            _ if !around.columns.known() => return Columns::default(),
            (true, true) if part == Part::Rows => Part::Row,
            // An object of a list of rows holds a row.
            (true, false) if part == Part::Rows => Part::Rows,
            (false, true) if says.any(Says::ROWS) && part == Part::Rows => Part::Row,
            (false, true) if says.any(Says::ROWS) => Part::Rows,
            (false, false) if says.any(Says::ROWS) => Part::None,
            _ => return Columns::default(),
        };
        Columns { headings, part }
    }

    /// Tells the container around one that closes of the headings that it holds.
    pub(super) fn tell_columns(&mut self, closed: u32) {
        let containers = &self.document.containers;
        let inner = &containers[closed as usize];
        let Some(around) = containers.get(inner.parent as usize).filter(|around| !around.columns.known())
        else {
            return;
        };
        let told = self.says(inner.key).any(Says::COLUMNS);
        let first = around.array
            && inner.array
            && inner.index == 0
            && inner.numbers == 0
            && inner.count > 1
            && containers.len() == closed as usize + 1;
        let parent = inner.parent as usize;
        if told && !inner.array {
            self.document.containers[parent].columns = inner.columns;
        } else if inner.array && (told || first) {
            let headings = self.headings(closed);
            if first && !self.is_head(&headings) {
                return;
            }
            self.tell_headings(&headings);
            let from = self.document.headings.len() as u32;
            self.document.headings.extend(headings);
            let part = if first { Part::Rows } else { Part::None };
            let columns = Columns { headings: (from, self.document.headings.len() as u32), part };
            self.document.containers[parent].columns = columns;
        }
    }

    /// Tells values of the names right before them in a list: the second of two, and in a list of names and values by
    /// turns, as Node's `rawHeaders` is, those that look like credentials.
    pub(super) fn tell_pairs(&mut self, closed: u32) {
        let containers = &self.document.containers;
        let list = &containers[closed as usize];
        let around = containers.get(list.parent as usize);
        let table = list.columns.known() || around.is_some_and(|around| around.columns.known());
        if !list.array || !list.count.is_multiple_of(2) || list.count > COLUMNS_MAX || table {
            return;
        }
        let mut at = self.document.units.len();
        // The units of what the list holds stand together, an empty string has none.
        while let Some([name, value]) = at.checked_sub(2).map(|from| &self.document.units[from..at]) {
            if value.container != closed || value.sheet != self.sheet {
                break;
            }
            at -= 1;
            let beside = value.index % 2 == 1 && name.container == closed && name.index + 1 == value.index;
            let told =
                self.document.units.get(value.context as usize).is_some_and(|key| key.telling.is_some());
            if beside && !told && self.is_pair(name, value, list.count == 2) {
                self.document.units[at].context = at as u32 - 1;
            }
        }
    }

    /// Whether the first of two is the name of the second; of more than two only the names of credentials count.
    fn is_pair(&self, name: &Unit, value: &Unit, alone: bool) -> bool {
        if name.kind != Kind::String {
            return false;
        }
        let (name, spelled) = (self.spelled(name), self.spelled(value));
        let category = if name.len() <= HEADING_BYTES_MAX { keys::telling(name) } else { None };
        category.is_some_and(|category| match value.kind {
            Kind::Number => alone,
            Kind::String if alone => is_of(category, spelled),
            Kind::String => category == Category::Secret && is_credential(spelled),
            _ => false,
        })
    }

    /// The units of the members of an array that are strings, or objects with a name: one for each member. None if it
    /// holds too much to be a list of headings.
    fn headings(&self, array: u32) -> Vec<u32> {
        let Container { count, start, .. } = self.document.containers[array as usize];
        let inside = &self.document.containers[array as usize + 1..];
        if count > COLUMNS_MAX || inside.len() > UNITS_MAX {
            return Vec::new();
        }
        let mut headings = vec![NONE; count as usize];
        for (at, unit) in self.document.units.iter().enumerate().rev().take(UNITS_MAX) {
            if unit.sheet != self.sheet || unit.start < start {
                break;
            }
            if unit.container == array && unit.kind == Kind::String {
                headings[unit.index as usize] = at as u32;
            }
        }
        for object in inside {
            if object.parent == array && !object.array {
                headings[object.index as usize] = object.label;
            }
        }
        headings
    }

    /// Whether a list of strings is the head of the lists behind it: all of them short, and one tells.
    fn is_head(&self, headings: &[u32]) -> bool {
        let short = |heading: &str| {
            heading.len() <= HEADING_BYTES_MAX
                && heading.bytes().filter(u8::is_ascii_digit).count() <= HEADING_DIGITS_MAX
        };
        let unit = |at: &u32| self.document.units.get(*at as usize);
        let spelled = |at: &u32| unit(at).map(|unit| self.spelled(unit));
        if let [name, value] = headings
            && let (Some(name), Some(value)) = (unit(name), unit(value))
            && self.is_pair(name, value, true)
        {
            return false;
        }
        // What held an identifier was no head.
        let own = |heading: &str| !self.document.engine.tokens.own(heading).is_empty();
        headings.iter().all(|at| spelled(at).is_some_and(|heading| short(heading) && !own(heading)))
            && headings.iter().filter_map(spelled).any(|heading| keys::telling(heading).is_some())
    }

    /// Notes what the headings tell of their cells; some tell only beside one that tells by itself.
    fn tell_headings(&mut self, headings: &[u32]) {
        let telling = |at: &u32| {
            let heading = self.spelled(self.document.units.get(*at as usize)?);
            Some((*at, keys::telling(heading), detect::heading(heading)))
        };
        let told: Vec<_> = headings.iter().filter_map(telling).collect();
        if told.iter().any(|(_, sure, _)| sure.is_some()) {
            for (at, sure, beside) in told {
                self.document.units[at as usize].telling = sure.or(beside);
            }
        }
    }

    /// The text of a unit; while the arena of this sheet is held, one that was not decoded is read from it.
    #[inline(always)]
    pub(super) fn spelled(&self, unit: &Unit) -> &str {
        match unit.loc.layer == self.loc.layer {
            true => &self.text[unit.start as usize..unit.end as usize],
            false => self.document.text(unit.loc),
        }
    }
}

/// Whether a string looks like what the name right before it in a list of two announces. Such a list may as well hold two
/// names: `["city", "unit"]`, `["Last Name", "Department"]`.
fn is_of(category: Category, value: &str) -> bool {
    match category {
        Category::Secret => is_credential(value),
        Category::Name => {
            let capitalised = |word: &str| word.starts_with(char::is_uppercase);
            detect::fits_cell(category, value)
                && value.contains(' ')
                && value.split_whitespace().all(capitalised)
        }
        _ => {
            value.bytes().any(|byte| byte.is_ascii_digit() || byte == b'@')
                && detect::fits_cell(category, value)
        }
    }
}

/// Whether a string looks like a credential, or like a header of one with its scheme.
fn is_credential(value: &str) -> bool {
    const SCHEMES: [&str; 3] = ["Bearer ", "Basic ", "Token "];
    const SHORT_BYTES_MIN: usize = 8;
    let short = || value.len() >= SHORT_BYTES_MIN && detect::fits_cell(Category::Secret, value);
    let cookie = || value.contains('=') && value.bytes().any(|byte| byte.is_ascii_digit());
    SCHEMES.iter().any(|scheme| value.starts_with(scheme)) || keys::looks_secret(value) || short() || cookie()
}

#[cfg(test)]
mod tests;
