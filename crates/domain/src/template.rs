//! The template from which the sites of a province are provisioned: how they are named and which categories they have.
//!
//! A template is written in TOML or JSON; both have the same shape (docs/formats/category-template.md):
//!
//! ```toml
//! # How a component site is named; `{unit}` stands for the unit, such as "xã Tiên Điền". These are the defaults.
//! site_name = "Trang Thông tin điện tử {unit}"
//! portal_name = "Cổng Thông tin điện tử {unit}"
//!
//! # What has to be said of images before an article is published. These are the defaults.
//! [images]
//! alt = true
//! credit = true
//!
//! [[categories]]
//! name = "Tin tức – Sự kiện"
//! topic = "tt.tin"             # code of the catalogue; found by the name when absent
//!
//! [[categories]]
//! slug = "van-ban"             # made from the name when absent; unique in the whole template
//! name = "Văn bản"
//!
//! [[categories.children]]
//! name = "Văn bản điều hành"
//! ```

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::media::MediaRule;
use crate::slug::{Slug, slugify};
use crate::text::nfc;
use crate::topic::TopicCode;

/// A checked template.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Form")]
pub struct SiteTemplate {
    site_name: String,
    portal_name: String,
    images: MediaRule,
    categories: Vec<CategoryTemplate>,
}

/// One category of the template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryTemplate {
    /// Its key on each site.
    pub slug: Slug,
    /// Its name, in normal form C.
    pub name: String,
    /// The code of its topic, when the template names it.
    pub topic: Option<TopicCode>,
    /// Where the category above it stands in [`SiteTemplate::categories`]: always before it.
    pub parent: Option<usize>,
    /// Order among its siblings.
    pub position: i32,
}

/// The rule a template breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A name without letter or digit.
    #[error("category {0:?} needs a slug: its name has no letter")]
    NoSlug(String),
    /// One slug for two categories.
    #[error("two categories have the slug {0}")]
    RepeatedSlug(Slug),
    /// Deeper than [`MAX_DEPTH`].
    #[error("category {0:?} lies deeper than {MAX_DEPTH} levels")]
    TooDeep(String),
}

/// Levels of categories at most; real portals have two, some three.
pub const MAX_DEPTH: usize = 8;

impl SiteTemplate {
    /// All categories, each after the one above it.
    pub fn categories(&self) -> &[CategoryTemplate] {
        &self.categories
    }

    /// What has to be said of images before an article is published.
    pub const fn images(&self) -> MediaRule {
        self.images
    }

    /// The name of a component site of `unit`, given as `xã Tiên Điền`.
    pub fn site_name(&self, unit: &str) -> String {
        self.site_name.replace("{unit}", unit)
    }

    /// The name of the portal of `unit`, given as `tỉnh Hà Tĩnh`.
    pub fn portal_name(&self, unit: &str) -> String {
        self.portal_name.replace("{unit}", unit)
    }

    fn add(&mut self, forms: Vec<CategoryForm>, parent: Option<usize>, depth: usize) -> Result<(), TemplateError> {
        for (position, form) in (0..).zip(forms) {
            let CategoryForm { slug, name, topic, children } = form;
            if depth > MAX_DEPTH {
                return Err(TemplateError::TooDeep(name));
            }
            let slug = slug.or_else(|| slugify(&name)).ok_or_else(|| TemplateError::NoSlug(name.clone()))?;
            let name = nfc(name.trim()).into_owned();
            self.categories.push(CategoryTemplate { slug, name, topic, parent, position });
            self.add(children, Some(self.categories.len() - 1), depth + 1)?;
        }
        Ok(())
    }
}

/// The template as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    #[serde(default = "default_site_name")]
    site_name: String,
    #[serde(default = "default_portal_name")]
    portal_name: String,
    #[serde(default)]
    images: MediaRule,
    categories: Vec<CategoryForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CategoryForm {
    slug: Option<Slug>,
    name: String,
    topic: Option<TopicCode>,
    #[serde(default)]
    children: Vec<CategoryForm>,
}

fn default_site_name() -> String {
    "Trang Thông tin điện tử {unit}".to_owned()
}

fn default_portal_name() -> String {
    "Cổng Thông tin điện tử {unit}".to_owned()
}

impl TryFrom<Form> for SiteTemplate {
    type Error = TemplateError;

    fn try_from(form: Form) -> Result<Self, TemplateError> {
        let Form { site_name, portal_name, images, categories } = form;
        let mut template = Self { site_name, portal_name, images, categories: Vec::new() };
        template.add(categories, None, 1)?;
        let mut seen = BTreeSet::new();
        match template.categories.iter().find(|category| !seen.insert(&category.slug)) {
            Some(repeated) => Err(TemplateError::RepeatedSlug(repeated.slug.clone())),
            None => Ok(template),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(template: Value) -> Result<SiteTemplate, String> {
        serde_json::from_value(template).map_err(|error| error.to_string())
    }

    #[test]
    fn categories_are_listed_after_the_one_above_them() {
        let template = read(json!({"categories": [
            {"name": "Tin tức – Sự kiện", "topic": "tt.tin"},
            {"name": "Văn bản", "slug": "vb", "children": [{"name": "Quy phạm"}, {"name": "Điều hành"}]},
        ]}))
        .unwrap();
        let rows: Vec<_> = template.categories().iter().map(|c| (c.slug.as_str(), c.parent, c.position)).collect();
        assert_eq!(
            rows,
            [("tin-tuc-su-kien", None, 0), ("vb", None, 1), ("quy-pham", Some(1), 0), ("dieu-hanh", Some(1), 1)]
        );
        assert_eq!(template.images(), MediaRule::default());
        let lenient = read(json!({"images": {"credit": false}, "categories": []})).unwrap();
        assert_eq!(lenient.images(), MediaRule { alt: true, credit: false });
        assert_eq!(template.site_name("xã Tiên Điền"), "Trang Thông tin điện tử xã Tiên Điền");
    }

    #[test]
    fn what_breaks_a_rule_is_refused_by_name() {
        let mut deep = json!({"name": "Đáy"});
        for _ in 0..MAX_DEPTH {
            deep = json!({"name": "x", "slug": "a", "children": [deep]});
        }
        let table = [
            (json!([{"name": "Tin tức"}, {"name": "Tin Tức"}]), "two categories have the slug tin-tuc"),
            (json!([{"name": "–"}]), "needs a slug"),
            (json!([{"name": "Tin", "slug": "Tin Tức"}]), "a slug has only a-z"),
            (json!([{"name": "Tin", "chidren": []}]), "unknown field `chidren`"),
            (json!([deep]), "lies deeper than 8 levels"),
        ];
        for (categories, reason) in table {
            let error = read(json!({"categories": categories})).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }
}
