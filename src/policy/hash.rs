//! `sealake policy hash`: a deny list, from values that are in no policy, no process list and no shell history.

use std::io::{self, BufRead, Read};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use redactor::detect::Category;
use redactor::{TokenKey, deny_hash};
use zeroize::Zeroizing;

use crate::config::{Config, read_token_key};
use crate::output;

/// The most that is read from standard input, in bytes.
const INPUT_BYTES_MAX: u64 = 16 << 20;

/// Print a [[deny]] list for a policy, from values on standard input, one a line.
///
/// A policy is stored in every lake that used it, so it holds hashes and never the values. With a token key they can
/// be tested against guesses only by who holds that key. The order of the values does not show.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Category of the values: NAME, MRN, …
    #[arg(value_name = "CATEGORY")]
    category: String,
    /// Name of the list, as findings will have it.
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Who answers for it.
    #[arg(long, value_name = "TEXT")]
    owner: String,
    /// Why it is there.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The last day on which it holds.
    #[arg(long, value_name = "YYYY-MM-DD")]
    expires: chrono::NaiveDate,
    /// The configuration that names the token key.
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["token_key", "plain"])]
    config: Option<PathBuf>,
    /// The token key.
    #[arg(long, value_name = "FILE", conflicts_with = "plain")]
    token_key: Option<PathBuf>,
    /// Hash without a key: whoever reads the policy can test guesses. For values that nobody can guess.
    #[arg(long, required_unless_present_any = ["config", "token_key"])]
    plain: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let Some(category) = Category::from_name(&args.category) else {
        let known: Vec<_> = Category::ALL.iter().map(|category| category.name()).collect();
        bail!("{} is no category; one of {}", args.category, known.join(", "));
    };
    let key = match (&args.config, &args.token_key) {
        (Some(path), _) => Some(read_token_key(&Config::read(path)?.lake.token_key)?),
        (None, Some(path)) => Some(read_token_key(path)?),
        (None, None) => None,
    };
    let (mut hashes, mut words_max) = (Vec::new(), 1);
    for (line, value) in (1..).zip(io::stdin().lock().take(INPUT_BYTES_MAX).lines()) {
        let value = Zeroizing::new(value.with_context(|| format!("line {line} of standard input"))?);
        if value.trim().is_empty() {
            continue;
        }
        let (hash, words) = deny_hash(key.as_ref(), category, &value)
            .map_err(|why| anyhow::anyhow!("line {line} of standard input: {why}; nothing was printed"))?;
        hashes.push(hash);
        words_max = words_max.max(words);
    }
    hashes.sort_unstable();
    hashes.dedup();
    if hashes.is_empty() {
        bail!("no values on standard input; give them one a line");
    }
    output::text(&list(args, category, key.as_ref(), words_max, &hashes)?)?;
    Ok(ExitCode::SUCCESS)
}

fn list(
    args: &Args,
    category: Category,
    key: Option<&TokenKey>,
    words_max: usize,
    hashes: &[String],
) -> anyhow::Result<String> {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let hash = key.map_or_else(|| "sha256".to_owned(), |key| format!("keyed:{}", key.id()));
    let mut list = format!(
        "[[deny]]\nname = {}\ncategory = \"{}\"\nhash = \"{hash}\"\nwords_max = {words_max}\nowner = {}\nreason = {}\nexpires = {}\n\
         values = [\n",
        quoted(&args.name),
        category.name(),
        quoted(&args.owner),
        quoted(&args.reason),
        args.expires,
    );
    hashes.iter().for_each(|hash| list.push_str(&format!("    \"{hash}\",\n")));
    list.push_str("]\n");
    // It must be taken as it stands.
    let policy = format!("name = \"check\"\nversion = \"1\"\n[actions]\ndefault = \"label\"\n{list}");
    redactor::Policy::parse(policy.as_bytes())
        .map_err(|error| anyhow::anyhow!("{}; {}", error.what, error.way_out))?;
    Ok(list)
}
