//! Templates filled with names, dates and numbers: texts whose labels are known by construction.

use super::ids;
use super::lists::{Culture, Lists, Template};
use super::random::Random;

/// A value that must go.
pub(crate) struct Label {
    /// Type of identifier, as in the data sets that are scored beside ours.
    pub(crate) kind: String,
    /// What shape of it: a full name, a surname after its title, …
    pub(crate) form: &'static str,
    pub(crate) value: String,
    /// Where it stands, in bytes. Several ranges where only the value was labelled.
    pub(crate) spans: Vec<std::ops::Range<usize>>,
}

/// One text with its labels.
pub(crate) struct Case {
    pub(crate) text: String,
    pub(crate) labels: Vec<Label>,
    /// A keyword or a title stands beside the identifiers. None where nobody said.
    pub(crate) near: Option<bool>,
}

/// A person who was mentioned in full.
#[derive(Default)]
struct Person {
    given: String,
    family: String,
}

/// What a placeholder becomes: the type it is labelled with (none: it stays), its form and its text.
struct Filled(Option<&'static str>, &'static str, String);

/// How a name is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Any,
    Title,
    Lower,
    Upper,
    LastFirst,
}

const NAME: Option<&str> = Some("NAME");
const PLACE: Option<&str> = Some("GEOGRAPHIC_LOCATION");
const DATE: Option<&str> = Some("DATE");
const LICENSE: Option<&str> = Some("CERTIFICATE_LICENSE_NUMBER");

/// Fills one half's templates.
pub(crate) struct Filler<'a> {
    pub(crate) lists: &'a Lists,
    pub(crate) random: Random,
    person: Person,
}

impl<'a> Filler<'a> {
    pub(crate) fn new(lists: &'a Lists, seed: u64) -> Filler<'a> {
        Filler { lists, random: Random::new(seed), person: Person::default() }
    }

    /// The template with every placeholder filled. A brace that opens no placeholder is text.
    pub(crate) fn fill(&mut self, template: &Template) -> Case {
        let mut case = Case { text: String::new(), labels: Vec::new(), near: Some(template.near) };
        let mut rest = template.text;
        while let Some(open) = rest.find('{') {
            case.text.push_str(&rest[..open]);
            rest = &rest[open + 1..];
            let close = rest.find('}').filter(|close| {
                rest[..*close].starts_with(|c: char| c.is_ascii_uppercase())
                    && rest[..*close].chars().all(|c| c.is_ascii_alphanumeric() || c == ':' || c == '-')
            });
            let Some(close) = close else {
                case.text.push('{');
                continue;
            };
            let (key, argument) = rest[..close].split_once(':').unwrap_or((&rest[..close], ""));
            let Filled(kind, form, value) = self.value(key, argument, template);
            push(&mut case, kind, form, &value);
            rest = &rest[close + 1..];
        }
        case.text.push_str(rest);
        case
    }

    fn value(&mut self, key: &str, argument: &str, template: &Template) -> Filled {
        let language = template.language;
        match key {
            "NAME" => {
                // A surname can come again only if it came, and a comma would end a column.
                let plain = matches!(template.kind, "csv" | "json" | "fhir")
                    || template.text.contains("{LAST}")
                    || template.text.contains("{FIRST}");
                let form = if plain { Form::Title } else { Form::Any };
                let culture = self.culture(language);
                Filled(NAME, "full", self.name(culture, form))
            }
            "LAST" => Filled(NAME, "surname again", self.person.family.clone()),
            "FIRST" => Filled(NAME, "given name again", self.person.given.clone()),
            "SURNAME" => Filled(NAME, "surname after a title or key", self.draw(language, false)),
            "FIRSTNAME" => Filled(NAME, "given name alone", self.draw(language, true)),
            "TOWN" | "COUNTY" | "HOSPITAL" => {
                let kind = key.to_lowercase();
                let language = self.country(language);
                let value = (*self.random.pick(self.lists.values(&kind, language))).to_string();
                Filled(PLACE, if key == "HOSPITAL" { "hospital" } else { "town or county" }, value)
            }
            "CITY" => Filled(PLACE, "town with state or code", self.city(language)),
            "STREET" => Filled(PLACE, "street", self.street(language)),
            "ADDRESS" => Filled(PLACE, "address", self.address(language)),
            "ZIP" => Filled(PLACE, "ZIP code", self.random.shape("@####")),
            "EMPLOYER" => Filled(
                Some("EMPLOYER"),
                "",
                (*self.random.pick(self.lists.values("employer", "en"))).to_string(),
            ),
            "DATE" => Filled(DATE, "date", self.date(language, 2019, 2025)),
            "DOB" => Filled(DATE, "date", self.date(language, 1938, 2005)),
            "DATEISO" => Filled(DATE, "date", self.iso("-")),
            "DATE8" => Filled(DATE, "date", self.iso("")),
            "RELDATE" => {
                let all = ["yesterday", "last week", "two days ago", "last Tuesday", "three weeks ago"];
                Filled(DATE, "relative", (*self.random.pick(&all)).to_string())
            }
            "AGE90" => Filled(Some("AGE"), "", self.random.between(90, 103).to_string()),
            "PHONE" | "FAX" => Filled(Some("PHONE_NUMBER"), "", self.phone(language)),
            _ => self.number(key, argument, language),
        }
    }

    fn number(&mut self, key: &str, argument: &str, language: &str) -> Filled {
        let random = &mut self.random;
        let (kind, value) = match key {
            "SSN" => ("SOCIAL_SECURITY_NUMBER", ids::ssn(random)),
            "MRN" => {
                let shapes = [
                    "@######",
                    "@#######",
                    "AA-######",
                    "AA-######",
                    "00-##-##-##",
                    "#####-AA",
                    "A@######",
                    "A00#######",
                ];
                let shape = *random.pick(&shapes);
                ("MEDICAL_RECORD_NUMBER", random.shape(shape))
            }
            "PLAN" => {
                let shapes = [
                    "AAA#########",
                    "AA-######",
                    "A##########",
                    "A########-01",
                    "@########",
                    "AAA-######",
                    "###-####-###",
                ];
                let shape = *random.pick(&shapes);
                ("HEALTH_PLAN_BENEFICIARY_NUMBER", random.shape(shape))
            }
            "MBI" => ("HEALTH_PLAN_BENEFICIARY_NUMBER", ids::mbi(random)),
            "ACCOUNT" => {
                let shape =
                    *random.pick(&["@#######", "@#########", "@###########", "####-###-####", "00######"]);
                ("ACCOUNT_NUMBER", random.shape(shape))
            }
            "IBAN" => ("ACCOUNT_NUMBER", ids::iban(random, argument)),
            "CARD" => ("ACCOUNT_NUMBER", ids::card(random)),
            "ROUTING" => ("ACCOUNT_NUMBER", ids::routing(random)),
            "NPI" => ("CERTIFICATE_LICENSE_NUMBER", ids::npi(random)),
            "DEA" => ("CERTIFICATE_LICENSE_NUMBER", ids::dea(random)),
            "LICENSE" => {
                let shape =
                    *random.pick(&["A#######", "A###-####-####", "AAA-######", "A########", "AA######"]);
                return Filled(LICENSE, "", random.shape(shape));
            }
            "VIN" => ("VEHICLE_IDENTIFIER", ids::vin(random)),
            "PLATE" => {
                let shape = *random.pick(&["@AAA###", "AAA-####", "AAA ####", "A-AA ####", "AA## AAA"]);
                ("VEHICLE_IDENTIFIER", random.shape(shape))
            }
            "DEVICE" => {
                let shape =
                    *random.pick(&["AA######A", "&&&-#####-A", "########", "A##-####-##", "AAA##########"]);
                ("DEVICE_IDENTIFIER", random.shape(shape))
            }
            "MAC" => {
                let by = *random.pick(&[":", "-"]);
                ("DEVICE_IDENTIFIER", ids::grouped(&random.hex(12), &[2, 2, 2, 2, 2], by))
            }
            "UNIQUE" => {
                let shape = *random.pick(&["A-#####", "AA######", "A##-#####", "@#######", "AAA-##-####"]);
                ("UNIQUE_IDENTIFIER", random.shape(shape))
            }
            "NID" => (
                "NATIONAL_IDENTIFIER",
                ids::national(random, if argument.is_empty() { language } else { argument }),
            ),
            "EMAIL" => ("EMAIL_ADDRESS", self.email()),
            "URL" => ("URL", self.url()),
            "IP" => ("IP_ADDRESS", self.address_of_a_host()),
            _ => return Filled(None, "", self.filler(key)),
        };
        Filled(Some(kind), "", value)
    }

    /// What is no identifier.
    fn filler(&mut self, key: &str) -> String {
        let random = &mut self.random;
        match key {
            "AGE" => random.between(18, 88).to_string(),
            "N" => random.between(2, 88).to_string(),
            "LAB" => {
                let unit = *random.pick(&["mmol/L", "mIU/L", "ng/mL", "%", "mg/dL"]);
                format!("{}.{} {unit}", random.between(1, 18), random.below(10))
            }
            "DOSE" => format!("{} mg", random.pick(&["5", "10", "20", "2.5", "500", "81"])),
            "BP" => format!("{}/{}", random.between(98, 178), random.between(56, 99)),
            "ICD" => (*random.pick(&["E11.9", "I10", "J45.909", "M54.5", "F32.1", "N18.3"])).to_string(),
            "CPT" => (*random.pick(&["99213", "99214", "93000", "71046", "80053"])).to_string(),
            "AMOUNT" => {
                format!("${},{:03}.{:02}", random.between(1, 9), random.below(1000), random.below(100))
            }
            "TIME" => format!("{:02}:{:02}", random.between(6, 22), random.below(60)),
            "DRUG" => (*random.pick(self.lists.values("drug", ""))).to_string(),
            "CONDITION" => (*random.pick(self.lists.values("condition", ""))).to_string(),
            other => unreachable!("no such placeholder: {other}"),
        }
    }

    /// English texts name people of every origin, others mostly their own.
    fn culture(&mut self, language: &str) -> &'a Culture {
        let keys: &[&str] = match language {
            "es" => &["es", "mx"],
            "pt" => &["pt", "br"],
            "cz" => &["cz", "sk"],
            other if other != "en" => &[other],
            _ => &["en", "en", "en", "en", "rare"],
        };
        let own = self.random.chance(if language == "en" { 55 } else { 80 });
        if !own {
            return self.random.pick(&self.lists.cultures);
        }
        let key = *self.random.pick(keys);
        self.lists.cultures.iter().find(|culture| culture.key == key).unwrap_or(&self.lists.cultures[0])
    }

    fn draw(&mut self, language: &str, given: bool) -> String {
        let culture = self.culture(language);
        (*self.random.pick(if given { &culture.given } else { &culture.family })).to_string()
    }

    /// A full name, remembered for later mentions.
    pub(crate) fn name(&mut self, culture: &Culture, form: Form) -> String {
        let (first, last) = (*self.random.pick(&culture.given), *self.random.pick(&culture.family));
        self.person = Person { given: first.to_string(), family: last.to_string() };
        let initial = |name: &str| name.chars().next().unwrap_or('J');
        let upper = self.random.chance(50);
        match form {
            Form::Title => format!("{first} {last}"),
            Form::Lower => format!("{first} {last}").to_lowercase(),
            Form::Upper => format!("{first} {last}").to_uppercase(),
            Form::LastFirst if upper => format!("{last}, {first}").to_uppercase(),
            Form::LastFirst => format!("{last}, {first}"),
            Form::Any => match self.random.below(100) {
                0..=56 => format!("{first} {last}"),
                57..=64 => format!("{first} {}. {last}", self.random.shape("A")),
                65..=74 => format!("{first} {}.", initial(last)),
                75..=79 => format!("{}. {last}", initial(first)),
                80..=84 => format!("{last}, {first}"),
                85..=88 => format!("{first} {last}").to_uppercase(),
                89..=92 => format!("{first} {last}").to_lowercase(),
                93..=95 => format!("{first} {} {last}", self.random.pick(&culture.given)),
                96..=97 => format!("{last}, {first} {}.", self.random.shape("A")),
                _ => format!("{first} {last} Jr."),
            },
        }
    }

    /// An English text may speak of Britain.
    fn country<'b>(&self, language: &'b str) -> &'b str {
        if matches!(language, "at" | "ch") { "de" } else { language }
    }

    fn city(&mut self, language: &str) -> String {
        let language = match self.country(language) {
            "en" if self.random.chance(15) => "uk",
            other => other,
        };
        (*self.random.pick(self.lists.values("city", language))).to_string()
    }

    fn street(&mut self, language: &str) -> String {
        let language = self.country(language);
        let street = *self.random.pick(self.lists.values("street", language));
        let number = self.random.between(1, if language == "en" { 9999 } else { 180 });
        match language {
            "en" if self.random.chance(20) => {
                format!("{number} {street}, Apt {}", self.random.between(1, 30))
            }
            "en" => format!("{number} {street}"),
            "fr" => format!("{number} {street}"),
            "pl" if self.random.chance(40) => format!("{street} {number} m. {}", self.random.between(1, 40)),
            "es" | "pt" if self.random.chance(50) => format!("{street}, {number}"),
            _ => format!("{street} {number}"),
        }
    }

    fn address(&mut self, language: &str) -> String {
        let street = self.street(language);
        if self.random.chance(20) {
            return street;
        }
        let by = if self.random.chance(90) { ", " } else { "\n" };
        format!("{street}{by}{}", self.city(language))
    }

    fn iso(&mut self, by: &str) -> String {
        let random = &mut self.random;
        format!(
            "{}{by}{:02}{by}{:02}",
            random.between(1940, 2025),
            random.between(1, 12),
            random.between(1, 28)
        )
    }

    fn date(&mut self, language: &str, from: u64, to: u64) -> String {
        let random = &mut self.random;
        let (year, month, day) = (random.between(from, to), random.between(1, 12), random.between(1, 28));
        let name = months(self.country(language))[month as usize - 1];
        let shape = self.random.below(100);
        match self.country(language) {
            "en" => english_date(shape, year, month, day, name),
            "de" => match shape {
                0..=49 => format!("{day:02}.{month:02}.{year}"),
                50..=79 => format!("{day}. {name} {year}"),
                80..=91 => format!("{day}.{month}.{:02}", year % 100),
                _ => format!("{year}-{month:02}-{day:02}"),
            },
            "es" | "pt" => match shape {
                0..=49 => format!("{day:02}/{month:02}/{year}"),
                50..=89 => format!("{day} de {name} de {year}"),
                _ => format!("{day:02}-{month:02}-{year}"),
            },
            "se" => match shape {
                0..=49 => format!("{year}-{month:02}-{day:02}"),
                _ => format!("{day} {name} {year}"),
            },
            "cz" | "dk" => match shape {
                0..=49 => format!("{day}. {month}. {year}"),
                50..=69 => format!("{day:02}.{month:02}.{year}"),
                _ => format!("{day}. {name} {year}"),
            },
            other => match shape {
                0..=49 if matches!(other, "nl") => format!("{day:02}-{month:02}-{year}"),
                0..=49 if matches!(other, "pl" | "ro") => format!("{day:02}.{month:02}.{year}"),
                0..=49 => format!("{day:02}/{month:02}/{year}"),
                _ => format!("{day} {name} {year}"),
            },
        }
    }

    fn phone(&mut self, language: &str) -> String {
        let shapes: &[&str] = match language {
            "de" => &[
                "0761 ######",
                "+49 761 ######",
                "089/#######",
                "0151 ########",
                "+49 (0)30 #######",
                "0 62 21 - ## ## ##",
            ],
            "at" => &["+43 1 #######", "0664 #######", "0316/######"],
            "ch" => &["+41 44 ### ## ##", "079 ### ## ##", "031 ### ## ##"],
            "fr" => &["01 ## ## ## ##", "06.##.##.##.##", "+33 6 ## ## ## ##", "04########"],
            "es" => &["6## ### ###", "91 ### ## ##", "+34 6## ## ## ##", "9########"],
            "it" => &["02 #######", "+39 06 #######", "33# #######", "059/######"],
            "nl" => &["06-########", "+31 6 ########", "050 ### ####", "020-#######"],
            "pl" => &["+48 5## ### ###", "6## ### ###", "22 ### ## ##", "81 ### ## ##"],
            "pt" => &["9# ### ## ##", "+351 9## ### ###", "21# ### ###"],
            "se" => &["070-### ## ##", "+46 70 ### ## ##", "08-### ## ##", "018-## ## ##"],
            "dk" => &["+45 ## ## ## ##", "@# ## ## ##", "@#######"],
            "cz" => &["+420 6## ### ###", "7## ### ###", "585 ### ###"],
            "ro" => &["07## ### ###", "+40 7## ### ###", "0268 ######"],
            _ => &[
                "(@1#) 5##-####",
                "(@1#) 5##-####",
                "@1#-5##-####",
                "@1#-5##-####",
                "@1#.5##.####",
                "@1# 5## ####",
                "+1 @1# 5## ####",
                "+1-@1#-5##-####",
                "1-@1#-5##-####",
                "@1#-555-####",
                "(@1#)5##-####",
                "@1#-5##-#### ext. ##",
                "+44 20 7### ####",
                "07### ######",
                "020 7### ####",
                "+61 4## ### ###",
                "+91 98### #####",
                "+353 1 ### ####",
                "+234 803 ### ####",
                "+63 917 ### ####",
                "+27 82 ### ####",
            ],
        };
        let shape = *self.random.pick(shapes);
        // North American areas and exchanges open with 2 to 9, and no area with 911.
        let mut phone = self.random.shape(shape);
        for (bad, good) in [("(11", "(41"), ("+1 11", "+1 71"), ("1-11", "1-61")] {
            phone = phone.replacen(bad, good, 1);
        }
        if phone.starts_with("11") { phone.replacen("11", "31", 1) } else { phone }
    }

    fn email(&mut self) -> String {
        let culture = self.culture("en");
        let plain = |name: &str| -> String {
            name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect()
        };
        let (first, last): (&str, &str) =
            (*self.random.pick(&culture.given), *self.random.pick(&culture.family));
        let (first, last) = (plain(first), plain(last));
        let first = if first.is_empty() { "info".to_string() } else { first };
        let last = if last.is_empty() { "team".to_string() } else { last };
        let domain = *self.random.pick(&[
            "gmail.com",
            "example.com",
            "stmarys.org",
            "mail.example.de",
            "uni-example.edu",
            "nhs.net",
        ]);
        let local = match self.random.below(5) {
            0 => format!("{first}.{last}"),
            1 => format!("{first}{}", self.random.below(100)),
            2 => format!("{first}_{last}"),
            3 => format!("{}{last}", &first[..1]),
            _ => format!("{first}+{}", self.random.hex(4)),
        };
        format!("{local}@{domain}")
    }

    fn url(&mut self) -> String {
        let id = self.random.shape("@#####");
        match self.random.below(4) {
            0 => format!("https://portal.example.org/patients/{id}"),
            1 => format!("http://www.facebook.com/profile.php?id={id}"),
            2 => format!("https://mychart.example.com/visit/{id}?tab=labs"),
            _ => format!("www.linkedin.com/in/user-{id}"),
        }
    }

    fn address_of_a_host(&mut self) -> String {
        let random = &mut self.random;
        if random.chance(75) {
            let parts: Vec<String> = (0..4).map(|_| random.between(2, 250).to_string()).collect();
            return parts.join(".");
        }
        format!("2001:db8:{}:{}::{}", random.hex(4), random.hex(4), random.hex(2))
    }
}

/// Puts a value behind the text, and its label beside it.
fn push(case: &mut Case, kind: Option<&'static str>, form: &'static str, value: &str) {
    let start = case.text.len();
    case.text.push_str(value);
    if let Some(kind) = kind {
        let span = start..case.text.len();
        case.labels.push(Label { kind: kind.to_string(), form, value: value.to_string(), spans: vec![span] });
    }
}

/// A sentence with one name in it.
pub(crate) fn carried(sentence: &str, name: &str) -> Case {
    let (before, behind) = sentence.split_once("{NAME}").unwrap_or((sentence, ""));
    let mut case = Case { text: before.to_string(), labels: Vec::new(), near: None };
    push(&mut case, NAME, "full", name);
    case.text.push_str(behind);
    case
}

fn english_date(shape: u64, year: u64, month: u64, day: u64, name: &str) -> String {
    let short = &name[..3];
    let ordinal = match day {
        1 | 21 => "st",
        2 | 22 => "nd",
        3 | 23 => "rd",
        _ => "th",
    };
    match shape {
        0..=19 => format!("{name} {day}, {year}"),
        20..=29 => format!("{short} {day}, {year}"),
        30..=37 => format!("{day} {name} {year}"),
        38..=49 => format!("{month:02}/{day:02}/{year}"),
        50..=57 => format!("{month}/{day}/{:02}", year % 100),
        58..=66 => format!("{year}-{month:02}-{day:02}"),
        67..=72 => format!("{day:02}-{short}-{year}"),
        73..=78 => format!("{name} {day}{ordinal}, {year}"),
        79..=83 => format!("{name} {day}{ordinal}"),
        84..=87 => format!("{month:02}-{day:02}-{year}"),
        88..=90 => format!("{day:02}.{month:02}.{year}"),
        91..=93 => format!("{name} {year}"),
        94..=96 => format!("the {day}{ordinal} of {name} {year}"),
        97..=98 => format!("{year}/{month:02}/{day:02}"),
        _ => format!("{month}/{day}"),
    }
}

#[rustfmt::skip]
fn months(language: &str) -> [&'static str; 12] {
    match language {
        "de" => ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"],
        "fr" => ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
        "es" => ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"],
        "it" => ["gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"],
        "nl" => ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"],
        "pl" => ["stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "września", "października", "listopada", "grudnia"],
        "pt" => ["janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"],
        "se" => ["januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"],
        "dk" => ["januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"],
        "cz" => ["ledna", "února", "března", "dubna", "května", "června", "července", "srpna", "září", "října", "listopadu", "prosince"],
        "ro" => ["ianuarie", "februarie", "martie", "aprilie", "mai", "iunie", "iulie", "august", "septembrie", "octombrie", "noiembrie", "decembrie"],
        _ => ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
    }
}
