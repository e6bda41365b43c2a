//! Credentials inside addresses: `scheme://user:password@host` (RFC 3986 section 3.2.1), database connection strings
//! among them, and webhook addresses that are a credential as a whole.

use std::sync::LazyLock;

use super::text::Text;
use super::{Category, Detector, Hit, Needs, lexicon, url};

/// Finds credentials in addresses.
pub(super) struct SecretUrl;

/// What opens an address of Oracle's thin driver, and the hash of its first word.
const ORACLE: &[u8] = b"jdbc:oracle:thin:";
static JDBC: LazyLock<u64> = LazyLock::new(|| lexicon::hash("jdbc"));

/// The longest user information, in bytes.
const USERINFO_BYTES_MAX: usize = 512;

impl Detector for SecretUrl {
    fn id(&self) -> &'static str {
        "secret_url"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Secret]
    }

    fn example(&self) -> &'static str {
        "postgres://app:s3cr3tpw@db.example:5432/clinic"
    }

    fn needs(&self) -> Needs {
        Needs::signs(b":")
    }

    fn needs_too(&self) -> Needs {
        Needs::signs(b"@/")
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let bytes = text.text.as_bytes();
        if text.may_hold(b'@') {
            let jdbc = *JDBC;
            let opening = text.tied().map(|index| &text.words()[index]).filter(|word| word.hash == jdbc);
            for at in opening.map(|word| word.start as usize).filter(|at| bytes[*at..].starts_with(ORACLE)) {
                if let Some((start, end)) = oracle_password(bytes, at + ORACLE.len()) {
                    let rule = "secret_url.oracle";
                    hits.push(Hit { start, end, category: Category::Secret, rule, score: 0.97 });
                }
            }
        }
        for at in text.schemes() {
            let from = at + 3;
            let window = &bytes[from..bytes.len().min(from + USERINFO_BYTES_MAX)];
            let authority = window
                .iter()
                .take_while(|byte| {
                    !matches!(
                        byte,
                        b'/' | b'?' | b'#' | b'"' | b'<' | b'>' | b' ' | b'\n' | b'\t' | b'\'' | b'`'
                    )
                })
                .count();
            // A password may hold a slash: look for the `@` up to white space if the authority has none.
            let authority = &window[..authority];
            if let Some(sign) = memchr::memrchr(b'@', authority)
                && let Some(colon) = memchr::memchr(b':', &authority[..sign])
                && colon + 1 < sign
                && !is_variable(&authority[colon + 1..sign])
            {
                let (start, end) = (from + colon + 1, from + sign);
                hits.push(Hit {
                    start,
                    end,
                    category: Category::Secret,
                    rule: "secret_url.userinfo",
                    score: 0.97,
                });
            }
            let start = url::scheme_start(bytes, at);
            const HOOKS: &[&str] = &[
                "hooks.slack.com/services/",
                "hooks.slack.com/workflows/",
                "hooks.slack.com/triggers/",
                "hooks.zapier.com/hooks/catch/",
                "discord.com/api/webhooks/",
                "discordapp.com/api/webhooks/",
                "outlook.office.com/webhook/",
            ];
            let host = window.iter().take_while(|byte| **byte != b'/').count();
            // Microsoft Teams: a host for each tenant.
            let teams = window[..host].ends_with(b".webhook.office.com");
            if teams || HOOKS.iter().any(|hook| text.text[from..].starts_with(hook)) {
                let ceiling = (from + USERINFO_BYTES_MAX).min(text.text.len());
                let ceiling = (ceiling..=text.text.len()).find(|at| text.text.is_char_boundary(*at));
                let end = url::address_end(&text.text[..ceiling.unwrap_or(text.text.len())], from);
                hits.push(Hit {
                    start,
                    end,
                    category: Category::Secret,
                    rule: "secret_url.webhook",
                    score: 0.97,
                });
            }
        }
    }
}

/// A variable or a placeholder where the password would stand: `${DB_PASS}`, `<password>`, `{{ password }}`.
fn is_variable(password: &[u8]) -> bool {
    let between = |open: &[u8], close: &[u8]| password.starts_with(open) && password.ends_with(close);
    between(b"${", b"}") || between(b"<", b">") || between(b"{{", b"}}")
}

/// The password in `user/password@…` behind `thin:` (Oracle, JDBC Developer's Guide, "Thin-style service name syntax").
fn oracle_password(bytes: &[u8], from: usize) -> Option<(usize, usize)> {
    let window = &bytes[from..bytes.len().min(from + USERINFO_BYTES_MAX)];
    let line = window.iter().take_while(|byte| !byte.is_ascii_whitespace() && **byte != b'"').count();
    let sign = memchr::memchr(b'@', &window[..line])?;
    let slash = memchr::memchr(b'/', &window[..sign])?;
    (slash + 1 < sign).then_some((from + slash + 1, from + sign))
}

#[cfg(test)]
mod tests;
