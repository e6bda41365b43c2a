//! Which PostgreSQL type stands for which column type.
//!
//! Scalars and lists of scalars have an equal in PostgreSQL; what has none (structs, maps, lists of lists) is sent
//! as JSON, which every driver reads.

use arrow::datatypes::{DataType, Field, IntervalUnit, TimeUnit};

/// Object ids of PostgreSQL's types (its `pg_type.dat`).
pub(crate) mod oid {
    pub(crate) const BOOL: u32 = 16;
    pub(crate) const BYTEA: u32 = 17;
    pub(crate) const NAME: u32 = 19;
    pub(crate) const INT8: u32 = 20;
    pub(crate) const INT2: u32 = 21;
    pub(crate) const INT4: u32 = 23;
    pub(crate) const TEXT: u32 = 25;
    pub(crate) const OID: u32 = 26;
    pub(crate) const JSON: u32 = 114;
    pub(crate) const FLOAT4: u32 = 700;
    pub(crate) const FLOAT8: u32 = 701;
    pub(crate) const UNKNOWN: u32 = 705;
    pub(crate) const BPCHAR: u32 = 1042;
    pub(crate) const VARCHAR: u32 = 1043;
    pub(crate) const DATE: u32 = 1082;
    pub(crate) const TIME: u32 = 1083;
    pub(crate) const TIMESTAMP: u32 = 1114;
    pub(crate) const TIMESTAMPTZ: u32 = 1184;
    pub(crate) const INTERVAL: u32 = 1186;
    pub(crate) const NUMERIC: u32 = 1700;
    pub(crate) const UUID: u32 = 2950;
    pub(crate) const JSONB: u32 = 3802;
}

/// A PostgreSQL type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PgType {
    /// Its object id.
    pub(crate) oid: u32,
    /// Its name as `\d` shows it.
    pub(crate) name: &'static str,
    /// Its size in bytes; -1 for those whose size varies.
    pub(crate) size: i16,
    /// Object id of the array of it; 0 if there is none here.
    array: u32,
    /// Name of the array of it.
    array_name: &'static str,
}

const fn ty(oid: u32, name: &'static str, size: i16, array: u32, array_name: &'static str) -> PgType {
    PgType { oid, name, size, array, array_name }
}

const BOOL: PgType = ty(oid::BOOL, "boolean", 1, 1000, "boolean[]");
const BYTEA: PgType = ty(oid::BYTEA, "bytea", -1, 1001, "bytea[]");
const INT2: PgType = ty(oid::INT2, "smallint", 2, 1005, "smallint[]");
const INT4: PgType = ty(oid::INT4, "integer", 4, 1007, "integer[]");
const INT8: PgType = ty(oid::INT8, "bigint", 8, 1016, "bigint[]");
const TEXT: PgType = ty(oid::TEXT, "text", -1, 1009, "text[]");
const JSON: PgType = ty(oid::JSON, "json", -1, 199, "json[]");
const FLOAT4: PgType = ty(oid::FLOAT4, "real", 4, 1021, "real[]");
const FLOAT8: PgType = ty(oid::FLOAT8, "double precision", 8, 1022, "double precision[]");
const DATE: PgType = ty(oid::DATE, "date", 4, 1182, "date[]");
const TIME: PgType = ty(oid::TIME, "time without time zone", 8, 1183, "time without time zone[]");
const TIMESTAMP: PgType =
    ty(oid::TIMESTAMP, "timestamp without time zone", 8, 1115, "timestamp without time zone[]");
const TIMESTAMPTZ: PgType =
    ty(oid::TIMESTAMPTZ, "timestamp with time zone", 8, 1185, "timestamp with time zone[]");
const INTERVAL: PgType = ty(oid::INTERVAL, "interval", 16, 1187, "interval[]");
const NUMERIC: PgType = ty(oid::NUMERIC, "numeric", -1, 1231, "numeric[]");

const SCALARS: &[PgType] = &[
    BOOL,
    BYTEA,
    INT2,
    INT4,
    INT8,
    TEXT,
    JSON,
    FLOAT4,
    FLOAT8,
    DATE,
    TIME,
    TIMESTAMP,
    TIMESTAMPTZ,
    INTERVAL,
    NUMERIC,
];

/// The PostgreSQL type of a column.
pub(crate) fn of(data_type: &DataType) -> PgType {
    match data_type {
        DataType::Boolean => BOOL,
        DataType::Int8 | DataType::UInt8 | DataType::Int16 => INT2,
        DataType::Int32 | DataType::UInt16 => INT4,
        DataType::Int64 | DataType::UInt32 => INT8,
        DataType::Float16 | DataType::Float32 => FLOAT4,
        DataType::Float64 => FLOAT8,
        DataType::UInt64
        | DataType::Decimal32(_, _)
        | DataType::Decimal64(_, _)
        | DataType::Decimal128(_, _)
        | DataType::Decimal256(_, _) => NUMERIC,
        DataType::Null | DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => TEXT,
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => {
            BYTEA
        }
        DataType::Date32 | DataType::Date64 => DATE,
        DataType::Time32(_) | DataType::Time64(_) => TIME,
        DataType::Timestamp(_, None) => TIMESTAMP,
        DataType::Timestamp(_, Some(_)) => TIMESTAMPTZ,
        DataType::Interval(_) | DataType::Duration(_) => INTERVAL,
        DataType::Dictionary(_, values) => of(values),
        DataType::RunEndEncoded(_, values) => of(values.data_type()),
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::FixedSizeList(item, _)
        | DataType::ListView(item)
        | DataType::LargeListView(item) => of_list(item),
        DataType::Struct(_) | DataType::Map(_, _) | DataType::Union(_, _) => JSON,
    }
}

/// Lists of scalars are arrays; lists of anything else are one JSON array.
fn of_list(item: &Field) -> PgType {
    let item = of(item.data_type());
    if item.oid == oid::JSON || is_array(item.oid) {
        return JSON;
    }
    PgType { oid: item.array, name: item.array_name, size: -1, array: 0, array_name: "" }
}

/// Whether this is the type of an array.
pub(crate) fn is_array(oid: u32) -> bool {
    SCALARS.iter().any(|scalar| scalar.array == oid)
}

/// The name of a type of this object id, for errors.
pub(crate) fn name(oid: u32) -> &'static str {
    let scalar = SCALARS.iter().find(|scalar| scalar.oid == oid).map(|scalar| scalar.name);
    let array = || SCALARS.iter().find(|scalar| scalar.array == oid).map(|scalar| scalar.array_name);
    scalar.or_else(array).unwrap_or("text")
}

/// The type that a parameter gets which the client declares so. None leaves it to the planner. Whole numbers are
/// all eight bytes wide: drivers choose the narrowest type that a value fits in, and `LIMIT` takes only the widest.
///
/// # Errors
/// The type cannot be a parameter here; its object id.
pub(crate) fn of_parameter(declared: u32) -> Result<Option<DataType>, u32> {
    let list = |item: DataType| DataType::List(std::sync::Arc::new(Field::new_list_field(item, true)));
    let utc = || DataType::Timestamp(TimeUnit::Microsecond, Some("+00:00".into()));
    Ok(Some(match declared {
        0 | oid::UNKNOWN => return Ok(None),
        oid::BOOL => DataType::Boolean,
        oid::BYTEA => DataType::Binary,
        oid::INT2 | oid::INT4 | oid::INT8 | oid::OID => DataType::Int64,
        oid::TEXT | oid::NAME | oid::BPCHAR | oid::VARCHAR | oid::JSON | oid::JSONB | oid::UUID => {
            DataType::Utf8
        }
        oid::FLOAT4 => DataType::Float32,
        oid::FLOAT8 => DataType::Float64,
        oid::NUMERIC => DataType::Decimal128(38, 12),
        oid::DATE => DataType::Date32,
        oid::TIME => DataType::Time64(TimeUnit::Microsecond),
        oid::TIMESTAMP => DataType::Timestamp(TimeUnit::Microsecond, None),
        oid::TIMESTAMPTZ => utc(),
        oid::INTERVAL => DataType::Interval(IntervalUnit::MonthDayNano),
        1000 => list(DataType::Boolean),
        1005 | 1007 | 1016 => list(DataType::Int64),
        1009 | 1015 | 1003 => list(DataType::Utf8),
        1021 | 1022 => list(DataType::Float64),
        1185 => list(utc()),
        other => return Err(other),
    }))
}

/// The object id of a type by one of its names in SQL, for `PREPARE`.
pub(crate) fn by_name(name: &str) -> Option<u32> {
    let name = name.to_lowercase();
    // What stands in parentheses bounds a length or a precision, which does not matter for a parameter.
    let base = name.split('(').next().unwrap_or_default().trim();
    Some(match base {
        "bool" => oid::BOOL,
        "int2" => oid::INT2,
        "int" | "int4" => oid::INT4,
        "int8" => oid::INT8,
        "float4" => oid::FLOAT4,
        "float" | "float8" | "double" => oid::FLOAT8,
        "decimal" => oid::NUMERIC,
        "varchar" | "character varying" | "string" => oid::VARCHAR,
        "char" | "character" => oid::BPCHAR,
        "timestamp" => oid::TIMESTAMP,
        "timestamptz" => oid::TIMESTAMPTZ,
        "time" => oid::TIME,
        "jsonb" => oid::JSONB,
        "uuid" => oid::UUID,
        "unknown" => oid::UNKNOWN,
        base => SCALARS.iter().find(|scalar| scalar.name == base)?.oid,
    })
}
