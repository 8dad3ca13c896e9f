//! `lienthong serve`.

mod interface;
mod node;
mod options;
mod stop;
mod welcome;

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use lienthong_app::commands::media;
use lienthong_app::library::Library;
use lienthong_domain::hold::Pace;

use super::Place;
use crate::config::{Config, PaceLimits};
use crate::failure::{Failure, Outcome};
use crate::http::{self, Bound, Connections, HttpServer, Metrics, State};
use crate::{database, demo, documents, library, telemetry};
use node::Node;
pub(super) use options::Options;
use stop::Signals;

pub(super) async fn run(options: Options, place: &Place) -> Result<Outcome, Failure> {
    let config = options.over(place.settings()?)?;
    let _log = telemetry::start(&config.log)?;
    // Told before anything is made; read when the interface is opened.
    documents::load(&config.graphql)?;
    let folder = place.folder()?;
    let _lock = folder.lock()?;
    let library = Arc::new(library::open(&config, &folder).await?);
    let sockets = Sockets::bind(&config)?;
    let store = database::open(&config, &folder).await?;
    database::prepare(&store, options.migrate || database::is_sqlite(&config)).await?;
    let seal = database::seal_key(&config, &folder, &store).await?;
    let node = Node::start(&config.token, store, seal, (&folder.search(), CancellationToken::new())).await?;
    node.health.app.set_pace(pace(&config.pace));
    let signals = Signals::listen()?;
    let base = welcome::base(&config, &sockets);
    let on = database::shown(&config, &folder);
    let demo = if options.demo { Some(demo_tokens(&node, &base, &on).await?) } else { None };
    welcome::print(&config, (&on, place), &sockets, demo.as_ref());
    let ended = serve(&config, (&node, library), sockets, signals).await;
    node.close().await?;
    ended.map(|()| Outcome::Done)
}

fn pace(limits: &PaceLimits) -> Pace {
    let PaceLimits { writing, publishing, removing, at_night } = *limits;
    Pace { writing, publishing, removing, at_night }
}

/// Loads the demo when it is not there yet, and signs tokens for its accounts.
async fn demo_tokens(node: &Node, base: &str, place: &str) -> Result<DemoTokens, Failure> {
    let now = database::now();
    let demo::Staff { editor, writer } = demo::load(&node.health.app, (base, place), now).await?;
    let sign = |actor| node.tokens.sign(actor, DEMO_TOKEN, now).map(|signed| signed.token);
    Ok(DemoTokens { editor: sign(editor)?, writer: sign(writer)? })
}

/// The tokens that `serve --demo` prints.
struct DemoTokens {
    /// Of the chief editor.
    editor: String,
    /// Of somebody who writes.
    writer: String,
}

/// How long the printed tokens of the demo are valid.
const DEMO_TOKEN: Duration = Duration::from_hours(2);

/// The sockets of the server, all taken before anything else is done.
struct Sockets {
    /// Of the API.
    public: Vec<Bound>,
    /// Of the figures, when they are asked for.
    figures: Vec<Bound>,
}

impl Sockets {
    fn bind(config: &Config) -> Result<Self, Failure> {
        Ok(Self { public: http::bind(&config.server.listen)?, figures: http::bind(config.metrics.listen.as_slice())? })
    }
}

/// Serves until a signal comes or the node fails, then lets open requests end.
async fn serve(
    config: &Config,
    (node, library): (&Node, Arc<Library>),
    sockets: Sockets,
    mut signals: Signals,
) -> Result<(), Failure> {
    let is_demo = demo::is_there(&node.health.app).await?;
    let servers = start(config, (node, Arc::clone(&library)), sockets, is_demo)?;
    let ended = tokio::select! {
        () = signals.next() => Ok(()),
        failure = node.run() => Err(failure),
        () = media::follow(&node.health.app, &library) => Ok(()),
    };
    node.health.stop.cancel();
    // A second signal ends the waiting.
    tokio::select! {
        () = drain(&servers, config.server.drain_timeout.0) => {}
        () = signals.next() => {}
    }
    ended
}

/// Starts to accept connections.
fn start(
    config: &Config,
    (node, library): (&Node, Arc<Library>),
    sockets: Sockets,
    is_demo: bool,
) -> Result<Vec<HttpServer>, Failure> {
    let base = welcome::base(config, &sockets);
    let mut served = Vec::new();
    // Before the interface, which asks the recorder for what it counts with.
    if !sockets.figures.is_empty() {
        let metrics = Metrics::install()?;
        served.push((metrics.routes(node.health.clone()), sockets.figures));
        tokio::spawn(metrics.keep_up());
    }
    let front = interface::open(config, &base, (Arc::clone(&node.health.app), library), node.keys())?;
    let front = Arc::new(if is_demo { front.with_drawn(lienthong_demo::COVERS) } else { front });
    let state = State { front, health: node.health.clone() };
    served.push((http::routes(state), sockets.public));
    let connections = Connections::from(&config.server);
    let start = |(router, bound): (_, Vec<Bound>)| {
        let http = HttpServer::new(router, connections, node.health.stop.clone());
        for socket in bound {
            http.listen(socket.listener);
        }
        http
    };
    Ok(served.into_iter().map(start).collect())
}

async fn drain(servers: &[HttpServer], patience: Duration) {
    let deadline = tokio::time::Instant::now() + patience;
    for server in servers {
        let left = server.drained(deadline.duration_since(tokio::time::Instant::now())).await;
        if left > 0 {
            tracing::warn!(connections = left, "closing connections that did not end in time");
        }
    }
}
