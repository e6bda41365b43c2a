use super::super::tests::{assert_finds, assert_silent};

#[test]
fn lists() {
    assert_finds(
        "roster",
        &[
            (
                "Callbacks:\nQorbeta\nKowalski\nTuiasosopo\nNguyen\n",
                &["Qorbeta", "Kowalski", "Tuiasosopo", "Nguyen"],
            ),
            (
                "the ward: Kowalski, Nguyen, Qorbeta and O'Malley.",
                &["Kowalski", "Nguyen", "Qorbeta", "O'Malley"],
            ),
            ("1. Kowalski - CHF\n2. Qorbeta - DKA\n3. Nguyen - hip fx", &["Kowalski", "Qorbeta", "Nguyen"]),
        ],
    );
    assert_silent(
        "roster",
        &[
            "Metformin\nLisinopril\nAtorvastatin\n",
            "Boston, Chicago, Denver",
            "Assessment\nPlan\nSubjective\n",
            "Crohn, Graves, Wilson",
            "Python, Jenkins, Jackson",
            "Kowalski, Nguyen",
            "Klebsiella\nPseudomonas\nEnterobacter\n",
        ],
    );
}
