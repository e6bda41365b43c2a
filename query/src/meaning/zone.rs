//! Time zones by name. The engine takes any text for a zone and finds out late, or never, that there is none.

use arrow::array::timezone::Tz;
use arrow::datatypes::DataType;
use chrono_tz::TZ_VARIANTS;
use datafusion::common::Result;

use crate::error::{Error, sqlstate};

/// The most of a zone's name that an error quotes, in characters.
const QUOTED_CHARACTERS_MAX: usize = 64;

/// A type with a time zone under the zone's own name, if it was written otherwise: PostgreSQL takes any case.
///
/// # Errors
/// There is no such zone.
pub(super) fn named(ty: &DataType) -> Result<Option<DataType>> {
    let DataType::Timestamp(unit, Some(written)) = ty else { return Ok(None) };
    if written.parse::<Tz>().is_ok() {
        return Ok(None);
    }
    let known = TZ_VARIANTS.iter().map(|zone| zone.name());
    let name = known.into_iter().find(|name| name.eq_ignore_ascii_case(written));
    let name = name.or_else(|| ["z", "zulu"].contains(&&*written.to_lowercase()).then_some("UTC"));
    match name {
        Some(name) => Ok(Some(DataType::Timestamp(*unit, Some(name.into())))),
        None => Err(unknown(written).into()),
    }
}

fn unknown(written: &str) -> Error {
    let written: String = written.chars().take(QUOTED_CHARACTERS_MAX).collect();
    Error::Different {
        sqlstate: sqlstate::INVALID_PARAMETER_VALUE,
        message: format!("time zone \"{written}\" not recognized"),
        hint: "zones have the names of the IANA database, such as 'Europe/Berlin' or 'UTC', or are offsets such as '+02:00'",
    }
}
