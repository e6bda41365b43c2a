use super::super::tests::{assert_finds, assert_silent};

#[test]
fn iban_by_check_digits() {
    // Examples of the SWIFT IBAN Registry.
    assert_finds(
        "account",
        &[
            ("pay DE89 3704 0044 0532 0130 00 now", &["DE89 3704 0044 0532 0130 00"]),
            ("GB29NWBK60161331926819", &["GB29NWBK60161331926819"]),
            ("FR1420041010050500013M02606.", &["FR1420041010050500013M02606"]),
        ],
    );
    assert_silent("account", &["DE88 3704 0044 0532 0130 00", "GB29NWBK6016133192681", "DE89"]);
}

#[test]
fn keyword_carries_any_shape() {
    assert_finds(
        "account",
        &[
            ("account number 9876543210", &["9876543210"]),
            ("acct #: 00-123456", &["00-123456"]),
            ("routing number 121000248", &["121000248"]),
            ("IBAN: DE00 3704 0044", &["DE00 3704 0044"]),
        ],
    );
    assert_silent(
        "account",
        &[
            "account for 10 percent",
            "121000248",
            "on account of 2 cases",
            "invoice: 10000 USD",
            "account: 20000 rows",
        ],
    );
}
