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
    assert_silent("account", &["DE88370400440532013000", "GB29NWBK6016133192681", "DE89"]);
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
            ("Kundennummer: 2291884", &["2291884"]),
            ("Mon numéro de client est 22 918 840", &["22 918 840"]),
            ("o número de cliente é 229188", &["229188"]),
            ("il mio codice cliente è 99120", &["99120"]),
            ("nr klienta 2291884", &["2291884"]),
            ("N° client 4471902, contratto n. 88377102", &["4471902", "88377102"]),
            ("Mitt kundnummer är 447190", &["447190"]),
            ("číslo faktury: 20251143", &["20251143"]),
            ("Kontonummer ist 229188401, BLZ 37040044", &["229188401", "37040044"]),
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

#[test]
fn british_and_polish_accounts_without_a_keyword() {
    assert_finds(
        "account",
        &[
            ("pay 20-41-83 / 55512093 please", &["20-41-83", "55512093"]),
            ("to 20-41-83 55512093", &["20-41-83", "55512093"]),
            ("na 61 1090 1014 0000 0712 1981 2874", &["61 1090 1014 0000 0712 1981 2874"]),
            ("na 61109010140000071219812874", &["61109010140000071219812874"]),
        ],
    );
    assert_silent(
        "account",
        &[
            "20-41-83 and 5551209",
            "on 12-03-24 12345",
            "62 1090 1014 0000 0712 1981 2874",
            "62109010140000071219812874",
        ],
    );
}

#[test]
fn in_german() {
    assert_finds(
        "account",
        &[("Kto 448213", &["448213"]), ("Kto.-Nr. 448213", &["448213"]), ("Konto 448213", &["448213"])],
    );
    assert_silent("account", &["Konto 12", "account 2021", "account for 8830", "account ending 8830"]);
}

#[test]
fn ibans_whose_check_fails() {
    assert_finds(
        "account",
        &[
            ("to GB29 LOYD 3096 1722 8841 06, holder", &["GB29 LOYD 3096 1722 8841 06"]),
            ("IBAN FR7630004028379876543210943.", &["FR7630004028379876543210943"]),
        ],
    );
    assert_silent("account", &["FR7630004028379876543210943 is a build", "DE12 3456 more"]);
}

#[test]
fn codes_of_banks() {
    assert_finds(
        "account",
        &[("BIC BYLADEM1001, x", &["BYLADEM1001"]), ("SWIFT code: DEUTDEFF.", &["DEUTDEFF"])],
    );
    assert_silent("account", &["SWIFT TRANSFER", "the swift fox", "BIC is needed"]);
}
