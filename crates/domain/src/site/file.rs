//! Sites as a CSV table: `host`, and any of the other columns (docs/formats/sites-csv.md).

use std::io::Read;

use chrono::NaiveDate;

use super::{SiteRule, check, check_template};
use crate::article::{Check, MAX_LINE};
use crate::host::HostName;
use crate::ids::{SiteId, UnitId};
use crate::language::{self, LanguageTag};
use crate::registry::{ARTICLE_URL_TEMPLATE, CATALOGUE_HOST, Site, SiteKind};
use crate::text::table::{self, Columns, Row, RowError, RowProblem, Table, TableError, noted};
use crate::time::parse_day;

const COLUMNS: Columns = Columns {
    required: &["host"],
    optional: &[
        "unit",
        "kind",
        "parent",
        "name",
        "home_url",
        "article_url_template",
        "language",
        "active_from",
        "active_to",
    ],
};

/// What one row says of a site; `None` for a column that the table leaves out. All text is in normal form C.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteRecord {
    /// Line of the file on which the row begins.
    pub line: u64,
    /// The host, by which a site is known.
    pub host: HostName,
    /// The unit whose site it is, by code or slug.
    pub unit: Option<String>,
    /// How it is hosted.
    pub kind: Option<SiteKind>,
    /// The host of the portal of which it is a component, if of any.
    pub parent: Option<Option<HostName>>,
    /// Name as registered.
    pub name: Option<String>,
    /// Public address of the home page.
    pub home_url: Option<String>,
    /// Public address of an article.
    pub article_url_template: Option<String>,
    /// Main language.
    pub language: Option<String>,
    /// First day of operation.
    pub active_from: Option<NaiveDate>,
    /// Last day of operation, if there is one.
    pub active_to: Option<Option<NaiveDate>>,
}

/// Where a site stands in the registry: what its row names, looked up, or what is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The unit whose site it is; `None` only for a new site whose row names none.
    pub unit: Option<UnitId>,
    /// The portal of which it is a component.
    pub parent: Option<SiteId>,
}

/// Reads sites. Rows that break a rule are reported with line and column; the others are kept, in file order.
///
/// # Errors
/// [`TableError`] when the header has another column or no `host`, or the source fails.
pub fn read(source: impl Read) -> Result<Table<SiteRecord>, TableError> {
    table::read(source, COLUMNS, parse_row)
}

impl SiteRecord {
    /// The site as the row has it: what it does not state is as found, and for a new site as it is by default.
    ///
    /// # Errors
    /// What a new site lacks, and the rules of [`check`] that the site breaks.
    pub fn site(&self, (id, found): (SiteId, Option<&Site>), place: Place) -> Result<Site, Vec<RowError>> {
        let mut errors = Vec::new();
        let unit = noted(&mut errors, self.needed("unit", place.unit));
        let kind = noted(&mut errors, self.needed("kind", self.kind.or(found.map(|found| found.kind))));
        let name = self.name.clone().or_else(|| found.map(|found| found.name.clone()));
        let name = noted(&mut errors, self.needed("name", name));
        let active_from = self.active_from.or(found.map(|found| found.active_from));
        let active_from = noted(&mut errors, self.needed("active_from", active_from));
        let (Some(unit), Some(kind), Some(name), Some(active_from)) = (unit, kind, name, active_from) else {
            return Err(errors);
        };
        let known = |of: fn(&Site) -> &str| found.map(of);
        let home_url = self.home_url.as_deref().or(known(|site| &site.home_url));
        let template = self.article_url_template.as_deref().or(known(|site| &site.article_url_template));
        let language = self.language.as_deref().or(known(|site| &site.language));
        self.sound(Site {
            id,
            unit: Some(unit),
            kind,
            parent: place.parent,
            name,
            host: self.host.clone(),
            home_url: home_url.map_or_else(|| home_of(&self.host), str::to_owned),
            article_url_template: template.unwrap_or(ARTICLE_URL_TEMPLATE).to_owned(),
            language: language.unwrap_or(language::MAIN).to_owned(),
            active_from,
            active_to: self.active_to.unwrap_or_else(|| found.and_then(|found| found.active_to)),
        })
    }

    fn sound(&self, site: Site) -> Result<Site, Vec<RowError>> {
        match check(&site) {
            Ok(()) => Ok(site),
            Err(rules) => Err(rules.into_iter().map(|rule| self.breaks(rule, &site)).collect()),
        }
    }

    /// A finding of the caller about a column.
    pub fn wrong(&self, field: &'static str, value: impl Into<String>, reason: &str) -> RowError {
        let problem = RowProblem::Invalid { value: value.into(), reason: reason.to_owned() };
        RowError { line: self.line, field, problem }
    }

    fn breaks(&self, rule: SiteRule, site: &Site) -> RowError {
        let (field, value) = match rule {
            SiteRule::EndsBeforeItBegins => ("active_to", site.active_to.map(|day| day.to_string())),
            SiteRule::OnNoPortal => ("parent", self.parent.clone().flatten().map(String::from)),
        };
        self.wrong(field, value.unwrap_or_default(), &rule.to_string())
    }

    fn needed<T>(&self, field: &'static str, value: Option<T>) -> Result<T, RowError> {
        value.ok_or(RowError { line: self.line, field, problem: RowProblem::Empty })
    }
}

fn parse_row(row: &Row<'_>) -> Result<SiteRecord, Vec<RowError>> {
    let mut errors = Vec::new();
    let host = noted(&mut errors, host(row));
    let unit = noted(&mut errors, row.if_stated("unit", Row::required));
    let kind = noted(&mut errors, row.if_stated("kind", kind));
    let parent = noted(&mut errors, row.if_stated("parent", Row::parse_optional::<HostName>));
    let name = noted(&mut errors, row.if_stated("name", name));
    let home_url = noted(&mut errors, row.if_stated("home_url", optional_address));
    let template = noted(&mut errors, row.if_stated("article_url_template", template));
    let language = noted(&mut errors, row.if_stated("language", language_tag));
    let active_from = noted(&mut errors, row.if_stated("active_from", required_day));
    let active_to = noted(&mut errors, row.if_stated("active_to", day));
    let places = host.zip(unit).zip(kind.zip(parent));
    let texts = name.zip(home_url).zip(template.zip(language));
    let (Some(((host, unit), (kind, parent))), Some(((name, home_url), (template, language))), Some(days)) =
        (places, texts, active_from.zip(active_to))
    else {
        return Err(errors);
    };
    Ok(SiteRecord {
        line: row.line(),
        home_url: home_url.map(|url| url.unwrap_or_else(|| home_of(&host))),
        host,
        unit,
        kind,
        parent,
        name,
        article_url_template: template,
        language,
        active_from: days.0,
        active_to: days.1,
    })
}

/// The home page of a site that states none.
fn home_of(host: &HostName) -> String {
    format!("https://{host}/")
}

fn host(row: &Row<'_>) -> Result<HostName, RowError> {
    let host = row.parse::<HostName>("host")?;
    let is_free = host.as_str() != CATALOGUE_HOST;
    if is_free { Ok(host) } else { Err(row.invalid("host", &"it is taken by the national catalogue of procedures")) }
}

fn kind(row: &Row<'_>, field: &'static str) -> Result<SiteKind, RowError> {
    // The catalogue comes with the procedures, and there is one.
    let kind = SiteKind::parse(&row.required(field)?).filter(|kind| *kind != SiteKind::Catalogue);
    kind.ok_or_else(|| row.invalid(field, &"a site is a portal, standalone or a component"))
}

fn name(row: &Row<'_>, field: &'static str) -> Result<String, RowError> {
    let name = row.required(field)?;
    checked(row, field, |check| check.required_line(field, &name, MAX_LINE))
}

fn optional_address(row: &Row<'_>, field: &'static str) -> Result<Option<String>, RowError> {
    let text = row.text(field);
    (!text.is_empty()).then(|| checked(row, field, |check| check.address(field, &text))).transpose()
}

fn checked<T>(row: &Row<'_>, field: &'static str, read: impl FnOnce(&mut Check) -> T) -> Result<T, RowError> {
    let mut check = Check::default();
    let value = read(&mut check);
    let errors = check.finish().err().unwrap_or_default();
    errors.first().map_or(Ok(value), |error| Err(row.invalid(field, &error.rule)))
}

fn template(row: &Row<'_>, field: &'static str) -> Result<String, RowError> {
    let text = row.text(field);
    if text.is_empty() {
        return Ok(ARTICLE_URL_TEMPLATE.to_owned());
    }
    check_template(&text).map(|()| text).map_err(|error| row.invalid(field, &error))
}

fn language_tag(row: &Row<'_>, field: &'static str) -> Result<String, RowError> {
    let text = row.text(field);
    if text.is_empty() {
        return Ok(language::MAIN.to_owned());
    }
    LanguageTag::parse(&text).map(String::from).map_err(|error| row.invalid(field, &error))
}

fn required_day(row: &Row<'_>, field: &'static str) -> Result<NaiveDate, RowError> {
    parse_day(&row.required(field)?).map_err(|error| row.invalid(field, &error))
}

fn day(row: &Row<'_>, field: &'static str) -> Result<Option<NaiveDate>, RowError> {
    if row.text(field).is_empty() { Ok(None) } else { required_day(row, field).map(Some) }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const HOST: &str = "nghixuan.hatinh.gov.vn";
    const ID: SiteId = SiteId::from_uuid(Uuid::nil());

    fn one(header: &str, row: &str) -> SiteRecord {
        let mut table = read(format!("{header}\n{row}\n").as_bytes()).unwrap();
        assert_eq!(table.errors, []);
        table.rows.remove(0)
    }

    fn portal() -> Site {
        let header = "host,kind,name,active_from,active_to";
        let row = format!("{HOST},portal,Cổng thông tin điện tử huyện Nghi Xuân,2012-01-01,2025-06-30");
        let place = Place { unit: Some(UnitId::from_uuid(Uuid::nil())), parent: None };
        one(header, &row).site((ID, None), place).unwrap()
    }

    fn messages(errors: Vec<RowError>) -> Vec<String> {
        errors.into_iter().map(|error| error.to_string()).collect()
    }

    fn again(header: &str, row: &str) -> Result<Site, Vec<String>> {
        let found = portal();
        let place = Place { unit: found.unit, parent: found.parent };
        one(header, row).site((found.id, Some(&found)), place).map_err(messages)
    }

    #[test]
    fn a_new_site_has_the_usual_addresses_and_language() {
        let site = portal();
        assert_eq!((site.home_url.as_str(), site.language.as_str()), ("https://nghixuan.hatinh.gov.vn/", "vi"));
        assert_eq!(site.article_url_template, ARTICLE_URL_TEMPLATE);
        assert_eq!(site.active_to, parse_day("2025-06-30").ok());
    }

    #[test]
    fn a_column_that_is_left_out_leaves_things_as_they_are_and_an_empty_cell_takes_them_back() {
        assert_eq!(again("host", HOST), Ok(portal()));
        let other = again("host,home_url,active_to", &format!("{HOST},https://nghixuan.example/cong,")).unwrap();
        assert_eq!((other.home_url.as_str(), other.active_to), ("https://nghixuan.example/cong", None));
        assert_eq!(Site { home_url: portal().home_url, active_to: portal().active_to, ..other }, portal());
        assert_eq!(again("host,home_url,language", &format!("{HOST},,")), Ok(portal()));
    }

    #[test]
    fn a_new_site_needs_unit_kind_name_and_first_day() {
        let nowhere = Place { unit: None, parent: None };
        let errors = one("host", HOST).site((ID, None), nowhere).unwrap_err();
        let expected = ["unit", "kind", "name", "active_from"].map(|field| format!("line 2, {field}: is empty"));
        assert_eq!(messages(errors), expected);
    }

    #[test]
    fn the_rules_of_the_whole_record_name_a_column_too() {
        let ends = again("host,active_to", &format!("{HOST},2011-12-31")).unwrap_err();
        assert_eq!(ends, ["line 2, active_to: \"2011-12-31\" is not valid: it lies before active_from"]);
        let rule = "a component stands on a portal, and no other site does";
        let alone = again("host,kind", &format!("{HOST},component")).unwrap_err();
        assert_eq!(alone, [format!("line 2, parent: \"\" is not valid: {rule}")]);
        assert!(again("host,active_to", &format!("{HOST},2012-01-01")).is_ok());
    }

    #[test]
    fn every_broken_rule_of_a_row_is_reported() {
        let text = "active_from,host,unit,kind,parent,name,home_url,article_url_template,language,active_to\n\
            1/1/2012,Nghixuan,,catalogue,x,,nghixuan,https://{host}/,tiếng Việt,2025-06-31\n\
            2012-01-01,procedures.invalid,42,portal,,Cổng,,,,\n";
        let table = read(text.as_bytes()).unwrap();
        let places: Vec<_> = table.errors.iter().map(|error| (error.line, error.field)).collect();
        let all = COLUMNS.required.iter().chain(COLUMNS.optional).map(|field| (2, *field));
        assert_eq!(places, all.chain([(3, "host")]).collect::<Vec<_>>());
        assert!(table.rows.is_empty());
    }
}
