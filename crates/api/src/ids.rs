//! Global ids: opaque to clients, `type:uuid` in base64url inside.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

/// What a global id can stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum NodeType {
    Account,
    Agency,
    ApiToken,
    Article,
    Category,
    Media,
    Procedure,
    Series,
    Site,
    Topic,
    Unit,
}

impl NodeType {
    const ALL: [Self; 11] = [
        Self::Account,
        Self::Agency,
        Self::ApiToken,
        Self::Article,
        Self::Category,
        Self::Media,
        Self::Procedure,
        Self::Series,
        Self::Site,
        Self::Topic,
        Self::Unit,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Agency => "agency",
            Self::ApiToken => "api-token",
            Self::Article => "article",
            Self::Category => "category",
            Self::Media => "media",
            Self::Procedure => "procedure",
            Self::Series => "series",
            Self::Site => "site",
            Self::Topic => "topic",
            Self::Unit => "unit",
        }
    }
}

/// The identity of one node of the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GlobalId {
    pub(crate) kind: NodeType,
    pub(crate) uuid: Uuid,
}

impl GlobalId {
    pub(crate) const fn new(kind: NodeType, uuid: Uuid) -> Self {
        Self { kind, uuid }
    }

    /// Reads an id; `None` for anything that is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (name, uuid) = std::str::from_utf8(&bytes).ok()?.split_once(':')?;
        let kind = NodeType::ALL.into_iter().find(|kind| kind.as_str() == name)?;
        Some(Self { kind, uuid: Uuid::try_parse(uuid).ok()? })
    }
}

impl std::fmt::Display for GlobalId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(format!("{}:{}", self.kind.as_str(), self.uuid)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_what_it_was_made_of() {
        for kind in NodeType::ALL {
            let id = GlobalId::new(kind, Uuid::from_u128(7));
            assert_eq!(GlobalId::parse(&id.to_string()), Some(id));
        }
    }

    #[test]
    fn what_is_no_id_is_none() {
        for text in ["", "x", "YXJ0aWNsZQ", "bGVhZjowMDAw", "💥"] {
            assert_eq!(GlobalId::parse(text), None, "{text:?}");
        }
    }
}
