//! The committed files under `schemas/json` are those that the code gives. `SCHEMAS_UPDATE=1` rewrites them.

use std::collections::HashSet;
use std::path::Path;

use super::*;
use crate::access::ACCESS;
use crate::event::EVENT;

#[test]
fn the_committed_schemas_are_those_of_the_code() {
    for (file, schema) in [("event-1.json", of_table(&EVENT)), ("access-1.json", of_table(&ACCESS))] {
        // Where the test runs, not where it was built: checkouts may share a build cache.
        let path = Path::new("json").join(file);
        let text = format!("{schema:#}\n");
        if std::env::var_os("SCHEMAS_UPDATE").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == text,
            "{} is not what the code gives; run with SCHEMAS_UPDATE=1",
            path.display()
        );
    }
}

#[test]
fn field_ids_are_unique_and_one_is_the_salt() {
    fn collect(columns: &[Column], ids: &mut HashSet<i32>) {
        for column in columns {
            assert!(ids.insert(column.field_id), "field id {} twice", column.field_id);
            match column.ty {
                Type::List(item) => collect(std::slice::from_ref(item), ids),
                Type::Struct(fields) => collect(fields, ids),
                _ => {}
            }
        }
    }
    for table in [&EVENT, &ACCESS] {
        let mut ids = HashSet::from([crate::column::RECORD_SALT.field_id]);
        collect(table.columns, &mut ids);
    }
}
