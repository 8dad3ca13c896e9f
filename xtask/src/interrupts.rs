//! Ctrl-C, SIGTERM and SIGHUP while a child works: the child's whole process group gets the signal, and this program
//! lives on to clean up behind it.

use std::io;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use rustix::process::{Pid, Signal, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

#[derive(Clone)]
pub(crate) struct Interrupts(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    arrived: Condvar,
}

#[derive(Default)]
struct State {
    signal: Option<i32>,
    group: Option<Pid>,
}

impl Interrupts {
    /// Takes the three signals over from their default, which would end this program on the spot.
    pub(crate) fn listen() -> io::Result<Self> {
        let interrupts = Self(Arc::default());
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
        let listener = interrupts.clone();
        thread::spawn(move || signals.forever().for_each(|signal| listener.deliver(signal)));
        Ok(interrupts)
    }

    /// Runs a command, without standard input, until it ends. After an interrupt nothing is started any more, and what
    /// the interrupted child left running is killed.
    pub(crate) fn run(&self, command: &mut Command) -> io::Result<ExitStatus> {
        let status = self.spawn(command)?.wait()?;
        let mut state = self.lock();
        let group = state.group.take();
        if let Some(group) = group.filter(|_| state.signal.is_some()) {
            // An error means that nobody is left in the group, which is what is wanted.
            let _ = kill_process_group(group, Signal::KILL);
        }
        Ok(status)
    }

    /// Waits for an interrupt.
    pub(crate) fn wait(&self) {
        let arrived = self.0.arrived.wait_while(self.lock(), |state| state.signal.is_none());
        drop(arrived.unwrap_or_else(PoisonError::into_inner));
    }

    /// The signal that came, if one did.
    pub(crate) fn received(&self) -> Option<i32> {
        self.lock().signal
    }

    fn spawn(&self, command: &mut Command) -> io::Result<Child> {
        let mut state = self.lock();
        if let Some(signal) = state.signal {
            return Err(io::Error::other(format!("interrupted by signal {signal}")));
        }
        let child = command.process_group(0).stdin(Stdio::null()).spawn()?;
        state.group = Some(Pid::from_child(&child));
        Ok(child)
    }

    /// The first signal is passed on as it came; a second one kills.
    fn deliver(&self, signal: i32) {
        let mut state = self.lock();
        let repeated = state.signal.replace(signal).is_some();
        self.0.arrived.notify_all();
        let Some(group) = state.group else { return };
        let passed_on = Signal::from_named_raw(signal).filter(|_| !repeated).unwrap_or(Signal::KILL);
        // The group may have ended a moment ago.
        let _ = kill_process_group(group, passed_on);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A child's end as our own exit code: its code, or 128 + the signal that ended it, as a shell says it.
pub(crate) fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    ExitCode::from(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(u8::MAX))
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn untouched() -> Interrupts {
        Interrupts(Arc::default())
    }

    #[test]
    fn a_child_that_ends_by_itself_keeps_its_exit_code() {
        let status = untouched().run(Command::new("sh").args(["-c", "exit 7"])).unwrap();
        assert_eq!(exit_code(status), ExitCode::from(7));
    }

    #[test]
    fn a_signal_ends_the_child_and_the_descendants_that_ignore_it() {
        let interrupts = untouched();
        let runner = interrupts.clone();
        let (mut output, input) = io::pipe().unwrap();
        let script = "(trap '' TERM; echo up; sleep 600) & wait";
        let running = thread::spawn(move || runner.run(Command::new("sh").args(["-c", script]).stdout(input)));
        output.read_exact(&mut [0; 3]).unwrap();
        interrupts.deliver(SIGTERM);
        let status = running.join().unwrap().unwrap();
        assert_eq!(exit_code(status), ExitCode::from(128 + 15));
        // Reaches its end only when nobody holds the other end of the pipe any more.
        assert_eq!(output.read(&mut [0; 1]).unwrap(), 0);
    }

    #[test]
    fn after_a_signal_nothing_is_started() {
        let interrupts = untouched();
        interrupts.deliver(SIGINT);
        assert_eq!(interrupts.received(), Some(SIGINT));
        assert!(interrupts.run(&mut Command::new("true")).is_err());
    }
}
