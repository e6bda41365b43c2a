//! A policy's own rules through the engine: what goes, what stays, and what is refused where.

use schemas::{Record, event};

use crate::detect::Category;
use crate::policy::{Policy, PolicyError, deny_hash};
use crate::{Action, Actor, Redactor, TokenKey};

/// 2026-11-20T10:00:00Z.
const AS_OF: i64 = 1_795_168_800_000_000;

const HEAD: &str = "name = \"ward\"\nversion = \"1\"\n[actions]\ndefault = \"label\"\n";

const ENTRY: &str = "owner = \"privacy office\"\nreason = \"ticket 7\"\nexpires = 2027-01-31\n";

fn key() -> TokenKey {
    TokenKey::from_hex(&"0123456789abcdef".repeat(4)).unwrap()
}

fn redactor(rules: &str) -> Redactor {
    let policy = Policy::parse(format!("{HEAD}{rules}").as_bytes()).unwrap();
    Redactor::new(policy, key(), "test").unwrap().by_rules()
}

fn refused(rules: &str) -> PolicyError {
    Policy::parse(format!("{HEAD}{rules}").as_bytes()).expect_err("the policy is not sound")
}

fn text(redactor: &Redactor, text: &str) -> String {
    redactor.redact_text(text, AS_OF).unwrap().text
}

fn json(redactor: &Redactor, json: &str) -> String {
    redactor.redact_json(json.as_bytes(), AS_OF).unwrap().text
}

const BADGE: &str = "[[patterns]]\nname = \"badge\"\ncategory = \"UNIQUE_ID\"\nregex = 'BDG-[0-9]{4,8}'\n";

fn deny(hash: &str, key: Option<&TokenKey>, category: Category, values: &[&str]) -> String {
    let hashed: Vec<_> = values.iter().map(|value| deny_hash(key, category, value).unwrap()).collect();
    let words_max = hashed.iter().map(|(_, words)| *words).max().unwrap();
    let values: Vec<String> = hashed.iter().map(|(value, _)| format!("\"{value}\"")).collect();
    format!(
        "[[deny]]\nname = \"patients\"\ncategory = \"{}\"\nhash = \"{hash}\"\nwords_max = {words_max}\nvalues = [{}]\n{ENTRY}",
        category.name(),
        values.join(", ")
    )
}

#[test]
fn a_pattern_is_found_wherever_text_stands() {
    let redactor = redactor(BADGE);
    assert_eq!(text(&redactor, "seen BDG-12345, gone"), "seen [UNIQUE_ID], gone");
    assert_eq!(text(&redactor, "bdg-12345"), "bdg-12345", "a regex minds case unless it says otherwise");
    for (given, want) in [
        (r#"{"a":["x BDG-12345"]}"#, r#"{"a":["x [UNIQUE_ID]"]}"#),
        (r#"{"a":"{\"b\":\"\\u0042DG-12345\"}"}"#, r#"{"a":"{\"b\":\"[UNIQUE_ID]\"}"}"#),
        (r#"{"BDG-12345":1}"#, r#"{"[UNIQUE_ID]":1}"#),
        (r#"{"a":"BDG\u200b-12345"}"#, r#"{"a":"[UNIQUE_ID]"}"#),
    ] {
        assert_eq!(json(&redactor, given), want);
    }
    let found = redactor.redact_text("seen BDG-12345", AS_OF).unwrap().findings;
    assert_eq!((&*found[0].rules, found[0].start, found[0].end), ("pattern.badge", 5, 14));
    assert_eq!(redactor.policy().line_of_rule("pattern.badge"), Some(6));
    assert_eq!(redactor.policy().line_of_action(Category::Mrn), 4);
}

#[test]
fn a_number_and_a_field_name_are_looked_at_too() {
    let rules = "[[patterns]]\nname = \"staff\"\ncategory = \"UNIQUE_ID\"\nregex = '\\b77[0-9]{4}\\b'\ncontext = [\"personal\"]\n\
                 [[patterns]]\nname = \"ward\"\ncategory = \"UNIQUE_ID\"\nregex = 'ward_nine'\n";
    let redactor = redactor(rules);
    assert_eq!(
        json(&redactor, r#"{"personal_x":771234,"n":771234}"#),
        r#"{"personal_x":"[UNIQUE_ID]","n":771234}"#
    );
    assert_eq!(
        json(&redactor, r#"{"ward_nine":1,"role":"ward_nine"}"#),
        r#"{"[UNIQUE_ID]":1,"role":"[UNIQUE_ID]"}"#
    );
}

#[test]
fn check_digits_or_context_make_a_match_count() {
    let rules = "[[patterns]]\nname = \"plan\"\ncategory = \"UNIQUE_ID\"\nregex = 'qp[0-9]{8}'\nvalidator = \"luhn\"\ncontext = [\"plan b\"]\n";
    let redactor = redactor(rules);
    assert_eq!(text(&redactor, "qp12345675 then qp12345674 there"), "qp12345675 then [UNIQUE_ID] there");
    assert_eq!(text(&redactor, "of Plan B: qp12345675"), "of Plan B: [UNIQUE_ID]");
    assert_eq!(text(&redactor, "of plan bees: qp12345675"), "of plan bees: qp12345675");
    for (validator, right, wrong) in [
        ("mod97", "Z9 DE89370400440532013000", "Z9 DE89370400440532013001"),
        ("mod11", "Z9 0306406152", "Z9 0306406153"),
    ] {
        let regex = if validator == "mod97" { "DE[0-9]{20}" } else { "03[0-9]{8}" };
        let rules = format!(
            "[[patterns]]\nname = \"p\"\ncategory = \"UNIQUE_ID\"\nregex = '{regex}'\nvalidator = \"{validator}\"\n"
        );
        let policy = Policy::parse(format!("{HEAD}{rules}").as_bytes()).unwrap();
        let own = |text: &str| {
            policy.rules().finds() && {
                let redactor = Redactor::new(policy.clone(), key(), "test").unwrap();
                redactor
                    .redact_text(text, AS_OF)
                    .unwrap()
                    .findings
                    .iter()
                    .any(|found| found.rules.contains("pattern.p"))
            }
        };
        assert!(own(right) && !own(wrong), "{validator}");
    }
}

#[test]
fn a_pattern_of_low_score_needs_company() {
    let rules =
        "[[patterns]]\nname = \"slot\"\ncategory = \"UNIQUE_ID\"\nregex = 'slot [A-D][0-9]'\nscore = 0.3\n";
    let redactor = redactor(rules);
    assert_eq!(text(&redactor, "it is in slot B7"), "it is in slot B7");
    assert_eq!(text(&redactor, "MRN 70444444 is in slot B7"), "MRN [MRN] is in [UNIQUE_ID]");
}

#[test]
fn patterns_that_could_begin_anywhere_or_end_nowhere_are_refused() {
    let pattern =
        |regex: &str| format!("[[patterns]]\nname = \"p\"\ncategory = \"MRN\"\nregex = '{regex}'\n");
    for (regex, what) in [
        ("[^x]{3}BDG", "no gate"),
        (".{1,5}BDG", "no gate"),
        ("(BDG)?[^a]", "no gate"),
        ("\\w{3,9}@x", "no gate"),
        ("BDG-[0-9]+", "no longest match"),
        ("BDG-[0-9]{300}", "at most 256"),
        ("(BDG)?", "match nothing"),
        ("BDG-(", "character 5"),
        ("(?=BDG)B", "character 1"),
        ("(B)\\1", "character 4"),
        ("[a-z&&\\p{L}]{200}[\\p{L}\\p{N}]{200}", "at most 256"),
    ] {
        let error = refused(&pattern(regex));
        assert!(error.what.contains(what) && (error.line, error.column) == (8, 9), "{regex}: {error}");
    }
    for regex in [
        "BDG-[0-9]{1,9}",
        "[A-Z]{2}[0-9]{4}",
        "(?i)badge [0-9]{2,4}",
        "\\b[0-9]{3}-[0-9]{2}",
        "(a|bc)[0-9]",
        "\\d{4}",
    ] {
        assert!(Policy::parse(format!("{HEAD}{}", pattern(regex)).as_bytes()).is_ok(), "{regex}");
    }
}

#[test]
fn what_is_wrong_in_a_rule_is_said_with_its_line() {
    let plain = "[[deny]]\nname = \"d\"\ncategory = \"NAME\"\nhash = \"sha256\"\nwords_max = 2\n";
    let allow = "[[allow]]\nname = \"a\"\nvalues = [\"x\"]\n";
    let except = "[[exceptions]]\nname = \"e\"\npointer = \"/a\"\n";
    for (rules, line, what) in [
        (format!("{BADGE}validator = \"crc\"\n"), 9, "unknown validator"),
        (format!("{BADGE}score = 1.5\n"), 9, "score"),
        (format!("{BADGE}{BADGE}"), 10, "stands twice"),
        (BADGE.replace("UNIQUE_ID", "BADGE"), 7, "unknown category"),
        (BADGE.replace("name = \"badge\"", "name = \"a badge\""), 6, "a name is not"),
        (format!("{plain}values = [\"Anna Sorel\"]\n{ENTRY}"), 10, "hexadecimal"),
        (format!("{plain}values = []\nowner = \" \"\nreason = \"r\"\nexpires = 2027-01-31\n"), 11, "owner"),
        (
            format!("{plain}values = []\nowner = \"o\"\nreason = \"r\"\nexpires = 2027-01-31T10:00:00Z\n"),
            13,
            "not a day",
        ),
        (format!("{allow}owner = \"o\"\nreason = \"r\"\n"), 5, "expires"),
        (format!("{allow}category = \"SECRET\"\n{ENTRY}"), 8, "never kept"),
        (format!("{except}column = \"nonesuch\"\n{ENTRY}"), 8, "no column"),
        (format!("{except}column = \"actor_id\"\n{ENTRY}"), 8, "as a whole"),
        (format!("{except}column = \"event_id\"\n{ENTRY}"), 8, "nothing is looked for"),
        (except.replace("/a", "a") + ENTRY, 7, "does not begin with /"),
        ("[[tests]]\nname = \"t\"\ntext = \"x\"\n".to_owned(), 6, "expects nothing"),
    ] {
        let error = refused(&rules);
        assert!(error.line == line && error.what.contains(what), "{rules}\n{error}");
        assert!(!error.to_string().contains("Sorel"), "{error}");
    }
    let harbor = HEAD.replace("[actions]", "basis = \"safe_harbor\"\n[actions]");
    let error = Policy::parse(format!("{harbor}{except}{ENTRY}").as_bytes()).unwrap_err();
    assert!(error.what.contains("Safe Harbor"), "{error}");
}

#[test]
fn denied_values_go_in_any_spelling_and_the_policy_does_not_hold_them() {
    let names = ["zed quorl", "Ina Oderbruch-Vey"];
    for (hash, key) in [("sha256".to_owned(), None), (format!("keyed:{}", key().id()), Some(&key()))] {
        let rules = deny(&hash, key, Category::Name, &names);
        assert!(!rules.to_lowercase().contains("quorl"));
        let redactor = redactor(&rules);
        for (given, want) in [
            ("told zed quorl about it", "told [NAME] about it"),
            ("QUORL, ZED", "[NAME]"),
            ("quorl^zed", "[NAME]"),
            ("ina oderbruch vey's", "[NAME]'s"),
            ("zed had a quorl", "zed had a quorl"),
        ] {
            assert_eq!(text(&redactor, given), want, "{hash}");
        }
        assert_eq!(
            json(&redactor, r#"{"a":"{\"b\":\"zed quorl\"}","zed_quorl":1}"#),
            r#"{"a":"{\"b\":\"[NAME]\"}","[NAME]":1}"#
        );
    }
    let numbers = redactor(&deny("sha256", None, Category::Mrn, &["55 1234 9"]));
    assert_eq!(
        json(&numbers, r#"{"a":5512349,"b":"x 55-12349","c":"55123490"}"#),
        r#"{"a":"[MRN]","b":"x [MRN]","c":"55123490"}"#
    );
    let parted = redactor(&deny("sha256", None, Category::UniqueId, &["70441111", "617-555-0199"]));
    for given in ["7044 1111", "7044-1111", "70-44-11-11", "70441111", "6175550199", "(617) 555-0199"] {
        let out = text(&parted, &format!("x {given} y"));
        assert!(!out.contains(|c: char| c.is_ascii_digit()), "{given}: {out}");
    }
    assert_eq!(text(&parted, "7044 11 12"), "7044 11 12");
    let error = Redactor::new(numbers.policy().clone(), TokenKey::generate(), "test").map(drop);
    assert!(error.is_ok(), "a plain list needs no key");
    let keyed = deny(&format!("keyed:{}", key().id()), Some(&key()), Category::Name, &names);
    let policy = Policy::parse(format!("{HEAD}{keyed}").as_bytes()).unwrap();
    let error = Redactor::new(policy, TokenKey::generate(), "test").map(drop).unwrap_err();
    assert!(error.line == 8 && error.what.contains(&key().id()), "{error}");
}

#[test]
fn a_list_whose_values_would_be_kept_is_refused() {
    let list = deny("sha256", None, Category::Name, &["zed quorl"]);
    let keeps = HEAD.replace("\"label\"", "\"keep\"");
    let error = Policy::parse(format!("{keeps}{list}").as_bytes()).unwrap_err();
    assert!(error.what.contains("would be kept") && error.line == 7, "{error}");
}

#[test]
fn values_that_cannot_be_denied_are_refused_without_naming_them() {
    for value in ["al", "", "a b c d e f g h i", "one ------- two"] {
        let error = deny_hash(None, Category::Name, value).unwrap_err();
        assert!(value.is_empty() || !error.contains(value), "{error}");
    }
}

#[test]
fn an_allowed_value_stays_where_it_is_exactly_what_was_found() {
    let list = |more: &str| {
        format!("[[allow]]\nname = \"house\"\nvalues = [\"Dr. Anna Sorel\", \"70444444\"]\n{more}{ENTRY}")
    };
    let redactor = redactor(&list(""));
    let out = redactor.redact_text("Dr. Anna Sorel saw MRN 70444444 and MRN 70444445", AS_OF).unwrap();
    assert_eq!(out.text, "Dr. Anna Sorel saw MRN 70444444 and MRN [MRN]");
    assert!(
        out.findings.iter().any(|found| found.rules.contains("allow.house") && found.action == Action::Keep)
    );
    assert_eq!(
        json(&redactor, r#"{"mrn":70444444,"patient_id":70444445}"#),
        r#"{"mrn":70444444,"patient_id":"[MRN]"}"#
    );
    assert_eq!(text(&redactor, "Dr. Anna Soreling"), "[NAME]");
    let only = self::redactor(&list("category = \"MRN\"\n"));
    assert_eq!(text(&only, "Dr. Anna Sorel saw MRN 70444444"), "[NAME] saw MRN 70444444");
}

#[test]
fn secrets_and_denied_values_are_never_kept() {
    let secret = "AKIAQ3EGWJ7KX2LMN5PT";
    let rules = format!(
        "[[allow]]\nname = \"a\"\nvalues = [\"{secret}\", \"zed quorl\"]\n{ENTRY}\
         [[exceptions]]\nname = \"e\"\npointer = \"\"\n{ENTRY}{}",
        deny("sha256", None, Category::Name, &["zed quorl"])
    );
    let redactor = redactor(&rules);
    let out = json(&redactor, &format!(r#"["key {secret}","zed quorl","MRN 70444444"]"#));
    assert!(!out.contains(secret) && !out.contains("quorl") && out.contains("70444444"), "{out}");
}

#[test]
fn an_exception_keeps_what_stands_at_its_pointer_and_below() {
    let except = |pointer: &str, more: &str| {
        redactor(&format!("[[exceptions]]\nname = \"e\"\npointer = \"{pointer}\"\n{more}{ENTRY}"))
    };
    let given = r#"{"a":["MRN 70444444",{"b":"MRN 70444445"}],"c":"{\"d\":\"MRN 70444446\"}"}"#;
    for (pointer, kept) in [
        ("/a", vec!["70444444", "70444445"]),
        ("/a/0", vec!["70444444"]),
        ("/a/*/b", vec!["70444445"]),
        ("/c/d", vec!["70444446"]),
        ("/c", vec!["70444446"]),
        ("/e", vec![]),
        ("", vec!["70444444", "70444445", "70444446"]),
    ] {
        let out = json(&except(pointer, ""), given);
        for number in ["70444444", "70444445", "70444446"] {
            assert_eq!(out.contains(number), kept.contains(&number), "{pointer}: {out}");
        }
    }
    assert!(json(&except("/a", "categories = [\"NAME\"]\n"), given).contains("[MRN]"));
    let column = except("/a", "column = \"unmapped_json\"\n");
    assert!(!json(&column, given).contains("70444444"), "the filter has no columns");
    let mut record = Record::new(&event::EVENT);
    record.set(event::EVENT_TIME, schemas::Value::Time(AS_OF));
    record.set(event::UNMAPPED_JSON, given);
    record.set(event::REQUEST_PARAMS_JSON, given);
    let row = column.redact_event(record, Actor::Unstated).unwrap();
    let stored = |position: usize| row.record().get(position).as_text().unwrap().to_owned();
    let params = stored(event::REQUEST_PARAMS_JSON);
    assert!(stored(event::UNMAPPED_JSON).contains("70444445") && !params.contains("70444445"), "{params}");
    let except = except("/a", "");
    let refused = except.policy().check_acknowledged().unwrap_err();
    assert!(refused.what.contains("[[exceptions]]"), "{refused}");
}

#[test]
fn an_entry_holds_to_the_end_of_its_day_at_the_time_of_the_event() {
    let redactor = redactor(&deny("sha256", None, Category::Name, &["zed quorl"]));
    let entry = redactor.policy().entries().next().unwrap();
    let last = 1_801_439_999_999_999; // 2027-01-31T23:59:59.999999Z
    assert!(entry.holds(last) && !entry.holds(last + 1));
    assert_eq!((entry.days_left(last), entry.days_left(last + 1), entry.days_left(AS_OF)), (0, -1, 72));
    assert_eq!(redactor.redact_text("zed quorl", last).unwrap().text, "[NAME]");
    assert_eq!(redactor.redact_text("zed quorl", last + 1).unwrap().text, "zed quorl");
}

#[test]
fn a_second_pass_changes_nothing() {
    let rules = format!("{BADGE}{}", deny("sha256", None, Category::Name, &["zed quorl"]));
    let policy = format!("{HEAD}{rules}").replace("\"label\"", "\"token\"");
    let redactor = Redactor::new(Policy::parse(policy.as_bytes()).unwrap(), key(), "test").unwrap();
    let once = text(&redactor, "zed quorl of BDG-12345, MRN 70444444, again QUORL, ZED");
    assert_eq!(text(&redactor, &once), once);
}

/// Time that this thread has run, by the kernel's account, since the machine has other work; elsewhere the clock.
fn processor_seconds() -> f64 {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    let account = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = account.and_then(|line| line.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| START.elapsed().as_secs_f64(), |nanoseconds| nanoseconds / 1e9)
}

/// Eight times the text may take at most some eight times as long, whatever the pattern meets; a square would take
/// sixty-four times.
#[test]
fn patterns_and_lists_take_linear_time() {
    let rules = format!(
        "[[patterns]]\nname = \"a\"\ncategory = \"MRN\"\nregex = '[a-z]{{1,200}}[0-9]'\n\
         [[patterns]]\nname = \"b\"\ncategory = \"MRN\"\nregex = 'aa(a|b){{1,100}}c'\n{}",
        deny("sha256", None, Category::Name, &["a b c d e f g h"])
    );
    let policy = Policy::parse(format!("{HEAD}{rules}").as_bytes()).unwrap();
    let keys = crate::policy::DenyKeys::new(&key());
    for seed in ["a", "a b ", "aab ", "zz9"] {
        let measure = |bytes: usize| {
            let text = seed.repeat(bytes / seed.len());
            let text = crate::detect::Text::new(&text, None, AS_OF);
            let start = processor_seconds();
            policy.rules().find(&keys, &text, 0, &mut Vec::new());
            processor_seconds() - start
        };
        let (short, long) = (measure(16 << 10), measure(128 << 10));
        assert!(long < 30.0 * short.max(0.02), "{seed:?}: {short} s, then {long} s");
    }
}
