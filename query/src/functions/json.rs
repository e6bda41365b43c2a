//! The operators `->` and `->>` and the function `json_extract_path_text` over texts that hold JSON, with
//! PostgreSQL's answers: null for what is not there, an error for a text that is no JSON.
//!
//! A text is checked from end to end first, as PostgreSQL's cast to `json` does, and the part that is asked for is
//! then cut out of it as it is written: numbers keep their digits, objects their blanks. Neither recurses.

use std::sync::Arc;

use arrow::array::{Array, AsArray, StringViewBuilder};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{DFSchema, Result, ScalarValue};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::planner::{ExprPlanner, PlannerResult, RawBinaryExpr};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ExprSchemable, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use datafusion::sql::sqlparser::ast::BinaryOperator;
use serde::de::IgnoredAny;

use crate::error::{Error, sqlstate};

/// What the function of `->` is called in plans.
pub(super) const GET: &str = "json_get";
/// What the function of `->>` is called in plans.
pub(super) const GET_TEXT: &str = "json_get_text";
/// PostgreSQL's function that goes down several steps at once.
pub(super) const PATH_TEXT: &str = "json_extract_path_text";

/// The most steps of one `json_extract_path_text`.
const STEPS_MAX: usize = 100;

/// Makes calls out of `->` and `->>`.
#[derive(Debug)]
pub(super) struct Operators;

impl ExprPlanner for Operators {
    fn plan_binary_op(&self, expr: RawBinaryExpr, schema: &DFSchema) -> Result<PlannerResult<RawBinaryExpr>> {
        let function = match expr.op {
            BinaryOperator::Arrow => GET,
            BinaryOperator::LongArrow => GET_TEXT,
            BinaryOperator::HashArrow | BinaryOperator::HashLongArrow => {
                let message = format!("the operator {} is not supported", expr.op);
                let hint = "json_extract_path_text(text, 'a', 'b') goes down several steps, and so does text -> 'a' ->> 'b'";
                return Err(different(sqlstate::FEATURE_NOT_SUPPORTED, message, hint));
            }
            _ => return Ok(PlannerResult::Original(expr)),
        };
        if expr.left.get_type(schema).is_ok_and(|ty| is_structure(&ty)) {
            let message = format!("the operator {} reads texts that hold JSON, not structures", expr.op);
            let hint = "a field of a structure is finding['category'], an element of a list findings[1]; unnest(findings) \
                        makes rows of a list";
            return Err(different(sqlstate::FEATURE_NOT_SUPPORTED, message, hint));
        }
        let function = ScalarUDF::from(Extract::new(function));
        Ok(PlannerResult::Planned(function.call(vec![expr.left, expr.right])))
    }
}

/// All functions of this file.
pub(super) fn all() -> impl Iterator<Item = ScalarUDF> {
    [GET, GET_TEXT, PATH_TEXT].into_iter().map(|name| ScalarUDF::from(Extract::new(name)))
}

/// A part of a JSON text.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Extract {
    name: &'static str,
    signature: Signature,
}

/// One step down.
enum Step<'a> {
    /// The value of a key of an object; in a path also the element of an array, where it is a number.
    Key(&'a str),
    /// An element of an array, from 0; a negative one counts from the end.
    Index(i64),
}

impl Extract {
    fn new(name: &'static str) -> Extract {
        Extract { name, signature: Signature::user_defined(Volatility::Immutable) }
    }

    fn is_path(&self) -> bool {
        self.name == PATH_TEXT
    }

    /// As it is written.
    fn symbol(&self) -> &'static str {
        match self.name {
            GET => "->",
            GET_TEXT => "->>",
            name => name,
        }
    }

    /// The part of one text; null where it is not there.
    fn of_row(&self, text: &str, steps: &[Step<'_>]) -> Result<Option<String>> {
        serde_json::from_str::<IgnoredAny>(text).map_err(|_| no_json())?;
        let mut at = text.trim_matches(BLANKS);
        for step in steps {
            let found = match (step, at.as_bytes().first()) {
                (Step::Key(key), Some(b'{')) => member(at, key)?,
                (Step::Key(index), Some(b'[')) if self.is_path() => match index.parse() {
                    Ok(index) => element(at, index),
                    Err(_) => None,
                },
                (Step::Index(index), Some(b'[')) => element(at, *index),
                _ => None,
            };
            let Some(found) = found else { return Ok(None) };
            at = found;
        }
        match at.as_bytes().first() {
            _ if self.name == GET => Ok(Some(at.to_owned())),
            Some(b'"') => unescaped(at).map(Some),
            Some(b'n') => Ok(None),
            _ => Ok(Some(at.to_owned())),
        }
    }
}

impl ScalarUDFImpl for Extract {
    fn name(&self) -> &str {
        self.name
    }

    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        let names: Vec<String> = args.iter().map(|arg| arg.schema_name().to_string()).collect();
        Ok(if self.is_path() {
            format!("{}({})", self.name, names.join(","))
        } else {
            names.join(&format!(" {} ", self.symbol()))
        })
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arg_types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8View)
    }

    fn coerce_types(&self, arg_types: &[DataType]) -> Result<Vec<DataType>> {
        let symbol = self.symbol();
        let wrong = |message: String| {
            let hint = "the column holds a text of JSON; a step is the text of a key, or after -> and ->> the number of an element";
            Err(different(sqlstate::UNDEFINED_FUNCTION, message, hint))
        };
        let [text, steps @ ..] = arg_types else { return wrong(format!("{symbol} takes a text and steps")) };
        if !is_text(text) {
            return wrong(format!("{symbol} reads texts that hold JSON"));
        }
        if steps.is_empty() || steps.len() > STEPS_MAX || (!self.is_path() && steps.len() != 1) {
            return wrong(format!("{symbol} takes 1 to {STEPS_MAX} steps"));
        }
        let mut coerced = vec![DataType::Utf8View];
        for step in steps {
            match step {
                step if is_text(step) => coerced.push(DataType::Utf8View),
                step if step.is_integer() && !self.is_path() => coerced.push(DataType::Int64),
                _ => return wrong(format!("{symbol} takes no step of this type")),
            }
        }
        Ok(coerced)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let constant = args.args.iter().all(|arg| matches!(arg, ColumnarValue::Scalar(_)));
        let rows = if constant { 1 } else { args.number_rows };
        let arrays = args.args.iter().map(|arg| arg.to_array(rows)).collect::<Result<Vec<_>>>()?;
        let [texts, steps @ ..] = arrays.as_slice() else {
            return Err(DataFusionError::Internal("a part of JSON takes a text".to_owned()));
        };
        let texts = texts.as_string_view();
        let mut parts = StringViewBuilder::with_capacity(rows);
        for row in 0..rows {
            if texts.is_null(row) || steps.iter().any(|step| step.is_null(row)) {
                parts.append_null();
                continue;
            }
            let steps = steps.iter().map(|step| match step.data_type() {
                DataType::Int64 => Step::Index(step.as_primitive::<Int64Type>().value(row)),
                _ => Step::Key(step.as_string_view().value(row)),
            });
            parts.append_option(self.of_row(texts.value(row), &steps.collect::<Vec<_>>())?);
        }
        let parts = parts.finish();
        if constant {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&parts, 0)?));
        }
        Ok(ColumnarValue::Array(Arc::new(parts)))
    }
}

/// White space of RFC 8259.
const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

/// The value of a key, of an object that was found valid. Of a key that stands twice the last one counts.
fn member<'a>(object: &'a str, key: &str) -> Result<Option<&'a str>> {
    let (mut rest, mut found) = (inside(object), None);
    while !rest.is_empty() {
        let (name, after) = cut(rest);
        let after = after.trim_start_matches(BLANKS).trim_start_matches(':').trim_start_matches(BLANKS);
        let (value, after) = cut(after);
        let plain = name.get(1..name.len().saturating_sub(1)).unwrap_or_default();
        if if plain.contains('\\') { unescaped(name)? == key } else { plain == key } {
            found = Some(value);
        }
        rest = next(after);
    }
    Ok(found)
}

/// An element of an array that was found valid.
fn element(array: &str, index: i64) -> Option<&str> {
    let elements = || {
        let mut rest = inside(array);
        std::iter::from_fn(move || {
            let (value, after) = (!rest.is_empty()).then(|| cut(rest))?;
            rest = next(after);
            Some(value)
        })
    };
    let index = match u64::try_from(index) {
        Ok(index) => index,
        Err(_) => (elements().count() as u64).checked_sub(index.unsigned_abs())?,
    };
    elements().nth(usize::try_from(index).ok()?)
}

/// What stands between the brackets.
fn inside(container: &str) -> &str {
    container.get(1..container.len().saturating_sub(1)).unwrap_or_default().trim_matches(BLANKS)
}

/// What stands behind the comma.
fn next(after: &str) -> &str {
    after.trim_start_matches(BLANKS).trim_start_matches(',').trim_start_matches(BLANKS)
}

/// The first value of valid JSON, and what stands behind it.
fn cut(text: &str) -> (&str, &str) {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            if !in_string && depth == 0 {
                return text.split_at(at + 1);
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth > 1 => depth -= 1,
            b'}' | b']' if depth == 1 => return text.split_at(at + 1),
            b',' | b':' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r' if depth == 0 => {
                return text.split_at(at);
            }
            _ => {}
        }
    }
    (text, "")
}

fn unescaped(string: &str) -> Result<String> {
    serde_json::from_str(string).map_err(|_| no_json())
}

fn is_text(ty: &DataType) -> bool {
    match ty {
        DataType::Dictionary(_, value) => value.is_string(),
        ty => ty.is_string() || ty.is_null(),
    }
}

fn is_structure(ty: &DataType) -> bool {
    matches!(
        ty,
        DataType::Struct(_) | DataType::List(_) | DataType::LargeList(_) | DataType::FixedSizeList(_, _)
    )
}

fn no_json() -> DataFusionError {
    let hint = "CASE WHEN text LIKE '{%' THEN text ->> 'key' END reads only what begins like an object";
    different(sqlstate::INVALID_TEXT, "invalid input syntax for type json".to_owned(), hint)
}

fn different(sqlstate: &'static str, message: String, hint: &'static str) -> DataFusionError {
    Error::Different { sqlstate, message, hint }.into()
}
