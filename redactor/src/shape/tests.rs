//! Ids and vocabulary pass; what could be a person's does not.

use super::*;

#[test]
fn ids_pass() {
    for id in [
        "550e8400-e29b-41d4-a716-446655440000",
        "01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "chatcmpl-AbC123dEf456GhI789",
        "msg_01XFDUDYJgAACzvnptvVoYEL",
        "4bf92f3577b34da6a3ce929d0e0e4736",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b4",
        "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-v1:0",
    ] {
        assert!(known_id(id), "{id}");
    }
}

#[test]
fn what_could_be_a_person_does_not() {
    for id in [
        "123456789",
        "123-45-6789",
        "john.smith@example.org",
        "john-smith",
        "session-john-smith",
        "",
        "4111111111111111",
        "arn:aws:sts::123456789012:assumed-role/doctor/john.smith@example.org",
        "6175550123",
        "call_john_smith",
    ] {
        assert!(!known_id(id), "{id}");
    }
}

#[test]
fn words_of_a_vocabulary() {
    for word in [
        "gpt-4o-2024-08-06",
        "claude-sonnet-4-5-20250929",
        "aws.bedrock",
        "us-east-1",
        "api.openai.com",
        "stop",
    ] {
        assert!(vocabulary(word), "{word}");
    }
    for word in ["John Smith", "123-45-6789", "a@b.org", "6175550123", "AKIAIOSFODNN7EXAMPLExYz01", ""] {
        assert!(!vocabulary(word), "{word}");
    }
}
