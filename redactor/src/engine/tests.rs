//! The engine from outside: text and JSON in, text and findings out.

use super::*;

const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
/// 2026-11-21.
pub(crate) const NOW: i64 = 20_778 * 86_400_000_000;

pub(crate) fn redactor(profile: &str) -> Redactor {
    let policy = Policy::profile(profile).unwrap();
    Redactor::new(policy, TokenKey::from_hex(KEY).unwrap(), "acme").unwrap()
}

fn json(profile: &str, text: &str) -> Output {
    redactor(profile).redact_json(text.as_bytes(), NOW).unwrap()
}

#[test]
fn a_text_is_redacted_and_says_where() {
    let text = "write to anna.sorel@example.org today";
    let out = redactor("strict").redact_text(text, NOW).unwrap();
    assert_eq!(out.text, "write to [EMAIL] today");
    let [span] = &out.findings[..] else { panic!("one finding") };
    assert_eq!(&text[span.start..span.end], "anna.sorel@example.org");
    assert_eq!(&out.text[span.out_start..span.out_end], "[EMAIL]");
    assert_eq!((span.category, span.cfr, span.action), ("EMAIL", Some("F"), Action::Label));
}

#[test]
fn json_keeps_its_shape() {
    let text = r#"{ "b" : 1.50e1,"a":["x", "anna.sorel@example.org"], "ssn": 123456789 , "prompt_tokens":1234567890}"#;
    let out = json("strict", text);
    assert_eq!(
        out.text,
        r#"{ "b" : 1.50e1,"a":["x", "[EMAIL]"], "ssn": "[SSN]" , "prompt_tokens":1234567890}"#
    );
    let pointers: Vec<_> = out.findings.iter().map(|span| span.pointer.as_deref().unwrap()).collect();
    assert_eq!(pointers, ["/a/1", "/ssn"]);
}

#[test]
fn json_in_strings_is_followed_and_written_back() {
    let inner = serde_json::json!({"patient_name": "anna sorel", "n": 1}).to_string();
    let middle = serde_json::json!({"arguments": inner}).to_string();
    let text = serde_json::json!({"tool": middle}).to_string();
    let out = json("strict", &text);
    let value: serde_json::Value = serde_json::from_str(&out.text).unwrap();
    let stored = value["tool"].as_str().unwrap();
    let middle: serde_json::Value = serde_json::from_str(stored).unwrap();
    let inner: serde_json::Value = serde_json::from_str(middle["arguments"].as_str().unwrap()).unwrap();
    assert_eq!(inner, serde_json::json!({"patient_name": "[NAME]", "n": 1}));
    let span = &out.findings[0];
    assert_eq!(span.pointer.as_deref(), Some("/tool"));
    assert_eq!(&stored[span.out_start..span.out_end], "[NAME]");
    let given: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(&given["tool"].as_str().unwrap()[span.start..span.end], "anna sorel");
}

#[test]
fn beyond_the_layers_is_opaque() {
    let mut text = serde_json::json!({"email": "a@example.org"}).to_string();
    for _ in 0..8 {
        text = serde_json::json!({"x": text}).to_string();
    }
    let out = json("strict", &text).text;
    assert!(out.contains("[OPAQUE]") && !out.contains("a@example.org"), "{out}");
    assert!(serde_json::from_str::<serde_json::Value>(&out).is_ok());
}

#[test]
fn escapes_are_decoded_before_scanning() {
    let out = json("strict", r#"{"a":"to anna\u002esorel\u0040example.org\n\"now\""}"#);
    assert_eq!(out.text, r#"{"a":"to [EMAIL]\n\"now\""}"#);
}

#[test]
fn what_is_no_json_any_more_is_text() {
    let out = json("strict", r#"{"a":"x@example.org","b":"to y\u0040example.org and mo"#);
    assert_eq!(out.text, r#"{"a":"[EMAIL]","b":"to [EMAIL] and mo"#);
    // A number that is none, or that something follows, is part of the text, and its key with it.
    for (text, want) in [
        (r#"{"n":"[219-09-1234] is the SSN of patient"}"#, r#"{"n":"[[SSN]] is the SSN of patient"}"#),
        (r#"{"n":"[617-555-0123] Patient phone"}"#, r#"{"n":"[[PHONE]] Patient phone"}"#),
        (r#"{"n":"[1] 219-09-1234 was given"}"#, r#"{"n":"[1] [SSN] was given"}"#),
        (r#"{"n":"[1961-03-04] date of birth"}"#, r#"{"n":"[[DATE]] date of birth"}"#),
        (r#"{"n":"{\"a\":\"x\"} 219-09-1234 SSN of pt"}"#, r#"{"n":"{\"a\":\"x\"} [SSN] SSN of pt"}"#),
        ("[219-09-1234] SSN of patient", "[[SSN]] SSN of patient"),
        (r#"{"mrn":00482913}"#, r#"{"mrn":[MRN]}"#),
        (r#"{"ssn":019091234,"x":1}"#, r#"{"ssn":[SSN],"x":1}"#),
        (r#"{"ssn":219-09-1234}"#, r#"{"ssn":[SSN]}"#),
        (r#"{"n":"{\"mrn\":00482913}"}"#, r#"{"n":"{\"mrn\":[MRN]}"}"#),
        (r#"{"dob":1961-03-04}"#, r#"{"dob":[DATE]}"#),
        (r#"{"n":"{\"mrn\":\"Q-704412"}"#, r#"{"n":"{\"mrn\":\"[MRN]"}"#),
    ] {
        let out = json("strict", text).text;
        assert_eq!(out, want);
        assert_eq!(json("strict", &out).text, out);
    }
}

#[test]
fn keys_stay_unique() {
    let out = json("strict", r#"{"a@example.org":1,"b@example.org":2,"[EMAIL]":3}"#);
    let value: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&out.text).unwrap();
    assert_eq!(value.len(), 3, "{}", out.text);
    let tokens = json("coded", r#"{"a@example.org":1,"b@example.org":2}"#).text;
    assert_eq!(tokens.matches("[EMAIL:").count(), 2);
    assert_eq!(json("coded", &tokens).text, tokens);
}

#[test]
fn siblings_name_their_value() {
    let out = json(
        "strict",
        r#"{"attributes":[{"key":"patient.ssn","value":{"stringValue":"078 05 1120"}},{"name":"mrn","value":"A-1"}]}"#,
    );
    assert_eq!(
        out.text,
        r#"{"attributes":[{"key":"patient.ssn","value":{"stringValue":"[SSN]"}},{"name":"mrn","value":"[MRN]"}]}"#
    );
}

#[test]
fn lists_of_otlp_are_named_by_their_attribute() {
    let list = |key: &str| {
        format!(
            r#"{{"key":"{key}","value":{{"arrayValue":{{"values":[{{"stringValue":"pine-9f8e7d6c5b4a"}},{{"stringValue":"lantern-5b4a"}}]}}}}}}"#
        )
    };
    let out = json("strict", &list("http.request.header.x-api-key")).text;
    assert_eq!(out.matches("[SECRET]").count(), 2, "{out}");
    let other = list("http.request.header.accept");
    assert_eq!(json("strict", &other).text, other);
}

#[test]
fn cookies_that_look_like_credentials() {
    let out = json(
        "strict",
        r#"{"cookies":[{"name":"sid","value":"9f8e7d6c5b4a3f2e","path":"9f8e7d6c5b4a3f2f"}],"x":{"cookies":{"sid":"8f8e7d6c5b4a3f2e","lang":"en-US"}}}"#,
    );
    assert_eq!(
        out.text,
        r#"{"cookies":[{"name":"sid","value":"[SECRET]","path":"9f8e7d6c5b4a3f2f"}],"x":{"cookies":{"sid":"[SECRET]","lang":"en-US"}}}"#
    );
}

#[test]
fn kinds_of_entities_tell_of_the_words_beside_them() {
    for (given, want) in [
        (r#"{"type":"NAME","match":"qxyz"}"#, r#"{"type":"NAME","match":"[NAME]"}"#),
        (
            r#"{"action":"BLOCKED","match":"Qxyz","type":"NAME"}"#,
            r#"{"action":"BLOCKED","match":"[NAME]","type":"NAME"}"#,
        ),
        (r#"{"entity_type":"PERSON","text":"Qxyz"}"#, r#"{"entity_type":"PERSON","text":"[NAME]"}"#),
        (r#"{"Type":"USERNAME","Text":"qxyz7701"}"#, r#"{"Type":"USERNAME","Text":"[UNIQUE_ID]"}"#),
        (r#"{"text":"Qxyz","category":"Person"}"#, r#"{"text":"[NAME]","category":"Person"}"#),
        (r#"{"entity":"B-PER","word":"Qxyz"}"#, r#"{"entity":"B-PER","word":"[NAME]"}"#),
        (r#"{"label":"PER","word":"Qxyz"}"#, r#"{"label":"PER","word":"[NAME]"}"#),
    ] {
        assert_eq!(json("strict", given).text, want);
        assert_eq!(json("strict", want).text, want);
    }
    for text in [
        r#"{"type":"text","text":"Qxyz"}"#,
        r#"{"type":"NAME","text":"hello"}"#,
        r#"{"label":"PERIOD","word":"Qxyz"}"#,
        r#"{"category":"Person","text":"Everything about this one sentence. It goes on."}"#,
        r#"{"category":"Person","text":"Add a contact"}"#,
        r#"{"category":"phone","value":"model 15 of 2024"}"#,
    ] {
        assert_eq!(json("strict", text).text, text);
    }
}

#[test]
fn numbers_by_the_last_word_of_their_key() {
    let out = json(
        "strict",
        r#"{"homeCell":5125550143,"chart":70443,"pt_account":70443218,"policy":55120443,"patient_zip":62704}"#,
    );
    assert_eq!(
        out.text,
        r#"{"homeCell":"[PHONE]","chart":"[MRN]","pt_account":"[ACCOUNT]","policy":"[HEALTH_PLAN]","patient_zip":"[ZIP]"}"#
    );
    let counts = r#"{"cell":12,"account":80,"max_member":1000000,"members_per_account":123456,"policy":2.5,"account":250000,"excel":5125550143}"#;
    assert_eq!(json("strict", counts).text, counts);
}

#[test]
fn a_number_that_is_known_is_found_under_any_key() {
    let out = json("strict", r#"{"ssn":"522-41-8830","x":522418830,"y":[522418830],"created":1717171717}"#);
    assert_eq!(out.text, r#"{"ssn":"[SSN]","x":"[SSN]","y":["[SSN]"],"created":1717171717}"#);
}

#[test]
fn addresses_without_a_number_under_their_key() {
    let out = json(
        "strict",
        r#"{"address":"Willow Creek Farm","street":"Old Mill Lane","homeAddr":"The Gatehouse, Elmstead"}"#,
    );
    assert_eq!(out.text, r#"{"address":"[ADDRESS]","street":"[ADDRESS]","homeAddr":"[ADDRESS]"}"#);
    let others = r#"{"address":"Ethernet0","server.address":"db.internal","addr":"pine lantern","address":"to be seen"}"#;
    assert_eq!(json("strict", others).text, others);
}

#[test]
fn base64_that_is_text_is_looked_into() {
    let encoded = "UGF0aWVudCBtYWlsIGFubmEuc29yZWxAZXhhbXBsZS5vcmcsIHNlZSBmaWxl";
    let out = json("coded", &format!(r#"{{"a":"see {encoded} ok"}}"#));
    assert!(
        out.text.starts_with(r#"{"a":"see [OPAQUE:"#) && out.text.ends_with(r#":unknown:45] ok"}"#),
        "{}",
        out.text
    );
    let clean = "SnVzdCBzb21lIHRleHQgd2l0aG91dCBhbnl0aGluZyBpbiBpdA==";
    let text = format!(r#"{{"a":"{clean}"}}"#);
    assert_eq!(json("coded", &text).text, text);
}

#[test]
fn images_become_a_hash_a_type_and_a_size() {
    let data = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=";
    let text = format!(r#"[{{"type":"image_url","image_url":{{"url":"data:image/png;base64,{data}"}}}}]"#);
    let out = json("safe_harbor", &text).text;
    assert!(out.contains("[OPAQUE:") && out.contains(":image/png:68]") && !out.contains("iVBOR"), "{out}");
    assert_eq!(json("safe_harbor", &out).text, out);
}

#[test]
fn zip_codes_under_their_key_are_reduced_once() {
    let out = json("safe_harbor", r#"{"zip":"62704-1234, 62704-1234 and "}"#).text;
    assert_eq!(out, r#"{"zip":"627, 627 and "}"#);
    assert_eq!(json("safe_harbor", &out).text, out);
}

#[test]
fn embeddings_do_not_stay() {
    let vector: Vec<f64> = (0..64).map(|at| f64::from(at) / 7.0).collect();
    let text = serde_json::json!({"embedding": vector, "scores": [0.5, 0.25], "mrn": vector}).to_string();
    let out = json("coded", &text);
    let zeros = format!("[{}0]", "0,".repeat(63));
    assert_eq!(out.text, format!(r#"{{"embedding":{zeros},"scores":[0.5,0.25],"mrn":{zeros}}}"#));
    assert_eq!(out.findings.len(), 2);
    assert_eq!(
        (out.findings[0].category, out.findings[0].pointer.as_deref()),
        ("OPAQUE", Some("/embedding"))
    );
    let integers = format!(r#"{{"ids":[{}1]}}"#, "1,".repeat(100));
    assert_eq!(json("coded", &integers).text, integers);
}

#[test]
fn ten_thousand_deep_is_no_trouble() {
    let text = "[".repeat(10_000) + "\"anna.sorel@example.org\"" + &"]".repeat(10_000);
    let out = json("strict", &text).text;
    assert_eq!(out, "[".repeat(10_000) + "\"[EMAIL]\"" + &"]".repeat(10_000));
    let strings = "\"{\\\"a\\\":".repeat(10_000);
    assert!(redactor("strict").redact_json(strings.as_bytes(), NOW).is_ok());
}

#[test]
fn a_second_pass_changes_nothing() {
    let text = r#"{"a":"mail anna.sorel@example.org","patient_name":"Anna Sorel","dob":"1961-05-03","born":"x","birth_date":"1920-01-01","city":"Springfield, IL","zip":"62704","x":"token=[EMAIL:AAAA]"}"#;
    for profile in Policy::PROFILES {
        let once = json(profile, text).text;
        assert_eq!(json(profile, &once).text, once, "{profile}");
    }
}

#[test]
fn tokens_to_search_for() {
    let redactor = redactor("coded");
    let out = redactor.redact_json(br#"{"email":"Anna@Example.org"}"#, NOW).unwrap().text;
    let [token] = &redactor.tokens("email", " anna@example.org\n")[..] else { panic!("one token") };
    assert_eq!(out, format!(r#"{{"email":"{token}"}}"#));
    assert_eq!(redactor.tokens("ANY", "x").len(), Redactor::token_types().count());
    assert_eq!(redactor.tokens("nonesuch", "x"), Vec::<String>::new());
}

#[test]
fn a_value_given_away_once_is_found_bare() {
    let out = json("strict", r#"["the number is ZX-88213, again", {"mrn":"ZX-88213"}, "AZX-88213"]"#);
    assert_eq!(out.text, r#"["the number is [MRN], again", {"mrn":"[MRN]"}, "AZX-88213"]"#);
}

#[test]
fn not_utf8_is_rejected() {
    assert_eq!(redactor("strict").redact_json(b"{\"a\":\"\xff\"}", NOW).unwrap_err().reason, "not_utf8");
}

#[test]
fn a_panic_is_a_rejection_without_content() {
    let reject = guarded::<()>(|| panic!("anna.sorel@example.org")).unwrap_err();
    assert_eq!(reject.reason, "redactor_panic");
    assert!(!reject.to_string().contains("anna"));
}

/// A text that holds this makes every detector fail.
pub(crate) const PANICS: &str = "detectors fail on this";

/// Documents that are like no other, then some that must be rejected, then so many that they are several lots.
fn lot() -> Vec<Vec<u8>> {
    let examples = detect::DETECTORS.iter().map(|detector| detector.example());
    let mut texts: Vec<Vec<u8>> = examples
        .map(|example| serde_json::json!({"role": "user", "content": example, "n": [1, {"note": example}]}))
        .map(|value| value.to_string().into_bytes())
        .collect();
    texts.insert(3, b"{\"a\":\"\xff\"}".to_vec());
    texts.insert(7, serde_json::to_vec(&format!("Dr. Vanterpool: {PANICS}")).unwrap());
    texts.insert(9, Vec::new());
    texts.insert(20, format!("[\"{}\"]", "Patient Zelda Quimby was seen. ".repeat(5000)).into_bytes());
    // The name of one document is none in the next.
    texts.push(b"[\"Quimby and Zelda\"]".to_vec());
    texts
}

#[test]
fn many_documents_at_once_are_what_each_is_alone() {
    for profile in ["coded", "strict", "secrets_only"] {
        let redactor = redactor(profile);
        let texts = lot();
        let texts: Vec<&[u8]> = texts.iter().map(Vec::as_slice).collect();
        let at_once = redactor.redact_json_batch(&texts, NOW);
        assert_eq!(at_once.len(), texts.len());
        let mut rejected = Vec::new();
        for (text, at_once) in texts.iter().zip(&at_once) {
            match (redactor.redact_json(text, NOW), at_once) {
                (Ok(alone), Ok(at_once)) => assert_eq!(&alone, at_once),
                (Err(alone), Err(at_once)) => {
                    assert_eq!(alone.reason, at_once.reason);
                    rejected.push(at_once.reason);
                }
                (alone, at_once) => panic!("alone {alone:?}, among others {at_once:?}"),
            }
        }
        assert_eq!(rejected, ["not_utf8", "redactor_panic"], "{profile}");
    }
}

#[test]
fn many_events_at_once_are_what_each_is_alone() {
    let redactor = redactor("coded");
    let event = |text: &[u8]| {
        let mut record = Record::new(&schemas::event::EVENT);
        record.set(schemas::event::EVENT_TIME, schemas::Value::Time(NOW));
        record.set(schemas::event::INPUT_MESSAGES, String::from_utf8_lossy(text).into_owned());
        record
    };
    let texts = lot();
    let events = || texts.iter().map(|text| (event(text), Actor::Workforce));
    let (redacted, rejected) = redactor.redact_batch(events().collect());
    assert_eq!(rejected.len(), 1);
    assert_eq!((rejected[0].0, rejected[0].1.reason), (7, "redactor_panic"));
    let mut redacted = redacted.iter();
    for (position, (event, actor)) in events().enumerate() {
        match redactor.redact_event(event, actor) {
            Ok(alone) => assert_eq!(alone.record(), redacted.next().unwrap().record()),
            Err(alone) => assert_eq!((position, alone.reason), (7, "redactor_panic")),
        }
    }
    assert!(redacted.next().is_none());
}

#[test]
fn lots_are_bounded_in_documents_and_bytes() {
    let counts = |bytes: &[usize]| at_once(bytes).collect::<Vec<_>>();
    assert_eq!(counts(&[]), [0; 0]);
    assert_eq!(counts(&[1; 2 * DOCUMENTS_AT_ONCE + 1]), [DOCUMENTS_AT_ONCE, DOCUMENTS_AT_ONCE, 1]);
    assert_eq!(counts(&[BYTES_AT_ONCE, 0, 1, 1]), [2, 2]);
    assert_eq!(counts(&[DOCUMENT_BYTES_MAX, DOCUMENT_BYTES_MAX, 1]), [1, 1, 1]);
}

#[test]
fn letters_of_scripts_without_spaces_end_a_word() {
    for (text, want) in [
        ("患者MRN 00482913", "患者MRN [MRN]"),
        ("患者password: Herbst!2022x", "患者password: [SECRET]"),
        ("IP 203.0.113.77的", "IP [IP]的"),
        ("환자MRN 00482913은", "환자MRN [MRN]은"),
        ("MRN 00482913% of", "MRN [MRN]% of"),
        ("MRN 90% of", "MRN 90% of"),
    ] {
        assert_eq!(redactor("strict").redact_text(text, NOW).unwrap().text, want);
    }
}

#[test]
fn what_is_kept_stays_as_it_is_written() {
    let redactor = redactor("observe");
    for text in [
        r"key: -----BEGIN RSA PRIVATE KEY-----\nMIIEabcdabcd\n-----END RSA PRIVATE KEY-----\n x",
        r"on 03\/04\/1961 and http://a.b/\ud83d^ x",
    ] {
        let out = redactor.redact_text(text, NOW).unwrap();
        assert_eq!(out.text, text);
        assert!(!out.findings.is_empty(), "{text}");
    }
    for json in [
        r#"{"note":"seen on 03\/04\/1961 by Dr. Anna Sorel\u002c MD","deep":"{\"mrn\":\"Q-70\\/4412\"}"}"#,
        r#"["mail anna.sorel@example.org\u0021 <\/p>"]"#,
    ] {
        let out = redactor.redact_json(json.as_bytes(), NOW).unwrap();
        assert_eq!(out.text, json);
        assert!(!out.findings.is_empty(), "{json}");
        for span in &out.findings {
            assert_eq!((span.start, span.end), (span.out_start, span.out_end), "{json}");
        }
    }
}

#[test]
fn observe_finds_and_changes_nothing() {
    let deep = "[".repeat(6) + &serde_json::to_string("x").unwrap() + &"]".repeat(6);
    let text = format!(
        r#"{{"note":"Dr. Anna Sorel, MRN 998877, password=Tr0ub4dor&3x","ssn":219099999,"image":"{}","deep":{deep}}}"#,
        "iVBORw0KGgo".repeat(40)
    );
    let out = redactor("observe").redact_json(text.as_bytes(), NOW).unwrap();
    assert_eq!(out.text, text);
    assert!(out.findings.len() >= 4, "{:?}", out.findings);
}

#[test]
fn what_was_replaced_leaves_its_neighbours_where_they_were() {
    for (text, expected) in [
        // The elements of a segment are counted: the separators stay.
        (
            "ST*270*1~NM1*IL*1*GONZALEZ*MARIA****MI*704*D8*19610302~",
            "ST*270*1~NM1*IL*1*[NAME]*****MI*[HEALTH_PLAN]*D8*[UNIQUE_ID]~",
        ),
        // A segment may begin inside a field, and is not taken with it.
        ("PID||7*PID|0|1|70444444", "PID||[MRN]*PID|0|[MRN]|[MRN]"),
        // Letters beside a name are no number, though the name's token has digits.
        ("mrn\nAna Sd.u", "mrn\n[NAME].u"),
        // A separator that goes with a place moves the cells behind it below their heads.
        (",mrn\nSld, IL,5", ",mrn\n[PLACE],[MRN]"),
        // What was too long for a head or a value, and is short now, is none.
        (
            "by phone or fax 617-555-01 is there<SSN e,n,mrn\n,,2",
            "by phone or fax [FAX] is there<SSN e,n,mrn\n,,2",
        ),
        // A keyword whose digits were spelled out tells of no others.
        (
            "ssn one two four five six seven eight nino three four five six seven eight nine",
            "ssn [SSN] nino three four five six seven eight nine",
        ),
    ] {
        let redactor = redactor("strict");
        let once = redactor.redact_text(text, NOW).unwrap().text;
        assert_eq!(once, expected);
        assert_eq!(redactor.redact_text(&once, NOW).unwrap().text, once);
    }
}

#[test]
fn a_value_that_looks_like_what_was_replaced_is_a_value() {
    // The engine puts such codes in place of its own tokens while it reads; typed by somebody they are no tokens.
    for code in ["X9XX12345", "X9X9X1234"] {
        for text in [
            format!("MSH|^~\\&|A|B|C|D|20260101||ADT^A01|1|P|2.5\rPID|1||{code}||Brannigan^Ann"),
            format!("Key (mrn)=({code}) already exists."),
            format!("patient = {{'mrn': '{code}'}}"),
            format!("ssn,mrn\n524-81-3377,{code}\n"),
            format!("PID-3: {code}"),
        ] {
            let out = redactor("strict").redact_text(&text, NOW).unwrap().text;
            assert!(!out.contains(code), "{out}");
        }
    }
    let table = "mrn,X9XX col\n70444444,yes\n";
    assert_eq!(
        redactor("strict").by_rules().redact_text(table, NOW).unwrap().text,
        "mrn,X9XX col\n[MRN],yes\n"
    );
}

#[test]
fn an_age_that_is_a_date_too_keeps_nothing_of_it() {
    let out = redactor("coded").redact_text(r#"{"a{"dob":"1912 p""#, NOW).unwrap();
    assert_eq!(out.text, r#"{"a{"dob":"90+""#);
}

#[test]
fn a_secret_beside_a_token_goes_though_it_has_no_digit() {
    // What is told by its digits must have one beside the token; what is told otherwise need not.
    let out = redactor("strict").redact_text("password=[NAME]hunterhunter mrn: [NAME]/ward", NOW).unwrap();
    assert_eq!(out.text, "password=[NAME][SECRET] mrn: [NAME]/ward");
}

#[test]
fn values_typed_by_a_database() {
    for (given, want) in [
        (r#"{"mrn":{"N":"7712345"},"n":{"N":"7712346"}}"#, r#"{"mrn":{"N":"[MRN]"},"n":{"N":"7712346"}}"#),
        (r#"{"patient_name":{"S":"jane roe"}}"#, r#"{"patient_name":{"S":"[NAME]"}}"#),
        (r#"{"mrn":{"L":[{"N":"7712345"}]}}"#, r#"{"mrn":{"L":[{"N":"[MRN]"}]}}"#),
        (r#"{"p":{"M":{"mrn":{"SS":["77A"]}}}}"#, r#"{"p":{"M":{"mrn":{"SS":["[MRN]"]}}}}"#),
        (r#"{"mrn":{"$numberLong":"7712345"}}"#, r#"{"mrn":{"$numberLong":"[MRN]"}}"#),
        (
            r#"{"dob":{"$date":{"$numberLong":"-278640000000"}}}"#,
            r#"{"dob":{"$date":{"$numberLong":"[DATE]"}}}"#,
        ),
        (r#"{"mrn":{"long":7712345}}"#, r#"{"mrn":{"long":"[MRN]"}}"#),
        (
            r#"{"total":{"N":"7712345"},"at":{"long":-97.7431}}"#,
            r#"{"total":{"N":"7712345"},"at":{"long":-97.7431}}"#,
        ),
    ] {
        assert_eq!(json("strict", given).text, want);
    }
}

#[test]
fn tables_are_read_once() {
    for text in [
        "COPY p (id, patient_name, mrn) FROM stdin;\n1\tQxyz Roe\t7712345\n2\t\\N\t7712346\n\\.\n",
        "      patient_name      mrn         dob  age\n0  Qxyz Roe  7712345  1961-03-02   44\n1   Ana  7712346  1961-04-02   95\n",
        "   zip         dob  ward\n0  78701  1961-03-02    4a\n1  78702  1961-03-02    4b\n",
        "│ patient_name │ mrn     │\n├──────────────┼─────────┤\n│ Qxyz Roe     │ 7712345 │\n└──────────────┴─────────┘\n",
        "name,note,mrn\n\"Qxyz Roe\",\"first\nsecond\",7712345\nAna Roe,x,7712346\n",
        "run(\"INSERT INTO p (patient_name, mrn) VALUES (?, ?)\", [(\"Qxyz Roe\", 7712345)])\n",
    ] {
        for profile in ["strict", "coded", "safe_harbor"] {
            let out = redactor(profile).redact_text(text, NOW).unwrap().text;
            assert!(!out.contains("Qxyz") && !out.contains("77123") && !out.contains("-03-"), "{out}");
            assert_eq!(redactor(profile).redact_text(&out, NOW).unwrap().text, out);
        }
    }
}

#[test]
fn a_surname_beside_a_token_goes_too() {
    let redactor = redactor("coded");
    let token = redactor.redact_text("Patient Jane Zerbrowski", NOW).unwrap().text;
    let token = token.strip_prefix("Patient ").unwrap();
    for (surname, left) in [(" Roe", 0), (" Kowalski", 0), (" Monday", 1), (" Diabetes", 1), (" The", 1)] {
        let text = format!("seen by {token}{surname} came in");
        let out = redactor.redact_text(&text, NOW).unwrap().text;
        assert_eq!(out.matches(surname).count(), left, "{out}");
        assert_eq!(redactor.redact_text(&out, NOW).unwrap().text, out);
    }
}

/// Objects of which nothing is to be taken.
fn stays(texts: &[&str]) {
    for text in texts {
        assert_eq!(json("strict", text).text, *text);
    }
}

/// What each object becomes.
fn becomes(profile: &str, pairs: &[(&str, &str)]) {
    for (given, want) in pairs {
        assert_eq!(json(profile, given).text, *want);
    }
}

#[test]
fn schemas_and_statistics_stay() {
    stays(&[
        r#"{"properties":{"phone":{"type":"string","minLength":10,"maxLength":15}}}"#,
        r#"{"properties":{"ssn":{"type":"string","minLength":9},"date_of_birth":{"maxLength":10}}}"#,
        r#"{"bank_account":{"balance":1200},"iban":{"minLength":15},"credit_card":{"maximum":19}}"#,
        r#"{"aggs":{"ssn":{"doc_count":1234}}}"#,
        r#"{"ssn":{"score":98,"page":1,"start":33,"end":44}}"#,
        r#"{"counts":{"mrn":1204,"ssn":333}}"#,
        r#"{"anthropic-version":"2023-06-01","api_version":"2024-02-01","version":"2024-03-04"}"#,
        r#"{"first":10,"last":20}"#,
        r#"{"first":"page1","name":{"first":12}}"#,
        r#"{"name":"ssn","type":"string","description":"nine digits"}"#,
        r#"{"mrns":1204,"ssns":333}"#,
        r#"{"type":"password","value":"reset"}"#,
        r#"{"type":"text","text":"219 of 431"}"#,
        r#"{"label":"SSN","text":"Enter your SSN of 9 digits"}"#,
        r#"{"auth":"oauth2","jwt":"none","csrf":"true","sas":"enabled","session_id":"a8kd02mpq7zx44","otp":"sms","auth":1500}"#,
        r#"{"fname":"Report.pdf","har":"trace-1","sin":0.8660254,"customer_id":443921}"#,
    ]);
}

#[test]
fn numbers_and_codes_under_their_keys() {
    becomes(
        "strict",
        &[
            (r#"{"counts":{"ssn":219099431}}"#, r#"{"counts":{"ssn":"[SSN]"}}"#),
            (r#"{"mrns":[70444321],"phone1":"5550143"}"#, r#"{"mrns":["[MRN]"],"phone1":"[PHONE]"}"#),
            (r#"{"otp":443921,"cvc":123}"#, r#"{"otp":"[SECRET]","cvc":"[CARD]"}"#),
            (
                r#"{"telecom":[{"system":"phone","value":5125550143}]}"#,
                r#"{"telecom":[{"system":"phone","value":"[PHONE]"}]}"#,
            ),
            (
                r#"{"Ocp-Apim-Subscription-Key":"0123456789abcdef0123456789abcdef"}"#,
                r#"{"Ocp-Apim-Subscription-Key":"[SECRET]"}"#,
            ),
            (r#"{"a":NaN,"b":[-Infinity],"ssn":219099431}"#, r#"{"a":NaN,"b":[-Infinity],"ssn":"[SSN]"}"#),
        ],
    );
}

#[test]
fn parts_of_names() {
    for given in [
        r#"{"patient":{"name":{"first":"Maria","last":"Garcia"}}}"#,
        r#"{"name":{"first":"Maria","last":"Garcia"}}"#,
        r#"{"patient":{"first":"Maria","last":"Garcia"}}"#,
        r#"{"fname":"Maria","lname":"Garcia"}"#,
        r#"{"FirstNm":"Maria","last_nm":"Garcia"}"#,
        r#"{"arguments":"{\"name\":{\"first\":\"Maria\",\"last\":\"Garcia\"}}"}"#,
    ] {
        let want = given.replace("Maria", "[NAME]").replace("Garcia", "[NAME]");
        assert_eq!(json("strict", given).text, want);
    }
}

#[test]
fn values_named_elsewhere() {
    for given in [
        r#"{"mrn":{"$in":["70444321"]}}"#,
        r#"{"mrn":{"eq":"70444321"}}"#,
        r#"{"type":"mrn","value":"70444321"}"#,
        r#"{"attribute":"mrn","value":"70444321"}"#,
        r#"{"k":"mrn","v":"70444321"}"#,
        r#"{"key":"mrn","value":{"arrayValue":{"values":[{"intValue":"70444321"}]}}}"#,
        r#"{"value":"70444321","name":"mrn"}"#,
        r#"{"entities":[{"type":"MRN","text":"70444321"}]}"#,
        r#"{"name":"mrn","type":"text","value":"70444321"}"#,
    ] {
        assert_eq!(json("strict", given).text, given.replace("70444321", "[MRN]"));
    }
    becomes("strict", &[(r#"{"value":219099431,"name":"ssn"}"#, r#"{"value":"[SSN]","name":"ssn"}"#)]);
    stays(&[r#"{"value":219099431,"name":"bytes"}"#]);
}

#[test]
fn ages_over_89_by_key() {
    becomes(
        "safe_harbor",
        &[
            (r#"{"birth_year":1930,"dob":1930}"#, r#"{"birth_year":"90+","dob":"90+"}"#),
            (r#"{"age":{"value":93},"age_at_visit":93}"#, r#"{"age":{"value":"90+"},"age_at_visit":"90+"}"#),
            (
                r#"{"birth_year":1980,"age_at_visit":44,"year":1930}"#,
                r#"{"birth_year":1980,"age_at_visit":44,"year":1930}"#,
            ),
            (r#"{"a":"aged 90-95"}"#, r#"{"a":"aged 90+"}"#),
        ],
    );
}

/// The tokens of a kind in a record under `coded`, in order.
fn tokens_of(kind: &str, record: &str) -> Vec<String> {
    let out = json("coded", record).text;
    let begin = format!("[{kind}:");
    let token = |at: usize| out[at..at + out[at..].find(']').unwrap() + 1].to_owned();
    out.match_indices(&begin).map(|(at, _)| token(at)).collect()
}

fn token_of_name(name: &str) -> String {
    redactor("coded").tokens("NAME", name).remove(0)
}

#[test]
fn two_persons_of_one_surname_have_two_tokens() {
    for (record, names) in [
        (
            r#"{"patient":{"name":"Ruth Wrenfield"},"emergency_contact":{"name":"John Wrenfield"},"note":"Mrs. Wrenfield and Ruth"}"#,
            &["Ruth Wrenfield", "John Wrenfield", "Wrenfield", "Ruth Wrenfield"][..],
        ),
        (
            r#"{"t":"Patient Ana Roe (MRN 88120034) and patient Bob Roe (MRN 88120035)"}"#,
            &["Ana Roe", "Bob Roe"],
        ),
        (
            r#"{"patient_name":"Aurelio J. Quist","t":"Is Aurelio Quist allergic? Mr. Quist is."}"#,
            &["Aurelio J. Quist", "Aurelio Quist", "Aurelio J. Quist"],
        ),
        (
            r#"{"patient_name":"Ruth Wrenfield","t":"Dear R. Wrenfield, J. Wrenfield is here"}"#,
            &["Ruth Wrenfield", "Ruth Wrenfield", "J. Wrenfield"],
        ),
    ] {
        let want: Vec<String> = names.iter().map(|name| token_of_name(name)).collect();
        assert_eq!(tokens_of("NAME", record), want, "{record}");
    }
}

#[test]
fn cells_of_a_table_stay_apart() {
    for (text, want) in [
        (
            "first_name,last_name,mrn\nTobiah,Wrenfield,88120035",
            "first_name,last_name,mrn\n[NAME],[NAME],[MRN]",
        ),
        (
            "given,family,mrn,notes\nTobiah,Wrenfield,88120035,stable\nAna,Roe,88120036,better",
            "given,family,mrn,notes\n[NAME],[NAME],[MRN],stable\n[NAME],[NAME],[MRN],better",
        ),
        ("first,last,mrn\nTobiah,Wrenfield,88120035", "first,last,mrn\n[NAME],[NAME],[MRN]"),
        ("name;zip\n\"Wrenfield, Tobiah\";02138", "name;zip\n\"[NAME]\";[ZIP]"),
    ] {
        let record = serde_json::json!({ "t": text }).to_string();
        let out: serde_json::Value = serde_json::from_str(&json("strict", &record).text).unwrap();
        assert_eq!(out["t"], want);
    }
    let record = r#"{"t":"first_name,last_name,mrn\nTobiah,Wrenfield,88120035"}"#;
    assert_eq!(tokens_of("NAME", record), [token_of_name("Tobiah"), token_of_name("Wrenfield")]);
}

#[test]
fn known_values_are_found_in_other_spellings() {
    for (record, gone) in [
        (r#"{"a":"SSN 522-41-8830","b":"x 522418830 y"}"#, "522418830"),
        (r#"{"a":"phone 508-555-0147","b":"dial 5085550147"}"#, "5085550147"),
        (r#"{"a":"phone +1 (508) 555-0147","b":"dial 5085550147"}"#, "5085550147"),
        (r#"{"a":"member id XJW882119003","b":"see xjw882119003"}"#, "xjw882119003"),
        (r#"{"a":"member id xjw-882119003","b":"see XJW882119003"}"#, "XJW882119003"),
        (r#"{"mrn":88120034,"b":"see 00088120034"}"#, "88120034"),
        (r#"{"mrn":88120034,"b":"see 88120034"}"#, "88120034"),
        (r#"{"a":"MRN 88120034","b":"see 00088120034, or not"}"#, "88120034"),
    ] {
        let out = json("strict", record).text;
        assert!(!out.contains(gone), "{record}: {out}");
    }
    for kept in [
        r#"{"b":"see 00088120035"}"#,
        r#"{"b":"see 188120034"}"#,
        r#"{"b":"see 881200340"}"#,
        r#"{"b":"see 10088120034"}"#,
    ] {
        let record = format!(r#"{{"mrn":88120034,{}"#, &kept[1..]);
        let out = json("strict", &record).text;
        assert_eq!(out.matches("[MRN]").count(), 1, "{out}");
    }
    // One value has one token, however it is written.
    let tokens = tokens_of("SSN", r#"{"a":"SSN 522-41-8830","b":"x 522418830 y"}"#);
    assert_eq!(tokens[0], tokens[1]);
}

#[test]
fn a_word_behind_a_given_name_under_name_is_a_surname() {
    let out = json("strict", r#"{"email":"q@w.example","name":"Quen Brisk"}"#).text;
    assert_eq!(out, r#"{"email":"[EMAIL]","name":"[NAME]"}"#);
    for kept in [r#"{"email":"q@w.example","name":"Brisk Walk"}"#, r#"{"name":"Daily Brisk Walk"}"#] {
        assert!(json("strict", kept).text.contains("Walk"), "{kept}");
    }
}
