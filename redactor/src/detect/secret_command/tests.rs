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
