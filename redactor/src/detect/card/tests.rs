use super::super::tests::{assert_finds, assert_silent};
use super::*;

#[test]
fn luhn_and_issuer() {
    // The networks' published test numbers.
    assert_finds(
        "card",
        &[
            ("4111 1111 1111 1111", &["4111 1111 1111 1111"]),
            ("x 5555-5555-5555-4444 y", &["5555-5555-5555-4444"]),
            ("378282246310005", &["378282246310005"]),
            ("3782 822463 10005", &["3782 822463 10005"]),
            ("6011111111111117", &["6011111111111117"]),
            ("4111 1111 1111 1111 617-555-0123", &["4111 1111 1111 1111"]),
            ("3782-822463-10005 219-09-1234", &["3782-822463-10005"]),
        ],
    );
    assert_silent(
        "card",
        &[
            "4111 1111 1111 1112",
            "1718041234567",
            "0000000000000000",
            "4111-11-11-11-11-11-1111",
            "9111111111111111",
        ],
    );
}

#[test]
fn keyword_beats_luhn() {
    assert_finds("card", &[("card number 4111 1111 1111 1112", &["4111 1111 1111 1112"])]);
    assert_finds("card", &[("use the card 3400-000000-00007 today", &["3400-000000-00007"])]);
    assert_silent("card", &["use the order 3400-000000-00007 today"]);
}

#[test]
fn luhn_vectors() {
    assert!(luhn(&[7, 9, 9, 2, 7, 3, 9, 8, 7, 1, 3]));
    assert!(!luhn(&[7, 9, 9, 2, 7, 3, 9, 8, 7, 1, 0]));
}

#[test]
fn a_track_goes_with_the_name_on_it() {
    assert_finds(
        "card",
        &[(
            "swiped %B4111111111111111^VEKES/ZOLTAN^27091011000?",
            &["B4111111111111111^VEKES/ZOLTAN^27091011000"],
        )],
    );
    assert_silent("card", &["%B4111111111111112^VEKES/ZOLTAN^2709?", "B4111111111111111", "id B41^x"]);
}

#[test]
fn cards_in_groups_where_a_card_is_spoken_of() {
    assert_finds(
        "card",
        &[
            ("the last card used was 4929 1172 6650 3381.", &["4929 1172 6650 3381"]),
            ("titolare della carta 5333 1710 4462 9028", &["5333 1710 4462 9028"]),
        ],
    );
    assert_silent("card", &["the counter read 4929 1172 6650 3381."]);
}
