//! Web addresses, 45 CFR 164.514(b)(2)(i)(N).
//!
//! RFC 3986: a scheme and `://`, or `www.`, up to white space or a closing quote; punctuation that ends a
//! sentence stays outside. Addresses of documentation that everyone cites are identifiers in the law's terms
//! all the same and go; a bare host name without scheme stays.

use super::text::Text;
use super::words::Words;
use super::{Category, Detector, Hit, Needs, mrn};
use crate::work;

/// Finds web addresses.
pub(super) struct Url;

impl Detector for Url {
    fn id(&self) -> &'static str {
        "url"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Url]
    }

    fn example(&self) -> &'static str {
        "see https://portal.example/patients/4711?tab=labs."
    }

    fn needs(&self) -> Needs {
        Needs::signs(b":.")
    }

    fn needs_too(&self) -> Needs {
        Needs::TIED.or(Needs::signs(b"/"))
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        if text.key.is_some_and(names_endpoint) && is_endpoint(text.text) {
            return;
        }
        let bytes = text.text.as_bytes();
        let (first, mut covered) = (hits.len(), 0);
        for at in text.schemes() {
            let start = scheme_start(bytes, at);
            if start < at && start >= covered {
                let end = address_end(text.text, at + 3);
                // `postgres://${USER}`: what follows is a variable.
                let address = &text.text[at + 3..end];
                // The modules of a bundle in a stack trace: `webpack-internal:///./src/iban.ts:14:22`.
                let module = text.text[start..at].starts_with("webpack");
                if end > at + 3
                    && address != "$"
                    && !module
                    && !is_vocabulary(address)
                    && !is_neighbour(address)
                {
                    hits.push(Hit { start, end, category: Category::Url, rule: "url.scheme", score: 0.95 });
                    covered = end;
                }
            }
        }
        let last = hits.len();
        covered = 0;
        for index in text.tied() {
            let word = text.words()[index];
            let start = word.start as usize;
            // Those with a scheme are in order and apart: only the last that begins before it can hold it.
            let held = || {
                let schemed = &hits[first..last];
                let before = schemed.partition_point(|hit| hit.start <= start);
                before > 0 && start < schemed[before - 1].end
            };
            if word.len() == 3
                && start >= covered
                && text.byte_behind(&word) == b'.'
                && text.gap(index) == "."
                && text.spelled(index).eq_ignore_ascii_case("www")
                && !held()
            {
                let end = address_end(text.text, start);
                if end > start + 5 {
                    hits.push(Hit { start, end, category: Category::Url, rule: "url.www", score: 0.9 });
                    covered = end;
                }
            }
        }
    }
}

/// Whether an address is a service's inside a machine or cluster, and nothing more: `redis://cache:6379/0`,
/// `http://localhost:8080/`. A host without a dot is nobody's page; with a user or a longer path it goes as any other.
fn is_neighbour(address: &str) -> bool {
    const PATH_BYTES_MAX: usize = 3;
    let (authority, path) = address.split_once('/').unwrap_or((address, ""));
    let (host, port) = authority.rsplit_once(':').unwrap_or((authority, "0"));
    let named =
        host.len() > 2 && host.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'_'));
    (named || host == "127.0.0.1" || host == "0.0.0.0")
        && port.bytes().all(|byte| byte.is_ascii_digit())
        && path.len() <= PATH_BYTES_MAX
}

/// Whether a key is that of a service's own address in a configuration.
fn names_endpoint(key: &str) -> bool {
    static ENDPOINTS: Words<14> = Words::new([
        "api_base",
        "apibase",
        "api_url",
        "apiurl",
        "base_url",
        "baseurl",
        "endpoint",
        "endpoint_url",
        "endpointurl",
        "azure_endpoint",
        "proxy_url",
        "proxyurl",
        "server_url",
        "serverurl",
    ]);
    ENDPOINTS.hold(key)
}

/// Whether a text is the address of a service and of nobody: without an account, a query but for the interface's version,
/// and numbers or persons in its path.
fn is_endpoint(text: &str) -> bool {
    const ENDPOINT_BYTES_MAX: usize = 160;
    const DIGITS_MAX: usize = 4;
    static ACCOUNTS: Words<4> = Words::new(["user", "users", "practitioner", "home"]);
    let Some((scheme, rest)) = text.split_once("://").filter(|_| text.len() <= ENDPOINT_BYTES_MAX) else {
        return false;
    };
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:/".contains(&byte);
    let version = || {
        let day = query.strip_prefix("api-version=").unwrap_or("@");
        day.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let of_person = |step: &str| {
        step.bytes().filter(u8::is_ascii_digit).count() > DIGITS_MAX
            || mrn::is_of_persons(step)
            || ACCOUNTS.hold(step)
    };
    matches!(scheme, "http" | "https" | "grpc" | "ws" | "wss")
        && path.bytes().all(plain)
        && (query.is_empty() || version())
        && !path.split('/').skip(1).any(of_person)
}

/// Whether an address is the name of a vocabulary or a schema, which stands in every resource of FHIR and says nothing of
/// anybody: HL7 Terminology (THO), "External Code Systems".
fn is_vocabulary(address: &str) -> bool {
    const NAMES: &[&str] = &[
        "snomed.info/",
        "loinc.org",
        "unitsofmeasure.org",
        "hl7.org/fhir",
        "www.hl7.org/fhir",
        "terminology.hl7.org",
        "www.nlm.nih.gov/research/umls",
        "www.ama-assn.org/go/cpt",
        "www.cms.gov/Medicare/Coding",
        "hl7.org/fhir/sid/",
        "dicom.nema.org",
        "id.who.int",
        "www.w3.org/",
        "schema.org",
        "json-schema.org",
    ];
    NAMES.iter().any(|name| {
        let rest = address.strip_prefix(name);
        rest.is_some_and(|rest| name.ends_with('/') || rest.is_empty() || rest.starts_with(['/', '#', '|']))
    })
}

/// Where the scheme that ends at `at` starts: letters, digits, `+`, `-`, `.` (RFC 3986 section 3.1).
pub(super) fn scheme_start(bytes: &[u8], at: usize) -> usize {
    const SCHEME_BYTES_MAX: usize = 20;
    let floor = at.saturating_sub(SCHEME_BYTES_MAX);
    let mut start = at;
    while start > floor
        && (bytes[start - 1].is_ascii_alphanumeric() || matches!(bytes[start - 1], b'+' | b'-' | b'.'))
    {
        start -= 1;
    }
    while start < at && !bytes[start].is_ascii_alphabetic() {
        start += 1;
    }
    start
}

/// Where the address ends: before white space, quotes and angle brackets, less the sentence's punctuation.
pub(super) fn address_end(text: &str, from: usize) -> usize {
    let rest = &text[from..];
    let length = rest
        .find(|c: char| {
            c.is_whitespace()
                || c.is_control()
                || matches!(c, '"' | '<' | '>' | '`' | '|' | '\\' | '^' | '{' | '}' | '“' | '”')
        })
        .unwrap_or(rest.len());
    work::examined(length);
    let mut address = &rest[..length];
    // Looked for once: a run of closing brackets would have each of them look through all before it.
    let opened = address.find(['(', '[']).unwrap_or(length);
    loop {
        let trimmed = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*']);
        let trimmed = match trimmed.strip_suffix([')', ']']) {
            Some(inner) if inner.len() <= opened => inner,
            _ => trimmed,
        };
        if trimmed.len() == address.len() {
            return from + address.len();
        }
        work::examined(address.len() - trimmed.len());
        address = trimmed;
    }
}

#[cfg(test)]
mod tests;
