//! What is counted of every request.

use http::StatusCode;
use metrics::{Counter, Histogram, counter, histogram};

/// Handles that are looked up once: finding one by its name costs more than counting.
///
/// They belong to the recorder that is installed when they are made; without one nothing is counted.
pub(super) struct Counted {
    pub(super) cache_hits: Counter,
    pub(super) cache_misses: Counter,
    pub(super) seconds: Histogram,
    /// By the hundreds of the status, from 2xx on; whatever is none of the others counts as 5xx.
    by_class: [Counter; 4],
}

impl Counted {
    pub(super) fn new() -> Self {
        Self {
            cache_hits: counter!("lienthong_response_cache_hits_total"),
            cache_misses: counter!("lienthong_response_cache_misses_total"),
            seconds: histogram!("lienthong_request_seconds"),
            by_class: ["2xx", "3xx", "4xx", "5xx"].map(|class| counter!("lienthong_requests_total", "status" => class)),
        }
    }

    pub(super) fn request(&self, status: StatusCode, seconds: f64) {
        let [ok, redirect, refused, failed] = &self.by_class;
        let class = match status.as_u16() {
            200..300 => ok,
            300..400 => redirect,
            400..500 => refused,
            _ => failed,
        };
        class.increment(1);
        self.seconds.record(seconds);
    }
}
