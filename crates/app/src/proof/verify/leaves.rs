//! The log: every act against its leaf, the leaves against the tree, the tree against the states that were signed.

use std::collections::{BTreeMap, HashMap, VecDeque};

use lienthong_domain::access::Operation;
use lienthong_domain::ids::{EditionId, EntryId};
use lienthong_persistence::audits::Act;
use lienthong_persistence::{Tx, log, verification};
use lienthong_proof::checkpoint::Checkpoint;
use lienthong_proof::merkle::{Frontier, Node, Tile};
use lienthong_proof::{Hash, merkle};

use super::keyring::Keyring;
use super::{BATCH, Claim, Report};
use crate::error::Error;

/// Leaves that may be missing in a row before the log is no longer followed.
const LONGEST_GAP: u64 = 1_000_000;

/// What the log says, as far as the other checks need it.
pub(super) struct Leaves {
    pub(super) root: Hash,
    /// The public half of each key that was made, in hexadecimal, by the name of the key.
    pub(super) keys_made: HashMap<String, String>,
    /// The leaf at which each key was revoked first.
    pub(super) keys_revoked: HashMap<String, u64>,
}

pub(super) async fn check(
    tx: &Tx,
    (keyring, outside): (&Keyring, Option<&str>),
    report: &mut Report,
) -> Result<Leaves, Error> {
    let claims = Claims::new(keyring, outside, report);
    let walk = Walk {
        tx,
        report,
        frontier: Frontier::default(),
        bad: Vec::new(),
        tiles: HashMap::new(),
        tiles_seen: 0,
        claims,
        keys_made: HashMap::new(),
        keys_revoked: HashMap::new(),
    };
    walk.run().await
}

struct Walk<'a> {
    tx: &'a Tx,
    report: &'a mut Report,
    frontier: Frontier,
    /// Leaves known to be bad: what is wrong above them needs no telling.
    bad: Vec<u64>,
    /// Stored tiles of each level that were read ahead.
    tiles: HashMap<u32, VecDeque<Tile>>,
    tiles_seen: u64,
    claims: Claims,
    keys_made: HashMap<String, String>,
    keys_revoked: HashMap<String, u64>,
}

impl Walk<'_> {
    async fn run(mut self) -> Result<Leaves, Error> {
        self.claims.compare(self.tx, &self.frontier, self.report).await?;
        loop {
            let acts = log::acts(self.tx, self.frontier.size(), BATCH).await?;
            if acts.is_empty() {
                break;
            }
            self.named_rows_exist(&acts).await?;
            for act in acts {
                if !self.act(&act).await? {
                    return Ok(self.ended());
                }
            }
        }
        self.head().await?;
        self.claims.rest(self.tx, self.frontier.size(), self.report).await?;
        Ok(self.ended())
    }

    fn ended(self) -> Leaves {
        Leaves { root: self.frontier.root(), keys_made: self.keys_made, keys_revoked: self.keys_revoked }
    }

    /// `false` when so many leaves are missing that the log cannot be followed.
    async fn act(&mut self, act: &Act) -> Result<bool, Error> {
        let expected = self.frontier.size();
        if act.leaf > expected {
            let last = act.leaf - 1;
            let ids = if expected == last { expected.to_string() } else { format!("{expected} to {last}") };
            self.report.found("audit", ids, "the row is missing");
            self.report.bad_leaf(expected);
            if act.leaf - expected > LONGEST_GAP {
                return Ok(false);
            }
            for missing in expected..act.leaf {
                self.bad.push(missing);
                self.leaf(Hash::default()).await?;
            }
        }
        if merkle::leaf(act.content().as_bytes()) != act.hash {
            self.report.found("audit", act.leaf, format!("was changed: {} of act {}", act.operation, act.id));
            self.report.bad_leaf(act.leaf);
            self.bad.push(act.leaf);
        }
        self.keys(act);
        self.report.acts += 1;
        self.leaf(act.hash).await?;
        Ok(true)
    }

    async fn leaf(&mut self, hash: Hash) -> Result<(), Error> {
        for tile in self.frontier.push(hash) {
            self.tile(tile).await?;
        }
        self.claims.compare(self.tx, &self.frontier, self.report).await
    }

    async fn tile(&mut self, tile: Tile) -> Result<(), Error> {
        let Node { level, index } = tile.node;
        let ahead = self.tiles.entry(level).or_default();
        if ahead.is_empty() {
            ahead.extend(log::tiles(self.tx, (level, index), BATCH).await?);
        }
        let id = format!("{level}/{index}");
        let stored =
            if ahead.front().is_some_and(|stored| stored.node == tile.node) { ahead.pop_front() } else { None };
        let Some(stored) = stored else {
            self.report.found("audit_tile", id, "the row is missing");
            return Ok(());
        };
        self.tiles_seen += 1;
        let (from, to) = tile.node.leaves();
        let is_explained = self.bad.iter().any(|leaf| (from..to).contains(leaf));
        if stored.hash != tile.hash && !is_explained {
            self.report.found("audit_tile", id, format!("leaves {from} to {} are not those it was made of", to - 1));
            self.report.bad_leaf(from);
            self.bad.push(from);
        }
        Ok(())
    }

    /// The head has to know as many leaves, and the same right edge.
    async fn head(&mut self) -> Result<(), Error> {
        let (size, edge) = log::edge(self.tx).await?;
        let found = self.frontier.size();
        if size > found {
            self.report.found(
                "audit",
                format!("{found} to {}", size - 1),
                "the rows are missing at the end of the log",
            );
            self.report.bad_leaf(found);
        } else if size < found {
            self.report.found("audit", format!("{size} to {}", found - 1), "the rows were not added by this program");
            self.report.bad_leaf(size);
        } else if edge != self.frontier.to_bytes() && self.bad.is_empty() {
            let from = size >> 8 << 8;
            self.report.found("change_head", 1, format!("leaves from {from} on are not those it was made of"));
            self.report.bad_leaf(from);
        }
        let tiles = log::count_tiles(self.tx).await?;
        if tiles > self.tiles_seen {
            self.report.found("audit_tile", "?", format!("{} rows belong to no leaves", tiles - self.tiles_seen));
        }
        Ok(())
    }

    /// What acts name has to be there: nothing of it is ever deleted.
    async fn named_rows_exist(&mut self, acts: &[Act]) -> Result<(), Error> {
        let entries: Vec<_> = acts.iter().filter_map(|act| act.entry).map(EntryId::as_uuid).collect();
        let editions: Vec<_> = acts.iter().filter_map(|act| act.edition).map(EditionId::as_uuid).collect();
        let existing = verification::existing(self.tx, &entries, &editions).await?;
        let mut missing = BTreeMap::new();
        for act in acts {
            missing.extend(act.entry.map(EntryId::as_uuid).map(|id| (id, ("entry", act.leaf))));
            missing.extend(act.edition.map(EditionId::as_uuid).map(|id| (id, ("edition", act.leaf))));
        }
        for (id, (table, leaf)) in missing.into_iter().filter(|(id, _)| !existing.contains(id)) {
            self.report.found(table, id, format!("the row is missing; act {leaf} of the log names it"));
        }
        Ok(())
    }

    /// `make site-… 0123…`, `rotate to …`, `revoke (…) …`: see [`crate::proof::keys`].
    fn keys(&mut self, act: &Act) {
        if act.operation != Operation::ManageKeys.as_str() {
            return;
        }
        let mut words = act.note.rsplit(' ');
        let (Some(public), Some(name)) = (words.next(), words.next()) else { return };
        if act.note.starts_with("revoke ") {
            self.keys_revoked.entry(name.to_owned()).or_insert(act.leaf);
        } else {
            self.keys_made.insert(name.to_owned(), public.to_owned());
        }
    }
}

/// The signed states, the smallest first.
struct Claims {
    origin: Option<String>,
    keys: Vec<lienthong_proof::VerifyingKey>,
    outside: Option<Claim>,
    ahead: VecDeque<Claim>,
    read_to: Option<u64>,
    is_at_end: bool,
}

impl Claims {
    fn new(keyring: &Keyring, outside: Option<&str>, report: &mut Report) -> Self {
        let mut claims = Self {
            origin: keyring.origin.clone(),
            keys: keyring.of_log(),
            outside: None,
            ahead: VecDeque::new(),
            read_to: None,
            is_at_end: false,
        };
        claims.outside = outside.and_then(|note| claims.opened("the given one".to_owned(), note, report));
        claims
    }

    fn opened(&self, id: String, note: &str, report: &mut Report) -> Option<Claim> {
        let origin = self.origin.as_deref().unwrap_or_default();
        match Checkpoint::open(note, origin, &self.keys) {
            Ok(checkpoint) => Some(Claim { id, checkpoint }),
            Err(error) => {
                report.found("checkpoint", id, error.to_string());
                None
            }
        }
    }

    /// Compares all states of as many leaves as the tree has now.
    async fn compare(&mut self, tx: &Tx, tree: &Frontier, report: &mut Report) -> Result<(), Error> {
        let of_size = |claim: &Claim| claim.checkpoint.size == tree.size();
        if let Some(claim) = self.outside.take_if(|claim| of_size(claim)) {
            agree(&claim, tree, report);
        }
        while let Some(next) = self.next(tx, report).await? {
            if next > tree.size() {
                break;
            }
            let Some(claim) = self.ahead.pop_front() else { break };
            if of_size(&claim) {
                agree(&claim, tree, report);
            } else {
                report.found("checkpoint", claim.id, "says another number of leaves than its row");
            }
        }
        Ok(())
    }

    /// States of more leaves than there are: the log was cut off.
    async fn rest(&mut self, tx: &Tx, size: u64, report: &mut Report) -> Result<(), Error> {
        let cut = |claim: &Claim, report: &mut Report| {
            let claimed = claim.checkpoint.size;
            report.found("checkpoint", &claim.id, format!("had {claimed} leaves, the log has {size}: it was cut off"));
            report.bad_leaf(size);
        };
        if let Some(claim) = self.outside.take() {
            cut(&claim, report);
        }
        while self.next(tx, report).await?.is_some() {
            if let Some(claim) = self.ahead.pop_front() {
                cut(&claim, report);
            }
        }
        Ok(())
    }

    /// The number of leaves of the next state.
    async fn next(&mut self, tx: &Tx, report: &mut Report) -> Result<Option<u64>, Error> {
        while self.ahead.is_empty() && !self.is_at_end {
            let kept = log::kept(tx, self.read_to, BATCH).await?;
            self.is_at_end = kept.len() < BATCH as usize;
            self.read_to = kept.last().map(|kept| kept.size).or(self.read_to);
            for one in kept {
                let claim = self.opened(one.size.to_string(), &one.note, report);
                self.ahead.extend(claim);
            }
        }
        Ok(self.ahead.front().map(|claim| claim.checkpoint.size))
    }
}

fn agree(claim: &Claim, tree: &Frontier, report: &mut Report) {
    report.checkpoints += 1;
    if tree.root() != claim.checkpoint.root {
        report.found(
            "checkpoint",
            &claim.id,
            format!("the first {} leaves are not those it was signed over", tree.size()),
        );
        if report.first_bad_leaf.is_none() {
            report.bad_leaf(0);
        }
    }
}
