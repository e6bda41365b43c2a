//! Headings that stand apart from their cells: `{"columns": ["name", "mrn"], "rows": [["Jane Roe", 7712345]]}`, and
//! lists of which the first holds the headings of the others. A cell is judged as if its heading were its key.

use super::{Container, Kind, NONE, Unit, Walk};
use crate::detect;
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
        let spelled = |at: &u32| self.document.units.get(*at as usize).map(|unit| self.spelled(unit));
        headings.iter().all(|at| spelled(at).is_some_and(short))
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

#[cfg(test)]
mod tests;
