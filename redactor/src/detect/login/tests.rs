use super::super::tests::{assert_finds, assert_silent, found_under};
use super::*;

#[test]
fn names_of_accounts() {
    assert_finds(
        "login",
        &[
            ("log in with username owl_river9", &["owl_river9"]),
            ("user: t.osei", &["t.osei"]),
            ("usuario marta.g", &["marta.g"]),
            ("username: jpark", &["jpark"]),
            ("got {\"user\": \"cmarlow\"}", &["cmarlow"]),
            ("user cmarlow logged in", &["cmarlow"]),
            ("user=cmarlow ip=192.0.2.5", &["cmarlow"]),
            ("login=\"hvidberg\" status=ok", &["hvidberg"]),
            ("Benutzername tkowal99x_7", &["tkowal99x_7"]),
            ("sshd: Accepted password for greta from 192.0.2.9", &["greta"]),
            ("Failed password for invalid user lotte from 192.0.2.9 port 22", &["lotte"]),
            ("pam_unix(sshd:session): session opened for user britt(uid=1001) by (uid=0)", &["britt"]),
            ("log in with root / Gr4nola!Bar", &["Gr4nola!Bar"]),
        ],
    );
    let name = |name: &str| vec![(Category::UniqueId, name.to_string())];
    assert_eq!(found_under("login", Some("username"), "jpark"), name("jpark"));
    assert_eq!(found_under("login", Some("actor"), "k.lund"), name("k.lund"));
    assert_eq!(found_under("login", Some("X-Forwarded-User"), "k.lund"), name("k.lund"));
    assert_eq!(found_under("login", Some("user"), "owl_river9"), name("owl_river9"));
    for key in ["created_by", "assignee", "owner", "approvedBy", "reviewer", "author"] {
        assert_eq!(found_under("login", Some(key), "k.lund"), name("k.lund"), "{key}");
        assert_eq!(found_under("login", Some(key), "platform-team"), [], "{key}");
    }
}

#[test]
fn handles_of_networks() {
    assert_finds(
        "login",
        &[
            ("my twitter is @pine_otter", &["pine_otter"]),
            ("Instagram: @otter.pine", &["otter.pine"]),
            ("see instagram.com/otter.pine", &["otter.pine"]),
            ("tiktok.com/@mossy_heron", &["mossy_heron"]),
        ],
    );
}

#[test]
fn systems_code_and_sentences_stay() {
    assert_silent(
        "login",
        &[
            "user: the user must log in",
            "user=root",
            "# twitter\n@pytest.mark.threading\ndef test",
            "DB_USER=ehr_rw",
            "username is required",
            "[Service]\nUser=sealake\nGroup=sealake",
            "user=request.user",
            "user=current_user, role=admin",
            "username: string",
            "pub username: winlib::core::Text,",
            "User(username=username)",
            "the user clicked on v2.0",
            "login failed for admin",
            "the username shouldn't fail",
            "Accepted password for root from 192.0.2.9",
            "invalid user input from the form",
            "user interface and user experience",
            "log in with your browser",
            "@property",
            "@media screen",
            "import from @types/node",
            "share it on twitter or instagram.com/about",
            "user: hello assistant: hi",
        ],
    );
    for (key, value) in [
        ("user", "admin"),
        ("actor", "system"),
        ("actor", "ingest-service"),
        ("role", "user"),
        ("user", "user-123"),
    ] {
        assert_eq!(found_under("login", Some(key), value), [], "{key}: {value}");
    }
}

#[test]
fn accounts_made_of_names() {
    assert_finds(
        "login",
        &[
            ("auth failed user=rnakagawa71 src=10.0.0.1", &["rnakagawa71"]),
            ("Login loop, user tnakagawa, since noon", &["tnakagawa"]),
            ("the account bkowalski was locked", &["bkowalski"]),
            ("username is wtkqz_marfo4", &["wtkqz_marfo4"]),
            ("Reporter: Folake Adeyinka (fadeyinka), ward 3", &["fadeyinka"]),
            ("signed in from WARD7\\tnakagawa today", &["tnakagawa"]),
            ("did you see what she tagged @amara.draws_ in", &["amara.draws"]),
        ],
    );
    assert_silent(
        "login",
        &[
            "the user cannot log in",
            "the account balance is low",
            "the function (method) is called",
            "print(\"NAME\\nakagawa\")",
            "use @app.route_for and @some_fixture here",
            "user namespaces and user groups",
        ],
    );
}

#[test]
fn directories_of_users() {
    assert_finds(
        "login",
        &[
            ("open C:\\Users\\zvekes\\notes.txt", &["zvekes"]),
            ("ls /home/zvekes/data", &["zvekes"]),
            ("File \"/Users/zvekes/app.py\", line 3", &["zvekes"]),
        ],
    );
    assert_silent(
        "login",
        &[
            "/home/ubuntu/app",
            "/home/runner/work",
            "C:\\Users\\Public\\Documents",
            "GET /home/products/list",
            "https://example.org/home/zvekes/x",
            "/home/ec2-user/run.sh",
            "/home/app/current",
        ],
    );
}

#[test]
fn names_of_accounts_with_a_number_or_spaced() {
    assert_finds(
        "login",
        &[
            ("I can't get into my account oskarlb_77 since", &["oskarlb_77"]),
            ("mi cuenta yadi_lunar22 no va", &["yadi_lunar22"]),
            ("Login = gwen.asante_7\n", &["gwen.asante_7"]),
        ],
    );
}

#[test]
fn words_with_a_number_behind_a_dot() {
    assert_finds("login", &[("USERNAME: velvet.badger42\n", &["velvet.badger42"])]);
    assert_silent("login", &["username: model.v2"]);
}

#[test]
fn accounts_that_a_sentence_mentions() {
    assert_finds(
        "login",
        &[
            ("/services/billing/   @jvirtanen @w-liang67", &["jvirtanen", "w-liang67"]),
            ("cc @schorsch_huyn65, please", &["schorsch_huyn65"]),
            ("creds in Slack again (@r.brandli)", &["r.brandli"]),
            ("@zhao-yuting commented", &["zhao-yuting"]),
            ("resolves to HARBOR\\jseo. But", &["jseo"]),
        ],
    );
    assert_silent(
        "login",
        &[
            "@pytest.mark.slow",
            "@media (min-width: 3px)",
            "use @font-face here",
            "import x from '@types/node'",
            "see @param name",
            "the @app.route decorator",
            "add @angular-devkit/build-angular",
            "a @types-only import",
            "FAILED\\nretry",
            "HKLM\\software\\x",
            "ABC\\d+",
        ],
    );
}
