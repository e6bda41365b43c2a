//! `LIKE … ESCAPE`: the engine knows the backslash alone.

use datafusion::common::Result;

use crate::error::{Error, sqlstate};

/// A pattern of LIKE whose escape is another character, with `\` in its place, which the engine knows.
///
/// # Errors
/// The pattern ends with its escape (PostgreSQL's `22025`).
pub(super) fn escaped(pattern: &str, escape: char) -> Result<String> {
    let mut written = String::with_capacity(pattern.len() + 8);
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        if letter == escape {
            let Some(next) = letters.next() else {
                return Err(Error::statement(
                    sqlstate::INVALID_ESCAPE,
                    "LIKE pattern must not end with escape character",
                )
                .into());
            };
            written.extend(['\\', next]);
        } else {
            written.extend((letter == '\\').then_some('\\').into_iter().chain([letter]));
        }
    }
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn another_escape_becomes_a_backslash() {
        for (pattern, written) in
            [("%note !_%", r"%note \_%"), ("a!!b", r"a\!b"), (r"c:\x", r"c:\\x"), ("", ""), ("%", "%")]
        {
            assert_eq!(escaped(pattern, '!').expect("a pattern"), written);
        }
        assert!(escaped("ends!", '!').is_err());
    }
}
