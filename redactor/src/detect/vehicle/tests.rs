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

#[test]
fn plates_behind_makes_and_keywords_abroad() {
    assert_finds(
        "vehicle",
        &[
            ("a silver Toyota Camry, 7TRX551", &["7TRX551"]),
            ("Honda Civic (8KLM204) left", &["8KLM204"]),
            ("Immatriculation GH-229-LM", &["GH-229-LM"]),
            ("kenteken: 16-RSL-9", &["16-RSL-9"]),
            ("targa FX 220 KD", &["FX 220 KD"]),
        ],
    );
    assert_silent("vehicle", &["Honda CBR600RR", "BMW R1200GS and X5", "saw it, 7TRX551", "plaque 12 mm"]);
    let plates = super::super::tests::found_under("vehicle", Some("plate"), "JBX 2291");
    assert_eq!(plates, [(super::Category::Vehicle, "JBX 2291".to_string())]);
}
