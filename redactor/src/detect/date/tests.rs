use super::super::tests::{assert_finds, assert_silent};
use super::*;

#[test]
fn numeric() {
    assert_finds(
        "date",
        &[
            ("on 04/12/2023.", &["04/12/2023"]),
            ("2023-04-12T10:20:30Z, then", &["2023-04-12T10:20:30Z"]),
            ("am 03.05.1961 geboren", &["03.05.1961"]),
            ("4/12/22", &["4/12/22"]),
            ("seen on 08/22", &["08/22"]),
            ("since 03/2021", &["03/2021"]),
            ("DOB 19610503", &["19610503"]),
            ("from 11/28/16-12/3/16 for", &["11/28/16", "12/3/16"]),
            ("off 10/2 through 10/6, back 10/9", &["10/2", "10/6", "10/9"]),
            ("is on 6/3.", &["6/3"]),
            ("scheduled for 10/30 at 7", &["10/30"]),
            ("on 3 May and on 19 May.", &["3 May", "19 May"]),
            ("cita del 3 de abril.", &["3 de abril"]),
            ("on 5.2.25 and again 6.3.25.", &["5.2.25", "6.3.25"]),
            ("CXR 6/1 clear", &["6/1"]),
            ("ADM 04/22 DC 04/27", &["04/22", "04/27"]),
            ("on Fri 7/9 with", &["7/9"]),
            ("Termin am 12.6. um 10 Uhr, bis 3.11. krank", &["12.6", "3.11"]),
            ("wizyta dnia 12.06.", &["12.06"]),
            ("aufgenommen 3.6., entlassen 5.6.", &["3.6", "5.6"]),
            ("MRN 88120034 DOS 6/3-6/5", &["6/3-6/5"]),
        ],
    );
}

#[test]
fn written() {
    assert_finds(
        "date",
        &[
            ("April 12th, 2023", &["April 12th, 2023"]),
            ("17-Feb-2023", &["17-Feb-2023"]),
            ("the 5th of Nov 2020", &["5th of Nov 2020"]),
            ("Jan 20th '23", &["Jan 20th '23"]),
            ("Aug 10, '23", &["Aug 10, '23"]),
            ("Oct. 13th, 2022", &["Oct. 13th, 2022"]),
            ("March 2022", &["March 2022"]),
            ("May 3-5, 2023", &["May 3-5, 2023"]),
            ("3. Mai 1961", &["3. Mai 1961"]),
            ("le 3 mai 1961", &["3 mai 1961"]),
            ("el 3 de mayo de 1961", &["3 de mayo de 1961"]),
            ("September 10th", &["September 10th"]),
            ("april 3", &["april 3"]),
            ("May, April 12, 2023 and", &["May, April 12, 2023"]),
        ],
    );
}

#[test]
fn relative_dates_need_company() {
    let text = Text::new("seen last week, three days ago, in April, yesterday", None, 0);
    let mut hits = Vec::new();
    Date.detect(&text, &mut hits);
    assert_eq!(hits.len(), 4);
    assert!(hits.iter().all(|hit| hit.score < super::super::NEEDS_COMPANY));
}

#[test]
fn near_misses_stay() {
    assert_silent(
        "date",
        &[
            "in 2021",
            "Dosis 12.6. mg, am 12.6 mmol, am 32.6. und vom 12.13., seit 1.2.3 Version",
            "on Monday",
            "pain 6/10, strength 4/5 in both legs",
            "on call 24/7, on 24/7",
            "on 1/2 tablet",
            "a 2/6 murmur, back 5/10",
            "strength 5/5, power 3/5",
            "1/2/3-4/5",
            "last year",
            "five years ago",
            "BP 120/80",
            "pain 5/10",
            "version 1.2.2023.4",
            "gpt-4o-2024-08-06",
            "2024-02-15-preview",
            "may 10 mg be given",
            "192.168.10.12",
            "13/13/2023",
            "1/2 tablet",
            "on 5/10 scale",
            "10.5.3",
            "2023-13-45",
            "march on",
        ],
    );
}

#[test]
fn months_that_are_other_words_too() {
    assert_finds(
        "date",
        &[
            ("Die Kontrolle ist am 12. Mai.", &["12. Mai"]),
            ("Der Termin am 8. Mai entfällt.", &["8. Mai"]),
            ("la consultation du 9 mars est annulée", &["9 mars"]),
            ("den 3 mars", &["3 mars"]),
        ],
    );
    assert_silent("date", &["2 mai mari", "4 Mars missions", "pe mars", "ich war nie mai"]);
}

#[test]
fn days_and_years_that_may_be_something_else() {
    assert_finds(
        "date",
        &[
            ("DOB 4-4-96", &["4-4-96"]),
            ("Recheck 12 Dec. Started 11 March.", &["12 Dec", "11 March"]),
            ("off 23\u{2013}27 December and 3-7 April", &["23\u{2013}27 December", "3-7 April"]),
        ],
    );
    let unsure = |text: &str| {
        let mut hits = Vec::new();
        Date.detect(&Text::new(text, None, 0), &mut hits);
        assert!(hits.iter().all(|hit| hit.score < super::super::NEEDS_COMPANY), "{text:?}: {hits:?}");
        hits.iter().map(|hit| text[hit.start..hit.end].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(unsure("slipped in Tigard 7-11-24 or 8-8-24"), ["7-11-24", "8-8-24"]);
    assert_eq!(unsure("the patient went home 9.16.23; procedure dec 2"), ["9.16.23", "dec 2"]);
    assert_eq!(unsure("before may 9 or sept 5"), ["may 9", "sept 5"]);
    // Ranges, versions, doses, and what goes on.
    let none = [
        "version 9.16.23 for the patient",
        "may 5 mg",
        "1-2-3",
        "8-8-24-7",
        "set 3",
        "4.15.24.1",
        "iPhone 9.16.23 of her",
        "8-8-24 mg",
    ];
    none.iter().for_each(|text| assert_eq!(unsure(text), [""; 0], "{text:?}"));
}

#[test]
fn intervals_births_and_months_of_other_languages() {
    assert_finds(
        "date",
        &[
            ("on 1961-3-4 or 1961/3/4", &["1961-3-4", "1961/3/4"]),
            ("2024-03-04/2024-03-07", &["2024-03-04", "2024-03-07"]),
            ("DOS: 3/4-3/7/2024", &["3/4-3/7/2024"]),
            ("DOB 04 03 61", &["04 03 61"]),
            ("date of birth: 1961.3.4", &["1961.3.4"]),
            ("DOB: 03-1961", &["03-1961"]),
            ("14 de mar\u{e7}o de 1961", &["14 de mar\u{e7}o de 1961"]),
            ("14-ene-1961, 14 avr. 1961, 12 Ocak 1961", &["14-ene-1961", "14 avr. 1961", "12 Ocak 1961"]),
            ("19 \u{43c}\u{430}\u{440}\u{442}\u{430} 1961", &["19 \u{43c}\u{430}\u{440}\u{442}\u{430} 1961"]),
            ("4.-7. M\u{e4}rz 2024, du 4 au 7 mars 2024", &["4.-7. M\u{e4}rz 2024", "4 au 7 mars 2024"]),
        ],
    );
    assert_silent(
        "date",
        &["version 2024.1.5", "blog/2024/1/5/post", "2 set 4 reps", "3 gru", "DOB unknown, 3 4"],
    );
}

#[test]
fn constructed_in_programs() {
    assert_finds(
        "date",
        &[
            ("{'dob': datetime.date(1961, 3, 14), 'mrn': 88120034}", &["1961, 3, 14"]),
            ("(datetime.datetime(1961, 3, 14, 0, 0),)", &["1961, 3, 14"]),
            ("LocalDate.of(1961, 3, 14)", &["1961, 3, 14"]),
            ("new Date(1961, 2, 14)", &["1961, 2, 14"]),
            ("Date.UTC(1961,2,14)", &["1961,2,14"]),
            ("time.Date(1961, 3, 14, 0, 0, 0, 0, time.UTC)", &["1961, 3, 14"]),
        ],
    );
    assert_silent(
        "date",
        &[
            "range(1961, 3, 14)",
            "date(1961, 33, 14)",
            "List.of(1961, 3, 14)",
            "datetime.date(1961, 3",
            "date(1961)",
        ],
    );
}

#[test]
fn days_as_notes_and_leases_write_them() {
    assert_finds(
        "date",
        &[
            ("the patient's MRI on 3-3 demonstrated infarct", &["3-3"]),
            ("warfarin was started on 3-8 after repeat CT", &["3-8"]),
            ("made on the 1st day of September, 2023 between", &["1st day of September, 2023"]),
            ("Entlassung geplant für 22.11. in das", &["22.11"]),
        ],
    );
    assert_silent(
        "date",
        &[
            "the patient is on 2-3 L by cannula",
            "on 1-2 tablets of aspirin",
            "Bump it from 4.17.20 to 4.17.21 for the patient",
        ],
    );
}

#[test]
fn days_and_years_of_research_data() {
    assert_finds(
        "date",
        &[
            ("Admission Date: 2116-12-08 ", &["2116-12-08"]),
            ("the patient had aspirin from 12-02. Held through 12-22.", &["12-02", "12-22"]),
        ],
    );
    assert_silent("date", &["the patient had 12-02 of it", "aspirin by 2-3."]);
}
