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

#[test]
fn titles_before_a_name_in_no_list() {
    assert_finds(
        "kin",
        &[
            ("Geachte heer Mertens,", &["Mertens"]),
            ("de heer Hoogzand belde", &["Hoogzand"]),
            ("mw. Hoogzand belde over de uitslag", &["Hoogzand"]),
            ("Drs. Mertens", &["Mertens"]),
            ("Gentile sig. Zorzi,", &["Zorzi"]),
            ("La sig.ra Zorzi ha chiamato", &["Zorzi"]),
            ("Estimado Sr. Mertens:", &["Mertens"]),
            ("Szanowny Panie Mertens", &["Mertens"]),
            ("lek. Mertens", &["Mertens"]),
            ("Sachbearbeiter Hr. Olbrich", &["Olbrich"]),
            ("Pat. Mertens klagt über Schmerzen", &["Mertens"]),
            ("z. Hd. Mertens", &["Mertens"]),
            ("gez. Mertens", &["Mertens"]),
            ("i.V. Mertens", &["Mertens"]),
            ("lääkäri Mertens", &["Mertens"]),
            ("rouva Mertens", &["Mertens"]),
            ("M. PERRODEAU Yannick", &["PERRODEAU Yannick"]),
            ("Pt. Mertens c/o pain", &["Mertens"]),
        ],
    );
    assert_silent(
        "kin",
        &[
            "a peak of 5 mw. Zorzi",
            "Sr. Creatinine 1.1",
            "Pat. Pending in 2021",
            "given i.v. Zorzimab",
            "the pt. Mertens",
            "Pt. Ambulating well",
            "Pt. Denies pain",
            "Pt. Afebrile",
            "Pat. Nüchtern seit gestern",
            "i.V. Antibiotika",
            "Sig. Take one tablet daily",
            "8 hr. Hoogzand",
        ],
    );
}

#[test]
fn fields_and_shorthand() {
    assert_finds(
        "kin",
        &[
            ("Ansprechpartner: Mertens", &["Mertens"]),
            ("Fastlege: Mertens", &["Mertens"]),
            ("Witness: Mertens", &["Mertens"]),
            ("Notary: Mertens, Boston", &["Mertens"]),
            ("Signed, Mertens", &["Mertens"]),
            ("D/w Mertens", &["Mertens"]),
            ("OA Mertens sah den Patienten", &["Mertens"]),
            ("Rücksprache mit OA Mertens", &["Mertens"]),
        ],
    );
    assert_silent(
        "kin",
        &[
            "Signed, Sealed, Delivered",
            "Signed, Sealed",
            "D/w Ortho",
            "D/w Neurosurgery",
            "d/w Radiology",
            "d/w Family",
            "OA Mertens",
            "OA Knie beidseits",
            "Hausarzt: Chirurgische Klinik",
            "Witness: Protection Program",
            "Ansprechpartner: Empfang",
            "mit HA Rücksprache gehalten",
        ],
    );
}
