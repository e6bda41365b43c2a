//! SQL users: a file of names, roles and SCRAM-SHA-256 verifiers. No password is ever stored.
//!
//! One user a line, `name:role:verifier`, with the verifier in PostgreSQL's own format (the column `rolpassword`
//! of `pg_authid`), so that it can be made there or taken there:
//! `SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>` (RFC 5802, RFC 7677). Who reads the file cannot
//! log in with it, but can try passwords against it: the file has mode 0600 and is refused with any other.

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::error::Error;

/// Rounds of PBKDF2 for new passwords. PostgreSQL's default (`scram_iterations`) and RFC 7677's least value is
/// 4096; a login costs the client and this many hashes, a guess costs the thief of the file as many.
pub const ITERATIONS: u32 = 16_384;

/// The most rounds that a verifier may ask for, so that a line of the file cannot stall a login.
const ITERATIONS_MAX: u32 = 10_000_000;

/// The role of a user for whom no other is given.
pub const DEFAULT_ROLE: &str = "auditor";

/// The longest name in bytes; PostgreSQL's limit for identifiers.
const NAME_BYTES_MAX: usize = 63;

/// The least length of a password that a person chooses, in characters (NIST SP 800-63B).
pub const PASSWORD_CHARS_MIN: usize = 8;

/// The longest password in bytes.
const PASSWORD_BYTES_MAX: usize = 1_024;

/// What the server keeps to check a password (RFC 5802 section 3).
#[derive(Clone, PartialEq, Eq)]
pub struct Verifier {
    /// Rounds of PBKDF2.
    pub iterations: u32,
    /// Random bytes.
    pub salt: Vec<u8>,
    /// `H(HMAC(SaltedPassword, "Client Key"))`.
    pub stored_key: [u8; 32],
    /// `HMAC(SaltedPassword, "Server Key")`.
    pub server_key: [u8; 32],
}

impl Verifier {
    /// The verifier of a password, with a fresh salt.
    ///
    /// # Errors
    /// The password is empty, too long or has characters that SASLprep forbids; or there is no randomness.
    pub fn new(password: &str) -> Result<Verifier, Error> {
        let mut salt = [0; 16];
        getrandom::fill(&mut salt)
            .map_err(|_| Error::Setup("the system gives no random bytes".to_owned()))?;
        Verifier::derive(password, &salt, ITERATIONS)
    }

    /// The verifier of a password with this salt and number of rounds.
    ///
    /// # Errors
    /// As [`Verifier::new`].
    pub fn derive(password: &str, salt: &[u8], iterations: u32) -> Result<Verifier, Error> {
        let password = prepare(password)?;
        let salted = pbkdf2(password.as_bytes(), salt, iterations.max(1));
        let stored_key = Sha256::digest(hmac(&salted, &[b"Client Key"])).into();
        let server_key = hmac(&salted, &[b"Server Key"]);
        Ok(Verifier { iterations, salt: salt.to_vec(), stored_key, server_key })
    }

    /// Reads PostgreSQL's format.
    pub fn parse(text: &str) -> Option<Verifier> {
        let rest = text.strip_prefix("SCRAM-SHA-256$")?;
        let (head, keys) = rest.split_once('$')?;
        let (iterations, salt) = head.split_once(':')?;
        let (stored, server) = keys.split_once(':')?;
        let iterations = iterations.parse().ok().filter(|rounds| (1..=ITERATIONS_MAX).contains(rounds))?;
        let key = |text: &str| <[u8; 32]>::try_from(BASE64.decode(text).ok()?).ok();
        let salt = BASE64.decode(salt).ok().filter(|salt| !salt.is_empty())?;
        Some(Verifier { iterations, salt, stored_key: key(stored)?, server_key: key(server)? })
    }

    /// Whether a password fits, in constant time. For tests and for checks at the terminal; a login over the
    /// network never shows the password.
    pub fn fits(&self, password: &str) -> bool {
        Verifier::derive(password, &self.salt, self.iterations).is_ok_and(|other| {
            other.stored_key.iter().zip(&self.stored_key).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
        })
    }
}

impl std::fmt::Display for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "SCRAM-SHA-256${}:{}${}:{}",
            self.iterations,
            BASE64.encode(&self.salt),
            BASE64.encode(self.stored_key),
            BASE64.encode(self.server_key)
        )
    }
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Verifier({} iterations)", self.iterations)
    }
}

/// One SQL user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The role that the user acts in.
    pub role: String,
    /// What checks the password.
    pub verifier: Verifier,
}

/// The users of a file, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Users(BTreeMap<String, User>);

impl Users {
    /// Reads the file.
    ///
    /// # Errors
    /// [`Error::Setup`]: the file is missing, readable by others, or has a line that is no user.
    pub fn read(path: &Path) -> Result<Users, Error> {
        let shown = path.display();
        let setup = |text: String| Error::Setup(format!("users file {shown}: {text}"));
        let mode = fs::metadata(path).map_err(|error| setup(error.to_string()))?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(setup(format!(
                "has mode {:04o}, others can read it; run: chmod 600 {shown}",
                mode & 0o7777
            )));
        }
        let text = fs::read_to_string(path).map_err(|error| setup(error.to_string()))?;
        Users::parse(&text).map_err(|line| setup(format!("line {line} is not name:role:verifier")))
    }

    /// Reads the file's text; the error is the number of the line that is wrong.
    pub fn parse(text: &str) -> Result<Users, usize> {
        let mut users = BTreeMap::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let user = user_line(line).filter(|(name, _)| !users.contains_key(name)).ok_or(number + 1)?;
            users.insert(user.0, user.1);
        }
        Ok(Users(users))
    }

    /// Writes the file anew: a temporary file of mode 0600 beside it, synced, then renamed over it.
    ///
    /// # Errors
    /// [`Error::Setup`] when it cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), Error> {
        let setup = |error: std::io::Error| Error::Setup(format!("users file {}: {error}", path.display()));
        let directory =
            path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let temporary = directory.join(format!(".{name}.{}.tmp", std::process::id()));
        match fs::remove_file(&temporary) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(setup(error)),
            _ => {}
        }
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&temporary)
            .map_err(setup)?;
        file.write_all(self.to_string().as_bytes()).map_err(setup)?;
        file.sync_all().map_err(setup)?;
        fs::rename(&temporary, path).map_err(setup)?;
        fs::File::open(directory).and_then(|directory| directory.sync_all()).map_err(setup)
    }

    /// The user of this name.
    pub fn get(&self, name: &str) -> Option<&User> {
        self.0.get(name)
    }

    /// All users, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &User)> {
        self.0.iter().map(|(name, user)| (name.as_str(), user))
    }

    /// Adds a user.
    ///
    /// # Errors
    /// The name or role is not of the form that the file can hold, or the user exists.
    pub fn add(&mut self, name: &str, role: &str, password: &str) -> Result<(), Error> {
        if !valid_name(name) || !valid_name(role) {
            return Err(Error::Setup(format!(
                "names and roles have 1 to {NAME_BYTES_MAX} letters, digits or any of _ - . @"
            )));
        }
        if self.0.contains_key(name) {
            return Err(Error::Setup(format!(
                "user {name} exists; `sealake users password {name}` sets a new one"
            )));
        }
        let user = User { role: role.to_owned(), verifier: Verifier::new(password)? };
        self.0.insert(name.to_owned(), user);
        Ok(())
    }

    /// Gives a user a new password.
    ///
    /// # Errors
    /// There is no such user, or the password is not accepted.
    pub fn set_password(&mut self, name: &str, password: &str) -> Result<(), Error> {
        let user = self.0.get_mut(name).ok_or_else(|| Error::Setup(format!("there is no user {name}")))?;
        user.verifier = Verifier::new(password)?;
        Ok(())
    }

    /// Removes a user.
    ///
    /// # Errors
    /// There is no such user.
    pub fn remove(&mut self, name: &str) -> Result<(), Error> {
        self.0.remove(name).map(|_| ()).ok_or_else(|| Error::Setup(format!("there is no user {name}")))
    }
}

impl std::fmt::Display for Users {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "# SQL users: name:role:verifier. Changed by `sealake users`.")?;
        self.0.iter().try_for_each(|(name, user)| writeln!(f, "{name}:{}:{}", user.role, user.verifier))
    }
}

/// A password of 144 random bits, as 24 characters that need no quoting anywhere.
///
/// # Errors
/// There is no randomness.
pub fn generate_password() -> Result<String, Error> {
    let mut bytes = [0; 18];
    getrandom::fill(&mut bytes).map_err(|_| Error::Setup("the system gives no random bytes".to_owned()))?;
    Ok(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes).replace(['-', '_'], "x"))
}

/// Refuses a password that a person chose too short. Generated ones need no check.
///
/// # Errors
/// It has fewer than [`PASSWORD_CHARS_MIN`] characters.
pub fn check_chosen(password: &str) -> Result<(), Error> {
    if password.chars().count() < PASSWORD_CHARS_MIN {
        return Err(Error::Setup(format!("a password has at least {PASSWORD_CHARS_MIN} characters")));
    }
    Ok(())
}

fn user_line(line: &str) -> Option<(String, User)> {
    let (name, rest) = line.split_once(':')?;
    let (role, verifier) = rest.split_once(':')?;
    if !valid_name(name) || !valid_name(role) {
        return None;
    }
    Some((name.to_owned(), User { role: role.to_owned(), verifier: Verifier::parse(verifier)? }))
}

fn valid_name(name: &str) -> bool {
    (1..=NAME_BYTES_MAX).contains(&name.len())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.@".contains(c))
}

/// SASLprep (RFC 4013), as both sides of SCRAM must apply it. What it forbids is refused here, when the password
/// is set, since a driver that treats it otherwise than we do could never log in.
fn prepare(password: &str) -> Result<String, Error> {
    let refused = |why: &str| Err(Error::Setup(format!("the password {why}")));
    if password.is_empty() {
        return refused("is empty");
    }
    if password.len() > PASSWORD_BYTES_MAX {
        return refused("is too long");
    }
    if password.chars().any(char::is_control) {
        return refused("has control characters");
    }
    match stringprep::saslprep(password) {
        Ok(prepared) if prepared.is_empty() => refused("is empty"),
        Ok(prepared) => Ok(prepared.into_owned()),
        Err(_) => refused("has characters that SASLprep (RFC 4013) forbids"),
    }
}

/// PBKDF2 with HMAC-SHA-256 and one block of output: `Hi` of RFC 5802.
fn pbkdf2(password: &[u8], salt: &[u8], iterations: u32) -> [u8; 32] {
    let mut block = hmac(password, &[salt, &1_u32.to_be_bytes()]);
    let mut result = block;
    for _ in 1..iterations {
        block = hmac(password, &[&block]);
        result.iter_mut().zip(block).for_each(|(result, block)| *result ^= block);
    }
    result
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes keys of any length: the error type exists for other constructions of the trait.
    let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(key) else { return [0; 32] };
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests;
