//! Tables in a text: CSV, TSV, Markdown, and the lists of `INSERT INTO … (ssn, name) VALUES (…)`.
//!
//! The head of a column tells of its cells as a JSON key does (RFC 4180 section 2, item 3; GFM tables). A head is a line
//! of cells of which one tells; the rows are the lines behind it with as many cells, up to a line that has not.

use super::lexicon::Lex;
use super::text::Text;
use super::{Category, Detector, Hit, Needs};
use crate::{keys, work};

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
        Needs::signs(b",|\t;")
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
                listed = inserted(text, at, hits).unwrap_or(listed);
            }
        }
    }
}

fn line_start(text: &str, at: usize) -> usize {
    let start = memchr::memrchr(b'\n', &text.as_bytes()[..at]).map_or(0, |newline| newline + 1);
    work::examined(at - start);
    start
}

fn line_end(text: &str, at: usize) -> usize {
    let end = memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |newline| at + newline);
    work::examined(end - at);
    end
}

/// The cells of a line: their offsets without quotes and white space. None if there are too few or too many.
fn cells(text: &str, start: usize, end: usize, separator: u8) -> Option<Vec<(usize, usize)>> {
    work::examined(end - start);
    let bytes = text.as_bytes();
    let mut cells = Vec::new();
    let (mut from, mut quoted) = (start, false);
    for at in start..=end {
        let byte = if at < end { bytes[at] } else { separator };
        quoted ^= byte == b'"' && separator != b'|';
        if byte == separator && (!quoted || at == end) {
            let trim = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '*');
            let cell = text[from..at].trim_start_matches(trim);
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
        ("address", Category::Address),
        ("tel", Category::Phone),
        ("cell", Category::Phone),
        ("account", Category::Account),
        ("acct", Category::Account),
        ("member #", Category::HealthPlan),
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
    let separator = *SEPARATORS.iter().find(|sign| memchr::memchr(**sign, bytes).is_some())?;
    let telling = head(prepared, &cells(text, start, end, separator)?)?;
    Some((telling, separator, end))
}

/// Adds the cells below the head in which `at` lies, and gives the offset behind the table.
fn rows(prepared: &Text<'_>, at: usize, hits: &mut Vec<Hit>) -> Option<usize> {
    let (telling, separator, end) = head_at(prepared, at)?;
    let text = prepared.text;
    let mut from = end + 1;
    let mut counted = false;
    while from < text.len() {
        let end = line_end(text, from);
        let line = &text[from..end];
        let rule = !line.is_empty()
            && line.bytes().all(|byte| matches!(byte, b'|' | b'-' | b':' | b' ' | b'+' | b'='));
        if !rule {
            let row = (line.len() <= LINE_BYTES_MAX).then(|| cells(text, from, end, separator)).flatten();
            let Some(row) = row.filter(|row| row.len() == telling.len()) else { break };
            below(text, &telling, &row, hits);
            counted = true;
        }
        from = end + 1;
    }
    counted.then_some(from.min(text.len()))
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

/// `(name, ssn) VALUES ('…', '…'), (…)`: the values below the names in the bracket in which `at` lies. Gives the
/// offset up to which no other keyword need be asked.
fn inserted(prepared: &Text<'_>, at: usize, hits: &mut Vec<Hit>) -> Option<usize> {
    let text = prepared.text;
    const ROWS_MAX: usize = 1000;
    let bytes = text.as_bytes();
    let floor = at.saturating_sub(LINE_BYTES_MAX);
    let open = floor + memchr::memrchr(b'(', &bytes[floor..at])?;
    let ceiling = bytes.len().min(at + LINE_BYTES_MAX);
    let names_end = at + memchr::memchr(b')', &bytes[at..ceiling])?;
    let behind = text[names_end + 1..].trim_start();
    let values = behind.get(..6).is_some_and(|word| word.eq_ignore_ascii_case("values"));
    if !values {
        return Some(names_end);
    }
    let rest = &behind[6..];
    let names = match text.is_char_boundary(open + 1) {
        true => cells(text, open + 1, names_end, b','),
        false => None,
    };
    let Some(telling) = names.and_then(|names| head(prepared, &names)) else {
        // Another bracket may open behind this keyword, and that one be a list.
        return memchr::memchr(b'(', &bytes[at..names_end]).is_none().then_some(names_end);
    };
    let mut from = text.len() - rest.len();
    for _ in 0..ROWS_MAX {
        let rest = text[from..].trim_start_matches([' ', ',', '\n', '\r', '\t']);
        if !rest.starts_with('(') {
            break;
        }
        let open = text.len() - rest.len() + 1;
        let ceiling = bytes.len().min(open + LINE_BYTES_MAX);
        let Some(close) = memchr::memchr(b')', &bytes[open..ceiling]).map(|close| open + close) else {
            break;
        };
        let Some(row) = cells(text, open, close, b',').filter(|row| row.len() == telling.len()) else {
            break;
        };
        below(text, &telling, &row, hits);
        from = close + 1;
    }
    Some(names_end)
}

#[cfg(test)]
mod tests;
