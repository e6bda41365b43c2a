//! The engine of one session: which tables, functions and options it has.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::catalog::{CatalogProvider, MemoryCatalogProvider, SchemaProvider};
use datafusion::execution::SessionStateBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};

use crate::access::Who;
use crate::catalog::{LAKE_CATALOG, LAKE_SCHEMA, LakeSchema};
use crate::error::Error;
use crate::functions;
use crate::lake::Lake;
use crate::pg_catalog::{self, Settings};
use crate::runtime::{self, Stores};

/// The engine of one session: the lake's tables, the catalog's tables, and no way to files or other stores.
pub(super) fn engine(
    lake: &Lake,
    tables: &Arc<LakeSchema>,
    who: &Who,
    settings: &Settings,
) -> Result<SessionContext, Error> {
    let mut config = SessionConfig::new()
        .with_default_catalog_and_schema(LAKE_CATALOG, LAKE_SCHEMA)
        .with_create_default_catalog_and_schema(false)
        .with_information_schema(true);
    let options = config.options_mut();
    options.sql_parser.dialect = datafusion::config::Dialect::PostgreSQL;
    options.execution.time_zone = Some("+00:00".to_owned());
    options.execution.parquet.max_in_list_size = crate::prune::IN_LIST_MAX;
    let stores = Stores::new(Arc::clone(lake.store().object_store()));
    let runtime = runtime::for_planning(stores).map_err(|error| Error::planning(&error))?;
    let mut state = SessionStateBuilder::new()
        .with_config(config)
        .with_runtime_env(runtime)
        .with_default_features()
        // No formats and no table factories: nothing can be made from a file.
        .with_file_formats(Vec::new())
        .with_table_factories(HashMap::new())
        .build();
    functions::install(&mut state).map_err(|error| Error::planning(&error))?;
    let catalog = MemoryCatalogProvider::new();
    let schema = Arc::clone(tables) as Arc<dyn SchemaProvider>;
    catalog.register_schema(LAKE_SCHEMA, schema).map_err(|error| Error::planning(&error))?;
    let context = SessionContext::new_with_state(state);
    context.register_catalog(LAKE_CATALOG, Arc::new(catalog));
    pg_catalog::install(&context, tables, who, settings).map_err(|error| Error::planning(&error))?;
    tables.attach(context.state_weak_ref());
    Ok(context)
}
