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
