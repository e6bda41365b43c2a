//! Passwords that people chose: `Rocky2021`, `lemon_pie`, `badger`. No entropy tells them from words, so the sentence or
//! the assignment around them does.
//!
//! In configuration, on command lines and in JSON inside a text any plain word behind a key that says password goes, but
//! for placeholders, types and code. In prose, in twelve languages, the value must look chosen: letters with digits or
//! signs among them.

use std::sync::LazyLock;

use super::keywords::Key;
use super::lexicon::{self, WordSet};
use super::secret_call::last_hump;
use super::text::Text;
use super::words::Words;
use super::{Category, Detector, Hit, Needs};

mod config;
mod prose;

pub(super) use config::is_plain;
pub(super) use prose::looks_chosen;

/// Finds chosen passwords.
pub(super) struct SecretPassword;

/// The longest password taken, in bytes.
const VALUE_BYTES_MAX: usize = 64;

/// Words that say password, as the last word of a keyword.
static PASSWORDS: LazyLock<WordSet> = LazyLock::new(|| {
    lexicon::set(&[
        "password",
        "passwd",
        "pwd",
        "passphrase",
        "pw",
        "pass",
        "kennwort",
        "passwort",
        "contrasena",
        "passe",
        "wachtwoord",
        "haslo",
        "losenord",
        "adgangskode",
        "kodeord",
        "passord",
        "heslo",
        "parola",
        "senha",
        "pgpassword",
        "dbpassword",
        "userpassword",
        "adminpassword",
        "rootpassword",
        "loginpassword",
        "mypassword",
        "newpassword",
        "oldpassword",
        "mdp",
        "passwords",
        "losenordet",
        "adgangskoden",
        "kodeordet",
        "passordet",
        "acceso",
        "ww",
        "community",
        "securestring",
    ])
});

/// Of these the ones that mean something else too: a ticket, a step, a directory.
static SHORT: LazyLock<WordSet> =
    LazyLock::new(|| lexicon::set(&["pass", "pw", "pwd", "passe", "parola", "haslo", "heslo", "ww"]));

impl Detector for SecretPassword {
    fn id(&self) -> &'static str {
        "secret_password"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Secret]
    }

    fn example(&self) -> &'static str {
        "the password for the archive is Meatballs7"
    }

    fn needs(&self) -> Needs {
        Needs::key(Key::Secret)
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let mut push = |(start, end): (usize, usize), rule, score| {
            if !text.blots.stand_in(&text.text[start..end]) {
                hits.push(Hit { start, end, category: Category::Secret, rule, score });
            }
        };
        if text.keyed(Key::Secret)
            && let Some(value) = config::under_key(text)
        {
            push(value, "secret_password.key", 0.9);
        }
        let mut covered = 0;
        for hit in text.keys().iter().filter(|hit| hit.key == Key::Secret) {
            if hit.end < covered {
                continue;
            }
            if let Some(value) = config::declared(text, hit) {
                push(value, "secret_password.default", 0.9);
            }
            let Some(word) = text.word_at(hit.last).filter(|word| PASSWORDS.contains(&word.hash)) else {
                continue;
            };
            let written = config::assigned(text, hit)
                .or_else(|| config::option(text, hit))
                .or_else(|| config::attribute(text, hit))
                .or_else(|| config::phrase(text, hit))
                .or_else(|| config::fallback(text, hit))
                .or_else(|| prose::below(text, hit));
            if let Some(value) = written {
                push(value, "secret_password.assigned", 0.9);
                covered = value.1;
            } else {
                let short = SHORT.contains(&word.hash);
                for value in prose::values(text, hit, short).into_iter().flatten() {
                    push(value, "secret_password.prose", 0.85);
                    covered = value.1;
                }
                if let Some(value) = prose::answer(text, hit) {
                    push(value, "secret_password.answer", 0.8);
                }
                if let Some(value) = prose::before(text, hit) {
                    push(value, "secret_password.prose", 0.85);
                }
            }
        }
    }
}

/// What stands where a password would but is none: types, states, placeholders, names of fields.
fn is_stand_in(value: &str) -> bool {
    static WORDS: Words<103> = Words::new([
        "none",
        "null",
        "nil",
        "true",
        "false",
        "yes",
        "no",
        "undefined",
        "unset",
        "empty",
        "blank",
        "missing",
        "required",
        "optional",
        "string",
        "str",
        "text",
        "char",
        "varchar",
        "bytes",
        "bool",
        "boolean",
        "int",
        "number",
        "object",
        "any",
        "void",
        "option",
        "value",
        "values",
        "field",
        "input",
        "hidden",
        "invalid",
        "valid",
        "incorrect",
        "correct",
        "wrong",
        "expired",
        "changed",
        "unknown",
        "masked",
        "redacted",
        "encrypted",
        "hashed",
        "hash",
        "plain",
        "plaintext",
        "cleartext",
        "bcrypt",
        "scram",
        "changeme",
        "change_me",
        "change",
        "reset",
        "forgot",
        "forgotten",
        "show",
        "hide",
        "enter",
        "here",
        "prompt",
        "ask",
        "data",
        "form",
        "body",
        "request",
        "default",
        "placeholder",
        "example",
        "sample",
        "dummy",
        "user",
        "username",
        "login",
        "email",
        "key",
        "file",
        "stdin",
        "env",
        "self",
        "this",
        "same",
        "new",
        "old",
        "current",
        "confirm",
        "credential",
        "credentials",
        "failed",
        "passed",
        "flag",
        // Accounts and images of programs that are set up with their own name.
        "postgres",
        "postgresql",
        "mysql",
        "mariadb",
        "mongo",
        "mongodb",
        "redis",
        "rabbitmq",
        "elastic",
        "minio",
        "docker",
    ]);
    let named = |word: &str| PASSWORDS.contains(&lexicon::hash(word));
    // A name in humps: `RESET_PASSWORD = 'resetPassword'`.
    let spells = || value.bytes().all(|byte| byte.is_ascii_alphabetic()) && named(last_hump(value));
    WORDS.hold(value) || spells() || value.split(['_', '-', '.', ' ']).any(named) || repeats(value)
}

/// One letter or sign again and again: `xxxx`, `****`, `...`.
fn repeats(value: &str) -> bool {
    let mut letters = value.chars();
    letters.next().is_none_or(|first| letters.all(|letter| letter == first))
}

/// Whether a variable, a call or a template stands there instead of a value.
fn is_code(value: &str) -> bool {
    value.starts_with(['$', '<', '{', '%', '[', '(', '*', '&', '/', '@'])
        || value.contains(['(', '[', '{', '|', '<', '\\'])
        || value.contains("::")
        || value.contains("://")
}

#[cfg(test)]
mod tests;
