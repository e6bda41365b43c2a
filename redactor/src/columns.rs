//! Records: every column treated by its class, and the whole of a record as one document.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use schemas::{Class, Column, Record, Type, Value, access, event};

use crate::detect::Category;
use crate::document::{self, Document, Finding, Mode, Root};
use crate::engine::{Actor, Engine, check_size, guarded, guarded_each, panicked};
use crate::policy::{Action, Treatment};
use crate::redacted::{Redacted, Reject};
use crate::sha256::Digest;
use crate::token::REMOVED;
use crate::{project, shape};

mod store;

/// The most findings of one record; more than that is no prompt but a data set.
const FINDINGS_MAX: usize = 100_000;

/// Few records have more.
const FINDINGS_MOSTLY: usize = 32;

/// Of an event, the keyed hashes of its input and its output messages.
pub(crate) type MessageHashes = [Option<Digest>; 2];

/// The hashes of each of these events, before anything is redacted.
pub(crate) fn hashes<'a>(
    engine: &Engine,
    records: impl IntoIterator<Item = &'a Record>,
) -> Vec<MessageHashes> {
    let messages: Vec<[Option<&str>; 2]> = records
        .into_iter()
        .map(|record| match record.schema().id == event::EVENT.id {
            true => {
                [event::INPUT_MESSAGES, event::OUTPUT_MESSAGES].map(|column| record.get(column).as_text())
            }
            false => [None, None],
        })
        .collect();
    let texts = messages.iter().flatten().flatten();
    let mut hashes = engine.keyed_hashes(texts.map(|text| text.as_bytes())).into_iter();
    messages.iter().map(|texts| texts.map(|text| text.and_then(|_| hashes.next()))).collect()
}

/// How many bytes the texts of a record have, but for those inside lists.
pub(crate) fn text_bytes(record: &Record) -> usize {
    let columns = record.schema().columns.iter().enumerate();
    columns.map(|(position, _)| record.get(position).as_text().map_or(0, str::len)).sum()
}

/// Redacts records of `event/1`, each a document of its own.
pub(crate) fn events(
    engine: &Engine,
    records: impl Iterator<Item = (Record, Actor, MessageHashes)>,
) -> Vec<Result<Redacted, Reject>> {
    let begun: Vec<Result<Begun<'_>, Reject>> =
        records.map(|(record, actor, hashes)| guarded(|| begin(engine, record, actor, hashes))).collect();
    let given: Vec<Given<'_>> = begun.iter().flatten().map(Begun::given).collect();
    let mut treated = guarded_each(&given, |given| treat(engine, given)).into_iter();
    begun
        .into_iter()
        .map(|begun| {
            let begun = begun?;
            let treated = treated.next().unwrap_or_else(|| Err(panicked()))?;
            guarded(|| finish(engine, begun, treated))
        })
        .collect()
}

/// An event whose texts are still as they came.
struct Begun<'e> {
    record: Record,
    actor: Actor,
    as_of: i64,
    shift_days: Option<i64>,
    left_out: Option<store::LeftOut<'e>>,
}

impl Begun<'_> {
    fn given(&self) -> Given<'_> {
        let Begun { record, actor, as_of, shift_days, .. } = self;
        Given { record, actor: *actor, as_of: *as_of, shift_days: *shift_days }
    }
}

/// What is made of an event before its texts are looked into.
fn begin(
    engine: &Engine,
    mut record: Record,
    actor: Actor,
    hashes: MessageHashes,
) -> Result<Begun<'_>, Reject> {
    if record.schema().id != event::EVENT.id {
        return Err(Reject::new(
            "wrong_schema",
            format!("{} where event/1 was expected", record.schema().id),
        ));
    }
    let as_of = record.get(event::EVENT_TIME).as_time().unwrap_or(0);
    let [input, output] = hashes.map(|hash| hash.map(|hash| Value::Bytes(hash.to_vec())));
    record.take(event::PROMPT_TEXT);
    record.take(event::RESPONSE_TEXT);
    record.set(event::HASH_KEY_ID, engine.key_id().to_owned());
    record.set(event::INPUT_HASH, input);
    record.set(event::OUTPUT_HASH, output);
    let shift_days = [event::SUBJECT_REF, event::ON_BEHALF_OF]
        .iter()
        .find_map(|position| record.get(*position).as_text())
        .map(|subject| engine.shift_days(subject));
    let left_out = store::LeftOut::of(engine, &record);
    Ok(Begun { record, actor, as_of, shift_days, left_out })
}

/// The event redacted.
fn finish(engine: &Engine, begun: Begun<'_>, treated: Treated) -> Result<Redacted, Reject> {
    let Begun { mut record, left_out, .. } = begun;
    let mut found = treated.apply(&mut record)?;
    let prompt = record.get(event::INPUT_MESSAGES).as_text().and_then(project::prompt);
    let response = record.get(event::OUTPUT_MESSAGES).as_text().and_then(project::response);
    record.set(event::PROMPT_TEXT, prompt);
    record.set(event::RESPONSE_TEXT, response);
    if let Some(left_out) = left_out {
        left_out.apply(&mut record, &mut found)?;
    }
    record.set(event::REDACTION_STATUS, if found.is_empty() { "clean" } else { "redacted" });
    record.set(event::REDACTION_POLICY, engine.policy_ref().to_owned());
    let counts = counts_of(&found);
    record.set(event::FINDINGS, Value::List(found.into_iter().map(ColumnFinding::value).collect()));
    Ok(Redacted::new(record, counts))
}

/// How many findings there are of each category.
fn counts_of(found: &[ColumnFinding]) -> Vec<(&'static str, usize)> {
    let mut counts = BTreeMap::new();
    for finding in found {
        *counts.entry(finding.category).or_insert(0) += 1;
    }
    counts.into_iter().collect()
}

/// Redacts an `access/1`, which has no column for findings.
pub(crate) fn access(
    engine: &Engine,
    mut record: Record,
    times: &[Range<usize>],
) -> Result<Redacted, Reject> {
    if record.schema().id != access::ACCESS.id {
        return Err(Reject::new(
            "wrong_schema",
            format!("{} where access/1 was expected", record.schema().id),
        ));
    }
    let as_of = record.get(access::TIME).as_time().unwrap_or(0);
    let statement = record.get(access::STATEMENT).as_text().unwrap_or_default().to_owned();
    let given = Given { record: &record, actor: Actor::Workforce, as_of, shift_days: None };
    let treated = treat(engine, &[given]).pop().unwrap_or_else(|| Err(panicked()))?;
    let mut found = treated.apply(&mut record)?;
    keep_times(&mut record, &statement, times, &mut found);
    Ok(Redacted::new(record, counts_of(&found)))
}

/// The longest time that is kept in a statement, in bytes.
const TIME_BYTES_MAX: usize = 40;

/// Puts the dates back that lie in `times` of a statement. What is found there and is no date, or reaches beyond, stays
/// replaced; and so does everything where more than a time in digits stands, whatever the caller says it is.
fn keep_times(record: &mut Record, statement: &str, times: &[Range<usize>], found: &mut Vec<ColumnFinding>) {
    let is_time = |time: &Range<usize>| {
        statement.get(time.clone()).is_some_and(|text| {
            text.len() <= TIME_BYTES_MAX
                && text.bytes().all(|byte| byte.is_ascii_digit() || b"-:.+/ TZtz".contains(&byte))
        })
    };
    let times: Vec<&Range<usize>> = times.iter().filter(|time| is_time(time)).collect();
    let kept = |finding: &ColumnFinding| {
        let within = |time: &&Range<usize>| time.start <= finding.was.start && finding.was.end <= time.end;
        finding.column == access::ACCESS.columns[access::STATEMENT].name
            && finding.pointer.is_none()
            && finding.category == Category::Date.name()
            && times.iter().any(within)
    };
    let redacted = record.get(access::STATEMENT).as_text().unwrap_or_default();
    let (mut text, mut from) = (String::with_capacity(statement.len()), 0);
    for finding in found.iter().filter(|finding| kept(finding)) {
        // A place in something decoded may be none in the statement.
        let (Some(before), Some(time)) =
            (redacted.get(from..finding.start), statement.get(finding.was.clone()))
        else {
            return;
        };
        text.push_str(before);
        text.push_str(time);
        from = finding.end;
    }
    let Some(rest) = redacted.get(from..).filter(|_| from > 0) else { return };
    text.push_str(rest);
    *record.get_mut(access::STATEMENT) = text.into();
    found.retain(|finding| !kept(finding));
}

/// A finding with the column it lies in.
struct ColumnFinding {
    column: &'static str,
    pointer: Option<String>,
    start: usize,
    end: usize,
    /// Where it was before it was replaced, in the same string.
    was: Range<usize>,
    category: &'static str,
    rule: Cow<'static, str>,
    cfr: Option<&'static str>,
    action: Action,
    score: f32,
}

impl ColumnFinding {
    fn value(self) -> Value {
        Value::Struct(vec![
            self.column.into(),
            self.pointer.into(),
            Value::Int(self.start as i64),
            Value::Int(self.end as i64),
            self.category.into(),
            self.rule.into(),
            self.cfr.into(),
            self.action.name().into(),
            Value::Float(f64::from(self.score)),
        ])
    }

    fn in_column(finding: Finding, slot: &Slot) -> ColumnFinding {
        ColumnFinding {
            column: slot.column.name,
            pointer: match slot.pointer() {
                Some(pointer) => Some(pointer + finding.pointer.as_deref().unwrap_or("")),
                None => finding.pointer,
            },
            start: finding.out_start,
            end: finding.out_end,
            was: finding.start..finding.end,
            category: finding.span.what.name(),
            rule: finding.span.rules,
            cfr: finding.span.what.cfr(),
            action: finding.span.action,
            score: finding.span.score,
        }
    }
}

/// The deepest that a value of a schema lies: a field of an item of a list in an item of a list.
const DEPTH_MAX: usize = 6;

/// Where a text stands in a record.
#[derive(Clone, Copy)]
struct Slot {
    column: &'static Column,
    /// Position of the column, then of list items and struct fields in it.
    steps: [usize; DEPTH_MAX],
    depth: usize,
}

impl Slot {
    fn of_column(position: usize, column: &'static Column) -> Slot {
        Slot { column, steps: [0; DEPTH_MAX], depth: 0 }.inside(position)
    }

    fn inside(mut self, step: usize) -> Slot {
        self.steps[self.depth] = step;
        self.depth += 1;
        self
    }

    fn path(&self) -> &[usize] {
        &self.steps[..self.depth]
    }

    /// The path as a JSON pointer, without the column; none for the whole column.
    fn pointer(&self) -> Option<String> {
        let mut pointer = String::new();
        let mut ty = self.column.ty;
        for &step in &self.path()[1..] {
            pointer.push('/');
            match ty {
                Type::Struct(fields) => {
                    pointer.push_str(fields[step].name);
                    ty = fields[step].ty;
                }
                Type::List(item) => {
                    pointer.push_str(&step.to_string());
                    ty = item.ty;
                }
                _ => {}
            }
        }
        (self.depth > 1).then_some(pointer)
    }
}

/// A value that a whole column's treatment replaces.
struct Whole {
    slot: Slot,
    value: Value,
    finding: Option<(&'static str, Option<&'static str>, &'static str, Action)>,
}

/// What a record's columns give to look into or to replace.
#[derive(Default)]
struct Plan<'a> {
    roots: Vec<Root<'a>>,
    slots: Vec<Slot>,
    whole: Vec<Whole>,
    /// Names that subject columns state, to be found in the texts.
    names: Vec<&'a str>,
    as_of: i64,
}

/// A record to be treated.
struct Given<'a> {
    record: &'a Record,
    actor: Actor,
    as_of: i64,
    shift_days: Option<i64>,
}

impl<'a> Given<'a> {
    fn plan(&self, engine: &Engine) -> Plan<'a> {
        let mut plan = Plan { as_of: self.as_of, ..Plan::default() };
        let columns = self.record.schema().columns.iter().enumerate();
        // Most columns of a record are null.
        for (position, column) in columns.filter(|(position, _)| !self.record.get(*position).is_null()) {
            let slot = Slot::of_column(position, column);
            collect(engine, self.actor, column, self.record.get(position), slot, &mut plan);
        }
        plan
    }
}

/// What takes the place of what stood in a record, and what was found.
struct Treated {
    changed: Vec<(Slot, String)>,
    whole: Vec<Whole>,
    found: Vec<ColumnFinding>,
}

/// Finds what must be replaced in every column of these records, each a document of its own.
fn treat(engine: &Engine, given: &[Given<'_>]) -> Vec<Result<Treated, Reject>> {
    let plans: Vec<Plan<'_>> = given.iter().map(|given| given.plan(engine)).collect();
    let fits: Vec<Result<(), Reject>> =
        (plans.iter()).map(|plan| check_size(plan.roots.iter().map(|root| root.text.len()).sum())).collect();
    let mut documents: Vec<Document<'_>> = (given.iter().zip(&plans).zip(&fits))
        .filter(|(_, fits)| fits.is_ok())
        .map(|((given, plan), _)| {
            let mut document = Document::new(engine, &plan.roots, plan.as_of);
            document.shift_days = given.shift_days;
            document.names_stated = plan.names.iter().map(|name| (*name).to_owned()).collect();
            if engine.policy.rules().has_exceptions() {
                document.pointers =
                    plan.slots.iter().map(|slot| slot.pointer().unwrap_or_default()).collect();
            }
            document
        })
        .collect();
    document::find(&mut documents);
    let mut documents = documents.into_iter();
    let rendered: Vec<_> = (plans.iter().zip(fits))
        .map(|(plan, fits)| {
            fits?;
            rendered(documents.next().ok_or_else(panicked)?, &plan.slots)
        })
        .collect();
    drop(documents);
    (rendered.into_iter().zip(plans))
        .map(|(rendered, plan)| {
            rendered.map(|(changed, found)| Treated { changed, whole: plan.whole, found })
        })
        .collect()
}

/// The texts of a document that changed, by where they stand, and what was found in them.
type Rendered = (Vec<(Slot, String)>, Vec<ColumnFinding>);

fn rendered(mut document: Document<'_>, slots: &[Slot]) -> Result<Rendered, Reject> {
    let mut changed = Vec::with_capacity(slots.len());
    let (mut found, mut findings) =
        (Vec::with_capacity(FINDINGS_MOSTLY), Vec::with_capacity(FINDINGS_MOSTLY));
    for (root, slot) in slots.iter().enumerate() {
        if let Some(text) = document.render(root, &mut findings) {
            changed.push((*slot, text));
            found.extend(findings.drain(..).map(|finding| ColumnFinding::in_column(finding, slot)));
        }
        if found.len() > FINDINGS_MAX {
            return Err(Reject::new(
                "too_many_findings",
                format!("more than {FINDINGS_MAX} findings in one record"),
            ));
        }
    }
    Ok((changed, found))
}

impl Treated {
    /// Replaces it in the record; gives what was found.
    fn apply(self, record: &mut Record) -> Result<Vec<ColumnFinding>, Reject> {
        let Treated { changed, whole, mut found } = self;
        for (slot, text) in changed {
            *slot_mut(record, slot.path())? = text.into();
        }
        for Whole { slot, value, finding } in whole {
            if let Some((category, cfr, rule, action)) = finding {
                let end = value.as_text().map_or(0, str::len);
                found.push(ColumnFinding {
                    column: slot.column.name,
                    pointer: slot.pointer(),
                    start: 0,
                    was: 0..end,
                    end,
                    category,
                    rule: rule.into(),
                    cfr,
                    action,
                    score: 1.0,
                });
            }
            *slot_mut(record, slot.path())? = value;
        }
        Ok(found)
    }
}

fn slot_mut<'a>(record: &'a mut Record, path: &[usize]) -> Result<&'a mut Value, Reject> {
    let (column, inner) =
        path.split_first().ok_or_else(|| Reject::new("redactor_panic", "a slot without a column"))?;
    let mut value = record.get_mut(*column);
    for step in inner {
        value = match value {
            Value::List(items) | Value::Struct(items) => items.get_mut(*step),
            _ => None,
        }
        .ok_or_else(|| Reject::new("redactor_panic", "a slot that is not there"))?;
    }
    Ok(value)
}

/// Adds what a value needs, by the class of its column or field.
fn collect<'a>(
    engine: &Engine,
    actor: Actor,
    column: &Column,
    value: &'a Value,
    slot: Slot,
    plan: &mut Plan<'a>,
) {
    match (value, column.ty) {
        (Value::List(items), Type::List(item)) => {
            for (at, value) in items.iter().enumerate() {
                collect(engine, actor, item, value, slot.inside(at), plan);
            }
        }
        (Value::Struct(fields), Type::Struct(columns)) => {
            for (at, (field, value)) in columns.iter().zip(fields).enumerate() {
                collect(engine, actor, field, value, slot.inside(at), plan);
            }
        }
        (Value::Counts(entries), _) => counts(entries, column, slot, plan),
        (Value::Text(text), _) if !text.is_empty() => self::text(engine, actor, column, text, slot, plan),
        _ => {}
    }
}

fn text<'a>(engine: &Engine, actor: Actor, column: &Column, text: &'a str, slot: Slot, plan: &mut Plan<'a>) {
    // What the policy itself looks for is looked for in ids and words of a vocabulary too.
    let own = || !engine.own_hits(text, Some(column.name), plan.as_of).is_empty();
    let mode = match column.class {
        Class::Provenance | Class::Number | Class::Time | Class::Opaque => return,
        Class::FreeText => Mode::Free,
        Class::Vocabulary if shape::vocabulary(text) && !own() => return,
        Class::Vocabulary => Mode::Word,
        Class::ShapedId if shape::known_id(text) && !own() => return,
        Class::ShapedId => Mode::Whole,
        Class::Subject => return identity(engine, engine.policy.subject(), false, column, text, slot, plan),
        Class::Workforce => {
            let staff = actor == Actor::Workforce;
            let treatment = match engine.policy.workforce() {
                Treatment::Topic if staff => Treatment::Keep,
                Treatment::Topic => Treatment::Token,
                stated => stated,
            };
            return identity(engine, treatment, staff, column, text, slot, plan);
        }
    };
    plan.roots.push(Root { text, context: Some(slot.column.name), mode });
    plan.slots.push(slot);
}

/// A column that says who: kept but for secrets, of callers also for numbers of persons, or replaced whole.
fn identity<'a>(
    engine: &Engine,
    treatment: Treatment,
    staff: bool,
    column: &Column,
    text: &'a str,
    slot: Slot,
    plan: &mut Plan<'a>,
) {
    if treatment == Treatment::Keep {
        let mode = if staff { Mode::Caller } else { Mode::SecretsOnly };
        plan.roots.push(Root { text, context: None, mode });
        plan.slots.push(slot);
        return;
    }
    if !staff && looks_like_name(text) {
        plan.names.push(text);
    }
    // A second pass over what this engine wrote changes nothing.
    if engine.tokens.own(text) == [(0, text.len())] {
        return;
    }
    let (kind, category) = identity_type(column.name, staff, text);
    let (value, action) = match treatment {
        Treatment::Remove => (if column.nullable { Value::Null } else { REMOVED.into() }, Action::Remove),
        Treatment::Label => (format!("[{kind}]").into(), Action::Label),
        _ => {
            let mut token = String::new();
            engine.tokens.write(kind, text, &mut token);
            (token.into(), Action::Token)
        }
    };
    let rule = if staff { "column.workforce" } else { "column.subject" };
    // Organisation, team and application are nobody's identity: replaced, but no finding.
    let finding = category.map(|category| (category.name(), category.cfr(), rule, action));
    plan.whole.push(Whole { slot, value, finding });
}

/// The type of a column's tokens, and its category where it is an identifier of a person. Names of staff and of
/// subjects are types of their own, so that a patient is never found by a colleague's token.
fn identity_type(column: &str, staff: bool, text: &str) -> (&'static str, Option<Category>) {
    let mail = text.contains('@') && !text.trim().contains(char::is_whitespace);
    match column {
        "client_ip" => ("IP", Some(Category::Ip)),
        "user_agent" => ("AGENT", None),
        "org_id" => ("ORG", None),
        "team_id" => ("TEAM", None),
        "app_name" => ("APP", None),
        "source_instance" => ("INSTANCE", None),
        _ if staff => ("STAFF", Some(Category::UniqueId)),
        _ if mail => ("EMAIL", Some(Category::Email)),
        "actor_name" => ("NAME", Some(Category::Name)),
        _ if looks_like_name(text) => ("NAME", Some(Category::Name)),
        _ => ("SUBJECT", Some(Category::UniqueId)),
    }
}

/// Two to four words of letters.
fn looks_like_name(text: &str) -> bool {
    let word = |word: &str| {
        word.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-' | '.' | ','))
            && word.chars().filter(|c| c.is_alphabetic()).count() >= 1
    };
    let words = text.split_whitespace().count();
    (2..=4).contains(&words) && text.split_whitespace().all(word) && text.len() <= 80
}

/// Counts by entity type: names that are no words of a vocabulary become OTHER.
fn counts(entries: &[(String, i64)], column: &Column, slot: Slot, plan: &mut Plan<'_>) {
    if column.class != Class::Vocabulary || entries.iter().all(|(key, _)| shape::vocabulary(key)) {
        return;
    }
    let mut merged: BTreeMap<String, i64> = BTreeMap::new();
    for (key, count) in entries {
        let key = if shape::vocabulary(key) { key.as_str() } else { "OTHER" };
        let total = merged.entry(key.to_owned()).or_insert(0);
        *total = total.saturating_add(*count);
    }
    plan.whole.push(Whole { slot, value: Value::Counts(merged.into_iter().collect()), finding: None });
}

#[cfg(test)]
mod tests;
