use super::super::tests::{assert_finds, assert_silent};

#[test]
fn options_with_passwords() {
    assert_finds(
        "secret_command",
        &[
            ("curl -u admin:Tr0ub4dor https://api.example", &["Tr0ub4dor"]),
            ("$ curl -s --user 'admin:correct horse' https://api.example", &["correct horse"]),
            ("curl -uadmin:Tr0ub4dor x", &["Tr0ub4dor"]),
            ("curl -u builder:Hedgehog4 x", &["builder", "Hedgehog4"]),
            ("sshpass -p 'hunter2 two' ssh host", &["hunter2 two"]),
            ("mysql -uroot -pTr0ub4dor clinic", &["Tr0ub4dor"]),
            ("docker login -u me -p Tr0ub4dor registry.example", &["Tr0ub4dor"]),
            ("redis-cli -h cache -a Tr0ub4dor ping", &["Tr0ub4dor"]),
        ],
    );
    assert_silent(
        "secret_command",
        &[
            "curl -u $USER:$PASSWORD https://api.example",
            "curl -u user:password https://api.example",
            "curl -s https://api.example -o out",
            "mysql -u root -p clinic",
            "curl -u admin https://api.example",
            "the curl of a field - user: everyone",
            "mkdir -p /some/path",
        ],
    );
}

#[test]
fn passwords_by_place() {
    assert_finds(
        "secret_command",
        &[
            ("htpasswd -b -c .htpasswd prometheus sc4pe-g0at", &["sc4pe-g0at"]),
            ("openssl enc -aes-256-cbc -in a -out b -k \"tall ships sail\"", &["tall ships sail"]),
            ("net use Z: \\\\nas01\\scans Sc4nner*Tray /user:ACME\\scan", &["Sc4nner*Tray"]),
            ("schtasks /create /tn nightly /ru ACME\\jobs /rp N1ghtJ0b.44", &["N1ghtJ0b.44"]),
            ("echo 'svc-print:InkJet_2203' | sudo chpasswd", &["InkJet_2203"]),
            (
                "mc alias set backup https://minio.lan:9000 BXVRVB8LY06O 0yIr+pbRM91tS6",
                &["BXVRVB8LY06O", "0yIr+pbRM91tS6"],
            ),
        ],
    );
    assert_silent(
        "secret_command",
        &[
            "htpasswd -c .htpasswd prometheus",
            "net use Z: \\\\nas01\\scans * /user:ACME\\scan",
            "net use of the ward's beds",
            "cat users.txt | chpasswd",
            "echo \"$USER:$PASS\" | chpasswd",
            "mc alias set backup",
            "chpasswd",
        ],
    );
}
