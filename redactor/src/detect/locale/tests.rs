use super::super::tests::{assert_finds, assert_silent};

#[test]
fn places_in_no_list() {
    assert_finds(
        "locale",
        &[
            ("he drove in from Kettlesworth", &["Kettlesworth"]),
            ("she moved here from Marlow Vale last", &["Marlow Vale"]),
            ("a farm outside Kettlesworth", &["Kettlesworth"]),
            ("the Kettlesworth area", &["Kettlesworth"]),
            ("a lifelong Kettlesworth resident", &["Kettlesworth"]),
            ("patient in Kettlesworth, a suburb of", &["Kettlesworth"]),
            ("his wife comes from Stoke-under-Ham", &["Stoke-under-Ham"]),
        ],
    );
    assert_silent(
        "locale",
        &[
            "in Kubernetes the pod",
            "from January on",
            "referred to Smith",
            "he lives in Ohio",
            "switch to Xarelto",
            "the Parkinson patient",
            "deploys from Grafana",
            "seen in Clinic",
            "the patient is in Pain",
            "the patient works in Quality Assurance",
        ],
    );
}

#[test]
fn where_somebody_lives_abroad() {
    assert_finds(
        "locale",
        &[
            ("nato a Rovereto il 3 maggio", &["Rovereto"]),
            ("hon bor i Lidköping", &["Lidköping"]),
            ("elle habite à Concarneau", &["Concarneau"]),
            ("mieszka w Grodzisku", &["Grodzisku"]),
            ("locuiește în Făgăraș", &["Făgăraș"]),
        ],
    );
    assert_silent("locale", &["a Rovereto car", "bor a hole i Lidk", "a cappella Rovereto"]);
}

#[test]
fn towns_in_small_letters() {
    assert_finds("locale", &[("my mom lives in yonkers now", &["yonkers"])]);
    assert_silent(
        "locale",
        &["the pods in yonkers", "my mom lives in reading", "her yonkers", "his file in yonkers.txt"],
    );
}

#[test]
fn places_behind_prepositions_abroad() {
    assert_finds(
        "locale",
        &[
            ("Pacjentka upadła w Radziejowie i", &["Radziejowie"]),
            ("sa nièce est à Plouhinec depuis", &["Plouhinec"]),
            ("haar echtgenoot zit te Hoogkarspel,", &["Hoogkarspel"]),
            ("son époux est plombier à Saint-Gaudens", &["Saint-Gaudens"]),
            ("potilas kaatui Lapinlahdessa eilen", &["Lapinlahdessa"]),
            ("Potem zmarł w Radziejowie.", &["Radziejowie"]),
            ("le dépôt de Plouhinec ferme", &["Plouhinec"]),
            ("all'aeroporto Brontolo", &["Brontolo"]),
            ("the patient walked past Kettlesworth", &["Kettlesworth"]),
        ],
    );
    assert_silent(
        "locale",
        &[
            "plik w Linuksie",
            "le fichier est à Plouhinec",
            "sa nièce est à Paul",
            "zijn echtgenoot en Willem",
            "compagnon and a Plouhinec",
            "potilas kaatui Vanessa",
            "le dépôt de Paul",
        ],
    );
}

#[test]
fn places_of_birth_and_of_letters() {
    assert_finds(
        "locale",
        &[
            ("Née le : 3 février 1989 à Tourcoing", &["Tourcoing"]),
            ("nato il 12/03/1956 a Cremona", &["Cremona"]),
            ("Villeneuve-lès-Maguelone, le 18 novembre 2024\n", &["Villeneuve-lès-Maguelone"]),
            ("Köln, den 3. Mai 2024", &["Köln"]),
        ],
    );
    assert_silent("locale", &["Metformin, le 18", "Januar, den 3. Mai"]);
}
