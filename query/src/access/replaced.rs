//! What a client is told where its statement does not stand in the access log as it was typed.
//!
//! Who filters by a person's value as it is finds nothing where the lake holds a token in its place, and would take that
//! for an answer. The redactor has found the value for the record, so the client can be told; the value itself is in no
//! notice.

use redactor::Redacted;
use schemas::access as column;

/// Something worth knowing of a statement of which nothing is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What is so.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// The notice of a record of a look; none if the record holds everything as it was.
pub(super) fn of(redacted: &Redacted) -> Option<Notice> {
    let found: Vec<(&str, usize)> = redacted.findings().collect();
    let count: usize = found.iter().map(|(_, count)| count).sum();
    let kinds: Vec<&str> = found.iter().map(|(kind, _)| *kind).collect();
    let identifiers = match count {
        0 => return None,
        1 => "1 identifier".to_owned(),
        count => format!("{count} identifiers"),
    };
    let texts = [column::STATEMENT, column::PARAMETERS]
        .map(|column| redacted.record().get(column).as_text().unwrap_or_default());
    let is_token = |kind: &&str| texts.iter().any(|text| text.contains(&format!("[{kind}:")));
    let tokens: Vec<&str> = kinds.iter().copied().filter(is_token).collect();
    let hint = (!tokens.is_empty()).then(|| {
        format!(
            "The lake holds tokens in place of such values, except in columns of callers that a topic keeps: the value as it \
             was typed is not found elsewhere. Search for what `sealake keys token TYPE` prints (TYPE here: {}).",
            tokens.join(", ")
        )
    });
    let message =
        format!("the access log holds this statement with {identifiers} replaced ({})", kinds.join(", "));
    Some(Notice { message, hint })
}
