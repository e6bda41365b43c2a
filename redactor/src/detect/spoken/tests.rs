use super::super::tests::{assert_finds, assert_silent};

#[test]
fn dates() {
    assert_finds(
        "spoken",
        &[
            ("on the third of May nineteen sixty one, yes", &["third of May nineteen sixty one"]),
            (
                "the twenty-second of June two thousand and twenty three.",
                &["twenty-second of June two thousand and twenty three"],
            ),
            ("seen March the fourth twenty twenty two", &["March the fourth twenty twenty two"]),
            ("May third, nineteen sixty-one", &["May third, nineteen sixty-one"]),
            ("in April nineteen oh five", &["April nineteen oh five"]),
            ("on August thirty-first", &["August thirty-first"]),
            ("the second of january two thousand", &["second of january two thousand"]),
        ],
    );
    assert_silent(
        "spoken",
        &[
            "it may first be tried",
            "May first responders help",
            "the second march of symptoms",
            "nineteen sixty one",
            "May I",
            "the first of two",
            "march",
        ],
    );
}

#[test]
fn names_letter_by_letter() {
    assert_finds(
        "spoken",
        &[
            ("my name is spelled q o r b e t a", &["q o r b e t a"]),
            ("last name Q-O-R-B-E-T-A, first name Lum", &["Q-O-R-B-E-T-A"]),
            ("my last name is q as in queen o as in oscar", &["q as in queen o as in oscar"]),
            ("yeah it's spelled L U M.", &["L U M"]),
            (
                "that's B as in Bravo, R as in Romeo and I for India, yes",
                &["B as in Bravo, R as in Romeo and I for India"],
            ),
            (
                "date of birth is march fourteenth nineteen sixty one",
                &["march fourteenth nineteen sixty one"],
            ),
        ],
    );
    assert_silent(
        "spoken",
        &[
            "options A B C D are open",
            "vitamins A, D, E, K",
            "grade B as in the last report",
            "my name is a b",
            "patients A, B, C, D were seen",
            "A for apple, B for ball, C for cat",
            "spelled with a K and an S",
            "born in nineteen sixty one",
            "DOB: nineteen sixty one",
            "birthday party for seven",
        ],
    );
}
