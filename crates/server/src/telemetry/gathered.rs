//! Lines that are written together: a line for each request would otherwise be a system call for each request, a tenth
//! of what a kept answer costs (docs/benchmarks.md).

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// Bytes that are written without waiting for the next round.
const FULL: usize = 64 * 1024;

/// A line waits no longer than this.
const ROUND: Duration = Duration::from_millis(100);

/// Lines before they are written. Warnings and errors wait for nothing.
#[derive(Clone)]
pub(crate) struct Gathered(Arc<Mutex<Lines>>);

struct Lines {
    waiting: Vec<u8>,
    out: Box<dyn Write + Send>,
}

/// One event on its way into the log.
pub(crate) struct Event<'a> {
    lines: MutexGuard<'a, Lines>,
    is_urgent: bool,
}

/// Writes what has come together, round by round, and the rest when it is dropped.
pub(crate) struct Flusher {
    gathered: Gathered,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Gathered {
    pub(crate) fn new(out: impl Write + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(Lines { waiting: Vec::with_capacity(FULL), out: Box::new(out) })))
    }

    /// A panic elsewhere leaves whole lines or a part of one; both are worth writing.
    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lines {
    /// A log that nobody can read any more must not stop the server: what cannot be written is lost.
    fn write_out(&mut self) {
        let _ = self.out.write_all(&self.waiting).and_then(|()| self.out.flush());
        self.waiting.clear();
    }
}

impl<'a> MakeWriter<'a> for Gathered {
    type Writer = Event<'a>;

    fn make_writer(&'a self) -> Event<'a> {
        Event { lines: self.lines(), is_urgent: false }
    }

    fn make_writer_for(&'a self, event: &Metadata<'_>) -> Event<'a> {
        Event { lines: self.lines(), is_urgent: *event.level() <= Level::WARN }
    }
}

impl Write for Event<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.lines.waiting.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.lines.write_out();
        Ok(())
    }
}

impl Drop for Event<'_> {
    fn drop(&mut self) {
        if self.is_urgent || self.lines.waiting.len() >= FULL {
            self.lines.write_out();
        }
    }
}

impl Flusher {
    pub(super) fn start(gathered: Gathered) -> io::Result<Self> {
        let ended = Arc::new(AtomicBool::new(false));
        let (lines, end) = (gathered.clone(), Arc::clone(&ended));
        let rounds = move || {
            while !end.load(Ordering::Acquire) {
                thread::park_timeout(ROUND);
                lines.lines().write_out();
            }
        };
        let thread = thread::Builder::new().name("log".to_owned()).spawn(rounds)?;
        Ok(Self { gathered, ended, thread: Some(thread) })
    }
}

impl Drop for Flusher {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // It cannot have panicked with anything of ours in hand; whatever is left is written here.
            let _ = thread.join();
        }
        self.gathered.lines().write_out();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::paper::Paper;

    fn log(gathered: &Gathered, work: impl FnOnce()) {
        let subscriber = tracing_subscriber::fmt().with_writer(gathered.clone()).with_ansi(false).without_time();
        tracing::subscriber::with_default(subscriber.finish(), work);
    }

    #[test]
    fn an_ordinary_line_waits_for_company_and_a_warning_takes_it_along() {
        let paper = Paper::default();
        let gathered = Gathered::new(paper.clone());
        log(&gathered, || tracing::info!("first"));
        assert_eq!(paper.text(), "");
        log(&gathered, || tracing::warn!("second"));
        let text = paper.text();
        assert!(text.find("first").unwrap() < text.find("second").unwrap(), "{text}");
    }

    #[test]
    fn a_full_sheet_is_written_at_once() {
        let paper = Paper::default();
        let gathered = Gathered::new(paper.clone());
        log(&gathered, || tracing::info!("{}", "x".repeat(FULL)));
        assert!(paper.text().len() > FULL);
    }

    #[test]
    fn nothing_is_lost_at_the_end() {
        let paper = Paper::default();
        let gathered = Gathered::new(paper.clone());
        let flusher = Flusher::start(gathered.clone()).unwrap();
        log(&gathered, || (0..1_000).for_each(|number| tracing::info!(number, "line")));
        drop(flusher);
        assert_eq!(paper.text().lines().count(), 1_000);
    }
}
