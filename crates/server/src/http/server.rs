//! Accepts connections, bounds their number, and lets them end in order.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::connection;
use super::patience::Patience;
use crate::config::Server;

/// After a refusal that is not one connection's fault, such as too many open files.
const BREATH: Duration = Duration::from_millis(100);

/// The bounds of the connections of one server.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Connections {
    pub(crate) most: u32,
    pub(crate) patience: Patience,
}

impl From<&Server> for Connections {
    fn from(server: &Server) -> Self {
        let [head, idle, request] = [server.header_timeout.0, server.idle_timeout.0, server.request_timeout.0];
        Self { most: server.max_connections, patience: Patience { head, idle, request } }
    }
}

/// Serves one router on any number of sockets.
#[derive(Clone)]
pub(crate) struct HttpServer {
    router: Router,
    patience: Patience,
    slots: Arc<Semaphore>,
    open: TaskTracker,
    stop: CancellationToken,
}

impl HttpServer {
    /// A server that takes no more connections once `stop` is cancelled.
    pub(crate) fn new(router: Router, connections: Connections, stop: CancellationToken) -> Self {
        let Connections { most, patience } = connections;
        let slots = usize::try_from(most).unwrap_or(Semaphore::MAX_PERMITS).min(Semaphore::MAX_PERMITS);
        let (slots, open) = (Arc::new(Semaphore::new(slots)), TaskTracker::new());
        Self { router, patience, slots, open, stop }
    }

    /// Accepts connections in the background.
    pub(crate) fn listen(&self, listener: TcpListener) {
        let server = self.clone();
        tokio::spawn(async move { server.stop.run_until_cancelled(server.accept(listener)).await });
    }

    /// Waits for the open connections to end. Tells how many are left after `patience`.
    pub(crate) async fn drained(&self, patience: Duration) -> usize {
        self.open.close();
        // Each socket holds a token, also after an upgrade.
        let _ = tokio::time::timeout(patience, self.open.wait()).await;
        self.open.len()
    }

    async fn accept(&self, listener: TcpListener) {
        // A closed semaphore would end the loop; nobody closes it.
        while let Ok(slot) = self.slots.clone().acquire_owned().await {
            match listener.accept().await {
                Ok(accepted) => {
                    let held = (slot, self.open.token());
                    let watch = (self.patience, self.stop.clone());
                    tokio::spawn(connection::serve(accepted, self.router.clone(), watch, held));
                }
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => {
                    tracing::warn!(%error, "cannot accept connections");
                    tokio::time::sleep(BREATH).await;
                }
            }
        }
    }
}

fn is_of_one_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::extract::ConnectInfo;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;
    use tokio::sync::Notify;

    use super::*;
    use crate::http;

    const LONG: Duration = Duration::from_mins(1);

    struct Served {
        server: HttpServer,
        address: SocketAddr,
        stop: CancellationToken,
        /// Called when a request has arrived at `/slow`.
        arrived: Arc<Notify>,
        /// Lets it be answered.
        answer: Arc<Notify>,
    }

    fn serve(request: Duration) -> Served {
        let [arrived, answer] = [(); 2].map(|()| Arc::new(Notify::new()));
        let slow = {
            let (arrived, answer) = (arrived.clone(), answer.clone());
            move || async move {
                arrived.notify_one();
                answer.notified().await;
                "slow"
            }
        };
        let who = |ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() };
        let router = Router::new().route("/slow", get(slow)).route("/who", get(who));
        let connections = Connections { most: 8, patience: Patience { head: LONG, idle: LONG, request } };
        let stop = CancellationToken::new();
        let server = HttpServer::new(router, connections, stop.clone());
        let bound = http::bind(&["[::]:0".parse().unwrap()]).unwrap().remove(0);
        let address = SocketAddr::from(([127, 0, 0, 1], bound.address.port()));
        server.listen(bound.listener);
        Served { server, address, stop, arrived, answer }
    }

    async fn ask(address: SocketAddr, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes()).await.unwrap();
        stream
    }

    async fn until_closed(mut stream: TcpStream) -> String {
        let mut answer = String::new();
        tokio::time::timeout(LONG, stream.read_to_string(&mut answer)).await.unwrap().unwrap();
        answer
    }

    #[tokio::test]
    async fn a_request_that_is_open_when_the_server_stops_is_answered_and_nothing_new_is_taken() {
        let served = serve(LONG);
        let stream = ask(served.address, "/slow").await;
        served.arrived.notified().await;
        served.stop.cancel();
        let drained = tokio::spawn({
            let stopping = served.server.clone();
            async move { stopping.drained(LONG).await }
        });
        served.answer.notify_one();
        let answer = until_closed(stream).await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("connection: close"), "{answer}");
        assert!(answer.ends_with("slow"), "{answer}");
        assert_eq!(drained.await.unwrap(), 0);
        assert!(TcpStream::connect(served.address).await.is_err());
    }

    #[tokio::test]
    async fn what_does_not_end_in_time_is_counted_and_left() {
        let served = serve(LONG);
        let _stream = ask(served.address, "/slow").await;
        served.arrived.notified().await;
        served.stop.cancel();
        assert_eq!(served.server.drained(Duration::from_millis(50)).await, 1);
    }

    #[tokio::test]
    async fn an_answer_that_does_not_begin_in_time_becomes_503() {
        let served = serve(Duration::from_millis(50));
        let mut stream = TcpStream::connect(served.address).await.unwrap();
        let request = b"GET /slow HTTP/1.1\r\nHost: x\r\nX-Request-Id: probe-0001\r\nConnection: close\r\n\r\n";
        stream.write_all(request).await.unwrap();
        let answer = until_closed(stream).await;
        assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("cache-control: no-store"), "{answer}");
        assert!(answer.contains("x-request-id: probe-0001"), "{answer}");
    }

    #[tokio::test]
    async fn every_answer_has_an_id_of_its_own_also_when_the_request_is_refused() {
        let served = serve(LONG);
        let mut ids = Vec::new();
        for (request, status) in
            [("/who HTTP/1.1\r\nHost: x", "200"), ("/who HTTP/1.1", "400"), ("/x HTTP/1.1\r\nHost: x", "404")]
        {
            let mut stream = TcpStream::connect(served.address).await.unwrap();
            stream.write_all(format!("GET {request}\r\nConnection: close\r\n\r\n").as_bytes()).await.unwrap();
            let answer = until_closed(stream).await;
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
            ids.push(answer.split_once("x-request-id: ").unwrap().1.lines().next().unwrap().to_owned());
        }
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 3, "{ids:?}");
    }

    #[tokio::test]
    async fn an_ipv4_client_of_a_socket_for_both_families_has_its_ipv4_address() {
        let served = serve(LONG);
        let mut stream = TcpStream::connect(served.address).await.unwrap();
        stream.write_all(b"GET /who HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
        let answer = until_closed(stream).await;
        assert!(answer.ends_with("\r\n\r\n127.0.0.1"), "{answer}");
    }
}
