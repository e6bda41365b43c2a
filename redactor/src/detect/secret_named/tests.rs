use super::super::tests::{assert_finds, assert_silent};

#[test]
fn cookies_and_signatures() {
    assert_finds(
        "secret_named",
        &[
            ("Cookie: sessionid=9f8e7d6c5b4a3f2e1d0c", &["9f8e7d6c5b4a3f2e1d0c"]),
            ("Cookie: theme=dark; connect.sid=s%3A7Hq2LmX9tYw2vB4c.Zk3", &["s%3A7Hq2LmX9tYw2vB4c.Zk3"]),
            ("PHPSESSID=9f8e7d6c5b4a3f2e1d0c9f8e7d", &["9f8e7d6c5b4a3f2e1d0c9f8e7d"]),
            ("Set-Cookie: id=a3fWa7Kq91LmZ04xTr; Path=/; Secure", &["a3fWa7Kq91LmZ04xTr"]),
            ("&sig=Zk3Vn8Qw2Lx5Rt7Yp9Bm1Cd4Fg6Hj0Ka%3D", &["Zk3Vn8Qw2Lx5Rt7Yp9Bm1Cd4Fg6Hj0Ka%3D"]),
        ],
    );
    assert_silent(
        "secret_named",
        &[
            "Cookie: theme=dark; lang=en-GB",
            "Cookie policy: cookies are kept for 30 days",
            "sig=true",
            "sig: take 1 tablet daily",
            "document.cookie = name + value",
        ],
    );
}

#[test]
fn tokens_in_sentences() {
    assert_finds(
        "secret_named",
        &[(
            "api token 5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8 for CI",
            &["5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8"],
        )],
    );
    assert_silent(
        "secret_named",
        &[
            "token refactor in 5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8",
            "secret some_long_variable_name_12345",
            "access token expires2024",
        ],
    );
}

#[test]
fn hashes_of_passwords() {
    assert_finds(
        "secret_named",
        &[
            ("anna:$apr1$Zk3Vn8Qw$J8xkT0yB1kUq5tQmT2pJx1", &["$apr1$Zk3Vn8Qw$J8xkT0yB1kUq5tQmT2pJx1"]),
            (
                "root:$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjlO/O817G3uBnIFNjnQJuesI68OTLiBFdcbYEdFCoEOfaS35inz1:18000",
                &[
                    "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjlO/O817G3uBnIFNjnQJuesI68OTLiBFdcbYEdFCoEOfaS35inz1",
                ],
            ),
            (
                "hash $2b$12$KIXQ4S5y6pUjBvXW0R2oUeC4y8bPz1fVh3Gk9LmNq7rStUvWxYzAa.",
                &["$2b$12$KIXQ4S5y6pUjBvXW0R2oUeC4y8bPz1fVh3Gk9LmNq7rStUvWxYzAa"],
            ),
            (
                "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b4dWRWJTmaaJObG",
                &["$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b4dWRWJTmaaJObG"],
            ),
            (
                "pbkdf2_sha256$260000$saltsalt$9Zk3Vn8Qw2Lx5Rt7Yp9Bm1Cd4Fg6Hj0Ka8Lq2Wv5Xc=",
                &["pbkdf2_sha256$260000$saltsalt$9Zk3Vn8Qw2Lx5Rt7Yp9Bm1Cd4Fg6Hj0Ka8Lq2Wv5Xc="],
            ),
        ],
    );
    assert_silent(
        "secret_named",
        &[
            "it costs $6 or $12",
            "awk '{print $1$2$3}'",
            "$6$salt",
            "echo $HOME$PATH",
            "$1,000,000 in $5 notes",
        ],
    );
}

#[test]
fn keys_right_behind_their_keyword() {
    assert_finds(
        "secret_named",
        &[
            ("OPENAI_API_KEY sk-abc123", &["sk-abc123"]),
            ("my api key abc123def456.", &["abc123def456"]),
            (
                "aws configure set aws_secret_access_key wJalrXUtnFEMI/K7MDENG/bPxRfiCYzAMPLEKEYx",
                &["wJalrXUtnFEMI/K7MDENG/bPxRfiCYzAMPLEKEYx"],
            ),
            (
                "Signature=fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024",
                &["fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024"],
            ),
            (
                "anna:1001:AAD3B435B51404EEAAD3B435B51404EE:31D6CFE0D16AE931B73C59D7E0C089C0:::",
                &["AAD3B435B51404EEAAD3B435B51404EE", "31D6CFE0D16AE931B73C59D7E0C089C0"],
            ),
        ],
    );
    assert_silent(
        "secret_named",
        &[
            "the api key rotation2024 plan",
            "api key authentication",
            "an access key of 20 characters",
            "api key v2 endpoints",
            "Signature=base64(hmac)",
            "std::vec:::x",
        ],
    );
}

#[test]
fn keys_of_storage_accounts() {
    let key = "k3Jx9Qv7Zr1Tn5Wm8Bd2Hs6Lp4Gy0Fc3Ua7Ei1Ok5Xw9Vq2Rz6Mt8Nb4Dj0Sh3Pl7Gk==";
    assert_finds(
        "secret_named",
        &[(&format!("az storage blob upload --account-key {key} --name x"), &[key])],
    );
    assert_silent("secret_named", &["the account key of the year"]);
}

#[test]
fn hashes_behind_their_scheme() {
    assert_finds(
        "secret_named",
        &[
            ("builder:{SHA}WurCVTFiFLmdND1GgFYU3srAHgF=", &["{SHA}WurCVTFiFLmdND1GgFYU3srAHgF="]),
            (
                "ssha: {SSHA}pH796wXola+3QDCIMC2LKY5TF33lXaSMwrBu0g==",
                &["{SSHA}pH796wXola+3QDCIMC2LKY5TF33lXaSMwrBu0g=="],
            ),
        ],
    );
    assert_silent("secret_named", &["the commit {SHA} of WurCVTFiFLmdND1GgFYU3srAHgF="]);
}
