//! What the key of an object tells of its members: parts of a value, persons, counts.

use super::{fits, fits_number};
use crate::detect::{self, Category};

/// The category of a member whose key tells nothing by itself, by the key of the object around it: in FHIR, the
/// `value` of an `identifier`, the `line` of an `address`.
pub(crate) fn telling_inside(around: &str, key: &str) -> Option<Category> {
    let one_of = |keys: &[&str]| keys.contains(&around);
    match key {
        "Value" => detect::of_dicom_tag(around.to_ascii_lowercase().as_bytes()),
        "value" if one_of(&["identifier", "masterIdentifier"]) => Some(Category::Mrn),
        "value" if around == "telecom" => Some(Category::Phone),
        "text" if one_of(&["name", "humanName"]) => Some(Category::Name),
        "text" | "line" if one_of(&["address", "homeAddress", "birthPlace"]) => Some(Category::Address),
        "prefix" | "suffix" => None,
        "id" if is_person(around) => Some(Category::Mrn),
        "first" | "last" | "middle" | "First" | "Last" | "Middle" if names_person(around) => {
            Some(Category::Name)
        }
        "display" if one_of(PARTIES) => Some(Category::Name),
        _ => None,
    }
}

/// Whether the members `first` and `last` of such an object, or attributes of such an element, are the parts of a name.
pub(crate) fn names_person(around: &str) -> bool {
    const PERSONS: &[&str] = &[
        "patient",
        "person",
        "name",
        "member",
        "subscriber",
        "guarantor",
        "provider",
        "physician",
        "doctor",
        "nurse",
        "contact",
        "employee",
        "author",
        "user",
        "client",
        "pt",
    ];
    PERSONS.iter().any(|person| around.eq_ignore_ascii_case(person))
}

/// Whether an element holds members of which [`telling_inside`] tells.
pub(crate) fn holds_parts(name: &str) -> bool {
    matches!(name, "identifier" | "masterIdentifier" | "telecom" | "name" | "humanName" | "address")
        || PARTIES.contains(&name)
}

/// Members of FHIR resources that refer to a person.
const PARTIES: &[&str] = &[
    "subject",
    "patient",
    "individual",
    "beneficiary",
    "subscriber",
    "performer",
    "requester",
    "recorder",
    "asserter",
    "practitioner",
    "generalPractitioner",
    "actor",
    "participant",
    "sender",
    "recipient",
    "enterer",
    "who",
    "link",
    "other",
    "attender",
];

/// Whether a part of a value that a telling key holds as an object is part of the identifier:
/// `{"phone": {"area": "512", "number": "5550143"}}`, `{"dob": {"year": 1961, "month": 3}}`. What else stands there
/// describes the value, as a schema does, or what was done with it.
pub(crate) fn is_part(category: Category, key: &str, value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let number = digits > 0 && value.bytes().all(|byte| byte.is_ascii_digit() || b" .-()+/".contains(&byte));
    // A cardinality stands under `value` too.
    let whole = matches!(
        key,
        "value"
            | "number"
            | "no"
            | "num"
            | "id"
            | "text"
            | "raw"
            | "full"
            | "formatted"
            | "original"
            | "digits"
    ) && (digits < value.len() || fits_number(category, key, value));
    match category {
        Category::Name => {
            matches!(key, "first" | "last" | "middle" | "given" | "family" | "value" | "text" | "full")
                && fits(category, value)
        }
        // A year may stay.
        Category::Date => {
            let part = matches!(
                key,
                "year"
                    | "month"
                    | "day"
                    | "y"
                    | "m"
                    | "d"
                    | "yyyy"
                    | "mm"
                    | "dd"
                    | "yy"
                    | "jahr"
                    | "monat"
                    | "tag"
            );
            let time = matches!(
                key,
                "date"
                    | "seconds"
                    | "millis"
                    | "epoch"
                    | "timestamp"
                    | "time"
                    | "iso"
                    | "utc"
                    | "local"
                    | "start"
                    | "end"
            );
            number && (part && digits <= 2 || (part || whole) && digits >= 6 || time && digits >= 8)
        }
        Category::Ssn => {
            let part = matches!(key, "area" | "group" | "serial" | "first" | "last" | "last4" | "last_four");
            let part = part || key.strip_prefix("part").is_some_and(|rest| rest.len() <= 2);
            number && (part || whole)
        }
        Category::Phone | Category::Fax => {
            let part = matches!(
                key,
                "area"
                    | "area_code"
                    | "areaCode"
                    | "exchange"
                    | "prefix"
                    | "local"
                    | "line"
                    | "line1"
                    | "subscriber"
                    | "national"
                    | "national_number"
                    | "nationalNumber"
                    | "extension"
                    | "ext"
            );
            let kind = matches!(
                key,
                "home"
                    | "work"
                    | "mobile"
                    | "cell"
                    | "office"
                    | "day"
                    | "evening"
                    | "main"
                    | "primary"
                    | "secondary"
                    | "alt"
                    | "alternate"
                    | "other"
                    | "personal"
                    | "business"
                    | "e164"
            );
            number && (part || whole || kind && fits(category, value))
        }
        Category::Card | Category::Account => {
            let part = matches!(
                key,
                "pan"
                    | "cvv"
                    | "cvc"
                    | "last4"
                    | "last_four"
                    | "routing"
                    | "iban"
                    | "bban"
                    | "branch"
                    | "account"
                    | "sort_code"
            );
            number && (part || whole)
        }
        Category::Age => (matches!(key, "years" | "year") || whole) && fits_number(category, key, value),
        Category::Mrn | Category::HealthPlan => whole && fits(category, value),
        Category::NationalId | Category::License | Category::UniqueId => {
            whole && digits >= 4 && fits(category, value)
        }
        _ => false,
    }
}

/// Keys of objects whose own keys are the numbers of persons: `{"patients": {"70444444": …}}`.
pub(crate) fn collects_persons(key: &str) -> bool {
    matches!(
        key,
        "patients"
            | "patient"
            | "members"
            | "subjects"
            | "persons"
            | "people"
            | "encounters"
            | "mrns"
            | "by_mrn"
            | "byMrn"
    )
}

/// FHIR resources whose `id` is a person's.
pub(crate) fn is_person(resource: &str) -> bool {
    matches!(resource, "Patient" | "Person" | "RelatedPerson" | "Practitioner")
}

/// Whether what stands in an object under this key is counted: `{"counts": {"mrn": 1204}}`. Not under words that head a
/// person's record too, as `summary` and `findings` do.
pub(crate) fn counts(around: &str) -> bool {
    const COUNTING: &[&str] = &[
        "count",
        "counts",
        "total",
        "totals",
        "stats",
        "statistics",
        "frequencies",
        "frequency",
        "histogram",
        "cardinality",
        "distinct",
        "buckets",
        "aggs",
        "aggregations",
        "facets",
        "weights",
        "widths",
        "lengths",
        "sizes",
        "null_counts",
        "thresholds",
        "entity_counts",
        "redactions",
        "by_category",
        "by_type",
    ];
    COUNTING.iter().any(|known| around.eq_ignore_ascii_case(known)) || around.ends_with("_counts")
}
