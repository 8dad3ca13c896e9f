//! Signing in at identity providers: at a certified one, and at one that does all it should not.

mod certified;
mod foreign;
mod forger;
mod hostile;
mod real;
mod visitor;

use serde_json::Value;

/// An object with these members in the place of its own; `null` takes one out.
pub(crate) fn with(claims: &Value, other: &Value) -> Value {
    let mut claims = claims.clone();
    for (name, value) in other.as_object().unwrap() {
        match value {
            Value::Null => claims.as_object_mut().unwrap().remove(name),
            value => claims.as_object_mut().unwrap().insert(name.clone(), value.clone()),
        };
    }
    claims
}
