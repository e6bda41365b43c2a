use super::super::tests::{assert_finds, assert_silent};
use super::*;

#[test]
fn dumps() {
    assert_finds(
        "dicom",
        &[
            (
                "(0010,0010) PN [DOE^JANE]            #   8, 1 PatientName\n(0010,0020) LO [70444444]  # 8",
                &["DOE^JANE", "70444444"],
            ),
            (
                "(0010, 0010) Patient's Name                      PN: 'Tuiasosopo^Tavita'",
                &["Tuiasosopo^Tavita"],
            ),
            ("(0010, 0030) Patient's Birth Date                DA: '19610302'", &["19610302"]),
            ("(0010,0010) PN [DOE^JANE] (0010,0030) DA [19610302]", &["DOE^JANE", "19610302"]),
            ("(0010,0010): Qorbeta^Lum", &["Qorbeta^Lum"]),
            ("(0020,000d) UI [1.2.840.113619.2.55.3]", &["1.2.840.113619.2.55.3"]),
            ("(0009,1001) PN [DOE^JANE]", &["DOE^JANE"]),
            ("(0010,1010) AS [094Y]", &["094Y"]),
        ],
    );
    assert_silent(
        "dicom",
        &[
            "(0008,0060) CS [CT]",
            "(0010,1010) AS [064Y]",
            "(0008,0016) UI [1.2.840.10008.5.1.4.1.1.2]",
            "(0008,1030) LO [CHEST CT]",
            "(0010,0010) PN (no value available)",
            "f(0010,0010)",
            "(10,20) and (abcd)",
        ],
    );
}

#[test]
fn tags_as_keys() {
    assert_eq!(of_key(b"00100010"), Some(Category::Name));
    assert_eq!(of_key(b"x00100030"), Some(Category::Date));
    assert_eq!(of_key(b"00080060"), None);
    assert_eq!(of_key(b"0010001"), None);
}
