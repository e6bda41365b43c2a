//! Connections that are logging in: how many, for how long, and which of them goes first when there are too many.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::{Fault, STARTING_MAX, STARTUP_TIMEOUT, fatal, lock};
use crate::error::sqlstate;

/// Time between two lines that say that there are too many.
const LINE_INTERVAL: Duration = Duration::from_secs(10);

/// All connections that are logging in, the oldest first.
#[derive(Default)]
pub(super) struct Starting {
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<(u64, oneshot::Sender<()>)>,
    next: u64,
    /// When it was last said that there are too many, and how many were ended since.
    said: Option<Instant>,
    ended: u64,
}

/// One connection's place among them, left when it is dropped.
pub(super) struct Place {
    starting: Arc<Starting>,
    number: u64,
    ended: oneshot::Receiver<()>,
}

impl Starting {
    pub(super) fn new() -> Arc<Starting> {
        Arc::default()
    }

    /// A place for a new connection; where all are taken, the oldest one's.
    pub(super) fn begin(self: &Arc<Starting>) -> Place {
        let mut queue = lock(&self.queue);
        if queue.waiting.len() >= STARTING_MAX
            && let Some((_, end)) = queue.waiting.pop_front()
        {
            // Who has just logged in hears nothing any more.
            let _ = end.send(());
            queue.ended += 1;
            queue.say();
        }
        let (end, ended) = oneshot::channel();
        let number = queue.next;
        queue.next += 1;
        queue.waiting.push_back((number, end));
        Place { starting: Arc::clone(self), number, ended }
    }
}

impl Queue {
    fn say(&mut self) {
        if self.said.is_some_and(|said| said.elapsed() < LINE_INTERVAL) {
            return;
        }
        tracing::warn!(
            limit = STARTING_MAX,
            ended = self.ended,
            "too many connections log in at once; those that took longest were ended"
        );
        (self.said, self.ended) = (Some(Instant::now()), 0);
    }
}

impl Place {
    /// Returns when the connection has to go if it has not logged in, with the reason.
    pub(super) async fn ends(&mut self) -> Fault {
        tokio::select! {
            Ok(()) = &mut self.ended => fatal(
                sqlstate::TOO_MANY_CONNECTIONS,
                "too many connections are logging in, and this one took longest; connect again",
            ),
            () = tokio::time::sleep(STARTUP_TIMEOUT) => fatal(
                sqlstate::QUERY_CANCELED,
                format!("canceling authentication due to timeout: it took longer than {} s", STARTUP_TIMEOUT.as_secs()),
            ),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        lock(&self.starting.queue).waiting.retain(|(number, _)| *number != self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_told(place: &mut Place) -> bool {
        place.ended.try_recv().is_ok()
    }

    #[test]
    fn the_oldest_makes_room_and_those_that_are_done_count_no_more() {
        let starting = Starting::new();
        let mut places: Vec<Place> = (0..STARTING_MAX).map(|_| starting.begin()).collect();
        assert!(!places.iter_mut().any(is_told));
        let mut newest = starting.begin();
        assert_eq!(places.iter_mut().map(is_told).filter(|told| *told).count(), 1);
        places.remove(1);
        let _one_more = starting.begin();
        assert!(!places[1..].iter_mut().any(is_told) && !is_told(&mut newest));
    }
}
