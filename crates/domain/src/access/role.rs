//! The role table. Every permission of the product is one cell of [`Role::allows`].

use std::fmt::{self, Write as _};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! names {
    ($(#[$doc:meta])* $type:ident { $($(#[$item:meta])* $variant:ident => $name:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $type {
            $($(#[$item])* #[serde(rename = $name)] $variant,)+
        }

        impl $type {
            /// Every value, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The stable name, as stored and as shown in messages.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

names! {
    /// One thing that somebody can be allowed to do.
    Operation {
        /// Read drafts, history and unpublished state.
        ReadDraft => "read-draft",
        /// Create an entry as a draft.
        Create => "create",
        /// Change a draft, or start a new draft over a published edition.
        Edit => "edit",
        /// Make an edition public.
        Publish => "publish",
        /// Take a public entry back.
        Withdraw => "withdraw",
        /// Read counts and oversight figures.
        ReadReport => "read-report",
        /// Bring in old content with its own dates.
        ImportContent => "import-content",
        /// Change units, sites, categories and topics.
        ManageRegistry => "manage-registry",
        /// Bring in the national procedure records.
        ImportProcedures => "import-procedures",
        /// Give and take back roles.
        ManageAccess => "manage-access",
        /// Record by which documents a site was decided on: board, regulation, budget.
        RecordDecision => "record-decision",
        /// Sign in and out; change one's own password, second factor and tokens.
        OwnAccount => "own-account",
        /// Invite people, give them roles that are not above one's own, disable their accounts.
        ManagePeople => "manage-people",
    }
}

names! {
    /// What somebody is within a reach of sites. The editorial ones follow the regulations of real boards.
    Role {
        /// Trưởng ban biên tập.
        ChiefEditor => "chief-editor",
        /// Phó trưởng ban.
        DeputyEditor => "deputy-editor",
        /// Thư ký ban biên tập.
        Secretary => "secretary",
        /// Biên tập viên.
        Editor => "editor",
        /// Cộng tác viên.
        Contributor => "contributor",
        /// Phòng Văn hóa và Thông tin, Sở: who is stale, empty, late.
        OperationsMonitor => "operations-monitor",
        /// Văn phòng: are the procedures complete and current.
        ProceduresMonitor => "procedures-monitor",
        /// The province's IT centre.
        ProvincialAdministrator => "provincial-administrator",
        /// Staff of the telecom that runs the service. May never publish.
        VendorOperator => "vendor-operator",
    }
}

impl Operation {
    /// Reads [`Operation::as_str`].
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|operation| operation.as_str() == name)
    }

    /// Whether a token for a program may have it. Not what decides over people and accounts: a program that loses its
    /// token must not lose more than content.
    pub const fn may_be_delegated(self) -> bool {
        matches!(
            self,
            Self::ReadDraft
                | Self::Create
                | Self::Edit
                | Self::Publish
                | Self::Withdraw
                | Self::ReadReport
                | Self::RecordDecision
        )
    }
}

/// A name that is no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} is not a role; the roles are {}", Role::ALL.iter().map(|r| r.as_str()).collect::<Vec<_>>().join(", "))]
pub struct UnknownRole {
    name: String,
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(name: &str) -> Result<Self, UnknownRole> {
        Self::ALL
            .iter()
            .copied()
            .find(|role| role.as_str() == name)
            .ok_or_else(|| UnknownRole { name: name.to_owned() })
    }
}

impl Role {
    /// The whole table in Markdown, one row for each operation, for the documentation.
    pub fn table() -> String {
        let names: Vec<&str> = Self::ALL.iter().map(|role| role.as_str()).collect();
        let mut table = format!("| | {} |\n|---|{}\n", names.join(" | "), "---|".repeat(names.len()));
        for operation in Operation::ALL {
            let cells: Vec<&str> = Self::ALL.iter().map(|r| if r.allows(*operation) { "yes" } else { "" }).collect();
            let _ = writeln!(table, "| {operation} | {} |", cells.join(" | "));
        }
        table
    }

    /// Whether this role may do `operation` on the sites within its reach.
    pub const fn allows(self, operation: Operation) -> bool {
        use Operation as Op;
        if matches!(operation, Op::OwnAccount) {
            return true;
        }
        match self {
            Self::ChiefEditor | Self::DeputyEditor => matches!(
                operation,
                Op::ReadDraft
                    | Op::Create
                    | Op::Edit
                    | Op::Publish
                    | Op::Withdraw
                    | Op::ReadReport
                    | Op::ImportContent
                    | Op::RecordDecision
                    | Op::ManagePeople
            ),
            Self::Secretary => matches!(operation, Op::ReadDraft | Op::Create | Op::Edit | Op::ReadReport),
            Self::Editor => matches!(operation, Op::ReadDraft | Op::Create | Op::Edit),
            Self::Contributor => matches!(operation, Op::Create),
            Self::OperationsMonitor | Self::ProceduresMonitor => matches!(operation, Op::ReadReport),
            Self::ProvincialAdministrator => matches!(
                operation,
                Op::ReadReport
                    | Op::ImportContent
                    | Op::ManageRegistry
                    | Op::ImportProcedures
                    | Op::ManageAccess
                    | Op::RecordDecision
                    | Op::ManagePeople
            ),
            Self::VendorOperator => matches!(operation, Op::ManageRegistry),
        }
    }
}

impl Role {
    /// Whether the role reaches so far that an operator can demand a second factor of whoever holds it.
    pub const fn is_sensitive(self) -> bool {
        matches!(self, Self::ProvincialAdministrator | Self::VendorOperator)
    }

    /// Whether somebody who holds this role may give `role` within the same reach, take it back there, and manage the
    /// account of somebody who holds it. Nobody gives more than they hold, but for the provincial administrator, who
    /// appoints whoever works in the instance.
    pub const fn may_grant(self, role: Self) -> bool {
        match self {
            Self::ChiefEditor => matches!(
                role,
                Self::ChiefEditor | Self::DeputyEditor | Self::Secretary | Self::Editor | Self::Contributor
            ),
            Self::DeputyEditor => {
                matches!(role, Self::DeputyEditor | Self::Secretary | Self::Editor | Self::Contributor)
            }
            Self::ProvincialAdministrator => true,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_gives_a_role_that_may_do_more_than_their_own() {
        for granter in Role::ALL.iter().filter(|role| **role != Role::ProvincialAdministrator) {
            for granted in Role::ALL.iter().filter(|role| granter.may_grant(**role)) {
                assert!(granter.allows(Operation::ManagePeople), "{granter} grants without managing people");
                for operation in Operation::ALL.iter().filter(|it| granted.allows(**it)) {
                    assert!(granter.allows(*operation), "{granter} gives {granted}, which may {operation}");
                }
            }
        }
        assert!(!Role::DeputyEditor.may_grant(Role::ChiefEditor));
    }

    #[test]
    fn names_read_back_as_the_same_role() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse::<Role>(), Ok(*role));
        }
        assert!("tổng biên tập".parse::<Role>().is_err());
    }

    #[test]
    fn vendor_staff_and_monitors_can_neither_write_nor_publish() {
        for role in [Role::VendorOperator, Role::OperationsMonitor, Role::ProceduresMonitor] {
            for operation in [Operation::Create, Operation::Edit, Operation::Publish, Operation::Withdraw] {
                assert!(!role.allows(operation), "{role} must not {operation}");
            }
        }
    }

    #[test]
    fn only_the_heads_of_a_board_publish() {
        let publishers: Vec<_> = Role::ALL.iter().filter(|role| role.allows(Operation::Publish)).collect();
        assert_eq!(publishers, [&Role::ChiefEditor, &Role::DeputyEditor]);
    }

    #[test]
    fn every_operation_is_somebodys() {
        for operation in Operation::ALL {
            assert!(Role::ALL.iter().any(|role| role.allows(*operation)), "nobody may {operation}");
        }
    }
}
