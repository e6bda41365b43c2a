//! The tables `segments` and `log`: what the log itself says, as rows.

mod log;
mod segments;

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Fields, Schema as ArrowSchema, SchemaRef, TimeUnit};

use crate::provider::COMMENT;

pub(crate) use log::{Entries, LOG, LOG_COLUMNS, LOG_DOC, LogTable};
pub(crate) use segments::{SEGMENTS, SEGMENTS_COLUMNS, SEGMENTS_DOC, SegmentsTable};

/// A column of one of these tables.
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) ty: Ty,
    pub(crate) nullable: bool,
    pub(crate) doc: &'static str,
}

/// The types that they use.
#[derive(Clone, Copy)]
pub(crate) enum Ty {
    Text,
    Word,
    Int,
    Time,
    Hash,
    List(&'static [Column]),
}

impl Ty {
    fn arrow(self) -> DataType {
        match self {
            Ty::Text => DataType::Utf8,
            Ty::Word => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
            Ty::Int => DataType::Int64,
            Ty::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Ty::Hash => DataType::FixedSizeBinary(32),
            Ty::List(columns) => {
                DataType::List(Arc::new(Field::new("item", DataType::Struct(fields(columns)), false)))
            }
        }
    }
}

fn fields(columns: &[Column]) -> Fields {
    let field = |column: &Column| {
        Field::new(column.name, column.ty.arrow(), column.nullable)
            .with_metadata([(COMMENT.to_owned(), column.doc.to_owned())].into())
    };
    columns.iter().map(field).collect()
}

fn arrow_schema(columns: &[Column]) -> SchemaRef {
    Arc::new(ArrowSchema::new(fields(columns)))
}

const fn column(name: &'static str, ty: Ty, doc: &'static str) -> Column {
    Column { name, ty, nullable: false, doc }
}

const fn optional(name: &'static str, ty: Ty, doc: &'static str) -> Column {
    Column { name, ty, nullable: true, doc }
}
