use super::super::tests::{assert_finds, assert_silent};

#[test]
fn vin_check_digit() {
    // 49 CFR 565's example and a widely published one.
    assert_finds(
        "vehicle",
        &[
            ("VIN 1M8GDM9AXKP042788", &["1M8GDM9AXKP042788"]),
            ("a 1HGCM82633A004352 sedan", &["1HGCM82633A004352"]),
        ],
    );
    assert_silent("vehicle", &["1M8GDM9A0KP042788", "11111111111111111", "1M8GDM9AXKP04278O"]);
}

#[test]
fn behind_keywords() {
    assert_finds(
        "vehicle",
        &[("license plate 7ABC123", &["7ABC123"]), ("vin: WVWZZZ1JZXW000001", &["WVWZZZ1JZXW000001"])],
    );
    assert_silent("vehicle", &["a plate of food", "96 well plates"]);
}
