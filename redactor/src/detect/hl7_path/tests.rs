use super::super::tests::{assert_finds, assert_silent};
use super::*;

#[test]
fn fields_by_position() {
    assert_finds(
        "hl7_path",
        &[
            ("PID-3: 70444444", &["70444444"]),
            ("PID-5: Qorbeta^Lum\nPID-7: 19610302", &["Qorbeta^Lum", "19610302"]),
            ("PID.5.1 = Qorbeta, PID.5.2 = Lum", &["Qorbeta", "Lum"]),
            ("PID-5 (Patient Name): Qorbeta^Lum", &["Qorbeta^Lum"]),
            ("PID-11: 12 Zorn Qway^^Farwell^OH^43210", &["12 Zorn Qway", "Farwell", "43210"]),
            ("\"PID.19\": \"512-34-5671\"", &["512-34-5671"]),
        ],
    );
    assert_silent("hl7_path", &["PID-8: F", "utf-8: yes", "p-1: x", "sha-256: abc", "PID-5:", "CX-5: blue"]);
}

#[test]
fn carets() {
    assert_finds("hl7_path", &[("by KOWALSKI^ANNA^M today", &["KOWALSKI^ANNA^M"])]);
    assert_silent("hl7_path", &["GLU^Glucose^L", "x^2", "CBC^Complete Blood Count^L", "A^B"]);
}

#[test]
fn keys() {
    assert_eq!(of_key("PID.5"), Some(Category::Name));
    assert_eq!(of_key("PID.5.2"), Some(Category::Name));
    assert_eq!(of_key("XAD.3"), Some(Category::Place));
    assert_eq!(of_key("FN.1"), Some(Category::Name));
    assert_eq!(of_key("PID.8"), None);
    assert_eq!(of_key("ts_1"), None);
    assert_eq!(of_key("pid-99.1"), None);
}
