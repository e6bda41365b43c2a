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
mod aged;
mod biometric;
mod card;
mod care;
mod category;
mod crypto;
mod date;
mod day;
mod db_error;
mod device;
mod dicom;
mod email;
mod eu;
mod fax;
mod file_name;
mod firm;
mod geocode;
mod given;
mod glued;
mod grow;
mod handle;
mod health_plan;
mod hl7;
mod hl7_path;
mod ip;
mod keywords;
mod kin;
mod languages;
mod lexicon;
mod license;
mod literal;
mod locale;
mod login;
mod markup;
mod member;
mod mrn;
mod mrz;
mod name;
mod named;
mod national_id;
mod needs;
mod nickname;
mod numbered;
mod phone;
mod place;
mod propagate;
mod roster;
mod secret_assignment;
mod secret_call;
mod secret_code;
mod secret_command;
mod secret_context;
mod secret_jwt;
mod secret_key;
mod secret_named;
mod secret_password;
mod secret_pem;
mod secret_setting;
mod secret_url;
mod seen;
mod sign;
mod spoken;
mod ssn;
mod table;
mod text;
mod unique_id;
mod url;
mod value;
mod vcard;
mod vehicle;
mod words;
mod x12;
mod yaml;
mod zip;

use std::sync::LazyLock;

pub use category::Category;
pub(crate) use dicom::of_key as of_dicom_tag;
pub(crate) use grow::is_surname;
pub(crate) use handle::is_handle;
pub(crate) use hl7_path::of_key as of_hl7_path;
pub(crate) use keywords::of_key;
pub(crate) use lexicon::{HashBits, Lex, WordSet, fold, hash as hash_of_word};
pub(crate) use member::begins_value;
pub(crate) use name::{is_particle, term_use};
pub use needs::Needs;
use needs::Set;
pub use place::state_of;
pub use propagate::{Mention, Names, SEEDS_MAX, Seed};
pub(crate) use table::{column as heading, fits as fits_cell, has_head};
pub(crate) use text::{Shape, Word};
pub use text::{TEXT_BYTES_MAX, Text};
pub(crate) use value::luhn;
pub(crate) use words::Words;

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

/// What the detectors need.
static GATES: LazyLock<needs::Gates> = LazyLock::new(needs::Gates::new);

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
    /// Without which it finds nothing either: a text must have one of these and one of those. Nothing more if it does
    /// not say.
    fn needs_too(&self) -> Needs {
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
    &secret_password::SecretPassword,     // passwords that people chose
    &glued::Glued,                        // any of them without anything between it and its keyword
    &handle::Handle,                      // (A) names of accounts and mailboxes
    &hl7::Hl7,                            // fields of HL7 messages
    &x12::X12,                            // elements of X12 transactions
    &markup::Markup,                      // elements and attributes of XML
    &table::Table,                        // cells of tables
    &member::Member,                      // members of objects in programs
    &geocode::Geocode,                    // (B) latitude and longitude
    &aged::Aged,                          // (C) ages over 89 by the sentence
    &numbered::Numbered,                  // (R) numbers of any noun
    &care::Care,                          // (B) facilities and employers by their sentence
    &given::Given,                        // (A) names that stand alone
    &locale::Locale,                      // (B) places in no list
    &roster::Roster,                      // (A) lists of names
    &nickname::Nickname,                  // (A) nicknames
    &file_name::FileName,                 // (A) names in names of files
    &spoken::Spoken,                      // (C) dates in words
    &sign::Sign,                          // numbers behind MR#, FIN
    &dicom::Dicom,                        // elements of DICOM data sets
    &hl7_path::Hl7Path,                   // fields of HL7 by position
    &literal::Literal,                    // members of objects in a text
    &yaml::Yaml,                          // values of YAML
    &db_error::DbError,                   // keys that databases quote
    &crypto::Crypto,                      // (J) addresses of cryptocurrencies
    &login::Login,                        // (R) names of accounts
    &secret_code::SecretCode,             // codes that open something
    &secret_call::SecretCall,             // arguments of a call
    &secret_setting::SecretSetting,       // settings without a keyword and a sign
    &secret_named::SecretNamed,           // cookies, signatures, hashes of passwords
    &kin::Kin,                            // (A) names behind kin and office, abroad
    &day::Day,                            // (C) days without month or year
    &named::Named,                        // (A) names by their form
    &vcard::Vcard,                        // cards of contacts
];

/// What stands in a prepared text for the engine's own tokens and labels, again and again.
pub(crate) const BLOT: &str = "X9";

/// Whether [`BLOT`] stands in a text for what was replaced before. In a text as somebody wrote it, the same letters are a
/// value as any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blots {
    None,
    Some,
}

impl Blots {
    /// Whether what begins here was replaced before: its neighbours are then not where they were.
    pub(crate) fn begin(self, text: &str) -> bool {
        // The second is `[IP]` and `[ID]`.
        self == Blots::Some && (text.starts_with("X9X9X") || text.starts_with("X9XX"))
    }

    /// Whether a part of it was replaced before: its length and its digits are then not its own.
    fn stand_in(self, text: &str) -> bool {
        self == Blots::Some && text.match_indices("X9X").any(|(at, _)| self.begin(&text[at..]))
    }
}

/// Runs every detector over one prepared text and adds what they find, sorted by start, longest first.
pub fn detect(text: &Text<'_>, hits: &mut Vec<Hit>) {
    let before = hits.len();
    let mut open = asked(text, hits);
    while open != 0 {
        DETECTORS[open.trailing_zeros() as usize].detect(text, hits);
        open &= open - 1;
    }
    grow::grow(text, &mut hits[before..]);
    hits[before..].sort_by(in_order);
}

/// Few documents have more hits.
const HITS_MOSTLY: usize = 64;

/// The same over many texts: what they find, and behind each text's last hit where that is. Detector by detector, so
/// that the instructions of one are in the cache for all texts.
pub(crate) fn detect_all(texts: &[Text<'_>], hits: &mut Vec<Hit>, ends: &mut Vec<usize>) {
    let mut found = Vec::with_capacity(HITS_MOSTLY);
    // For each hit its text, start, end and place: what it is sorted by, in one number.
    let mut order: Vec<(u64, u64)> = Vec::with_capacity(HITS_MOSTLY);
    let note = |at: u32, found: &[Hit], order: &mut Vec<(u64, u64)>| {
        for (hit, place) in found[order.len()..].iter().zip(order.len() as u64..) {
            order.push((u64::from(at) << 32 | hit.start as u64, u64::from(!(hit.end as u32)) << 32 | place));
        }
    };
    let mut open: Vec<(u32, Set)> = Vec::with_capacity(texts.len());
    for (text, at) in texts.iter().zip(0_u32..) {
        match asked(text, &mut found) {
            0 => note(at, &found, &mut order),
            detectors => open.push((at, detectors)),
        }
    }
    for open in open.chunks(64) {
        // For each detector a bit for each text that it is asked about.
        let mut asked = [0_u64; Set::BITS as usize];
        for (&(_, mut detectors), bit) in open.iter().zip(0..) {
            while detectors != 0 {
                asked[detectors.trailing_zeros() as usize] |= 1 << bit;
                detectors &= detectors - 1;
            }
        }
        for (detector, asked) in DETECTORS.iter().zip(asked) {
            each_bit(asked, |bit| {
                let at = open[bit].0;
                let text = &texts[at as usize];
                detector.detect(text, &mut found);
                if found.len() > order.len() {
                    grow::grow(text, &mut found[order.len()..]);
                    note(at, &found, &mut order);
                }
            });
        }
    }
    order.sort_unstable();
    let mut order = order.into_iter().peekable();
    for at in 0..texts.len() as u64 {
        while let Some((_, place)) = order.next_if(|(key, _)| key >> 32 == at) {
            hits.push(found[place as u32 as usize].clone());
        }
        ends.push(hits.len());
    }
}

/// The places of the bits of a set, rising.
#[inline]
fn each_bit(mut set: u64, mut bit: impl FnMut(usize)) {
    while set != 0 {
        bit(set.trailing_zeros() as usize);
        set &= set - 1;
    }
}

/// The detectors that such a text is worth; none if it is nobody's id, or too long, which is a hit.
fn asked(text: &Text<'_>, hits: &mut Vec<Hit>) -> Set {
    if text.text.len() > TEXT_BYTES_MAX {
        let end = text.text.len();
        hits.push(Hit { start: 0, end, category: Category::UniqueId, rule: "text.too_long", score: 1.0 });
        return 0;
    }
    if text.is_neutral() { 0 } else { GATES.open(&text.has()) }
}

fn in_order(a: &Hit, b: &Hit) -> std::cmp::Ordering {
    a.start.cmp(&b.start).then(b.end.cmp(&a.end))
}

#[cfg(test)]
mod tests;
