//! Identifiers that are written so that a machine does not see them, as gateways' logs hold them: by intent, by a
//! copy from a word processor, by a program that quoted once too often. Each case names what must be gone.

use redactor::{Output, Policy, Redactor, TokenKey};

/// 2026-11-21, microseconds.
const NOW: i64 = 20_778 * 86_400_000_000;

fn redactor() -> Redactor {
    let key = TokenKey::from_hex(&"0123456789abcdef".repeat(4)).unwrap();
    Redactor::new(Policy::profile("coded").unwrap(), key, "acme").unwrap()
}

fn redact(text: &str) -> Output {
    match text.starts_with(['{', '[']) {
        true => redactor().redact_json(text.as_bytes(), NOW).unwrap(),
        false => redactor().redact_text(text, NOW).unwrap(),
    }
}

/// None of `values` is left of `text`, and a second pass finds nothing new.
#[track_caller]
fn gone(text: &str, values: &[&str]) {
    let out = redact(text).text;
    for value in values {
        assert!(text.contains(value), "{value:?} is not in the case {text:?}");
        assert!(!out.contains(value), "{value:?} is left: {out}");
    }
    assert_eq!(redact(&out).text, out, "a second pass over {text:?}");
}

#[track_caller]
fn kept(text: &str) {
    assert_eq!(redact(text).text, text);
}

#[test]
fn numbers_that_were_taken_for_quantities() {
    gone(
        r#"{"mrn":70999999.0,"ssn":5.12e8,"phone":5551234567.0,"account_number":-123456789}"#,
        &["70999999", "5.12e8", "5551234567", "123456789"],
    );
    kept(r#"{"prompt_tokens":12.0,"mrn":0.5,"cost":5.12e8,"created":1732147200}"#);
    let token = |text: &str| redact(text).text.split("MRN:").nth(1).map(|rest| rest[..29].to_owned());
    assert_eq!(token(r#"{"mrn":70999999.0}"#), token(r#"{"mrn":"70999999"}"#));
    assert_eq!(token(r#"{"mrn":7.0999999e7}"#), token("MRN 70999999"));
}

#[test]
fn keys_of_messages() {
    for key in [
        "patient:70444444",
        "mrn/70444444",
        "patient_70444444",
        "Patient/70444444",
        "pt-70444444",
        "a|mrn=70444444",
    ] {
        gone(&format!(r#"{{"kafka":{{"key":"{key}"}}}}"#), &["70444444"]);
    }
    gone(r#"{"kafka":{"key":"user=maria.gonzalez@x.org|x"}}"#, &["maria.gonzalez"]);
    assert!(redact("user=maria@x.org|x").text.starts_with("user=[EMAIL:"));
}

#[test]
fn characters_that_look_like_others() {
    for text in [
        "SSN 512‑34‑5671",
        "it is 512–34–5671",
        "it is 512−34−5671",
        "５１２-３４-５６７１",
        "٥١٢-٣٤-٥٦٧١",
        "𝟝𝟙𝟚-𝟛𝟜-𝟝𝟞𝟟𝟙",
        "5\u{200b}12-34-5671",
        "512\u{2060}-34-5671",
        "ЅЅN 512345671",
        "5 1 2 - 3 4 - 5 6 7 1",
        "SSN 5I2-34-567l",
    ] {
        let out = redact(text).text;
        assert!(out.contains("[SSN:") && !out.contains("567"), "{out}");
    }
    gone("МRN: 70999999 seen", &["70999999"]);
    gone("call 555\u{a0}123\u{a0}4567 or 617\u{2009}555\u{2009}0123", &["4567", "0123"]);
    gone("write to ｍａｒｉａ＠x．org", &["ｍａｒｉａ"]);
    gone("Patient: Mа\u{200b}riа Gоnzаlеz, then Gonzalez", &["Gоnzаlеz", "Gonzalez", "riа"]);
    gone("Patient: 𝐌𝐚𝐫𝐢𝐚 𝐆𝐨𝐧𝐳𝐚𝐥𝐞𝐳 came", &["𝐌𝐚𝐫𝐢𝐚", "𝐆𝐨𝐧"]);
    // One value, one token, however it was written.
    let token =
        |text: &str| redact(text).text.split("[SSN:").nth(1).map(|rest| rest[..29].to_owned()).unwrap();
    for other in ["５１２-３４-５６７１", "512–34–5671", "5 1 2 - 3 4 - 5 6 7 1"] {
        assert_eq!(token(other), token("512-34-5671"), "{other}");
    }
}

#[test]
fn offsets_are_those_of_the_bytes() {
    let text = "é SSN 5\u{200b}1２‑34‑5671 ok";
    let found = redact(text).findings;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(&text[found[0].start..found[0].end], "5\u{200b}1２‑34‑5671");
}

#[test]
fn escapes_of_other_layers() {
    gone("GET /patients/maria%40x.org/mrn/70444444", &["maria", "70444444"]);
    gone("https://x.org/p?q=maria%40x.org rest", &["maria"]);
    gone("name=Maria+Gonzalez&ssn=512345671&mail=maria%2540x.org", &["Maria", "512345671", "maria"]);
    gone("ssn &#53;12-34-5671, maria&#64;x.org, ana&amp;#64;x.org", &["34-5671", "maria", "ana&"]);
    gone("maria\\x40x.org, \\u0053\\u0053N 512345671", &["maria", "512345671"]);
    gone(
        r#"{"b":"{\\\"mrn\\\": \\\"70444444\\\"}","c":"args {\\\"mrn\\\": \\\"70555555\\\"}"}"#,
        &["70444444", "70555555"],
    );
    gone("Content: quoted-printable\n\nmaria=40x.org 512=2D34=2D5671", &["maria", "5671"]);
    kept("100% of R&D; C:\\new; a%20b; SELECT 5%3; x = y + 1");
}

#[test]
fn glued_to_what_stands_beside_it() {
    gone("SSN512-34-5671", &["512"]);
    gone("Hel586-14-4386", &["586"]);
    gone("id:512-34-5671abc", &["512"]);
    gone("patient_70444444_x", &["70444444"]);
    gone("Hel212-555-0143lo", &["0143"]);
    gone("x4111-1111-1111-1111y", &["1111"]);
    kept("550e8400-e29b-41d4-a716-446655440000 978-3-16-148410-0 AB-212-555-0143 v1.2.3.4");
    kept(
        "deadbeef12345678 2024-02-15-preview claude-3-5-sonnet-20241022 sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
    );
    kept("part 7312-44-19823-A, build 20241122.3, ERR-4012-55-1 plan");
}

#[test]
fn keys_that_are_persons() {
    gone(
        r#"{"maria.gonzalez":{"x":1},"Maria Gonzalez":{"y":2},"maria_gonzalez":3}"#,
        &["maria", "Maria", "onzalez"],
    );
    gone(r#"{"patients":{"70444444":{"x":1}}}"#, &["70444444"]);
    kept(r#"{"grant_type":1,"page_size":2,"gpt-4o-mini":3,"1732147200":{"n":1},"first_name":null}"#);
}

#[test]
fn messages_of_hospitals() {
    let message = "MSH|^~\\&|EPIC|H|||20230412103000||ADT^A01|M1|P|2.5\rPID|1|PT77001|70444444^^^H^MR||GONZALEZ^MARIA^A||19610302|F|||\
        12 MAIN ST^APT 4B^AUSTIN^TX^78701||(512)555-0143|||M||ACC99887766|512-34-5671\rNK1|1|QXYZ^PEDRO|SPO";
    let values = [
        "70444444", "GONZALEZ", "MARIA", "19610302", "MAIN", "AUSTIN", "78701", "0143", "99887766", "5671",
        "QXYZ", "PT77001",
    ];
    gone(message, &values);
    let json = serde_json::json!({ "content": message }).to_string();
    gone(&json, &values);
    gone(&serde_json::json!({ "arguments": json }).to_string(), &values);
    gone(
        "ST*270*0001~NM1*IL*1*GONZALEZ*MARIA*A***MI*70444444~N3*12 MAIN ST~N4*AUSTIN*TX*78701~DMG*D8*19610302*F~REF*SY*512345671~",
        &["GONZALEZ", "MARIA", "70444444", "MAIN", "AUSTIN", "78701", "19610302", "512345671"],
    );
    gone(
        r#"<patientRole><id root="2.16.840.1" extension="998991"/><streetAddressLine>12 Main St</streetAddressLine><city>Austin</city><given>Maria</given><family>Qxyzabc</family><birthTime value="19610302"/></patientRole>"#,
        &["998991", "12 Main", "Austin", "Maria", "Qxyzabc", "19610302"],
    );
    gone(
        r#"{"resourceType":"Patient","id":"pat-4471","identifier":[{"system":"urn:oid:1.2.36","value":"70444444"}],"name":[{"family":"Qxyz","given":["Maria","Ximena"],"text":"Maria Qxyz"}],"telecom":[{"system":"phone","value":"512 555 0143"}],"birthDate":"1961-03-02","address":[{"line":["12 Main St"],"city":"Austin","postalCode":"78701"}],"contact":[{"name":{"family":"Abcd"}}],"generalPractitioner":[{"display":"Ade Okfr"}]}"#,
        &["4471", "70444444", "Qxyz", "Ximena", "0143", "03-02", "Main", "Austin", "78701", "Abcd", "Okfr"],
    );
}

#[test]
fn tables_members_and_lists() {
    gone(
        "id,name,ssn\n1,Xochitl Qxyz,512345671\n2,Ana Wxyz,512345672\n",
        &["Qxyz", "512345671", "Wxyz", "512345672"],
    );
    gone("| Patient | MRN |\n|---|---|\n| Ana Qxyz | 70444444 |\n", &["Qxyz", "70444444"]);
    gone(
        "INSERT INTO p (mrn, last_name) VALUES ('70444444', 'Qxyz'), ('70444445', 'Wxyz')",
        &["70444444", "Qxyz", "70444445", "Wxyz"],
    );
    gone("WHERE mrn IN ('70444444', '70444445') OR x", &["70444444", "70444445"]);
    gone("MRNs 70444444, 70444445 and 70444446.", &["70444444", "70444445", "70444446"]);
    gone(
        "<tr><th>MRN</th><th>Last name</th></tr><tr><td>70444444</td><td>Qxyz</td></tr><td>SSN</td><td>512345671</td>",
        &["70444444", "Qxyz", "512345671"],
    );
    gone("const p = { lastName: 'Qxyz', patientSsn: 512345671 };", &["Qxyz", "512345671"]);
    gone("To: Qxyz Abcdef <q@x.org>", &["Qxyz", "Abcdef", "q@x"]);
    gone("pt Jane Doe (70444444) was seen", &["Jane", "70444444"]);
    gone(
        r#"{"phone":{"area":"512","number":"5550143"},"dob":{"year":1961,"month":3,"day":22}}"#,
        &["\"512", "5550143", ":22", ":3,"],
    );
    gone("ssn: five one two three four five six seven one", &["five"]);
    gone("maria [at] x [dot] org", &["maria"]);
    gone("identifier=urn:oid:2.16.840.1|70444444", &["70444444"]);
    gone("GPS 30.2672, -97.7431", &["30.2672", "97.7431"]);
}

#[test]
fn dates_of_any_year() {
    assert_eq!(redact(r#"{"t":"9999-12-31T23:59:59Z"}"#).text, r#"{"t":"9999"}"#);
    gone("DTSTART:20230412T103000Z, born 02MAR1961", &["0412", "02MAR"]);
}

#[test]
fn text_in_other_alphabets() {
    gone("blob 53534e203531322d33342d35363731 end", &["53534e20"]);
    gone("blob KNJU4IBVGEZC2MZUFU2TMNZR end", &["KNJU4IBV"]);
    kept("sha 9f86d081884c7d659a2feaa0c55ad015 id ABCDEFGHIJKLMNOPQRST");
}

#[test]
fn a_value_that_reads_shorter_than_it_is_written() {
    gone(r#"{"ssn":"\\u0041, 1","b":"x \\u0041, 1 y"}"#, &["u0041, 1\""]);
}

#[test]
fn control_characters_and_colours_of_a_terminal() {
    gone(
        "Patient Jane \x1b[31mZerbrowski\x1b[0m was seen. MRN: \x1b[1;32m7712345\x1b[0m\n",
        &["Zerbrowski", "7712345"],
    );
    gone("Patient Mar\0ia Gon\x07zalez seen, MRN 77\x0112345", &["zalez", "77\x0112345"]);
    gone(
        r#"{"a":"Patient \u001b[31mZerbrowski\u001b[0m, MRN \u001b[1m7712345"}"#,
        &["Zerbrowski", "7712345"],
    );
    gone("SSN\x0b512-34-\x1b[4m5671", &["512-34-", "5671"]);
    kept("\x1b[31merror\x1b[0m: no such file\x07\n\x1b[2K\x0c page 2\0");
}
