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
            ("mrn,name,ssn\n\n70444321,Zoltan Vekes,219099431\n", &["70444321", "Zoltan Vekes", "219099431"]),
            (
                "mrn,name\r70444321,Zoltan Vekes\r70444322,Ana\r",
                &["70444321", "Zoltan Vekes", "70444322", "Ana"],
            ),
            ("mrn,name\r\n70444321,Zoltan Vekes\r\n", &["70444321", "Zoltan Vekes"]),
            ("dob|fname|lname\n1961-03-02|Maria|Garcia", &["1961-03-02", "Maria", "Garcia"]),
            ("mrn\tdob\n70444444\t1961-03-02", &["70444444", "1961-03-02"]),
            ("name;zip\n\"Qxyz, Ana\";78701", &["Qxyz, Ana", "78701"]),
            (
                "INSERT INTO p (id, mrn, last_name) VALUES (1, '70444444', 'Qxyz'), (2, '70444445', 'Abc')",
                &["70444444", "Qxyz", "70444445", "Abc"],
            ),
            (
                "COPY public.patients (id, patient_name, mrn) FROM stdin;\n1\tQxyz Abc\t7712345\n2\t\\N\t7712346\n\\.\n",
                &["Qxyz Abc", "7712345", "7712346"],
            ),
            (
                "COPY p (mrn, last_name) FROM STDIN WITH (FORMAT csv);\n7712345,Qxyz\n7712346,\"Abc, D\"\n\\.",
                &["7712345", "Qxyz", "7712346", "Abc, D"],
            ),
            (
                "execute(\"INSERT INTO p (last_name, mrn) VALUES (%s, %s)\", (\"Qxyz\", \"7712345\"))",
                &["Qxyz", "7712345"],
            ),
            (
                "INSERT INTO p (last_name, mrn) VALUES (N'Qxyz', E'7712345'), (n'Abc', '7712346')",
                &["Qxyz", "7712345", "Abc", "7712346"],
            ),
            (
                "INSERT INTO p (last_name, mrn) VALUES ($1, $2) -- [[\"Qxyz\", 7712345], [\"Abc\", 7712346]]",
                &["Qxyz", "7712345", "Abc", "7712346"],
            ),
            (
                "  last_name      mrn  age\n0  Qxyz Abc  7712345   44\n1      Ana  7712346   45\n..  ...  ...  ...\n9  Bcd  7712347   1\n",
                &["Qxyz Abc", "7712345", "Ana", "7712346", "Bcd", "7712347"],
            ),
            ("MRN      Last name\n-------  ---------\n7712345  Qxyz\n", &["7712345", "Qxyz"]),
            (
                "name\tsize\tmrn\nAna Qxyz\t5'10\"\t7712345\nBea Qxyz\t6\"\t7712346\n",
                &["Ana Qxyz", "7712345", "Bea Qxyz", "7712346"],
            ),
            (
                "name,note,mrn\nAna Qxyz,\"first, \"\"line\nsecond\",7712345\nBea Qxyz,plain,7712346\n",
                &["Ana Qxyz", "7712345", "Bea Qxyz", "7712346"],
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
            "first,next\nOne,Two",
            "mrn,name\n\n\n70444321,Ana",
            "MRN and age  are\nthe columns  of it\n",
            "age  phone\nint  string\n",
            "INSERT INTO p (last_name, mrn) VALUES ($1, $2) -- and (so on, or not)",
            "name,mrn\n\"never closed,12\n7712345,1,2\n",
        ],
    );
}
