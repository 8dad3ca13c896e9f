//! The editorial board of a site (Ban biên tập): who is on it, by which decision, and who answers for it. Published by law,
//! the contact addresses of its members not.

use chrono::NaiveDate;

use crate::article::{Check, FieldError, FieldRule};
use crate::golive::Decision;
use crate::poison::Where;

/// A board as it was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// The decision that set it up.
    pub decision: Decision,
    /// Its members, in the order of the decision.
    pub members: Vec<Member>,
}

/// Somebody on a board. Need not have an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Full name.
    pub name: String,
    /// Place on the board: Trưởng ban, Phó Trưởng ban thường trực, Thư ký, Thành viên.
    pub position: String,
    /// What the member does, as the decision says it.
    pub duties: Option<String>,
    /// Whether it is the person who answers for the site.
    pub is_accountable: bool,
}

/// Most members of a board; real ones have 3 to 15.
const MAX_MEMBERS: usize = 50;
/// Longest name or position, in characters.
const MAX_NAME: usize = 200;

impl Board {
    /// Checks every field on the day `today`, and brings text to its stored form.
    ///
    /// # Errors
    /// All fields that break a rule.
    pub fn check(input: Self, today: NaiveDate) -> Result<Self, Vec<FieldError>> {
        let Self { decision, members } = input;
        let (mut check, mut errors) = (Check::default(), Vec::new());
        let decision = Decision::check(decision, today).map_err(|broken| errors.extend(broken)).ok();
        if members.len() > MAX_MEMBERS {
            check.fail("members", FieldRule::TooLong(MAX_MEMBERS));
        }
        if members.iter().filter(|member| member.is_accountable).count() != 1 {
            check.fail("members", FieldRule::NotOneAccountable);
        }
        let members = members.into_iter().take(MAX_MEMBERS).map(|member| Member::check(member, &mut check)).collect();
        errors.extend(check.finish().err().into_iter().flatten());
        match decision {
            Some(decision) if errors.is_empty() => Ok(Self { decision, members }),
            _ => Err(errors),
        }
    }
}

impl Member {
    fn check(input: Self, check: &mut Check) -> Self {
        let Self { name, position, duties, is_accountable } = input;
        let name = check.required_line("members.name", &name, MAX_NAME);
        let position = check.required_line("members.position", &position, MAX_NAME);
        let duties = check.optional_line("members.duties", duties);
        let texts = [Some(&name), Some(&position), duties.as_ref()];
        if texts.into_iter().flatten().any(|text| text.contains('@')) {
            check.fail("members", FieldRule::HoldsAnAddress);
        }
        for text in texts.into_iter().flatten() {
            check.honest("members", Where::Title, text);
        }
        Self { name, position, duties, is_accountable }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::parse_day;

    fn member(name: &str, duties: &str, is_accountable: bool) -> Member {
        let (name, duties) = (name.to_owned(), Some(duties.to_owned()));
        Member { name, position: " Trưởng  ban ".to_owned(), duties, is_accountable }
    }

    fn broken(members: Vec<Member>) -> Vec<(&'static str, FieldRule)> {
        let signed_on = parse_day("2025-07-15").unwrap();
        let decision = Decision { number: "12/QĐ-UBND".to_owned(), signed_on, agency: None, url: None };
        let checked = Board::check(Board { decision, members }, parse_day("2025-08-01").unwrap());
        checked.err().unwrap_or_default().into_iter().map(|error| (error.field, error.rule)).collect()
    }

    #[test]
    fn one_member_answers_for_the_site_and_no_address_is_published() {
        let chief = || member("Nguyễn Văn A", "Chịu trách nhiệm chung", true);
        assert_eq!(broken(vec![chief(), member("Trần Thị B", "", false)]), []);
        assert_eq!(broken(vec![]), [("members", FieldRule::NotOneAccountable)]);
        assert_eq!(broken(vec![chief(), chief()]), [("members", FieldRule::NotOneAccountable)]);
        let address = member("Trần Thị B", "Liên hệ b@hatinh.gov.vn", false);
        assert_eq!(broken(vec![chief(), address]), [("members", FieldRule::HoldsAnAddress)]);
        assert_eq!(broken(vec![chief(), member(" ", "", false)]), [("members.name", FieldRule::Blank)]);
        let many = std::iter::once(chief()).chain((0..50).map(|_| member("Trần Thị B", "", false))).collect();
        assert_eq!(broken(many), [("members", FieldRule::TooLong(50))]);
    }
}
