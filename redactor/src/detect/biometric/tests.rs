use super::super::tests::{assert_finds, assert_silent};

#[test]
fn behind_its_keyword() {
    assert_finds(
        "biometric",
        &[("voiceprint id VP-20931", &["VP-20931"]), ("Retinal scan: 884213", &["884213"])],
    );
    assert_silent("biometric", &["fingerprint matched twice", "retina scan was normal", "VP-20931"]);
}
