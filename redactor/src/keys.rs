//! What a JSON key tells of its value: `ssn`, `patient_name`, `api_key`.
//!
//! A value under a telling key goes whole, in any spelling and whether or not a detector knows its shape. A
//! number is only ever redacted under such a key: a checksum alone proves nothing (epoch seconds pass the Luhn
//! test of an NPI one time in ten), so counts, times and costs stay numbers. Keys are compared by their letters
//! and digits only, in lower case: `patientSSN`, `patient_ssn` and `patient-ssn` are one.

use std::sync::LazyLock;

use crate::detect::{self, Category, Words};
use crate::{reading, shape};

mod known;

/// The longest key that tells anything, and the longest value that goes whole because of its key.
const KEY_MAX: usize = 48;
const VALUE_MAX: usize = 256;

/// A key's letters and digits, and whether longer keys that end with them tell the same.
const KEYS: &[Line] = &[
    ("patientname", Category::Name, true),
    ("subjectname", Category::Name, false),
    ("firstname", Category::Name, true),
    ("middlename", Category::Name, true),
    ("lastname", Category::Name, true),
    ("fullname", Category::Name, true),
    ("givenname", Category::Name, true),
    ("familyname", Category::Name, true),
    ("maidenname", Category::Name, true),
    ("surname", Category::Name, true),
    ("fname", Category::Name, false),
    ("lname", Category::Name, false),
    ("given", Category::Name, false),
    ("family", Category::Name, false),
    // The DICOM JSON model, PS3.18 annex F: the parts of a person's name.
    ("alphabetic", Category::Name, false),
    ("ideographic", Category::Name, false),
    ("phonetic", Category::Name, false),
    // Keywords of DICOM PS3.6 chapter 6.
    ("physiciansname", Category::Name, true),
    ("physicianname", Category::Name, true),
    ("performingphysicianname", Category::Name, true),
    ("operatorsname", Category::Name, true),
    ("patientbirthname", Category::Name, true),
    ("otherpatientnames", Category::Name, true),
    ("responsibleperson", Category::Name, false),
    ("otherpatientids", Category::Mrn, true),
    ("institutionname", Category::Place, true),
    ("institutionaddress", Category::Address, true),
    ("stationname", Category::Device, true),
    ("studydate", Category::Date, true),
    ("seriesdate", Category::Date, true),
    ("contentdate", Category::Date, true),
    ("acquisitiondate", Category::Date, true),
    ("studyinstanceuid", Category::UniqueId, true),
    ("seriesinstanceuid", Category::UniqueId, true),
    ("sopinstanceuid", Category::UniqueId, true),
    // Columns of Epic's Clarity: PATIENT, PAT_ENC, HSP_ACCOUNT, CLARITY_SER.
    ("patname", Category::Name, true),
    ("patfirstname", Category::Name, true),
    ("patlastname", Category::Name, true),
    ("provname", Category::Name, true),
    ("guarname", Category::Name, true),
    ("accountname", Category::Name, false),
    ("patmrnid", Category::Mrn, true),
    ("patid", Category::Mrn, false),
    ("patenccsnid", Category::Mrn, true),
    ("csnid", Category::Mrn, true),
    ("hspaccountid", Category::Account, true),
    ("haraccountid", Category::Account, true),
    ("addline1", Category::Address, true),
    ("addline2", Category::Address, true),
    ("deathdate", Category::Date, true),
    ("hospadmsntime", Category::Date, true),
    ("hospdischtime", Category::Date, true),
    ("patencdate", Category::Date, true),
    ("contactdate", Category::Date, true),
    ("admitdate", Category::Date, true),
    ("subscrnum", Category::HealthPlan, true),
    ("subscrname", Category::Name, true),
    ("encounternumber", Category::Mrn, true),
    ("encounterid", Category::Mrn, true),
    ("visitnumber", Category::Mrn, true),
    ("finnumber", Category::Mrn, true),
    ("accessionnumber", Category::UniqueId, true),
    ("accession", Category::UniqueId, false),
    ("accessionid", Category::UniqueId, true),
    ("claimid", Category::UniqueId, false),
    ("claimnumber", Category::UniqueId, true),
    ("rxnumber", Category::UniqueId, true),
    ("prescriptionnumber", Category::UniqueId, true),
    ("specimenid", Category::UniqueId, true),
    ("employeeid", Category::UniqueId, true),
    ("employeenumber", Category::UniqueId, true),
    ("badgenumber", Category::UniqueId, true),
    ("badgeid", Category::UniqueId, false),
    ("casenumber", Category::UniqueId, false),
    ("visitid", Category::Mrn, false),
    ("csn", Category::Mrn, false),
    ("harid", Category::Account, true),
    ("harnumber", Category::Account, true),
    ("personid", Category::UniqueId, false),
    ("subjectid", Category::UniqueId, false),
    ("ptid", Category::Mrn, false),
    ("empi", Category::Mrn, false),
    ("guarantorid", Category::Account, false),
    ("guarantornumber", Category::Account, true),
    ("insuranceid", Category::HealthPlan, true),
    ("groupnumber", Category::HealthPlan, false),
    ("hicn", Category::HealthPlan, true),
    ("nextofkin", Category::Name, true),
    ("emergencycontactname", Category::Name, true),
    ("contactname", Category::Name, true),
    ("accountholder", Category::Name, false),
    ("accountholdername", Category::Name, true),
    ("cardholder", Category::Name, false),
    ("cardholdername", Category::Name, true),
    ("policyholder", Category::Name, false),
    ("policyholdername", Category::Name, true),
    ("insuredname", Category::Name, true),
    ("subscribername", Category::Name, true),
    ("beneficiaryname", Category::Name, true),
    ("guarantorname", Category::Name, true),
    ("borrowername", Category::Name, true),
    ("claimantname", Category::Name, true),
    ("customername", Category::Name, true),
    ("callername", Category::Name, true),
    ("employeename", Category::Name, true),
    ("studentname", Category::Name, true),
    ("residentname", Category::Name, true),
    ("donorname", Category::Name, true),
    ("recipientname", Category::Name, true),
    ("doctorname", Category::Name, true),
    ("nursename", Category::Name, true),
    ("spousename", Category::Name, true),
    ("witnessname", Category::Name, true),
    ("ptname", Category::Name, true),
    ("nomcomplet", Category::Name, true),
    ("loannumber", Category::Account, true),
    ("acctnumber", Category::Account, true),
    ("acct", Category::Account, false),
    ("customernumber", Category::UniqueId, true),
    ("studentid", Category::UniqueId, true),
    ("participantid", Category::UniqueId, true),
    ("chartnumber", Category::Mrn, true),
    ("nhc", Category::Mrn, false),
    ("msisdn", Category::Phone, false),
    ("dlnumber", Category::License, true),
    ("itin", Category::NationalId, false),
    ("employer", Category::Place, true),
    ("employername", Category::Place, true),
    ("facilityname", Category::Place, true),
    ("hospitalname", Category::Place, true),
    // Heads of European tables and forms.
    ("nachname", Category::Name, true),
    ("vorname", Category::Name, true),
    ("familienname", Category::Name, true),
    ("geburtsname", Category::Name, true),
    ("patientenname", Category::Name, true),
    ("prenom", Category::Name, true),
    ("nomdefamille", Category::Name, true),
    ("nompatient", Category::Name, true),
    ("nombre", Category::Name, false),
    ("nombrepaciente", Category::Name, true),
    ("apellido", Category::Name, true),
    ("apellidos", Category::Name, true),
    ("cognome", Category::Name, true),
    ("sobrenome", Category::Name, true),
    ("apelido", Category::Name, true),
    ("nomecompleto", Category::Name, true),
    ("achternaam", Category::Name, true),
    ("voornaam", Category::Name, true),
    ("nazwisko", Category::Name, true),
    ("imie", Category::Name, false),
    ("prijmeni", Category::Name, true),
    ("jmeno", Category::Name, false),
    ("efternamn", Category::Name, true),
    ("fornamn", Category::Name, true),
    ("efternavn", Category::Name, true),
    ("fornavn", Category::Name, true),
    ("prenume", Category::Name, true),
    ("numedefamilie", Category::Name, true),
    ("geburtsdatum", Category::Date, true),
    ("gebdatum", Category::Date, true),
    ("aufnahmedatum", Category::Date, true),
    ("entlassdatum", Category::Date, true),
    ("datedenaissance", Category::Date, true),
    ("datenaissance", Category::Date, true),
    ("fechadenacimiento", Category::Date, true),
    ("fechanacimiento", Category::Date, true),
    ("datadinascita", Category::Date, true),
    ("datanascita", Category::Date, true),
    ("datadenascimento", Category::Date, true),
    ("datanascimento", Category::Date, true),
    ("geboortedatum", Category::Date, true),
    ("dataurodzenia", Category::Date, true),
    ("datumnarozeni", Category::Date, true),
    ("fodelsedatum", Category::Date, true),
    ("fodselsdato", Category::Date, true),
    ("fdselsdato", Category::Date, true),
    ("strasse", Category::Address, true),
    ("anschrift", Category::Address, true),
    ("wohnanschrift", Category::Address, true),
    ("adresse", Category::Address, true),
    ("direccion", Category::Address, true),
    ("domicilio", Category::Address, true),
    ("indirizzo", Category::Address, true),
    ("morada", Category::Address, false),
    ("endereco", Category::Address, true),
    ("postleitzahl", Category::Zip, true),
    ("codepostal", Category::Zip, true),
    ("codigopostal", Category::Zip, true),
    ("wohnort", Category::Place, true),
    ("geburtsort", Category::Place, true),
    ("ville", Category::Place, false),
    ("ciudad", Category::Place, false),
    ("localidad", Category::Place, true),
    ("woonplaats", Category::Place, true),
    ("miejscowosc", Category::Place, true),
    ("telefon", Category::Phone, true),
    ("telefono", Category::Phone, true),
    ("telefonnummer", Category::Phone, true),
    ("telefoonnummer", Category::Phone, true),
    ("telefoon", Category::Phone, true),
    ("handynummer", Category::Phone, true),
    ("mobilnummer", Category::Phone, true),
    ("numerohistoria", Category::Mrn, true),
    ("historiaclinica", Category::Mrn, true),
    ("fallnummer", Category::Mrn, true),
    ("patientennummer", Category::Mrn, true),
    ("patientnummer", Category::Mrn, true),
    ("numerodossier", Category::Mrn, true),
    ("streetaddress", Category::Address, true),
    ("homeaddress", Category::Address, true),
    ("mailingaddress", Category::Address, true),
    ("addressline", Category::Address, true),
    ("addressline1", Category::Address, true),
    ("addressline2", Category::Address, true),
    ("street", Category::Address, false),
    ("zip", Category::Zip, false),
    ("zipcode", Category::Zip, true),
    ("postalcode", Category::Zip, true),
    ("postcode", Category::Zip, true),
    ("city", Category::Place, false),
    ("latitude", Category::Place, true),
    ("longitude", Category::Place, true),
    ("lat", Category::Place, false),
    ("lng", Category::Place, false),
    ("lon", Category::Place, false),
    ("county", Category::Place, false),
    ("birthcity", Category::Place, false),
    ("dob", Category::Date, true),
    ("dateofbirth", Category::Date, true),
    ("birthdate", Category::Date, true),
    ("birthday", Category::Date, true),
    ("dateofdeath", Category::Date, true),
    ("dischdate", Category::Date, true),
    ("admissiondate", Category::Date, true),
    ("dischargedate", Category::Date, true),
    ("visitdate", Category::Date, true),
    ("dateofvisit", Category::Date, true),
    ("servicedate", Category::Date, true),
    ("dateofservice", Category::Date, true),
    ("encounterdate", Category::Date, true),
    ("appointmentdate", Category::Date, true),
    ("apptdate", Category::Date, true),
    ("proceduredate", Category::Date, true),
    ("surgerydate", Category::Date, true),
    ("dateofsurgery", Category::Date, true),
    ("diagnosisdate", Category::Date, true),
    ("onsetdate", Category::Date, true),
    ("collectiondate", Category::Date, true),
    ("specimendate", Category::Date, true),
    ("dispensedate", Category::Date, true),
    ("filldate", Category::Date, true),
    ("dateofadmission", Category::Date, true),
    ("dateofdischarge", Category::Date, true),
    ("dateofinjury", Category::Date, true),
    ("dateofloss", Category::Date, true),
    ("birthyear", Category::Date, true),
    ("yearofbirth", Category::Date, true),
    ("yob", Category::Date, false),
    ("age", Category::Age, false),
    ("patientage", Category::Age, true),
    ("ageyears", Category::Age, true),
    ("phone", Category::Phone, true),
    ("phonenumber", Category::Phone, true),
    ("telephone", Category::Phone, true),
    ("telephonenumber", Category::Phone, true),
    ("tel", Category::Phone, false),
    ("telnumber", Category::Phone, false),
    ("contactnumber", Category::Phone, false),
    ("cellphonenumber", Category::Phone, true),
    ("mobile", Category::Phone, true),
    ("mobilenumber", Category::Phone, true),
    ("cellphone", Category::Phone, true),
    ("fax", Category::Fax, true),
    ("faxnumber", Category::Fax, true),
    ("email", Category::Email, true),
    ("emailaddress", Category::Email, true),
    ("ssn", Category::Ssn, true),
    ("socialsecuritynumber", Category::Ssn, true),
    ("socialsecurity", Category::Ssn, true),
    ("ssnumber", Category::Ssn, false),
    ("ssnnumber", Category::Ssn, true),
    ("ssnlast4", Category::Ssn, true),
    ("ssnlastfour", Category::Ssn, true),
    ("last4ssn", Category::Ssn, true),
    ("mrn", Category::Mrn, true),
    ("medicalrecordnumber", Category::Mrn, true),
    ("medicalrecordid", Category::Mrn, true),
    ("medrecnumber", Category::Mrn, true),
    ("medrecordnumber", Category::Mrn, true),
    ("medicalrecnumber", Category::Mrn, true),
    ("mrnumber", Category::Mrn, false),
    ("mrnnumber", Category::Mrn, true),
    ("patientmrnumber", Category::Mrn, false),
    ("hospitalnumber", Category::Mrn, true),
    ("ptnumber", Category::Mrn, false),
    ("patnumber", Category::Mrn, false),
    ("chartid", Category::Mrn, false),
    ("patientid", Category::Mrn, true),
    ("patientnumber", Category::Mrn, true),
    ("chartnumber", Category::Mrn, true),
    ("memberid", Category::HealthPlan, true),
    ("membernumber", Category::HealthPlan, true),
    ("subscriberid", Category::HealthPlan, true),
    ("beneficiaryid", Category::HealthPlan, true),
    ("policynumber", Category::HealthPlan, true),
    ("subscribernumber", Category::HealthPlan, true),
    ("beneficiarynumber", Category::HealthPlan, true),
    ("insurancenumber", Category::HealthPlan, true),
    ("medicarenumber", Category::HealthPlan, true),
    ("medicaidnumber", Category::HealthPlan, true),
    ("mbi", Category::HealthPlan, false),
    ("medicareid", Category::HealthPlan, true),
    ("medicaidid", Category::HealthPlan, true),
    ("accountnumber", Category::Account, true),
    ("acctnumber", Category::Account, true),
    ("bankaccount", Category::Account, true),
    ("iban", Category::Account, true),
    ("routingnumber", Category::Account, true),
    ("kontonummer", Category::Account, true),
    ("cardnumber", Category::Card, true),
    ("creditcard", Category::Card, true),
    ("ccnumber", Category::Card, true),
    ("npi", Category::License, true),
    ("deanumber", Category::License, true),
    ("licensenumber", Category::License, true),
    ("licencenumber", Category::License, true),
    ("driverslicense", Category::License, true),
    ("driverlicense", Category::License, true),
    ("vin", Category::Vehicle, false),
    ("licenseplate", Category::Vehicle, true),
    ("platenumber", Category::Vehicle, true),
    ("imei", Category::Device, true),
    ("serialnumber", Category::Device, true),
    ("macaddress", Category::Device, true),
    ("ipaddress", Category::Ip, true),
    ("clientip", Category::Ip, true),
    ("remoteip", Category::Ip, true),
    ("passport", Category::NationalId, false),
    ("passportnumber", Category::NationalId, true),
    ("nationalid", Category::NationalId, true),
    ("taxid", Category::NationalId, true),
    ("steuerid", Category::NationalId, true),
    ("steuernummer", Category::NationalId, true),
    ("steueridentifikationsnummer", Category::NationalId, true),
    ("idnr", Category::NationalId, false),
    ("rvnr", Category::NationalId, false),
    ("sozialversicherungsnummer", Category::NationalId, true),
    ("svnr", Category::NationalId, false),
    ("dni", Category::NationalId, false),
    ("nie", Category::NationalId, false),
    ("nif", Category::NationalId, false),
    ("nir", Category::NationalId, false),
    ("nuss", Category::NationalId, false),
    ("nss", Category::NationalId, false),
    ("cpf", Category::NationalId, false),
    ("aadhaar", Category::NationalId, true),
    ("aadhaarnumber", Category::NationalId, true),
    ("sin", Category::NationalId, false),
    ("tin", Category::NationalId, false),
    ("ein", Category::NationalId, false),
    ("numerosecuritesociale", Category::NationalId, true),
    ("codicefiscale", Category::NationalId, true),
    ("burgerservicenummer", Category::NationalId, true),
    ("bsn", Category::NationalId, true),
    ("rijksregisternummer", Category::NationalId, true),
    ("personnummer", Category::NationalId, true),
    ("personalnumber", Category::NationalId, false),
    ("pesel", Category::NationalId, true),
    ("rodnecislo", Category::NationalId, true),
    ("cnp", Category::NationalId, false),
    ("egn", Category::NationalId, false),
    ("oib", Category::NationalId, false),
    ("emso", Category::NationalId, false),
    ("jmbg", Category::NationalId, false),
    ("isikukood", Category::NationalId, true),
    ("asmenskodas", Category::NationalId, true),
    ("personaskods", Category::NationalId, true),
    ("henkilotunnus", Category::NationalId, true),
    ("hetu", Category::NationalId, false),
    ("cprnummer", Category::NationalId, true),
    ("cprnumber", Category::NationalId, true),
    ("cpr", Category::NationalId, false),
    ("fodselsnummer", Category::NationalId, true),
    ("kennitala", Category::NationalId, true),
    ("ahvnummer", Category::NationalId, true),
    ("ahv", Category::NationalId, false),
    ("nhsnumber", Category::NationalId, true),
    ("nino", Category::NationalId, false),
    ("nationalinsurancenumber", Category::NationalId, true),
    ("ppsn", Category::NationalId, false),
    ("ppsnumber", Category::NationalId, true),
    ("amka", Category::NationalId, true),
    ("afm", Category::NationalId, false),
    ("matricule", Category::NationalId, false),
    ("nationalidentitynumber", Category::NationalId, true),
    ("nationalidnumber", Category::NationalId, true),
    ("taxnumber", Category::NationalId, true),
    ("kvnr", Category::HealthPlan, false),
    ("versichertennummer", Category::HealthPlan, true),
    ("krankenversichertennummer", Category::HealthPlan, true),
    ("tajszam", Category::HealthPlan, true),
    ("utente", Category::HealthPlan, false),
    ("ehic", Category::HealthPlan, false),
    // The number beside a card's, which has too few digits for a secret of its own.
    ("cvv", Category::Card, true),
    ("cvv2", Category::Card, true),
    ("cvc", Category::Card, false),
    ("cvc2", Category::Card, false),
    ("password", Category::Secret, true),
    ("passwd", Category::Secret, true),
    ("keypass", Category::Secret, false),
    ("storepass", Category::Secret, false),
    ("passphrase", Category::Secret, true),
    ("secret", Category::Secret, false),
    ("clientsecret", Category::Secret, true),
    ("secretkey", Category::Secret, true),
    ("secretaccesskey", Category::Secret, true),
    ("privatekey", Category::Secret, true),
    ("apikey", Category::Secret, true),
    ("userapikeyhash", Category::Secret, true),
    ("accesstoken", Category::Secret, true),
    ("refreshtoken", Category::Secret, true),
    ("sessiontoken", Category::Secret, true),
    ("authtoken", Category::Secret, true),
    ("bearertoken", Category::Secret, true),
    ("authorization", Category::Secret, true),
    ("cookie", Category::Secret, false),
    ("setcookie", Category::Secret, false),
];

/// Names of credentials that name other things too, and whether longer keys that end with them do: what stands under
/// them counts if it [looks like one](looks_secret).
const CREDENTIALS: &[(&str, bool)] = &[
    ("subscriptionkey", true),
    ("functionskey", true),
    ("functionkey", true),
    ("accountkey", true),
    ("sharedkey", true),
    ("sharedaccesskey", true),
    ("storagekey", true),
    ("virtualkey", true),
    ("hmackey", true),
    ("aeskey", true),
    ("tlskey", true),
    ("auth", false),
    ("basicauth", true),
    ("jwt", true),
    ("jwtassertion", true),
    ("sas", false),
    ("oidcdata", true),
    ("csrf", true),
    ("csrftoken", true),
    ("xsrftoken", true),
];

/// Names of codes that are used once.
const CODES: &[&str] =
    &["otp", "totp", "otpcode", "passcode", "onetimecode", "onetimepassword", "mfacode", "verificationcode"];

/// Words at the end of a key that tell of a string by its keyword, and of a number if it has as many digits: `cell`,
/// `homeCell`, `patient_account`.
const NUMBERS: &[(&str, Category, std::ops::RangeInclusive<usize>)] = &[
    ("cell", Category::Phone, 10..=15),
    ("chart", Category::Mrn, 5..=15),
    ("account", Category::Account, 6..=18),
    ("acct", Category::Account, 6..=18),
    ("member", Category::HealthPlan, 6..=15),
    ("subscriber", Category::HealthPlan, 6..=15),
    ("policy", Category::HealthPlan, 6..=15),
    ("zip", Category::Zip, 5..=9),
    ("tel", Category::Phone, 7..=15),
];

/// What recognisers of entities call the kinds of which nothing else is called so, in capitals or between underscores:
/// Amazon Comprehend and Bedrock, Microsoft Presidio, the i2b2 corpora, CoNLL-2003; and Azure AI Language.
const ENTITIES: &[(&str, Category)] = &[
    ("NAME", Category::Name),
    ("PERSON", Category::Name),
    ("PER", Category::Name),
    ("PATIENT", Category::Name),
    ("DOCTOR", Category::Name),
    ("PERSON_NAME", Category::Name),
    ("GIVEN_NAME", Category::Name),
    ("GIVENNAME", Category::Name),
    ("Person", Category::Name),
    ("person", Category::Name),
    ("PhoneNumber", Category::Phone),
    ("Email", Category::Email),
    ("USSocialSecurityNumber", Category::Ssn),
    ("USERNAME", Category::UniqueId),
    ("ADDRESS", Category::Address),
    ("Address", Category::Address),
    ("HOSPITAL", Category::Place),
    ("MEDICALRECORD", Category::Mrn),
    ("IDNUM", Category::UniqueId),
    ("HEALTHPLAN", Category::HealthPlan),
    ("CA_HEALTH_NUMBER", Category::HealthPlan),
    ("CREDIT_DEBIT_NUMBER", Category::Card),
    ("CREDIT_CARD", Category::Card),
    ("CreditCardNumber", Category::Card),
    ("US_BANK_NUMBER", Category::Account),
    ("US_PASSPORT", Category::NationalId),
    ("DRIVER_ID", Category::License),
    ("MEDICAL_LICENSE", Category::License),
    ("VEHICLE_IDENTIFICATION_NUMBER", Category::Vehicle),
    ("UK_NHS", Category::NationalId),
    ("UK_NATIONAL_INSURANCE_NUMBER", Category::NationalId),
];

/// The constant that LiteLLM writes where its own master key was used; it is no credential.
const LITELLM_MASTER: &str = "litellm_proxy_master_key";

/// Words that stand where there is no value.
const NOTHING: &[&str] = &[
    "null",
    "none",
    "nil",
    "unknown",
    "n/a",
    "na",
    "true",
    "false",
    "string",
    "redacted",
    "undefined",
    "basic",
    "bearer",
];

/// The category that a key gives to its value.
pub(crate) fn telling(key: &str) -> Option<Category> {
    known::look_up(key).map_or_else(|| telling_by_list(key), |known| known.telling)
}

/// What a key says of the value under it, beside its category.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Says(u16);

impl Says {
    /// Its string names the value beside it, as in `{"name": "ssn", "value": "…"}`.
    pub(crate) const NAME: Says = Says(1);
    /// Such a value stands under it. OTLP wraps it once more: `{"key": …, "value": {"stringValue": …}}`.
    pub(crate) const VALUE: Says = Says(1 << 1);
    /// Only the vocabulary of a protocol stands under it; a plain word under it is not scanned.
    pub(crate) const VOCABULARY: Says = Says(1 << 2);
    /// The type of a FHIR resource.
    pub(crate) const RESOURCE: Says = Says(1 << 3);
    /// A member that is somebody's by the object around it: see [`telling_inside`].
    pub(crate) const INSIDE: Says = Says(1 << 4);
    /// A database's word for the type of the value, which the key around it names: `{"mrn": {"N": "7712345"}}`.
    pub(crate) const TYPE: Says = Says(1 << 5);
    /// The names of columns stand under it, or an object that holds them.
    pub(crate) const COLUMNS: Says = Says(1 << 6);
    /// The rows of a table stand under it, or one row, or an object that holds them.
    pub(crate) const ROWS: Says = Says(1 << 7);
    /// Its string names the value beside it if it tells by itself: `{"type": "ssn", "value": "…"}`.
    pub(crate) const KIND: Says = Says(1 << 8);
    /// The value beside such a string may stand under it, as in what recognisers of entities answer:
    /// `{"type": "SSN", "text": "…"}`.
    pub(crate) const WORD: Says = Says(1 << 9);
    /// What stands under it belongs to the name beside the object around, as the arrays of OTLP do.
    pub(crate) const VALUES: Says = Says(1 << 10);
    /// A string under it that looks like a credential is one: see [`looks_secret`].
    pub(crate) const CREDENTIAL: Says = Says(1 << 11);
    /// A number of some digits under it is a code that is used once.
    pub(crate) const CODE: Says = Says(1 << 12);
    /// A number under it may be an identifier by its last word: see [`of_number`].
    pub(crate) const NUMBER: Says = Says(1 << 13);
    /// Its string may be what a recogniser of entities calls the value beside it: see [`of_entity`].
    pub(crate) const ENTITY: Says = Says(1 << 14);
    /// Words under it are an address: see [`is_address`].
    pub(crate) const ADDRESS: Says = Says(1 << 15);

    /// What a key says by its name: by its spelling, or else as one of a credential.
    pub(crate) fn of(key: &str) -> Says {
        match key {
            "key" | "field" | "code" | "Name" | "Key" | "name" => Says::NAME,
            "label" => Says(Says::NAME.0 | Says::ENTITY.0),
            "entity" | "entity_type" | "entityType" | "entity_group" | "Type" => {
                Says(Says::KIND.0 | Says::ENTITY.0)
            }
            "category" => Says::ENTITY,
            "k" | "kind" | "attribute" | "system" => Says::KIND,
            "value" | "Value" => Says(Says::VALUE.0 | Says::INSIDE.0),
            "stringValue" | "intValue" | "doubleValue" | "string_value" | "int_value" => {
                Says(Says::VALUE.0 | Says::TYPE.0)
            }
            "valueString" => Says::VALUE,
            // DynamoDB's attribute values, MongoDB's extended JSON, Firestore, the RDS Data API, Avro's unions.
            "S" | "N" | "SS" | "NS" | "L" | "M" | "$numberLong" | "$numberInt" | "$numberDouble"
            | "$numberDecimal" | "$date" | "$oid" | "integerValue" | "timestampValue" | "longValue"
            | "long" | "string" => Says::TYPE,
            "v" => Says(Says::TYPE.0 | Says::WORD.0),
            // Comparisons in queries: MongoDB's, Hasura's, Prisma's.
            "$eq" | "$ne" | "$in" | "$nin" | "_eq" | "_neq" | "_in" | "_nin" | "eq" | "neq" | "in"
            | "notIn" | "not_in" | "equals" => Says::TYPE,
            "columns" | "cols" | "fields" | "header" | "headers" | "headings" | "column_names"
            | "columnNames" | "columnMetadata" | "schema" | "manifest" | "metadata" | "meta" => Says::COLUMNS,
            "arrayValue" | "array_value" => Says::VALUES,
            "values" => Says(Says::ROWS.0 | Says::VALUES.0),
            "rows" | "data" | "records" | "result" | "results" | "items" | "data_array" | "dataArray"
            | "row" | "cells" | "f" | "c" => Says::ROWS,
            "type" => Says(Says::VOCABULARY.0 | Says::KIND.0 | Says::ENTITY.0),
            "role" | "object" | "finish_reason" | "stop_reason" | "operation" | "status" | "mime_type" => {
                Says::VOCABULARY
            }
            "resourceType" => Says::RESOURCE,
            "text" => Says(Says::INSIDE.0 | Says::WORD.0),
            // "match" of Amazon Bedrock's guardrails, "Text" of Amazon Comprehend.
            "val" | "word" | "match" | "Text" => Says::WORD,
            "line" | "display" | "id" | "first" | "last" | "middle" | "First" | "Last" | "Middle" => {
                Says::INSIDE
            }
            _ => Says::of_credential(key),
        }
    }

    fn of_credential(key: &str) -> Says {
        let mut buffer = [0; KEY_MAX];
        let Some(letters) = letters_of(key, &mut buffer) else { return Says::default() };
        if CODES.iter().any(|code| letters == code.as_bytes()) {
            return Says::CODE;
        }
        let named = |(word, suffix): &(&str, bool)| match suffix {
            true => letters.ends_with(word.as_bytes()),
            false => letters == word.as_bytes(),
        };
        if CREDENTIALS.iter().any(named) {
            return Says::CREDENTIAL;
        }
        let last = last_word(key);
        if NUMBERS.iter().any(|(word, ..)| last.eq_ignore_ascii_case(word)) {
            Says::NUMBER
        } else if ["address", "addr", "street"].iter().any(|word| last.eq_ignore_ascii_case(word)) {
            Says::ADDRESS
        } else {
            Says::default()
        }
    }

    pub(crate) const fn or(self, other: Says) -> Says {
        Says(self.0 | other.0)
    }

    pub(crate) fn any(self, wanted: Says) -> bool {
        self.0 & wanted.0 != 0
    }
}

/// All that a key tells.
#[derive(Clone, Copy)]
pub(crate) struct Facts {
    /// The category that it gives to its value.
    pub(crate) telling: Option<Category>,
    /// What else it says of it.
    pub(crate) says: Says,
    /// Whether it is plainly a field's name and need not be scanned itself: a word of letters that begins in lower
    /// case, with few digits.
    pub(crate) plain: bool,
}

/// What a key tells, looked up once for all.
pub(crate) fn facts(key: &str) -> Facts {
    match known::look_up(key) {
        Some(known) => Facts { telling: known.telling, says: known.says, plain: true },
        None => Facts { telling: telling_by_list(key), says: Says::of(key), plain: plain_by_letters(key) },
    }
}

/// The keywords that a key holds, a bit for each.
pub(crate) fn context(key: &str) -> u64 {
    known::look_up(key).map_or_else(|| detect::of_key(key), |known| known.context)
}

fn telling_by_list(key: &str) -> Option<Category> {
    if let Some(category) = detect::of_hl7_path(key) {
        return Some(category);
    }
    let folded;
    let key = if key.is_ascii() {
        key
    } else {
        folded = detect::fold(&reading::plain(key));
        &folded
    };
    let mut buffer = [0_u8; KEY_MAX];
    let length = letters_of(key, &mut buffer)?.len();
    let key = &buffer[..length];
    if length < 3 {
        return None;
    }
    if matches!(key[0], b'0' | b'x')
        && let Some(category) = detect::of_dicom_tag(key)
    {
        return Some(category);
    }
    let known = in_list(key);
    if known.is_some() {
        return known;
    }
    // Nearly every ending is told by its last letter.
    let last = key.last().copied();
    let mut shortened = SHORTENED.iter().filter(|(short, _)| short.bytes().next_back() == last);
    let shortened = shortened.find_map(|(short, whole)| {
        let stem = buffer[..length].strip_suffix(short.as_bytes())?.len();
        let mut key = buffer;
        key.get_mut(stem..stem + whole.len())?.copy_from_slice(whole.as_bytes());
        in_list(&key[..stem + whole.len()])
    });
    // `age_at_visit`, `ageAtDeath`.
    let aged = || key.starts_with(b"ageat").then_some(Category::Age);
    shortened.or_else(|| with_tail(key)).or_else(aged)
}

/// The category of a value beside what a recogniser of entities calls it: `PERSON`, and `B-PER` of one that tells where
/// an entity begins.
pub(crate) fn of_entity(kind: &str) -> Option<Category> {
    let kind = ["B-", "I-"].into_iter().find_map(|part| kind.strip_prefix(part)).unwrap_or(kind);
    ENTITIES.iter().find(|(known, _)| *known == kind).map(|(_, category)| *category)
}

/// The category of a number by the last word of its key, if it has as many digits as one of these.
pub(crate) fn of_number(key: &str, number: &str) -> Option<Category> {
    /// Words beside it of what is counted or measured: `members_per_account`, `max_policy`.
    static COUNTING: Words<14> = Words::new([
        "per", "by", "count", "total", "max", "min", "num", "number", "limit", "size", "avg", "sum", "port",
        "amount",
    ]);
    let digits = whole_digits(number)?;
    let word = last_word(key);
    let before = &key[..key.len() - word.len()];
    let counted = before.split(|c: char| !c.is_ascii_alphabetic()).any(|word| COUNTING.hold(word));
    // So round a number is an amount.
    let round = number.ends_with("000");
    let fits = |(known, _, many): &&(&str, Category, std::ops::RangeInclusive<usize>)| {
        word.eq_ignore_ascii_case(known) && many.contains(&digits)
    };
    NUMBERS
        .iter()
        .find(fits)
        .filter(|_| !counted && !round && !number.starts_with('-'))
        .map(|(_, category, _)| *category)
}

/// Whether a string under a key of addresses is one although it has no number of a house: `Willow Creek Farm`. What a
/// network calls an address has no words.
pub(crate) fn is_address(value: &str) -> bool {
    const WORDS: std::ops::RangeInclusive<usize> = 2..=10;
    /// What opens a remark in its place: "Not Provided", "See Above".
    static REMARKS: Words<10> =
        Words::new(["not", "no", "see", "same", "unknown", "enter", "invalid", "your", "none", "bad"]);
    let words = value.split([' ', ',']).filter(|word| !word.is_empty());
    let written = |c: char| c.is_alphanumeric() || matches!(c, ' ' | ',' | '.' | '\'' | '’' | '-' | '#');
    let begins = |word: &str| {
        word.starts_with(char::is_uppercase) && word.chars().nth(1).is_some_and(char::is_lowercase)
    };
    value.len() <= VALUE_MAX
        && value.chars().all(written)
        && WORDS.contains(&words.clone().count())
        && words.clone().next().is_some_and(|first| !REMARKS.hold(first))
        && words.take(2).all(begins)
}

/// The last word of a key, written with signs between or in humps: `cell` of `home_cell`, `Cell` of `homeCell`.
fn last_word(key: &str) -> &str {
    let bytes = key.as_bytes();
    let run = |end: usize, of: fn(&u8) -> bool| bytes[..end].iter().rev().take_while(|byte| of(byte)).count();
    let lower = run(key.len(), u8::is_ascii_lowercase);
    let start = match key.len() - lower {
        start if lower == 0 => start - run(start, u8::is_ascii_uppercase),
        start => start - usize::from(run(start, u8::is_ascii_uppercase) > 0),
    };
    &key[start..]
}

/// A key's letters and digits, in lower case; none if they are too many.
fn letters_of<'b>(key: &str, buffer: &'b mut [u8; KEY_MAX]) -> Option<&'b [u8]> {
    let mut length = 0;
    for byte in key.bytes().filter(u8::is_ascii_alphanumeric) {
        *buffer.get_mut(length)? = byte.to_ascii_lowercase();
        length += 1;
    }
    Some(&buffer[..length])
}

/// What stands behind the name of a value of which there are several: `mrn_old`, `phone_home`, `mrnList`.
const TAILS: &[&str] = &[
    "s",
    "list",
    "raw",
    "old",
    "new",
    "prev",
    "previous",
    "orig",
    "original",
    "current",
    "home",
    "work",
    "cell",
    "mobile",
    "office",
    "day",
    "evening",
    "main",
    "alt",
    "primary",
    "secondary",
    "text",
    "str",
    "string",
    "val",
    "value",
    "values",
];

/// The category of a key that is one of [`KEYS`] and something behind it that makes it no other value: an ordinal or
/// one of [`TAILS`].
fn with_tail(key: &[u8]) -> Option<Category> {
    let stem = match key.iter().rev().take_while(|byte| byte.is_ascii_digit()).count() {
        0 => None,
        digits @ 1..=2 => Some(&key[..key.len() - digits]),
        _ => return None,
    };
    let last = key.last().copied();
    let tails = || {
        let ending = TAILS.iter().filter(|tail| tail.bytes().next_back() == last);
        ending.filter_map(|tail| key.strip_suffix(tail.as_bytes()))
    };
    let of = |stem: &[u8]| line_of(stem).filter(|(_, category, suffix)| *suffix && is_one_value(*category));
    let line = stem.map_or_else(|| tails().find_map(of), of)?;
    Some(line.1)
}

/// Whether a key of the category names one value of one person, so that a few of them may be numbered or listed. A
/// secret under such a key may be anything, and so may places and ages.
fn is_one_value(category: Category) -> bool {
    !matches!(category, Category::Secret | Category::Place | Category::Age | Category::Ip | Category::Device)
}

/// Endings of names of columns, and the words that they are short for.
const SHORTENED: &[(&str, &str)] = &[
    ("no", "number"),
    ("num", "number"),
    ("nbr", "number"),
    ("dt", "date"),
    ("dttm", "date"),
    ("nm", "name"),
    // German, Dutch and the languages of the North.
    ("nr", "number"),
    ("nr", "nummer"),
];

/// The category of the key of these letters and digits by [`KEYS`].
fn in_list(key: &[u8]) -> Option<Category> {
    line_of(key).map(|line| line.1)
}

fn line_of(key: &[u8]) -> Option<&'static Line> {
    if key.len() < 3 {
        return None;
    }
    BY_END[end_of(key)].iter().find(|(word, _, suffix)| {
        let word = word.as_bytes();
        if *suffix { key.ends_with(word) } else { key == word }
    })
}

/// One line of [`KEYS`].
type Line = (&'static str, Category, bool);

/// [`KEYS`] by their last three letters or digits.
static BY_END: LazyLock<Vec<Vec<Line>>> = LazyLock::new(|| {
    let mut by_end = vec![Vec::new(); ENDS];
    for line in KEYS {
        by_end[end_of(line.0.as_bytes())].push(*line);
    }
    by_end
});

/// How many places the table by ends has.
const ENDS: usize = 1024;

/// The place of a key of three letters and more: five bits of each of the last three, folded together.
fn end_of(key: &[u8]) -> usize {
    key[key.len() - 3..].iter().fold(0, |end, letter| (end << 5 ^ usize::from(*letter)) & (ENDS - 1))
}

/// Whether a string under a key of this category has the look of a value: not empty, not a stand-in for nothing.
pub(crate) fn fits(category: Category, value: &str) -> bool {
    let trimmed = value.trim();
    let digits = || trimmed.bytes().filter(u8::is_ascii_digit).count();
    if trimmed.is_empty() || NOTHING.iter().any(|word| trimmed.eq_ignore_ascii_case(word)) {
        return false;
    }
    if category == Category::Secret {
        return !shape::hex_64(trimmed)
            && trimmed != LITELLM_MASTER
            && trimmed.bytes().any(|b| b.is_ascii_alphanumeric());
    }
    if trimmed.len() > VALUE_MAX {
        return false;
    }
    match category {
        Category::Name => {
            let letters =
                |c: char| c.is_alphabetic() || matches!(c, ' ' | '.' | ',' | '\'' | '’' | '-' | '^');
            trimmed.len() >= 2
                && trimmed.chars().all(letters)
                && trimmed.chars().any(char::is_alphabetic)
                && !is_file(trimmed)
        }
        Category::Place => trimmed.chars().any(char::is_alphabetic) || is_coordinate(trimmed),
        Category::Email => trimmed.contains('@'),
        Category::Age => trimmed.parse::<u32>().is_ok_and(|age| (90..=150).contains(&age)),
        Category::Phone | Category::Fax => digits() >= 5,
        // Groups of three digits are what is left of ZIP codes.
        Category::Zip => {
            let longer = |group: &str| group.len() > 3;
            digits() >= 5
                && trimmed.len() <= 12
                && !trimmed.contains(',')
                && trimmed.split(|c: char| !c.is_ascii_digit()).any(longer)
        }
        // A bare year stays, and so does what ages over 89 become.
        Category::Date => digits() >= 1 && !(trimmed.len() == 4 && digits() == 4) && trimmed != "90+",
        Category::Ip => trimmed.contains(['.', ':']) && trimmed.parse::<std::net::IpAddr>().is_ok(),
        Category::Vehicle | Category::Device => {
            trimmed.len() >= 4 && trimmed.bytes().any(|b| b.is_ascii_alphanumeric())
        }
        // A gateway's own identifiers of subjects, employees and cases are UUIDs.
        Category::UniqueId => digits() >= 3 && !shape::uuid(trimmed),
        Category::Address => digits() >= 1 || is_address(trimmed),
        // A sine is none, nor is a version.
        Category::NationalId => digits() >= 4 && !trimmed.trim_start_matches('-').starts_with("0."),
        _ => digits() >= 1,
    }
}

/// Whether a word of letters and dots is the name of a file.
fn is_file(word: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "txt", "log", "csv", "tsv", "json", "xml", "pdf", "doc", "docx", "xls", "xlsx", "md", "html", "htm",
        "yaml", "yml", "toml", "py", "js", "ts", "rs", "sh", "java", "png", "jpg", "jpeg", "gif", "zip",
        "gz", "parquet",
    ];
    word.rsplit_once('.')
        .is_some_and(|(name, ending)| !name.contains(' ') && !name.is_empty() && ENDINGS.contains(&ending))
}

/// Whether a string has the look of a credential: a run of letters and digits that no word, version or name of an
/// algorithm is.
pub(crate) fn looks_secret(value: &str) -> bool {
    const RUN_MIN: usize = 12;
    if value.len() < RUN_MIN || value.contains("://") {
        return false;
    }
    let random = |run: &str| {
        let digits = run.bytes().filter(u8::is_ascii_digit).count();
        run.len() >= RUN_MIN && digits >= 2 && run.bytes().any(|byte| byte.is_ascii_alphabetic())
    };
    value.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '=')).any(random)
}

/// Whether a number has the size of a code that is used once.
pub(crate) fn is_code(number: &str) -> bool {
    (4..=10).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a number under a key of this category is an identifier: as many digits as one has, without the noughts that
/// a number loses at its front. A whole number counts however it is written, `70999999.0` and `5.12e8` too, as programs
/// write what they took for a quantity.
pub(crate) fn fits_number(category: Category, key: &str, number: &str) -> bool {
    let whole = whole_digits(number);
    let at_least = |least: usize| whole.is_some_and(|digits| digits >= least);
    match category {
        Category::Age => number.parse::<f64>().is_ok_and(|age| (90.0..=150.0).contains(&age)),
        Category::Place => is_coordinate(number),
        Category::Name | Category::Email | Category::Ip | Category::Address => false,
        Category::Zip => whole.is_some_and(|digits| (3..=9).contains(&digits)),
        Category::Date => at_least(6),
        Category::Secret => number.bytes().filter(u8::is_ascii_digit).count() >= 4,
        Category::Ssn | Category::Card if is_short(key) => at_least(3),
        Category::Ssn => at_least(7),
        Category::Card => at_least(12),
        Category::Phone | Category::Fax => at_least(5),
        _ => at_least(4),
    }
}

/// Whether a key is one of a few digits: the last four of a number, or those beside a card's.
fn is_short(key: &str) -> bool {
    let mut buffer = [0; KEY_MAX];
    let letters = letters_of(key, &mut buffer).unwrap_or_default();
    let ends = |end: &str| letters.ends_with(end.as_bytes());
    ["last4", "lastfour", "cvv", "cvv2", "cvc", "cvc2"].into_iter().any(ends) || letters.starts_with(b"last4")
}

/// Whether a date's key is that of a birth: of dates only these tell an age.
pub(crate) fn is_of_birth(key: &str) -> bool {
    let mut buffer = [0; KEY_MAX];
    let letters = letters_of(key, &mut buffer).unwrap_or_default();
    matches!(letters, b"yob")
        || letters.ends_with(b"dob")
        || memchr::memmem::find(letters, b"birth").is_some()
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

/// The most digits of a count.
pub(crate) const COUNT_DIGITS_MAX: usize = 6;

/// Degrees with three decimals or more: a hundred metres.
fn is_coordinate(number: &str) -> bool {
    number.split_once('.').is_some_and(|(_, decimals)| decimals.len() >= 3)
        && number.parse::<f64>().is_ok_and(|degrees| degrees.abs() <= 180.0)
}

/// How many digits a number has, if it is whole: up to fifteen of them a fraction or an exponent says so exactly.
fn whole_digits(number: &str) -> Option<usize> {
    let number = number.strip_prefix('-').unwrap_or(number);
    if number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(number.len());
    }
    let value =
        number.parse::<f64>().ok().filter(|value| (1.0..1e18).contains(value) && value.fract() == 0.0)?;
    Some(format!("{value:.0}").len())
}

/// See [`Facts::plain`].
fn plain_by_letters(key: &str) -> bool {
    let bytes = key.as_bytes();
    bytes.first().is_none_or(|first| first.is_ascii_lowercase() || *first == b'_')
        && bytes.len() <= 64
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':' | b'/'))
        && bytes.iter().filter(|byte| byte.is_ascii_digit()).count() < 5
        && !detect::is_handle(key)
}

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

#[cfg(test)]
mod tests;
