//! HL7 version 2 messages: what hospitals paste. Each field is what the standard says it is.
//!
//! HL7 2.8 chapters 2 (encoding, data types CX, XPN, XCN, XAD, XTN), 3 (PID, PD1, NK1, PV1, MRG, EVN), 4 and 7 (ORC,
//! OBR, OBX, SPM), 6 (GT1, IN1, IN2, DG1, ACC), 9 (TXA), 10 (SCH, AIP), 15 (ROL). A segment is known by its name
//! and the `|` behind it; fields are parted by `|`, or what a header declares (2.5.4), repetitions by `~`, components by
//! `^`.

use std::ops::Range;

use super::text::Text;
use super::{Blots, Category, Detector, Hit, Needs};

/// Finds the fields that identify.
pub(super) struct Hl7;

/// What a field holds.
#[derive(Clone, Copy)]
pub(super) enum Field {
    /// An identifier in its first component (CX, EI, ST).
    Id(Category),
    /// A person's name: family, given, further (XPN).
    Name,
    /// An identifier and a name (XCN).
    Person,
    /// Street, further, town, state, postal code (XAD).
    Address,
    /// A telephone number (XTN).
    Phone,
    /// A date or a time (TS, DTM).
    Date,
    /// A place by name.
    Place,
    /// A facility by its name or code.
    Facility,
    /// Anything: a number of six digits and more, or a date.
    Other,
}

use Category::{Account, HealthPlan, License, Mrn, Ssn, UniqueId};
use Field::{Address, Date, Facility, Id, Name, Other, Person, Phone, Place};

/// Segments and the numbers of their fields.
pub(super) const SEGMENTS: &[(&str, &[(usize, Field)])] = &[
    ("MSH", &[(4, Facility), (6, Facility), (7, Date)]),
    ("EVN", &[(2, Date), (3, Date), (5, Person), (6, Date)]),
    (
        "PID",
        &[
            (2, Id(Mrn)),
            (3, Id(Mrn)),
            (4, Id(Mrn)),
            (5, Name),
            (6, Name),
            (7, Date),
            (9, Name),
            (11, Address),
            (12, Place),
            (13, Phone),
            (14, Phone),
            (18, Id(Account)),
            (19, Id(Ssn)),
            (20, Id(License)),
            (21, Id(Mrn)),
            (23, Place),
            (29, Date),
        ],
    ),
    ("PD1", &[(4, Person)]),
    (
        "NK1",
        &[
            (2, Name),
            (4, Address),
            (5, Phone),
            (6, Phone),
            (12, Id(UniqueId)),
            (16, Date),
            (30, Name),
            (31, Phone),
            (32, Address),
            (33, Id(UniqueId)),
            (37, Id(Ssn)),
        ],
    ),
    (
        "PV1",
        &[
            (5, Id(UniqueId)),
            (7, Person),
            (8, Person),
            (9, Person),
            (17, Person),
            (19, Id(Mrn)),
            (44, Date),
            (45, Date),
            (50, Id(Mrn)),
            (52, Person),
        ],
    ),
    ("PV2", &[(8, Date), (9, Date), (13, Person)]),
    ("MRG", &[(1, Id(Mrn)), (2, Id(Mrn)), (3, Id(Account)), (4, Id(Mrn)), (5, Id(Mrn)), (7, Name)]),
    (
        "GT1",
        &[
            (2, Id(Account)),
            (3, Name),
            (4, Name),
            (5, Address),
            (6, Phone),
            (7, Phone),
            (8, Date),
            (12, Id(Ssn)),
            (19, Id(UniqueId)),
        ],
    ),
    (
        "IN1",
        &[
            (5, Address),
            (6, Name),
            (7, Phone),
            (8, Id(HealthPlan)),
            (10, Id(HealthPlan)),
            (12, Date),
            (13, Date),
            (16, Name),
            (18, Date),
            (19, Address),
            (36, Id(HealthPlan)),
            (49, Id(HealthPlan)),
        ],
    ),
    (
        "IN2",
        &[
            (1, Id(UniqueId)),
            (2, Id(Ssn)),
            (6, Id(HealthPlan)),
            (8, Id(HealthPlan)),
            (61, Id(HealthPlan)),
            (63, Phone),
        ],
    ),
    ("DG1", &[(5, Date), (16, Person), (19, Date)]),
    ("PR1", &[(5, Date), (8, Person), (11, Person), (12, Person)]),
    ("AL1", &[(6, Date)]),
    ("ACC", &[(1, Date)]),
    (
        "ORC",
        &[
            (2, Id(UniqueId)),
            (3, Id(UniqueId)),
            (9, Date),
            (10, Person),
            (11, Person),
            (12, Person),
            (14, Phone),
        ],
    ),
    (
        "OBR",
        &[
            (2, Id(UniqueId)),
            (3, Id(UniqueId)),
            (6, Date),
            (7, Date),
            (8, Date),
            (10, Person),
            (14, Date),
            (16, Person),
            (17, Phone),
            (22, Date),
            (28, Person),
            (32, Person),
        ],
    ),
    ("OBX", &[(14, Date), (16, Person), (19, Date)]),
    ("SPM", &[(2, Id(UniqueId)), (17, Date), (18, Date)]),
    ("RXA", &[(3, Date), (4, Date), (10, Person)]),
    ("TXA", &[(4, Date), (5, Person), (6, Date), (9, Person), (12, Id(UniqueId))]),
    ("SCH", &[(1, Id(UniqueId)), (2, Id(UniqueId)), (12, Person), (13, Phone), (16, Person), (20, Person)]),
    ("AIP", &[(3, Person), (6, Date)]),
    ("ROL", &[(4, Person), (11, Address), (12, Phone)]),
    ("FT1", &[(4, Date), (20, Person), (21, Person)]),
];

/// The longest code of a facility that says nothing.
const FACILITY_BYTES_MAX: usize = 3;
/// Code systems whose codes are of observations, diagnoses, procedures and drugs: HL7 v2, table 0396. Local ones are not among
/// them, nor those of identifiers.
const SYSTEMS: [&str; 16] = [
    "LN", "SCT", "SNM", "I9", "I9C", "I9CDX", "I10", "I10C", "I10P", "C4", "CPTM", "HPC", "NDC", "RXNORM",
    "CVX", "UCUM",
];
/// The longest field that is looked into, in bytes.
const FIELD_BYTES_MAX: usize = 1024;

impl Detector for Hl7 {
    fn id(&self) -> &'static str {
        "hl7"
    }

    fn categories(&self) -> &'static [Category] {
        use Category as C;
        &[
            C::Name,
            C::Address,
            C::Place,
            C::Zip,
            C::Date,
            C::Phone,
            Ssn,
            Mrn,
            HealthPlan,
            Account,
            License,
            UniqueId,
        ]
    }

    fn example(&self) -> &'static str {
        "PID|1||70444444^^^MRN||GONZALEZ^MARIA||19610302|F"
    }

    fn needs(&self) -> Needs {
        Needs::signs(b"|^")
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        if text.may_hold(BAR) {
            segments(text, BAR, hits);
        }
        if text.may_hold(b'^')
            && let Some(separator) = declared(text.text.as_bytes())
        {
            segments(text, separator, hits);
        }
    }
}

/// What nearly all senders part fields with.
const BAR: u8 = b'|';

/// Another separator of fields, by the first header that declares one: `MSH#^~\&#`.
fn declared(bytes: &[u8]) -> Option<u8> {
    memchr::memmem::find_iter(bytes, b"MSH").find_map(|at| {
        let [separator, b'^', encoding @ ..] = bytes.get(at + 3..at + 10)? else { return None };
        let sign = separator.is_ascii_punctuation() && *separator != BAR;
        // The fourth of the encoding characters may be followed by a fifth.
        (sign && encoding[3..].contains(separator)).then_some(*separator)
    })
}

/// Looks into all segments of a text.
fn segments(text: &Text<'_>, separator: u8, hits: &mut Vec<Hit>) {
    let bytes = text.text.as_bytes();
    let mut fields: &[(usize, Field)] = &[];
    let (mut number, mut from) = (0, 0);
    for bar in memchr::memchr_iter(separator, bytes) {
        let opened = segment(bytes, bar);
        // The name of the next segment, and the sign before it, are no part of the field.
        let to = if opened.is_some() { text.text.floor_char_boundary(bar.saturating_sub(4)) } else { bar };
        field(text, fields, number, from..to, hits);
        number += 1;
        from = bar + 1;
        if let Some((name, known)) = opened {
            fields = known;
            // The bar behind MSH is its first field.
            number = if *name == "MSH" { 2 } else { 1 };
        }
    }
    field(text, fields, number, from..bytes.len(), hits);
}

/// The segment whose name ends at `bar`.
fn segment(bytes: &[u8], bar: usize) -> Option<&'static (&'static str, &'static [(usize, Field)])> {
    let start = bar.checked_sub(3)?;
    let name = &bytes[start..bar];
    let opens = name[0].is_ascii_uppercase()
        && start
            .checked_sub(1)
            .is_none_or(|before| !bytes[before].is_ascii_alphanumeric() && bytes[before] != bytes[bar]);
    opens.then(|| SEGMENTS.iter().find(|(known, _)| known.as_bytes() == name)).flatten()
}

fn field(text: &Text<'_>, fields: &[(usize, Field)], number: usize, part: Range<usize>, hits: &mut Vec<Hit>) {
    let kind = fields.iter().find(|(known, _)| *known == number).map(|(_, kind)| *kind);
    // Senders count fields wrongly and add their own: a long number in a segment of a person is somebody's.
    let Some(kind) = kind.or_else(|| fields.iter().any(|(_, kind)| matches!(kind, Id(_))).then_some(Other))
    else {
        return;
    };
    let Range { start: from, end: to } = part;
    let Some(value) = text.text.get(from..to.min(from + FIELD_BYTES_MAX)) else { return };
    // The last field of a segment ends with the line, whose end may be spelled out.
    let value = &value[..value.find(['\r', '\n']).unwrap_or(value.len())];
    let value = &value[..value.find("<CR").unwrap_or(value.len())];
    let mut at = from;
    for repetition in value.split('~') {
        repeated(text.blots, repetition, at, kind, hits);
        at += repetition.len() + 1;
    }
}

pub(super) fn repeated(blots: Blots, value: &str, at: usize, kind: Field, hits: &mut Vec<Hit>) {
    let mut components = [(0, 0); 9];
    let (mut count, mut start) = (0, 0);
    for component in value.split('^').take(components.len()) {
        components[count] = (start, start + component.len());
        start += component.len() + 1;
        count += 1;
    }
    let mut hit = |first: usize, last: usize, category: Category, rule: &'static str| {
        let Some(last) =
            (first..=last).rev().find(|nth| *nth < count && components[*nth].0 < components[*nth].1)
        else {
            return;
        };
        let spelled = &value[components[first].0..components[last].1];
        let start = components[first].0 + (spelled.len() - spelled.trim_start_matches([' ', '^']).len());
        let end = components[first].0 + spelled.trim_end().len();
        let digits = value[start.min(end)..end].bytes().filter(u8::is_ascii_digit).count();
        let letters = value[start.min(end)..end].chars().any(char::is_alphabetic);
        let fits = match category {
            Category::Name | Category::Place => letters,
            Category::Address => letters || digits > 0,
            Category::Zip => digits >= 5,
            Category::Date => digits >= 6 && !letters,
            Category::Phone => digits >= 7,
            _ => digits > 0,
        };
        if fits && start < end && !blots.begin(&value[start..]) {
            hits.push(Hit { start: at + start, end: at + end, category, rule, score: 0.9 });
        }
    };
    match kind {
        Id(category) => hit(0, 0, category, "hl7.id"),
        Name => hit(0, 3, Category::Name, "hl7.name"),
        Person if count == 1 => hit(0, 0, Category::Name, "hl7.person"),
        Person => {
            hit(0, 0, UniqueId, "hl7.person_id");
            hit(1, 3, Category::Name, "hl7.person");
        }
        Address => {
            hit(0, 0, Category::Address, "hl7.address");
            hit(1, 1, Category::Address, "hl7.address");
            hit(2, 2, Category::Place, "hl7.town");
            hit(4, 4, Category::Zip, "hl7.zip");
        }
        Phone => {
            hit(0, 0, Category::Phone, "hl7.phone");
            hit(5, 6, Category::Phone, "hl7.phone");
        }
        Date => hit(0, 0, Category::Date, "hl7.date"),
        Place => hit(0, 0, Category::Place, "hl7.place"),
        // A few letters are a code that tells no reader which: "LAB".
        Facility if components[0].1 > FACILITY_BYTES_MAX => hit(0, 0, Category::Place, "hl7.facility"),
        Facility => {}
        // A coded element with the code of its system third: `24323-8^CMP^LN`.
        Other if count > 2 && SYSTEMS.contains(&&value[components[2].0..components[2].1]) => {}
        Other => {
            let spelled = &value[components[0].0..components[0].1];
            let digits = spelled.bytes().filter(u8::is_ascii_digit).count();
            let date = matches!(digits, 8 | 12 | 14) && super::date::compact(spelled.get(..8).unwrap_or(""));
            if date {
                hit(0, 0, Category::Date, "hl7.date");
            } else if digits >= 6 && digits * 2 > spelled.len() {
                hit(0, 0, UniqueId, "hl7.other");
            }
        }
    }
}

#[cfg(test)]
mod tests;
