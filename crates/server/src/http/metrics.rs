//! Figures for Prometheus, on a listener of their own.

use std::time::Duration;

use axum::Router;
use axum::http::header;
use axum::routing::get;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use super::health::{self, Health};
use crate::failure::Failure;
use crate::version::{COMMIT, VERSION};

/// Upper bounds for everything measured in seconds.
const SECONDS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];
/// How often finished observations are put away between two scrapes.
const UPKEEP: Duration = Duration::from_secs(5);

/// Collects what the parts of the program count.
#[derive(Clone)]
pub(crate) struct Metrics {
    handle: PrometheusHandle,
}

impl Metrics {
    /// Starts to collect, once for the process.
    pub(crate) fn install() -> Result<Self, Failure> {
        let builder = PrometheusBuilder::new();
        let builder = builder.set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?;
        let handle = builder.install_recorder()?;
        metrics::describe_gauge!("lienthong_build_info", "Always 1; the labels tell which program this is.");
        metrics::describe_gauge!("lienthong_log_lag_seconds", "Time since this node last read the change log.");
        metrics::describe_gauge!(
            "lienthong_log_applied",
            "Number of the last change this node has taken into account."
        );
        metrics::gauge!("lienthong_build_info", "version" => VERSION, "commit" => COMMIT).set(1.0);
        Ok(Self { handle })
    }

    /// The pages of the listener: the figures, and the health of the node.
    pub(crate) fn routes(&self, health: Health) -> Router {
        let (metrics, of) = (self.clone(), health.clone());
        let figures = move || {
            let text = metrics.render(&of);
            async { ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text) }
        };
        Router::new().route("/metrics", get(figures)).merge(health::routes(health))
    }

    /// Puts finished observations away, for as long as it is polled.
    pub(crate) async fn keep_up(self) {
        loop {
            tokio::time::sleep(UPKEEP).await;
            self.handle.run_upkeep();
        }
    }

    fn render(&self, health: &Health) -> String {
        let freshness = health.app.freshness();
        metrics::gauge!("lienthong_log_lag_seconds").set(freshness.lag().as_secs_f64());
        #[expect(clippy::cast_precision_loss, reason = "exact below 2^53 changes; Prometheus knows no other number")]
        metrics::gauge!("lienthong_log_applied").set(freshness.applied() as f64);
        self.handle.render()
    }
}
