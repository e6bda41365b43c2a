use super::super::tests::{assert_finds, assert_silent};

#[test]
fn elements_and_attributes() {
    assert_finds(
        "markup",
        &[
            ("<mrn>70444444</mrn> <n:lastName> Gonzalez </n:lastName>", &["70444444", "Gonzalez"]),
            ("<patient first=\"Qxyz\" last='Zerbrowski'/>", &["Qxyz", "Zerbrowski"]),
            ("<id root=\"2.16.840.1\" extension=\"70444444\"/>", &["70444444"]),
            (
                "<birthTime value=\"19610302\"/><low value='20230412103000-0500'/>",
                &["19610302", "20230412103000-0500"],
            ),
            (
                "<Patient><id value=\"p70444444\"/><identifier><value value=\"A-70444\"/></identifier><value value=\"9\"/></Patient>",
                &["p70444444", "A-70444"],
            ),
            ("<PID.5><XPN.1><FN.1>Qorbeta</FN.1></XPN.1><XPN.2>Lum</XPN.2></PID.5>", &["Qorbeta", "Lum"]),
            ("<family value=\"Gonzalez\"/><postalCode value=\"78701\"/>", &["Gonzalez", "78701"]),
            ("<row ssn=\"512345671\" city=\"Austin\">", &["512345671", "Austin"]),
        ],
    );
    assert_silent(
        "markup",
        &[
            "a < b > c",
            "<b>bold</b>",
            "<id>7</id>",
            "<name>x</name>",
            "<br/><mrn></mrn>",
            "<page first=\"Start\" last=\"End\"/>",
            "if x<mrn && y>2",
        ],
    );
}
