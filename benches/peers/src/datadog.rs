//! Datadog's scanner, the crate `dd-sensitive-data-scanner`: every match replaced by a label.

use dd_sds::{MatchAction, Path, PathSegment, RegexRuleConfig, RootRuleConfig, Scanner};
use serde_json::Value;

use crate::rules::Rule;
use crate::spans::{Places, Span};

pub(crate) const VERSION: &str = "dd-sensitive-data-scanner 0.1.0-20261029-ece1e93ba8da";

/// A scanner that changes what it finds.
pub(crate) struct Redacting(Scanner);

impl Redacting {
    pub(crate) fn new(rules: &[Rule]) -> Result<Redacting, String> {
        let label = |rule: &Rule| MatchAction::Redact { replacement: format!("[{}]", rule.category) };
        scanner(rules, label).map(Redacting)
    }

    /// Raw JSON in, redacted JSON out.
    pub(crate) fn raw(&self, event: &str) -> usize {
        let mut event: Value = serde_json::from_str(event).expect("valid JSON");
        let matches = self.0.scan(&mut event).expect("a scan");
        let out = event.to_string();
        std::hint::black_box(out);
        matches.len()
    }

    /// Scans and redacts what is parsed already; neither parsing nor writing counts.
    pub(crate) fn parsed(&self, events: &mut [Value]) -> usize {
        events.iter_mut().map(|event| self.0.scan(event).expect("a scan").len()).sum()
    }
}

pub(crate) fn parse(events: &[String]) -> Vec<Value> {
    events.iter().map(|event| serde_json::from_str(event).expect("valid JSON")).collect()
}

fn scanner(rules: &[Rule], action: impl Fn(&Rule) -> MatchAction) -> Result<Scanner, String> {
    let config = |rule: &Rule| {
        RootRuleConfig::new(RegexRuleConfig::new(rule.pattern).build()).match_action(action(rule))
    };
    let rules: Vec<_> = rules.iter().map(config).collect();
    Scanner::builder(&rules).build().map_err(|error| format!("Datadog's scanner refuses a rule: {error:?}"))
}

/// What it finds, as bytes of each event. Nothing is changed, since its offsets count in the changed text.
pub(crate) fn spans(rules: &[Rule], events: &[String]) -> Result<Vec<Vec<Span>>, String> {
    let scanner = scanner(rules, |_| MatchAction::None)?;
    let of = |event: &String| {
        let places = Places::of(event);
        let mut parsed: Value = serde_json::from_str(event).expect("valid JSON");
        let matches = scanner.scan(&mut parsed).expect("a scan");
        let span = |found: &dd_sds::RuleMatch| {
            let base = places.base(&pointer(&found.path));
            let category = rules[found.rule_index].category;
            Span { category, start: base + found.start_index, end: base + found.end_index_exclusive }
        };
        matches.iter().map(span).collect()
    };
    Ok(events.iter().map(of).collect())
}

fn pointer(path: &Path<'_>) -> String {
    let step = |segment: &PathSegment<'_>| match segment {
        PathSegment::Field(field) => format!("/{}", field.replace('~', "~0").replace('/', "~1")),
        PathSegment::Index(index) => format!("/{index}"),
    };
    path.segments.iter().map(step).collect()
}
