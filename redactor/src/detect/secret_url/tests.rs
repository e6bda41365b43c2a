use super::super::tests::{assert_finds, assert_silent};

#[test]
fn credentials() {
    assert_finds(
        "secret_url",
        &[
            ("postgres://app:s3cr3tpw@db.example:5432/clinic", &["s3cr3tpw"]),
            ("mongodb+srv://u:p%40ss@cluster0.example/test", &["p%40ss"]),
            ("redis://:s3cr3tpw@cache.example:6379", &["s3cr3tpw"]),
            ("jdbc:oracle:thin:scott/t1ger#9@//db.example:1521/clinic", &["t1ger#9"]),
            (
                "https://acme.webhook.office.com/webhookb2/1f0c@2e/IncomingWebhook/33aa/44bb done",
                &["https://acme.webhook.office.com/webhookb2/1f0c@2e/IncomingWebhook/33aa/44bb"],
            ),
            (
                "https://hooks.slack.com/services/T00/B00/XXXX.",
                &["https://hooks.slack.com/services/T00/B00/XXXX"],
            ),
        ],
    );
    assert_silent(
        "secret_url",
        &[
            "https://example.com/a@b",
            "http://user@host/",
            "redis://localhost:6379/0",
            "jdbc:oracle:thin:@db.example:1521",
        ],
    );
}

#[test]
fn variables_are_no_passwords() {
    assert_silent(
        "secret_url",
        &["postgres://${DB_USER}:${DB_PASS}@${DB_HOST}/x", "amqp://app:{{ password }}@mq"],
    );
    assert_finds("secret_url", &["amqp://app:$ea}shell@mq"].map(|text| (text, &["$ea}shell"][..])));
}
