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

#[test]
fn plates_of_many_states_behind_a_vehicle() {
    assert_finds(
        "vehicle",
        &[
            ("das Fahrzeug WU-552 KA stand dort", &["WU-552 KA"]),
            ("ma voiture (FB-229-KD) est garée", &["FB-229-KD"]),
            ("su coche 2291 KBD", &["2291 KBD"]),
            ("bilen KBD 22F kom", &["KBD 22F"]),
            ("autoturismul CJ-22-KBD", &["CJ-22-KBD"]),
            ("the vehicle LB22 KDM", &["LB22 KDM"]),
            ("our Volvo, KD-229-B, is blue", &["KD-229-B"]),
            ("pojazd KR 5K229", &["KR 5K229"]),
            ("vozidlo RZ 5K2 2291", &["5K2 2291"]),
            ("veicolo GB 229 KD", &["GB 229 KD"]),
        ],
    );
    assert_silent(
        "vehicle",
        &[
            "a car of 100 PS",
            "BMW 320 CDI",
            "V-belt SPZ 1250",
            "the truck took I 95 to DC",
            "auto 2024",
            "the van at 12-15",
            "code WU-552 KA",
            "car USB-C 3.0",
        ],
    );
}

#[test]
fn german_districts_and_polish_registrations() {
    assert_finds(
        "vehicle",
        &[("Kennzeichen GÖ-TS 417", &["GÖ-TS 417"]), ("rejestracja WX 12345", &["WX 12345"])],
    );
    assert_silent("vehicle", &["Kennzeichen der Erkrankung", "rejestracja na 12345"]);
}

#[test]
fn plates_somewhere_behind_their_keyword() {
    assert_finds(
        "vehicle",
        &[
            ("Kfz-Kennzeichen für den Parkplatz KI-JW 908.", &["KI-JW 908"]),
            ("bastidor VSSZZZ5FZHR118820. Para", &["VSSZZZ5FZHR118820"]),
        ],
    );
}

#[test]
fn plates_that_their_form_tells() {
    assert_finds(
        "vehicle",
        &[
            ("HE 86 LY GP | Imogen | lost", &["HE 86 LY GP"]),
            ("RAMP 1 Corolla 211-D-26399, NCT fail", &["211-D-26399"]),
            ("the 98-KY-1204 outside", &["98-KY-1204"]),
            ("Ihr Golf HM W 6308 steht", &["HM W 6308"]),
            ("plaka 26 ZJ 392, adres", &["26 ZJ 392"]),
        ],
    );
    assert_silent(
        "vehicle",
        &["set HE 86 LY to 3", "part 211-D-26399-4", "item 450-D-2639", "clause 98-KZ-12", "golf on day 12"],
    );
}
