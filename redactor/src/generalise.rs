//! Coarser values that Safe Harbor leaves: the year of a date, `90+` for ages over 89, three digits of a ZIP
//! code, the state of a place. 45 CFR 164.514(b)(2)(i)(B) and (C). Where nothing certain is left, the label.

use crate::detect::Category;

/// Three-digit ZIP areas of at most 20,000 people: become 000. The union of the 2020 Census (counted from its
/// ZCTA populations, read November 2026) and of the 2000 Census list in the Office for Civil Rights' guidance
/// of 2012.
const ZIP3_SMALL: &[u16] = &[
    36, 59, 63, 102, 202, 203, 204, 205, 369, 556, 692, 753, 772, 790, 821, 823, 830, 831, 878, 879, 884,
    890, 893,
];

/// Three-digit areas without any resident counted in them: never assigned, military, territories that the
/// Census does not count by ZIP. Inclusive ranges.
const ZIP3_UNASSIGNED: &[(u16, u16)] = &[
    (0, 4),
    (8, 8),
    (90, 99),
    (213, 213),
    (269, 269),
    (340, 340),
    (343, 343),
    (345, 345),
    (348, 348),
    (353, 353),
    (419, 419),
    (428, 429),
    (517, 519),
    (529, 529),
    (533, 533),
    (536, 536),
    (552, 552),
    (568, 568),
    (578, 579),
    (589, 589),
    (621, 621),
    (632, 632),
    (642, 643),
    (659, 659),
    (663, 663),
    (682, 682),
    (694, 699),
    (702, 702),
    (709, 709),
    (715, 715),
    (732, 732),
    (742, 742),
    (771, 771),
    (817, 819),
    (839, 839),
    (848, 849),
    (854, 854),
    (858, 858),
    (861, 862),
    (866, 869),
    (876, 876),
    (886, 888),
    (892, 892),
    (896, 896),
    (899, 899),
    (909, 909),
    (929, 929),
    (962, 969),
    (987, 987),
];

const STATES: &[(&str, &str)] = &[
    ("AL", "Alabama"),
    ("AK", "Alaska"),
    ("AZ", "Arizona"),
    ("AR", "Arkansas"),
    ("CA", "California"),
    ("CO", "Colorado"),
    ("CT", "Connecticut"),
    ("DE", "Delaware"),
    ("DC", "District of Columbia"),
    ("FL", "Florida"),
    ("GA", "Georgia"),
    ("HI", "Hawaii"),
    ("ID", "Idaho"),
    ("IL", "Illinois"),
    ("IN", "Indiana"),
    ("IA", "Iowa"),
    ("KS", "Kansas"),
    ("KY", "Kentucky"),
    ("LA", "Louisiana"),
    ("ME", "Maine"),
    ("MD", "Maryland"),
    ("MA", "Massachusetts"),
    ("MI", "Michigan"),
    ("MN", "Minnesota"),
    ("MS", "Mississippi"),
    ("MO", "Missouri"),
    ("MT", "Montana"),
    ("NE", "Nebraska"),
    ("NV", "Nevada"),
    ("NH", "New Hampshire"),
    ("NJ", "New Jersey"),
    ("NM", "New Mexico"),
    ("NY", "New York"),
    ("NC", "North Carolina"),
    ("ND", "North Dakota"),
    ("OH", "Ohio"),
    ("OK", "Oklahoma"),
    ("OR", "Oregon"),
    ("PA", "Pennsylvania"),
    ("RI", "Rhode Island"),
    ("SC", "South Carolina"),
    ("SD", "South Dakota"),
    ("TN", "Tennessee"),
    ("TX", "Texas"),
    ("UT", "Utah"),
    ("VT", "Vermont"),
    ("VA", "Virginia"),
    ("WA", "Washington"),
    ("WV", "West Virginia"),
    ("WI", "Wisconsin"),
    ("WY", "Wyoming"),
    ("PR", "Puerto Rico"),
];

const MICROS_PER_DAY: i64 = 86_400_000_000;

/// Appends the coarser form of `text`.
pub(crate) fn generalise(category: Category, text: &str, as_of: i64, out: &mut String) {
    match category {
        Category::Date => date(text, as_of, out),
        Category::Age => age(text, out),
        Category::Zip => zip(text, out),
        Category::Place | Category::Address => place(category, text, out),
        other => label(other, out),
    }
}

/// Appends `[CATEGORY]`.
pub(crate) fn label(category: Category, out: &mut String) {
    out.push('[');
    out.push_str(category.name());
    out.push(']');
}

/// The year, if it is certain; `90+` for years that tell an age over 89; else the label.
fn date(text: &str, as_of: i64, out: &mut String) {
    let now = civil(as_of.div_euclid(MICROS_PER_DAY)).0;
    match year(text, now) {
        Some(year) if now - year > 89 => out.push_str("90+"),
        Some(year) => out.push_str(&year.to_string()),
        None => label(Category::Date, out),
    }
}

/// Whether a year of birth shows an age over 89.
pub(crate) fn shows_high_age(text: &str, as_of: i64) -> bool {
    let now = civil(as_of.div_euclid(MICROS_PER_DAY)).0;
    year(text, now).is_some_and(|year| now - year > 89)
}

/// The one year that a date names: four digits, or the two of `3/4/61`, which then lie at most one year ahead.
pub(crate) fn year(text: &str, now: i64) -> Option<i64> {
    let runs: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).collect();
    let plausible = |digits: &str| digits.parse::<i64>().ok().filter(|year| (1850..=2150).contains(year));
    let mut years: Vec<i64> =
        runs.iter().filter(|run| run.len() == 4).filter_map(|run| plausible(run)).collect();
    years.dedup();
    // 9999-12-31: no person's date, but one all the same, and only its year may stay.
    let far =
        text.get(..4).filter(|_| text.as_bytes().get(4) == Some(&b'-')).and_then(|year| year.parse().ok());
    if let Some(year @ 2151..=9999) = far {
        return Some(year);
    }
    // HL7: 19610302, 196103021030, 19610302103000-0500.
    if let [first, ..] = runs[..]
        && (matches!(first.len(), 10 | 12 | 14) || first.len() == 8 && runs.len() > 1)
        && text.starts_with(first)
    {
        return plausible(&first[..4]);
    }
    match years[..] {
        [year] => return Some(year),
        [_, ..] => return None,
        [] => {}
    }
    if let [run] = runs[..] {
        // 19610503 or 05031961, nothing else around.
        return match run.len() {
            8 => plausible(&run[..4]).or_else(|| plausible(&run[4..])),
            _ => None,
        };
    }
    match runs[..] {
        [_, _, last] if last.len() == 2 => {
            let short: i64 = last.parse().ok()?;
            let century = now - now.rem_euclid(100);
            Some(if century + short > now + 1 { century - 100 + short } else { century + short })
        }
        _ => None,
    }
}

/// `90+` in place of the number, or of the whole if it is written in words.
fn age(text: &str, out: &mut String) {
    let Some(start) = text.find(|c: char| c.is_ascii_digit()) else {
        out.push_str("90+");
        return;
    };
    let rest = &text[start..];
    let digits = |rest: &str| rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let mut length = digits(rest);
    // 94.0, 94.5
    if let Some(fraction) = rest[length..].strip_prefix('.').map(digits).filter(|digits| *digits > 0) {
        length += 1 + fraction;
    }
    out.push_str(&text[..start]);
    out.push_str("90+");
    let rest = &rest[length..];
    // The other end of a range is of the class too.
    let other = rest.strip_prefix(['-', '–']).filter(|other| other.starts_with(|c: char| c.is_ascii_digit()));
    let rest = other.map_or(rest, |other| &other[digits(other)..]);
    out.push_str(rest.strip_prefix('+').unwrap_or(rest));
}

fn zip(text: &str, out: &mut String) {
    match zip3(text) {
        Some(zip3) => out.push_str(&zip3),
        None => label(Category::Zip, out),
    }
}

/// The first three digits of a five- or nine-digit ZIP code, 000 for the small and the unassigned areas.
fn zip3(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if !matches!(digits.len(), 5 | 9) {
        return None;
    }
    let prefix: u16 = digits[..3].parse().ok()?;
    let hidden = ZIP3_SMALL.contains(&prefix)
        || ZIP3_UNASSIGNED.iter().any(|(first, last)| (*first..=*last).contains(&prefix));
    Some(if hidden { "000".into() } else { digits[..3].to_owned() })
}

/// The label, then the state and the three digits of a ZIP code where the mention ends with them.
fn place(category: Category, text: &str, out: &mut String) {
    label(category, out);
    let mut rest = text.trim_end_matches(|c: char| c.is_whitespace() || c == '.' || c == ',');
    let tail = rest.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-').len();
    let zip = zip3(&rest[tail..]).filter(|_| tail > 0);
    if zip.is_some() {
        rest = rest[..tail].trim_end_matches(|c: char| c.is_whitespace() || c == ',');
    }
    // Digits without a state before them may be a box or a house number.
    if let Some(state) = state(rest) {
        out.push_str(", ");
        out.push_str(state);
        if let Some(zip) = zip {
            out.push(' ');
            out.push_str(&zip);
        }
    }
}

/// Whether an age hit is the `90+` that ages over 89 become: no age, but the class of them.
pub(crate) fn is_coarse_age(text: &str, start: usize, end: usize) -> bool {
    let hit = &text[start..end];
    let Some(first) = hit.find(|c: char| c.is_ascii_digit()) else { return false };
    let rest = &text[start + first..];
    rest.starts_with("90+") && !hit[first + 2..].contains(|c: char| c.is_ascii_digit())
}

/// Whether a text is what [`place`] leaves behind its label: `, IL 627`; or the `90+` of [`date`] and [`age`].
pub(crate) fn is_remainder(text: &str) -> bool {
    if text == "90+" {
        return true;
    }
    let text = text.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end();
    text.starts_with(',') && state(text).is_some()
}

/// The state that the mention ends with, behind a comma: "Springfield, IL". Without a comma it may be part of a
/// town's name ("New York", "Kansas City, Kansas").
fn state(text: &str) -> Option<&'static str> {
    let last = text.rsplit_once(',')?.1.trim();
    let known = STATES.iter().find(|(short, long)| last == *short || last.eq_ignore_ascii_case(long))?;
    Some(if last.len() == 2 { known.0 } else { known.1 })
}

/// An unambiguous date moved by `days`, as `YYYY-MM-DD`. Only ISO dates are: of `3/4/2021` nobody knows which
/// is the month.
pub(crate) fn shifted(text: &str, days: i64) -> Option<String> {
    let date = text.get(..10)?;
    let mut parts = date.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if date.as_bytes()[4] != b'-' || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let (year, month, day) = civil(days_since_epoch(year, month, day) + days);
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

/// The inverse of [`civil`].
pub(crate) fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Year, month and day of a day counted from 1970-01-01 (proleptic Gregorian; Howard Hinnant's algorithm).
pub(crate) fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests;
