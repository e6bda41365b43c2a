use super::super::tests::{assert_finds, assert_silent, found};
use super::*;

#[test]
fn shape_goes_valid_or_not() {
    for number in ["536-22-1234", "123-45-6789", "987-65-4321", "000-12-3456"] {
        assert_eq!(found("ssn", &format!("it was {number}, he said")), [(Category::Ssn, number.to_string())]);
    }
}

#[test]
fn keyword_carries_other_shapes() {
    assert_eq!(found("ssn", "SSN: 123456789"), [(Category::Ssn, "123456789".to_string())]);
    assert_eq!(found("ssn", "social security number is 123 45 6789").last().unwrap().1, "123 45 6789");
    assert_eq!(found("ssn", "SSN ending in 6789"), [(Category::Ssn, "6789".to_string())]);
}

#[test]
fn near_misses_stay() {
    for text in ["12-345-6789", "part 1-123-45-6789-2", "536221234", "1536-22-1234", "536-22-12345"] {
        assert_eq!(found("ssn", text), [], "{text}");
    }
}

#[test]
fn void_numbers() {
    assert!(issued("536-22-1234"));
    for void in ["666-12-1234", "900-12-1234", "000-12-1234", "123-00-1234", "123-12-0000", "078-05-1120"] {
        assert!(!issued(void), "{void}");
    }
}

#[test]
fn spaces_around_the_signs_and_the_last_four() {
    assert_finds(
        "ssn",
        &[
            ("SSN 219 - 09 - 9431", &["219 - 09 - 9431"]),
            ("ssn 219 / 09 / 9431", &["219 / 09 / 9431"]),
            ("last four of my social are 9431", &["9431"]),
            ("social ending in 9431", &["9431"]),
            ("219099431 is my SSN", &["219099431"]),
        ],
    );
    assert_silent("ssn", &["the social 1400 club", "ssn 219 - 09 - 94"]);
}
