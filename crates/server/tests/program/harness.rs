//! Starts the program and talks to it. Nothing here waits for a fixed time: it waits for a line, an answer or an end,
//! with one deadline for all.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use lienthong_persistence::Location;
use lienthong_test_support::TestDb;
use rustix::process::{Pid, Signal, kill_process};

/// Far beyond what anything here needs.
pub(crate) const DEADLINE: Duration = Duration::from_mins(3);

/// A data folder that is removed with its owner, and the `PostgreSQL` database it goes with, when it does.
pub(crate) struct Folder {
    folder: tempfile::TempDir,
    postgres: Option<String>,
}

/// The seal key of every instance on `PostgreSQL`: 32 bytes in base64.
const SEAL_KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

impl Folder {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), postgres: None }
    }

    /// With a migrated database of its own.
    pub(crate) fn on_postgres() -> Self {
        let Location::Postgres(url) = block_on(TestDb::postgres()).location() else { panic!("not PostgreSQL") };
        Self { postgres: Some(url), ..Self::new() }
    }

    /// Of another node on the same database.
    pub(crate) fn of_another_node(&self) -> Self {
        Self { postgres: Some(self.postgres.clone().unwrap()), ..Self::new() }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    /// Where the content lies.
    pub(crate) fn location(&self) -> Location {
        let file = || Location::File(self.data().join("lienthong.db"));
        self.postgres.clone().map_or_else(file, Location::Postgres)
    }

    /// The program on the folder's data, with nothing of our own environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lienthong"));
        command.args(arguments).env_clear().env("RUST_BACKTRACE", "1").env("TZ", "America/New_York");
        // Tests write more than people do, in the middle of the night too.
        for limit in ["WRITING", "PUBLISHING", "AT_NIGHT"] {
            command.env(format!("LIENTHONG_PACE__{limit}"), "0");
        }
        command.env("LIENTHONG_DATA", self.data()).current_dir(self.path());
        if let Some(url) = &self.postgres {
            command.env("LIENTHONG_DATABASE__URL", url).env("LIENTHONG_SEAL_KEY", SEAL_KEY);
        }
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Finished {
        Finished::of(&mut self.command(arguments))
    }

    /// What a command prints that must succeed.
    pub(crate) fn output(&self, arguments: &[&str]) -> String {
        let done = self.run(arguments);
        assert_eq!(done.code, Some(0), "{arguments:?}: {}", done.stderr);
        done.stdout
    }

    pub(crate) fn json(&self, arguments: &[&str]) -> serde_json::Value {
        serde_json::from_str(&self.output(arguments)).unwrap()
    }

    pub(crate) fn serve(&self, arguments: &[&str]) -> Server {
        let mut all = vec!["serve"];
        all.extend(arguments);
        if !arguments.contains(&"--listen") {
            all.extend(["--listen", "127.0.0.1:0"]);
        }
        Server::start(self.command(&all), Stdio::inherit())
    }

    /// A server whose log lands in a file, with everything that it can say.
    pub(crate) fn serve_logging(&self, log: &Path) -> Server {
        self.serve_logging_with(
            log,
            &[("LIENTHONG_LOG__FILTER", "debug"), ("LIENTHONG_METRICS__LISTEN", "127.0.0.1:0")],
        )
    }

    /// A server with these settings whose log lands in a file.
    pub(crate) fn serve_logging_with(&self, log: &Path, settings: &[(&str, &str)]) -> Server {
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.envs(settings.iter().copied());
        Server::start(command, std::fs::File::create(log).unwrap().into())
    }
}

/// A command that has ended.
pub(crate) struct Finished {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Finished {
    pub(crate) fn of(command: &mut Command) -> Self {
        let Output { status, stdout, stderr } = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
    }

    /// The one line of a command that must fail with exit code 1.
    pub(crate) fn refusal(&self) -> &str {
        assert_eq!(self.code, Some(1), "{}{}", self.stdout, self.stderr);
        let line = self.stderr.strip_prefix("error: ").unwrap_or_else(|| panic!("{}", self.stderr));
        assert_eq!(line.lines().count(), 1, "{line}");
        line.trim_end()
    }
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// A running server.
pub(crate) struct Server {
    child: Child,
    /// Everything it printed when it was ready.
    pub(crate) welcome: Vec<String>,
}

impl Server {
    fn start(mut command: Command, log: Stdio) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (send, lines) = mpsc::channel();
        std::thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        let mut server = Self { child, welcome: Vec::new() };
        while !server.welcome.last().is_some_and(|line| line.starts_with("Ctrl+C")) {
            server.welcome.push(lines.recv_timeout(DEADLINE).expect("the server ended before it was ready"));
        }
        server
    }

    /// The addresses on lines that begin with `label`.
    pub(crate) fn addresses(&self, label: &str) -> Vec<SocketAddr> {
        let lines =
            self.welcome.iter().filter_map(|line| line.trim().strip_prefix(label)?.trim().strip_prefix("http://"));
        lines.map(|rest| rest.split('/').next().unwrap().parse().unwrap()).collect()
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.addresses("listening")[0]
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    pub(crate) fn stop(mut self) -> ExitStatus {
        self.signal(Signal::TERM);
        self.ended()
    }

    pub(crate) fn ended(&mut self) -> ExitStatus {
        eventually("the server ends", || self.child.try_wait().unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // After a test that failed; otherwise it has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks until there is an answer.
pub(crate) fn eventually<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(begun.elapsed() < DEADLINE, "in vain: {what}");
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

/// A connection that waits no longer than the deadline.
pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect_timeout(&address, DEADLINE).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    stream
}

/// Status and the whole answer, head included.
pub(crate) fn get(address: SocketAddr, path: &str) -> (u16, String) {
    let mut stream = connect(address);
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer.split(' ').nth(1).unwrap_or_default().parse().unwrap_or_else(|_| panic!("{answer:?}"));
    (status, answer)
}
