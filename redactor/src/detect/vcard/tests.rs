use super::super::tests::{assert_finds, assert_silent};

#[test]
fn properties_of_persons() {
    assert_finds(
        "vcard",
        &[
            (
                "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Lum Qorbeta\r\nN:Qorbeta;Lum;;Dr.;\r\nEND:VCARD",
                &["Lum Qorbeta", "Qorbeta", "Lum", "Dr."],
            ),
            (
                "BEGIN:VCARD\nitem1.ADR;TYPE=home:;;Willow Creek Farm;Elmstead;VT;05401;USA\nBDAY:19610314\nEND:VCARD",
                &["Willow Creek Farm", "Elmstead", "05401", "19610314"],
            ),
            (
                "BEGIN:VCARD\nTEL;TYPE=cell;VALUE=uri:tel:+1-512-555-0143\nEMAIL:lum@example.org\n",
                &["+1-512-555-0143", "lum@example.org"],
            ),
            ("BEGIN:VCARD\nADR:;;12 Pine\n  Road;;;;\n", &["12 Pine\n  Road"]),
        ],
    );
}

#[test]
fn other_lines_stay() {
    assert_silent(
        "vcard",
        &[
            "BEGIN:VCARD\nVERSION:3.0\nPRODID:-//X//Y//EN\nREV:20240101\nORG:Sealake\nEND:VCARD",
            "BEGIN:VCALENDAR\nN:x\nEND:VCALENDAR",
            "N:Qorbeta",
            "BEGIN:VCARD\nEND:VCARD\nTEL:5125550143",
            "BEGIN:VCARD\nN:;;;;\nTEL:\nBDAY:\n",
            // What is left of a postal code.
            "BEGIN:VCARD\nADR:;;;;;054;\n",
        ],
    );
}
