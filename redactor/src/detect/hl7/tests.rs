use super::super::tests::{assert_finds, assert_silent};

#[test]
fn the_fields_of_a_message() {
    assert_finds(
        "hl7",
        &[
            ("PID|1|||\nOBR|1|||2432388^CMP^L", &["2432388"]),
            (
                "PID|1||70444444^^^MRN||GONZALEZ^MARIA^A||19610302|F|||12 MAIN ST^APT 4^AUSTIN^TX^78701||5125550143",
                &[
                    "70444444",
                    "GONZALEZ^MARIA^A",
                    "19610302",
                    "12 MAIN ST",
                    "APT 4",
                    "AUSTIN",
                    "78701",
                    "5125550143",
                ],
            ),
            (
                "MSH|^~\\&|A|B|C|D|20230412103000||ADT^A01|7|P|2.5\rPV1|1|I|ICU|||||1234^OKAFOR^ADE|",
                &["20230412103000", "1234", "OKAFOR^ADE"],
            ),
            (
                "NK1|1|SOREL^ANNA|SPO||^^^^^617^5550123\nPID|||1~2^^^X",
                &["SOREL^ANNA", "617^5550123", "1", "2"],
            ),
            (
                "MSH#^~\\&#A#B#C#D#20230412103000##ADT^A01#7#P#2.5\rPID#1##70444444##O\\T\\HARA^QXYZ##19610302\r",
                &["20230412103000", "70444444", "O\\T\\HARA^QXYZ", "19610302"],
            ),
            (
                "PID|1||70444444||QXYZ^ANA|||||||||||||512345671<CR>PV1|1|I<CR>PID|||||||||||||||||||512345672<CR>",
                &["70444444", "QXYZ^ANA", "512345671", "512345672"],
            ),
        ],
    );
    assert_silent(
        "hl7",
        &[
            "a | b | c",
            "| PID | name |",
            "OBR|1|||24323-8^CMP^LN",
            "OBX|1|NM|1234567^Hgb^L",
            "XPID|1||2",
            "PID|1|||",
            "if a || b | c",
            "MSH#^~&# PID#1##2",
        ],
    );
}

#[test]
fn facilities_of_the_header() {
    assert_finds(
        "hl7",
        &[(
            "MSH|^~\\&|ADT|HORNWICK|LAB|PELLWORM^1.2.3|20230412103000||ADT^A01|7|P|2.5",
            &["HORNWICK", "PELLWORM", "20230412103000"],
        )],
    );
}
