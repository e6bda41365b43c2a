//! Texts made to be slow, at any size: for the test that counts the work and for the benchmark that times it.

/// A text made to be slow.
pub(crate) struct Input {
    pub(crate) name: &'static str,
    /// Whether it is JSON; else it is plain text.
    pub(crate) json: bool,
    make: fn(usize) -> String,
}

impl Input {
    /// The text, of about that many bytes.
    pub(crate) fn of(&self, bytes: usize) -> String {
        (self.make)(bytes)
    }
}

const fn text(name: &'static str, make: fn(usize) -> String) -> Input {
    Input { name, json: false, make }
}

const fn json(name: &'static str, make: fn(usize) -> String) -> Input {
    Input { name, json: true, make }
}

/// The unit again and again.
fn again(unit: &str, bytes: usize) -> String {
    unit.repeat(bytes / unit.len())
}

/// What `make` gives for 0, 1, 2, …, with commas between.
fn list(bytes: usize, make: impl Fn(usize) -> String) -> String {
    let mut list = String::with_capacity(bytes + 64);
    for at in 0.. {
        if list.len() >= bytes {
            break;
        }
        if at > 0 {
            list.push(',');
        }
        list.push_str(&make(at));
    }
    list
}

/// Three letters that differ from number to number.
fn word(number: usize) -> String {
    [number % 26, number / 26 % 26, number / 676 % 26].iter().map(|at| char::from(b'a' + *at as u8)).collect()
}

fn names(bytes: usize) -> String {
    list(bytes, |at| format!("Patient: Anna{} Zorel{}", word(at), word(at / 7)))
}

/// A key of half the bytes, and that many short values below it.
fn long_key(bytes: usize, value: &str) -> String {
    format!("{{\"{}\":[{}]}}", "k".repeat(bytes / 2), list(bytes / 2, |_| value.to_owned()))
}

fn nested(bytes: usize) -> String {
    const DEPTH: usize = 500;
    let inner = list(bytes.saturating_sub(12 * DEPTH), |at| format!("\"a{at}@example.org\""));
    format!("{}{inner}{}", "[{\"a\":".repeat(DEPTH / 2) + "[", "]".to_owned() + &"}]".repeat(DEPTH / 2))
}

/// JSON in a string in JSON, as deep as a string of this size may be.
fn quoted(bytes: usize) -> String {
    let mut text = format!("[{}]", list(bytes / 40, |at| format!("\"a{at}@example.org\"")));
    while text.len() < bytes {
        text = serde_json::json!({ "a": text }).to_string();
    }
    text
}

/// Every one of them.
pub(crate) const INPUTS: &[Input] = &[
    text("all digits", |bytes| again("1234567890", bytes)),
    text("all @", |bytes| again("@", bytes)),
    text("one word", |bytes| again("a", bytes)),
    text("alternating case", |bytes| again("aB", bytes)),
    text("spaces", |bytes| format!("password{}x", again(" ", bytes))),
    text("line ends", |bytes| again("ssn\n", bytes)),
    text("backslashes", |bytes| again("\\", bytes)),
    text("quotes", |bytes| again("\"", bytes)),
    text("opening brackets", |bytes| again("[", bytes)),
    text("zero-width characters", |bytes| again("1\u{200b}", bytes)),
    text("combining marks", |bytes| again("e\u{301}", bytes)),
    text("look-alike letters", |bytes| again("а", bytes)),
    text("wide digits", |bytes| again("１２３-", bytes)),
    text("mail of dots", |bytes| again("a.a.a.a@", bytes)),
    text("keywords", |bytes| again("MRN SSN password DOB ", bytes)),
    text("keywords of secrets with signs", |bytes| again("password=fe80::", bytes)),
    text("keywords of secrets in a query", |bytes| again("token:a1::&", bytes)),
    text("base64", |bytes| again("QUFBQUFBQUFBQUFB", bytes)),
    text("words of base64", |bytes| again("UGF0aWVudCBtYWlsIGFubmFAeC5vcmc= ", bytes)),
    text("percent-encoding", |bytes| again("%2541%31%32%33-", bytes)),
    text("character references", |bytes| again("&amp;#49;", bytes)),
    text("escapes", |bytes| again("\\\\u0041\\x31", bytes)),
    text("quoted-printable", |bytes| again("=3D(617) 555-0123 ", bytes)),
    text("private keys without an end", |bytes| again("-----BEGIN RSA PRIVATE KEY-----", bytes)),
    text("beginnings of tokens", |bytes| again("eyJ.", bytes)),
    text("address of brackets", |bytes| format!("http://a/{}", again(")", bytes))),
    text("addresses", |bytes| again("https://a:b@c ", bytes)),
    text("one name", |bytes| again("John Smith ", bytes)),
    text("distinct names", names),
    text("names, then all their words", |bytes| names(bytes / 2) + &again(" Annaaaa Zorelaaa", bytes / 2)),
    text("copies", |bytes| {
        format!("{} {}", list(bytes / 2, |at| format!("MRN {at:08}")), again("00000001 ", bytes / 2))
    }),
    text("copies that begin alike", |bytes| {
        format!("{} {}", list(12_000, |at| format!("MRN 777777{at:04}")), again("7777770 ", bytes))
    }),
    text("columns", |bytes| again("name,ssn,mrn,dob,zip,phone,a,b,c,d,e,f\n", bytes)),
    text("rows", |bytes| format!("name,ssn\n{}", again("Anna Zorel,512345671\n", bytes))),
    text("list of names on lines of their own", |bytes| {
        format!(
            "({}) VALUES {}",
            "ssn,\n".repeat(63) + "mrn",
            list(bytes, |_| format!("({}1)", "1,".repeat(63)))
        )
    }),
    text("spaced digits", |bytes| again("5 1 2 - 3 4 - 5 6 7 1 ", bytes)),
    text("numbers with separators", |bytes| again("1-2.3/4 ", bytes)),
    text("phone-like runs", |bytes| again("+1 (617) 555-", bytes)),
    text("spelled digits", |bytes| again("ssn five one two ", bytes)),
    text("fields of HL7", |bytes| again("PID|", bytes)),
    text("tags", |bytes| again("<td>ssn", bytes)),
    text("labels", |bytes| again("[NAME] ", bytes)),
    text("labels among identifiers", |bytes| again("mrn: 12345678 [SSN] ", bytes)),
    text("labels inside a private key", |bytes| {
        format!("-----BEGIN PRIVATE KEY-----{}", again("[REMOVED] a", bytes))
    }),
    text("labels behind escapes", |bytes| again("[NAME]%31 MRN 12345678 ", bytes)),
    text("glued identifiers", |bytes| again("a123-45-6789[1/2/2001]", bytes)),
    text("handles on one line", |bytes| again("twitter @pine_otter ", bytes)),
    text("addresses in words", |bytes| again("jane [at] x (dot) org ", bytes)),
    text("passwords in sentences", |bytes| again("the password for the door of ", bytes)),
    text("cookies", |bytes| format!("Cookie: {}", again("sessionid=9f8e7d6c5b4a3f2e1d0c; ", bytes))),
    text("addresses of currencies", |bytes| again("btc 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa ", bytes)),
    text("kin and verbs", |bytes| again("mi padre Fausto toma, Zdenka, 44F, has ", bytes)),
    text("days", |bytes| again("10/2 through 11/28/16-12/3/16 on 6/3 ", bytes)),
    json("deep arrays", |bytes| again("[", bytes)),
    json("deep objects", |bytes| again("{\"a\":", bytes)),
    json("findings in the depth", nested),
    json("JSON in strings", quoted),
    json("long key above strings", |bytes| long_key(bytes, "\"x\"")),
    json("long key above numbers", |bytes| long_key(bytes, "1")),
    json("long key above findings", |bytes| long_key(bytes, "\"a@b.org\"")),
    json("long key of brackets", |bytes| long_key(bytes, "\"x\"").replace('k', "[")),
    json("strings with escapes", |bytes| format!("[{}]", list(bytes, |_| "\"%41nna \\u0041\"".to_owned()))),
    json("strings with names and escapes", |bytes| {
        format!("[{}]", list(bytes, |at| format!("\"Patient: Anna{} %41\"", word(at))))
    }),
    json("distinct keys", |bytes| format!("{{{}}}", list(bytes, |at| format!("\"a{at}@example.org\":{at}")))),
    json("dates of nobody", |bytes| {
        format!("[{}]", list(bytes, |at| format!("\"1961-04-{:02}\"", 1 + at % 28)))
    }),
    json("one key", |bytes| format!("{{{}}}", list(bytes, |_| "\"a@example.org\":1".to_owned()))),
    json("one string of findings", |bytes| {
        serde_json::json!({ "a": again("Anna \"Zorel\", a@b.org\n", bytes) }).to_string()
    }),
    json("embeddings", |bytes| format!("[{}]", list(bytes, |_| format!("[{}0.5]", "0.5,".repeat(64))))),
    json("labelled values", |bytes| {
        format!("[{}]", list(bytes, |_| r#"{"key":"ssn","value":{"stringValue":"512345671"}}"#.to_owned()))
    }),
];
