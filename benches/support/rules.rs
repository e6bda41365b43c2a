//! Policies with few and with many rules that find the same: for the benchmark that times them and for the test that
//! counts their work.

use std::fmt::Write;

use redactor::{Policy, Redactor, TokenKey, deny_hash};

/// How many patterns and deny lists the small policy has.
pub(crate) const PATTERNS: usize = 6;
pub(crate) const DENY_LISTS: usize = 1;
/// The large one has this many times as many.
pub(crate) const TIMES: usize = 10;

/// Which rules a policy has.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Patterns,
    DenyLists,
}

/// Values of one deny list.
const VALUES: usize = 200;

/// What stands in the events of `support::event`: behind literals, digits, capitals and a bracket.
const FOUND: [&str; PATTERNS] = [
    "svc-[a-z]{4,12}",
    "user-[0-9]{1,6}",
    "(?i)metoprolol [0-9]{1,3} mg",
    "[0-9]{2}/[0-9]{2}/20[0-9]{2}",
    "[A-Z][0-9]c was",
    r"\(9[0-9]{3}\)",
];

/// A pattern that finds nothing in them, with a gate like one of these; no two are the same.
fn finds_nothing(number: usize) -> String {
    let letter = |at: usize| char::from(b'A' + (at % 26) as u8);
    let (first, second) = (letter(number), letter(number / 6 + 7));
    match number % 6 {
        0 => format!("{first}{second}Q-[0-9]{{4,8}}"),
        1 => format!("(?:case|trial)-{}[0-9]{{2,6}}", first.to_ascii_lowercase()),
        2 => format!("(?i)ward {first}{second}[0-9]{{1,3}}"),
        3 => format!("[0-9]{{3}}-{first}[0-9]{{4}}"),
        4 => format!("[A-Z]{{2}}{}[0-9]{{5}}{first}", number % 10),
        _ => format!(r"[(\[]{first}{second}[0-9]{{3}}"),
    }
}

/// The profile `coded` with so many times the rules.
pub(crate) fn redactor(kind: Kind, times: usize) -> Redactor {
    let coded = Policy::profile("coded").expect("a built-in profile");
    let mut policy = String::from_utf8(coded.bytes().to_vec()).expect("TOML is UTF-8");
    policy.push('\n');
    let (patterns, lists) = match kind {
        Kind::Patterns => (PATTERNS * times, 0),
        Kind::DenyLists => (0, DENY_LISTS * times),
    };
    for number in 0..patterns {
        let regex = FOUND.get(number).map_or_else(|| finds_nothing(number), |regex| (*regex).to_owned());
        let _ = write!(
            policy,
            "[[patterns]]\nname = \"p{number}\"\ncategory = \"UNIQUE_ID\"\nregex = '{regex}'\n"
        );
    }
    for list in 0..lists {
        let values: Vec<String> = (0..VALUES)
            .map(|value| {
                let value = format!("Zorel Quib{list} {value:04}");
                let category = redactor::detect::Category::Name;
                format!("\"{}\"", deny_hash(None, category, &value).expect("a value of three words").0)
            })
            .collect();
        let _ = write!(
            policy,
            "[[deny]]\nname = \"d{list}\"\ncategory = \"NAME\"\nhash = \"sha256\"\nwords_max = 3\nvalues = [{}]\n\
             owner = \"bench\"\nreason = \"bench\"\nexpires = 2099-12-31\n",
            values.join(", ")
        );
    }
    let policy = Policy::parse(policy.as_bytes()).expect("a sound policy");
    Redactor::new(policy, TokenKey::generate(), "bench").expect("a sound policy")
}
