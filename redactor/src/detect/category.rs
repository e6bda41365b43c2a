//! What a hit is, in the terms of the law it is removed under.
//!
//! The letters are those of 45 CFR 164.514(b)(2)(i), the eighteen identifiers of Safe Harbor. Secrets are no
//! identifiers of a person: they have no letter, and every policy removes them.

/// The kind of identifier that a detector found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Category {
    /// A person's name, whole or in part.
    Name,
    /// A street address or a post-office box.
    Address,
    /// Geography smaller than a state: a town, county, hospital or other organisation that places a person.
    Place,
    /// A US ZIP code, five digits or nine.
    Zip,
    /// A date more precise than a year.
    Date,
    /// An age over 89.
    Age,
    /// A telephone number.
    Phone,
    /// A fax number.
    Fax,
    /// An e-mail address.
    Email,
    /// A US social security number, valid or not.
    Ssn,
    /// A medical record number.
    Mrn,
    /// A health plan's member, subscriber, policy or Medicare number.
    HealthPlan,
    /// An account number: IBAN, bank account, routing number.
    Account,
    /// A payment card's number.
    Card,
    /// A certificate's or licence's number: NPI, DEA, driver's licence.
    License,
    /// A vehicle's identifier: VIN, number plate.
    Vehicle,
    /// A device's identifier or serial number: MAC, IMEI, UDI.
    Device,
    /// A web address.
    Url,
    /// An Internet address.
    Ip,
    /// An identifier of a biometric record.
    Biometric,
    /// A tax, identity card or passport number issued by a state.
    NationalId,
    /// Any other number, characteristic or code that is one person's.
    UniqueId,
    /// A credential: key, password, token, private key.
    Secret,
}

impl Category {
    /// Every category, in the order of the law's letters, secrets last.
    pub const ALL: &[Category] = &[
        Category::Name,
        Category::Address,
        Category::Place,
        Category::Zip,
        Category::Date,
        Category::Age,
        Category::Phone,
        Category::Fax,
        Category::Email,
        Category::Ssn,
        Category::Mrn,
        Category::HealthPlan,
        Category::Account,
        Category::Card,
        Category::License,
        Category::Vehicle,
        Category::Device,
        Category::Url,
        Category::Ip,
        Category::Biometric,
        Category::NationalId,
        Category::UniqueId,
        Category::Secret,
    ];

    /// The name as it stands in labels, tokens, findings and policies: `NAME`, `HEALTH_PLAN`.
    pub const fn name(self) -> &'static str {
        match self {
            Category::Name => "NAME",
            Category::Address => "ADDRESS",
            Category::Place => "PLACE",
            Category::Zip => "ZIP",
            Category::Date => "DATE",
            Category::Age => "AGE",
            Category::Phone => "PHONE",
            Category::Fax => "FAX",
            Category::Email => "EMAIL",
            Category::Ssn => "SSN",
            Category::Mrn => "MRN",
            Category::HealthPlan => "HEALTH_PLAN",
            Category::Account => "ACCOUNT",
            Category::Card => "CARD",
            Category::License => "LICENSE",
            Category::Vehicle => "VEHICLE",
            Category::Device => "DEVICE",
            Category::Url => "URL",
            Category::Ip => "IP",
            Category::Biometric => "BIOMETRIC",
            Category::NationalId => "NATIONAL_ID",
            Category::UniqueId => "UNIQUE_ID",
            Category::Secret => "SECRET",
        }
    }

    /// The category of that name, exactly as [`Category::name`] writes it.
    pub fn from_name(name: &str) -> Option<Category> {
        Category::ALL.iter().copied().find(|category| category.name() == name)
    }

    /// The letter in 45 CFR 164.514(b)(2)(i) under which it goes; none for a secret.
    pub const fn cfr(self) -> Option<&'static str> {
        Some(match self {
            Category::Name => "A",
            Category::Address | Category::Place | Category::Zip => "B",
            Category::Date | Category::Age => "C",
            Category::Phone => "D",
            Category::Fax => "E",
            Category::Email => "F",
            Category::Ssn => "G",
            Category::Mrn => "H",
            Category::HealthPlan => "I",
            Category::Account | Category::Card => "J",
            Category::License => "K",
            Category::Vehicle => "L",
            Category::Device => "M",
            Category::Url => "N",
            Category::Ip => "O",
            Category::Biometric => "P",
            Category::NationalId | Category::UniqueId => "R",
            Category::Secret => return None,
        })
    }
}
