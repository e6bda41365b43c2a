use super::super::tests::{assert_finds, assert_silent};

/// The specimens of ICAO Doc 9303, parts 4 and 5.
const PASSPORT: [&str; 2] =
    ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"];
const CARD: [&str; 3] =
    ["I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"];

#[test]
fn specimens() {
    assert_finds(
        "mrz",
        &[
            (&format!("scan:\n{}\n{}\n", PASSPORT[0], PASSPORT[1]), &PASSPORT),
            (&format!("{} alone", PASSPORT[1]), &PASSPORT[1..]),
            (&format!("{}\n{}\n{}", CARD[0], CARD[1], CARD[2]), &CARD),
        ],
    );
}

#[test]
fn code_stays() {
    let wrong = PASSPORT[1].replace("7408122", "7408123");
    assert_silent(
        "mrz",
        &["if (A<B) std::cout << X << Y;", "<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<", "<<EOF", &wrong, "Vec<Vec<T>>"],
    );
}
