//! PostgreSQL's function `timezone`, which is what `AT TIME ZONE` means there: a moment becomes what the clocks of a
//! zone show at it, a time without zone, and what the clocks show becomes the moment.
//!
//! The engine's own `AT TIME ZONE` only gives the moment another zone, so that it is shown, sorted, subtracted and
//! merged with others as the moment that it was.

use std::sync::Arc;

use arrow::array::timezone::Tz;
use arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray, PrimitiveBuilder};
use arrow::datatypes::{
    ArrowTimestampType, DataType, IntervalMonthDayNano, IntervalMonthDayNanoType, IntervalUnit, TimeUnit,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use chrono::{DateTime, Duration, FixedOffset, MappedLocalTime, NaiveDateTime, Offset, TimeZone};
use chrono_tz::TZ_VARIANTS;
use datafusion::common::{Result, ScalarValue};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use crate::error::{Error, sqlstate};

/// PostgreSQL's name of the function.
pub(crate) const TIMEZONE: &str = "timezone";

/// The zone of a moment.
const UTC: &str = "UTC";

/// The most of a zone's name that an error quotes, in characters.
const QUOTED_CHARACTERS_MAX: usize = 64;

/// The longest time that clocks were ever put forward by at once, in hours: Samoa left out a day.
const SKIPPED_HOURS_MAX: i64 = 48;

/// The function.
pub(super) fn timezone() -> ScalarUDF {
    ScalarUDF::from(Timezone { signature: Signature::user_defined(Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Timezone {
    signature: Signature,
}

impl ScalarUDFImpl for Timezone {
    fn name(&self) -> &str {
        TIMEZONE
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arg_types: &[DataType]) -> Result<DataType> {
        match arg_types {
            [_, DataType::Timestamp(unit, Some(_))] => Ok(DataType::Timestamp(*unit, None)),
            [_, DataType::Timestamp(unit, None)] => Ok(DataType::Timestamp(*unit, Some(UTC.into()))),
            _ => Err(takes().into()),
        }
    }

    fn coerce_types(&self, arg_types: &[DataType]) -> Result<Vec<DataType>> {
        let [zone, time] = arg_types else { return Err(takes().into()) };
        let zone = match zone {
            DataType::Dictionary(_, value) if value.is_string() => DataType::Utf8View,
            ty if ty.is_string() || ty.is_null() => DataType::Utf8View,
            DataType::Interval(_) => DataType::Interval(IntervalUnit::MonthDayNano),
            _ => return Err(takes().into()),
        };
        let time = match time {
            DataType::Timestamp(_, None) => time.clone(),
            DataType::Timestamp(unit, Some(_)) => DataType::Timestamp(*unit, Some(UTC.into())),
            // Of what may be either PostgreSQL takes the moment.
            DataType::Date32 | DataType::Date64 | DataType::Null => moment(),
            ty if ty.is_string() => moment(),
            _ => return Err(takes().into()),
        };
        Ok(vec![zone, time])
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let constant = args.args.iter().all(|arg| matches!(arg, ColumnarValue::Scalar(_)));
        let rows = if constant { 1 } else { args.number_rows };
        let [zones, times] = args.args.as_slice() else { return Err(takes().into()) };
        // One zone for all rows, nearly always.
        let zones = match zones {
            ColumnarValue::Scalar(zone) => Zones { zones: zone.to_array()?, one: true },
            ColumnarValue::Array(zones) => Zones { zones: Arc::clone(zones), one: false },
        };
        let times = times.to_array(rows)?;
        let shifted = match times.data_type() {
            DataType::Timestamp(TimeUnit::Second, _) => shifted::<TimestampSecondType>(&zones, &times),
            DataType::Timestamp(TimeUnit::Millisecond, _) => {
                shifted::<TimestampMillisecondType>(&zones, &times)
            }
            DataType::Timestamp(TimeUnit::Microsecond, _) => {
                shifted::<TimestampMicrosecondType>(&zones, &times)
            }
            DataType::Timestamp(TimeUnit::Nanosecond, _) => {
                shifted::<TimestampNanosecondType>(&zones, &times)
            }
            _ => Err(takes().into()),
        }?;
        if constant {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&shifted, 0)?));
        }
        Ok(ColumnarValue::Array(shifted))
    }
}

fn moment() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some(UTC.into()))
}

/// The zones of a column.
struct Zones {
    zones: ArrayRef,
    /// There is one for all rows.
    one: bool,
}

impl Zones {
    fn row(&self, row: usize) -> usize {
        if self.one { 0 } else { row }
    }

    fn is_same(&self, one: usize, other: usize) -> bool {
        let names = self.zones.as_string_view_opt();
        one == other || names.is_some_and(|names| names.value(one) == names.value(other))
    }

    fn read(&self, at: usize) -> Result<Zone> {
        match self.zones.as_string_view_opt() {
            // What stands in a row is never quoted.
            Some(names) => {
                let name = names.value(at);
                named(name).ok_or_else(|| not_recognized(self.one.then_some(name)))
            }
            None => of_interval(self.zones.as_primitive::<IntervalMonthDayNanoType>().value(at)),
        }
    }
}

/// The times of a column as the other kind.
fn shifted<T: ArrowTimestampType>(zones: &Zones, times: &ArrayRef) -> Result<ArrayRef> {
    let is_moment = matches!(times.data_type(), DataType::Timestamp(_, Some(_)));
    let times: &PrimitiveArray<T> = times.as_primitive();
    let mut shifted = PrimitiveBuilder::<T>::with_capacity(times.len());
    let mut known: Option<(usize, Zone)> = None;
    for row in 0..times.len() {
        let at = zones.row(row);
        if times.is_null(row) || zones.zones.is_null(at) {
            shifted.append_null();
            continue;
        }
        let zone = match &known {
            Some((of, zone)) if zones.is_same(*of, at) => zone,
            _ => &known.insert((at, zones.read(at)?)).1,
        };
        let time = times.value(row);
        let other = if is_moment { zone.local::<T>(time) } else { zone.moment::<T>(time) };
        shifted.append_value(other.ok_or_else(out_of_range)?);
    }
    let shifted = shifted.finish();
    Ok(if is_moment { Arc::new(shifted) } else { Arc::new(shifted.with_timezone(UTC)) })
}

/// Where clocks are.
enum Zone {
    Named(Tz),
    Offset(FixedOffset),
}

impl Zone {
    /// What its clocks show at a moment.
    fn local<T: ArrowTimestampType>(&self, time: i64) -> Option<i64> {
        let utc = naive::<T>(time)?;
        let offset = match self {
            Zone::Named(zone) => zone.offset_from_utc_datetime(&utc).fix(),
            Zone::Offset(offset) => *offset,
        };
        time.checked_add(i64::from(offset.local_minus_utc()).checked_mul(per_second::<T>())?)
    }

    /// The moment at which its clocks show a time. An hour that was skipped is read as if it had not been; of one that
    /// came twice the second is meant. So does PostgreSQL (`DetermineTimeZoneOffset`).
    fn moment<T: ArrowTimestampType>(&self, time: i64) -> Option<i64> {
        let local = naive::<T>(time)?;
        let offset = match self {
            Zone::Offset(offset) => *offset,
            Zone::Named(zone) => match zone.offset_from_local_datetime(&local) {
                MappedLocalTime::Single(offset) | MappedLocalTime::Ambiguous(_, offset) => offset.fix(),
                MappedLocalTime::None => before_gap(zone, &local)?,
            },
        };
        time.checked_sub(i64::from(offset.local_minus_utc()).checked_mul(per_second::<T>())?)
    }
}

/// The offset that a zone had before the clocks were put forward over this time.
fn before_gap(zone: &Tz, local: &NaiveDateTime) -> Option<FixedOffset> {
    (1..=SKIPPED_HOURS_MAX).find_map(|hours| {
        let before = local.checked_sub_signed(Duration::hours(hours))?;
        zone.offset_from_local_datetime(&before).latest().map(|offset| offset.fix())
    })
}

fn per_second<T: ArrowTimestampType>() -> i64 {
    match T::UNIT {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    }
}

/// The time to the second, as a calendar has it.
fn naive<T: ArrowTimestampType>(time: i64) -> Option<NaiveDateTime> {
    DateTime::from_timestamp(time.div_euclid(per_second::<T>()), 0).map(|time| time.naive_utc())
}

/// A zone by its name in the IANA database, in any case, or by its offset.
fn named(written: &str) -> Option<Zone> {
    if let Ok(zone) = written.parse() {
        return Some(Zone::Named(zone));
    }
    let mut names = TZ_VARIANTS.iter().map(|zone| zone.name());
    let name = names.find(|name| name.eq_ignore_ascii_case(written));
    let name = name.or_else(|| ["z", "zulu"].contains(&&*written.to_lowercase()).then_some(UTC));
    name?.parse().ok().map(Zone::Named)
}

fn not_recognized(written: Option<&str>) -> DataFusionError {
    let quoted = |written: &str| {
        let written: String = written.chars().take(QUOTED_CHARACTERS_MAX).collect();
        format!("time zone \"{written}\" not recognized")
    };
    parameter(written.map_or_else(|| "the time zone of a row is not recognized".to_owned(), quoted))
}

/// An offset as an interval: east of Greenwich if it is positive.
fn of_interval(interval: IntervalMonthDayNano) -> Result<Zone> {
    if interval.months != 0 || interval.days != 0 {
        return Err(parameter("an interval for a time zone must not have months or days".to_owned()));
    }
    let seconds = i32::try_from(interval.nanoseconds / per_second::<TimestampNanosecondType>());
    let offset = seconds.ok().and_then(FixedOffset::east_opt);
    offset.map(Zone::Offset).ok_or_else(|| parameter("no time zone is a day or more from UTC".to_owned()))
}

fn parameter(message: String) -> DataFusionError {
    let hint = "zones have the names of the IANA database, such as 'Europe/Berlin' or 'UTC', or are offsets such as \
                '+02:00'";
    Error::Different { sqlstate: sqlstate::INVALID_PARAMETER_VALUE, message, hint }.into()
}

fn out_of_range() -> DataFusionError {
    Error::Data { sqlstate: sqlstate::DATETIME_OVERFLOW, message: "timestamp out of range".to_owned() }.into()
}

fn takes() -> Error {
    Error::Different {
        sqlstate: sqlstate::UNDEFINED_FUNCTION,
        message: "AT TIME ZONE takes a time and a zone".to_owned(),
        hint: "event_time AT TIME ZONE 'Europe/Berlin'",
    }
}
