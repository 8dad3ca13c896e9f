//! Measures `import articles` on a new `SQLite` database with the registry of the demo:
//!
//! ```sh
//! cargo run --release -p lienthong-demo --example big_articles -- 1000000 > articles.jsonl
//! cargo run --release -p lienthong-app --example import_speed -- articles.jsonl NEW.db
//! ```

use std::collections::HashMap;
use std::error::Error;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use lienthong_app::commands::bulk::Run;
use lienthong_app::commands::import_articles::{ArticlesImport, Position, import_articles};
use lienthong_app::commands::registry::{TopicsImport, import_topics};
use lienthong_app::{App, CursorKey};
use lienthong_domain::access::Actor;
use lienthong_domain::ids::{ActorId, CategoryId, SiteId, UnitId};
use lienthong_domain::registry::{ARTICLE_URL_TEMPLATE, Category, Site, SiteKind, Unit};
use lienthong_domain::time::Timestamp;
use lienthong_domain::unit::UnitKind;
use lienthong_persistence::{Location, Record, Store, categories, sites, units};

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Articles between two lines of the output.
const STEP: u64 = 100_000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(file), Some(database)) = (arguments.next(), arguments.next()) else {
        return Err("usage: import_speed FILE NEW_DATABASE".into());
    };
    let app = prepared(Path::new(&database)).await?;
    let permit = Actor::operator(ActorId::new(now())).permit()?;
    let laps = Mutex::new((Instant::now(), 0));
    let progress = |position: Position| lap(&laps, position);
    let source = BufReader::with_capacity(1 << 20, File::open(file)?);
    let import = ArticlesImport { source, dry_run: false, progress: &progress };
    let started = Instant::now();
    let report = import_articles(&app, &permit, import, Arc::new(now)).await?;
    let rate = rate(report.read, started);
    println!(
        "{} created, {} unchanged, {} refused: {rate:.0} articles/s overall",
        report.created, report.unchanged, report.refused
    );
    report.errors.iter().take(5).for_each(|error| println!("{error}"));
    Ok(())
}

fn now() -> Timestamp {
    Timestamp::from(chrono::Utc::now())
}

fn rate(articles: u64, since: Instant) -> f64 {
    f64::from(u32::try_from(articles).unwrap_or(u32::MAX)) / since.elapsed().as_secs_f64()
}

fn lap(laps: &Mutex<(Instant, u64)>, position: Position) {
    let Ok(mut last) = laps.lock() else { return };
    if position.lines >= last.1 + STEP {
        let rate = rate(position.lines - last.1, last.0);
        println!("{:>9} articles, the last {} at {rate:.0}/s", position.lines, position.lines - last.1);
        *last = (Instant::now(), position.lines);
    }
}

/// A database with the registry of the demo; one that exists is taken as it is.
async fn prepared(database: &Path) -> Result<Arc<App>, Box<dyn Error>> {
    let exists = database.exists();
    let store = Store::open(Location::File(database.to_owned())).await?;
    store.migrate().await?;
    if !exists {
        let app = App::start(store.clone(), CursorKey::new([7; 32])).await?;
        let permit = Actor::operator(ActorId::new(now())).permit()?;
        let source = lienthong_demo::topics_csv().as_bytes();
        import_topics(&app, &permit, TopicsImport { source, unit: None, run: Run::default() }, now()).await?;
        let topics = app.reference().topics.all().iter().map(|topic| (topic.code.to_string(), topic.id)).collect();
        let units: HashMap<_, _> = lienthong_demo::units().iter().map(|unit| (unit.slug, UnitId::new(now()))).collect();
        let tx = store.begin().await?;
        units::put(
            &tx,
            &lienthong_demo::units().iter().map(|unit| demo_unit(unit, &units)).collect::<Result<Vec<_>, _>>()?,
        )
        .await?;
        let made: Vec<Site> =
            lienthong_demo::sites().iter().map(|site| demo_site(site, &units)).collect::<Result<_, _>>()?;
        sites::put(&tx, &made).await?;
        for site in &made {
            categories::put(&tx, &menu(site.id, &topics)?).await?;
        }
        tx.commit(Record::default()).await?;
    }
    Ok(App::start(store, CursorKey::new([7; 32])).await?)
}

fn demo_unit(unit: &lienthong_demo::DemoUnit, ids: &HashMap<&str, UnitId>) -> Result<Unit, Box<dyn Error>> {
    Ok(Unit {
        id: ids[unit.slug],
        code: unit.code.map(str::parse).transpose()?,
        kind: UnitKind::ALL.into_iter().find(|kind| kind.label() == unit.kind).ok_or("an unknown kind of unit")?,
        name: unit.name.to_owned(),
        full_name: unit.full_name.to_owned(),
        name_en: None,
        slug: unit.slug.parse()?,
        parent: unit.parent.map(|parent| ids[parent]),
        valid_from: unit.valid_from,
        valid_to: unit.valid_to,
        lineage: None,
    })
}

fn demo_site(site: &lienthong_demo::DemoSite, units: &HashMap<&str, UnitId>) -> Result<Site, Box<dyn Error>> {
    Ok(Site {
        id: SiteId::new(now()),
        unit: Some(units[site.key]),
        kind: SiteKind::Standalone,
        parent: None,
        name: site.name.to_owned(),
        host: site.host.parse()?,
        home_url: format!("https://{}/", site.host),
        article_url_template: ARTICLE_URL_TEMPLATE.to_owned(),
        language: "vi".to_owned(),
        active_from: site.active_from,
        active_to: site.active_to,
    })
}

fn menu(
    site: SiteId,
    topics: &HashMap<String, lienthong_domain::ids::TopicId>,
) -> Result<Vec<Category>, Box<dyn Error>> {
    let mut made: Vec<Category> = Vec::new();
    for (position, category) in (0..).zip(lienthong_demo::template()) {
        let parent = made.iter().find(|made| Some(made.slug.as_str()) == category.parent).map(|made| made.id);
        made.push(Category {
            id: CategoryId::new(now()),
            site,
            parent,
            slug: category.slug.parse()?,
            name: category.name.to_owned(),
            topic: topics.get(category.topic).copied(),
            position,
        });
    }
    Ok(made)
}
