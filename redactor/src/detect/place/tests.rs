use super::super::tests::{assert_finds, assert_silent, found_under};
use super::*;

#[test]
fn organisations() {
    assert_finds(
        "place",
        &[
            ("at Elm Clinic on", &["Elm Clinic"]),
            ("St. Luke's Medical Center in Boise, ID now", &["St. Luke's Medical Center in Boise, ID"]),
            ("Children's Hospital of Atlanta", &["Children's Hospital of Atlanta"]),
            ("our Dallas clinic", &["Dallas clinic", "Dallas"]),
            ("at Mt. Sinai on", &["Mt. Sinai"]),
            ("at UCSF with", &["UCSF"]),
            ("Riverfield Medical Center", &["Riverfield Medical Center"]),
        ],
    );
}

#[test]
fn towns() {
    assert_finds(
        "place",
        &[
            ("lives in Houston, TX", &["Houston, TX"]),
            ("from Los Angeles", &["Los Angeles"]),
            ("Fairfield, CT", &["Fairfield, CT"]),
            ("of King County who", &["King County"]),
            ("in Boise again", &["Boise"]),
        ],
    );
    assert_eq!(found_under("place", Some("city"), "Zzyzx"), [(Category::Place, "Zzyzx".to_string())]);
}

#[test]
fn states_and_terms_stay() {
    assert_silent(
        "place",
        &[
            "in California",
            "the outpatient clinic",
            "Mental Health matters",
            "St. John's wort",
            "Lyme disease",
            "an ST elevation",
            "in Reading the chart",
            "the hospital",
            "New York Heart Association",
            "John Smith, MD",
            "public health",
            "West Nile virus",
            "KIDNEYS ARE NORMAL IN SIZE",
            "N Engl J Med. 2021",
            "How tall is Mount Fuji",
            "cycle 5 of CHOP with no toxicity",
            "NEUROLOGY CLINIC",
            "the Attorney General said",
        ],
    );
}

#[test]
fn state_of_a_place() {
    assert_eq!(state_of("New Orleans, LA"), Some("LA"));
    assert_eq!(state_of("12 Elm St, Springfield, IL 62704"), Some("IL"));
    assert_eq!(state_of("Mercy Clinic, California"), Some("California"));
    assert_eq!(state_of("Boise"), None);
}

#[test]
fn towns_set_off_by_commas_or_brackets() {
    assert_finds(
        "place",
        &[
            ("seen 1969-09-14, Oshkosh, last visit", &["Oshkosh"]),
            ("the exchange (livestock, Amarillo).", &["Amarillo"]),
        ],
    );
    assert_silent("place", &["the laws of the State of Oregon", "Oshkosh was there"]);
}
