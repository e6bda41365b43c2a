use super::super::tests::{assert_finds, assert_silent, found_under};

#[test]
fn addresses() {
    assert_finds(
        "url",
        &[
            ("see https://portal.example/p/4711?tab=labs.", &["https://portal.example/p/4711?tab=labs"]),
            ("(www.example.com/x)", &["www.example.com/x"]),
            // One with a scheme further on does not hide it, nor is one within it another.
            (
                "www.a-b.org and https://c.org/?u=www.d.org then www.e.org",
                &["www.a-b.org", "https://c.org/?u=www.d.org", "www.e.org"],
            ),
            ("\"ftp://h/x\"", &["ftp://h/x"]),
            ("https://en.wikipedia.example/wiki/A_(b), and", &["https://en.wikipedia.example/wiki/A_(b)"]),
        ],
    );
    assert_silent(
        "url",
        &["a://", "://x", "www dot", "example.com", "at f (webpack-internal:///./src/iban.ts:14:22)"],
    );
}

#[test]
fn names_of_vocabularies_stay() {
    let names =
        ["http://snomed.info/sct", "http://loinc.org", "http://terminology.hl7.org/CodeSystem/v3-ActCode"];
    assert_silent("url", &names);
    assert_finds("url", &[("http://loinc.org.example/jane", &["http://loinc.org.example/jane"])]);
}

#[test]
fn services_inside_a_cluster_are_nobodys() {
    assert_silent(
        "url",
        &[
            "REDIS_URL=redis://cache:6379/0",
            "curl http://localhost:8080/ again",
            "http://model-server:8000/v1",
        ],
    );
    assert_finds(
        "url",
        &[
            ("http://intranet/staff/m.kowalski", &["http://intranet/staff/m.kowalski"]),
            ("redis://osei:pw@cache:6379/0", &["redis://osei:pw@cache:6379/0"]),
        ],
    );
}

#[test]
fn addresses_of_services_stay_under_their_keys() {
    let found = |key: &str, url: &str| found_under("url", Some(key), url).len();
    for (key, url) in [
        ("api_base", "https://acme.openai.azure.com/openai/deployments/gpt-4o?api-version=2024-02-01"),
        ("base_url", "http://litellm.internal:4000/v1"),
        ("azure_endpoint", "https://acme.openai.azure.com/"),
        ("serverUrl", "wss://speech.example/v1/stream"),
    ] {
        assert_eq!(found(key, url), 0, "{url}");
    }
    for (key, url) in [
        ("api_base", "https://portal.example/patients/qorbeta"),
        ("api_base", "https://portal.example/p/7044321"),
        ("endpoint", "https://portal.example/?user=qorbeta"),
        ("endpoint", "https://lum@portal.example/"),
        ("endpoint", "see https://portal.example/"),
        ("referer", "https://portal.example/"),
    ] {
        assert_eq!(found(key, url), 1, "{url}");
    }
}
