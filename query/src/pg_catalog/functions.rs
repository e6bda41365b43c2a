//! Functions that describe the catalog and the session.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::{
    ColumnarValue, ScalarUDF, Signature, SimpleScalarUDF, TypeSignature, Volatility,
};
use datafusion::prelude::SessionContext;

use super::{CLASS_PG_CLASS, OWNER, OWNER_NAME, Settings, USER, table_of};
use crate::access::Who;
use crate::catalog::{LAKE_CATALOG, LakeSchema};
use crate::{docs, settings, views};

/// What `version()` says: tools look for the first number.
const VERSION: &str = concat!("PostgreSQL 17.0 (Sealake ", env!("CARGO_PKG_VERSION"), ")");

/// Registers them all.
pub(super) fn register(context: &SessionContext, lake: &Arc<LakeSchema>, who: &Who, settings: &Settings) {
    for name in ["current_user", "session_user", "user", "current_role"] {
        constant(context, name, &who.principal);
    }
    for name in ["current_database", "current_catalog"] {
        constant(context, name, LAKE_CATALOG);
    }
    constant(context, "version", VERSION);
    text(context, "col_description", |args| {
        let table = args.first().and_then(number).and_then(table_of)?;
        let column = usize::try_from(args.get(1).and_then(number)?).ok()?.checked_sub(1)?;
        docs::columns(table).get(column).map(|(_, doc)| (*doc).to_owned())
    });
    text(context, "obj_description", |args| {
        let of_class = args.get(1).is_none_or(|class| match class {
            ScalarValue::Utf8(Some(class)) | ScalarValue::Utf8View(Some(class)) => class == "pg_class",
            other => number(other) == Some(CLASS_PG_CLASS),
        });
        let table = args.first().and_then(number).and_then(table_of).filter(|_| of_class)?;
        docs::table(table).map(str::to_owned)
    });
    text(context, "shobj_description", |_| None);
    text(context, "pg_get_viewdef", |args| {
        let name = args.first().and_then(number).and_then(table_of)?;
        views::find(name).map(|view| view.sql.trim_end().to_owned())
    });
    let principal = who.principal.clone();
    text(context, "pg_get_userbyid", move |args| match args.first().and_then(number)? {
        OWNER => Some(OWNER_NAME.to_owned()),
        USER => Some(principal.clone()),
        other => Some(format!("unknown (OID={other})")),
    });
    let settings = Arc::clone(settings);
    text(context, "current_setting", move |args| {
        let (ScalarValue::Utf8(Some(name)) | ScalarValue::Utf8View(Some(name))) = args.first()? else {
            return None;
        };
        let name = settings::known(name).ok()?;
        let own = crate::wire::lock(&settings).get(&name).cloned();
        let default = || settings::SETTINGS.iter().find(|setting| setting.name == name);
        own.or_else(|| default().map(|setting| setting.default.to_owned()))
    });
    for name in [
        "pg_get_indexdef",
        "pg_get_ruledef",
        "pg_get_triggerdef",
        "pg_get_function_identity_arguments",
        "pg_get_function_result",
        "pg_get_function_arguments",
        "pg_tablespace_location",
    ] {
        text(context, name, |_| None);
    }
    for name in ["pg_table_is_visible", "pg_type_is_visible", "pg_function_is_visible"] {
        boolean(context, name, true);
    }
    boolean(context, "pg_is_in_recovery", false);
    // A table's size is that of objects in a store, which `segments` tells.
    text(context, "pg_size_pretty", |args| args.first().and_then(whole).map(size_pretty));
    // The one database is the lake, in the one tablespace.
    for name in ["pg_database_size", "pg_tablespace_size"] {
        let lake = Arc::clone(lake);
        add(context, name, DataType::Int64, move |args| {
            let asked = args.first().is_some_and(|named| !named.is_null());
            ScalarValue::Int64(i64::try_from(lake.segment_bytes()).ok().filter(|_| asked))
        });
    }
    for name in ["pg_table_size", "pg_relation_size", "pg_total_relation_size"] {
        add(context, name, DataType::Int64, |_| ScalarValue::Int64(None));
    }
}

fn number(value: &ScalarValue) -> Option<i32> {
    whole(value).and_then(|number| i32::try_from(number).ok())
}

fn whole(value: &ScalarValue) -> Option<i64> {
    match value.cast_to(&DataType::Int64).ok()? {
        ScalarValue::Int64(number) => number,
        _ => None,
    }
}

/// Bytes in the unit of which they are less than 10,240, rounded as PostgreSQL does (`pg_size_pretty`).
pub(super) fn size_pretty(bytes: i64) -> String {
    if bytes.unsigned_abs() < 10_240 {
        return format!("{bytes} bytes");
    }
    // A unit's half is kept to round by.
    let (mut halves, sign) = (bytes.unsigned_abs() >> 9, if bytes < 0 { "-" } else { "" });
    for unit in ["kB", "MB", "GB", "TB"] {
        if halves < 20_479 {
            return format!("{sign}{} {unit}", halves.div_ceil(2));
        }
        halves >>= 10;
    }
    format!("{sign}{} PB", halves.div_ceil(2))
}

fn constant(context: &SessionContext, name: &str, value: &str) {
    let value = value.to_owned();
    text(context, name, move |_| Some(value.clone()));
}

fn boolean(context: &SessionContext, name: &str, value: bool) {
    add(context, name, DataType::Boolean, move |_| ScalarValue::Boolean(Some(value)));
}

fn text(
    context: &SessionContext,
    name: &str,
    function: impl Fn(&[ScalarValue]) -> Option<String> + Send + Sync + 'static,
) {
    add(context, name, DataType::Utf8, move |args| ScalarValue::Utf8(function(args)));
}

/// Adds a function that is computed row by row: the catalog is small.
fn add(
    context: &SessionContext,
    name: &str,
    returns: DataType,
    function: impl Fn(&[ScalarValue]) -> ScalarValue + Send + Sync + 'static,
) {
    // The settings can change between two statements, nothing can during one.
    let signature =
        Signature::one_of(vec![TypeSignature::Nullary, TypeSignature::VariadicAny], Volatility::Stable);
    let call = move |args: &[ColumnarValue]| -> Result<ColumnarValue> {
        let scalars: Option<Vec<ScalarValue>> = args
            .iter()
            .map(|arg| match arg {
                ColumnarValue::Scalar(scalar) => Some(scalar.clone()),
                ColumnarValue::Array(_) => None,
            })
            .collect();
        if let Some(scalars) = scalars {
            return Ok(ColumnarValue::Scalar(function(&scalars)));
        }
        let arrays = ColumnarValue::values_to_arrays(args)?;
        let rows = arrays.first().map_or(0, |array| array.len());
        let values = (0..rows).map(|row| {
            let args = arrays.iter().map(|array| ScalarValue::try_from_array(array, row));
            Ok(function(&args.collect::<Result<Vec<_>>>()?))
        });
        let values = values.collect::<Result<Vec<_>>>()?;
        if values.is_empty() {
            return Ok(ColumnarValue::Array(function(&[]).to_array_of_size(0)?));
        }
        Ok(ColumnarValue::Array(ScalarValue::iter_to_array(values)?))
    };
    let function = SimpleScalarUDF::new_with_signature(name, signature, returns, Arc::new(call));
    context.register_udf(ScalarUDF::from(function));
}
