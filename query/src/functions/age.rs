//! PostgreSQL's `age(of, since)`: the years, months, days and time from one moment to another, as a calendar counts them.
//!
//! The engine subtracts moments to days and less, of which nobody sees how many months they are.

use std::sync::Arc;

use arrow::array::{Array, AsArray, IntervalMonthDayNanoBuilder};
use arrow::datatypes::{DataType, IntervalMonthDayNano, IntervalUnit, TimeUnit, TimestampMicrosecondType};
use chrono::{DateTime, Datelike, Days, Months, NaiveDateTime};
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use crate::error::{Error, sqlstate};

/// PostgreSQL's name of the function.
pub(crate) const AGE: &str = "age";

/// A day in nanoseconds.
const DAY_NANOSECONDS: i64 = 86_400_000_000_000;

/// The function.
pub(super) fn age() -> ScalarUDF {
    ScalarUDF::from(Age { signature: Signature::user_defined(Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Age {
    signature: Signature,
}

impl ScalarUDFImpl for Age {
    fn name(&self) -> &str {
        AGE
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arg_types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Interval(IntervalUnit::MonthDayNano))
    }

    fn coerce_types(&self, arg_types: &[DataType]) -> Result<Vec<DataType>> {
        let is_time = |ty: &DataType| {
            ty.is_string()
                || matches!(
                    ty,
                    DataType::Timestamp(..) | DataType::Date32 | DataType::Date64 | DataType::Null
                )
        };
        match arg_types {
            // Clocks show UTC, so that a time without a zone is a moment, too.
            [of, since] if is_time(of) && is_time(since) => {
                Ok(vec![DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())); 2])
            }
            _ => Err(takes().into()),
        }
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let constant = args.args.iter().all(|arg| matches!(arg, ColumnarValue::Scalar(_)));
        let rows = if constant { 1 } else { args.number_rows };
        let [of, since] = args.args.as_slice() else { return Err(takes().into()) };
        let (of, since) = (of.to_array(rows)?, since.to_array(rows)?);
        let of = of.as_primitive::<TimestampMicrosecondType>();
        let since = since.as_primitive::<TimestampMicrosecondType>();
        let mut ages = IntervalMonthDayNanoBuilder::with_capacity(rows);
        for row in 0..rows {
            if of.is_null(row) || since.is_null(row) {
                ages.append_null();
                continue;
            }
            let age =
                read(of.value(row)).zip(read(since.value(row))).and_then(|(of, since)| between(of, since));
            ages.append_value(age.ok_or_else(out_of_range)?);
        }
        let ages = ages.finish();
        if constant {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&ages, 0)?));
        }
        Ok(ColumnarValue::Array(Arc::new(ages)))
    }
}

fn read(micros: i64) -> Option<NaiveDateTime> {
    DateTime::from_timestamp_micros(micros).map(|time| time.naive_utc())
}

/// The fields of the later one less those of the earlier. Where one of them is short, it borrows of the next; a month that
/// days borrow of is as long as the month of the earlier one (PostgreSQL's `timestamptz_age`).
fn between(of: NaiveDateTime, since: NaiveDateTime) -> Option<IntervalMonthDayNano> {
    let (earlier, later) = if of < since { (of, since) } else { (since, of) };
    let months_of = |time: NaiveDateTime| i64::from(time.year()) * 12 + i64::from(time.month0());
    let mut months = months_of(later) - months_of(earlier);
    let mut days = i64::from(later.day()) - i64::from(earlier.day());
    let mut nanoseconds = (later.time() - earlier.time()).num_nanoseconds()?;
    if nanoseconds < 0 {
        nanoseconds += DAY_NANOSECONDS;
        days -= 1;
    }
    if days < 0 {
        days += days_in_month(earlier)?;
        months -= 1;
    }
    let sign = if of < since { -1 } else { 1 };
    Some(IntervalMonthDayNano {
        months: i32::try_from(sign * months).ok()?,
        days: i32::try_from(sign * days).ok()?,
        nanoseconds: sign * nanoseconds,
    })
}

fn days_in_month(time: NaiveDateTime) -> Option<i64> {
    let first = time.date().with_day(1)?;
    let last = first.checked_add_months(Months::new(1))?.checked_sub_days(Days::new(1))?;
    Some(i64::from(last.day()))
}

fn out_of_range() -> Error {
    Error::Data { sqlstate: sqlstate::DATETIME_OVERFLOW, message: "timestamp out of range".to_owned() }
}

fn takes() -> Error {
    Error::Different {
        sqlstate: sqlstate::UNDEFINED_FUNCTION,
        message: "age takes one time or two".to_owned(),
        hint: "age(event_time), age(end_time, event_time)",
    }
}
