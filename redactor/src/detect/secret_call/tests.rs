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

#[test]
fn passwords_by_the_name_of_the_call() {
    assert_finds(
        "secret_call",
        &[
            (".withUser(\"guest\").password(\"{noop}guestPole#1\").roles(\"USER\")", &["guestPole#1"]),
            (
                "new ChangePassword(\"anna\", \"OldCarrot5\", \"NewParsnip6\");",
                &["OldCarrot5", "NewParsnip6"],
            ),
            ("db.setPassword(\"Pip3tte*Tip\");", &["Pip3tte*Tip"]),
            ("ssh.Password(\"Gopher_Burrow_66\")", &["Gopher_Burrow_66"]),
            ("curl_easy_setopt(h, CURLOPT_USERPWD, \"batch:grav3l&Sand\");", &["grav3l&Sand"]),
            ("smtp.login(SENDER, \"myhf pbei ccyk wivg\")", &["myhf pbei ccyk wivg"]),
            (
                "new JedisPool(new PoolConfig(), \"redis.prod\", 6379, 2000, \"ZwJZjoeMET19uOBxkmQkk4rTiDCXWcJ4\", 0);",
                &["ZwJZjoeMET19uOBxkmQkk4rTiDCXWcJ4"],
            ),
            ("password = os.getenv(\"DB_PASS\", \"n3st-fallback\")", &["n3st-fallback"]),
            (
                "# name, password\nusers = [\n    (\"frontdesk\", \"Waffel123\"),\n    (\"courier\", \"fietsbel!9\"),\n]",
                &["Waffel123", "fietsbel!9"],
            ),
        ],
    );
}

#[test]
fn keys_by_the_name_of_the_call() {
    assert_finds(
        "secret_call",
        &[
            (
                "Aws::Credentials.new('ASIA35LDBGYWT7CTIG77', 'eRiXwtC0x9rZqOIMFcy+sLvdIuMelQJfZYo/zIif', nil)",
                &["eRiXwtC0x9rZqOIMFcy+sLvdIuMelQJfZYo/zIif"],
            ),
            ("new SecretKeySpec(\"6BapcHMIXksDEwybT25OTHP0Meafud0u\".getBytes(), \"AES\");", &[]),
            (
                "SecretKeySpec KEY = new SecretKeySpec(\"6BapcHMIXksDEwybT25OTHP0Meafud0u\".getBytes(), \"AES\");",
                &["6BapcHMIXksDEwybT25OTHP0Meafud0u"],
            ),
            (
                "var hmacKey = []byte(\"7a96957732adc1cf2a8fec747720e84c8f20dd4f\")",
                &["7a96957732adc1cf2a8fec747720e84c8f20dd4f"],
            ),
            (
                "createCipheriv('aes-192-gcm', Buffer.from('0c7809bb184a98783797584f9fc7f0c563352c2f390f3bba', 'hex'), iv)",
                &["0c7809bb184a98783797584f9fc7f0c563352c2f390f3bba"],
            ),
            (
                "w3.eth.account.from_key(\"0x2f6312495dd41eb993d27b41fa87d59f338f5f6debab05330e4b2dafe905eb7f\")",
                &["0x2f6312495dd41eb993d27b41fa87d59f338f5f6debab05330e4b2dafe905eb7f"],
            ),
            (
                "req.setValue(\"XoRXTSXF-6p20qhMq17uS_s7tPQAJnWgj2PDbS\", forHTTPHeaderField: \"X-Client-Secret\")",
                &["XoRXTSXF-6p20qhMq17uS_s7tPQAJnWgj2PDbS"],
            ),
        ],
    );
}

#[test]
fn other_calls_of_such_names() {
    assert_silent(
        "secret_call",
        &[
            "user.setPassword(encoder.encode(raw));",
            "form.password(\"Password\")",
            "curl_easy_setopt(h, CURLOPT_URL, \"http:a1b2c3\");",
            "Buffer.from('48656c6c6f20776f726c6421', 'hex')",
            "body := []byte(\"7a96957732adc1cf2a8fec747720e84c8f20dd4f\")",
            "from_key(\"release-2024\")",
            "req.setValue(\"XoRXTSXF-6p20qhMq17uS_s7tPQAJnWgj2PDbS\", forHTTPHeaderField: \"ETag\")",
            "os.getenv(\"REGION\", \"eu-west-1\")",
            "rooms = [\n    (\"frontdesk\", \"Room123\"),\n]",
            "GetBytes(\"12:30\")",
        ],
    );
}

#[test]
fn calls_among_the_arguments_of_others() {
    assert_finds(
        "secret_call",
        &[
            ("connect(url, HTTPBasicAuth('ops', 'winterly'))", &["winterly"]),
            ("login(a, (b, DriverManager.getConnection(URL, \"crm\", \"T0rrg^gyb\")))", &["T0rrg^gyb"]),
        ],
    );
    assert_silent("secret_call", &["login(".repeat(2000).as_str()]);
}

#[test]
fn a_literal_longer_than_is_read_may_begin_inside_a_letter() {
    for more in 0..4 {
        let text = format!("\"{}{}\".toCharArray()", "é€".repeat(400), "a".repeat(more));
        assert_silent("secret_call", &[text.as_str(), text.replace("toCharArray", "getBytes").as_str()]);
    }
}
