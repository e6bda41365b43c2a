//! Functions whose result can be much larger than their arguments, each behind a limit.
//!
//! The engine computes a function for a whole batch in one go, outside the statement's memory pool and without
//! looking at the clock: `repeat('x', 2000000000)` takes 2 GB before anybody can say no, also while a constant is
//! folded in planning. Every function that can grow is therefore wrapped: what a row will cost is worked out first
//! ([`cost`]), rows are computed in portions with a look at the statement's [`Brake`] between two, and a result
//! over a limit is an error of SQLSTATE 54000. Texts come out as views, so that what later repeats a row (a join, a
//! window) repeats 16 bytes and not the text.

mod age;
mod concat;
mod cost;
mod json;
mod zone;

pub(crate) use age::AGE;
pub(crate) use zone::TIMEZONE;

use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use arrow::array::{Array, ArrayRef};
use arrow::compute::{cast, concat as joined};
use arrow::datatypes::{DataType, FieldRef};
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{Result, ScalarValue};
use datafusion::execution::FunctionRegistry;
use datafusion::execution::SessionState;
use datafusion::logical_expr::{
    ColumnarValue, Documentation, Expr, LogicalPlan, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF,
    ScalarUDFImpl, Signature,
};

use crate::error::{Error, sqlstate};
use crate::workers::{Brake, give_way};
use cost::{Cost, Measured};

/// The largest value that a function may make, in bytes.
pub(crate) const VALUE_BYTES_MAX: usize = 16 << 20;

/// The largest array that a function may make as one value, in bytes. Arrays are copied where rows are repeated.
pub(crate) const ARRAY_BYTES_MAX: usize = 1 << 20;

/// What a function may make for the rows of one batch, in bytes.
pub(crate) const BATCH_BYTES_MAX: usize = 256 << 20;

/// The largest constant that is computed in planning, in bytes; a larger one is computed when the query runs.
const CONSTANT_BYTES_MAX: usize = 64 << 10;

/// All constants that are computed while one statement is planned, in bytes.
const CONSTANTS_BYTES_MAX: usize = 1 << 20;

/// The rows of one portion may cost this much, in bytes; a portion has at least one row.
const PORTION_BYTES: usize = 4 << 20;

/// The most that one row may cost by the worst case of its arguments, in bytes. What it really makes is measured
/// then, against [`VALUE_BYTES_MAX`].
const ROW_BYTES_MAX: usize = 64 << 20;

/// Which statement computes: shared by all its functions.
#[derive(Debug, Default)]
pub(crate) struct Guard {
    brake: Option<Brake>,
    runs: AtomicBool,
    constants_bytes: AtomicUsize,
}

impl Guard {
    /// For one statement, while it is planned.
    pub(crate) fn new(brake: Brake) -> Arc<Guard> {
        Arc::new(Guard { brake: Some(brake), ..Guard::default() })
    }

    /// From here on functions compute rows, not constants of the plan.
    pub(crate) fn run(&self) {
        self.runs.store(true, Ordering::Relaxed);
    }

    fn check(&self) -> Result<()> {
        match &self.brake {
            Some(brake) => brake.check(),
            None => Ok(()),
        }
    }

    fn runs(&self) -> bool {
        self.runs.load(Ordering::Relaxed)
    }
}

/// A function with limits around it.
#[derive(Clone, Debug)]
struct Bounded {
    inner: Arc<ScalarUDF>,
    cost: Cost,
    guard: Arc<Guard>,
}

impl PartialEq for Bounded {
    fn eq(&self, other: &Bounded) -> bool {
        self.inner == other.inner
    }
}

impl Eq for Bounded {}

impl Hash for Bounded {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.inner.hash(state);
    }
}

/// Puts the limits into a session's engine: around the functions that it has by name, and into the operators `||`,
/// `->` and `->>`.
pub(crate) fn install(state: &mut SessionState) -> Result<()> {
    let guard = Arc::new(Guard::default());
    state.register_udf(Arc::new(ScalarUDF::from(concat::TextConcat::new())))?;
    for function in json::all().chain([age::age(), zone::timezone()]) {
        state.register_udf(Arc::new(function))?;
    }
    let known: Vec<Arc<ScalarUDF>> = state.scalar_functions().values().map(Arc::clone).collect();
    for function in known {
        if let Some(cost) = Cost::of(function.name()) {
            let bounded = Bounded { inner: function, cost, guard: Arc::clone(&guard) };
            state.register_udf(Arc::new(ScalarUDF::new_from_impl(bounded)))?;
        }
    }
    state.register_expr_planner(Arc::new(concat::Operator))?;
    state.register_expr_planner(Arc::new(json::Operators))
}

/// The plan with every function that can grow bound to this statement. The engine's planner makes some itself,
/// without asking the session for them.
pub(crate) fn bind(plan: LogicalPlan, guard: &Arc<Guard>) -> Result<LogicalPlan> {
    let mut any = false;
    let bound = plan.transform_up_with_subqueries(|node| {
        let node = node.map_expressions(|expr| expr.transform_up(|expr| Ok(bind_one(expr, guard))))?;
        any |= node.transformed;
        // A text may have become a view, for whatever stands above, too.
        if any { node.map_data(LogicalPlan::recompute_schema) } else { Ok(node) }
    })?;
    Ok(bound.data)
}

fn bind_one(expr: Expr, guard: &Arc<Guard>) -> Transformed<Expr> {
    let Expr::ScalarFunction(mut call) = expr else { return Transformed::no(expr) };
    let Some(cost) = Cost::of(call.func.name()) else { return Transformed::no(Expr::ScalarFunction(call)) };
    let inner = match call.func.inner().downcast_ref::<Bounded>() {
        Some(bounded) => Arc::clone(&bounded.inner),
        None => Arc::clone(&call.func),
    };
    let bounded = Bounded { inner, cost, guard: Arc::clone(guard) };
    call.func = Arc::new(ScalarUDF::new_from_impl(bounded));
    Transformed::yes(Expr::ScalarFunction(call))
}

/// Whether a plan calls a function that makes arrays.
pub(crate) fn makes_arrays(expr: &Expr) -> bool {
    matches!(expr, Expr::ScalarFunction(call) if Cost::of(call.func.name()).is_some_and(Cost::is_array))
}

/// Whether a plan calls a function that makes texts longer than those it is given.
pub(crate) fn grows_texts(expr: &Expr) -> bool {
    let grows = |cost: Cost| !cost.is_array() && !cost.is_work();
    matches!(expr, Expr::ScalarFunction(call) if Cost::of(call.func.name()).is_some_and(grows))
}

/// Text as views: see above.
fn as_view(data_type: &DataType) -> Option<DataType> {
    matches!(data_type, DataType::Utf8 | DataType::LargeUtf8).then_some(DataType::Utf8View)
}

impl ScalarUDFImpl for Bounded {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn aliases(&self) -> &[String] {
        self.inner.aliases()
    }

    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        self.inner.schema_name(args)
    }

    fn signature(&self) -> &Signature {
        self.inner.signature()
    }

    fn return_type(&self, arg_types: &[DataType]) -> Result<DataType> {
        let inner = self.inner.return_type(arg_types)?;
        Ok(as_view(&inner).unwrap_or(inner))
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        let inner = self.inner.return_field_from_args(args)?;
        Ok(match as_view(inner.data_type()) {
            Some(view) => Arc::new(inner.as_ref().clone().with_data_type(view)),
            None => inner,
        })
    }

    fn coerce_types(&self, arg_types: &[DataType]) -> Result<Vec<DataType>> {
        self.inner.coerce_types(arg_types)
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.inner.documentation()
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        self.guard.check()?;
        let constant = args.args.iter().all(|arg| matches!(arg, ColumnarValue::Scalar(_)));
        let rows = if constant { 1 } else { args.number_rows };
        let scalars: Vec<Option<&ScalarValue>> = args
            .args
            .iter()
            .map(|arg| match arg {
                ColumnarValue::Scalar(scalar) => Some(scalar),
                ColumnarValue::Array(_) => None,
            })
            .collect();
        let field = self.inner.return_field_from_args(ReturnFieldArgs {
            arg_fields: &args.arg_fields,
            scalar_arguments: &scalars,
        })?;
        let measured = args.args.iter().map(Measured::new).collect::<Result<Vec<_>>>()?;
        let portions = self.portions(&measured, rows)?;
        if let [_] = portions.as_slice() {
            let args = ScalarFunctionArgs { return_field: field, ..args };
            let (number_rows, result) = (args.number_rows, self.inner.invoke_with_args(args)?);
            return self.limited(result, if constant { number_rows } else { 1 });
        }
        self.in_portions(&args, &field, &portions)
    }
}

impl Bounded {
    /// How many rows each portion has, by what they cost.
    fn portions(&self, measured: &[Measured], rows: usize) -> Result<Vec<usize>> {
        let limit = if self.guard.runs() { ROW_BYTES_MAX } else { self.constant_bytes_max().max(1) };
        let (mut portions, mut portion, mut sum) = (Vec::new(), 0, 0_usize);
        for row in 0..rows {
            let bytes = self.cost.of_row(measured, row);
            if bytes > limit {
                return Err(self.too_much(bytes));
            }
            if portion > 0 && sum.saturating_add(bytes) > PORTION_BYTES {
                portions.push(portion);
                (portion, sum) = (0, 0);
            }
            (portion, sum) = (portion + 1, sum.saturating_add(bytes));
        }
        portions.push(portion);
        Ok(portions)
    }

    /// While a statement is planned only small constants are computed, and not many of them: a plan is copied often.
    fn constant_bytes_max(&self) -> usize {
        let left = CONSTANTS_BYTES_MAX.saturating_sub(self.guard.constants_bytes.load(Ordering::Relaxed));
        // What is work and not memory has its own measure, which does not depend on what else was computed.
        if self.cost.is_work() { CONSTANT_BYTES_MAX } else { left.min(CONSTANT_BYTES_MAX) }
    }

    fn in_portions(
        &self,
        args: &ScalarFunctionArgs,
        field: &FieldRef,
        portions: &[usize],
    ) -> Result<ColumnarValue> {
        let (mut at, mut bytes) = (0, 0_usize);
        let mut made: Vec<ArrayRef> = Vec::with_capacity(portions.len());
        for rows in portions {
            self.guard.check()?;
            give_way();
            let portion = args.args.iter().map(|arg| match arg {
                ColumnarValue::Array(array) => ColumnarValue::Array(array.slice(at, *rows)),
                scalar => scalar.clone(),
            });
            let portion = ScalarFunctionArgs {
                args: portion.collect(),
                arg_fields: args.arg_fields.clone(),
                number_rows: *rows,
                return_field: Arc::clone(field),
                config_options: Arc::clone(&args.config_options),
            };
            let result = self.limited(self.inner.invoke_with_args(portion)?, *rows)?.into_array(*rows)?;
            bytes = bytes.saturating_add(Measured::of(&result, false)?.total(*rows));
            if bytes > BATCH_BYTES_MAX {
                return Err(self.too_much_together());
            }
            made.push(result);
            at += rows;
        }
        let made: Vec<&dyn Array> = made.iter().map(AsRef::as_ref).collect();
        Ok(ColumnarValue::Array(joined(&made)?))
    }

    /// The result as views, if it keeps the limits. A constant stands in each of `copies` rows.
    fn limited(&self, result: ColumnarValue, copies: usize) -> Result<ColumnarValue> {
        let (array, constant) = match result {
            ColumnarValue::Scalar(scalar) => (scalar.to_array()?, true),
            ColumnarValue::Array(array) => (array, false),
        };
        let array = match as_view(array.data_type()) {
            Some(view) => cast(&array, &view)?,
            None => array,
        };
        let is_text = *array.data_type() == DataType::Utf8View;
        let sizes = Measured::of(&array, false)?;
        let most = match (self.guard.runs(), is_text) {
            (false, _) => self.constant_bytes_max(),
            (true, true) => VALUE_BYTES_MAX,
            (true, false) => ARRAY_BYTES_MAX,
        };
        let mut sum = 0_usize;
        for row in 0..array.len() {
            let bytes = sizes.bytes(row);
            if bytes > most {
                return Err(self.too_much(bytes));
            }
            sum = sum.saturating_add(bytes);
        }
        // A text that stands in many rows is there once; an array is copied.
        let together = if is_text { sum } else { sum.saturating_mul(copies) };
        if together > BATCH_BYTES_MAX {
            return Err(self.too_much_together());
        }
        if !constant {
            return Ok(ColumnarValue::Array(array));
        }
        if !self.guard.runs() {
            self.guard.constants_bytes.fetch_add(sum, Ordering::Relaxed);
        }
        Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&array, 0)?))
    }

    fn too_much(&self, bytes: usize) -> datafusion::error::DataFusionError {
        let allowed = if self.cost.is_array() { ARRAY_BYTES_MAX } else { VALUE_BYTES_MAX };
        let message = if self.cost.is_work() {
            format!("{}() would go through texts that are too long for it", self.inner.name())
        } else {
            format!(
                "{}() would make a value of up to {bytes} bytes; a value has at most {allowed} here, a constant that \
                 planning needs {CONSTANT_BYTES_MAX}",
                self.inner.name()
            )
        };
        Error::Limit { sqlstate: sqlstate::PROGRAM_LIMIT, message }.into()
    }

    fn too_much_together(&self) -> datafusion::error::DataFusionError {
        let message = format!(
            "{}() would make more than {BATCH_BYTES_MAX} bytes for the rows that are computed together",
            self.inner.name()
        );
        Error::Limit { sqlstate: sqlstate::PROGRAM_LIMIT, message }.into()
    }
}

#[cfg(test)]
mod tests;
