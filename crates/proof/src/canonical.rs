//! Canonical JSON after RFC 8785: one text for one value, whoever writes it.
//!
//! Our documents hold strings, whole numbers, booleans, null, lists and objects. Fractions are refused instead of being
//! written as ECMAScript would, so that nobody who checks a signature has to. The crates that write them (`serde_jcs`,
//! `serde_json_canonicalizer`) make `serde_json` read all numbers more slowly throughout the program.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// The largest whole number that every reader of JSON holds exactly, 2^53 - 1 (RFC 7493 section 2.2).
pub const LARGEST: i64 = 9_007_199_254_740_991;

/// A number that the documents of this system do not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not a whole number between -(2^53 - 1) and 2^53 - 1")]
pub struct NotWhole(String);

/// The canonical text of a value.
///
/// # Errors
/// [`NotWhole`] for fractions and for numbers beyond 2^53.
pub fn text(value: &Value) -> Result<String, NotWhole> {
    let mut out = String::new();
    write(&mut out, value)?;
    Ok(out)
}

/// An object under construction, without fractions by its types and in canonical form at its end. Names are letters of
/// ASCII, whose order is that of UTF-16 and which nothing escapes.
#[derive(Debug, Clone, Default)]
pub struct Object(BTreeMap<&'static str, String>);

impl Object {
    /// A string.
    #[must_use]
    pub fn text(self, name: &'static str, value: impl AsRef<str>) -> Self {
        self.canonical(name, quoted(value.as_ref()))
    }

    /// A string, or no member at all.
    #[must_use]
    pub fn maybe(self, name: &'static str, value: Option<impl AsRef<str>>) -> Self {
        match value {
            Some(value) => self.text(name, value),
            None => self,
        }
    }

    /// A whole number.
    #[must_use]
    pub fn whole(self, name: &'static str, value: u32) -> Self {
        self.canonical(name, value.to_string())
    }

    /// True or false.
    #[must_use]
    pub fn flag(self, name: &'static str, value: bool) -> Self {
        self.canonical(name, value.to_string())
    }

    /// A list of strings.
    #[must_use]
    pub fn texts<T: AsRef<str>>(self, name: &'static str, values: impl IntoIterator<Item = T>) -> Self {
        let mut list = "[".to_owned();
        for (at, value) in values.into_iter().enumerate() {
            if at > 0 {
                list.push(',');
            }
            list.push_str(&quoted(value.as_ref()));
        }
        list.push(']');
        self.canonical(name, list)
    }

    /// An object in this one, or no member at all.
    #[must_use]
    pub fn object(self, name: &'static str, value: Option<Self>) -> Self {
        match value {
            Some(value) => self.canonical(name, value.finish()),
            None => self,
        }
    }

    /// A value that is canonical already.
    #[must_use]
    pub fn canonical(mut self, name: &'static str, value: String) -> Self {
        self.0.insert(name, value);
        self
    }

    /// The canonical text.
    pub fn finish(self) -> String {
        let mut out = String::with_capacity(self.0.values().map(|value| value.len() + 24).sum());
        out.push('{');
        for (at, (name, value)) in self.0.into_iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            out.push('"');
            out.push_str(name);
            out.push_str("\":");
            out.push_str(&value);
        }
        out.push('}');
        out
    }
}

fn write(out: &mut String, value: &Value) -> Result<(), NotWhole> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
        Value::Number(number) => {
            let whole = number.as_i64().filter(|whole| (-LARGEST..=LARGEST).contains(whole));
            out.push_str(&whole.ok_or_else(|| NotWhole(number.to_string()))?.to_string());
        }
        Value::String(text) => out.push_str(&quoted(text)),
        Value::Array(items) => list(out, items)?,
        Value::Object(members) => object(out, members)?,
    }
    Ok(())
}

fn list(out: &mut String, items: &[Value]) -> Result<(), NotWhole> {
    out.push('[');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write(out, item)?;
    }
    out.push(']');
    Ok(())
}

/// Members in the order of the UTF-16 code units of their names (section 3.2.3).
fn object(out: &mut String, members: &Map<String, Value>) -> Result<(), NotWhole> {
    let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
    sorted.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
    out.push('{');
    for (at, (name, value)) in sorted.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        out.push_str(&quoted(name));
        out.push(':');
        write(out, value)?;
    }
    out.push('}');
    Ok(())
}

/// Section 3.2.2.2: the two-character escapes where JSON has them, lower-case `\u00xx` for other control characters, and
/// everything else as it is. `serde_json` writes the same.
fn quoted(text: &str) -> String {
    // A string can always be written.
    serde_json::to_string(text).unwrap_or_default()
}
