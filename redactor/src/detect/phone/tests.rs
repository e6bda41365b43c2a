use super::super::tests::{assert_finds, assert_silent};

#[test]
fn north_american() {
    assert_finds(
        "phone",
        &[
            ("call (212) 555-0143 ext. 12 now", &["(212) 555-0143 ext. 12"]),
            ("212-555-0143.", &["212-555-0143"]),
            ("+1 212 555 0143", &["+1 212 555 0143"]),
            ("1-800-555-0199", &["1-800-555-0199"]),
            ("(123) 456-7890", &["(123) 456-7890"]),
            ("212.555.0143 x7", &["212.555.0143 x7"]),
            ("Poe,2010-11-19,612 555 0178,Troy", &["612 555 0178"]),
        ],
    );
}

#[test]
fn international_and_announced() {
    assert_finds(
        "phone",
        &[
            ("+44 20 7946 0958", &["+44 20 7946 0958"]),
            ("Tel. +49 (30) 901820", &["+49 (30) 901820"]),
            ("phone: 2125550143", &["2125550143"]),
            ("cell 555-0143", &["555-0143"]),
        ],
    );
}

#[test]
fn near_misses_stay() {
    assert_silent("phone", &["signed 03/02/2024 14:33", "at 01.05.2024 09:30 on"]);
    assert_silent(
        "phone",
        &[
            "2125550143",
            "550e8400-e29b-41d4-a716-446655440000",
            "1718041234",
            "[0,2125550143,1]",
            "123-45-6789",
            "MRN 12-212-555-0143",
            "555-0143",
            "v1.212.555.0143",
            "+5 points",
            "x + 20 7946 0958",
        ],
    );
}

#[test]
fn national_shapes_behind_keywords() {
    assert_finds(
        "phone",
        &[
            ("mi teléfono es el 622 918 840", &["622 918 840"]),
            ("pod numer 602 291 884", &["602 291 884"]),
            ("mit telefonnummer er 22 91 88 40", &["22 91 88 40"]),
            ("telefone (21) 92291-8840", &["(21) 92291-8840"]),
            ("Tel. (0161) 496 0442", &["(0161) 496 0442"]),
            ("bereikbaar op 31 6 2291 0044", &["31 6 2291 0044"]),
        ],
    );
    assert_silent("phone", &["31 6 2291 0044", "el 622 918 840", "phone (21) in 2 weeks"]);
}

#[test]
fn pagers_and_extensions() {
    assert_finds(
        "phone",
        &[
            ("pager 55012", &["55012"]),
            ("beeper 3-8821", &["3-8821"]),
            ("paged 55013", &["55013"]),
            ("Ext. 44102", &["44102"]),
            ("the ward at x4-2210.", &["x4-2210"]),
            ("extension number 7731", &["7731"]),
        ],
    );
    assert_silent(
        "phone",
        &[
            "ext 4 and xfs",
            "ext. rotation 45",
            "x4 magnification",
            "pager 12",
            "x86-64",
            "extension 2021",
            "ext4-1024",
        ],
    );
}

#[test]
fn groups_without_a_trunk_prefix_and_extensions_abroad() {
    assert_finds(
        "phone",
        &[
            ("su letrado (963 50 18 27) llama", &["963 50 18 27"]),
            ("reklamacja, 12 555 01 88", &["12 555 01 88"]),
            ("pix (11) 95550-2291, obrigado", &["(11) 95550-2291"]),
            ("(041) 555 02 44 in the mornings", &["(041) 555 02 44"]),
            ("app me on 0031 6 5550 2291", &["0031 6 5550 2291"]),
            ("ask Wladek 07700900229", &["07700900229"]),
            ("206 555.0199 thanks", &["206 555.0199"]),
            ("Durchwahl -2291, Gruß", &["2291"]),
            ("pok. 214, wewn. 2291", &["2291"]),
            ("ring på 55 50 22 91 i dag", &["55 50 22 91"]),
        ],
    );
    assert_silent(
        "phone",
        &[
            "123 45 67 89",
            "GTIN 00312345678906",
            "rows 12 345 67 89 10 11",
            "version 963.50.18",
            "0412345678901",
            "(12) 2291-88",
            "poste 2019",
        ],
    );
}

#[test]
fn rows_of_numbers_are_none() {
    assert_silent(
        "phone",
        &[
            "0 1 2 3 4 5 6 7 8 9 10",
            "01 02 03 04 05 06 07 08 09 10",
            "02 14 23 35 41 47",
            "00000000: 7f45 4c46 0201 0100 0000",
            "NDC 0093-1048-01",
            "Boston, MA 02139-4307",
        ],
    );
    assert_finds("phone", &[("06 12 34 56 78", &["06 12 34 56 78"]), ("0151 31839948", &["0151 31839948"])]);
}

#[test]
fn spaced_signs_and_calls() {
    assert_finds(
        "phone",
        &[
            ("Phone: (508) 555 - 0147 x 12", &["(508) 555 - 0147 x 12"]),
            ("Phone: 508 - 555 - 0147", &["508 - 555 - 0147"]),
            ("call me at 5085550147", &["5085550147"]),
            ("cb# 555-0147", &["555-0147"]),
            ("Phone: +49 551 / 4417 - 22", &["+49 551 / 4417 - 22"]),
            ("Phone: +49 551 4417221 - 22.03.2024", &["+49 551 4417221"]),
            ("Phone: +49 551 4417221 - 22:30", &["+49 551 4417221"]),
            ("Phone: x4417", &["x4417"]),
        ],
    );
    assert_silent(
        "phone",
        &[
            "amoxicillin 0093-1048-01 dispensed",
            "phone x86 and arm",
            "call me at 10",
            "cb 12",
            "scores 508 - 555 - 0147",
        ],
    );
}
