//! The virus scanner of `ClamAV`, by the INSTREAM command of its daemon (man clamd(8)). Whoever switches it on wants nothing
//! to pass by it: where it does not answer, nothing is taken.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::PathBuf;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixStream};

/// Where the daemon listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClamdAddress {
    /// `host:port`.
    Tcp(String),
    /// A socket in the file system.
    Unix(PathBuf),
}

/// A scanner.
#[derive(Debug, Clone)]
pub struct Clamd {
    address: ClamdAddress,
    patience: Duration,
}

/// What it says of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing known is in it.
    Clean,
    /// The name of what is in it.
    Infected(String),
}

/// It does not answer, or not as it should.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// It cannot be reached, or hangs up.
    #[error("the virus scanner cannot be reached: {0}")]
    Unreachable(#[from] io::Error),
    /// It takes too long.
    #[error("the virus scanner does not answer in time")]
    Late,
    /// It says something else than a verdict, such as that the file is larger than its `StreamMaxLength`.
    #[error("the virus scanner gives no verdict: {0}")]
    NoVerdict(String),
}

/// Sent at a time.
const PIECE: usize = 64 << 10;

/// Longest answer: one line.
const ANSWER: u64 = 4 << 10;

impl Clamd {
    /// The daemon at an address, which has so long for one file.
    pub const fn new(address: ClamdAddress, patience: Duration) -> Self {
        Self { address, patience }
    }

    /// Has a file scanned.
    ///
    /// # Errors
    /// Whenever there is no verdict: the file must then not be taken.
    pub async fn scan(&self, file: File) -> Result<Verdict, ScanError> {
        tokio::time::timeout(self.patience, self.ask(file)).await.map_err(|_| ScanError::Late)?
    }

    async fn ask(&self, file: File) -> Result<Verdict, ScanError> {
        match &self.address {
            ClamdAddress::Tcp(address) => converse(TcpStream::connect(address.as_str()).await?, file).await,
            ClamdAddress::Unix(path) => converse(UnixStream::connect(path).await?, file).await,
        }
    }
}

async fn converse(mut stream: impl AsyncRead + AsyncWrite + Unpin, file: File) -> Result<Verdict, ScanError> {
    let sent = send(&mut stream, file).await;
    let mut answer = Vec::new();
    // A daemon that has seen enough answers and hangs up while we still send: what it says counts, not that.
    let read = (&mut stream).take(ANSWER).read_to_end(&mut answer).await;
    if answer.is_empty() {
        sent?;
        read?;
    }
    verdict(&String::from_utf8_lossy(&answer))
}

async fn send(stream: &mut (impl AsyncWrite + Unpin), mut file: File) -> io::Result<()> {
    stream.write_all(b"zINSTREAM\0").await?;
    file.seek(SeekFrom::Start(0))?;
    let mut piece = vec![0; PIECE];
    loop {
        // Pieces of this size come from the cache of the system, where the file was written a moment ago.
        let read = file.read(&mut piece)?;
        stream.write_all(&u32::try_from(read).unwrap_or(0).to_be_bytes()).await?;
        if read == 0 {
            return stream.flush().await;
        }
        stream.write_all(piece.get(..read).unwrap_or_default()).await?;
    }
}

fn verdict(answer: &str) -> Result<Verdict, ScanError> {
    let line = answer.trim_end_matches(['\0', '\n']).trim();
    let said = line.strip_prefix("stream:").map(str::trim);
    match said.and_then(|said| said.rsplit_once(' ').or(Some(("", said)))) {
        Some(("", "OK")) => Ok(Verdict::Clean),
        Some((name, "FOUND")) if !name.is_empty() => Ok(Verdict::Infected(name.to_owned())),
        _ => Err(ScanError::NoVerdict(line.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use tokio::net::TcpListener;

    use super::*;

    const LONG: Duration = Duration::from_mins(1);

    fn file(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    /// A daemon that takes one stream, looks for a word in it, and answers.
    async fn daemon(answer: &'static str) -> ClamdAddress {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut command = [0; 10];
            stream.read_exact(&mut command).await.unwrap();
            assert_eq!(&command, b"zINSTREAM\0");
            let mut seen = Vec::new();
            loop {
                let length = stream.read_u32().await.unwrap();
                if length == 0 {
                    break;
                }
                let mut piece = vec![0; length as usize];
                stream.read_exact(&mut piece).await.unwrap();
                seen.extend(piece);
            }
            assert_eq!(seen.len(), 200_000);
            stream.write_all(answer.as_bytes()).await.unwrap();
        });
        ClamdAddress::Tcp(address)
    }

    async fn scan(answer: &'static str) -> Result<Verdict, ScanError> {
        Clamd::new(daemon(answer).await, LONG).scan(file(&vec![b'x'; 200_000])).await
    }

    #[tokio::test]
    async fn what_the_daemon_says_is_understood() {
        assert_eq!(scan("stream: OK\0").await.unwrap(), Verdict::Clean);
        let infected = Verdict::Infected("Win.Test.EICAR_HDB-1".to_owned());
        assert_eq!(scan("stream: Win.Test.EICAR_HDB-1 FOUND\0").await.unwrap(), infected);
    }

    #[tokio::test]
    async fn anything_but_a_verdict_is_a_failure() {
        for answer in ["", "INSTREAM size limit exceeded. ERROR\0", "stream: FOUND\0", "OK\0", "stream: NOT OK\0"] {
            let outcome = scan(answer).await;
            assert!(matches!(outcome, Err(ScanError::NoVerdict(_))), "{answer:?} {outcome:?}");
        }
        let nobody = Clamd::new(ClamdAddress::Unix("/nonexistent/clamd.sock".into()), LONG);
        assert!(matches!(nobody.scan(file(b"x")).await, Err(ScanError::Unreachable(_))));
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = ClamdAddress::Tcp(silent.local_addr().unwrap().to_string());
        let hurried = Clamd::new(address, Duration::from_millis(50));
        assert!(matches!(hurried.scan(file(b"x")).await, Err(ScanError::Late)));
    }
}
