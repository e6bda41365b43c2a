//! Where identifiers are in a text: a table of detectors over one prepared pass.
//!
//! [`Text::new`] reads the bytes once: it cuts them into words, looks each up in the lexicon, and notes where
//! digits, `@`, `://` and long opaque runs stand. The detectors then look only at the windows that this pass
//! marked, each with its own hand-written verifier, so that the whole stays linear on any input. A new
//! identifier is one file here and one line in [`DETECTORS`].
//!
//! Two rules hold for all: context beats checksums (behind a telling keyword the shape goes even if its check
//! digit is wrong; without one the check digit must hold), and a detector never decides what becomes of a hit.
//! Overlaps, actions and propagation are the engine's.

mod abroad;
mod account;
mod address;
mod age;
mod biometric;
mod card;
mod category;
mod date;
mod device;
mod email;
mod eu;
mod fax;
mod firm;
mod geocode;
mod glued;
mod handle;
mod health_plan;
mod hl7;
mod ip;
mod keywords;
mod lexicon;
mod license;
mod markup;
mod member;
mod mrn;
mod mrz;
mod name;
mod national_id;
mod needs;
mod phone;
mod place;
mod propagate;
mod secret_assignment;
mod secret_command;
mod secret_context;
mod secret_jwt;
mod secret_key;
mod secret_pem;
mod secret_url;
mod ssn;
mod table;
mod text;
mod unique_id;
mod url;
mod value;
mod vehicle;
mod x12;
mod zip;

use std::sync::LazyLock;

pub use category::Category;
pub(crate) use handle::is_handle;
pub(crate) use keywords::of_key;
pub use needs::Needs;
pub use place::state_of;
pub use propagate::{Mention, Names, SEEDS_MAX, Seed};
pub use text::{TEXT_BYTES_MAX, Text};
pub(crate) use value::luhn;

/// Hits that score below this count only in a document that holds another identifier at or above it: relative
/// dates ("last week"), bare first names. The engine drops them otherwise.
pub const NEEDS_COMPANY: f32 = 0.5;

/// A candidate in one text: byte offsets on character boundaries, `start < end`.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Offset of its first byte.
    pub start: usize,
    /// Offset behind its last byte.
    pub end: usize,
    /// What it is.
    pub category: Category,
    /// The detector's id, a dot, and which of its rules fired: `ssn.context`.
    pub rule: &'static str,
    /// How sure, 0 to 1, after context and validators. See [`NEEDS_COMPANY`].
    pub score: f32,
}

/// [`DETECTORS`] with what each needs.
static NEEDED: LazyLock<Vec<(Needs, &'static dyn Detector)>> =
    LazyLock::new(|| DETECTORS.iter().map(|detector| (detector.needs(), *detector)).collect());

/// One kind of identifier, in its own file with its source, validators and tests.
pub trait Detector: Sync {
    /// Its name, unique, lower case: the first part of the rules it reports.
    fn id(&self) -> &'static str;
    /// The categories that it reports.
    fn categories(&self) -> &'static [Category];
    /// A text on which it must fire, invented: shown by `policy explain`, and tested.
    fn example(&self) -> &'static str;
    /// Without which it finds nothing in a text, so that it need not be asked. Everything if it does not say.
    fn needs(&self) -> Needs {
        Needs::NOTHING
    }
    /// Adds what it finds to `hits`, in any order, overlaps allowed.
    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>);
}

/// Every detector, one line each.
pub static DETECTORS: &[&dyn Detector] = &[
    &name::Name,                          // (A) names
    &address::Address,                    // (B) streets
    &place::Place,                        // (B) towns, hospitals
    &abroad::Abroad,                      // (B) the same in European order
    &firm::Firm,                          // employers, practices, schools
    &zip::Zip,                            // (B) ZIP codes
    &date::Date,                          // (C) dates
    &age::Age,                            // (C) ages over 89
    &phone::Phone,                        // (D)
    &fax::Fax,                            // (E)
    &email::Email,                        // (F)
    &ssn::Ssn,                            // (G)
    &mrn::Mrn,                            // (H)
    &health_plan::HealthPlan,             // (I)
    &account::Account,                    // (J) bank and customer accounts
    &card::Card,                          // (J) payment cards
    &license::License,                    // (K)
    &vehicle::Vehicle,                    // (L)
    &device::Device,                      // (M)
    &url::Url,                            // (N)
    &ip::Ip,                              // (O)
    &biometric::Biometric,                // (P), as far as text holds it
    &national_id::NationalId,             // (R) tax numbers, passports
    &mrz::Mrz,                            // (R) machine-readable zones of passports
    &eu::Eu,                              // (R) European numbers
    &unique_id::UniqueId,                 // (R) all others
    &secret_key::SecretKey,               // keys with a provider's prefix
    &secret_jwt::SecretJwt,               // JSON Web Tokens
    &secret_pem::SecretPem,               // private keys in PEM
    &secret_url::SecretUrl,               // credentials in addresses
    &secret_command::SecretCommand,       // curl -u, sshpass -p
    &secret_context::SecretContext,       // keys behind their provider's name
    &secret_assignment::SecretAssignment, // password=, Bearer
    &glued::Glued,                        // any of them without anything between it and its keyword
    &handle::Handle,                      // (A) names of accounts and mailboxes
    &hl7::Hl7,                            // fields of HL7 messages
    &x12::X12,                            // elements of X12 transactions
    &markup::Markup,                      // elements and attributes of XML
    &table::Table,                        // cells of tables
    &member::Member,                      // members of objects in programs
    &geocode::Geocode,                    // (B) latitude and longitude
];

/// What stands in a prepared text for the engine's own tokens and labels, again and again.
pub(crate) const BLOT: &str = "X9";

/// Whether what begins here was replaced before: its neighbours are then not where they were.
fn was_replaced(text: &str) -> bool {
    text.starts_with("X9X9X")
}

/// Runs every detector over one prepared text and adds what they find, sorted by start, longest first.
pub fn detect(text: &Text<'_>, hits: &mut Vec<Hit>) {
    let before = hits.len();
    if text.text.len() > TEXT_BYTES_MAX {
        let end = text.text.len();
        hits.push(Hit { start: 0, end, category: Category::UniqueId, rule: "text.too_long", score: 1.0 });
        return;
    }
    let has = text.has();
    for (_, detector) in NEEDED.iter().filter(|(needs, _)| needs.met(&has)) {
        detector.detect(text, hits);
    }
    hits[before..].sort_by(|a, b| a.start.cmp(&b.start).then(b.end.cmp(&a.end)));
}

#[cfg(test)]
mod tests;
