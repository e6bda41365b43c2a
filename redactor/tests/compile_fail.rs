//! That unredacted text cannot be sealed is a matter of types: each file under `ui/` tries one way to make a
//! `Redacted` without a `Redactor`, and must not compile.

#[test]
fn nothing_but_a_redactor_makes_a_redacted() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
