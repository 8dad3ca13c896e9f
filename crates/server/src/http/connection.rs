//! One connection: HTTP/1.1 with upgrades, watched for progress, ended in order when the server stops.
//!
//! HTTP/2 is spoken by the proxy in front, which ends TLS; without TLS no browser uses it.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::ConnectInfo;
use axum::http::{HeaderName, HeaderValue, Request, Response, header};
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;
use tower::Service as _;

use super::framing;
use super::patience::{Busy, Patience, Progress};

/// Longest head of a request. Ours are short: queries beyond a few kilobytes are sent as bodies.
const LONGEST_HEAD: usize = 64 * 1024;
/// By which an answer is found again in the log, whoever made it.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Serves a connection until either side ends it. `held` is given back when the socket is closed, which after an
/// upgrade is later than the end of this function.
pub(super) async fn serve(
    (stream, peer): (TcpStream, SocketAddr),
    router: Router,
    (patience, stop): (Patience, CancellationToken),
    held: impl Send + Unpin + 'static,
) {
    // Answers are written whole; waiting for more would only delay them.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection was gone before it began");
        return;
    }
    let peer = SocketAddr::new(peer.ip().to_canonical(), peer.port());
    let (progress, limit) = (Progress::new(patience), patience.request);
    let io = TokioIo::new(Watched { stream, progress: progress.clone(), _held: held });
    let service = {
        let progress = progress.clone();
        service_fn(move |request| answer((router.clone(), limit), request, peer, progress.begin()))
    };
    let connection = http1::Builder::new()
        .header_read_timeout(None)
        .max_buf_size(LONGEST_HEAD)
        .serve_connection(io, service)
        .with_upgrades();
    drive(connection, &progress, &stop).await;
}

/// What can be told to finish what it is doing and take nothing new.
trait Gracefully: Future {
    fn finish(self: Pin<&mut Self>);
}

impl<I, S, B> Gracefully for http1::UpgradeableConnection<I, S>
where
    S: hyper::service::HttpService<Incoming, ResBody = B>,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    I: hyper::rt::Read + hyper::rt::Write + Unpin + Send + 'static,
    B: HttpBody + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    fn finish(self: Pin<&mut Self>) {
        self.graceful_shutdown();
    }
}

async fn drive(connection: impl Gracefully, progress: &Progress, stop: &CancellationToken) {
    let mut connection = pin!(connection);
    let mut timer = pin!(progress.timer());
    let mut stopped = pin!(stop.cancelled());
    let mut stopping = false;
    std::future::poll_fn(|context| {
        if !stopping && stopped.as_mut().poll(context).is_ready() {
            stopping = true;
            connection.as_mut().finish();
        }
        // How a connection ended is the client's business: most simply go away.
        if connection.as_mut().poll(context).is_ready() || (stopping && progress.is_new()) {
            return Poll::Ready(());
        }
        progress.poll_expired(timer.as_mut(), context)
    })
    .await;
}

async fn answer(
    (router, limit): (Router, Duration),
    mut request: Request<Incoming>,
    peer: SocketAddr,
    busy: Busy,
) -> Result<Response<Counted>, Infallible> {
    request.extensions_mut().insert(ConnectInfo(peer));
    let is_last = framing::is_last(&request);
    let given = request.headers().get(REQUEST_ID).cloned();
    let mut response = match framing::refusal(&request) {
        Some(refused) => refused,
        None => in_time(router, request.map(Body::new), limit).await?,
    };
    // The front door tells it of its own answers; what is answered without it is told here.
    if !response.headers().contains_key(REQUEST_ID) {
        response.headers_mut().insert(REQUEST_ID, lienthong_api::request_id(given.as_ref()));
    }
    if is_last {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response.map(|body| Counted { body, _busy: busy }))
}

/// The front door gives up at the limit by itself, with all that belongs to an answer; it comes first.
const GRACE: Duration = Duration::from_secs(1);

/// Answers 503 when the answer does not begin in time.
async fn in_time(mut router: Router, request: Request<Body>, limit: Duration) -> Result<Response<Body>, Infallible> {
    if lienthong_api::takes_its_time(request.method(), request.uri().path(), request.headers()) {
        return router.call(request).await;
    }
    let answer = tokio::time::timeout(limit + GRACE, router.call(request)).await;
    answer.unwrap_or_else(|_| Ok(lienthong_api::unavailable()))
}

/// A body that tells when it has been written.
struct Counted {
    body: Body,
    _busy: Busy,
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A socket whose traffic is noted.
struct Watched<H> {
    stream: TcpStream,
    progress: Arc<Progress>,
    _held: H,
}

impl<H> Watched<H> {
    fn noted<T>(&self, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        self.progress.wrote(written.is_ready());
        written
    }
}

impl<H: Unpin> AsyncRead for Watched<H> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buffer))?;
        if buffer.filled().len() > before {
            self.progress.received();
        }
        Poll::Ready(Ok(()))
    }
}

impl<H: Unpin> AsyncWrite for Watched<H> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.noted(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.noted(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
