//! Who gets in, and how the service starts and stops.

use super::*;

#[test]
fn only_those_who_know_a_password_get_in_and_only_encrypted() {
    let Some(mut service) = Service::start() else { return };
    let with = |connection: String, password: &str| {
        let mut psql = Command::new(&service.psql);
        psql.args(["-X", "-w", "-d", &connection, "-c", "SELECT 1"]).env("PGPASSWORD", password);
        run(psql)
    };
    let wrong = with(service.connection("auditor", ""), "wrong");
    assert_eq!(wrong.code, Some(2));
    assert!(
        wrong.stderr.contains("FATAL:  password authentication failed for user \"auditor\""),
        "{}",
        wrong.stderr
    );
    let nobody = with(service.connection("nobody", ""), &service.password);
    // The same words for a name that does not exist.
    assert_eq!(nobody.stderr.replace("nobody", "auditor"), wrong.stderr);
    with(service.connection("nobody", ""), "wrong");
    let right = with(service.connection("auditor", "channel_binding=require"), &service.password).code(0);
    assert!(right.stdout.contains("(1 row)"), "{}", right.stdout);
    let plain =
        with(format!("host=localhost port={} user=auditor sslmode=disable", service.port), &service.password);
    assert!(plain.stderr.contains("this server takes encrypted connections only"), "{}", plain.stderr);
    let other = Dir::new();
    let strange = other.write("other.crt", std::fs::read(make_lake().0.join("keys/server.crt")).unwrap());
    let strange = format!(
        "host=localhost port={} user=auditor sslmode=verify-full sslrootcert={}",
        service.port,
        strange.display()
    );
    assert!(with(strange, &service.password).stderr.contains("certificate verify failed"));

    // Failed logins are written when their minute is over, and at the end: one record an address and minute.
    signal(service.server.child.id(), libc::SIGTERM);
    let status = wait_for("the service to end", PATIENCE, || service.server.child.try_wait().unwrap());
    assert_eq!(status.code(), Some(0));
    (service.server, service.port) = serve(&service.dir);
    let failed = service.rows("SELECT client_address, sum(rows), count(*) <= 2, bool_and(principal IS NULL) FROM access WHERE kind = 'login_failed' GROUP BY 1");
    assert_eq!(failed, ["127.0.0.1|3|t|t"]);
}

#[test]
fn a_service_for_others_needs_tls_and_stops_when_told() {
    let Some(mut service) = Service::start() else { return };
    let mut psql = service.psql(&[]);
    let mut idle = Running {
        child: psql.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap(),
    };
    std::thread::sleep(Duration::from_secs(1));
    signal(service.server.child.id(), libc::SIGTERM);
    let status = wait_for("the service to end", PATIENCE, || service.server.child.try_wait().unwrap());
    assert_eq!(status.code(), Some(0));
    let _ = idle.child.kill();

    let config: PathBuf = service.dir.join("sealake.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let (head, _) = text.split_once("[serve.tls]").expect("init writes [serve.tls]");
    std::fs::write(&config, head.replace("listen = \"127.0.0.1:0\"", "listen = \"0.0.0.0:0\"")).unwrap();
    let mut command = sealake(["serve", "-c"]);
    command.arg(&config);
    run(command).code(1).says("which others can reach, and there is no [serve.tls]");

    // A key that others can read, and a certificate that is none, are errors, too, not a way around TLS.
    std::fs::write(&config, &text).unwrap();
    std::fs::write(service.dir.join("keys/server.crt"), "nothing").unwrap();
    let mut command = sealake(["serve", "-c"]);
    command.arg(&config);
    run(command).code(1).says("holds no certificate");
}
