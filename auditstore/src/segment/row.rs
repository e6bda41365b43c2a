//! A row on its way to a segment: checked, salted, encoded and hashed as soon as it is redacted.
//!
//! A record lies in hundreds of small allocations; rows wait for their batch by the ten thousand. Encoded, a row is one
//! run of bytes, made while the record is still in the processor's caches, and read once, front to back, when its
//! columns are written.

use std::cell::RefCell;
use std::fmt;

use redactor::{Redacted, sha256};
use schemas::row::{self, fields};
use schemas::{Record, Schema};

use super::{Error, arrays};

/// The encoding of a row of a usual size fits; what grew larger is given back.
const SCRATCH_BYTES_MAX: usize = 1 << 20;

/// Random bytes before each row, so that its hash tells nothing of it.
const SALT_BYTES: usize = 16;

thread_local! {
    static SCRATCH: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// A redacted row that fits its schema. The only thing that [`super::build`] accepts, and a [`Redacted`] is the only
/// thing that it can be made of.
pub struct Row {
    schema: &'static Schema,
    /// A zero, the salt, the row: what the leaf is the hash of (RFC 6962).
    hashed: Box<[u8]>,
    leaf: [u8; 32],
    time: Option<i64>,
    /// Which columns have a value.
    filled: Filled,
    findings: Vec<(&'static str, usize)>,
}

impl Row {
    /// Checks that the row fits its schema exactly, types, widths, precision and required values, and hashes it under
    /// a new salt.
    ///
    /// # Errors
    /// Says which column does not fit and why, with 0 as the row. Or there are no random bytes.
    pub fn new(row: &Redacted) -> Result<Row, Error> {
        Row::of_all(std::slice::from_ref(row)).remove(0)
    }

    /// The same of many rows, in their order: faster than one by one.
    pub fn of_all(rows: &[Redacted]) -> Vec<Result<Row, Error>> {
        let mut salts = vec![[0; SALT_BYTES]; rows.len()];
        if let Err(error) = getrandom::fill(salts.as_flattened_mut()) {
            return rows.iter().map(|_| Err(Error::Random(error))).collect();
        }
        let mut rows: Vec<_> = rows
            .iter()
            .zip(salts)
            .map(|(row, salt)| Row::encoded_only(row.record(), row.findings().collect(), salt, 0))
            .collect();
        let leaves = sha256::digests(rows.iter().flatten().map(|row| &*row.hashed));
        rows.iter_mut().flatten().zip(leaves).for_each(|(row, leaf)| row.leaf = leaf);
        rows
    }

    /// A record of any origin, for tests: what is not [`Redacted`] is never sealed.
    #[cfg(test)]
    pub(super) fn of_record(record: &Record, position: usize) -> Result<Row, Error> {
        let mut salt = [0; SALT_BYTES];
        getrandom::fill(&mut salt).map_err(Error::Random)?;
        let mut row = Row::encoded_only(record, Vec::new(), salt, position)?;
        row.leaf = sha256::digests([&*row.hashed])[0];
        Ok(row)
    }

    /// The row without its leaf.
    fn encoded_only(
        record: &Record,
        findings: Vec<(&'static str, usize)>,
        salt: [u8; SALT_BYTES],
        position: usize,
    ) -> Result<Row, Error> {
        let mut filled = Filled::default();
        for (at, (column, value)) in record.schema().columns.iter().zip(record.values()).enumerate() {
            filled.set(at, !value.is_null());
            arrays::check(column, value).map_err(|misfit| {
                let (column, what) = *misfit;
                Error::Row { row: position, column, what }
            })?;
        }
        let hashed: Box<[u8]> = SCRATCH.with_borrow_mut(|scratch| {
            scratch.clear();
            scratch.push(0);
            row::encode(record, &salt, scratch).map_err(|error| misfit(position, &error))?;
            let hashed = scratch.as_slice().into();
            scratch.shrink_to(SCRATCH_BYTES_MAX);
            Ok::<_, Error>(hashed)
        })?;
        Ok(Row {
            schema: record.schema(),
            leaf: [0; 32],
            hashed,
            filled,
            time: time_column(record.schema()).and_then(|time| record.get(time).as_time()),
            findings,
        })
    }

    /// The table that the row belongs to.
    pub fn schema(&self) -> &'static Schema {
        self.schema
    }

    /// How many findings of each category the row has; every category once.
    pub fn findings(&self) -> impl Iterator<Item = (&'static str, usize)> {
        self.findings.iter().copied()
    }

    /// The record as it will be stored. None if the row was made wrongly.
    pub fn record(&self) -> Option<Record> {
        fields::decode(self.schema, self.encoded())
    }

    /// The row's encoding, salt first: see [`schemas::row`].
    fn encoded(&self) -> &[u8] {
        &self.hashed[1..]
    }

    pub(super) fn salt(&self) -> &[u8] {
        &self.hashed[1..17]
    }

    pub(super) fn leaf(&self) -> [u8; 32] {
        self.leaf
    }

    /// `event_time`, or `time` of an access record, in microseconds.
    pub(super) fn time(&self) -> Option<i64> {
        self.time
    }

    /// The columns that have a value.
    pub(super) fn filled(&self) -> Filled {
        self.filled
    }

    /// About how many bytes the row takes before compression.
    pub(crate) fn size(&self) -> usize {
        self.hashed.len()
    }

    pub(crate) fn fields(&self) -> fields::Fields<'_> {
        fields::Fields::of_row(self.encoded())
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Row({}, {} bytes)", self.schema.id, self.hashed.len())
    }
}

/// A set of columns by their position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Filled(u128);

impl Filled {
    fn set(&mut self, position: usize, is_filled: bool) {
        self.0 |= u128::from(is_filled) << position.min(LAST);
    }

    /// Whether a row of the set may have a value in that column. The last bit stands for all columns from there on.
    pub(super) fn may_have(self, position: usize) -> bool {
        self.0 >> position.min(LAST) & 1 == 1
    }

    pub(super) fn or(self, other: Filled) -> Filled {
        Filled(self.0 | other.0)
    }
}

/// The last bit of a [`Filled`].
const LAST: usize = u128::BITS as usize - 1;

/// The column that says when a row's event was.
pub(super) fn time_column(schema: &Schema) -> Option<usize> {
    schema.find("event_time").or_else(|| schema.find("time"))
}

#[cold]
fn misfit(position: usize, error: &row::Error) -> Error {
    let (column, what) = match error {
        row::Error::MissingRequired(column) => (column, "is required and has no value"),
        row::Error::KeyTwice(column) => (column, "has a map key twice"),
        row::Error::TooLong(column) => (column, "is longer than a segment may be"),
    };
    Error::Row { row: position, column: (*column).to_owned(), what }
}
