//! Loads the demo: the reference data and content of `lienthong-demo`, through the commands that a province would use.

mod content;

use std::collections::HashMap;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use lienthong_app::commands::access;
use lienthong_app::commands::bulk::Run;
use lienthong_app::commands::registry::{GivenRegistry, TopicsImport, import_topics, put_registry};
use lienthong_app::{App, Snapshot};
use lienthong_demo::{DemoSite, DemoSiteKind, DemoUnit};
use lienthong_domain::access::Role;
use lienthong_domain::ids::{ActorId, CategoryId, SiteId, UnitId};
use lienthong_domain::registry::{ARTICLE_URL_TEMPLATE, Category, Site, SiteKind, Succession, Unit};
use lienthong_domain::time::Timestamp;
use lienthong_domain::unit::{HistoricKey, Level, UnitCode, UnitKind, lineage};
use lienthong_persistence::actors::{self, Reach};

use crate::cli::operator;
use crate::failure::Failure;

/// The first account whose token `serve --demo` prints: chief editor of every site of the province, and its monitor.
pub(crate) const EDITOR: &str = "demo-editor";

/// The second one, which writes there: nobody publishes their own texts.
pub(crate) const WRITER: &str = "demo-writer";

/// The province of the demo. The sites of its former district are closed: on those of today's communes something can be
/// written.
const PROVINCE: &str = "ha-tinh";

/// The accounts of the demo.
pub(crate) struct Staff {
    /// [`EDITOR`].
    pub(crate) editor: ActorId,
    /// [`WRITER`].
    pub(crate) writer: ActorId,
}

/// Loads the demo into the instance at `place`, unless it is there already, and returns its accounts. `base` is the address
/// of this server.
pub(crate) async fn load(app: &App, (base, place): (&str, &str), now: Timestamp) -> Result<Staff, Failure> {
    let store = app.store();
    let editor = actors::find_id(store, EDITOR).await?;
    if let (Some(editor), Some(writer)) = (editor, actors::find_id(store, WRITER).await?) {
        return Ok(Staff { editor, writer });
    }
    let is_ours = if editor.is_some() { is_part_of_the_demo(&app.reference()) } else { is_empty(app).await? };
    if !is_ours {
        return Err(Failure::new(format!(
            "--demo fills an empty instance only, and {place} holds {}: start it on another one, with --data or --database",
            contents(app).await?
        )));
    }
    let bar = bar();
    // The first account comes before everything and marks the instance as the demo's, the second comes last: while it is
    // missing, the demo is not complete and is loaded again.
    let editor =
        access::ensure_actor(store, &operator().permit()?, (EDITOR, "Trưởng ban biên tập minh họa"), now).await?;
    registry(app, now).await?;
    content::load(app, (base, &bar), now).await?;
    bar.finish_and_clear();
    staff(app, editor, now).await
}

/// Whether the instance was begun as the demo's.
pub(crate) async fn is_there(app: &App) -> Result<bool, Failure> {
    Ok(actors::find_id(app.store(), EDITOR).await?.is_some())
}

/// Whether nothing was ever written: every import ends in the log of changes, and an account is in its table.
async fn is_empty(app: &App) -> Result<bool, Failure> {
    Ok(app.store().head().await?.seq == 0 && actors::all(app.store()).await?.is_empty())
}

/// Whether a load that was broken off can have left this.
fn is_part_of_the_demo(reference: &Snapshot) -> bool {
    let knows_unit = |unit: &Unit| lienthong_demo::units().iter().any(|it| it.slug == unit.slug.as_str());
    let knows_site = |site: &Site| lienthong_demo::sites().iter().any(|it| it.host == site.host.as_str());
    reference.units.all().all(|unit| knows_unit(unit)) && reference.sites.in_order().all(|site| knows_site(site))
}

/// What an instance holds, for people.
async fn contents(app: &App) -> Result<String, Failure> {
    let reference = app.reference();
    let counted = [
        (reference.units.all().count(), "units"),
        (reference.sites.in_order().count(), "sites"),
        (reference.topics.all().len(), "topics"),
        (actors::all(app.store()).await?.len(), "accounts"),
    ];
    let held: Vec<String> =
        counted.iter().filter(|(number, _)| *number > 0).map(|(number, what)| format!("{what} ({number})")).collect();
    Ok(if held.is_empty() { "content of others".to_owned() } else { held.join(", ") })
}

/// A bar on the terminal; nothing when the output goes elsewhere.
fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("loading the demo {wide_bar} {pos}/{len} articles");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

async fn registry(app: &App, now: Timestamp) -> Result<(), Failure> {
    let permit = operator().permit()?;
    let topics = TopicsImport { source: lienthong_demo::topics_csv().as_bytes(), unit: None, run: Run::default() };
    import_topics(app, &permit, topics, now).await?;
    let given = given(&app.reference(), now)?;
    Ok(put_registry(app, &permit, &given, now).await?)
}

async fn staff(app: &App, editor: ActorId, now: Timestamp) -> Result<Staff, Failure> {
    let (permit, store) = (operator().permit()?, app.store());
    let missing = || Failure::new("the demo's province is missing");
    let province = Reach::Unit(app.reference().units.by_slug(PROVINCE).ok_or_else(missing)?.id);
    let writer = access::ensure_actor(store, &permit, (WRITER, "Biên tập viên minh họa"), now).await?;
    for (actor, role) in [(editor, Role::ChiefEditor), (editor, Role::OperationsMonitor), (writer, Role::Editor)] {
        access::grant(store, &permit, (actor, role, province), now).await?;
    }
    Ok(Staff { editor, writer })
}

/// The reference data, with the ids of what is there already.
fn given(reference: &Snapshot, now: Timestamp) -> Result<GivenRegistry, Failure> {
    let known = |slug: &str| reference.units.by_slug(slug).map(|unit| unit.id);
    let units: HashMap<&str, UnitId> = lienthong_demo::units()
        .iter()
        .map(|it| (it.slug, known(it.slug).unwrap_or_else(|| UnitId::new(now))))
        .collect();
    let known = |host: &str| reference.sites.by_host(host).map(|site| site.id);
    let sites: HashMap<&str, SiteId> =
        lienthong_demo::sites().iter().map(|it| (it.key, known(it.host).unwrap_or_else(|| SiteId::new(now)))).collect();
    let unit_of = |slug: &str| units.get(slug).copied().ok_or_else(|| Failure::new(format!("no demo unit {slug}")));
    let mut given = GivenRegistry::default();
    for unit in lienthong_demo::units() {
        let id = unit_of(unit.slug)?;
        given.units.push(unit_row(unit, id, unit.parent.map(unit_of).transpose()?)?);
        given.historic.extend(historic_key(unit)?.map(|key| (id, key)));
    }
    for edge in lienthong_demo::successions() {
        let (predecessor, successor) = (unit_of(edge.from)?, unit_of(edge.to)?);
        given.successions.push(Succession { predecessor, successor, part: edge.part.map(str::to_owned) });
    }
    for site in lienthong_demo::sites() {
        let id = sites.get(site.key).copied().unwrap_or_else(|| SiteId::new(now));
        let parent = site.parent.and_then(|parent| sites.get(parent).copied());
        given.sites.push(site_row(site, (id, unit_of(site.key)?, parent))?);
        given.categories.extend(category_rows(reference, id, now)?);
    }
    Ok(given)
}

fn unit_row(unit: &DemoUnit, id: UnitId, parent: Option<UnitId>) -> Result<Unit, Failure> {
    let levels = [Level::Province, Level::District, Level::Commune];
    let kind = UnitKind::split_full_name(unit.full_name, &levels).map(|(kind, _)| kind);
    Ok(Unit {
        id,
        code: unit.code.map(str::parse).transpose()?,
        kind: kind.ok_or_else(|| Failure::new(format!("no kind of unit in {}", unit.full_name)))?,
        name: unit.name.to_owned(),
        full_name: unit.full_name.to_owned(),
        name_en: None,
        slug: unit.slug.parse()?,
        parent,
        valid_from: unit.valid_from,
        valid_to: unit.valid_to,
        lineage: None,
    })
}

/// The key that an import of the national list gives to a former unit: it is to find the demo's instead of making its own.
fn historic_key(unit: &DemoUnit) -> Result<Option<HistoricKey>, Failure> {
    let Some(ended_on) = unit.valid_to else { return Ok(None) };
    let province = lienthong_demo::units().iter().find(|it| it.slug == PROVINCE).and_then(|it| it.code);
    let province: UnitCode = province.ok_or_else(|| Failure::new("the demo's province has no code"))?.parse()?;
    let named = lineage::parse(unit.full_name, Level::Commune).predecessors;
    Ok(named.first().map(|predecessor| HistoricKey::new(province, predecessor, ended_on)))
}

fn site_row(site: &DemoSite, (id, unit, parent): (SiteId, UnitId, Option<SiteId>)) -> Result<Site, Failure> {
    Ok(Site {
        id,
        unit: Some(unit),
        kind: match site.kind {
            DemoSiteKind::Portal => SiteKind::Portal,
            DemoSiteKind::Component => SiteKind::Component,
        },
        parent,
        name: site.name.to_owned(),
        host: site.host.parse()?,
        home_url: format!("https://{}/", site.host),
        article_url_template: ARTICLE_URL_TEMPLATE.to_owned(),
        language: "vi".to_owned(),
        active_from: site.active_from,
        active_to: site.active_to,
    })
}

fn category_rows(reference: &Snapshot, site: SiteId, now: Timestamp) -> Result<Vec<Category>, Failure> {
    let known = |slug: &str| reference.categories.by_slug(site, slug).map(|category| category.id);
    let mut ids: HashMap<&str, CategoryId> = HashMap::new();
    let mut rows = Vec::new();
    for (position, category) in (0..).zip(lienthong_demo::template()) {
        let id = known(category.slug).unwrap_or_else(|| CategoryId::new(now));
        ids.insert(category.slug, id);
        rows.push(Category {
            id,
            site,
            parent: category.parent.and_then(|parent| ids.get(parent).copied()),
            slug: category.slug.parse()?,
            name: category.name.to_owned(),
            topic: reference.topics.by_code(category.topic).map(|topic| topic.id),
            position,
        });
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn former_communes_have_the_keys_that_the_national_list_gives_them() {
        let given = given(&Snapshot::default(), crate::database::now()).unwrap();
        let keys: BTreeSet<String> = given.historic.iter().map(|(_, key)| key.to_string()).collect();
        assert_eq!(keys.len(), 18, "17 communes and their district");
        // The lineage of xã Đan Hải and of xã Tiên Điền in QĐ 19/2025/QĐ-TTg.
        for text in [
            "Xã Đan Trường, Xã Xuân Hải, Xã Xuân Hội, Xã Xuân Phổ",
            "Thị trấn Tiên Điền, Xã Xuân Yên, Xã Xuân Mỹ, Xã Xuân Thành",
        ] {
            let last_day = chrono::NaiveDate::from_ymd_opt(2025, 6, 30).unwrap();
            for named in lineage::parse(text, Level::Commune).predecessors {
                let key = HistoricKey::new("42".parse().unwrap(), &named, last_day).to_string();
                assert!(keys.contains(&key), "{key}");
            }
        }
    }
}
