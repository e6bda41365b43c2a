//! A stop that was asked for: by SIGTERM or SIGINT, or by the program that runs the pipeline.

use std::sync::Arc;

use tokio::sync::watch;

/// Asks a pipeline to stop. Dropping it asks for nothing.
#[derive(Clone, Debug)]
pub struct Trigger(Arc<watch::Sender<bool>>);

/// Hears of a stop. Clones hear of the same one.
#[derive(Clone, Debug)]
pub struct Shutdown {
    requested: watch::Receiver<bool>,
    /// Keeps the channel open when the trigger is gone.
    _trigger: Trigger,
}

impl Trigger {
    /// Asks for the stop.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Shutdown {
    /// A stop that is asked for by the returned trigger.
    pub fn new() -> (Trigger, Shutdown) {
        let (sender, requested) = watch::channel(false);
        let trigger = Trigger(Arc::new(sender));
        (trigger.clone(), Shutdown { requested, _trigger: trigger })
    }

    /// A stop that is asked for by SIGTERM or SIGINT, from here on. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// The operating system refuses the signal handlers.
    pub fn on_signals() -> std::io::Result<Shutdown> {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let (trigger, shutdown) = Shutdown::new();
        tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            tracing::info!("stop asked for: sealing what was read");
            trigger.stop();
        });
        Ok(shutdown)
    }

    /// Whether a stop was asked for.
    pub fn is_requested(&self) -> bool {
        *self.requested.borrow()
    }

    /// Waits until a stop is asked for.
    pub async fn requested(&mut self) {
        if self.requested.wait_for(|requested| *requested).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
