use super::super::tests::{assert_finds, assert_silent, found_under};
use super::*;

#[test]
fn behind_its_keyword() {
    assert_finds(
        "mrn",
        &[
            ("(MRN: #SF-998877)", &["SF-998877"]),
            ("under MRN 12345-JS?", &["12345-JS"]),
            ("mrn#MP98765.", &["MP98765"]),
            ("medical record number is 789-45-321", &["789-45-321"]),
            ("MRN 123 456 789", &["123 456 789"]),
            ("patient 998877 (MRN) was", &["998877"]),
            ("chart no. AB 123456", &["AB 123456"]),
        ],
    );
    assert_eq!(found_under("mrn", Some("patientMRN"), "0012345"), [(Category::Mrn, "0012345".to_string())]);
    assert_eq!(
        found_under("mrn", Some("medical_record_number"), "A-77123"),
        [(Category::Mrn, "A-77123".to_string())]
    );
}

#[test]
fn near_misses_stay() {
    assert_silent(
        "mrn",
        &[
            "the record of 2021",
            "a record 10000 rows",
            "chart review in 2023",
            "998877",
            "encounter on 04/12/2023",
            "in 2023 (MRN pending)",
        ],
    );
    assert_eq!(found_under("mrn", Some("created"), "1718041234"), []);
}

#[test]
fn signs_and_words_between() {
    for text in [
        "MRN (verified): 70444321",
        "MRN, 70444321",
        "MRN; 70444321",
        "MRN: «70444321»",
        "MRN: ~~70444321~~",
        "MRN: @70444321",
        "MRN ~ 70444321",
        "[MRN] 70444321",
        "[MRN](70444321)",
        "MRN={70444321}",
        "my MRN should be 70444321",
        "the MRN, which is 70444321",
        "please find my MRN below.\n70444321",
        "MRN?\n70444321",
        "Q: MRN?\nA: 70444321",
        "MRN list: 70444321",
        "WHERE mrn <> 70444321",
        "mrn::text = '70444321'",
        "p.mrn LIKE '70444321%'",
        "SELECT '70444321' AS mrn",
        "70444321 - MRN",
        "use 70444321 as MRN",
        "70444321 is her MRN",
        "70444321 (medical record number)",
    ] {
        assert_finds("mrn", &[(text, &["70444321"])]);
    }
    assert_finds(
        "mrn",
        &[
            ("old MRN 70444321, new 70444322", &["70444321", "70444322"]),
            ("MRN was changed from 70444321 to 70444322", &["70444321", "70444322"]),
            ("WHERE mrn BETWEEN 70444321 AND 70444329", &["70444321", "70444329"]),
            ("MRN\n70444321\n70444322\n", &["70444321", "70444322"]),
            ("MRNs:\n- 70444321\n- 70444322\n", &["70444321", "70444322"]),
            ("MRN: @AB704443, MRN={AB704444}", &["AB704443", "AB704444"]),
            ("MRNs A7044432, A7044433 and A7044434", &["A7044432", "A7044433", "A7044434"]),
        ],
    );
    assert_silent(
        "mrn",
        &[
            "without an MRN, 12 of them",
            "the chart; 2000 visits",
            "any MRN? 400 rows",
            "the file {mrn} 12",
            "use 70444321 as a limit",
            "12345678 - record",
            "no mrn (none)",
            "SELECT mrn, 100000 FROM t",
            "the mrn should be 1000 wide",
        ],
    );
}

#[test]
fn a_number_before_a_code_that_begins_with_a_unit() {
    assert_finds("mrn", &[("MRN 4040922 G2P2002", &["4040922"]), ("MRN 404-0922  L5-S1", &["404-0922"])]);
    assert_silent("mrn", &["MRN 4040922 g"]);
}
