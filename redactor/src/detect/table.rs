//! Tables in a text: CSV, TSV, Markdown, columns of fixed width, and the lists of SQL.
//!
//! The head of a column tells of its cells as a JSON key does (RFC 4180 section 2, item 3; GFM tables). A head is a line
//! of cells of which one tells; the rows are the records behind it with as many cells, up to one that has not.

use super::lexicon::Lex;
use super::text::Text;
use super::{Category, Detector, Hit, Needs};
use crate::{keys, work};

mod fixed;
mod sql;

/// Finds the cells of telling columns.
pub(super) struct Table;

/// The most columns of a table.
const COLUMNS_MAX: usize = 64;
/// The longest line of a table, in bytes.
const LINE_BYTES_MAX: usize = 4096;

impl Detector for Table {
    fn id(&self) -> &'static str {
        "table"
    }

    fn categories(&self) -> &'static [Category] {
        Category::ALL
    }

    fn example(&self) -> &'static str {
        "name,ssn,mrn\nx,512345671,70444444"
    }

    fn needs(&self) -> Needs {
        Needs::signs(b",|\t;\n")
    }

    fn needs_too(&self) -> Needs {
        Needs::lexes(Lex::KEY)
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let (mut covered, mut listed) = (0, 0);
        for key in text.keys() {
            let at = text.words()[key.first].start as usize;
            if at < covered {
                continue;
            }
            covered = rows(text, at, hits).unwrap_or_else(|| line_end(text.text, at));
            // The names of one list may stand on lines of their own: its values are read once.
            if at >= listed {
                listed = sql::listed(text, at, hits).unwrap_or(listed);
            }
        }
    }
}

/// A line ends with a newline or, as old programs write it, a carriage return.
fn line_start(text: &str, at: usize) -> usize {
    let start = memchr::memrchr2(b'\n', b'\r', &text.as_bytes()[..at]).map_or(0, |newline| newline + 1);
    work::examined(at - start);
    start
}

fn line_end(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let mut end = memchr::memchr2(b'\n', b'\r', &bytes[at..]).map_or(bytes.len(), |newline| at + newline);
    // Before a newline it is white space at the line's end.
    end += usize::from(bytes[end..].starts_with(b"\r\n"));
    work::examined(end - at);
    end
}

/// Where the cells of a record are parted: not inside quotes, which open a cell, or stand doubled in it (RFC 4180
/// section 2, items 5 to 7).
#[derive(Default)]
struct Quotes {
    inside: bool,
    /// Whether the cell has begun.
    begun: bool,
    before: u8,
}

impl Quotes {
    /// Whether the next byte parts two cells.
    fn parts(&mut self, byte: u8, separator: u8) -> bool {
        let parts = byte == separator && !self.inside;
        let may_open = !self.begun || self.before == b'"';
        self.inside ^= byte == b'"' && separator != b'|' && (self.inside || may_open);
        self.begun = !parts && (self.begun || !byte.is_ascii_whitespace());
        self.before = byte;
        parts
    }
}

/// The cells of a record: their offsets without quotes and white space. None if there are too few or too many.
fn cells(text: &str, start: usize, end: usize, separator: u8) -> Option<Vec<(usize, usize)>> {
    work::examined(end - start);
    let bytes = text.as_bytes();
    let mut cells = Vec::new();
    let (mut from, mut quotes) = (start, Quotes::default());
    for at in start..=end {
        if at == end || quotes.parts(bytes[at], separator) {
            let trim = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '*');
            let cell = sql::without_prefix(&text[from..at]).trim_start_matches(trim);
            let first = at - cell.len();
            cells.push((first, first + cell.trim_end_matches(trim).len()));
            from = at + 1;
            if cells.len() > COLUMNS_MAX {
                return None;
            }
        }
    }
    (cells.len() > 1).then_some(cells)
}

/// What the cells of a head tell, if this may be one: short cells of words, and one that tells by itself.
fn head(prepared: &Text<'_>, cells: &[(usize, usize)]) -> Option<Vec<Option<Category>>> {
    const HEAD_BYTES_MAX: usize = 40;
    let text = prepared.text;
    let named = |cell: &str| cell.len() <= HEAD_BYTES_MAX && !cell.contains([':', '=', '@']);
    let told = |(start, end): &(usize, usize)| Some(&text[*start..*end]).filter(|cell| named(cell));
    if !cells.iter().filter_map(told).any(|cell| keys::telling(cell).is_some()) {
        return None;
    }
    // What held an identifier was no head, however short the cell is now.
    if cells.iter().any(|(start, end)| prepared.blots.stand_in(&text[*start..*end])) {
        return None;
    }
    let telling = |cell: &str| keys::telling(cell).or_else(|| column(cell));
    let telling: Vec<_> = cells.iter().map(|cell| told(cell).and_then(telling)).collect();
    // A bar may open and close the line; elsewhere an empty cell is a comma at the end of a line of a program.
    let empty =
        cells.iter().enumerate().any(|(at, (start, end))| start == end && at > 0 && at + 1 < cells.len());
    let ended =
        cells.last().is_some_and(|(start, end)| start == end) && cells.first().is_some_and(|(a, b)| a < b);
    let short = cells.iter().all(|(start, end)| end - start <= HEAD_BYTES_MAX) && !empty && !ended;
    short.then_some(telling)
}

/// Heads that tell only in a table, beside others.
pub(crate) fn column(cell: &str) -> Option<Category> {
    const COLUMNS: &[(&str, Category)] = &[
        ("name", Category::Name),
        ("patient", Category::Name),
        ("pt", Category::Name),
        ("member", Category::Name),
        ("first", Category::Name),
        ("last", Category::Name),
        ("given", Category::Name),
        ("family", Category::Name),
        ("address", Category::Address),
        ("tel", Category::Phone),
        ("cell", Category::Phone),
        ("account", Category::Account),
        ("acct", Category::Account),
        ("member #", Category::HealthPlan),
        ("emp_no", Category::UniqueId),
        ("emp_id", Category::UniqueId),
        ("employee_no", Category::UniqueId),
        ("donor_id", Category::UniqueId),
        ("donor_no", Category::UniqueId),
        ("appt_id", Category::UniqueId),
        ("appointment_id", Category::UniqueId),
        ("student_no", Category::UniqueId),
        ("socio", Category::UniqueId),
        ("legajo", Category::UniqueId),
        ("matricola", Category::UniqueId),
        ("matricule", Category::UniqueId),
        ("mitgliedsnr", Category::UniqueId),
        ("lidnr", Category::UniqueId),
        ("subscriber", Category::HealthPlan),
        ("nom", Category::Name),
        ("nome", Category::Name),
        ("naam", Category::Name),
        ("patientin", Category::Name),
        ("paciente", Category::Name),
        ("paziente", Category::Name),
        ("pacjent", Category::Name),
        ("ort", Category::Place),
        ("stadt", Category::Place),
        ("comune", Category::Place),
        ("citta", Category::Place),
        ("plaats", Category::Place),
        ("miasto", Category::Place),
        ("mesto", Category::Place),
        ("stad", Category::Place),
        ("by", Category::Place),
        ("cidade", Category::Place),
        ("localite", Category::Place),
        ("commune", Category::Place),
        ("poblacion", Category::Place),
        ("town", Category::Place),
        ("hospital", Category::Place),
        ("facility", Category::Place),
        ("plz", Category::Zip),
        ("cap", Category::Zip),
        ("cp", Category::Zip),
        ("postnr", Category::Zip),
        ("psc", Category::Zip),
        ("adres", Category::Address),
        ("adresa", Category::Address),
        ("adress", Category::Address),
        ("ulica", Category::Address),
        ("rue", Category::Address),
        ("via", Category::Address),
        ("calle", Category::Address),
        ("handy", Category::Phone),
        ("mobil", Category::Phone),
        ("portable", Category::Phone),
        ("movil", Category::Phone),
        ("cellulare", Category::Phone),
        ("tlf", Category::Phone),
        ("nhc", Category::Mrn),
        ("fin", Category::Mrn),
        ("csn", Category::Mrn),
        ("pt id", Category::Mrn),
    ];
    let folded = (!cell.is_ascii()).then(|| crate::detect::fold(cell));
    let cell = folded.as_deref().unwrap_or(cell);
    COLUMNS.iter().find(|(known, _)| cell.eq_ignore_ascii_case(known)).map(|(_, category)| *category)
}

/// The signs that part the cells of a line, the first that it has.
const SEPARATORS: [u8; 4] = [b'|', b'\t', b';', b','];

/// Whether a text has the head of a table.
pub(crate) fn has_head(text: &Text<'_>) -> bool {
    let mut covered = 0;
    text.keys().iter().map(|key| text.words()[key.first].start as usize).any(|at| {
        let head = (at >= covered).then(|| head_at(text, at)).flatten();
        covered = if at >= covered { line_end(text.text, at) } else { covered };
        head.is_some()
    })
}

/// The head in which `at` lies: what it tells, what parts its cells, where its line ends.
fn head_at(prepared: &Text<'_>, at: usize) -> Option<(Vec<Option<Category>>, u8, usize)> {
    let text = prepared.text;
    let (start, end) = (line_start(text, at), line_end(text, at));
    if end == text.len() || end - start > LINE_BYTES_MAX {
        return None;
    }
    let bytes = &text.as_bytes()[start..end];
    let parts = |sign: &u8| memchr::memchr(*sign, bytes).is_some();
    let separator = SEPARATORS.into_iter().find(parts).or_else(|| fixed::parts(bytes))?;
    let telling = head(prepared, &cells_of(text, start, end, separator)?)?;
    Some((telling, separator, end))
}

/// The cells of a record.
fn cells_of(text: &str, start: usize, end: usize, separator: u8) -> Option<Vec<(usize, usize)>> {
    match separator {
        fixed::SEPARATOR => fixed::cells(text, start, end),
        _ => cells(text, start, end, separator),
    }
}

/// Adds the cells below the head in which `at` lies, and gives the offset behind the table.
fn rows(prepared: &Text<'_>, at: usize, hits: &mut Vec<Hit>) -> Option<usize> {
    let (telling, separator, end) = head_at(prepared, at)?;
    records(prepared.text, end + 1, &telling, separator, hits)
}

/// Adds the cells of the records from there on, and gives the offset behind the last; none if there is none.
fn records(
    text: &str,
    mut from: usize,
    telling: &[Option<Category>],
    separator: u8,
    hits: &mut Vec<Hit>,
) -> Option<usize> {
    let mut counted = false;
    // One empty line may part a head from its rows.
    let blank = line_end(text, from.min(text.len()));
    if text.get(from..blank).is_some_and(|line| line.trim().is_empty()) {
        from = blank + 1;
    }
    while from < text.len() {
        let end = record_end(text, from, separator);
        let line = &text[from..end];
        let rule = !line.is_empty()
            && line.bytes().all(|byte| matches!(byte, b'|' | b'-' | b':' | b' ' | b'+' | b'=' | b'.'));
        if !rule {
            let row = (line.len() <= LINE_BYTES_MAX).then(|| cells_of(text, from, end, separator)).flatten();
            let Some(mut row) = row else { break };
            // The rows of pandas begin with their number, which has no head.
            if separator == fixed::SEPARATOR && row.len() == telling.len() + 1 {
                row.remove(0);
            }
            if row.len() != telling.len() {
                break;
            }
            below(text, telling, &row, hits);
            counted = true;
        }
        from = end + 1;
    }
    counted.then_some(from.min(text.len()))
}

/// Where a record ends: at the end of its line, or of that on which the quotes are closed in which a line ends.
fn record_end(text: &str, from: usize, separator: u8) -> usize {
    let line = line_end(text, from);
    let quoted = memchr::memchr(b'"', &text.as_bytes()[from..line]).is_some();
    if !quoted || !matches!(separator, b',' | b';' | b'\t') {
        return line;
    }
    let ceiling = text.len().min(from + LINE_BYTES_MAX);
    work::examined(ceiling - from);
    let mut quotes = Quotes::default();
    for (byte, at) in text.as_bytes()[from..ceiling].iter().zip(from..) {
        if *byte == b'\n' && !quotes.inside {
            return at;
        }
        quotes.parts(*byte, separator);
    }
    // Never closed, or beyond what is looked into.
    line
}

fn below(text: &str, telling: &[Option<Category>], row: &[(usize, usize)], hits: &mut Vec<Hit>) {
    for (category, (start, end)) in telling.iter().zip(row) {
        if let Some(category) = *category
            && start < end
            && fits(category, &text[*start..*end])
        {
            hits.push(Hit { start: *start, end: *end, category, rule: "table.cell", score: 0.85 });
        }
    }
}

/// Whether a cell may hold that: no heading itself, no sentence, no line of a program.
pub(crate) fn fits(category: Category, cell: &str) -> bool {
    if keys::telling(cell).is_some() || !keys::fits(category, cell) || cell.contains(['{', '(', ';']) {
        return false;
    }
    match category {
        Category::Name => {
            let words = cell.split_whitespace().count();
            words <= 5 && (cell.chars().any(char::is_uppercase) || words > 1) && !cell.ends_with('.')
        }
        Category::Secret => cell.bytes().any(|byte| byte.is_ascii_digit()) && !cell.contains(' '),
        _ => true,
    }
}

#[cfg(test)]
mod tests;
