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

#[test]
fn coordinates_by_where_they_stand() {
    assert_finds(
        "geocode",
        &[
            ("The car is at 51.50735, -0.12776.", &["51.50735", "-0.12776"]),
            ("found near 40.4406,-79.9959 today", &["40.4406", "-79.9959"]),
            ("34°03′08″N 118°14′37″W", &["34°03′08″N 118°14′37″W"]),
            ("37.7749° N, 122.4194° W", &["37.7749° N, 122.4194° W"]),
            ("48° 51' 29.6\" N, then", &["48° 51' 29.6\" N"]),
        ],
    );
    assert_silent(
        "geocode",
        &[
            "loss at 10.26721, 12.74312",
            "the sensor at 45.1234, 12.5678 V",
            "at 51.5, -0.12",
            "flexion 34° 3 N",
            "between 51.50735, -0.12776",
        ],
    );
}
