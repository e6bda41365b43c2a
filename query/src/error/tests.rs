//! No error text carries a value of a row, and SQLSTATEs are those that drivers know.

use super::*;

const SECRET: &str = "Jane Roe 1960-05-01";

fn running(error: DataFusionError) -> Error {
    Error::running(&error)
}

#[test]
fn values_of_rows_are_stripped() {
    let arrow = |error| DataFusionError::ArrowError(Box::new(error), None);
    for (error, sqlstate) in [
        (
            arrow(ArrowError::CastError(format!("Cannot cast string '{SECRET}' to value of Int64 type"))),
            "22P02",
        ),
        (arrow(ArrowError::ParseError(format!("Error parsing timestamp from '{SECRET}': bad"))), "22P02"),
        (arrow(ArrowError::ComputeError(SECRET.to_owned())), "22000"),
        (arrow(ArrowError::ArithmeticOverflow(SECRET.to_owned())), "22003"),
        (arrow(ArrowError::DivideByZero), "22012"),
        (DataFusionError::Execution(format!("Unable to parse '{SECRET}'")), "22000"),
        (DataFusionError::Execution(format!("error casting {SECRET} to value of Jane Roe type")), "22P02"),
        (DataFusionError::Internal(SECRET.to_owned()), "XX000"),
        (DataFusionError::ResourcesExhausted(SECRET.to_owned()), "53200"),
        (DataFusionError::Plan(SECRET.to_owned()).context(SECRET), "XX000"),
    ] {
        let error = running(error);
        assert_eq!(error.sqlstate(), sqlstate, "{error}");
        assert!(!error.to_string().contains("1960"), "{error}");
    }
}

#[test]
fn the_type_of_a_failed_cast_is_told() {
    let text = "Cannot cast string 'x' to value of Int64 type".to_owned();
    let error = running(DataFusionError::ArrowError(Box::new(ArrowError::CastError(text)), None));
    assert!(error.message().contains("Int64"), "{error}");
}

#[test]
fn own_errors_come_through_the_engine_unchanged() {
    let own = Error::Corrupted("segment data/x is not what the log vouches for".to_owned());
    let wrapped = DataFusionError::ParquetError(Box::new(ParquetError::External(Box::new(own.clone()))));
    assert_eq!(running(wrapped.context("while scanning")), own);
    let shared = DataFusionError::Shared(std::sync::Arc::new(DataFusionError::from(own.clone())));
    assert_eq!(running(shared), own);
}
