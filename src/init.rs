//! `sealake init`: makes a lake and leaves a configuration with which `ingest` and `serve` start as they are.
//!
//! Explicit on purpose: a typo in the URL of a later command never starts a second history. The order is keys,
//! configuration, entry 0 of the access log, entry 0 of the event log (the lake exists from here), `sealake.json`;
//! a crash anywhere before the last step is mended by running the same command again, which takes up the keys
//! and the configuration that it finds.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use age::secrecy::ExposeSecret as _;
use anyhow::{Context, bail, ensure};
use auditstore::init::InitOptions;
use auditstore::{Signer, Store, StoreOptions};
use redactor::TokenKey;

use crate::config::Config;
use crate::output;

/// Create a lake: keys, a first SQL user, and a configuration that runs.
///
/// Example: sealake init ./lake --config sealake.toml --brokers localhost:9092 --topic llm.gateway=litellm
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Where the lake goes: a directory, or s3://bucket/prefix (credentials from AWS_ACCESS_KEY_ID and
    /// AWS_SECRET_ACCESS_KEY).
    lake: String,
    /// Configuration file to write; keys and state are kept in folders beside it.
    #[arg(long, value_name = "FILE", default_value = "sealake.toml")]
    config: PathBuf,
    /// Kafka brokers, separated by commas.
    #[arg(long, value_name = "HOST:PORT", value_delimiter = ',', required = true)]
    brokers: Vec<String>,
    /// Topic to read, with its format if it is known (otherwise each message shows it).
    #[arg(long = "topic", value_name = "NAME[=FORMAT]", required = true)]
    topics: Vec<String>,
    /// Whose identities the topics' callers are: workforce keeps them, subject tokenises them.
    #[arg(long, value_enum)]
    actor: Option<ActorChoice>,
    /// Name of the log, as its signatures carry it. Default: <host name>/<last part of LAKE>-<random>.
    #[arg(long, value_name = "NAME")]
    origin: Option<String>,
    /// Name of the data plane, the column `site`.
    #[arg(long, default_value = "default")]
    site: String,
    /// First SQL user.
    #[arg(long, default_value = "auditor")]
    user: String,
    /// Address of the SQL service.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:5432")]
    listen: SocketAddr,
    /// Endpoint of an S3 server other than AWS.
    #[arg(long, value_name = "URL")]
    s3_endpoint: Option<String>,
    /// Region of the bucket.
    #[arg(long, value_name = "REGION")]
    s3_region: Option<String>,
    /// Certificate authority of the S3 server, a PEM file.
    #[arg(long, value_name = "FILE")]
    s3_ca_file: Option<PathBuf>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum ActorChoice {
    Workforce,
    Subject,
}

/// What a lake is made of; also used by `sealake demo`.
pub(crate) struct Plan {
    pub(crate) lake: String,
    pub(crate) config: PathBuf,
    pub(crate) brokers: Vec<String>,
    pub(crate) topics: Vec<(String, String)>,
    pub(crate) actor: Option<&'static str>,
    pub(crate) origin: String,
    pub(crate) site: String,
    pub(crate) user: String,
    pub(crate) listen: SocketAddr,
    pub(crate) s3: StoreOptions,
}

/// What was made.
pub(crate) struct Made {
    pub(crate) key: String,
    pub(crate) access_key: String,
    /// None if an earlier, interrupted run had already made the user and printed its password.
    pub(crate) password: Option<String>,
}

pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let topics = args.topics.iter().map(|topic| parse_topic(topic)).collect::<anyhow::Result<Vec<_>>>()?;
    let (actor, why) = choose_actor(args.actor)?;
    let origin = match args.origin {
        Some(origin) => origin,
        None => found_origin(&args.config)?.map_or_else(|| default_origin(&args.lake), Ok)?,
    };
    let plan = Plan {
        origin,
        lake: args.lake,
        config: args.config,
        brokers: args.brokers,
        topics,
        actor,
        site: args.site,
        user: args.user,
        listen: args.listen,
        s3: StoreOptions {
            allow_http: args.s3_endpoint.as_ref().is_some_and(|url| url.starts_with("http://")),
            endpoint: args.s3_endpoint,
            region: args.s3_region,
            ca_file: args.s3_ca_file.map(std::path::absolute).transpose()?,
            ..StoreOptions::default()
        },
    };
    let runtime = tokio::runtime::Runtime::new()?;
    let made = runtime.block_on(make(&plan))?;
    report(&plan, &made, why)?;
    Ok(ExitCode::SUCCESS)
}

/// Makes the lake, or finishes making it.
pub(crate) async fn make(plan: &Plan) -> anyhow::Result<Made> {
    let folder =
        plan.config.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let keys = folder.join("keys");
    check(plan)?;
    let store = Store::open_or_make(&plan.lake, &plan.s3)?;
    if store.head(auditstore::init::DESCRIPTION).await?.is_some() {
        bail!(
            "{} is a lake already, nothing was changed. To read and write it use its configuration; to start another \
             one give another place",
            store.url()
        );
    }
    make_private_folder(&keys)?;
    make_private_folder(&folder.join("state"))?;
    let writer = signer(&keys.join("writer.key"), &plan.origin)?;
    let access = signer(&keys.join("access.key"), &format!("{}/access", plan.origin))?;
    let key = writer.verify_key().vkey();
    let token_key_id = token_key(&keys.join("token.key"))?;
    let recipient = quarantine_key(&keys.join("quarantine.key"))?;
    certificate(&keys)?;
    let password = first_user(&folder.join("users"), &plan.user)?;
    configuration(plan, &key, &token_key_id, &recipient)?;

    let access_key = access.verify_key().vkey();
    let mut options = InitOptions::new(store, &plan.origin, &keys);
    options.state_file = Some(folder.join("state/writer.json"));
    options.access_state_file = Some(folder.join("state/access.json"));
    auditstore::init::init(options).await?;
    Ok(Made { key, access_key, password })
}

/// Refuses, before anything is made, what `ingest` and `serve` would refuse of the configuration, the log and the user.
fn check(plan: &Plan) -> anyhow::Result<()> {
    let recipient = age::x25519::Identity::generate().to_public().to_string();
    let text = configuration_text(plan, "", "", &recipient)?;
    let config: Config = toml::from_str(&text).context("no configuration could be made of these options")?;
    config.ingest(Path::new("")).check().context("nothing was made")?;
    config.serve.check().context("nothing was made")?;
    Signer::generate(&plan.origin).context("--origin; nothing was made")?;
    let password = query::users::generate_password()?;
    query::users::Users::default()
        .add(&plan.user, "auditor", &password)
        .context("--user; nothing was made")?;
    Ok(())
}

fn report(plan: &Plan, made: &Made, why: &str) -> anyhow::Result<()> {
    let config = plan.config.display();
    let folder = plan.config.parent().unwrap_or(Path::new(""));
    let keys = folder.join("keys");
    output::line(format_args!("lake {} is made", plan.lake))?;
    output::line(format_args!("  verification key  {}", made.key))?;
    output::line(format_args!("  access log's key  {}", made.access_key))?;
    output::line(format_args!("  callers           {why}"))?;
    match &made.password {
        Some(password) => {
            output::line(format_args!("  SQL user          {}, password {password}", plan.user))?
        }
        None => output::line(format_args!(
            "  SQL user          {}, made by an earlier run; `sealake users password {}` sets a new password",
            plan.user, plan.user
        ))?,
    }
    output::line("")?;
    output::line("Now:")?;
    output::line(format_args!("  sealake ingest -c {config}"))?;
    output::line(format_args!("  sealake serve -c {config}"))?;
    output::line(format_args!("  {}", psql_line(plan.listen, &plan.user, &keys.join("server.crt"))))?;
    output::line("")?;
    output::line(format_args!("Keep copies of {}:", keys.display()))?;
    output::line("  writer.key      lost: no new entries; the lake stays readable and verifiable")?;
    output::line(
        "  token.key       lost: new tokens no longer join with old ones, and persons cannot be looked up",
    )?;
    output::line("  access.key      lost: no new access records, so the SQL service refuses to answer")?;
    output::line(
        "  quarantine.key  lost: quarantined records can never be read again. Move it away from this machine",
    )?;
    output::line(
        "Keep the verification key with whoever checks the lake: `sealake verify --key …` trusts nothing else.",
    )?;
    Ok(())
}

/// The psql command that trusts the certificate made by `init`.
pub(crate) fn psql_line(listen: SocketAddr, user: &str, certificate: &Path) -> String {
    let host = if listen.ip().is_loopback() || listen.ip().is_unspecified() {
        "localhost".to_owned()
    } else {
        listen.ip().to_string()
    };
    let certificate = std::path::absolute(certificate).unwrap_or_else(|_| certificate.to_path_buf());
    format!(
        "psql \"host={host} port={} user={user} dbname=sealake sslmode=verify-full sslrootcert={}\"",
        listen.port(),
        certificate.display()
    )
}

fn parse_topic(topic: &str) -> anyhow::Result<(String, String)> {
    let (name, format) = topic.split_once('=').unwrap_or((topic, "auto"));
    ensure!(
        ingest::format::Choice::from_name(format).is_some(),
        "--topic {topic}: format `{format}` is not known; expected auto, {}",
        ingest::format::FORMATS.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ")
    );
    Ok((name.to_owned(), format.to_owned()))
}

/// Whose identities the callers are: as given, else as answered, else tokenised.
fn choose_actor(given: Option<ActorChoice>) -> anyhow::Result<(Option<&'static str>, &'static str)> {
    const KEPT: (Option<&str>, &str) =
        (Some("workforce"), "workforce: names and addresses of callers are kept");
    const TOKENS: (Option<&str>, &str) =
        (Some("subject"), "subject: names and addresses of callers become tokens");
    match given {
        Some(ActorChoice::Workforce) => return Ok(KEPT),
        Some(ActorChoice::Subject) => return Ok(TOKENS),
        None if !std::io::stdin().is_terminal() => {
            return Ok((
                None,
                "not stated: names and addresses of callers become tokens; `actor = \"workforce\"` in the \
                 configuration keeps them",
            ));
        }
        None => {}
    }
    let mut stderr = std::io::stderr();
    loop {
        write!(
            stderr,
            "Who are the callers: staff, whose names the audit keeps, or patients and customers? [staff/subjects] "
        )?;
        let mut answer = String::new();
        if std::io::stdin().read_line(&mut answer)? == 0 {
            bail!("no answer; give --actor workforce or --actor subject");
        }
        match answer.trim() {
            "staff" | "workforce" => return Ok(KEPT),
            "subjects" | "subject" => return Ok(TOKENS),
            _ => {}
        }
    }
}

/// The origin of the writer key that an interrupted run left beside the configuration.
fn found_origin(config: &Path) -> anyhow::Result<Option<String>> {
    let path = config.parent().unwrap_or(Path::new("")).join("keys/writer.key");
    Ok(if path.exists() { Some(Signer::read(&path)?.name().to_owned()) } else { None })
}

/// Host, lake and eight random hex digits: two lakes of one name on one host must not share a consumer group.
fn default_origin(lake: &str) -> anyhow::Result<String> {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let fits = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let clean = |text: &str, otherwise: &str| {
        let text: String = text.trim().chars().filter(|c| fits(*c)).collect();
        if text.is_empty() { otherwise.to_owned() } else { text }
    };
    let last = lake.trim_end_matches('/').rsplit('/').next().unwrap_or("");
    let mut random = [0; 4];
    getrandom::fill(&mut random).map_err(|_| anyhow::anyhow!("the system gives no random bytes"))?;
    Ok(format!(
        "{}/{}-{}",
        clean(&host, "localhost"),
        clean(last.trim_start_matches('.'), "lake"),
        hex::encode(random)
    ))
}

fn make_private_folder(folder: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))
}

/// The key in this file, or a new one written to it.
pub(crate) fn signer(path: &Path, name: &str) -> anyhow::Result<Signer> {
    if path.exists() {
        let signer = Signer::read(path)?;
        ensure!(
            signer.name() == name,
            "{} is the key of `{}`, not of `{name}`; give --origin or another folder for --config",
            path.display(),
            signer.name()
        );
        return Ok(signer);
    }
    let signer = Signer::generate(name)?;
    signer.write_new(path)?;
    Ok(signer)
}

/// The id of the token key in this file, or of a new one written to it.
pub(crate) fn token_key(path: &Path) -> anyhow::Result<String> {
    if path.exists() {
        return Ok(crate::config::read_token_key(path)?.id());
    }
    let key = TokenKey::generate();
    auditstore::keys::write_secret(path, format!("{}\n", *key.to_hex()).as_bytes())?;
    Ok(key.id())
}

/// Makes the quarantine key pair and gives its public half, an age recipient.
pub(crate) fn quarantine_key(path: &Path) -> anyhow::Result<String> {
    if path.exists() {
        let text = auditstore::keys::read_secret(path)?;
        let line = text.lines().find(|line| !line.starts_with('#')).unwrap_or_default();
        let identity: age::x25519::Identity = line
            .parse()
            .map_err(|what| anyhow::anyhow!("{} holds no age identity: {what}", path.display()))?;
        return Ok(identity.to_public().to_string());
    }
    let identity = age::x25519::Identity::generate();
    let recipient = identity.to_public().to_string();
    let text = zeroize::Zeroizing::new(format!(
        "# public key: {recipient}\n{}\n",
        identity.to_string().expose_secret()
    ));
    auditstore::keys::write_secret(path, text.as_bytes())?;
    Ok(recipient)
}

/// A self-signed server certificate for this host, if there is none yet.
fn certificate(keys: &Path) -> anyhow::Result<()> {
    let (certificate, key) = (keys.join("server.crt"), keys.join("server.key"));
    if certificate.exists() && key.exists() {
        return Ok(());
    }
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let mut names = vec!["localhost".to_owned(), IpAddr::from([127, 0, 0, 1]).to_string()];
    names.extend(Some(host.trim().to_owned()).filter(|host| !host.is_empty() && host != "localhost"));
    let made = rcgen::generate_simple_self_signed(names)?;
    let _ = std::fs::remove_file(&key);
    auditstore::keys::write_secret(&key, made.signing_key.serialize_pem().as_bytes())?;
    std::fs::write(&certificate, made.cert.pem())?;
    Ok(())
}

/// Makes the first SQL user with a random password, unless there are users already.
fn first_user(path: &Path, user: &str) -> anyhow::Result<Option<String>> {
    if path.exists() {
        return Ok(None);
    }
    let password = query::users::generate_password()?;
    let mut users = query::users::Users::default();
    users.add(user, "auditor", &password)?;
    users.write(path)?;
    Ok(Some(password))
}

/// Writes the configuration, or accepts the one that an interrupted run of the same command left.
fn configuration(plan: &Plan, key: &str, token_key_id: &str, recipient: &str) -> anyhow::Result<()> {
    let text = configuration_text(plan, key, token_key_id, recipient)?;
    if plan.config.exists() {
        let found = Config::read(&plan.config)?;
        ensure!(
            found.lake.key == key,
            "{} exists and is the configuration of another lake; give another --config",
            plan.config.display()
        );
        return Ok(());
    }
    let temporary = plan.config.with_extension("toml.new");
    std::fs::write(&temporary, text).with_context(|| format!("cannot write {}", temporary.display()))?;
    std::fs::rename(&temporary, &plan.config)?;
    Ok(())
}

/// Where a local lake lies: from the configuration's folder on if it lies in it, so that a copy of the folder is a lake of its
/// own and does not go on with this one.
fn local_url(plan: &Plan) -> anyhow::Result<String> {
    let lake = std::path::absolute(&plan.lake)?;
    let config = std::path::absolute(&plan.config)?;
    let within = config.parent().and_then(|folder| lake.strip_prefix(folder).ok());
    let within = within.filter(|path| !path.as_os_str().is_empty());
    Ok(within.unwrap_or(&lake).to_string_lossy().into_owned())
}

fn configuration_text(plan: &Plan, key: &str, token_key_id: &str, recipient: &str) -> anyhow::Result<String> {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let url = if plan.lake.contains("://") { plan.lake.clone() } else { local_url(plan)? };
    let mut topics = String::new();
    for (name, format) in &plan.topics {
        writeln!(topics, "\n[[topics]]\nname = {}\nformat = {}", quoted(name), quoted(format))?;
        match plan.actor {
            Some(actor) => writeln!(topics, "actor = {}", quoted(actor))?,
            None => writeln!(topics, "# actor = \"workforce\"   # keeps names and addresses of callers")?,
        }
    }
    let s3 = if plan.lake.starts_with("s3://") {
        format!("\n[lake.s3]\n{}", toml::to_string(&plan.s3)?)
    } else {
        String::new()
    };
    Ok(format!(
        include_str!("init.toml"),
        site = quoted(&plan.site),
        url = quoted(&url),
        key = quoted(key),
        token_key_id = quoted(token_key_id),
        tenant = quoted(&plan.origin),
        s3 = s3,
        brokers = plan.brokers.iter().map(|broker| quoted(broker)).collect::<Vec<_>>().join(", "),
        topics = topics,
        recipient = quoted(recipient),
        listen = quoted(&plan.listen.to_string()),
    ))
}
