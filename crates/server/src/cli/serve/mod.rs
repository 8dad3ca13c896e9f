//! `lienthong serve`.

mod node;
mod options;
mod stop;
mod welcome;

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::Place;
use crate::config::Config;
use crate::failure::{Failure, Outcome};
use crate::http::{self, Bound, Connections, HttpServer, Metrics, State};
use crate::{database, telemetry};
use node::Node;
pub(super) use options::Options;

pub(super) async fn run(options: Options, place: &Place) -> Result<Outcome, Failure> {
    let config = options.over(place.settings()?)?;
    telemetry::start(&config.log)?;
    let folder = place.folder()?;
    let _lock = folder.lock()?;
    let public = http::bind(&config.server.listen)?;
    let private = http::bind(config.metrics.listen.as_slice())?;
    let store = database::open(&config, &folder).await?;
    database::prepare(&store, options.migrate || database::is_sqlite(&config)).await?;
    let seal = database::seal_key(&config, &folder, &store).await?;
    let stop = CancellationToken::new();
    let node = Node::start(&config.token, store, seal, &stop).await?;
    welcome::print(&config, &folder, &public, &private);
    let ended = serve(&config, &node, (public, private), &stop).await;
    node.close().await?;
    ended.map(|()| Outcome::Done)
}

/// Serves until a signal comes or the node fails, then lets open requests end.
async fn serve(
    config: &Config,
    node: &Node,
    (public, private): (Vec<Bound>, Vec<Bound>),
    stop: &CancellationToken,
) -> Result<(), Failure> {
    let connections = Connections::from(&config.server);
    let state = State { tokens: Arc::clone(&node.tokens), health: node.health.clone() };
    let server = HttpServer::new(http::routes(state), connections, stop.clone());
    for bound in public {
        server.listen(bound.listener);
    }
    let figures = figures(node, private, connections, stop)?;
    let ended = tokio::select! {
        signal = stop::signal() => signal,
        failure = node.run() => Err(failure),
    };
    stop.cancel();
    drain(config, &server, figures.as_ref()).await?;
    ended
}

/// Collects and serves the figures, when that is asked for.
fn figures(
    node: &Node,
    private: Vec<Bound>,
    connections: Connections,
    stop: &CancellationToken,
) -> Result<Option<HttpServer>, Failure> {
    if private.is_empty() {
        return Ok(None);
    }
    let metrics = Metrics::install()?;
    tokio::spawn(metrics.clone().keep_up());
    let server = HttpServer::new(metrics.routes(node.health.clone()), connections, stop.clone());
    private.into_iter().for_each(|bound| server.listen(bound.listener));
    Ok(Some(server))
}

/// A second signal ends the waiting.
async fn drain(config: &Config, server: &HttpServer, figures: Option<&HttpServer>) -> Result<(), Failure> {
    let patience = config.server.drain_timeout.0;
    let both = async {
        let figures = async {
            match figures {
                Some(figures) => figures.drained(patience).await,
                None => 0,
            }
        };
        tokio::join!(server.drained(patience), figures).0
    };
    let left = tokio::select! {
        left = both => left,
        again = stop::signal() => return again,
    };
    if left > 0 {
        tracing::warn!(connections = left, "closing connections that did not end in time");
    }
    Ok(())
}
