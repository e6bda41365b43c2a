use super::super::tests::{assert_finds, assert_silent, found_under};
use super::*;

#[test]
fn values_that_look_made() {
    assert_finds(
        "secret_assignment",
        &[
            ("db_password=Tr0ub4dor&3", &["Tr0ub4dor&3"]),
            ("\"api_key\": \"9f8e7d6c5b4a\"", &["9f8e7d6c5b4a"]),
            ("Authorization: Bearer 7Hs0lLmQzX9tYw2v", &["7Hs0lLmQzX9tYw2v"]),
            ("password is hunter2!", &["hunter2"]),
            ("?token=ab12cd34&x=1", &["ab12cd34"]),
            ("AccountKey=Zm9vYmFyYmF6cXV4;Endpoint", &["Zm9vYmFyYmF6cXV4"]),
            ("PIN: 4711", &["4711"]),
            ("SECRET_KEY = b\"k3p9Zx0Qw7Lm2Vn8\"", &["k3p9Zx0Qw7Lm2Vn8"]),
            ("api_key = rb'k3p9Zx0Qw7Lm2Vn8'", &["k3p9Zx0Qw7Lm2Vn8"]),
            ("var password = @\"k3p9Zx0Qw7\";", &["k3p9Zx0Qw7"]),
        ],
    );
    assert_eq!(
        found_under("secret_assignment", Some("client_secret"), "s3cr3tvalue9"),
        [(Category::Secret, "s3cr3tvalue9".to_string())]
    );
}

#[test]
fn code_and_counts_stay() {
    assert_silent(
        "secret_assignment",
        &[
            "docker run -v $PWD:/app node:20-alpine npm ci",
            "sudo: TTY=pts/0 ; PWD=/srv ; COMMAND=/usr/bin/true",
            "password=${DB_PASSWORD}",
            "token = getToken()",
            "password: required",
            "api_key = os.environ.get",
            "prompt_tokens: 1523",
            "token: null",
            "Token: '#d8dee9'",
            "const SECRET: &str",
            "password reset",
            "secret_name=my_secret_name",
            "token == 0x33",
            "cost_per_token: 2.5e-06",
            "secret: 6.39.5",
            "let mut secret = vec![0; 32];",
        ],
    );
    assert_eq!(found_under("secret_assignment", Some("prompt_tokens"), "1523"), []);
    assert_eq!(found_under("secret_assignment", Some("token"), "2023"), []);
    assert_eq!(found_under("secret_assignment", Some("token_count"), "15234"), []);
}

#[test]
fn constants_of_php() {
    assert_finds("secret_assignment", &[("define( 'AUTH_KEY', 'q7#pLw9$xT' );", &["q7#pLw9$xT"])]);
    assert_silent("secret_assignment", &["array('auth_key', 'sha256')", "define('AUTH_KEY', $key1)"]);
}

#[test]
fn types_stay_and_elements_are_read() {
    assert_silent(
        "secret_assignment",
        &[
            "def sign(self, private_key: RSAPrivateKey, data: bytes)",
            "private_key: Ed25519PrivateKey",
            "api_key: Optional[SecretStr] = None",
            "token: AccessTokenProvider",
        ],
    );
    assert_finds(
        "secret_assignment",
        &[
            ("<string name=\"api_key\">f3a19b77aaf3a19b</string>", &["f3a19b77aaf3a19b"]),
            (
                "Ocp-Apim-Subscription-Key: 0123456789abcdef0123456789abcdef",
                &["0123456789abcdef0123456789abcdef"],
            ),
        ],
    );
}

#[test]
fn keys_about_a_credential_hold_none() {
    for (key, value) in [
        ("user_api_key_request_route", "/v1/chat/completions2"),
        ("user_api_key_user_email", "q.brisk@w1.example"),
        ("user_api_key_user_id", "quen.brisk7@w.example"),
        ("userApiKeyTeamId", "team-4711-aa"),
        ("access_token_url", "https://id4.example/oauth2/token"),
        ("secret_name", "prod/db2-main"),
    ] {
        assert_eq!(found_under("secret_assignment", Some(key), value), [], "{key}");
    }
    for key in
        ["api_key", "user_api_key", "x-api-key", "password", "client_secret_value", "password_for_user"]
    {
        assert_eq!(found_under("secret_assignment", Some(key), "f3a19b77aaf3a19b").len(), 1, "{key}");
    }
}

#[test]
fn values_beside_their_name_in_a_pair() {
    assert_finds(
        "secret_assignment",
        &[
            ("headers=[('x-api-key', '9f8e7d6c5b4a')]", &["9f8e7d6c5b4a"]),
            ("[(b'x-api-key', b'9f8e7d6c5b4a')]", &["9f8e7d6c5b4a"]),
            ("sent [[\"x-api-key\",\"9f8e7d6c5b4a\"]] ok", &["9f8e7d6c5b4a"]),
        ],
    );
    assert_silent(
        "secret_assignment",
        &[
            "['password', 'username']",
            "['api_key', 'OPENAI_API_KEY']",
            "f('password', 'field22', 3)",
            "('password', 'step2')",
        ],
    );
}

#[test]
fn look_ups_and_attributes() {
    assert_silent(
        "secret_assignment",
        &[
            "token: \"REPLACE_WITH_TOKEN\"",
            "db_password: !vault_lookup password",
            "lookup('hashi_vault', 'secret=kv/app:key')",
            "v-model=\"form.password\" :error=\"errors.password\"",
        ],
    );
}
