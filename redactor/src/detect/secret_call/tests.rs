use super::super::tests::{assert_finds, assert_silent};

#[test]
fn passwords_by_their_place() {
    assert_finds(
        "secret_call",
        &[
            ("$link = mysqli_connect(\"localhost\", \"wp\", \"KFsejGzYwsro\", \"wp\");", &["KFsejGzYwsro"]),
            ("DriverManager.getConnection(URL, \"crm_app\", \"T0rrg^+gyb?IFv\");", &["T0rrg^+gyb?IFv"]),
            (
                "DBI->connect(\"dbi:Pg:dbname=census;host=pg9\", \"census\", 'H0rnbeam=hedge', { RaiseError => 1 });",
                &["H0rnbeam=hedge"],
            ),
            ("requests.get(url, auth=HTTPBasicAuth('ops', 'winterly'))", &["winterly"]),
            ("new NetworkCredential(\"svc\", \"Gl4cier\", \"CORP\")", &["Gl4cier"]),
            (".bearer_auth(\"path5aXV4dQi54DB.093bf0801ceda\")", &["path5aXV4dQi54DB.093bf0801ceda"]),
            (
                "fmt.Sprintf(\"%s:%s@tcp(%s)/%s\", \"root\", \"m4ngoTr33\", \"db:3306\", \"inv\")",
                &["m4ngoTr33"],
            ),
        ],
    );
}

#[test]
fn what_looks_chosen_behind_a_user() {
    assert_finds(
        "secret_call",
        &[
            ("await expect(svc.login('mira', 'zitrone#14')).rejects", &["zitrone#14"]),
            ("client.connect(\"bastion-02\", 22, \"deploy\", \"Rivet!Cask88\")", &["Rivet!Cask88"]),
            ("createUser('anna', 'Lampe77')", &["Lampe77"]),
            (
                "wandb.login(key='dedd92096cff7570625fc5481d866305fc1c6059')",
                &["dedd92096cff7570625fc5481d866305fc1c6059"],
            ),
        ],
    );
}

#[test]
fn keys_and_characters() {
    assert_finds(
        "secret_call",
        &[
            (
                "Fernet(b\"Gvt0vK1Id2401bs8DtPCfAq3w2ibmfuF3jR_IApm3HF=\")",
                &["Gvt0vK1Id2401bs8DtPCfAq3w2ibmfuF3jR_IApm3HF="],
            ),
            (
                "byte[] iv  = Convert.FromBase64String(\"elTKxQ3fD+fCM/oi+nO+7A==\");",
                &["elTKxQ3fD+fCM/oi+nO+7A=="],
            ),
            ("ks.load(in, \"stOrepAss_7731\".toCharArray());", &["stOrepAss_7731"]),
            ("jwt.sign({ id }, 'lanternfish9')", &["lanternfish9"]),
        ],
    );
}

#[test]
fn other_calls() {
    assert_silent(
        "secret_call",
        &[
            "mysqli_connect($host, $user, $password, $db);",
            "mysqli_connect(\"localhost\", \"root\", \"<password>\")",
            "button.connect('clicked', onClicked)",
            "socket.connect('tcp://10.0.0.1:5555')",
            "auth('facebook', 'email')",
            "login(form.user, form.password)",
            "The nurse (\"on call\") and the login ('mira') were seen.",
            "img = FromBase64String(\"elTKxQ3fD+fCM/oi+nO+7A==\")",
            "\"0123456789abcdef\".toCharArray()",
            "\"hello\".toCharArray()",
            "jwt.verify(token, secret)",
            "format(\"%s is %s\", \"a\", \"b4c5d\")",
            "getConnection(url, user, getSecret(\"db-password\"))",
            "connect(",
            "login('mira', 'unclosed",
        ],
    );
}
