//! Verifiers by the published example, and the users file.

use std::os::unix::fs::PermissionsExt;

use super::*;

/// RFC 7677 section 3: user "user", password "pencil", salt W22ZaJ0SNY7soEsUEjb6gQ==, 4096 rounds. The RFC gives
/// the exchange; client proof and server signature follow from the keys of the verifier.
#[test]
fn rfc_7677_example() {
    let salt = BASE64.decode("W22ZaJ0SNY7soEsUEjb6gQ==").expect("base64");
    let verifier = Verifier::derive("pencil", &salt, 4096).expect("verifier");
    let auth = concat!(
        "n=user,r=rOprNGfwEbeRWgbNEkqO,",
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,",
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
    );
    let server_signature = hmac(&verifier.server_key, &[auth.as_bytes()]);
    assert_eq!(BASE64.encode(server_signature), "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    let proof = BASE64.decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=").expect("base64");
    let signature = hmac(&verifier.stored_key, &[auth.as_bytes()]);
    let client_key: Vec<u8> =
        proof.iter().zip(signature).map(|(proof, signature)| proof ^ signature).collect();
    assert_eq!(<[u8; 32]>::from(Sha256::digest(client_key)), verifier.stored_key);
}

/// What PostgreSQL itself keeps for a password, `SELECT rolpassword FROM pg_authid`, has this form.
#[test]
fn postgresql_format_round_trips() {
    let verifier = Verifier::new("correct horse").expect("verifier");
    let text = verifier.to_string();
    assert!(text.starts_with("SCRAM-SHA-256$16384:"), "{text}");
    assert_eq!(Verifier::parse(&text).as_ref(), Some(&verifier));
    assert!(verifier.fits("correct horse"));
    assert!(!verifier.fits("correct horsf"));
    for wrong in [
        "",
        "md5abcdef",
        "SCRAM-SHA-256$4096:AA==$AA==:AA==",
        "SCRAM-SHA-256$0:W22ZaJ0SNY7soEsUEjb6gQ==$x:y",
        "SCRAM-SHA-256$99999999999:W22ZaJ0SNY7soEsUEjb6gQ==$x:y",
    ] {
        assert_eq!(Verifier::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn passwords_are_prepared_as_saslprep_says() {
    // RFC 4013 section 3: soft hyphens map to nothing, compatibility characters are normalised.
    let salt = [7; 16];
    let derive = |password: &str| Verifier::derive(password, &salt, 1);
    assert_eq!(derive("I\u{AD}X").expect("mapped"), derive("IX").expect("plain"));
    assert_eq!(derive("\u{2168}").expect("roman nine"), derive("IX").expect("plain"));
    assert_ne!(derive("USER").expect("upper"), derive("user").expect("lower"));
    for refused in ["", "a\u{7}b", "\u{627}1", "\0"] {
        assert!(derive(refused).is_err(), "{refused:?}");
    }
}

#[test]
fn the_file_is_written_privately_and_read_back() {
    let directory = tempfile::tempdir().expect("directory");
    let path = directory.path().join("users");
    let mut users = Users::default();
    users.add("auditor", DEFAULT_ROLE, "correct horse").expect("add");
    users.add("anna@example.org", "privacy", "battery staple").expect("add");
    assert!(users.add("auditor", DEFAULT_ROLE, "x").is_err());
    assert!(users.add("a:b", DEFAULT_ROLE, "correct horse").is_err());
    users.write(&path).expect("write");
    assert_eq!(std::fs::metadata(&path).expect("file").permissions().mode() & 0o777, 0o600);
    let text = std::fs::read_to_string(&path).expect("text");
    assert!(!text.contains("horse"));
    let mut read = Users::read(&path).expect("read");
    assert_eq!(read, users);
    read.set_password("auditor", "another horse").expect("password");
    assert!(read.get("auditor").expect("auditor").verifier.fits("another horse"));
    read.remove("auditor").expect("remove");
    assert!(read.remove("auditor").is_err());
    read.write(&path).expect("write again");
    assert_eq!(
        Users::read(&path).expect("read").iter().map(|(name, _)| name).collect::<Vec<_>>(),
        ["anna@example.org"]
    );
    assert_eq!(std::fs::read_dir(directory.path()).expect("files").count(), 1);
}

#[test]
fn a_file_that_others_can_read_is_refused_with_the_way_out() {
    let directory = tempfile::tempdir().expect("directory");
    let path = directory.path().join("users");
    Users::default().write(&path).expect("write");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("chmod");
    let error = Users::read(&path).expect_err("refused");
    assert!(error.message().contains("chmod 600"), "{error}");
    assert!(Users::read(&directory.path().join("none")).is_err());
    assert_eq!(Users::parse("# ok\n\nauditor:auditor:nonsense\n"), Err(3));
    assert_eq!(Users::parse("nonsense"), Err(1));
}

#[test]
fn generated_passwords_differ_and_need_no_quotes() {
    let one = generate_password().expect("random");
    assert_eq!(one.len(), 24);
    assert!(one.chars().all(|c| c.is_ascii_alphanumeric()));
    assert_ne!(one, generate_password().expect("random"));
}
