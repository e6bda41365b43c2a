use super::*;

fn bytes(bytes: &'static [u8]) -> Bytes {
    Bytes::from_static(bytes)
}

#[test]
fn messages_are_read_as_the_protocol_lays_them_out() {
    assert_eq!(message(b'Q', bytes(b"SELECT 1\0")), Ok(Message::Query("SELECT 1".to_owned())));
    let parse = message(b'P', bytes(b"s\0SELECT $1\0\0\x01\0\0\0\x17"));
    let want = Message::Parse { name: "s".to_owned(), query: "SELECT $1".to_owned(), types: vec![23] };
    assert_eq!(parse, Ok(want));
    let bind = message(b'B', bytes(b"\0s\0\0\x01\0\x01\0\x02\0\0\0\x02ab\xff\xff\xff\xff\0\0"));
    let want = Bind {
        statement: "s".to_owned(),
        parameter_formats: vec![1],
        parameters: vec![Some(bytes(b"ab")), None],
        ..Bind::default()
    };
    assert_eq!(bind, Ok(Message::Bind(want)));
    let execute = message(b'E', bytes(b"p\0\0\0\0\x05"));
    assert_eq!(execute, Ok(Message::Execute { portal: "p".to_owned(), rows_max: Some(5) }));
    let startup = first(bytes(b"\0\x03\0\0user\0a\0\0"));
    let want = First::Startup { minor: 0, parameters: vec![("user".to_owned(), "a".to_owned())] };
    assert_eq!(startup, Ok(want));
}

#[test]
fn every_cut_and_every_wrong_length_is_an_error_and_no_panic() {
    let messages: &[(u8, &'static [u8])] = &[
        (b'P', b"s\0SELECT $1\0\0\x01\0\0\0\x17"),
        (b'B', b"\0s\0\0\x01\0\x01\0\x02\0\0\0\x02ab\xff\xff\xff\xff\0\0"),
        (b'D', b"Sname\0"),
        (b'E', b"p\0\0\0\0\x05"),
        (b'Q', b"SELECT 1\0"),
    ];
    for (kind, body) in messages {
        assert!(message(*kind, bytes(body)).is_ok());
        for end in 0..body.len() {
            assert!(
                message(*kind, Bytes::copy_from_slice(&body[..end])).is_err(),
                "{} cut at {end}",
                *kind as char
            );
        }
        for at in 0..body.len() {
            let mut wrong = body.to_vec();
            wrong[at] = 0x7f;
            // What it gives does not matter here, only that it returns.
            let _ = message(*kind, wrong.into());
        }
    }
    assert!(sasl_initial(bytes(b"SCRAM-SHA-256\0\x7f\xff\xff\xffn,,")).is_err());
    assert!(first(bytes(b"\0\x02\0\0")).is_err());
    assert!(first(bytes(b"\x04\xd2\x16\x2e\0\0\0\x01")).is_err());
}
