//! Lists of SQL: `(name, ssn) VALUES (…), (…)`, values that stand behind a statement with placeholders, and the lines
//! of `COPY … (name, ssn) FROM stdin`.

use super::super::Hit;
use super::super::text::Text;
use super::{LINE_BYTES_MAX, below, cells, head, line_end, records};

/// The most rows of one list.
const ROWS_MAX: usize = 1000;
/// How far behind a statement with placeholders its values may begin, in bytes.
const APART_BYTES_MAX: usize = 80;

/// Adds the values below the names in the bracket in which `at` lies. Gives the offset up to which no other keyword need
/// be asked.
pub(super) fn listed(prepared: &Text<'_>, at: usize, hits: &mut Vec<Hit>) -> Option<usize> {
    let text = prepared.text;
    let bytes = text.as_bytes();
    let floor = at.saturating_sub(LINE_BYTES_MAX);
    let open = floor + memchr::memrchr(b'(', &bytes[floor..at])?;
    let ceiling = bytes.len().min(at + LINE_BYTES_MAX);
    let names_end = at + memchr::memchr(b')', &bytes[at..ceiling])?;
    let behind = text[names_end + 1..].trim_start();
    let (values, copied) = (follows(behind, "values"), follows(behind, "from stdin"));
    if values.or(copied).is_none() {
        return Some(names_end);
    }
    let names = match text.is_char_boundary(open + 1) {
        true => cells(text, open + 1, names_end, b','),
        false => None,
    };
    let Some(telling) = names.and_then(|names| head(prepared, &names)) else {
        // Another bracket may open behind this keyword, and that one be a list.
        return memchr::memchr(b'(', &bytes[at..names_end]).is_none().then_some(names_end);
    };
    if let Some(options) = copied {
        let line = line_end(text, text.len() - options.len());
        let csv =
            memchr::memmem::find(text[names_end..line].to_ascii_lowercase().as_bytes(), b"csv").is_some();
        records(text, (line + 1).min(text.len()), &telling, if csv { b',' } else { b'\t' }, hits);
        return Some(names_end);
    }
    let mut from = text.len() - values.map_or(0, str::len);
    for _ in 0..ROWS_MAX {
        let rest = text[from..].trim_start_matches([' ', ',', '\n', '\r', '\t']);
        let closing = match rest.bytes().next() {
            Some(b'(') => b')',
            Some(b'[') => b']',
            _ => break,
        };
        let open = text.len() - rest.len() + 1;
        let ceiling = bytes.len().min(open + LINE_BYTES_MAX);
        let Some(close) = memchr::memchr(closing, &bytes[open..ceiling]).map(|close| open + close) else {
            break;
        };
        let Some(row) = cells(text, open, close, b',').filter(|row| row.len() == telling.len()) else {
            break;
        };
        from = close + 1;
        if row.iter().all(|(start, end)| is_placeholder(&text[*start..*end])) {
            let Some(apart) = apart(bytes, from) else { break };
            from = apart;
        } else {
            below(text, &telling, &row, hits);
        }
    }
    Some(names_end)
}

/// What follows these words, in any case, at the beginning of a text.
fn follows<'t>(text: &'t str, words: &str) -> Option<&'t str> {
    let begins = text.get(..words.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(words));
    begins.then(|| &text[words.len()..])
}

/// A string without the letter before its quote that says of which kind it is: `N'Maria'` (SQL-92 section 5.3), and of
/// PostgreSQL `E'Maria'`.
pub(super) fn without_prefix(cell: &str) -> &str {
    let string = cell.trim_start();
    match string.as_bytes() {
        [b'N' | b'n' | b'E' | b'e', b'\'', ..] if string.trim_end().ends_with('\'') => &string[1..],
        _ => cell,
    }
}

/// `?`, `%s`, `$1`, `:name`, `@name`.
fn is_placeholder(cell: &str) -> bool {
    matches!(cell, "?" | "%s")
        || cell.strip_prefix('$').is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
        || cell
            .strip_prefix([':', '@'])
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// The innermost of the brackets that open next, before a string or a number: of a list of rows the first row.
fn apart(bytes: &[u8], from: usize) -> Option<usize> {
    let ceiling = bytes.len().min(from + APART_BYTES_MAX);
    let mut open = from + memchr::memchr2(b'(', b'[', &bytes[from..ceiling])?;
    while matches!(bytes.get(open + 1), Some(b'(' | b'[')) {
        open += 1;
    }
    let written = |byte: &u8| matches!(byte, b'"' | b'\'') || byte.is_ascii_digit();
    bytes.get(open + 1).is_some_and(written).then_some(open)
}
