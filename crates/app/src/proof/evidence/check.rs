//! Checking a pack: each step by itself, so that whoever reads the answer sees what holds and what does not.

use serde::Serialize;
use serde_json::Value;

use lienthong_proof::checkpoint::Checkpoint;
use lienthong_proof::{canonical, jws, merkle, path};

use super::{PACK_SCHEMA, Pack, ProvedAct, digest_of};

/// What was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Checked {
    /// The steps.
    pub steps: Vec<Step>,
    /// The keys that were believed.
    pub keys: Vec<String>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What was looked at.
    pub what: String,
    /// Why it does not hold; nothing when it does.
    pub wrong: Option<String>,
}

impl Checked {
    /// Whether every step holds.
    pub fn holds(&self) -> bool {
        self.steps.iter().all(|step| step.wrong.is_none())
    }

    fn step(&mut self, what: impl Into<String>, result: Result<(), String>) {
        self.steps.push(Step { what: what.into(), wrong: result.err() });
    }
}

/// Checks a pack by itself. With `jwks`, a key set that was obtained elsewhere, its keys have to be in there.
pub fn check(pack: &Pack, jwks: Option<&Value>) -> Checked {
    let mut checked = Checked { steps: Vec::new(), keys: Vec::new() };
    let is_known = pack.schema == PACK_SCHEMA;
    checked.step("the form of the pack", is_known.then_some(()).ok_or_else(|| format!("{} is unknown", pack.schema)));
    for jwk in [&pack.edition.jwk, &pack.log_key] {
        let name = jwk.get("kid").and_then(Value::as_str).unwrap_or("a key without a name");
        checked.keys.push(format!("{name} {}", jwk.get("x").and_then(Value::as_str).unwrap_or_default()));
        if let Some(jwks) = jwks {
            checked.step(format!("{name} is in the key set"), is_in(jwk, jwks));
        }
    }
    checked.step("the edition is what its site signed", signature(pack));
    checked.step("the record is of that edition", record(pack));
    checked.step("an act in the log left that record", act(pack));
    match checkpoint(pack) {
        Ok(state) => {
            checked.step("the state of the log is signed", Ok(()));
            for act in &pack.acts {
                checked.step(format!("act {} stands in the log", act.leaf), inclusion(act, &state));
            }
        }
        Err(wrong) => checked.step("the state of the log is signed", Err(wrong)),
    }
    checked
}

fn is_in(jwk: &Value, jwks: &Value) -> Result<(), String> {
    let same = |other: &Value| ["kid", "kty", "crv", "x"].iter().all(|name| other.get(name) == jwk.get(name));
    let found = jwks.get("keys").and_then(Value::as_array).into_iter().flatten().find(|other| same(other));
    let found = found.ok_or("the key set does not have it")?;
    match found.get("lienthong_revoked_at").and_then(Value::as_str) {
        Some(at) => {
            Err(format!("it was revoked at {at}: what it signed holds only where the log shows it from before"))
        }
        None => Ok(()),
    }
}

fn signature(pack: &Pack) -> Result<(), String> {
    let (key, kid) = jws::read_jwk(&pack.edition.jwk).map_err(|error| error.to_string())?;
    jws::check(&pack.edition.jws, (&key, &kid), pack.edition.payload.as_bytes()).map_err(|error| error.to_string())
}

/// The record names the digest of what the payload says, and holds the same signature.
fn record(pack: &Pack) -> Result<(), String> {
    let (payload, record) = (read(&pack.edition.payload)?, read(&pack.record)?);
    let edition = payload.get("edition").ok_or("the payload has no edition")?;
    let text = canonical::text(edition).map_err(|error| error.to_string())?;
    if record.get("text").and_then(Value::as_str) != Some(&digest_of(&text)) {
        return Err("it is the record of another text".to_owned());
    }
    let signed = record.pointer("/signed/signature").and_then(Value::as_str);
    let ours = jws::signature(&pack.edition.jws).map_err(|error| error.to_string())?;
    if signed == Some(&lienthong_proof::hex(&ours)) { Ok(()) } else { Err("it holds another signature".to_owned()) }
}

fn act(pack: &Pack) -> Result<(), String> {
    let (payload, digest) = (read(&pack.edition.payload)?, digest_of(&pack.record));
    let edition = payload.pointer("/edition/id").and_then(Value::as_str);
    for act in &pack.acts {
        let content = read(&act.content)?;
        let member = |name: &str| content.get(name).and_then(Value::as_str);
        if member("after") == Some(&digest) && member("edition") == edition {
            return Ok(());
        }
    }
    Err("none of the acts in the pack did".to_owned())
}

fn checkpoint(pack: &Pack) -> Result<Checkpoint, String> {
    let (key, _) = jws::read_jwk(&pack.log_key).map_err(|error| error.to_string())?;
    let stated = Checkpoint::read(&pack.checkpoint).map_err(|error| error.to_string())?;
    Checkpoint::open(&pack.checkpoint, &stated.origin, &[key]).map_err(|error| error.to_string())
}

fn inclusion(act: &ProvedAct, state: &Checkpoint) -> Result<(), String> {
    let proof = act.proof.iter().map(|hash| unhex(hash)).collect::<Option<Vec<_>>>();
    let proof = proof.ok_or("its proof cannot be read")?;
    let hash = merkle::leaf(act.content.as_bytes());
    path::check_inclusion(hash, (act.leaf, state.size), &proof, &state.root).map_err(|error| error.to_string())
}

/// A document of the pack, which has to be canonical: two texts of one value would have two digests.
fn read(text: &str) -> Result<Value, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    match canonical::text(&value) {
        Ok(canonical) if canonical == text => Ok(value),
        Ok(_) => Err("a document is not canonical JSON".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn unhex(text: &str) -> Option<lienthong_proof::Hash> {
    let digit = |at: usize| text.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    let bytes = (0..text.len()).step_by(2).map(digit).collect::<Option<Vec<u8>>>()?;
    bytes.try_into().ok()
}
