//! The record of a site: what holds for it, and its table.

pub mod file;
mod outside;

pub use outside::DatedOutside;

use crate::article::{Check, FieldRule};
use crate::registry::{Site, SiteKind};

/// A rule that the record of a site breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SiteRule {
    /// Its last day lies before its first one.
    #[error("it lies before active_from")]
    EndsBeforeItBegins,
    /// A component without a portal, or something else with one (NĐ 224/2026 Đ11 k1).
    #[error("a component stands on a portal, and no other site does")]
    OnNoPortal,
}

/// A template that makes no addresses of articles.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// All articles would have one address.
    #[error("it has to contain {{slug}}")]
    WithoutSlug,
    /// No address, with the placeholders filled in.
    #[error("{0}, with {{host}} and {{slug}} as the only placeholders")]
    Address(FieldRule),
}

/// Checks the record of a site, beside what its values are by themselves.
///
/// # Errors
/// Every rule that it breaks.
pub fn check(site: &Site) -> Result<(), Vec<SiteRule>> {
    let mut broken = Vec::new();
    if site.active_to.is_some_and(|last| last < site.active_from) {
        broken.push(SiteRule::EndsBeforeItBegins);
    }
    if (site.kind == SiteKind::Component) != site.parent.is_some() {
        broken.push(SiteRule::OnNoPortal);
    }
    if broken.is_empty() { Ok(()) } else { Err(broken) }
}

/// Checks a template of the addresses of articles, see [`Site::article_url_template`].
///
/// # Errors
/// [`TemplateError`].
pub fn check_template(template: &str) -> Result<(), TemplateError> {
    if !template.contains("{slug}") {
        return Err(TemplateError::WithoutSlug);
    }
    let filled = template.replace("{host}", "example.vn").replace("{slug}", "tin");
    if filled.contains(['{', '}']) {
        return Err(TemplateError::Address(FieldRule::NotAnAddress));
    }
    let mut check = Check::default();
    check.address("article_url_template", &filled);
    let errors = check.finish().err().unwrap_or_default();
    errors.into_iter().next().map_or(Ok(()), |error| Err(TemplateError::Address(error.rule)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_makes_an_address_of_its_own_for_each_article() {
        let wrong = "must be an absolute http or https address, with {host} and {slug} as the only placeholders";
        let table = [
            ("https://{host}/{slug}", None),
            ("http://www.nghixuan.hatinh.gov.vn/tin-tuc/{slug}.html", None),
            ("https://{host}/", Some("it has to contain {slug}")),
            ("", Some("it has to contain {slug}")),
            ("/{slug}", Some(wrong)),
            ("ftp://{host}/{slug}", Some(wrong)),
            ("https://{host}/{id}/{slug}", Some(wrong)),
        ];
        for (template, rule) in table {
            assert_eq!(check_template(template).err().map(|error| error.to_string()).as_deref(), rule, "{template}");
        }
    }
}
