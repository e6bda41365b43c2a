//! Ways of writing one value that must take one token, and values that must not.

use super::*;

fn same(kind: &str, values: &[&str]) {
    for value in values {
        assert_eq!(canonical(kind, value), canonical(kind, values[0]), "{kind}: {value}");
    }
}

#[test]
fn one_value_one_form() {
    same(
        "NAME",
        &["John Smith", "SMITH, JOHN", "Dr. John Smith", "john  smith", "Mr. John Smith's", "Ｊohn Smith"],
    );
    same("NAME", &["Anna S.", "anna s"]);
    same("PHONE", &["(617) 555-0123", "617.555.0123", "+1 617 555 0123", "６１７-555-0123"]);
    same("PHONE", &["617-555-0123 ext. 12", "6175550123x12"]);
    same("SSN", &["123-45-6789", "123 45 6789", "123456789"]);
    same("MRN", &["AB-12345", "ab12345"]);
    same("EMAIL", &["John@Example.org", "mailto:john@example.org"]);
    same("URL", &["https://Example.org/a/", "https://example.org/a"]);
    same("IP", &["2001:db8::1", "2001:0DB8:0:0:0:0:0:1"]);
    same("ADDRESS", &["12 Main St., Springfield", "12 main st springfield"]);
}

#[test]
fn different_values_stay_apart() {
    assert_ne!(canonical("NAME", "John Smith"), canonical("NAME", "Joan Smith"));
    assert_ne!(canonical("URL", "https://example.org/A"), canonical("URL", "https://example.org/a"));
    assert_ne!(canonical("ID", "aB"), canonical("ID", "ab"));
    assert_ne!(canonical("NAME", "Dr."), canonical("NAME", "Mr."));
    assert!(!canonical("NAME", "??").is_empty());
}

#[test]
fn no_width_does_not_count() {
    same("NAME", &["John Smith", "Jo\u{200b}hn Smith"]);
}

#[test]
fn one_word_is_part_of_a_name() {
    for part in
        ["Wrenfield", "WRENFIELD's", "Mr. Wrenfield", "Ruth", "R. Wrenfield", "Wrenfield, R.", "Sorel"]
    {
        assert!(is_part_of_name(part, "Ruth Wrenfield-Sorel"), "{part}");
    }
    assert!(is_part_of_name("van der Berg", "Joost van der Berg"));
    for other in ["John Wrenfield", "Ruth Wrenfield", "J. Wrenfield", "Wrenfield-Quist", "Quist", "R."] {
        assert!(!is_part_of_name(other, "Ruth A. Wrenfield"), "{other}");
    }
}
