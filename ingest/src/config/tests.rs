//! Configuration: what is refused, and that the message says the way out.

use super::*;

const MINIMAL: &str = r#"
site = "eu"
[kafka]
brokers = ["127.0.0.1:9092"]
[[topics]]
name = "llm.gateway"
[quarantine]
recipient = "RECIPIENT"
"#;

fn parse(text: &str) -> Result<Config, String> {
    let recipient = age::x25519::Identity::generate().to_public().to_string();
    toml::from_str(&text.replace("RECIPIENT", &recipient)).map_err(|error| error.to_string())
}

/// The message with which a configuration is refused, by serde or by the check.
fn refusal(text: &str) -> String {
    match parse(text) {
        Ok(config) => config.check().expect_err(text).to_string(),
        Err(message) => message,
    }
}

#[test]
fn a_minimal_configuration_takes_the_documented_defaults() {
    let ready = parse(MINIMAL).unwrap().ready().unwrap();
    assert_eq!((ready.source_epoch, ready.instance.as_str()), (0, "ingest-1"));
    assert_eq!((ready.rows_max, ready.bytes_max), (50_000, 32 << 20));
    assert_eq!(ready.flush_interval, Duration::from_secs(10));
    assert_eq!(ready.heartbeat_interval, Duration::from_secs(600));
    assert_eq!((ready.message_bytes_max, ready.prefetch_bytes), (16 << 20, 16 << 20));
    assert_eq!(ready.topics["llm.gateway"].choice.name(), "auto");
    assert_eq!(ready.topics["llm.gateway"].actor, redactor::Actor::Unstated);
    assert!(ready.workers >= 1);
}

#[test]
fn it_is_written_as_it_is_read() {
    let config = parse(MINIMAL).unwrap();
    let text = toml::to_string(&config).unwrap();
    let again: Config = toml::from_str(&text).unwrap();
    assert_eq!(toml::to_string(&again).unwrap(), text);
}

#[test]
fn settings_that_exactly_once_owns_are_refused_with_the_reason() {
    for (name, why) in [
        ("group.id", "origin"),
        ("enable.auto.commit", "the lake is the truth"),
        ("auto.offset.reset", "skip or repeat"),
        ("isolation.level", "aborted"),
        ("auto.commit.interval.ms", "the lake is the truth"),
        ("queued.max.messages.kbytes", "limits.prefetch_bytes"),
        ("bootstrap.servers", "brokers"),
    ] {
        let text =
            MINIMAL.replace("[[topics]]", &format!("properties = {{ \"{name}\" = \"x\" }}\n[[topics]]"));
        let message = refusal(&text);
        assert!(message.contains(name) && message.contains(why), "{message}");
    }
}

#[test]
fn other_settings_pass_through_and_secrets_come_from_elsewhere() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("password"), "hunter2\n").unwrap();
    let with = |value: &str| {
        let properties = format!(
            "properties = {{ \"security.protocol\" = \"SASL_SSL\", \"session.timeout.ms\" = 6000, \
             \"sasl.password\" = {value} }}\n[[topics]]"
        );
        MINIMAL.replace("[[topics]]", &properties)
    };
    let mut config = parse(&with("{ file = \"password\" }")).unwrap();
    config.resolve_paths(dir.path());
    let properties = config.ready().unwrap().properties;
    assert!(properties.contains(&("sasl.password".into(), "hunter2".into())));
    assert!(properties.contains(&("session.timeout.ms".into(), "6000".into())));
    assert!(!format!("{config:?}").contains("hunter2"));

    let message = refusal(&with("\"hunter2\""));
    assert!(message.contains("file =") && !message.contains("hunter2"), "{message}");
    let message = refusal(&with("{ file = \"/nowhere/password\" }"));
    assert!(message.contains("/nowhere/password"), "{message}");
    let message = refusal(&with("{ env = \"SEALAKE_NOT_SET_ANYWHERE\" }"));
    assert!(message.contains("SEALAKE_NOT_SET_ANYWHERE"), "{message}");
}

#[test]
fn what_is_wrong_is_named() {
    for (from, to, expected) in [
        ("site = \"eu\"", "site = \"\"", "site"),
        ("127.0.0.1:9092", "127.0.0.1", "host:port"),
        ("llm.gateway", "^llm.*", "patterns are not read"),
        (
            "name = \"llm.gateway\"",
            "name = \"llm.gateway\"\nformat = \"xml\"",
            "`xml` is not known; expected auto",
        ),
        ("name = \"llm.gateway\"", "name = \"a\"\n[[topics]]\nname = \"a\"", "stands twice"),
        ("name = \"llm.gateway\"", "name = \"a\"\nactor = \"robot\"", "robot"),
        ("name = \"llm.gateway\"", "name = \"a\"\ncolour = 1", "colour"),
        ("RECIPIENT", "age1xyz", "quarantine.recipient"),
        ("[quarantine]", "[batch]\nrows_max = 0\n[quarantine]", "batch.rows_max is 0; expected 1 to"),
        ("[quarantine]", "[limits]\nmessage_bytes_max = 1\n[quarantine]", "limits.message_bytes_max"),
    ] {
        let message = refusal(&MINIMAL.replace(from, to));
        assert!(message.contains(expected), "{message}");
    }
}
