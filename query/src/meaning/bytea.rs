//! Texts as `bytea`: PostgreSQL's input formats hex and escape.

use std::sync::Arc;

use arrow::array::{AsArray, BinaryBuilder};
use arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::BYTES_HINT;
use crate::error::{Error, sqlstate};

/// The bytes that a constant means.
pub(super) fn constant(text: &str) -> Result<ScalarValue> {
    Ok(ScalarValue::Binary(Some(read(text)?)))
}

/// The cast of a text that is no constant.
pub(super) fn call(text: Expr) -> Expr {
    ScalarUDF::from(ByteaIn { signature: Signature::string(1, Volatility::Immutable) }).call(vec![text])
}

/// `\x` and pairs of hex digits, between which blanks may stand; or the escape format, in which `\\` is a backslash
/// and `\` with three octal digits any byte.
pub(super) fn read(text: &str) -> Result<Vec<u8>, Error> {
    let bytes = match text.strip_prefix("\\x") {
        Some(digits) => hex_digits(digits),
        None => escaped(text.as_bytes()),
    };
    bytes.ok_or_else(|| Error::Different {
        sqlstate: sqlstate::INVALID_TEXT,
        message: "invalid input syntax for type bytea".to_owned(),
        hint: BYTES_HINT,
    })
}

fn hex_digits(text: &str) -> Option<Vec<u8>> {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\t' | b'\r');
    let mut digits = text.bytes().peekable();
    let mut bytes = Vec::with_capacity(text.len() / 2);
    loop {
        while digits.next_if(blank).is_some() {}
        let Some(high) = digits.next() else { return Some(bytes) };
        let digit = |byte: u8| char::from(byte).to_digit(16);
        let byte = digit(high)? * 16 + digit(digits.next()?)?;
        bytes.push(u8::try_from(byte).ok()?);
    }
}

fn escaped(mut text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    loop {
        match text {
            [] => return Some(bytes),
            [b'\\', b'\\', rest @ ..] => {
                bytes.push(b'\\');
                text = rest;
            }
            [b'\\', a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', rest @ ..] => {
                bytes.push((a - b'0') * 64 + (b - b'0') * 8 + (c - b'0'));
                text = rest;
            }
            [b'\\', ..] => return None,
            [byte, rest @ ..] => {
                bytes.push(*byte);
                text = rest;
            }
        }
    }
}

/// The bytes that each text means. PostgreSQL's name of it.
#[derive(Debug, PartialEq, Eq, Hash)]
struct ByteaIn {
    signature: Signature,
}

impl ScalarUDFImpl for ByteaIn {
    fn name(&self) -> &str {
        "byteain"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arg_types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Binary)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let constant = matches!(args.args.as_slice(), [ColumnarValue::Scalar(_)]);
        let rows = if constant { 1 } else { args.number_rows };
        let texts = arrow::compute::cast(&args.args[0].to_array(rows)?, &DataType::Utf8View)?;
        let mut bytes = BinaryBuilder::new();
        for text in texts.as_string_view() {
            bytes.append_option(text.map(read).transpose()?);
        }
        let bytes = bytes.finish();
        Ok(if constant {
            ColumnarValue::Scalar(ScalarValue::try_from_array(&bytes, 0)?)
        } else {
            ColumnarValue::Array(Arc::new(bytes))
        })
    }
}
