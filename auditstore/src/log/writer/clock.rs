//! The times that a writer signs: never before the entry before, never far from what the store's clock says.

use std::time::{Duration, Instant};

use bytes::Bytes;

use super::Writer;
use crate::error::Error;
use crate::log::checkpoint::{self, CHECKPOINT};
use crate::time::format_time;

/// How far this machine's clock may be from the store's, in microseconds.
const CLOCK_SKEW_MICROS_MAX: i64 = 5 * 60 * 1_000_000;

/// How long a writer waits, in microseconds, for its clock to pass the time of the entry before its own. Clocks of
/// two healthy machines differ by milliseconds; more than this is refused.
const CLOCK_WAIT_MICROS_MAX: i64 = 5_000_000;

/// How often the clock is compared with the store's.
const CLOCK_CHECK_EVERY: Duration = Duration::from_secs(60);

impl Writer {
    /// The time for the next entry, which is never before that of the entry before it.
    pub(super) async fn now(&self) -> Result<i64, Error> {
        let clock = &self.options.clock;
        let behind = self.state().committed - clock();
        if behind > 0 && behind <= CLOCK_WAIT_MICROS_MAX {
            tokio::time::sleep(Duration::from_micros(behind.unsigned_abs())).await;
        }
        let now = clock();
        if now >= self.state().committed {
            return Ok(now);
        }
        Err(Error::Refused(format!(
            "the clock of this machine says {}, and the newest entry of {} was committed at {}; set the clock",
            format_time(now),
            self.store().url(),
            format_time(self.state().committed)
        )))
    }

    /// Compares this machine's clock with the store's, which stamps what was just written.
    pub(super) async fn compare_clocks(&mut self, written: &[(String, Bytes)]) -> Result<(), Error> {
        if self.clock_checked.is_some_and(|checked| checked.elapsed() < CLOCK_CHECK_EVERY) {
            return Ok(());
        }
        let path = match written.last() {
            Some((path, _)) => path.as_str(),
            None => {
                // Nothing was written, so the checkpoint is written again.
                checkpoint::publish(self.store(), &self.signer, self.head(), self.keys(), true).await?;
                CHECKPOINT
            }
        };
        let Some((_, stamped)) = self.store().head(path).await? else {
            return Err(Error::Missing { object: path.to_owned() });
        };
        let now = (self.options.clock)();
        if now.abs_diff(stamped) > CLOCK_SKEW_MICROS_MAX.unsigned_abs() {
            return Err(Error::Refused(format!(
                "the clock of this machine says {}, that of {} {}: more than 5 minutes apart; set the clock",
                format_time(now),
                self.store().url(),
                format_time(stamped)
            )));
        }
        self.clock_checked = Some(Instant::now());
        Ok(())
    }
}
