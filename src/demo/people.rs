//! The invented people of the demonstration. Nobody here exists; numbers are of ranges that are not given out
//! (555-01xx telephone numbers, example.org addresses) or made up.

use super::random::Random;

const FIRST: &[&str] = &[
    "Margaret",
    "Howard",
    "Lucille",
    "Terrence",
    "Beatrice",
    "Desmond",
    "Ingrid",
    "Rafael",
    "Priscilla",
    "Malcolm",
    "Yolanda",
    "Emmett",
    "Constance",
    "Nigel",
    "Rosalind",
    "Clifford",
    "Henrietta",
    "Sylvester",
    "Imogen",
    "Barnaby",
    "Aisha",
    "Giovanni",
    "Mei",
    "Tomasz",
    "Leila",
    "Oluwaseun",
    "Marisol",
    "Bjorn",
    "Anneliese",
    "Dmitri",
];
const LAST: &[&str] = &[
    "Holloway",
    "Pemberton",
    "Okafor",
    "Lindqvist",
    "Castellanos",
    "Whitfield",
    "Drummond",
    "Espinoza",
    "Novak",
    "Abernathy",
    "Thornton",
    "Kowalczyk",
    "Fairchild",
    "Delacroix",
    "Ramaswamy",
    "Vandermeer",
    "Hathaway",
    "Quigley",
    "Bianchi",
    "Nakamura",
    "Haddad",
    "Fitzgerald",
    "Sorensen",
    "Mbeki",
    "Petrov",
    "Gallagher",
    "Ibrahim",
    "Keller",
];
const STREETS: &[&str] =
    &["Maple Street", "Oak Avenue", "Cedar Lane", "Birch Road", "Elm Drive", "Willow Court"];
const TOWNS: &[(&str, &str)] = &[
    ("Springfield, IL", "62704"),
    ("Portland, OR", "97209"),
    ("Madison, WI", "53703"),
    ("Albany, NY", "12207"),
    ("Tucson, AZ", "85701"),
];
const DRUGS: &[&str] = &["metoprolol", "apixaban", "lisinopril", "metformin", "atorvastatin", "sertraline"];
const CONDITIONS: &[&str] = &[
    "congestive heart failure",
    "type 2 diabetes",
    "atrial fibrillation",
    "chronic kidney disease stage 3",
    "community-acquired pneumonia",
    "an ankle fracture",
];

/// One invented patient or customer.
pub(super) struct Person {
    fields: Vec<(&'static str, String)>,
    pub(super) id: String,
}

impl Person {
    pub(super) fn invent(random: &mut Random) -> Person {
        let (first, last) = (*random.pick(FIRST), *random.pick(LAST));
        let (town, zip) = *random.pick(TOWNS);
        let born =
            format!("{:02}/{:02}/{}", 1 + random.below(12), 1 + random.below(28), 1930 + random.below(75));
        let mrn = format!("{:08}", random.below(100_000_000));
        let fields = vec![
            ("name", format!("{first} {last}")),
            ("last", last.to_owned()),
            ("doctor", random.pick(LAST).to_string()),
            ("mrn", mrn.clone()),
            ("dob", born),
            ("visit", format!("2026-{:02}-{:02}", 1 + random.below(10), 1 + random.below(28))),
            ("phone", format!("({}) 555-01{:02}", 210 + random.below(700), random.below(100))),
            ("email", format!("{}.{}@example.org", first.to_lowercase(), last.to_lowercase())),
            (
                "ssn",
                format!(
                    "{:03}-{:02}-{:04}",
                    100 + random.below(500),
                    10 + random.below(89),
                    1000 + random.below(8999)
                ),
            ),
            ("address", format!("{} {}, {town} {zip}", 10 + random.below(9000), random.pick(STREETS))),
            ("member", format!("XQH{:09}", random.below(1_000_000_000))),
            ("claim", format!("CLM-{:07}", random.below(10_000_000))),
            ("account", format!("{:010}", random.below(10_000_000_000))),
            ("drug", random.pick(DRUGS).to_string()),
            ("condition", random.pick(CONDITIONS).to_string()),
            ("age", (20 + random.below(76)).to_string()),
            ("amount", format!("${}.{:02}", 40 + random.below(9000), random.below(100))),
        ];
        Person { fields, id: format!("patient-{mrn}") }
    }

    /// A template with the person's fields in place of `{field}`.
    pub(super) fn fill(&self, template: &str) -> String {
        let mut text = template.to_owned();
        for (field, value) in &self.fields {
            text = text.replace(&format!("{{{field}}}"), value);
        }
        text
    }
}
