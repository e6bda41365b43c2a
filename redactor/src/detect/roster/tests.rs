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

#[test]
fn labels_of_given_and_family_name() {
    assert_finds(
        "roster",
        &[
            ("First: Maria\nLast: Qorbeta\nRoom: 4", &["Maria", "Qorbeta"]),
            ("Last: O'Malley, First: Dana, unit 4", &["O'Malley", "Dana"]),
            ("First: Qorbe\nMiddle: Ann\nLast: Kowalski\n", &["Qorbe", "Kowalski"]),
        ],
    );
    assert_silent(
        "roster",
        &[
            "First: Item\nLast: Item\n",
            "First: Monday\nLast: Friday\n",
            "First: Maria went home\nLast: nothing\n",
            "First: Boston\nThen: Chicago\n",
            "first: 1\nlast: 20\n",
        ],
    );
}
