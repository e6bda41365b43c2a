//! The catalog as PostgreSQL's tools ask for it: `pg_catalog` with the lake's own tables and views in it.
//!
//! `datafusion-pg-catalog` brings what is the same in every database (types, functions, empty tables of what does not
//! exist here). What describes the lake is made here instead: object ids that are the same in every session, since
//! tools keep them; the PostgreSQL types that the wire really sends; what tables and columns mean; and the roles that
//! concern the session's user, without a list of all others.

mod functions;

use std::sync::{Arc, Mutex};

use arrow::array::{ArrayRef, RecordBatch, new_empty_array};
use arrow::datatypes::{DataType, Field, Schema as ArrowSchema, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::{MemTable, SchemaProvider, TableProvider};
use datafusion::common::{Result, ScalarValue};
use datafusion::error::DataFusionError;
use datafusion::prelude::SessionContext;
use tokio::sync::OnceCell;

use crate::access::Who;
use crate::catalog::{self, LAKE_CATALOG, LAKE_SCHEMA, LakeSchema};
use crate::wire::types::{self, oid};
use crate::{docs, settings, views};

/// Object ids. Those of the system are PostgreSQL's own; users' objects begin at 16384, as there.
const CATALOG_NAMESPACE: i32 = 11;
const LAKE_NAMESPACE: i32 = 2200;
const INFORMATION_NAMESPACE: i32 = 13_000;
const CLASS_PG_CLASS: i32 = 1259;
const TABLESPACE: i32 = 1663;
const OWNER: i32 = 10;
const USER: i32 = 16_383;
const DATABASE: i32 = 16_382;
const FIRST_TABLE: i32 = 16_384;

/// Who owns the tables.
const OWNER_NAME: &str = "sealake";

/// A session's settings as `SHOW` gives them.
pub(crate) type Settings = Arc<Mutex<std::collections::BTreeMap<String, String>>>;

/// The object id of a table or view.
fn table_oid(name: &str) -> Option<i32> {
    let at = catalog::names().position(|known| known == name)?;
    Some(FIRST_TABLE + i32::try_from(at).unwrap_or_default())
}

/// The table or view of an object id.
fn table_of(oid: i32) -> Option<&'static str> {
    catalog::names().nth(usize::try_from(oid.checked_sub(FIRST_TABLE)?).ok()?)
}

/// Puts the catalog into a session's engine.
pub(crate) fn install(
    context: &SessionContext,
    lake: &Arc<LakeSchema>,
    who: &Who,
    settings: &Settings,
) -> Result<()> {
    datafusion_pg_catalog::setup_pg_catalog(
        context,
        LAKE_CATALOG,
        datafusion_pg_catalog::pg_catalog::context::EmptyContextProvider,
    )
    .map_err(|error| *error)?;
    let lost = || DataFusionError::Internal("the catalog is not there".to_owned());
    let catalog = context.catalog(LAKE_CATALOG).ok_or_else(lost)?;
    let inner = catalog.schema("pg_catalog").ok_or_else(lost)?;
    let own = PgCatalog {
        inner,
        lake: Arc::clone(lake),
        principal: who.principal.clone(),
        settings: Arc::clone(settings),
        columns: OnceCell::new(),
    };
    catalog.register_schema("pg_catalog", Arc::new(own))?;
    functions::register(context, lake, who, settings);
    Ok(())
}

/// `pg_catalog`.
struct PgCatalog {
    inner: Arc<dyn SchemaProvider>,
    lake: Arc<LakeSchema>,
    principal: String,
    settings: Settings,
    /// Columns of every table; they do not change while a session lives.
    columns: OnceCell<Vec<(&'static str, SchemaRef)>>,
}

impl std::fmt::Debug for PgCatalog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PgCatalog")
    }
}

#[async_trait]
impl SchemaProvider for PgCatalog {
    fn table_names(&self) -> Vec<String> {
        self.inner.table_names()
    }

    async fn table(&self, name: &str) -> Result<Option<Arc<dyn TableProvider>>> {
        let Some(inner) = self.inner.table(name).await? else { return Ok(None) };
        let rows = match name {
            "pg_class" => self.classes().await?,
            "pg_attribute" => self.attributes().await?,
            "pg_description" => self.descriptions(),
            "pg_namespace" => namespaces(),
            "pg_database" => databases(),
            "pg_tablespace" => tablespaces(),
            "pg_roles" => self.roles(),
            "pg_settings" => self.settings(),
            "pg_tables" => relations(true),
            "pg_views" => relations(false),
            _ => return Ok(Some(inner)),
        };
        let schema = inner.schema();
        let text = || DataType::Utf8;
        let list = || DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true)));
        let schema = match name {
            "pg_database" => with_columns(&schema, &[("datlocale", text()), ("datcollversion", text())]),
            "pg_class" => with_columns(&schema, &[("relacl", list()), ("reloptions", list())]),
            "pg_tablespace" => {
                let fields = schema.fields().iter().filter(|field| !field.is_nullable()).cloned();
                let named = Arc::new(ArrowSchema::new(fields.collect::<Vec<_>>()));
                with_columns(&named, &[("spcacl", list()), ("spcoptions", list())])
            }
            _ => schema,
        };
        Ok(Some(Arc::new(table(schema, &rows)?)))
    }

    fn table_exist(&self, name: &str) -> bool {
        self.inner.table_exist(name)
    }
}

/// The values that a row has other than the default of their type.
type Row = Vec<(&'static str, ScalarValue)>;

fn text(value: impl Into<String>) -> ScalarValue {
    ScalarValue::Utf8(Some(value.into()))
}

fn int(value: i32) -> ScalarValue {
    ScalarValue::Int32(Some(value))
}

fn bool(value: bool) -> ScalarValue {
    ScalarValue::Boolean(Some(value))
}

/// A table of these rows. A column that a row does not name is null, or zero where it cannot be.
fn table(schema: SchemaRef, rows: &[Row]) -> Result<MemTable> {
    let column = |field: &Arc<Field>| -> Result<ArrayRef> {
        let values = rows.iter().map(|row| {
            let given = row.iter().find(|(name, _)| name == field.name()).map(|(_, value)| value);
            match given {
                Some(value) => value.cast_to(field.data_type()),
                None if field.is_nullable() => ScalarValue::try_from(field.data_type()),
                None => ScalarValue::new_default(field.data_type()),
            }
        });
        let values = values.collect::<Result<Vec<_>>>()?;
        if values.is_empty() {
            Ok(new_empty_array(field.data_type()))
        } else {
            ScalarValue::iter_to_array(values)
        }
    };
    let columns = schema.fields().iter().map(column).collect::<Result<Vec<_>>>()?;
    let batch = RecordBatch::try_new(Arc::clone(&schema), columns)?;
    MemTable::try_new(schema, vec![vec![batch]])
}

/// The schema with columns that PostgreSQL has and it lacks.
fn with_columns(schema: &SchemaRef, columns: &[(&str, DataType)]) -> SchemaRef {
    let mut fields: Vec<Arc<Field>> = schema.fields().iter().cloned().collect();
    for (name, data_type) in columns {
        if schema.field_with_name(name).is_err() {
            fields.push(Arc::new(Field::new(*name, data_type.clone(), true)));
        }
    }
    Arc::new(ArrowSchema::new_with_metadata(fields, schema.metadata().clone()))
}

impl PgCatalog {
    async fn columns(&self) -> Result<&Vec<(&'static str, SchemaRef)>> {
        self.columns
            .get_or_try_init(|| async {
                let mut columns = Vec::new();
                for name in catalog::names() {
                    if let Some(table) = self.lake.table(name).await? {
                        columns.push((name, table.schema()));
                    }
                }
                Ok(columns)
            })
            .await
    }

    async fn classes(&self) -> Result<Vec<Row>> {
        let class = |(name, schema): &(&'static str, SchemaRef)| {
            let oid = table_oid(name).unwrap_or_default();
            vec![
                ("oid", int(oid)),
                ("relname", text(*name)),
                ("relnamespace", int(LAKE_NAMESPACE)),
                ("relowner", int(OWNER)),
                ("relfilenode", int(oid)),
                ("reltuples", ScalarValue::Float64(Some(-1.0))),
                ("relpersistence", text("p")),
                ("relkind", text(if catalog::is_table(name) { "r" } else { "v" })),
                ("relnatts", ScalarValue::Int64(i64::try_from(schema.fields().len()).ok())),
                ("relispopulated", bool(true)),
                ("relreplident", text("n")),
                ("reloftype", int(0)),
                ("relrewrite", int(0)),
            ]
        };
        Ok(self.columns().await?.iter().map(class).collect())
    }

    async fn attributes(&self) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        for (name, schema) in self.columns().await? {
            let table = table_oid(name).unwrap_or_default();
            for (at, field) in schema.fields().iter().enumerate() {
                let ty = types::of(field.data_type());
                let array = types::is_array(ty.oid);
                let long = ty.size < 0;
                rows.push(vec![
                    ("attrelid", int(table)),
                    ("attname", text(field.name())),
                    ("atttypid", int(ty.oid as i32)),
                    ("attlen", int(i32::from(ty.size))),
                    ("attnum", int(i32::try_from(at + 1).unwrap_or(i32::MAX))),
                    ("attndims", int(i32::from(array))),
                    ("attstattarget", int(-1)),
                    ("attcacheoff", int(-1)),
                    ("atttypmod", int(-1)),
                    ("attbyval", bool(!long && ty.size <= 8)),
                    ("attalign", text(if long { "i" } else { "d" })),
                    ("attstorage", text(if long && ty.oid != oid::NUMERIC { "x" } else { "p" })),
                    ("attcompression", text("")),
                    ("attnotnull", bool(!field.is_nullable())),
                    ("attidentity", text("")),
                    ("attgenerated", text("")),
                    ("attislocal", bool(true)),
                ]);
            }
        }
        Ok(rows)
    }

    fn descriptions(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        for name in catalog::names() {
            let object = table_oid(name).unwrap_or_default();
            let mut describe = |column: usize, doc: &str| {
                rows.push(vec![
                    ("objoid", int(object)),
                    ("classoid", int(CLASS_PG_CLASS)),
                    ("objsubid", int(i32::try_from(column).unwrap_or(i32::MAX))),
                    ("description", text(doc)),
                ]);
            };
            if let Some(doc) = docs::table(name) {
                describe(0, doc);
            }
            for (at, (_, doc)) in docs::columns(name).into_iter().enumerate() {
                describe(at + 1, doc);
            }
        }
        rows
    }

    fn roles(&self) -> Vec<Row> {
        let role = |oid: i32, name: &str, login: bool| {
            vec![
                ("oid", int(oid)),
                ("rolname", text(name)),
                ("rolsuper", bool(false)),
                ("rolinherit", bool(true)),
                ("rolcreaterole", bool(false)),
                ("rolcreatedb", bool(false)),
                ("rolcanlogin", bool(login)),
                ("rolreplication", bool(false)),
                ("rolconnlimit", int(-1)),
                ("rolbypassrls", bool(false)),
            ]
        };
        vec![role(OWNER, OWNER_NAME, false), role(USER, &self.principal, true)]
    }

    fn settings(&self) -> Vec<Row> {
        let own = crate::wire::lock(&self.settings).clone();
        let row = |setting: &settings::Setting| {
            let value = own.get(setting.name).map_or(setting.default, String::as_str);
            vec![
                ("name", text(setting.name)),
                ("setting", text(value)),
                ("short_desc", text(setting.doc)),
                ("category", text("Sealake")),
                ("context", text("user")),
                ("vartype", text("string")),
                ("source", text("default")),
                ("boot_val", text(setting.default)),
                ("reset_val", text(setting.default)),
            ]
        };
        settings::SETTINGS.iter().map(row).collect()
    }
}

fn namespaces() -> Vec<Row> {
    let namespaces = [
        (CATALOG_NAMESPACE, "pg_catalog"),
        (LAKE_NAMESPACE, LAKE_SCHEMA),
        (INFORMATION_NAMESPACE, "information_schema"),
    ];
    namespaces
        .map(|(oid, name)| vec![("oid", int(oid)), ("nspname", text(name)), ("nspowner", int(OWNER))])
        .to_vec()
}

fn databases() -> Vec<Row> {
    vec![vec![
        ("oid", int(DATABASE)),
        ("datname", text(LAKE_CATALOG)),
        ("datdba", int(OWNER)),
        ("encoding", int(6)),
        ("datlocprovider", text("c")),
        ("datcollate", text("C")),
        ("datctype", text("C")),
        ("datallowconn", bool(true)),
        ("datconnlimit", int(-1)),
        ("dattablespace", int(TABLESPACE)),
    ]]
}

fn tablespaces() -> Vec<Row> {
    vec![vec![("oid", int(TABLESPACE)), ("spcname", text("pg_default")), ("spcowner", int(OWNER))]]
}

/// `pg_tables` or `pg_views`.
fn relations(tables: bool) -> Vec<Row> {
    let names = catalog::names().filter(|name| catalog::is_table(name) == tables);
    let row = |name: &'static str| {
        let mut row = vec![("schemaname", text(LAKE_SCHEMA))];
        if tables {
            row.extend([("tablename", text(name)), ("tableowner", text(OWNER_NAME))]);
        } else {
            let sql = views::find(name).map_or("", |view| view.sql);
            row.extend([
                ("viewname", text(name)),
                ("viewowner", text(OWNER_NAME)),
                ("definition", text(sql.trim_end())),
            ]);
        }
        row
    };
    names.map(row).collect()
}
