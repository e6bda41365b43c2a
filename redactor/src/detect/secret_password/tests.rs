use super::super::tests::{assert_finds, assert_silent, found_under};
use super::*;

#[test]
fn passwords_in_sentences() {
    assert_finds(
        "secret_password",
        &[
            ("password Meatballs7 opens the archive", &["Meatballs7"]),
            ("the password `Teapot55` still works", &["Teapot55"]),
            ("the password for the vpn is Rocky2021", &["Rocky2021"]),
            ("The password of the shared mailbox was still Kettle!dish.", &["Kettle!dish"]),
            ("changed the password from Rocky2018 to Rocky2021", &["Rocky2018", "Rocky2021"]),
            ("they reset my password to marble44 today", &["marble44"]),
            ("I set the password as tulip!tulip", &["tulip!tulip"]),
            ("use the password 'bluebird7' today", &["bluebird7"]),
            ("the passwords are Otter88x and Lemon77y", &["Otter88x", "Lemon77y"]),
            ("Rosebud41 is the password", &["Rosebud41"]),
            ("root password was set to plum88", &["plum88"]),
            ("wifi password's OldRoseHill22.", &["OldRoseHill22"]),
            ("user marta pass qT4-delta-Moon", &["qT4-delta-Moon"]),
            ("SSID Hotel-Otter password freeWaffles", &["freeWaffles"]),
            ("grafana pw k4Lm!wOx#53cf / vpn", &["k4Lm!wOx#53cf"]),
        ],
    );
}

#[test]
fn passwords_in_other_languages() {
    assert_finds(
        "secret_password",
        &[
            ("Mein Passwort lautet Herbst!2022", &["Herbst!2022"]),
            ("Das Kennwort für den Laptop ist Kachel77", &["Kachel77"]),
            ("La contraseña es Sol_y_mar77", &["Sol_y_mar77"]),
            ("Passwort geändert von Sommer19 auf Winter20", &["Sommer19", "Winter20"]),
            ("La password è stata cambiata in Limone88", &["Limone88"]),
            ("Hasło do wifi to Zima2021", &["Zima2021"]),
            ("Le mot de passe est Tulipe#14", &["Tulipe#14"]),
            ("La parola d'accesso; la password è Gelato!33", &["Gelato!33"]),
            ("Het wachtwoord is Stroopwafel9", &["Stroopwafel9"]),
            ("A senha do cofre é Bolacha21", &["Bolacha21"]),
            ("Hasło to Lato$Piwo7", &["Lato$Piwo7"]),
            ("Hasło L8Kn!AAs#33kI zmienione", &["L8Kn!AAs#33kI"]),
            ("Mot de passe de lea_899 : Hiver6250!. Est-ce assez fort ?", &["Hiver6250"]),
            ("Lösenordet kan bytas; lösenord är Kanel22bulle", &["Kanel22bulle"]),
            ("Min adgangskode er Hygge19lys", &["Hygge19lys"]),
            ("Moje heslo je Knedlik42", &["Knedlik42"]),
            ("Parola este Sarmale18", &["Sarmale18"]),
        ],
    );
}

#[test]
fn sentences_about_passwords_stay() {
    assert_silent(
        "secret_password",
        &[
            "the password was changed on 3 May",
            "password must have 8 characters",
            "a password of 8-character length",
            "password reset",
            "password is required",
            "the password field is empty",
            "the password for db01 is unknown",
            "send the password to user42",
            "password hashed with SHA256",
            "The password is stored in Office365.",
            "password policy requires OAuth2",
            "the boarding pass B12x44 was lost",
            "A parola é de prata",
            "password protected since 2019",
            "RFC2617 is the password scheme",
            "the password and the user42 account",
            "changed the password in version2 of the form",
            "Accepted password for greta from 192.0.2.9 port 51234 ssh2",
        ],
    );
}

#[test]
fn plain_words_in_configuration() {
    assert_finds(
        "secret_password",
        &[
            ("PGPASSWORD=otter9otter psql", &["otter9otter"]),
            ("REDIS_PASS=badger", &["badger"]),
            ("spring.mail.password=lemon_pie", &["lemon_pie"]),
            ("host=db user=app password=marmot dbname=x", &["marmot"]),
            ("db.password = lemon_pie\nport = 5", &["lemon_pie"]),
            ("--password softPebble --force", &["softPebble"]),
            ("tool --db-password pebble --yes", &["pebble"]),
            ("curl -d '{\"password\":\"oakLeaf!\"}' https://x.example", &["oakLeaf!"]),
            ("sent {\\\"password\\\": \\\"marmot\\\"}", &["marmot"]),
            ("config[\"password\"] = 'heron'", &["heron"]),
            ("{'pass': 'Herring-tin'}", &["Herring-tin"]),
            ("db:\n  password: lemon_pie\n  port: 5", &["lemon_pie"]),
            ("env:\n  MYSQL_ROOT_PASSWORD: badger\n", &["badger"]),
            ("Username: qorbeta\nPassword: sunrise", &["sunrise"]),
            ("- Login: lum@example.org, pass: sunrise\n", &["sunrise"]),
            ("Password: winter2", &["winter2"]),
            ("variable \"db_password\" { default = \"Cherry-12-Jam\" }", &["Cherry-12-Jam"]),
        ],
    );
    let secret = |value: &str| vec![(Category::Secret, value.to_string())];
    assert_eq!(found_under("secret_password", Some("pass"), "Herring-tin"), secret("Herring-tin"));
    assert_eq!(found_under("secret_password", Some("DB_PASS"), "badger"), secret("badger"));
    assert_eq!(found_under("secret_password", Some("pass"), "true"), []);
    assert_eq!(found_under("secret_password", Some("pass"), "second"), []);
}

#[test]
fn code_and_placeholders_stay() {
    assert_silent(
        "secret_password",
        &[
            "password=${DB_PASS}",
            "password = os.environ[\"PGPASS\"]",
            "password=null",
            "password: string",
            "def login(user, password=None)",
            "connect(user=user, password=password)",
            "connect(host, password=secret_value)",
            "self.password=value",
            "password = user_input",
            "password = new_value",
            "password=args.pw",
            "<input type=\"password\" name=\"password\" placeholder=\"Password\">",
            "password: \"required|min:8\"",
            "\"password\": \"Enter your password\"",
            "use --password to set it",
            "  --password string   the password",
            "--password PASSWORD",
            "{\"pass\": \"ok\", \"fail\": 3}",
            "variable \"db_password\" { type = string }",
            "PASSWORD=<secret>",
            "password: incorrect",
            "username: string\npassword: string",
            "user: the one who reads\npassword: sunrise",
            "username: app\npassword: secret",
            "signIn({ email: emailInput, password: sunrise, x })",
            "email: emailInput,\npassword: passwordInput,",
            "password: sunrise",
        ],
    );
}

#[test]
fn answers_labels_and_routers() {
    assert_finds(
        "secret_password",
        &[
            ("whats the wifi pw again?\nmo: Rosebud41x with a capital", &["Rosebud41x"]),
            ("hasło do panelu: Kot&Pies22, zmień", &["Kot&Pies22"]),
            ("Das Passwort vom Rechner ist übrigens Rosebud#41", &["Rosebud#41"]),
            ("ppp chap password 0 r0sebud41", &["r0sebud41"]),
            ("snmp-server community r0seBud4 RO", &["r0seBud4"]),
        ],
    );
    assert_silent(
        "secret_password",
        &[
            "did you change the password?\nmo: yes, yesterday",
            "the password for the panel: see below",
            "password 8 characters",
            "the community of users2",
        ],
    );
}

#[test]
fn headings_remarks_and_elements() {
    assert_finds(
        "secret_password",
        &[
            ("Password:\nHerbst77x", &["Herbst77x"]),
            ("Password (temporary): Herbst77x", &["Herbst77x"]),
            ("your password (Herbst77x)", &["Herbst77x"]),
            ("the password you asked for: Herbst77x", &["Herbst77x"]),
            ("| password | Herbst77x |", &["Herbst77x"]),
            ("Server=h;Uid=a;Pwd=winter;", &["winter"]),
            ("password: \"correct horse battery staple\"", &["correct horse battery staple"]),
            ("<add key=\"Password\" value=\"winter\"/>", &["winter"]),
            ("<property name=\"password\" value=\"winter\"/>", &["winter"]),
        ],
    );
    assert_silent(
        "secret_password",
        &[
            "POSTGRES_PASSWORD=postgres\nimage: postgres:16",
            "    password: SecretStr",
            "Password:\nForgot your password?",
            "Password:\nVersion2 is out",
            "password (required)",
            "password: \"must have eight letters\"",
            "<input name=\"password\" value=\"winter\">",
            "pwd=winter",
        ],
    );
}

#[test]
fn fallbacks_and_names_in_humps() {
    assert_finds(
        "secret_password",
        &[
            ("password: process.env.DB_PASS ?? 'n3st-fallback-pw',", &["n3st-fallback-pw"]),
            ("const p = process.env.ADMIN_PASSWORD || 'winterly7';", &["winterly7"]),
        ],
    );
    assert_silent("secret_password", &["RESET_PASSWORD = 'resetPassword',", "form.password || 'winterly'"]);
}
