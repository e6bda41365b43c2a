//! The operator `||` on texts as a function, so that its result has a limit, too.
//!
//! `SELECT s || s` over itself doubles a text with each level of nesting. Arrays are left to the engine, which makes
//! functions of them that have a limit.

use std::sync::Arc;

use arrow::array::AsArray;
use arrow::compute::kernels::concat_elements::concat_elements_string_view_array;
use arrow::datatypes::DataType;
use datafusion::common::{DFSchema, Result};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::planner::{ExprPlanner, PlannerResult, RawBinaryExpr};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ExprSchemable, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use datafusion::sql::sqlparser::ast::BinaryOperator;

/// What the function is called in plans. PostgreSQL's name of it.
pub(super) const NAME: &str = "textcat";

/// Makes calls of `textcat` out of `||`.
#[derive(Debug)]
pub(super) struct Operator;

impl ExprPlanner for Operator {
    fn plan_binary_op(&self, expr: RawBinaryExpr, schema: &DFSchema) -> Result<PlannerResult<RawBinaryExpr>> {
        if expr.op != BinaryOperator::StringConcat {
            return Ok(PlannerResult::Original(expr));
        }
        let is_list = |expr: &Expr| {
            expr.get_type(schema).is_ok_and(|ty| {
                matches!(ty, DataType::List(_) | DataType::LargeList(_) | DataType::FixedSizeList(_, _))
            })
        };
        if is_list(&expr.left) || is_list(&expr.right) {
            return Ok(PlannerResult::Original(expr));
        }
        let textcat = ScalarUDF::from(TextConcat::new());
        Ok(PlannerResult::Planned(textcat.call(vec![expr.left, expr.right])))
    }
}

/// Two texts, one after the other; null if either is.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct TextConcat {
    signature: Signature,
}

impl TextConcat {
    pub(super) fn new() -> TextConcat {
        TextConcat { signature: Signature::user_defined(Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for TextConcat {
    fn name(&self) -> &str {
        NAME
    }

    /// As the operator is written.
    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        let names: Vec<String> = args.iter().map(|arg| arg.schema_name().to_string()).collect();
        Ok(names.join(" || "))
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arg_types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8View)
    }

    fn coerce_types(&self, arg_types: &[DataType]) -> Result<Vec<DataType>> {
        let [left, right] = arg_types else {
            return Err(DataFusionError::Plan("|| takes two operands".to_owned()));
        };
        let is_text = |ty: &DataType| match ty {
            DataType::Dictionary(_, value) => value.is_string(),
            ty => ty.is_string() || ty.is_null(),
        };
        let binary = |ty: &DataType| {
            matches!(
                ty,
                DataType::Binary
                    | DataType::LargeBinary
                    | DataType::BinaryView
                    | DataType::FixedSizeBinary(_)
            )
        };
        if !(is_text(left) || is_text(right)) || binary(left) || binary(right) {
            let message = "|| joins texts or arrays, one of both sides at least; encode(value, 'hex') makes a text \
                           of bytes";
            return Err(DataFusionError::Plan(message.to_owned()));
        }
        Ok(vec![DataType::Utf8View; 2])
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let constant = args.args.iter().all(|arg| matches!(arg, ColumnarValue::Scalar(_)));
        let rows = if constant { 1 } else { args.number_rows };
        let [left, right] = args.args.as_slice() else {
            return Err(DataFusionError::Internal("|| takes two operands".to_owned()));
        };
        let (left, right) = (left.to_array(rows)?, right.to_array(rows)?);
        let joined = concat_elements_string_view_array(left.as_string_view(), right.as_string_view())?;
        if constant {
            let value = joined.iter().next().flatten().map(str::to_owned);
            return Ok(ColumnarValue::Scalar(datafusion::common::ScalarValue::Utf8View(value)));
        }
        Ok(ColumnarValue::Array(Arc::new(joined)))
    }
}
