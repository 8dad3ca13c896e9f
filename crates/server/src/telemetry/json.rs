//! An event as one line of JSON. The formatter of `tracing-subscriber` does the same through a general serialiser, at
//! twice the cost (docs/benchmarks.md).

use std::fmt;

use chrono::{SecondsFormat, Utc};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// `{"timestamp":…,"level":…,"target":…,"field":…}`; fields without a value are left out.
pub(super) struct JsonLine;

impl<S, N> FormatEvent<S, N> for JsonLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let metadata = event.metadata();
        let now = Utc::now().to_rfc3339_opts(SecondsFormat::Micros, true);
        let (level, target) = (metadata.level(), metadata.target());
        write!(writer, "{{\"timestamp\":\"{now}\",\"level\":\"{level}\",\"target\":\"{target}\"")?;
        let mut members = Members { writer, written: Ok(()) };
        event.record(&mut members);
        members.written?;
        members.writer.write_str("}\n")
    }
}

/// The fields of an event as members of an object.
struct Members<'a> {
    writer: Writer<'a>,
    written: fmt::Result,
}

impl Members<'_> {
    /// `value` must be JSON.
    fn member(&mut self, field: &Field, value: impl fmt::Display) {
        if self.written.is_ok() {
            self.written = write!(self.writer, ",\"{}\":{value}", field.name());
        }
    }
}

impl Visit for Members<'_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        if value.is_finite() { self.member(field, value) } else { self.member(field, "null") }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.member(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.member(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.member(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.member(field, Quoted(value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.member(field, Quoted(&format!("{value:?}")));
    }
}

/// A string of JSON (RFC 8259 section 7).
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
        if self.0.bytes().all(is_plain) {
            return write!(formatter, "\"{}\"", self.0);
        }
        formatter.write_str(&serde_json::to_string(self.0).map_err(|_| fmt::Error)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::paper::Paper;

    #[test]
    fn an_event_is_one_line_of_json_whatever_it_holds() {
        let paper = Paper::default();
        let lines = paper.clone();
        let subscriber = tracing_subscriber::fmt().event_format(JsonLine).with_writer(move || lines.clone()).finish();
        let hostile = "a\"b\\c\n{\"level\":\"ERROR\"} \u{1} đường";
        tracing::subscriber::with_default(subscriber, || {
            let none: Option<&str> = None;
            tracing::info!(target: "x::y", path = hostile, none, status = 200, ms = 0.25, odd = f64::NAN, is = true,
                negative = -1, debug = ?["a\"b"], "met \"{hostile}\"");
        });
        let text = paper.text();
        assert_eq!(text.lines().count(), 1, "{text}");
        let mut read: serde_json::Value = serde_json::from_str(&text).unwrap();
        let timestamp = read.as_object_mut().unwrap().remove("timestamp").unwrap();
        assert!(chrono::DateTime::parse_from_rfc3339(timestamp.as_str().unwrap()).is_ok());
        let expected = serde_json::json!({
            "level": "INFO", "target": "x::y", "message": format!("met \"{hostile}\""), "path": hostile, "status": 200,
            "ms": 0.25, "odd": null, "is": true, "negative": -1, "debug": "[\"a\\\"b\"]",
        });
        assert_eq!(read, expected);
    }
}
