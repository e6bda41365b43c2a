//! Columns of fixed width, as pandas and `column -t` print them: two spaces and more part the cells of a line.
//!
//! Cells are counted and not measured: what was replaced before is shorter or longer than it was, and moves what stands
//! behind it.

use super::COLUMNS_MAX;
use crate::work;

/// What stands for the sign that parts such cells.
pub(super) const SEPARATOR: u8 = b' ';

const GAP: &str = "  ";

/// [`SEPARATOR`] if a line has cells of this kind.
pub(super) fn parts(line: &[u8]) -> Option<u8> {
    memchr::memmem::find(line.trim_ascii(), GAP.as_bytes()).map(|_| SEPARATOR)
}

/// The cells of a line; none if there are too few or too many.
pub(super) fn cells(text: &str, start: usize, end: usize) -> Option<Vec<(usize, usize)>> {
    work::examined(end - start);
    let mut cells = Vec::new();
    let mut from = start;
    for part in text[start..end].split(GAP) {
        let cell = part.trim();
        if !cell.is_empty() {
            let first = from + (part.len() - part.trim_start().len());
            cells.push((first, first + cell.len()));
        }
        from += part.len() + GAP.len();
    }
    (2..=COLUMNS_MAX).contains(&cells.len()).then_some(cells)
}
