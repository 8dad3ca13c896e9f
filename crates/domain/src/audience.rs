//! For whom an edition is written.

use std::fmt;

use serde::{Deserialize, Serialize};

/// For whom an edition is: everybody, or the offices themselves (truyền thông nội bộ). What is internal is never syndicated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Công khai: everybody.
    #[default]
    Public,
    /// Nội bộ: the people with a role on the site.
    Internal,
}

impl Audience {
    /// Every audience.
    pub const ALL: [Self; 2] = [Self::Public, Self::Internal];

    /// Stable name, as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
        }
    }

    /// Whether it is everybody.
    pub fn is_public(&self) -> bool {
        *self == Self::Public
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
