use super::super::tests::{assert_finds, assert_silent};

#[test]
fn coordinates_behind_their_names() {
    assert_finds(
        "geocode",
        &[
            ("lat 30.2672, lon -97.7431", &["30.2672", "-97.7431"]),
            ("GPS: 30.26720, -97.74310 here", &["30.26720", "-97.74310"]),
            ("latitude=30.267", &["30.267"]),
        ],
    );
    assert_silent("geocode", &["loss 0.2672, -0.7431", "version 30.2672", "lat 30.2", "lat 999.2672"]);
}
