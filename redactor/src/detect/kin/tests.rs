use super::super::tests::{assert_finds, assert_silent};

#[test]
fn relatives() {
    assert_finds(
        "kin",
        &[
            ("Mi padre Fausto toma enalapril.", &["Fausto"]),
            ("Mijn zoon Maarten slikt ritalin.", &["Maarten"]),
            ("Mój brat Bogumił bierze insulinę.", &["Bogumił"]),
            ("Mon fils Maël est malade.", &["Maël"]),
            ("Ihre Tochter Gundula wohnt hier.", &["Gundula"]),
            ("min syster Astrid ringde", &["Astrid"]),
            ("la figlia Fiorella ha la febbre", &["Fiorella"]),
            ("soția Ionela a sunat", &["Ionela"]),
            ("Fiica mea Anghelina are febră.", &["Anghelina"]),
        ],
    );
    assert_silent(
        "kin",
        &[
            "Mein Vater Diabetiker, meine Mutter Brustkrebs",
            "mit der Tochter Kontakt aufgenommen",
            "so far Python has no switch",
            "Mi madre EPOC, mi padre Parkinson",
            "ma mère Alzheimer",
            "the brat Kettle",
        ],
    );
}

#[test]
fn offices_and_titles() {
    assert_finds(
        "kin",
        &[
            ("Hr. Lindemann rief an.", &["Lindemann"]),
            ("vyšetření pana Dvořáka", &["Dvořáka"]),
            ("Inhaberin Gundula Prantner", &["Gundula Prantner"]),
            ("Mitarbeiter Egon Stadler ist krank.", &["Egon Stadler"]),
            ("Överläkare Gunvor Ek opererade Torsten.", &["Gunvor Ek", "Torsten"]),
            ("Huisarts verwees Maarten naar de poli.", &["Maarten"]),
            ("lekarz Nowak przepisał antybiotyk", &["Nowak"]),
        ],
    );
    assert_silent(
        "kin",
        &[
            "Oberarzt Chirurgie",
            "Chefarzt Innere Medizin",
            "Der Hausarzt verordnet Ramipril.",
            "Glukose 90 mg/dl. Kreatinin normal",
            "Sr. Creatinine 1.1",
            "HR 88. Stable",
        ],
    );
}
