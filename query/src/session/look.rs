//! What a session writes into the access log: looks before their first row, and denials.

use std::collections::BTreeSet;

use chrono::Utc;
use datafusion::common::ScalarValue;
use schemas::access as column;
use schemas::{Record, Value};

use super::plan::Optimised;
use super::{Parsed, Session};
use crate::access::{AccessLog, Look, Notice, random_id};
use crate::error::Error;
use crate::gate;

/// Longest text of parameters in an access record, in bytes; what is longer is cut and says so.
const PARAMETER_BYTES_MAX: usize = 65_536;

impl Session {
    /// The record before the first row, and what the client is told of it. A statement that reads no table of the lake is
    /// recorded without waiting.
    pub(super) async fn record(
        &self,
        parsed: &Parsed,
        parameters: &[ScalarValue],
        optimised: &Optimised,
    ) -> Result<(Option<Look>, Option<Notice>), Error> {
        let Some(access) = &self.access else { return Ok((None, None)) };
        let mut record = self.look(access, &parsed.text);
        let names = |names: &BTreeSet<String>| {
            Value::List(names.iter().map(|name| Value::from(name.clone())).collect())
        };
        let events = &optimised.snapshot.events;
        record.set(column::SNAPSHOT_SIZE, i64::try_from(events.size).unwrap_or(i64::MAX));
        record.set(column::SNAPSHOT_ROOT, Value::Bytes(events.root.to_vec()));
        record.set(column::TABLES, names(&optimised.reads.tables));
        record.set(column::READ_COLUMNS, names(&optimised.reads.columns));
        record.set(column::PLAN_HASH, Value::Bytes(optimised.plan_hash.to_vec()));
        if !parameters.is_empty() {
            record.set(column::PARAMETERS, parameters_json(parameters));
        }
        if optimised.reads.catalog_only() {
            record.set(column::KIND, "catalog");
            access.note(record)?;
            return Ok((None, None));
        }
        record.set(column::KIND, "start");
        let (look, notice) = access.start(record).await?;
        Ok((Some(look), notice))
    }

    /// Records a denial; other errors pass through. If it cannot be recorded the client learns that instead.
    pub(super) fn denied(&self, text: &str, error: Error) -> Error {
        let (Error::Denied { sqlstate, .. }, Some(access)) = (&error, &self.access) else { return error };
        let mut record = self.look(access, text);
        record.set(column::KIND, "denied");
        record.set(column::OUTCOME, "denied");
        record.set(column::ERROR_CODE, *sqlstate);
        match access.note(record) {
            Ok(()) => error,
            Err(unrecorded) => unrecorded,
        }
    }

    /// What every record of this session says.
    fn look(&self, access: &AccessLog, text: &str) -> Record {
        let mut end = text.len().min(gate::STATEMENT_BYTES_MAX);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let text = &text[..end];
        let setting = |name: &str| self.setting(name).ok().filter(|value| !value.is_empty());
        let mut record = Record::new(&column::ACCESS);
        record.set(column::ACCESS_ID, Value::Bytes(random_id()));
        record.set(column::TIME, Value::Time(Utc::now().timestamp_micros()));
        record.set(column::PRINCIPAL, self.who.principal.clone());
        record.set(column::ROLE, self.who.role.clone());
        record.set(column::AUTH_METHOD, self.who.auth_method);
        record.set(column::CLIENT_ADDRESS, self.who.client_address.clone());
        record.set(column::APPLICATION, setting("application_name"));
        record.set(column::REASON, setting("sealake.reason"));
        record.set(column::STATEMENT, text.to_owned());
        record.set(column::STATEMENT_HASH, Value::Bytes(access.keyed_hash(text).to_vec()));
        record
    }
}

/// Parameters as a JSON array of texts.
fn parameters_json(parameters: &[ScalarValue]) -> String {
    let values = parameters.iter().map(|value| {
        if value.is_null() { serde_json::Value::Null } else { serde_json::Value::String(value.to_string()) }
    });
    let mut json = serde_json::Value::Array(values.collect()).to_string();
    if json.len() > PARAMETER_BYTES_MAX {
        let mut end = PARAMETER_BYTES_MAX;
        while !json.is_char_boundary(end) {
            end -= 1;
        }
        json.truncate(end);
        json.push_str(" (cut)");
    }
    json
}
