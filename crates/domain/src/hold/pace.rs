//! How much one person does in an hour. A stolen account is used fast, and mostly at night.

use chrono::Timelike as _;

use crate::access::Operation;
use crate::hold::Finding;
use crate::time::{Timestamp, VIETNAM};

/// What is counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Writing drafts.
    Writing,
    /// Making public, at once or at a time.
    Publishing,
    /// Taking out of the public or into the trash.
    Removing,
}

/// The most that one person does in an hour before somebody else has to look. 0 stands for no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Drafts made or changed.
    pub writing: u32,
    /// Publications.
    pub publishing: u32,
    /// Withdrawals, take-downs, redirections, and what goes into the archive or the trash.
    pub removing: u32,
    /// Each of these between 22:00 and 05:00 in Vietnam, when that is less.
    pub at_night: u32,
}

/// The hour in which acts are counted, in seconds.
pub const WINDOW: i64 = 3_600;

impl Default for Pace {
    /// Far above what the busiest portal of a district did (2,079 articles in half a year).
    fn default() -> Self {
        Self { writing: 120, publishing: 60, removing: 20, at_night: 10 }
    }
}

impl Pace {
    /// No limits.
    pub const UNLIMITED: Self = Self { writing: 0, publishing: 0, removing: 0, at_night: 0 };

    /// The limit for `deed` at `now`; `None` when there is none.
    pub fn limit(self, deed: Deed, now: Timestamp) -> Option<u32> {
        let by_day = match deed {
            Deed::Writing => self.writing,
            Deed::Publishing => self.publishing,
            Deed::Removing => self.removing,
        };
        let at_night = if is_night(now) { self.at_night } else { 0 };
        [by_day, at_night].into_iter().filter(|limit| *limit > 0).min()
    }
}

impl Deed {
    /// The operations that are counted for it.
    pub const fn operations(self) -> &'static [Operation] {
        match self {
            Self::Writing => &[Operation::Create, Operation::Edit],
            Self::Publishing => &[Operation::Publish],
            Self::Removing => &[Operation::Withdraw, Operation::TakeDown, Operation::Discard],
        }
    }

    /// What to say when one more would be too many. The same for each act under the same limit, so that somebody who has
    /// let one entry pass need not do so again.
    pub fn finding(self, limit: u32) -> Finding {
        let (rule, message) = match self {
            Self::Writing => ("pace.writing", "Một người viết, sửa nhiều bất thường trong một giờ"),
            Self::Publishing => ("pace.publishing", "Một người đăng nhiều bất thường trong một giờ"),
            Self::Removing => ("pace.removing", "Một người gỡ nhiều bất thường trong một giờ"),
        };
        Finding {
            field: "account".to_owned(),
            rule: rule.to_owned(),
            message: message.to_owned(),
            found: format!("quá {limit} lần trong 60 phút"),
        }
    }
}

fn is_night(now: Timestamp) -> bool {
    let hour = now.to_utc().with_timezone(&VIETNAM).hour();
    !(5..22).contains(&hour)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nights_are_those_of_vietnam_and_only_lower_a_limit() {
        let pace = Pace { at_night: 30, ..Pace::default() };
        let limit = |deed, time: &str| pace.limit(deed, Timestamp::parse(time).unwrap());
        assert_eq!(limit(Deed::Publishing, "2024-07-01T14:59:59Z"), Some(60));
        assert_eq!(limit(Deed::Publishing, "2024-07-01T15:00:00Z"), Some(30));
        assert_eq!(limit(Deed::Publishing, "2024-07-01T21:59:59Z"), Some(30));
        assert_eq!(limit(Deed::Publishing, "2024-07-01T22:00:00Z"), Some(60));
        assert_eq!(limit(Deed::Removing, "2024-07-01T15:00:00Z"), Some(20));
        assert_eq!(Pace::UNLIMITED.limit(Deed::Removing, Timestamp::default()), None);
    }
}
