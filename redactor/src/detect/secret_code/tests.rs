use super::super::tests::{assert_finds, assert_silent, found_under};
use super::*;

#[test]
fn codes_of_digits() {
    assert_finds(
        "secret_code",
        &[
            ("CVV: 882", &["882"]),
            ("security code 771", &["771"]),
            ("visa, exp 04/29, cvc 306", &["306"]),
            ("CVV2: 882, CVC2 441", &["882", "441"]),
            ("551203 is your Clinic verification code", &["551203"]),
            ("2FA code 551 203", &["551 203"]),
            ("OTP 551203", &["551203"]),
            ("your verification code is 881204.", &["881204"]),
            ("passcode 4490", &["4490"]),
            ("Your code is 482913.", &["482913"]),
            ("Hi! My code: 482913", &["482913"]),
            ("passcode 482913 and PIN 4821", &["482913", "4821"]),
            ("The code for the gate is 4490#.", &["4490"]),
            ("gate code: #7712", &["7712"]),
            ("my pin's 6621 and the door code is now 9034", &["6621", "9034"]),
        ],
    );
    let secret = |value: &str| vec![(Category::Secret, value.to_string())];
    assert_eq!(found_under("secret_code", Some("cvv"), "882"), secret("882"));
    assert_eq!(found_under("secret_code", Some("verification_code"), "881204"), secret("881204"));
}

#[test]
fn other_codes_stay() {
    assert_silent(
        "secret_code",
        &[
            "zip code 94110",
            "ICD code 882",
            "error code 771",
            "CPT code 99213",
            "code 200",
            "exit code 4490",
            "CVC 150 mm beyond the vein",
            "pin 3 of the connector",
            "a PIN code of 6 digits",
            "PIN 4 digits",
            "pin code 4096 characters",
            "OTP expires in 300 seconds",
            "access code 403",
            "security code review 2024",
            "auth code 12.5",
            "your CPT code is 99213",
            "your code is 4096 lines long",
            "the code is 4096",
            "your code returned 5000",
        ],
    );
    assert_eq!(found_under("secret_code", Some("token_count"), "882"), []);
}

#[test]
fn recovery_codes_and_phrases() {
    assert_finds(
        "secret_code",
        &[
            ("recovery codes: 8d2e-11af 90bc-43de", &["8d2e-11af", "90bc-43de"]),
            ("Your backup codes are\n* 1180-4421\n* 5561-0937\nKeep them.", &["1180-4421", "5561-0937"]),
            ("passphrase: nine silver foxes running", &["nine silver foxes running"]),
            (
                "mnemonic: legal winner thank year wave sausage worth useful legal winner thank yellow",
                &["legal winner thank year wave sausage worth useful legal winner thank yellow"],
            ),
        ],
    );
    let seed = "legal winner thank year wave sausage worth useful legal winner thank yellow";
    assert_eq!(found_under("secret_code", Some("seed_phrase"), seed), [(Category::Secret, seed.to_string())]);
    assert_silent(
        "secret_code",
        &[
            "passphrase: must be at least eight words",
            "Passphrase: enter the words here",
            "mnemonic: every good boy does fine",
            "recovery codes are shown once",
            "seed phrase: twelve words",
        ],
    );
}

#[test]
fn one_code_that_opens_an_account() {
    assert_finds(
        "secret_code",
        &[
            ("recovery code 7K2M-PQ9X-ZZ41-LLD2", &["7K2M-PQ9X-ZZ41-LLD2"]),
            ("the backup code is 8123-4411", &["8123-4411"]),
        ],
    );
    assert_silent(
        "secret_code",
        &["recovery code path", "backup code in version 12 of it", "backup code: see page 4"],
    );
}

#[test]
fn codes_of_doors_in_other_languages() {
    assert_finds(
        "secret_code",
        &[
            ("le digicode 52B81 est en bas", &["52B81"]),
            ("Kod do bramy: K22914", &["K22914"]),
            ("she knows the alarm code (2291)", &["2291"]),
            ("the access code XQ-7TK-2291, please", &["XQ-7TK-2291"]),
            ("de pincode is nog steeds 2291", &["2291"]),
            ("keysafe C2291Y on the left", &["C2291Y"]),
            ("code for the key safe is 2291", &["2291"]),
        ],
    );
    assert_silent(
        "secret_code",
        &[
            "the door code is changed",
            "gate code ABCDE",
            "pin PB1213",
            "alarm code (see page 2291)",
            "digicode installed in 2019",
        ],
    );
}
