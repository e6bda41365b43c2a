//! Mappings and lists of YAML: FHIR resources, configurations and records as people paste them.
//!
//! A line is a key, a colon and a value that goes to the line's end (YAML 1.2, chapter 8); what a key tells depends on
//! the key it is indented below, as in [`super::literal`]. Only keys in lower case or in camel case without a space, and
//! at the outer level only those of several words: `family: supportive` is a line of a history.

use super::secret_assignment;
use super::text::Text;
use super::{Category, Detector, Hit, Needs};
use crate::keys;

/// Finds the values of indented keys.
pub(super) struct Yaml;

/// Levels that are followed.
const DEPTH_MAX: usize = 12;
/// The longest key and the longest value, in bytes.
const KEY_BYTES_MAX: usize = 48;
const VALUE_BYTES_MAX: usize = 128;

impl Detector for Yaml {
    fn id(&self) -> &'static str {
        "yaml"
    }

    fn categories(&self) -> &'static [Category] {
        Category::ALL
    }

    fn example(&self) -> &'static str {
        "name:\n  - family: Qorbeta\n    given:\n      - Lum\n"
    }

    fn needs(&self) -> Needs {
        Needs::signs(b":")
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        if !text.may_hold(b':') {
            return;
        }
        let mut levels: [(usize, &str); DEPTH_MAX] = [(0, ""); DEPTH_MAX];
        // The variable that the line before names, and how far that is indented.
        let mut variable = None;
        let bytes = text.text.as_bytes();
        let (mut depth, mut at) = (0, 0);
        while at < bytes.len() {
            let from = at;
            at = memchr::memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |end| from + end + 1);
            let body = text.text[from..at].trim_end();
            let mut rest = body.trim_start_matches(' ');
            let mut item = false;
            while let Some(listed) = rest.strip_prefix("- ") {
                (rest, item) = (listed.trim_start_matches(' '), true);
            }
            let indent = body.len() - rest.len();
            let start = from + indent;
            let Some((key, value)) = split(rest) else {
                // An item of a list below a key: `- Lum`.
                if item && depth > 0 && levels[depth - 1].0 <= indent {
                    let around = depth.checked_sub(2).map(|above| levels[above].1);
                    below(text.text, levels[depth - 1].1, around, start, rest, hits);
                } else if !rest.is_empty() {
                    depth = 0;
                }
                continue;
            };
            while depth > 0 && levels[depth - 1].0 >= indent {
                depth -= 1;
            }
            if value.is_empty() {
                if depth < DEPTH_MAX {
                    levels[depth] = (indent, key);
                    depth += 1;
                }
                continue;
            }
            let named = variable.take().filter(|(level, _)| *level == indent && key == "value" && !item);
            if let Some((_, variable)) = named {
                secret(text.text, variable, from + body.len() - value.len(), value, hits);
            }
            if key == "name" {
                variable = Some((indent, value));
            }
            let around = depth.checked_sub(1).map(|above| levels[above].1);
            let several = key.bytes().any(|byte| byte == b'_' || byte.is_ascii_uppercase());
            if around.is_some() || several {
                below(text.text, key, around, from + body.len() - value.len(), value, hits);
            }
        }
    }
}

/// A key and its value, if the line is no prose: `birthDate: 1961-03-02`.
fn split(line: &str) -> Option<(&str, &str)> {
    let head = &line.as_bytes()[..line.len().min(KEY_BYTES_MAX)];
    let colon = memchr::memchr(b':', head)?;
    let (key, rest) = (&line[..colon], &line[colon + 1..]);
    let plain = key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    (plain && (rest.is_empty() || rest.starts_with(' '))).then(|| (key, rest.trim()))
}

/// The value of a variable whose name tells that it is a secret, as Kubernetes writes environments:
/// `- name: DB_PASSWORD`, and `value: …` on the next line (Kubernetes API, EnvVar).
fn secret(text: &str, variable: &str, start: usize, value: &str, hits: &mut Vec<Hit>) {
    let unquoted = value.trim_matches(['"', '\'']);
    let start = start + (value.len() - value.trim_start_matches(['"', '\'']).len());
    let end = start + unquoted.len();
    if keys::telling(variable.trim_matches(['"', '\''])) == Some(Category::Secret)
        && secret_assignment::made(unquoted)
        && unquoted.len() <= VALUE_BYTES_MAX
        && text.get(start..end) == Some(unquoted)
    {
        hits.push(Hit { start, end, category: Category::Secret, rule: "yaml.variable", score: 0.9 });
    }
}

fn below(text: &str, key: &str, around: Option<&str>, start: usize, value: &str, hits: &mut Vec<Hit>) {
    let unquoted = value.trim_matches(['"', '\'']);
    let start = start + (value.len() - value.trim_start_matches(['"', '\'']).len());
    let given = keys::telling(key)
        .or_else(|| keys::telling_inside(around?, key))
        .filter(|category| *category != Category::Secret);
    let Some(category) = given else { return };
    let code = unquoted.contains(['{', '(', '[', '$', '<', '|']) || unquoted.len() > VALUE_BYTES_MAX;
    let words = unquoted.split(' ').count();
    let written = match category {
        Category::Name => unquoted.chars().any(char::is_uppercase) && words <= 5,
        Category::Place => unquoted.starts_with(char::is_uppercase) && words <= 5,
        _ => true,
    };
    let end = start + unquoted.len();
    if !code && written && keys::fits(category, unquoted) && text.get(start..end) == Some(unquoted) {
        hits.push(Hit { start, end, category, rule: "yaml.value", score: 0.85 });
    }
}

#[cfg(test)]
mod tests;
