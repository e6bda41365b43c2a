//! Provider keys: credentials that their issuer gave a prefix to be found by.
//!
//! One table of shapes: prefix, alphabet, length, source. A shape is looked for only at the start of an opaque run or
//! behind a joint in it, by its first byte, so that the number of shapes costs nothing on text without them.

use std::ops::Range;

use super::text::Text;
use super::{Category, Detector, Hit};

/// Finds provider keys.
pub(super) struct SecretKey;

/// Characters that may follow a prefix.
#[derive(Clone, Copy)]
enum Alphabet {
    /// `0-9a-zA-Z`
    Alnum,
    /// `0-9A-Z`
    Upper,
    /// `0-9a-f`
    Hex,
    /// `0-9a-zA-Z_-`
    Url,
    /// `0-9a-zA-Z+/=`
    Base64,
    /// `0-9a-zA-Z_-.`
    Dotted,
}

/// A provider's key: what it starts with, and how much of what follows.
struct Shape {
    prefix: &'static str,
    alphabet: Alphabet,
    length_min: usize,
    length_max: usize,
    rule: &'static str,
}

const fn shape(
    prefix: &'static str,
    alphabet: Alphabet,
    min: usize,
    max: usize,
    rule: &'static str,
) -> Shape {
    Shape { prefix, alphabet, length_min: min, length_max: max, rule }
}

use Alphabet::{Alnum, Base64, Dotted, Hex, Upper, Url};

/// Sources: the issuers' documentation of their token formats (AWS "IAM identifiers", GitHub "Authentication token
/// formats", Slack "Token types", Stripe "API keys", and so on); lengths widened where issuers changed them.
const SHAPES: &[Shape] = &[
    shape("AKIA", Upper, 16, 16, "secret_key.aws"),
    shape("ASIA", Upper, 16, 16, "secret_key.aws"),
    shape("ABIA", Upper, 16, 16, "secret_key.aws"),
    shape("ACCA", Upper, 16, 16, "secret_key.aws"),
    shape("ABSK", Base64, 100, 300, "secret_key.aws_bedrock"),
    shape("ghp_", Alnum, 36, 255, "secret_key.github"),
    shape("gho_", Alnum, 36, 255, "secret_key.github"),
    shape("ghu_", Alnum, 36, 255, "secret_key.github"),
    shape("ghs_", Alnum, 36, 255, "secret_key.github"),
    shape("ghr_", Alnum, 36, 255, "secret_key.github"),
    shape("github_pat_", Url, 60, 255, "secret_key.github"),
    shape("glpat-", Url, 20, 64, "secret_key.gitlab"),
    shape("gldt-", Url, 20, 64, "secret_key.gitlab"),
    shape("glrt-", Url, 20, 64, "secret_key.gitlab"),
    shape("glptt-", Hex, 40, 40, "secret_key.gitlab"),
    shape("xoxb-", Url, 20, 200, "secret_key.slack"),
    shape("xoxp-", Url, 20, 200, "secret_key.slack"),
    shape("xoxa-", Url, 20, 200, "secret_key.slack"),
    shape("xoxr-", Url, 20, 200, "secret_key.slack"),
    shape("xoxs-", Url, 20, 200, "secret_key.slack"),
    shape("xoxe-", Url, 20, 300, "secret_key.slack"),
    shape("xapp-", Url, 20, 200, "secret_key.slack"),
    shape("sk-ant-", Url, 24, 200, "secret_key.anthropic"),
    shape("sk-proj-", Url, 20, 300, "secret_key.openai"),
    shape("sk-svcacct-", Url, 20, 300, "secret_key.openai"),
    shape("sk-admin-", Url, 20, 300, "secret_key.openai"),
    shape("sk-or-v1-", Hex, 32, 128, "secret_key.openrouter"),
    shape("sk-lf-", Url, 20, 64, "secret_key.langfuse"),
    shape("sk-", Alnum, 20, 200, "secret_key.openai"),
    shape("AIza", Url, 35, 35, "secret_key.google"),
    shape("ya29.", Dotted, 20, 500, "secret_key.google_oauth"),
    shape("GOCSPX-", Url, 24, 32, "secret_key.google_oauth"),
    shape("sk_live_", Alnum, 16, 255, "secret_key.stripe"),
    shape("sk_test_", Alnum, 16, 255, "secret_key.stripe"),
    shape("rk_live_", Alnum, 16, 255, "secret_key.stripe"),
    shape("rk_test_", Alnum, 16, 255, "secret_key.stripe"),
    shape("whsec_", Base64, 24, 255, "secret_key.stripe"),
    shape("hf_", Alnum, 30, 64, "secret_key.huggingface"),
    shape("gsk_", Alnum, 40, 64, "secret_key.groq"),
    shape("xai-", Alnum, 70, 100, "secret_key.xai"),
    shape("pplx-", Alnum, 40, 64, "secret_key.perplexity"),
    shape("r8_", Alnum, 37, 40, "secret_key.replicate"),
    shape("lsv2_pt_", Url, 32, 64, "secret_key.langsmith"),
    shape("lsv2_sk_", Url, 32, 64, "secret_key.langsmith"),
    shape("nvapi-", Url, 60, 80, "secret_key.nvidia"),
    shape("npm_", Alnum, 36, 36, "secret_key.npm"),
    shape("pypi-", Url, 50, 300, "secret_key.pypi"),
    shape("dckr_pat_", Url, 20, 64, "secret_key.docker"),
    shape("dop_v1_", Hex, 64, 64, "secret_key.digitalocean"),
    shape("doo_v1_", Hex, 64, 64, "secret_key.digitalocean"),
    shape("shpat_", Hex, 32, 32, "secret_key.shopify"),
    shape("shpss_", Hex, 32, 32, "secret_key.shopify"),
    shape("SG.", Dotted, 40, 80, "secret_key.sendgrid"),
    shape("key-", Hex, 32, 32, "secret_key.mailgun"),
    shape("dapi", Hex, 32, 36, "secret_key.databricks"),
    shape("hvs.", Url, 24, 200, "secret_key.vault"),
    shape("hvb.", Url, 24, 300, "secret_key.vault"),
    shape("atlasv1.", Url, 20, 100, "secret_key.terraform"),
    shape("ATATT3", Base64, 60, 300, "secret_key.atlassian"),
    shape("lin_api_", Alnum, 32, 64, "secret_key.linear"),
    shape("ntn_", Alnum, 40, 60, "secret_key.notion"),
    shape("secret_", Alnum, 43, 43, "secret_key.notion"),
    shape("sntrys_", Base64, 40, 300, "secret_key.sentry"),
    shape("glsa_", Url, 36, 60, "secret_key.grafana"),
    shape("NRAK-", Upper, 27, 27, "secret_key.newrelic"),
    shape("PMAK-", Url, 40, 80, "secret_key.postman"),
    shape("EAACEdEose0cBA", Alnum, 20, 300, "secret_key.facebook"),
    shape("tskey-", Url, 20, 80, "secret_key.tailscale"),
    shape("age-secret-key-1", Alnum, 58, 58, "secret_key.age"),
    shape("AGE-SECRET-KEY-1", Upper, 58, 58, "secret_key.age"),
    shape("EAAA", Url, 60, 64, "secret_key.square"),
    shape("sq0csp-", Url, 43, 43, "secret_key.square"),
    shape("FLWSECK_TEST-", Alnum, 12, 64, "secret_key.flutterwave"),
    shape("pscale_tkn_", Url, 32, 64, "secret_key.planetscale"),
    shape("pscale_pw_", Url, 32, 64, "secret_key.planetscale"),
    shape("rubygems_", Hex, 48, 48, "secret_key.rubygems"),
    shape("figd_", Url, 36, 64, "secret_key.figma"),
    shape("fo1_", Url, 40, 64, "secret_key.fly"),
    shape("sbp_", Hex, 40, 40, "secret_key.supabase"),
    shape("vcp_", Alnum, 24, 64, "secret_key.vercel"),
    shape("CCIPAT_", Url, 40, 80, "secret_key.circleci"),
    shape("ops_eyJ", Base64, 200, 1000, "secret_key.onepassword"),
];

impl Detector for SecretKey {
    fn id(&self) -> &'static str {
        "secret_key"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Secret]
    }

    fn example(&self) -> &'static str {
        "use AKIAQ3EGRZ7XKPL4WVNB for now"
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let bytes = text.text.as_bytes();
        let mut push =
            |start, end, rule| hits.push(Hit { start, end, category: Category::Secret, rule, score: 0.97 });
        for run in text.runs() {
            // A prefix that ends in a dot is cut off from its run: step back over it.
            let dotted = DOTTED.iter().find(|prefix| text.text[..run.start].ends_with(**prefix));
            if let Some(start) = dotted.map(|prefix| run.start - prefix.len())
                && let Some((end, rule)) = shape_end(text.text, start)
            {
                push(start, end, rule);
            }
            if let Some((start, end)) = azure(text, &run) {
                push(start, end, "secret_key.azure");
            }
            if let Some((start, end)) = telegram(text, &run) {
                push(start, end, "secret_key.telegram");
            }
            let mut covered = 0;
            for at in run.clone() {
                let starts = at == run.start || matches!(bytes[at - 1], b'=' | b'/' | b'+' | b'-' | b'_');
                if starts
                    && at >= covered
                    && FIRSTS[bytes[at] as usize]
                    && let Some((end, rule)) = shape_end(text.text, at)
                {
                    push(at, end, rule);
                    covered = end;
                }
            }
        }
    }
}

/// Prefixes that end in a dot.
const DOTTED: &[&str] = &["SG.", "ya29.", "hvs.", "hvb.", "atlasv1."];

/// First bytes of the prefixes.
static FIRSTS: [bool; 256] = {
    let mut table = [false; 256];
    let mut index = 0;
    while index < SHAPES.len() {
        table[SHAPES[index].prefix.as_bytes()[0] as usize] = true;
        index += 1;
    }
    table
};

fn shape_end(text: &str, at: usize) -> Option<(usize, &'static str)> {
    let rest = &text.as_bytes()[at..];
    SHAPES.iter().filter(|shape| rest.starts_with(shape.prefix.as_bytes())).find_map(|shape| {
        let body = &rest[shape.prefix.len()..];
        let length =
            body.iter().take(shape.length_max + 1).take_while(|byte| fits(shape.alphabet, **byte)).count();
        let length =
            length - body[..length].iter().rev().take_while(|byte| matches!(byte, b'.' | b'-')).count();
        let telling = body[..length].iter().any(u8::is_ascii_digit)
            || body[..length].iter().filter(|byte| byte.is_ascii_uppercase()).count() > 2;
        ((shape.length_min..=shape.length_max).contains(&length) && telling)
            .then_some((at + shape.prefix.len() + length, shape.rule))
    })
}

fn fits(alphabet: Alphabet, byte: u8) -> bool {
    match alphabet {
        Alphabet::Alnum => byte.is_ascii_alphanumeric(),
        Alphabet::Upper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
        Alphabet::Hex => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        Alphabet::Url => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
        Alphabet::Base64 => byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_'),
        Alphabet::Dotted => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'),
    }
}

/// Azure client secrets: three characters, a digit, `Q~`, 31 to 34 characters (Microsoft Entra ID).
fn azure(text: &Text<'_>, run: &Range<usize>) -> Option<(usize, usize)> {
    let bytes = text.text.as_bytes();
    let sign = run.start.checked_sub(2).filter(|at| bytes[*at..].starts_with(b"Q~"))?;
    let start = sign.checked_sub(4)?;
    let head = &bytes[start..sign];
    let tail =
        bytes[run.start..].iter().take(40).take_while(|byte| fits(Dotted, **byte) || **byte == b'~').count();
    let open = start == 0 || !bytes[start - 1].is_ascii_alphanumeric();
    let made = head[3].is_ascii_digit() && head[..3].iter().all(|byte| fits(Dotted, *byte) || *byte == b'~');
    (open && made && (31..=34).contains(&tail)).then_some((start, run.start + tail))
}

/// Telegram bot tokens: eight to ten digits, a colon, `AA` and 33 characters (Bot API).
fn telegram(text: &Text<'_>, run: &Range<usize>) -> Option<(usize, usize)> {
    let bytes = text.text.as_bytes();
    let colon =
        run.start.checked_sub(1).filter(|at| bytes[*at] == b':' && bytes[run.start..].starts_with(b"AA"))?;
    let digits = bytes[..colon].iter().rev().take(11).take_while(|byte| byte.is_ascii_digit()).count();
    ((8..=10).contains(&digits) && run.len() == 35).then_some((colon - digits, run.end))
}

#[cfg(test)]
mod tests;
