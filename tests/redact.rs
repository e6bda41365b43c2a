//! `sealake redact` and `sealake keys token` as they are used in a pipe.

use std::os::unix::fs::PermissionsExt;

use crate::util::{Dir, run_with, sealake};

const KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n";

fn key(dir: &Dir) -> String {
    let path = dir.write("token.key", KEY);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    path.display().to_string()
}

#[test]
fn ndjson_through_the_filter() {
    let dir = Dir::new();
    let (key, findings) = (key(&dir), dir.join("findings.ndjson").display().to_string());
    let input = b"{ \"patient_name\": \"Anna Sorel\", \"n\": 1.50 }\n\n[\"mail anna.sorel@example.org\"]\n";
    let done = run_with(sealake(["redact", "--token-key", &key, "--findings", &findings]), input).code(0);
    let lines: Vec<&str> = done.stdout.split('\n').collect();
    assert_eq!(lines.len(), 4, "{}", done.stdout);
    assert!(lines[0].starts_with("{ \"patient_name\": \"[NAME:") && lines[0].ends_with("]\", \"n\": 1.50 }"));
    assert_eq!(lines[1], "");
    let found: Vec<serde_json::Value> = std::fs::read_to_string(dir.join("findings.ndjson"))
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(found[0]["line"], 1);
    assert_eq!(found[0]["pointer"], "/patient_name");
    assert_eq!(found[1]["line"], 3);
    assert_eq!(found[1]["category"], "EMAIL");
    assert_eq!((&found[1]["start"], &found[1]["end"]), (&5.into(), &27.into()));

    let token = run_with(sealake(["keys", "token", "name", "--token-key", &key]), b"SOREL, ANNA\n").code(0);
    assert!(lines[0].contains(token.stdout.trim()), "{} is not in {}", token.stdout, lines[0]);
}

#[test]
fn identifiers_that_are_written_so_as_not_to_be_seen() {
    let input = "MRN\u{a0}7044\u{200b}4444, SSN512\u{2011}34\u{2011}5671, maria%40x.org, ５１２-３４-５６７２\n\
        PID|1||70444445^^^MRN||GONZALEZ^MARIA||19610302|F|||12 MAIN ST^^AUSTIN^TX^78701\n";
    let done = run_with(sealake(["redact", "-p", "strict"]), input.as_bytes()).code(0);
    let want = "MRN\u{a0}[MRN], SSN[SSN], [EMAIL], [SSN]\n\
        PID|1||[MRN]^^^MRN||[NAME]||[DATE]|F|||[ADDRESS]^^[PLACE]^TX^[ZIP]\n";
    assert_eq!(done.stdout, want);
}

#[test]
fn a_record_that_fails_is_replaced_and_the_exit_code_says_so() {
    let dir = Dir::new();
    let key = key(&dir);
    let input = b"{\"a\":\"x@example.org\"}\n{\"a\":\"\xff\"}\n{\"b\":1}\n";
    let done = run_with(sealake(["redact", "-p", "strict", "--token-key", &key]), input).code(3);
    let want = "{\"a\":\"[EMAIL]\"}\n{\"sealake\":\"record removed\",\"reason\":\"not_utf8\"}\n{\"b\":1}\n";
    assert_eq!(done.stdout, want);
    done.says("1 of 3 records could not be redacted");
}

#[test]
fn text_that_is_no_utf8_is_replaced_and_utf16_refused() {
    let done = run_with(sealake(["redact", "-p", "strict"]), b"mail x@example.org\nM\xfcller\n").code(3);
    assert_eq!(done.stdout, "mail [EMAIL]\n[RECORD REMOVED: not_utf8]\n");
    let wide: Vec<u8> = "\u{FEFF}MRN 7712345\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for input in [&wide[..], &wide[2..]] {
        let done = run_with(sealake(["redact", "-p", "strict"]), input).code(1);
        assert_eq!(done.stdout, "");
        done.says("UTF-16");
    }
}

#[test]
fn text_and_a_random_key_that_is_said() {
    let input = b"write to anna.sorel@example.org\n";
    let done = run_with(sealake(["redact", "-p", "strict"]), input).code(0);
    assert_eq!(done.stdout, "write to [EMAIL]\n");
    assert_eq!(done.stderr, "", "no key decides anything here");
    let done = run_with(sealake(["redact"]), input).code(0);
    assert!(done.stdout.starts_with("write to [EMAIL:"), "{}", done.stdout);
    done.says("made with a random key");
}

#[test]
fn what_is_wrong_is_said() {
    let dir = Dir::new();
    let policy = dir.write("ward.toml", "name = \"ward\"\nversion = \"1\"\n[actions]\nMRN = \"tokn\"\n");
    run_with(sealake(["redact", "-p", &policy.display().to_string()]), b"").code(1).says("line 4, column 7");
    run_with(sealake(["redact", "-p", "nonesuch"]), b"").code(1).says("safe_harbor");
    let open = dir.write("open.key", KEY);
    std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o644)).unwrap();
    let open = open.display().to_string();
    run_with(sealake(["redact", "--token-key", &open]), b"").code(1).says("chmod 600");
    let key = key(&dir);
    run_with(sealake(["keys", "token", "NONESUCH", "--token-key", &key]), b"x")
        .code(1)
        .says("no type of token");
    run_with(sealake(["keys", "token", "NAME", "--token-key", &key]), b" \n").code(1).says("no value");
}

#[test]
fn a_stream_goes_out_as_it_comes() {
    let input = "the plan is to go on. ".repeat(100) + "write to anna.sorel@example.org\n";
    let done = run_with(sealake(["redact", "-p", "strict", "--stream"]), input.as_bytes()).code(0);
    assert_eq!(done.stdout, input.replace("anna.sorel@example.org", "[EMAIL]"));
    let endless = "-----BEGIN PRIVATE KEY-----".to_owned() + &"MIIEpAIBAAKCAQEA7\n".repeat(100_000);
    let done = run_with(sealake(["redact", "-p", "strict", "--stream"]), endless.as_bytes()).code(3);
    assert_eq!(done.stdout, "[SECRET][STREAM CLOSED: endless_secret]\n");
}
