use super::super::tests::{assert_finds, assert_silent};

#[test]
fn days_by_their_ordinal() {
    assert_finds(
        "day",
        &[
            ("she is back on the 19th.", &["19th"]),
            ("nothing since the 3rd, then a call", &["3rd"]),
            ("came in tues 14th with pain", &["tues 14th"]),
            ("we see him Thursday the 6th.", &["Thursday the 6th"]),
            ("on sunday (the 11th) she fell", &["sunday (the 11th"]),
            ("biopsy Tuesday the fourteenth with him", &["Tuesday the fourteenth"]),
            ("home Friday the twenty-first", &["Friday the twenty-first"]),
        ],
    );
    assert_silent(
        "day",
        &[
            "on the 5th floor",
            "by the 3rd edition",
            "from the 25th percentile",
            "of the 2nd metacarpal",
            "the 4th time",
            "for the 21st century",
        ],
    );
}

#[test]
fn days_of_the_week() {
    assert_finds(
        "day",
        &[
            ("absent lundi 4 et mardi 5", &["lundi 4", "mardi 5"]),
            ("el perito pasa el jueves 20 por casa", &["jueves 20"]),
            ("nurse to call Monday 16.", &["Monday 16"]),
            ("inden fredag den 13.", &["fredag den 13"]),
        ],
    );
    assert_silent(
        "day",
        &[
            "Friday 7 pm",
            "Montag 14 Uhr",
            "sat 10:30",
            "Mon 9-5",
            "lundi 8h30",
            "Sun 12 times",
            "Tue 3, 4 and 5",
        ],
    );
}

#[test]
fn pairs_of_a_day_and_a_month() {
    assert_finds(
        "day",
        &[
            ("Collected 5/2 received 5/3.", &["5/2", "5/3"]),
            ("Home 1/31. O2 2L. f/u 2/7.", &["1/31", "2/7"]),
            ("drain 2/12, out 2/16", &["2/12", "2/16"]),
            ("US RUQ. 19/07. GB wall", &["19/07"]),
            ("wound check (31/1)", &["31/1"]),
        ],
    );
    assert_silent(
        "day",
        &[
            "1/2 tab",
            "strength 5/5",
            "pain 8/10",
            "a 2/6 murmur",
            "3/4 of it",
            "Apgars 8/9",
            "24/7",
            "stage 2/7",
            "6/9 nodes",
            "120/80",
            "10/12/2020",
            "v1/12",
            "fuel 8/8",
            "for 3/12",
            "9/12 weeks",
        ],
    );
}

#[test]
fn days_in_names_of_files_and_fields() {
    assert_finds(
        "day",
        &[
            ("IMG_20240615_0931.jpg", &["20240615"]),
            ("StudyDate 20240219", &["20240219"]),
            ("SCH|MIN|^^^202505191330", &["202505191330"]),
        ],
    );
    assert_silent("day", &["20240615", "item 20249915", "_12345678", "^202599191330"]);
}

#[test]
fn feasts() {
    assert_finds(
        "day",
        &[
            ("quit around easter", &["easter"]),
            ("By New Year's Day she was off", &["New Year's Day"]),
            ("a nice Labor Day weekend", &["Labor Day weekend"]),
            ("fell on Palm Sunday", &["Palm Sunday"]),
            ("since valentines day", &["valentines day"]),
            ("away through Presidents' Day", &["Presidents' Day"]),
            ("Super Bowl Sunday but", &["Super Bowl Sunday"]),
            ("out on ash wednesday", &["ash wednesday"]),
            ("on St. Patrick's Day", &["St. Patrick's Day"]),
            ("Christmas Eve", &["Christmas Eve"]),
        ],
    );
    assert_silent(
        "day",
        &["Easter Seals called", "a good day", "every day", "may day", "a holy place", "next Friday"],
    );
}
