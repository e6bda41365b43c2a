//! From the parameters of `Bind` and `EXECUTE` to values of the types that the statement was planned with.
//!
//! Errors name the parameter and its type, never its value: it ends up in logs of clients.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, StringArray, new_null_array};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, IntervalMonthDayNano};
use bytes::{Buf, Bytes};
use datafusion::common::ScalarValue;

use super::encode::Format;
use super::text;
use super::types::{self, oid};
use crate::error::{Error, sqlstate};

/// The most elements of an array parameter.
const ELEMENTS_MAX: usize = 100_000;

/// The value of one parameter.
///
/// `declared` is the object id that the client knows the parameter under, `planned` the type in the plan.
///
/// # Errors
/// The bytes are no value of the type.
pub(super) fn value(
    number: usize,
    bytes: Option<&Bytes>,
    format: Format,
    declared: u32,
    planned: &DataType,
) -> Result<ScalarValue, Error> {
    let wrong = || {
        Error::statement(
            sqlstate::INVALID_TEXT,
            format!("parameter ${number} is no value of type {}", types::name(declared)),
        )
    };
    let Some(bytes) = bytes else { return ScalarValue::try_from(planned).map_err(|_| wrong()) };
    let array = match format {
        Format::Text => {
            let text = std::str::from_utf8(bytes).map_err(|_| wrong())?;
            from_text(text, declared, planned)
        }
        Format::Binary => from_binary(bytes.clone(), declared).and_then(|value| value.to_array().ok()),
    };
    let array = array.and_then(|array| strict_cast(&array, planned)).ok_or_else(wrong)?;
    ScalarValue::try_from_array(&array, 0).map_err(|_| wrong())
}

/// Reads PostgreSQL's text form. Most forms are those that the engine reads, too.
fn from_text(text: &str, declared: u32, planned: &DataType) -> Option<ArrayRef> {
    let one = |text: &str| Arc::new(StringArray::from(vec![text])) as ArrayRef;
    match planned {
        DataType::Boolean => {
            let value = match text.trim().to_lowercase().as_str() {
                "t" | "true" | "y" | "yes" | "on" | "1" => true,
                "f" | "false" | "n" | "no" | "off" | "0" => false,
                _ => return None,
            };
            ScalarValue::Boolean(Some(value)).to_array().ok()
        }
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => {
            let bytes = match text.strip_prefix("\\x") {
                Some(digits) => hex::decode(digits).ok()?,
                None => text.as_bytes().to_vec(),
            };
            ScalarValue::Binary(Some(bytes)).to_array().ok()
        }
        DataType::List(item) => {
            let elements = array_elements(text)?;
            let elements: StringArray = elements.into_iter().collect();
            let elements = strict_cast(&(Arc::new(elements) as ArrayRef), item.data_type())?;
            Some(list(elements))
        }
        _ if is_text(planned) => Some(one(text)),
        // A client's `2026-01-01 00:00:00+00` and ` 5 ` are as good as the engine's own forms.
        _ => {
            let text = text.trim();
            let zoned = if declared == oid::TIMESTAMPTZ || matches!(planned, DataType::Timestamp(_, Some(_)))
            {
                with_minutes_of_zone(text)
            } else {
                text.to_owned()
            };
            Some(one(&zoned))
        }
    }
}

/// `+00` becomes `+00:00`, which is the form that the engine reads.
fn with_minutes_of_zone(text: &str) -> String {
    let bytes = text.as_bytes();
    let short = bytes.len() > 13
        && matches!(bytes[bytes.len() - 3], b'+' | b'-')
        && bytes[bytes.len() - 2..].iter().all(u8::is_ascii_digit)
        && text.contains(':');
    if short { format!("{text}:00") } else { text.to_owned() }
}

fn is_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, values) => is_text(values),
        _ => false,
    }
}

fn strict_cast(array: &ArrayRef, to: &DataType) -> Option<ArrayRef> {
    if array.data_type() == to {
        return Some(Arc::clone(array));
    }
    let strict = CastOptions { safe: false, ..CastOptions::default() };
    cast_with_options(array, to, &strict).ok()
}

fn list(elements: ArrayRef) -> ArrayRef {
    Arc::new(datafusion::common::utils::SingleRowListArrayBuilder::new(elements).build_list_array())
}

/// The elements of a one-dimensional array in text form: `{a,"b c",NULL}`.
fn array_elements(text: &str) -> Option<Vec<Option<String>>> {
    let inner = text.trim().strip_prefix('{')?.strip_suffix('}')?;
    let mut elements = Vec::new();
    let mut rest = inner.chars().peekable();
    if inner.trim().is_empty() {
        return Some(elements);
    }
    loop {
        while rest.next_if(|c| c.is_whitespace()).is_some() {}
        let mut element = String::new();
        if rest.next_if_eq(&'"').is_some() {
            loop {
                match rest.next()? {
                    '"' => break,
                    '\\' => element.push(rest.next()?),
                    other => element.push(other),
                }
            }
            while rest.next_if(|c| c.is_whitespace()).is_some() {}
            elements.push(Some(element));
        } else {
            while let Some(c) = rest.next_if(|c| *c != ',') {
                match c {
                    '{' | '}' | '"' => return None,
                    '\\' => element.push(rest.next()?),
                    other => element.push(other),
                }
            }
            let element = element.trim_end();
            elements.push((!element.eq_ignore_ascii_case("null")).then(|| element.to_owned()));
        }
        if elements.len() > ELEMENTS_MAX {
            return None;
        }
        match rest.next() {
            None => return Some(elements),
            Some(',') => {}
            Some(_) => return None,
        }
    }
}

/// Reads PostgreSQL's binary form of the type that the client declares.
fn from_binary(mut bytes: Bytes, declared: u32) -> Option<ScalarValue> {
    let micros = |bytes: &mut Bytes| bytes.try_get_i64().ok()?.checked_add(text::PG_EPOCH_MICROS);
    let utf8 = |bytes: &mut Bytes| String::from_utf8(std::mem::take(bytes).into()).ok();
    let value = match declared {
        oid::BOOL => ScalarValue::Boolean(Some(bytes.try_get_u8().ok()? != 0)),
        oid::INT2 => ScalarValue::Int64(Some(i64::from(bytes.try_get_i16().ok()?))),
        oid::INT4 => ScalarValue::Int64(Some(i64::from(bytes.try_get_i32().ok()?))),
        oid::OID => ScalarValue::Int64(Some(i64::from(bytes.try_get_u32().ok()?))),
        oid::INT8 => ScalarValue::Int64(Some(bytes.try_get_i64().ok()?)),
        oid::FLOAT4 => ScalarValue::Float32(Some(bytes.try_get_f32().ok()?)),
        oid::FLOAT8 => ScalarValue::Float64(Some(bytes.try_get_f64().ok()?)),
        oid::BYTEA => ScalarValue::Binary(Some(std::mem::take(&mut bytes).to_vec())),
        oid::DATE => ScalarValue::Date32(Some(bytes.try_get_i32().ok()?.checked_add(text::PG_EPOCH_DAYS)?)),
        oid::TIME => ScalarValue::Time64Microsecond(Some(bytes.try_get_i64().ok()?)),
        oid::TIMESTAMP => ScalarValue::TimestampMicrosecond(Some(micros(&mut bytes)?), None),
        oid::TIMESTAMPTZ => {
            ScalarValue::TimestampMicrosecond(Some(micros(&mut bytes)?), Some("+00:00".into()))
        }
        oid::INTERVAL => {
            let micros = bytes.try_get_i64().ok()?;
            let (days, months) = (bytes.try_get_i32().ok()?, bytes.try_get_i32().ok()?);
            let value = IntervalMonthDayNano::new(months, days, micros.checked_mul(1_000)?);
            ScalarValue::IntervalMonthDayNano(Some(value))
        }
        oid::NUMERIC => ScalarValue::Utf8(Some(numeric(&mut bytes)?)),
        oid::UUID => ScalarValue::Utf8(Some(uuid(&mut bytes)?)),
        oid::JSONB => {
            if bytes.try_get_u8().ok()? != 1 {
                return None;
            }
            ScalarValue::Utf8(Some(utf8(&mut bytes)?))
        }
        declared if types::is_array(declared) || declared == 1015 => array(&mut bytes)?,
        _ => ScalarValue::Utf8(Some(utf8(&mut bytes)?)),
    };
    bytes.is_empty().then_some(value)
}

/// PostgreSQL's binary numeric as text.
fn numeric(bytes: &mut Bytes) -> Option<String> {
    let groups = bytes.try_get_i16().ok()?;
    let weight = i32::from(bytes.try_get_i16().ok()?);
    let sign = bytes.try_get_u16().ok()?;
    let scale = usize::from(bytes.try_get_u16().ok()?);
    let groups: Vec<i16> = (0..groups).map(|_| bytes.try_get_i16().ok()).collect::<Option<_>>()?;
    // Beyond these bounds no value fits the 38 digits of a decimal here.
    if !(-12..=12).contains(&weight) || scale > 64 || groups.iter().any(|group| !(0..10_000).contains(group))
    {
        return None;
    }
    let digits = |at: i32| usize::try_from(at).ok().and_then(|at| groups.get(at)).copied().unwrap_or(0);
    let mut text = match sign {
        0 => String::new(),
        0x4000 => "-".to_owned(),
        _ => return None,
    };
    let whole: String = (0..=weight.max(0)).map(|at| format!("{:04}", digits(at + weight.min(0)))).collect();
    let whole = if weight < 0 { "0" } else { whole.trim_start_matches('0') };
    text.push_str(if whole.is_empty() { "0" } else { whole });
    if scale > 0 {
        let fraction: String =
            (0..scale.div_ceil(4) as i32).map(|at| format!("{:04}", digits(weight + 1 + at))).collect();
        text.push('.');
        text.push_str(&fraction[..scale]);
    }
    Some(text)
}

fn uuid(bytes: &mut Bytes) -> Option<String> {
    if bytes.len() != 16 {
        return None;
    }
    let digits = hex::encode(bytes.split_to(16));
    let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    Some(parts.join("-"))
}

/// A one-dimensional array.
fn array(bytes: &mut Bytes) -> Option<ScalarValue> {
    let dimensions = bytes.try_get_i32().ok()?;
    let _has_nulls = bytes.try_get_i32().ok()?;
    let element = bytes.try_get_u32().ok()?;
    let element_type = types::of_parameter(element).ok()?.unwrap_or(DataType::Utf8);
    let count = match dimensions {
        0 => 0,
        1 => {
            let count = usize::try_from(bytes.try_get_i32().ok()?).ok()?;
            bytes.try_get_i32().ok()?;
            count
        }
        _ => return None,
    };
    if count > ELEMENTS_MAX {
        return None;
    }
    let mut values = Vec::new();
    for _ in 0..count {
        let length = bytes.try_get_i32().ok()?;
        values.push(match usize::try_from(length) {
            Ok(length) if length <= bytes.len() => {
                let value = from_binary(bytes.split_to(length), element)?;
                strict_cast(&value.to_array().ok()?, &element_type)?
            }
            Ok(_) => return None,
            Err(_) => new_null_array(&element_type, 1),
        });
    }
    let values: Vec<&dyn Array> = values.iter().map(AsRef::as_ref).collect();
    let elements = match values.as_slice() {
        [] => new_null_array(&element_type, 0),
        values => arrow::compute::concat(values).ok()?,
    };
    ScalarValue::try_from_array(&list(elements), 0).ok()
}

#[cfg(test)]
mod tests;
