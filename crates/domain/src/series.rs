//! Series (chuyên đề, loạt bài): articles of one site that belong together, whatever their categories.

use crate::article::{Check, FieldError, MAX_SUMMARY, MAX_TITLE};
use crate::ids::{SeriesId, SiteId};
use crate::poison::Where;
use crate::slug::Slug;

/// A series of one site. It is never taken out, so an article that names it can rely on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// Lasting identity.
    pub id: SeriesId,
    /// The site it belongs to.
    pub site: SiteId,
    /// Readable key, unique on the site; fixed.
    pub slug: Slug,
    /// What its page shows.
    pub text: SeriesText,
}

/// What the page of a series shows above its articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesText {
    /// Title: plain text, one line.
    pub title: String,
    /// Summary: plain text.
    pub summary: String,
}

impl SeriesText {
    /// Checks every field and brings it to its stored form.
    ///
    /// # Errors
    /// All fields that break a rule.
    pub fn check(self) -> Result<Self, Vec<FieldError>> {
        let mut check = Check::default();
        let title = check.required_line("title", &self.title, MAX_TITLE);
        let summary = check.text("summary", &self.summary, MAX_SUMMARY);
        check.honest("title", Where::Title, &title);
        check.honest("summary", Where::Question, &summary);
        check.finish()?;
        Ok(Self { title, summary })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::FieldRule;

    fn text(title: &str, summary: &str) -> SeriesText {
        SeriesText { title: title.to_owned(), summary: summary.to_owned() }
    }

    #[test]
    fn a_title_is_one_line_and_every_wrong_field_is_named() {
        let checked = text("  Xây dựng\n nông thôn mới ", " Loạt bài ").check().unwrap();
        assert_eq!(checked, text("Xây dựng nông thôn mới", "Loạt bài"));
        let errors = text(" ", &"a".repeat(MAX_SUMMARY + 1)).check().unwrap_err();
        let fields: Vec<&str> = errors.iter().map(|error| error.field).collect();
        assert_eq!(fields, ["title", "summary"]);
        let errors = text("Nhà cái 8xbet uy tín số 1: nạp rút 1 phút, tài xỉu đổi thưởng", "").check().unwrap_err();
        assert_eq!((errors[0].field, &errors[0].rule), ("title", &FieldRule::Injected));
    }
}
