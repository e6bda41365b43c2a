//! Where queries compute: threads of their own, and a brake for what would not stop by itself.
//!
//! The engine gives way between two batches. A join whose condition seldom holds can compute for hours without
//! coming to the end of one, so that neither a deadline nor a cancel would be noticed. Therefore queries run apart
//! from connections, which stay able to listen, and every join condition looks at the brake each time it is computed,
//! and now and then hands its thread's other work on.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use arrow::array::RecordBatch;
use arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::common::tree_node::Transformed;
use datafusion::error::DataFusionError;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{
    ColumnarValue, LogicalPlan, ScalarUDF, Signature, SimpleScalarUDF, Volatility,
};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{ExecutionPlan, execute_stream};
use futures::StreamExt;
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::config::Limits;
use crate::error::Error;
use crate::rows::timed_out;

/// The stack of each thread: enough for an expression that nests as deep as one may
/// ([`NESTING_MAX`](crate::nesting::NESTING_MAX)).
const STACK_BYTES: usize = 64 << 20;

/// Batches that wait between a query and its connection.
const BATCHES_WAITING: usize = 1;

/// The threads of all queries of a lake.
pub(crate) struct Workers {
    runtime: Option<Runtime>,
}

impl Workers {
    pub(crate) fn start() -> std::result::Result<Workers, Error> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .thread_name("query")
            .thread_stack_size(STACK_BYTES)
            .build();
        let runtime = runtime.map_err(|error| Error::Setup(format!("threads for queries: {error}")))?;
        Ok(Workers { runtime: Some(runtime) })
    }

    /// Computes something apart from the connection. When nobody waits for it any more the brake is pulled.
    ///
    /// # Errors
    /// Those of the work; or it panicked.
    pub(crate) async fn compute<T: Send + 'static>(
        &self,
        brake: &Brake,
        work: impl Future<Output = std::result::Result<T, Error>> + Send + 'static,
    ) -> std::result::Result<T, Error> {
        let runtime = self.runtime.as_ref().ok_or_else(|| Error::Internal("no threads".to_owned()))?;
        let mut work = Box::pin(work);
        // Planning gives way to nobody by itself, so what else waits for its thread moves to another one.
        let apart =
            std::future::poll_fn(move |context| tokio::task::block_in_place(|| work.as_mut().poll(context)));
        let mut computing = Computing { task: Some(runtime.spawn(apart)), brake };
        let done = match &mut computing.task {
            Some(task) => task.await,
            None => return Err(Error::Internal("no task".to_owned())),
        };
        computing.task = None;
        done.unwrap_or_else(|_| Err(Error::Internal("a task of the query failed".to_owned())))
    }

    /// Runs a plan. Its rows come through a short queue; when they are dropped the brake is pulled.
    pub(crate) fn run(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        context: Arc<TaskContext>,
        brake: Brake,
    ) -> Result<SendableRecordBatchStream> {
        let runtime =
            self.runtime.as_ref().ok_or_else(|| DataFusionError::Internal("no threads".to_owned()))?;
        let schema = plan.schema();
        let (sender, batches) = mpsc::channel(BATCHES_WAITING);
        let task = runtime.spawn(async move {
            let mut stream = match execute_stream(plan, context) {
                Ok(stream) => stream,
                Err(error) => return drop(sender.send(Err(error)).await),
            };
            while let Some(batch) = stream.next().await {
                let failed = batch.is_err();
                if sender.send(batch).await.is_err() || failed {
                    return;
                }
            }
        });
        let driven = Driven { batches, task: Some(task), brake };
        let rows = futures::stream::unfold(driven, |mut driven| async move {
            let batch = driven.next().await?;
            Some((batch, driven))
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(schema, rows)))
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        // Waiting for its threads is not possible where this may be dropped, and nothing of theirs has to be kept.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Work that somebody waits for.
struct Computing<'a, T> {
    task: Option<JoinHandle<T>>,
    brake: &'a Brake,
}

impl<T> Drop for Computing<'_, T> {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            self.brake.pulled.store(true, Ordering::Relaxed);
            task.abort();
        }
    }
}

/// A query that runs on the workers.
struct Driven {
    batches: mpsc::Receiver<Result<RecordBatch>>,
    task: Option<JoinHandle<()>>,
    brake: Brake,
}

impl Driven {
    async fn next(&mut self) -> Option<Result<RecordBatch>> {
        if let Some(batch) = self.batches.recv().await {
            return Some(batch);
        }
        // A task that failed must not look like an answer that came to its end.
        match self.task.take()?.await {
            Ok(()) => None,
            Err(_) => Some(Err(DataFusionError::Internal("a task of the query failed".to_owned()))),
        }
    }
}

impl Drop for Driven {
    fn drop(&mut self) {
        self.brake.pulled.store(true, Ordering::Relaxed);
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

/// How long a thread may compute a join's condition before it lets others run.
const GIVE_WAY_EVERY: Duration = Duration::from_millis(50);

/// How long it then pauses, which is when another thread takes over its queue.
const GIVE_WAY_FOR: Duration = Duration::from_millis(1);

thread_local! {
    static GAVE_WAY: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// Hands the queue of this thread to another one if it was kept for long: the queries in it go on there, while this
/// thread goes on with what it does.
pub(crate) fn give_way() {
    let due = GAVE_WAY.get().is_none_or(|gave_way| gave_way.elapsed() >= GIVE_WAY_EVERY);
    if due {
        tokio::task::block_in_place(|| std::thread::sleep(GIVE_WAY_FOR));
        GAVE_WAY.set(Some(Instant::now()));
    }
}

/// Ends a query from inside.
#[derive(Clone, Debug)]
pub(crate) struct Brake {
    pulled: Arc<AtomicBool>,
    deadline: Instant,
    limits: Limits,
}

impl Brake {
    /// For a statement that began then.
    pub(crate) fn new(started: Instant, limits: &Limits) -> Brake {
        Brake { pulled: Arc::default(), deadline: started + limits.deadline, limits: limits.clone() }
    }

    pub(crate) fn check(&self) -> Result<()> {
        if self.pulled.load(Ordering::Relaxed) {
            let message = "canceling statement due to user request".to_owned();
            return Err(Error::Cancelled { timeout: false, message }.into());
        }
        if Instant::now() >= self.deadline {
            return Err(timed_out(&self.limits).into());
        }
        Ok(())
    }

    /// The plan with the brake in the conditions of its joins.
    pub(crate) fn fit(&self, plan: LogicalPlan) -> Result<LogicalPlan> {
        let brake = self.clone();
        let check = move |args: &[ColumnarValue]| {
            brake.check()?;
            give_way();
            args.first().cloned().ok_or_else(|| DataFusionError::Internal("no condition".to_owned()))
        };
        let signature = Signature::exact(vec![DataType::Boolean], Volatility::Volatile);
        let check = SimpleScalarUDF::new_with_signature(
            "while_running",
            signature,
            DataType::Boolean,
            Arc::new(check),
        );
        let check = ScalarUDF::from(check);
        let fitted = plan.transform_up_with_subqueries(|node| match node {
            LogicalPlan::Join(mut join) if join.filter.is_some() => {
                join.filter = join.filter.map(|condition| check.call(vec![condition]));
                Ok(Transformed::yes(LogicalPlan::Join(join)))
            }
            node => Ok(Transformed::no(node)),
        })?;
        Ok(fitted.data)
    }
}
