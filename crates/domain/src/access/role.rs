//! The role table. Every permission of the product is one cell of [`Role::allows`].

use std::fmt::{self, Write as _};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use self::Operation as Op;

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
        /// Read what is published for the offices themselves.
        ReadInternal => "read-internal",
        /// Create an entry as a draft.
        Create => "create",
        /// Change a draft, or start a new draft over a published edition.
        Edit => "edit",
        /// Say something about a draft.
        Comment => "comment",
        /// Hand a text in to the board directly; others' are screened first.
        Submit => "submit",
        /// Pass an agency's contribution on to the board.
        Screen => "screen",
        /// Send what was handed in back to its writers.
        Return => "return",
        /// Approve what was handed in; never one's own.
        Approve => "approve",
        /// Make an edition public, at once or at a time.
        Publish => "publish",
        /// Take a public entry back, archive it, or let its address lead elsewhere.
        Withdraw => "withdraw",
        /// Take a public entry down by a decision, with a reason.
        TakeDown => "take-down",
        /// Take everything on a site, or everything somebody has touched, out of the public at once.
        Quarantine => "quarantine",
        /// Let pass what the scanner has held, and end a quarantine; never one's own.
        ReleaseHold => "release-hold",
        /// Put what is not public into the trash, and take it out.
        Discard => "discard",
        /// Show a draft to somebody without an account.
        SharePreview => "share-preview",
        /// Let the writers of a site approve their own texts, with a reason.
        RecordException => "record-exception",
        /// Read who has done what.
        ReadAudit => "read-audit",
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
        /// Make series of articles, and change what their pages say.
        ManageSeries => "manage-series",
        /// Record by which documents a site was decided on: board, regulation, budget.
        RecordDecision => "record-decision",
        /// Record who gets what for a published work.
        RecordRoyalties => "record-royalties",
        /// Set the rates by which works are paid.
        SetRoyaltyRates => "set-royalty-rates",
        /// Read rates, royalties and statements.
        ReadRoyalties => "read-royalties",
        /// Sign in and out; change one's own password, second factor and tokens.
        OwnAccount => "own-account",
        /// Invite people, give them roles that are not above one's own, disable their accounts.
        ManagePeople => "manage-people",
        /// Replace and revoke the keys that sign what is published and the log of acts.
        ManageKeys => "manage-keys",
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
        /// Cơ quan, đơn vị gửi bài.
        AgencyContributor => "agency-contributor",
        /// Đầu mối duyệt sơ bộ bài của các cơ quan, đơn vị.
        Intermediary => "intermediary",
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
                | Self::ReadInternal
                | Self::Create
                | Self::Edit
                | Self::Comment
                | Self::Submit
                | Self::Screen
                | Self::Return
                | Self::Approve
                | Self::Publish
                | Self::Withdraw
                | Self::TakeDown
                | Self::Discard
                | Self::SharePreview
                | Self::ReadAudit
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
        if matches!(operation, Op::OwnAccount) {
            return true;
        }
        match self {
            Self::ChiefEditor | Self::DeputyEditor | Self::Secretary | Self::Editor => {
                self.allows_on_a_board(operation)
            }
            Self::Contributor => matches!(operation, Op::ReadInternal | Op::Create | Op::Submit),
            Self::AgencyContributor => matches!(operation, Op::ReadInternal | Op::Create),
            Self::Intermediary => {
                matches!(operation, Op::ReadDraft | Op::ReadInternal | Op::Comment | Op::Screen | Op::Return)
            }
            Self::OperationsMonitor => matches!(operation, Op::ReadInternal | Op::ReadAudit | Op::ReadReport),
            Self::ProceduresMonitor => matches!(operation, Op::ReadInternal | Op::ReadReport),
            Self::ProvincialAdministrator => matches!(
                operation,
                Op::ReadInternal
                    | Op::ReadAudit
                    | Op::ReadReport
                    | Op::TakeDown
                    | Op::Quarantine
                    | Op::ReleaseHold
                    | Op::RecordException
                    | Op::ImportContent
                    | Op::ManageRegistry
                    | Op::ImportProcedures
                    | Op::ManageAccess
                    | Op::RecordDecision
                    | Op::ManagePeople
                    | Op::ManageKeys
                    | Op::SetRoyaltyRates
                    | Op::ReadRoyalties
            ),
            Self::VendorOperator => matches!(operation, Op::ManageRegistry),
        }
    }

    /// Each rank of a board may do what the one below it may, and more.
    const fn allows_on_a_board(self, operation: Operation) -> bool {
        match self {
            Self::ChiefEditor => {
                matches!(operation, Op::RecordException | Op::SetRoyaltyRates)
                    || Self::DeputyEditor.allows_on_a_board(operation)
            }
            Self::DeputyEditor => decides(operation) || Self::Secretary.allows_on_a_board(operation),
            Self::Secretary => prepares(operation) || Self::Editor.allows_on_a_board(operation),
            _ => {
                matches!(
                    operation,
                    Op::ReadDraft
                        | Op::ReadInternal
                        | Op::Comment
                        | Op::Create
                        | Op::Edit
                        | Op::Submit
                        | Op::SharePreview
                )
            }
        }
    }
}

/// What a deputy may do beyond a secretary.
const fn decides(operation: Operation) -> bool {
    matches!(
        operation,
        Op::Approve
            | Op::ManagePeople
            | Op::Publish
            | Op::Withdraw
            | Op::TakeDown
            | Op::Quarantine
            | Op::ReleaseHold
            | Op::ReadAudit
            | Op::ImportContent
            | Op::RecordDecision
    )
}

/// What a secretary may do beyond an editor.
const fn prepares(operation: Operation) -> bool {
    matches!(
        operation,
        Op::Screen
            | Op::Return
            | Op::Discard
            | Op::ManageSeries
            | Op::ReadReport
            | Op::RecordRoyalties
            | Op::ReadRoyalties
    )
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
                Self::ChiefEditor
                    | Self::DeputyEditor
                    | Self::Secretary
                    | Self::Editor
                    | Self::Contributor
                    | Self::AgencyContributor
                    | Self::Intermediary
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
            use Operation::{Approve, Create, Edit, Publish, Screen, Submit, TakeDown, Withdraw};
            for operation in [Create, Edit, Submit, Screen, Approve, Publish, Withdraw, TakeDown] {
                assert!(!role.allows(operation), "{role} must not {operation}");
            }
        }
    }

    #[test]
    fn only_the_heads_of_a_board_approve_and_publish() {
        for operation in [Operation::Approve, Operation::Publish] {
            let heads: Vec<_> = Role::ALL.iter().filter(|role| role.allows(operation)).collect();
            assert_eq!(heads, [&Role::ChiefEditor, &Role::DeputyEditor]);
        }
    }

    #[test]
    fn what_is_internal_is_read_by_all_but_the_vendor() {
        let readers: Vec<_> = Role::ALL.iter().filter(|role| role.allows(Operation::ReadInternal)).collect();
        assert_eq!(readers.len(), Role::ALL.len() - 1);
        assert!(!readers.contains(&&Role::VendorOperator));
    }

    #[test]
    fn every_operation_is_somebodys() {
        for operation in Operation::ALL {
            assert!(Role::ALL.iter().any(|role| role.allows(*operation)), "nobody may {operation}");
        }
    }
}
