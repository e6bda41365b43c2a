use super::super::tests::{assert_finds, assert_silent};
use super::is_handle;

#[test]
fn handles_and_mailboxes() {
    assert_finds(
        "handle",
        &[
            ("login by maria.gonzalez failed", &["maria.gonzalez"]),
            ("maria_gonzalez", &["maria_gonzalez"]),
            ("john.a.whitfield2", &["john.a.whitfield2"]),
            ("From: Maria Gonzalez <mg@x.org>", &["Maria Gonzalez"]),
            ("To: \"Gonzalez, Maria\" <mg@x.org>, Okafor <o@x.org>", &["Gonzalez, Maria", "Okafor"]),
        ],
    );
    assert_silent(
        "handle",
        &[
            "prompt_tokens",
            "gpt-4o-mini",
            "claude-sonnet-4",
            "anthropic.claude-3",
            "config.password",
            "cache-control",
            "Support Team <help@x.org>",
            "a < b@c",
            "us-east-1",
            "charlotte.gonzalez()",
            "nova-lite",
            "nova-micro",
        ],
    );
}

#[test]
fn names_of_fields_are_no_handles() {
    for key in [
        "mark_price",
        "grant_type",
        "user_id",
        "page_size",
        "jack.port",
        "will_call",
        "rose_gold",
        "max.price",
        "first_name",
    ] {
        assert!(!is_handle(key), "{key}");
    }
}

#[test]
fn initials_before_family_names() {
    assert_finds("handle", &[("Ticket von t.nakagawa: offen", &["t.nakagawa"])]);
    assert_silent("handle", &["for x in s.length", "e.g. nakagawa", "self.t.nakagawa(1)", "a.target"]);
}
