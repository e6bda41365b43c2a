use super::super::tests::{assert_finds, assert_silent};

#[test]
fn alone() {
    assert_finds(
        "given",
        &[
            ("Zoltan's mom says", &["Zoltan"]),
            ("[20:46] Ilze: did she", &["Ilze"]),
            ("ride home: Chamari 913-568-7692", &["Chamari"]),
            ("Hanna, can you call", &["Hanna"]),
            ("Qorbetan, please look; Lumzo, could you", &["Qorbetan"]),
            ("Lumzo, could you look", &["Lumzo"]),
            ("Hi Zaynab, thanks", &["Zaynab"]),
            ("Scott from Marlow keeps asking", &["Scott"]),
            ("Letter to Doctor Wood regarding", &["Wood"]),
            ("Zdenka's potassium is high", &["Zdenka"]),
            ("Renata's thrombocytopenia", &["Renata"]),
            ("Interpreter Soraya present", &["Soraya"]),
            ("Emergency contact: Torvald, relation", &["Torvald"]),
        ],
    );
    assert_silent(
        "given",
        &[
            "Crohn's family of diseases",
            "Parkinson's care",
            "[12:00] Error: no such file",
            "Python, too, has lists",
            "Note: see below",
            "However, the patient",
            "Plan: 2000 calories",
            "Doctor Note",
            "Today's labs",
            "Python from scratch",
        ],
    );
}
