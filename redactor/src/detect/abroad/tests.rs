use super::super::tests::{assert_finds, assert_silent, found};

#[test]
fn houses() {
    assert_finds(
        "abroad",
        &[
            ("ricoverato presso Ospedale San Luca", &["Ospedale San Luca"]),
            ("à Hôpital Necker le", &["Hôpital Necker"]),
            ("im Marienkrankenhaus behandelt", &["Marienkrankenhaus"]),
            ("im St.-Georg-Krankenhaus war", &["St.-Georg-Krankenhaus"]),
            ("på Vejens sygehus", &["Vejens sygehus"]),
        ],
    );
}

#[test]
fn addresses() {
    assert_finds(
        "abroad",
        &[
            ("wohnhaft Am Rain 4, 50667 Köln,", &["Am Rain 4, 50667 Köln", "Am Rain 4", "50667 Köln"]),
            ("in 50667 Köln", &["50667 Köln"]),
            ("zam. Długa 5, bez", &["Długa 5"]),
            ("67100 L'Aquila", &["67100 L'Aquila"]),
            ("2000 Neuchâtel", &["2000 Neuchâtel"]),
            ("12 Mill Lane, Leeds LS2 9JT", &["Leeds LS2 9JT"]),
            ("at 412 State Route 31, Dayton, OH", &["412 State Route 31, Dayton, OH"]),
        ],
    );
}

#[test]
fn numbers_stay() {
    assert_silent(
        "abroad",
        &[
            "Im Krankenhaus wurde er behandelt",
            "Das Krankenhaus war voll. Am Klinikum, Vom Krankenhaus",
            "in 2019 Boise grew",
            "take 500 Mg",
            "Chapter 12 Renal",
            "E11 9AB1",
            "address the issue",
            "4 Elm Street. Continue metoprolol 25 mg twice",
            "2022 R. Knee replacement",
            "2026 CHOI was here",
        ],
    );
}

#[test]
fn what_stands_behind_the_number_of_a_house() {
    assert_finds(
        "abroad",
        &[
            ("adresa: Dlouhá 3, Praha 1", &["Dlouhá 3, Praha 1"]),
            (
                "Adresse: Algade 5, 1. th., 4000 Roskilde",
                &["Algade 5, 1. th., 4000 Roskilde", "4000 Roskilde"],
            ),
            (
                "bopæl Nørregade 22, st. tv., 8000 Aarhus",
                &["Nørregade 22, st. tv., 8000 Aarhus", "8000 Aarhus"],
            ),
        ],
    );
    assert_finds("abroad", &[("adresa: Dlouhá 3, Praha 20 mg", &["Dlouhá 3"])]);
}

#[test]
fn houses_in_small_letters_and_of_other_kinds() {
    assert_finds(
        "abroad",
        &[
            ("cuisinier à la clinique Ferrandi.", &["clinique Ferrandi"]),
            ("all'ospedale di Rovereto il", &["ospedale di Rovereto"]),
            ("operada no hospital de Bragança ontem", &["hospital de Bragança"]),
            ("besucht die Grundschule Am Rain", &["Grundschule Am Rain"]),
            ("devant l'école Sainte-Odile", &["école Sainte-Odile"]),
            ("siivooja Porvoon sairaalassa", &["Porvoon sairaalassa"]),
            ("Wevers, Torenpad 21 bis, 3511 KW.", &["3511 KW"]),
        ],
    );
    assert_silent(
        "abroad",
        &["la clinique est", "the hospital Bed", "la casa di Mario", "file 12, 2048 KB.", "clinique en Mai"],
    );
}

#[test]
fn a_street_before_the_postcode_whatever_it_is_called() {
    assert_finds(
        "abroad",
        &[
            ("Kläger, Am Weiher 3, 94086 Bad Griesbach", &["Am Weiher 3", "94086 Bad Griesbach"]),
            ("Hafenkamp 41a\n24103 Kiel", &["Hafenkamp 41a", "24103 Kiel"]),
            ("Kromme Elleboog 24, 9712 BV Groningen.", &["Kromme Elleboog 24", "9712 BV Groningen"]),
            ("l'école des Trois-Tilleuls", &["école des Trois-Tilleuls"]),
            ("på Björkskatans vårdcentral", &["Björkskatans vårdcentral"]),
        ],
    );
    assert_silent("abroad", &["am 3. Mai 12, 94086 Stück", "Seite 3, 10115"]);
}

#[test]
fn towns_with_their_state_and_the_line_of_an_address() {
    assert_finds(
        "abroad",
        &[
            ("to Quorn SA 5433.", &["Quorn SA 5433"]),
            ("me at Selkirk MB R1A 0B7.", &["Selkirk MB R1A 0B7"]),
            ("Lane\nCork T12 XY45\n", &["Cork T12 XY45"]),
        ],
    );
    let line = "No. 27/B, 3rd Cross, Vontikoppal, Mysuru 570002";
    let spans = found("abroad", &format!("Permanent address: {line}\nMobile"));
    assert!(spans.iter().any(|(_, span)| span == line), "{spans:?}");
    assert_silent(
        "abroad",
        &["MAC address: AA:BB:CC:11:22:33, Port 4", "Address: 10.0.0.1, port 5432", "the SA 5433 chip"],
    );
}
