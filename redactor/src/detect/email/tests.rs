use super::super::tests::{assert_finds, assert_silent};

#[test]
fn addresses() {
    assert_finds(
        "email",
        &[
            ("mail john.b@example.com.", &["john.b@example.com"]),
            ("<dr.o'neil+x@ny.presbyterian.org>", &["dr.o'neil+x@ny.presbyterian.org"]),
            ("jürgen@klinik.example", &["jürgen@klinik.example"]),
            ("a@b.co, c@d.org", &["a@b.co", "c@d.org"]),
        ],
    );
    assert_silent("email", &["user@host", "@handle", "a @ b.com", "x@1.2", "@decorator.call", "foo@.com"]);
}

#[test]
fn stand_ins_of_examples() {
    assert_silent("email", &["git config user.email you@example.com", "placeholder=\"name@example.org\""]);
    assert_finds(
        "email",
        &[
            ("write to user@clinic.example", &["user@clinic.example"]),
            ("ada@example.com", &["ada@example.com"]),
        ],
    );
}

#[test]
fn domains_beyond_ascii_and_remotes() {
    assert_finds(
        "email",
        &[
            ("z.vekes@krankenhaus-k\u{f6}ln.example und", &["z.vekes@krankenhaus-k\u{f6}ln.example"]),
            ("jane@clinic.example\u{307e}\u{3067}", &["jane@clinic.example"]),
            ("git@clinic.example writes", &["git@clinic.example"]),
        ],
    );
    assert_silent("email", &["git clone git@forge.example:team/repo.git", "a@\u{201d}b"]);
}
