//! Encrypted servers that ask who is there: a broker with SASL_SSL and a bucket behind HTTPS, with a certificate
//! that only the configuration makes known.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::util::{Dir, LakeDir, Running, need, root, run, run_with, sealake, topic};

/// What the broker's user is called; the password is made for each run.
const USER: &str = "sealake";

/// A server of a test's own, stopped when the test ends.
struct Server {
    script: PathBuf,
    dir: String,
}

impl Server {
    #[track_caller]
    fn start(script: &str, dir: &Path, port: u16, extra: &Path) -> Server {
        let script = root().join("tests/env").join(script);
        let server = Server { script, dir: dir.display().to_string() };
        let mut command = Command::new(&server.script);
        command.arg("start").arg(dir).arg(port.to_string()).arg(extra);
        run(command).code(0);
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = Command::new(&self.script).args(["kill", &self.dir]).status();
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A key and a certificate for 127.0.0.1 that nobody knows: `public.crt` and `private.key`, as MinIO wants them, and
/// both in `keystore.pem`, as Kafka does.
fn certificate(dir: &Dir) -> PathBuf {
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let (key, certificate) = (made.signing_key.serialize_pem(), made.cert.pem());
    let certs = dir.join("certs");
    std::fs::create_dir(&certs).unwrap();
    std::fs::write(certs.join("private.key"), &key).unwrap();
    std::fs::write(certs.join("public.crt"), &certificate).unwrap();
    dir.write("keystore.pem", format!("{key}{certificate}"));
    certs
}

fn broker(dir: &Dir, password: &str) -> (Server, String) {
    let keystore = dir.join("keystore.pem");
    let properties = dir.write(
        "broker.properties",
        format!(
            "ssl.keystore.type=PEM\n\
             ssl.keystore.location={}\n\
             ssl.truststore.type=PEM\n\
             ssl.truststore.location={}\n\
             sasl.enabled.mechanisms=PLAIN\n\
             sasl.mechanism.inter.broker.protocol=PLAIN\n\
             listener.name.sasl_ssl.plain.sasl.jaas.config=\
             org.apache.kafka.common.security.plain.PlainLoginModule required \
             username=\"{USER}\" password=\"{password}\" user_{USER}=\"{password}\";\n",
            keystore.display(),
            dir.join("certs/public.crt").display(),
        ),
    );
    let port = free_port();
    (Server::start("kafka.sh", &dir.join("kafka"), port, &properties), format!("127.0.0.1:{port}"))
}

/// Publishes one event over TLS with kcat.
#[track_caller]
fn publish(kcat: &str, brokers: &str, topic: &str, ca: &Path, password: &str) {
    let event = crate::bad_days::event(7).to_string();
    let mut command = Command::new(kcat);
    command.args(["-P", "-b", brokers, "-t", topic]);
    for property in [
        "security.protocol=SASL_SSL".to_owned(),
        "sasl.mechanism=PLAIN".to_owned(),
        format!("sasl.username={USER}"),
        format!("sasl.password={password}"),
        format!("ssl.ca.location={}", ca.display()),
    ] {
        command.args(["-X", &property]);
    }
    run_with(command, event.as_bytes()).code(0);
}

#[test]
fn a_broker_with_tls_and_passwords_and_a_bucket_behind_https() {
    let (Some(_), Some(kcat)) = (need("SEALAKE_TEST_KAFKA_HOME"), need("SEALAKE_TEST_KCAT")) else { return };
    let (Some(_), Some(bucket)) = (need("SEALAKE_TEST_MINIO"), need("SEALAKE_TEST_S3_BUCKET")) else {
        return;
    };
    let dir = Dir::new();
    let certs = certificate(&dir);
    let ca = certs.join("public.crt");
    let password = topic("password");
    let (_broker, brokers) = broker(&dir, &password);
    let port = free_port();
    let _bucket = Server::start("minio.sh", &dir.join("minio"), port, &certs);
    let name = topic("tls");
    publish(&kcat, &brokers, &name, &ca, &password);

    let (url, endpoint) = (format!("s3://{bucket}/{name}"), format!("https://127.0.0.1:{port}"));
    let ca_text = ca.display().to_string();
    // Without the authority's certificate nothing is written to a server that anyone could be.
    let refused = run(sealake([
        "init",
        &url,
        "--brokers",
        &brokers,
        "--actor",
        "workforce",
        "--topic",
        &name,
        "--s3-endpoint",
        &endpoint,
        "--config",
        &dir.join("refused.toml").display().to_string(),
    ]));
    let refused = refused.code(1).says("certificate").says("--s3-ca-file");
    assert!(!refused.stderr.contains("try again later"), "{}", refused.stderr);

    let lake =
        LakeDir::init_at(&brokers, &[&name], &url, &["--s3-endpoint", &endpoint, "--s3-ca-file", &ca_text]);
    let secret = lake.dir.write("keys/kafka-password", format!("{password}\n"));
    set_private(&secret);
    lake.edit(
        "[kafka.properties]\n",
        &format!(
            "[kafka.properties]\n\"security.protocol\" = \"SASL_SSL\"\n\"sasl.mechanism\" = \"PLAIN\"\n\
             \"sasl.username\" = \"{USER}\"\n\"sasl.password\" = {{ file = \"keys/kafka-password\" }}\n\
             \"ssl.ca.location\" = \"{ca_text}\"\n"
        ),
    );
    let done = lake.ingest();
    assert!(!done.stderr.contains(&password), "the password is in the log");
    assert_eq!(lake.number("SELECT input_tokens FROM events"), 7);
    lake.verify();
    // A bucket that is named beside its own configuration is reached as that says.
    for arguments in [&["verify", &url][..], &["files", &url], &["sql", &url, "SELECT count(*) FROM events"]]
    {
        let mut command = sealake(arguments);
        command.current_dir(lake.dir.path());
        run(command).code(0).says(&format!("{url} is reached as [lake.s3] of sealake.toml here says"));
    }

    // A wrong password is told apart from a broker that is away.
    std::fs::write(&secret, "wrong\n").unwrap();
    let mut service = sealake(["ingest", "-c"]);
    let log = dir.join("log");
    service.arg(lake.config()).stderr(std::fs::File::create(&log).unwrap());
    let _running = Running { child: service.spawn().unwrap() };
    let said = |needed: &str| {
        let started = std::time::Instant::now();
        loop {
            let text = std::fs::read_to_string(&log).unwrap();
            if text.contains(needed) {
                return;
            }
            assert!(started.elapsed().as_secs() < 60, "{needed:?} is not said in\n{text}");
            std::thread::sleep(std::time::Duration::from_millis(200));
        }
    };
    said("uthentication failed");
}

fn set_private(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}
