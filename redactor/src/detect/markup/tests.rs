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
            ("<b>MRN</b>: 70444321<br>SSN<br>219099431", &["70444321", "219099431"]),
            (
                "<p>MRN: <b>70444321</b></p><li>SSN: <code>219-09-9431</code></li>",
                &["70444321", "219-09-9431"],
            ),
            ("<p>MRN</p>\n<p>70444321 today</p>", &["70444321"]),
            ("<b>MRN:</b>&nbsp;<span>70444321</span>", &["70444321"]),
            (
                "<MRN><![CDATA[70444321]]></MRN><ssn><value>219099431</value></ssn>",
                &["70444321", "219099431"],
            ),
            ("<input name=\"mrn\" type=\"text\" value=\"70444321\">", &["70444321"]),
            ("<x><First>Maria</First> <Last>Garcia</Last></x>", &["Maria", "Garcia"]),
            ("<Patient><First>Maria</First><Last>Garcia</Last></Patient>", &["Maria", "Garcia"]),
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
            "<b>MRN</b> is asked for <i>70444321</i>",
            "<p>Phone</p><p>call us 24/7</p>",
            "<b>Phone</b> 2024-2025 catalogue",
            "<li>NPI</li><li>10000 items</li>",
            "<p>MRN</p><p>see page 70444321</p>",
            "<ssn><count>1204</count></ssn>",
            "<First>Page</First><Next>Second</Next>",
            "<first>1</first><last>20</last>",
        ],
    );
}

#[test]
fn settings_whose_key_stands_in_an_attribute() {
    assert_finds(
        "markup",
        &[
            (
                "<add key=\"ApiKey\" value=\"5d81c7e09fa34b62d0e7f1a9c2b84e63\" />",
                &["5d81c7e09fa34b62d0e7f1a9c2b84e63"],
            ),
            ("<entry key=\"db.password\">Eichhorn2207</entry>", &["Eichhorn2207"]),
        ],
    );
    assert_silent(
        "markup",
        &["<div id=\"password\">Enter your password</div>", "<add key=\"PageSize\" value=\"50\" />"],
    );
}
