//! How long a connection may keep us waiting. hyper has one timeout for the head of a request, which also ends idle
//! connections; here the two are apart, a client that stops reading is noticed, and no timer is set per request.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep};

/// How long each kind of waiting may last.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// For the head of a request, from its first byte, and for the first byte of a new connection.
    pub(crate) head: Duration,
    /// Between requests, and for a client that does not read.
    pub(crate) idle: Duration,
    /// Until the answer to a request begins. What brings a file may take longer: the interface looks after it.
    pub(crate) request: Duration,
}

/// What one connection is doing.
pub(super) struct Progress {
    patience: Patience,
    now: Mutex<Now>,
}

struct Now {
    phase: Phase,
    /// Since when the client does not take what we write.
    blocked_since: Option<Instant>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// No byte so far.
    New(Instant),
    /// Between requests.
    Idle(Instant),
    /// Within the head of a request.
    Head(Instant),
    /// A request is being answered; its time is limited elsewhere.
    Busy,
}

/// A request that is being answered, until it is dropped with the last byte of the answer.
pub(super) struct Busy(Arc<Progress>);

impl Progress {
    pub(super) fn new(patience: Patience) -> Arc<Self> {
        let now = Now { phase: Phase::New(Instant::now()), blocked_since: None };
        Arc::new(Self { patience, now: Mutex::new(now) })
    }

    /// Bytes have come from the client.
    pub(super) fn received(&self) {
        let mut now = self.now();
        if matches!(now.phase, Phase::New(_) | Phase::Idle(_)) {
            now.phase = Phase::Head(Instant::now());
        }
    }

    /// The client takes what we write, or does not.
    pub(super) fn wrote(&self, taken: bool) {
        let mut now = self.now();
        now.blocked_since = if taken { None } else { now.blocked_since.or_else(|| Some(Instant::now())) };
    }

    /// A request is complete as far as its head.
    pub(super) fn begin(self: &Arc<Self>) -> Busy {
        self.now().phase = Phase::Busy;
        Busy(self.clone())
    }

    /// Whether the client has not said anything yet.
    pub(super) fn is_new(&self) -> bool {
        matches!(self.now().phase, Phase::New(_))
    }

    /// A timer for [`Progress::poll_expired`].
    pub(super) fn timer(&self) -> Sleep {
        tokio::time::sleep_until(Instant::now() + self.patience.head)
    }

    /// Ready when the client has kept us waiting too long. To be polled after the connection, in the same task: then
    /// every change of phase has happened.
    pub(super) fn poll_expired(&self, mut timer: Pin<&mut Sleep>, context: &mut Context<'_>) -> Poll<()> {
        let Some(deadline) = self.deadline() else { return Poll::Pending };
        loop {
            // A timer that rings early is set again; only one that would ring late is moved at once.
            if deadline < timer.deadline() || timer.is_elapsed() {
                timer.as_mut().reset(deadline);
            }
            if timer.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            if Instant::now() >= deadline {
                return Poll::Ready(());
            }
        }
    }

    fn deadline(&self) -> Option<Instant> {
        let now = self.now();
        let Patience { head, idle, request: _ } = self.patience;
        let phase = match now.phase {
            Phase::New(since) | Phase::Head(since) => Some(since + head),
            Phase::Idle(since) => Some(since + idle),
            Phase::Busy => None,
        };
        let blocked = now.blocked_since.map(|since| since + idle);
        phase.into_iter().chain(blocked).min()
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.now().phase = Phase::Idle(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Patience =
        Patience { head: Duration::from_secs(10), idle: Duration::from_secs(75), request: Duration::from_secs(30) };

    /// Seconds until the connection is given up; `None` when it is not, within an hour.
    async fn given_up_after(progress: &Progress) -> Option<u64> {
        let begun = Instant::now();
        let mut timer = std::pin::pin!(progress.timer());
        let expired = std::future::poll_fn(|context| progress.poll_expired(timer.as_mut(), context));
        let ended = tokio::time::timeout(Duration::from_hours(1), expired).await;
        ended.ok().map(|()| begun.elapsed().as_secs())
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_client_and_a_slow_head_are_given_up_after_the_time_for_heads() {
        let progress = Progress::new(PATIENCE);
        assert_eq!(given_up_after(&progress).await, Some(10));
        let progress = Progress::new(PATIENCE);
        tokio::time::advance(Duration::from_secs(9)).await;
        progress.received();
        tokio::time::advance(Duration::from_secs(5)).await;
        progress.received();
        assert_eq!(given_up_after(&progress).await, Some(5), "further bytes of the head buy no time");
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_has_all_the_time_and_the_connection_is_idle_after_it() {
        let progress = Progress::new(PATIENCE);
        progress.received();
        let busy = progress.begin();
        assert_eq!(given_up_after(&progress).await, None);
        drop(busy);
        assert_eq!(given_up_after(&progress).await, Some(75));
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_stops_reading_is_given_up_and_one_that_reads_on_is_not() {
        let progress = Progress::new(PATIENCE);
        let _busy = progress.begin();
        progress.wrote(false);
        tokio::time::advance(Duration::from_secs(70)).await;
        progress.wrote(false);
        assert_eq!(given_up_after(&progress).await, Some(5));
        progress.wrote(true);
        assert_eq!(given_up_after(&progress).await, None);
    }
}
