use super::super::tests::{assert_finds, assert_silent};

#[test]
fn by_their_form() {
    assert_finds(
        "named",
        &[
            ("<td>Takudzwa P. Gumbo</td>", &["Takudzwa P. Gumbo"]),
            ("wk 37  T. J. McAllister-Obi  Emp", &["T. J. McAllister-Obi"]),
            ("= I. MacGillivray -> same", &["I. MacGillivray"]),
            ("know Temperance \"Tempy\" Goolagong? We", &["Temperance \"Tempy\" Goolagong"]),
            ("saw Dorothea Umbridgeworth today", &["Dorothea Umbridgeworth"]),
        ],
    );
}

#[test]
fn by_what_stands_before() {
    assert_finds(
        "named",
        &[
            ("Sukunimi: Äyräväinen\n", &["Äyräväinen"]),
            (
                "Compareciente: NEKANE GOROSTIZA PÉREZ DE ARRILUCEA, NIE",
                &["NEKANE GOROSTIZA PÉREZ DE ARRILUCEA"],
            ),
            ("Nom d'usage : POULIQUEN-HADDADI\n", &["POULIQUEN-HADDADI"]),
            ("re-issue? ta, Shazza", &["Shazza"]),
            ("hoi, ik ben tjibbert, huurder", &["tjibbert"]),
            ("Je m'appelle idrissa coulibaly-mercier, j'ai", &["idrissa coulibaly-mercier"]),
            ("Hallo Familie Nkrumah-Seibold, bitte", &["Nkrumah-Seibold"]),
            ("Käsbohrer-Tahiri, geb. Obermoser, geboren", &["Obermoser"]),
            (
                "Lwazi: Right, and what is it\nAgent: it is the reference\nLwazi: read it out again",
                &["Lwazi", "Lwazi"],
            ),
        ],
    );
}

#[test]
fn what_is_no_name() {
    assert_silent(
        "named",
        &[
            "Vitamin B. Take it daily",
            "Figure A. Results of the trial",
            "U. S. Army",
            "Note: this is a remark\nSummary: nothing was found today",
            "Nutzer: Welche Wechselwirkungen hat es\nAssistent: es hat keine davon",
            "Error: file not found here\nWarning: disk is almost full",
            "the \"Gold\" Standard",
            "seen by Zorel \"",
            "Zorel \"a",
            "ik ben ziek, dus",
            "many thanks, Margin",
            "Familie und Freunde",
            "geb. am 3.4.1961",
            "Fahrer: unbekannt",
            "Release B. Fixes",
        ],
    );
}
