use super::super::tests::{assert_finds, assert_silent};

#[test]
fn hardware_addresses() {
    assert_finds(
        "device",
        &[
            ("at 00:1B:44:11:3A:B7 now", &["00:1B:44:11:3A:B7"]),
            ("00-1b-44-11-3a-b7", &["00-1b-44-11-3a-b7"]),
            ("ac:de:48:ff:fe:00:11:22", &["ac:de:48:ff:fe:00:11:22"]),
        ],
    );
    assert_silent(
        "device",
        &["10:20:30", "00:00:00:00:00:00", "12:34:56:78", "2001:db8::1", "aa:bb:cc:dd:ee:ff:00"],
    );
}

#[test]
fn udi_and_serials() {
    assert_finds(
        "device",
        &[
            (
                "UDI (01)00844588003288(17)141120(10)7654321D today",
                &["(01)00844588003288(17)141120(10)7654321D"],
            ),
            ("pacemaker serial number: PJN-629031", &["PJN-629031"]),
            ("IMEI 490154203237518", &["490154203237518"]),
        ],
    );
    assert_silent("device", &["serial killers of 2019", "device number 5 using", "in serial order 1 2 3"]);
}
