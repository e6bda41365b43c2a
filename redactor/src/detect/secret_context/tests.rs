use super::super::tests::{assert_silent, found, found_under};
use super::*;

/// A value of a pattern: digits and letters in turn, all in every class.
fn made(pattern: &str, less: usize) -> String {
    let mut value = String::new();
    let mut rest = pattern;
    while let Some((text, behind)) = rest.split_once('<') {
        value.push_str(text);
        let (class, behind) = behind.split_once('>').expect("a class");
        let least: usize =
            class[1..].split('-').next().and_then(|least| least.parse().ok()).expect("a number");
        let last = !behind.contains('<');
        let digits = class.starts_with('d');
        let letters = if digits { "4711081537" } else { "a1b2c3d4e5f6" };
        value.extend(letters.chars().cycle().take(least - if last { less } else { 0 }));
        rest = behind;
    }
    value + rest
}

#[test]
fn every_provider_fires_and_a_near_miss_does_not() {
    for (names, patterns) in PROVIDERS {
        for name in names.split(',') {
            let variable = name.replace(' ', "_").to_uppercase();
            for pattern in *patterns {
                let value = made(pattern, 0);
                for text in [
                    format!("{variable}_KEY={value}"),
                    format!("export {variable}_THING: \"{value}\""),
                    format!("{name} := '{value}';"),
                ] {
                    assert_eq!(found("secret_context", &text), [(Category::Secret, value.clone())], "{text}");
                }
                let under = found_under("secret_context", Some(&format!("{variable}_token")), &value);
                assert_eq!(under, [(Category::Secret, value.clone())], "{variable}");
                // Too long for all of the provider's shapes, of another alphabet, and without its provider.
                assert_silent(
                    "secret_context",
                    &[
                        &format!("{variable}_KEY={value}.{value}"),
                        &format!("{variable}_KEY=§{value}"),
                        &format!("X_KEY={value}"),
                    ],
                );
                let short = made(pattern, 1);
                let other =
                    patterns.iter().any(|other| parse(&("", other, "")).length(short.as_bytes()).is_some());
                if !other {
                    assert_silent("secret_context", &[&format!("{variable}_KEY={short}")]);
                }
            }
        }
    }
}

#[test]
fn the_docs_count_the_names() {
    let page = include_str!("../../../../docs/redaction-detectors.md");
    let names = phrases().count();
    assert!(page.contains(&format!("one of {names} names")), "docs: {names} names");
}

#[test]
fn words_stay() {
    assert_silent(
        "secret_context",
        &[
            "linear = regression_model_with_long_name",
            "we moved from jira to linear: it is faster",
            "sentry: enabled, datadog: disabled",
            "discord channel = general-discussion-of-things-ab",
            "sonar.projectKey = my-project",
        ],
    );
}
