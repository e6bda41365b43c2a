//! Keys without a prefix, told by their provider's name before them: `ADAFRUIT_KEY=…`, `"fastly_token": "…"`.
//!
//! Behind a provider's name, at most twenty more characters of the variable, and `=`, `:` or the like, a value of
//! exactly the shape that this provider's keys have goes. The shapes are those of the public rule set of gitleaks (8.30,
//! MIT), as facts; numbers that are no secret (client ids of digits alone) are left out.

use std::sync::LazyLock;

use super::keywords::Key;
use super::lexicon::{self, ByWord, Phrase};
use super::secret_key::{Shape, parse};
use super::text::Text;
use super::{Category, Detector, Hit, Needs};

/// Finds keys behind their provider's name.
pub(super) struct SecretContext;

const UUID: &str = "<h8>-<h4>-<h4>-<h4>-<h12>";

/// Names, folded, with commas between, and the patterns of the provider's keys, see `secret_key/shapes.rs`.
const PROVIDERS: &[(&str, &[&str])] = &[
    ("adafruit", &["<u32>"]),
    ("adobe", &["<h32>"]),
    ("airtable", &["<l17>"]),
    ("algolia", &["<l32>"]),
    ("alibaba,aliyun", &["<l30>"]),
    ("asana", &["<l32>"]),
    ("atlassian,confluence,jira", &["<l20><h4>"]),
    ("beamer", &["b_<b44>"]),
    ("bitbucket", &["<b64>", "<l32>"]),
    ("bittrex", &["<l32>"]),
    ("meraki", &["<h40>"]),
    ("cloudflare", &["<u40>", "<h37>"]),
    ("codecov", &["<l32>", UUID]),
    ("cohere,co api key", &["<w40>"]),
    ("coinbase", &["<u64>"]),
    ("confluent", &["<b64>", "<w16>"]),
    ("contentful", &["<b43>"]),
    ("datadog,dd api key,dd app key", &["<l40>", "<h32>"]),
    ("deepseek", &["<w20-64>"]),
    ("discord", &["<h64>", "<b32>"]),
    ("droneci", &["<l32>"]),
    ("dropbox", &["<l15>", "<b64>"]),
    ("etsy", &["<l24>"]),
    ("facebook", &["<h32>", "<d15-16>|<u27-40>"]),
    ("fastly", &["<b32>"]),
    ("finicity", &["<h32>", "<l20>"]),
    ("finnhub", &["<l20>"]),
    ("flickr", &["<l32>"]),
    ("freshbooks", &["<l64>"]),
    ("gitter", &["<u40>"]),
    ("heroku", &[UUID]),
    ("hubspot", &["<H8>-<H4>-<H4>-<H4>-<H12>"]),
    ("intercom", &["<b60>"]),
    ("jfrog,artifactory,bintray,xray", &["<l73>", "<l64>"]),
    ("kraken", &["<b80-90>"]),
    ("kucoin", &["<h24>", UUID]),
    ("launchdarkly", &["<b40>"]),
    ("linear", &["<h32>"]),
    ("linkedin,linked in", &["<l16>", "<l14>"]),
    ("looker", &["<l24>", "<l20>"]),
    ("mailchimp", &["<h32>"]),
    ("mailgun", &["<l32>-<l8>-<l8>", "<h32>"]),
    ("mattermost", &["<l26>"]),
    ("messagebird,message bird", &["<l25>", UUID]),
    ("mistral", &["<w32>"]),
    ("netlify", &["<b40-46>"]),
    ("newrelic,new relic", &["<l64>", "<h40>"]),
    ("nytimes,newyorktimes", &["<b32>"]),
    ("okta", &["00<u40>"]),
    ("openweather,openweathermap", &["<h32>"]),
    ("plaid", &["<l30>", "<l24>"]),
    ("privateai,private ai", &["<l32>"]),
    ("rapidapi", &["<u50>"]),
    ("sendbird", &["<h40>", UUID]),
    ("sentry", &["<h64>", "<h32>"]),
    ("snyk", &[UUID]),
    ("sonar,sonarqube", &["<b40>"]),
    ("splunk", &["<H8>-<H4>-<H4>-<H4>-<H12>"]),
    ("squarespace", &[UUID]),
    ("sumologic,sumo", &["<l64>", "su<w12>"]),
    ("contribsys", &["<h8>:<h8>"]),
    ("telegram", &["<d5-16>:A<u34>"]),
    ("travisci", &["<l22>"]),
    ("twilio", &["<h32>"]),
    ("twitch", &["<l30>"]),
    ("twitter", &["<w50>", "<w45>", "<w25>", "<d15-25>-<w20-40>"]),
    ("wandb,weights and biases", &["<h40>"]),
    ("yandex", &["<w32-60>"]),
    ("zendesk", &["<l40>"]),
];

/// How much of the variable may stand between the provider's name and the sign, in bytes.
const VARIABLE_BYTES_MAX: usize = 20;

static BY_PHRASE: LazyLock<ByWord<Vec<Shape>>> = LazyLock::new(|| {
    let mut by_phrase: ByWord<Vec<Shape>> = ByWord::default();
    for (names, patterns) in PROVIDERS {
        for name in names.split(',') {
            let shapes = patterns.iter().map(|pattern| parse(&("secret_context.provider", pattern, "")));
            by_phrase.entry(hash(name.split(' '))).or_default().extend(shapes);
        }
    }
    by_phrase
});

fn hash<'w>(words: impl Iterator<Item = &'w str>) -> u64 {
    let mut phrase = Phrase::default();
    words.fold(0, |_, word| phrase.push(word))
}

/// The names of all providers, for the table of keywords.
pub(super) fn phrases() -> impl Iterator<Item = (Key, &'static str)> {
    PROVIDERS.iter().flat_map(|(names, _)| names.split(',')).map(|name| (Key::Provider, name))
}

impl Detector for SecretContext {
    fn id(&self) -> &'static str {
        "secret_context"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Secret]
    }

    fn example(&self) -> &'static str {
        "FASTLY_API_TOKEN=f4k3f4k3f4k3f4k3f4k3f4k3f4k3f4k3"
    }

    fn needs(&self) -> Needs {
        Needs::key(Key::Provider)
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        if !text.has_key(Key::Provider) {
            return;
        }
        let mut push = |start, end| {
            let rule = "secret_context.provider";
            hits.push(Hit { start, end, category: Category::Secret, rule, score: 0.9 });
        };
        if text.keyed(Key::Provider)
            && let Some(key) = text.key
        {
            let folded: String = lexicon::fold(key).chars().filter(char::is_ascii_alphanumeric).collect();
            let named = |names: &str| names.split(',').any(|name| folded.contains(&name.replace(' ', "")));
            let value = text.text.trim();
            let start = text.text.len() - text.text.trim_start().len();
            let fits = |name: &str| {
                BY_PHRASE.get(&hash(name.split(' '))).is_some_and(|shapes| {
                    shapes.iter().any(|shape| whole(shape, value.as_bytes()) == Some(value.len()))
                })
            };
            if PROVIDERS.iter().any(|(names, _)| named(names) && names.split(',').any(fits)) {
                push(start, start + value.len());
            }
        }
        for hit in text.keys().iter().filter(|hit| hit.key == Key::Provider) {
            let words = (hit.first..=hit.last).map(|word| text.spelled(word));
            let Some(shapes) = BY_PHRASE.get(&hash(words)) else { continue };
            if let Some(start) = value_start(text.text.as_bytes(), hit.end) {
                let rest = &text.text.as_bytes()[start..];
                if let Some(length) = shapes.iter().find_map(|shape| whole(shape, rest)) {
                    push(start, start + length);
                }
            }
        }
    }
}

/// The length of the key that opens `rest` and ends where a value ends.
fn whole(shape: &Shape, rest: &[u8]) -> Option<usize> {
    let length = shape.length(rest)?;
    let goes_on =
        rest.get(length).is_some_and(|byte| byte.is_ascii_alphanumeric() || b"_-/+=.@".contains(byte));
    let digits = rest[..length].iter().filter(|byte| byte.is_ascii_digit()).count();
    // Made by chance: digits among letters.
    (!goes_on && digits >= 2 && digits < length).then_some(length)
}

/// Where the value begins behind a variable whose provider's name ends at `from`.
fn value_start(bytes: &[u8], from: usize) -> Option<usize> {
    let skip = |at: usize, most: usize, of: fn(u8) -> bool| {
        at + bytes[at.min(bytes.len())..].iter().take(most).take_while(|byte| of(**byte)).count()
    };
    let variable =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'\t' | b'_' | b'.' | b'-');
    let closing = |byte: u8| matches!(byte, b' ' | b'\t' | b'\'' | b'"' | b'\\' | b']' | b')');
    let at = skip(skip(from, VARIABLE_BYTES_MAX, variable), 4, closing);
    let signs: &[&[u8]] = &[b":=", b"=>", b"?=", b"||", b"=", b":", b">", b",", b"("];
    let sign = signs.iter().find(|sign| bytes[at.min(bytes.len())..].starts_with(sign))?;
    let opening = |byte: u8| matches!(byte, b' ' | b'\t' | b'\'' | b'"' | b'`' | b'=' | b'\\');
    Some(skip(at + sign.len(), 5, opening))
}

#[cfg(test)]
mod tests;
