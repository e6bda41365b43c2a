//! Readings: what is folded, what is left alone, and where a span of a reading lies in the text.

use super::*;

fn reads(text: &str) -> String {
    folded(text).map_or_else(|| text.to_owned(), |reading| reading.text)
}

#[test]
fn digits_letters_and_signs_of_other_clothes() {
    for (text, want) in [
        ("５１２-３４-５６７１", "512-34-5671"),
        ("٥١٢ ۵۱۲ ५१२", "512 512 512"),
        ("𝟝𝟙𝟚 𝐌𝐚𝐫𝐢𝐚 𝓜𝓪𝓻𝓲𝓪", "512 Maria Maria"),
        ("ｍａｒｉａ＠ｘ．ｏｒｇ", "maria@x.org"),
        ("maria﹫x。org", "maria@x.org"),
        ("512‑34–5671, 512−34﹣5671 and 512 – 34 — 5671", "512-34-5671, 512-34-5671 and 512 - 34 - 5671"),
        ("555\u{a0}123\u{202f}4567", "555 123 4567"),
        ("5\u{200b}1\u{ad}2\u{2060}-34", "512-34"),
        ("①②③", "123"),
        ("Gonza\u{301}lez, José", "Gonza\u{301}lez, José"),
    ] {
        assert_eq!(reads(text), want, "{text:?}");
    }
}

#[test]
fn letters_that_look_latin_fold_in_words_that_are() {
    for (text, want) in [
        ("МRN", "MRN"),
        ("Mаriа Gоnzаlеz", "Maria Gonzalez"),
        ("ЅЅN: 567О", "SSN: 567O"),
        // Words of their own languages stay.
        ("Мария у врача", "Мария у врача"),
        ("και το μ", "και το μ"),
        ("я и она с ним", "я и она с ним"),
    ] {
        assert_eq!(reads(text), want, "{text:?}");
    }
}

#[test]
fn what_needs_nothing_is_not_read_anew() {
    for text in [
        "plain",
        "word—word, said he — so",
        "Grüße aus München, José",
        "“quoted” it’s …",
        "👩\u{200d}⚕️ ok ❤\u{fe0f}",
        "x² + y²",
    ] {
        assert!(folded(text).is_none(), "{text:?} reads {:?}", reads(text));
    }
    for text in [
        "100% of R&D",
        "a \\d+ b",
        "50%off & more",
        "a = b + c",
        // The end of base64 is no soft line break.
        "Basic dXNlcjpwYXNzd29yZDEyMw==\nContent-Type: text",
        "Basic dXNlcjpwYXNzd29yZDEyMz4=\r\nContent-Type: text",
    ] {
        assert!(decoded(text).is_none(), "{text:?} reads {:?}", decoded(text));
    }
}

#[test]
fn escapes_are_taken_off() {
    for (text, want) in [
        ("maria%40x.org", "maria@x.org"),
        ("maria%2540x.org", "maria@x.org"),
        ("Jos%C3%A9%20Ruiz", "José Ruiz"),
        ("&#53;12&#x2d;34 &amp;#64; &commat; &amp;", "512-34 @ @ &"),
        ("a\\x40b \\u0041 \\\\u0041 \\u{41}", "a@b A A A"),
        ("{\\\"mrn\\\":\\n1}", "{\"mrn\":\n1}"),
        ("maria=40x.org ma=\nria", "maria@x.org maria"),
        ("a=1+2&name=Maria+Gonzalez", "a=1 2&name=Maria Gonzalez"),
        ("%EF%BC%95%EF%BC%91", "51"),
        ("%zz %4 &#; &#99999999; \\x4 \\u12 %C3 %FF", "%zz %4 &#; &#99999999; \\x4 \\u12 %C3 %FF"),
    ] {
        assert_eq!(decoded(text).map_or_else(|| text.to_owned(), |reading| reading.text), want, "{text:?}");
    }
}

#[test]
fn spaced_digits_are_joined() {
    let read = |text: &str| joined(&Text::new(text, None, 0)).map(|reading| reading.text);
    assert_eq!(read("no 5 1 2 - 3 4 - 5 6 7 1 it is").as_deref(), Some("no 512-34-5671 it is"));
    assert_eq!(read("6 1 7 5 5 5 0 1 2 3").as_deref(), Some("6175550123"));
    for text in ["0 1 0 0 1 1 0 0 1", "1 2 3 4 5 6 7 8 9", "take 1 2 3", "5, 1, 2, 3, 4, 5, 6, 7"] {
        assert_eq!(read(text), None, "{text:?}");
    }
}

#[test]
fn spans_fall_on_the_bytes_that_are_stored() {
    let spot = |reading: &Reading, text: &str, what: &str| {
        let start = reading.text.find(what).expect("it is there");
        let (start, end) = reading.raw(start, start + what.len());
        text[start..end].to_owned()
    };
    let text = "ab 5\u{200b}１2‑34 é maria＠x.org z";
    let reading = folded(text).unwrap();
    assert_eq!(spot(&reading, text, "512-34"), "5\u{200b}１2‑34");
    assert_eq!(spot(&reading, text, "maria@x.org"), "maria＠x.org");
    assert_eq!(spot(&reading, text, " z"), " z");
    let text = "x %EF%BC%95%EF%BC%911 maria%2540x.org %20";
    let reading = decoded(text).unwrap();
    assert_eq!(spot(&reading, text, "511"), "%EF%BC%95%EF%BC%911");
    assert_eq!(spot(&reading, text, "maria@x.org"), "maria%2540x.org");
}

#[test]
fn what_is_spelled_out_is_read() {
    let read = |text: &str| spelled(&Text::new(text, None, 0)).map(|reading| reading.text);
    assert_eq!(read("maria [at] x [dot] org").as_deref(), Some("maria@x.org"));
    assert_eq!(read("203[.]0[.]113[.]7").as_deref(), Some("203.0.113.7"));
    assert_eq!(read("ssn: five one two three four five six seven one").as_deref(), Some("ssn: 512345671"));
    let number = "member id double eight one two oh triple four three";
    assert_eq!(read(number).as_deref(), Some("member id 881204443"));
    let number = "it's four one five, five five five, oh one two three";
    assert_eq!(read(number).as_deref(), Some("it's 415-555-0123"));
    let number = "so one four one five five five five oh one two three then";
    assert_eq!(read(number).as_deref(), Some("so 1-415-555-0123 then"));
    assert_eq!(read("zero one two three four five six seven eight nine"), None);
    for text in ["a[1] (at last) [x]", "one two three four five six seven eight", "phone one or two people"] {
        assert_eq!(read(text), None, "{text:?}");
    }
}

#[test]
fn escapes_and_marks_that_are_rarely_written() {
    let read = |text: &str| decoded(text).map(|reading| reading.text);
    assert_eq!(read("Patient=3A =5A=6F=6C =32=31=39"), Some("Patient: Zol 219".into()));
    assert_eq!(read("a=5A and b=6F"), None);
    assert_eq!(read("&#000000050;&#x0000000033;"), Some("23".into()));
    let fold = |text: &str| folded(text).map(|reading| reading.text);
    assert_eq!(fold("2\u{301}1\u{20E3}9 e\u{301}"), Some("219 e\u{301}".into()));
    assert_eq!(fold("4\u{200B}1\u{200B} \u{200B}4\u{200B}1"), Some("41 41".into()));
}
