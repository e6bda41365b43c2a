use super::*;

fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn floats_are_written_as_postgresql_writes_them() {
    let double = |value: f64| written(|out| float(out, &format!("{value:e}"), value, 15));
    // Each right side is what PostgreSQL 15 prints for `SELECT x::float8`.
    for (value, want) in [
        (0.0, "0"),
        (-0.0, "-0"),
        (1.0, "1"),
        (0.1, "0.1"),
        (-1234.5, "-1234.5"),
        (0.0001, "0.0001"),
        (0.00001, "1e-05"),
        (123456789012345.0, "123456789012345"),
        (1234567890123456.0, "1.234567890123456e+15"),
        (1e20, "1e+20"),
        (1e-300, "1e-300"),
        (f64::NAN, "NaN"),
        (f64::NEG_INFINITY, "-Infinity"),
    ] {
        assert_eq!(double(value), want);
    }
    let real = |value: f32| written(|out| float(out, &format!("{value:e}"), f64::from(value), 6));
    assert_eq!(real(0.1), "0.1");
    assert_eq!(real(1_234_567.0), "1.234567e+06");
}

#[test]
fn decimals_times_intervals_and_bytes() {
    assert_eq!(written(|out| decimal(out, "-5", 3)), "-0.005");
    assert_eq!(written(|out| decimal(out, "12345", 2)), "123.45");
    assert_eq!(written(|out| decimal(out, "12", -3)), "12000");
    assert_eq!(written(|out| timestamp(out, 1_763_702_528_120_000, true, ' ')), "2025-11-21 05:22:08.12+00");
    assert_eq!(written(|out| timestamp(out, -1, false, ' ')), "1969-12-31 23:59:59.999999");
    assert_eq!(
        written(|out| timestamp(out, 253_402_300_799_000_000, true, 'T')),
        "9999-12-31T23:59:59+00:00"
    );
    assert_eq!(
        written(|out| timestamp(out, -62_135_596_800_000_001, true, ' ')),
        "0001-12-31 23:59:59.999999+00 BC"
    );
    assert_eq!(written(|out| date(out, 0)), "1970-01-01");
    assert_eq!(written(|out| interval(out, 14, -3, 14_706_700_000)), "1 year 2 mons -3 days +04:05:06.7");
    assert_eq!(written(|out| interval(out, 0, 0, 0)), "00:00:00");
    assert_eq!(written(|out| bytes(out, &[0, 0xab])), "\\x00ab");
}

#[test]
fn array_elements_are_quoted_where_they_must_be() {
    for (text, want) in
        [("a", "a"), ("", "\"\""), ("NULL", "\"NULL\""), ("a b", "\"a b\""), ("q\"\\", "\"q\\\"\\\\\"")]
    {
        assert_eq!(written(|out| array_element(out, text.as_bytes())), want);
    }
}

#[test]
fn binary_numerics_are_groups_of_four_digits() {
    let binary = |digits: &str, scale| {
        let mut out = Vec::new();
        binary_numeric(&mut out, digits, scale);
        out.chunks(2).map(|pair| i16::from_be_bytes([pair[0], pair[1]])).collect::<Vec<_>>()
    };
    // Number of groups, weight, sign, digits after the point, groups: PostgreSQL's numeric_send.
    assert_eq!(binary("12345678", 4), [2, 0, 0, 4, 1234, 5678]);
    assert_eq!(binary("-5", 3), [1, -1, 0x4000, 3, 50]);
    assert_eq!(binary("10000", 0), [1, 1, 0, 0, 1]);
    assert_eq!(binary("0", 2), [0, 0, 0, 2]);
}
