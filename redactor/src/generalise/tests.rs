//! What Safe Harbor leaves of dates, ages, ZIP codes and places.

use super::*;

/// 2026-11-21.
const NOW: i64 = 20_778 * MICROS_PER_DAY;

fn coarse(category: Category, text: &str) -> String {
    let mut out = String::new();
    generalise(category, text, NOW, &mut out);
    out
}

#[test]
fn dates_to_the_year() {
    assert_eq!(civil(NOW / MICROS_PER_DAY), (2026, 11, 21));
    for text in [
        "April 12, 2023",
        "2023-04-12",
        "04/12/2023",
        "12.4.2023",
        "2023-04-12T10:30:00Z",
        "4/12/23",
        "20230412",
    ] {
        assert_eq!(coarse(Category::Date, text), "2023", "{text}");
    }
    assert_eq!(coarse(Category::Date, "4/12/61"), "1961");
    for text in ["last week", "April 12", "April 2022 to May 2023"] {
        assert_eq!(coarse(Category::Date, text), "[DATE]", "{text}");
    }
}

#[test]
fn years_that_tell_an_age_over_89() {
    assert_eq!(coarse(Category::Date, "03/05/1936"), "90+");
    assert_eq!(coarse(Category::Date, "03/05/1937"), "1937");
}

#[test]
fn ages_over_89() {
    assert_eq!(coarse(Category::Age, "94-year-old"), "90+-year-old");
    assert_eq!(coarse(Category::Age, "aged 101"), "aged 90+");
    assert_eq!(coarse(Category::Age, "ninety-four"), "90+");
}

#[test]
fn zip_codes() {
    assert_eq!(coarse(Category::Zip, "62704"), "627");
    assert_eq!(coarse(Category::Zip, "62704-1234"), "627");
    for text in ["03601", "05901", "10201", "20301", "89301", "00001"] {
        assert_eq!(coarse(Category::Zip, text), "000", "{text}");
    }
    assert_eq!(coarse(Category::Zip, "6270"), "[ZIP]");
}

#[test]
fn places_keep_the_state() {
    assert_eq!(coarse(Category::Place, "Springfield, IL"), "[PLACE], IL");
    assert_eq!(coarse(Category::Place, "Methodist Hospital"), "[PLACE]");
    assert_eq!(coarse(Category::Place, "Springfield, Illinois 62704"), "[PLACE], Illinois 627");
    assert_eq!(coarse(Category::Address, "12 Main St, Springfield, IL 62704-1234"), "[ADDRESS], IL 627");
    assert_eq!(coarse(Category::Address, "12 Main St 62704"), "[ADDRESS]");
}

#[test]
fn shifted_dates_keep_their_intervals() {
    assert_eq!(shifted("2024-02-28", 2).unwrap(), "2024-03-01");
    assert_eq!(shifted("2023-01-01T10:00:00Z", -1).unwrap(), "2022-12-31");
    assert_eq!(shifted("3/4/2021", 1), None);
    assert_eq!(shifted("2021-13-01", 1), None);
}
