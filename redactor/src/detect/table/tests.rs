use super::super::tests::{assert_finds, assert_silent};

#[test]
fn cells_below_a_telling_head() {
    assert_finds(
        "table",
        &[
            (
                "id,name,ssn\n1,Xochitl Qxyz,512345671\n2,Ana,512345672\nend",
                &["Xochitl Qxyz", "512345671", "Ana", "512345672"],
            ),
            ("| Patient | MRN |\n|---|---:|\n| Ana Qxyz | 70444444 |", &["Ana Qxyz", "70444444"]),
            ("mrn\tdob\n70444444\t1961-03-02", &["70444444", "1961-03-02"]),
            ("name;zip\n\"Qxyz, Ana\";78701", &["Qxyz, Ana", "78701"]),
            (
                "INSERT INTO p (id, mrn, last_name) VALUES (1, '70444444', 'Qxyz'), (2, '70444445', 'Abc')",
                &["70444444", "Qxyz", "70444445", "Abc"],
            ),
        ],
    );
    assert_silent(
        "table",
        &[
            "she has no name, ssn or mrn\nand so on",
            "phone, mail\nplease call, or write a letter",
            "| name | value |\n| x_y | 12 |",
            "mrn, dob",
        ],
    );
}
