//! The sets of data, made once through the program's own commands and kept in `target/bench`.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::exchange;
use super::install::Tools;
use super::load;
use super::nginx::Nginx;
use super::program::{self, Cache, Place, Server};
use super::queries;
use crate::workspace;

/// Articles of the sparse set.
const SPARSE: u64 = 300_000;

/// Old articles on the sites that are dormant.
const DORMANT: u64 = 85;

/// Articles after which the last part of an import is timed.
const LAST: u64 = 100_000;

/// Bytes of the file that nginx serves beside it, and seconds for which it is asked.
const REFERENCE: (usize, u32) = (9_514, 4);

/// The province of the dormant sites.
pub(super) const DORMANT_UNIT: &str = "93";

/// A set of data.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Set {
    Hundred,
    Million,
    Sparse,
}

impl Set {
    pub(super) const ALL: [Self; 3] = [Self::Hundred, Self::Million, Self::Sparse];

    /// Its name on the command line.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Hundred => "100k",
            Self::Million => "1m",
            Self::Sparse => "sparse",
        }
    }

    const fn articles(self) -> u64 {
        match self {
            Self::Hundred => 100_000,
            Self::Million => 1_000_000,
            Self::Sparse => SPARSE,
        }
    }
}

/// The folder of a set; made now when it is not there as a whole.
pub(super) fn prepared(tools: &Tools, set: Set, folder: &Path) -> io::Result<Place> {
    kept(set.name(), folder, |place| match set {
        Set::Sparse => sparse(place, folder),
        Set::Hundred | Set::Million => proportioned(place, set.articles(), (tools, folder)),
    })
}

/// The demo, and `count` articles more on one of its sites, the portal with this host.
pub(super) fn of_one_site(host: &str, count: u64, folder: &Path) -> io::Result<Place> {
    kept(&format!("site-{count}"), folder, |place| {
        drop(Server::start(place, Cache::Off, &["--demo"])?);
        let list = folder.join("host");
        fs::write(&list, host)?;
        let file = articles(folder, (count, 0, count), Some(&list))?;
        import(place, &file, count).map(drop)
    })
}

/// The folder `name`, as `made` leaves it, with its search index.
fn kept(name: &str, folder: &Path, made: impl FnOnce(&Place) -> io::Result<()>) -> io::Result<Place> {
    let place = Place { folder: folder.join(name), database: None };
    let complete = folder.join(format!("{name}.complete"));
    let schema = schema()?;
    if fs::read_to_string(&complete).ok() != Some(schema.clone()) {
        eprintln!("xtask: making the set {name} in {}", place.folder.display());
        program::emptied(&place.folder)?;
        made(&place)?;
        indexed(&place)?;
        fs::write(complete, schema)?;
    }
    Ok(place)
}

/// The text of all migrations: a set that was made under others is made anew.
fn schema() -> io::Result<String> {
    let entries = fs::read_dir(workspace::root().join("migrations/src"))?;
    let mut files = entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    files.sort();
    files.iter().map(fs::read_to_string).collect()
}

/// A hundred thousand articles on PostgreSQL.
pub(super) fn on_postgres(tools: &Tools, folder: &Path, url: &str) -> io::Result<Place> {
    let place = Place { folder: folder.join("postgres"), database: Some(url.to_owned()) };
    program::emptied(&place.folder)?;
    program::timed(program::lienthong(&place).arg("migrate").stdout(Stdio::null()))?;
    proportioned(&place, Set::Hundred.articles(), (tools, folder))?;
    indexed(&place)?;
    Ok(place)
}

/// The demo, and articles for its sites.
fn proportioned(place: &Place, count: u64, (tools, folder): (&Tools, &Path)) -> io::Result<()> {
    drop(Server::start(place, Cache::Off, &["--demo"])?);
    let before = count.saturating_sub(LAST);
    if before > 0 {
        let file = articles(folder, (count, 0, before), None)?;
        println!("import articles: the first {before}, {:.0} a second", rate(import(place, &file, before)?, before));
    }
    let file = articles(folder, (count, before, count), None)?;
    let first = nginx(tools, folder)?;
    let imported = rate(import(place, &file, count - before)?, count - before);
    let second = nginx(tools, folder)?;
    println!(
        "import articles: the last {}, {imported:.0} a second; nginx with a file of {} bytes {first:.0} before and {second:.0} \
         after: {:.0} for 1,000 of its answers",
        count - before,
        REFERENCE.0,
        imported / (first + second) * 2_000.0,
    );
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "numbers of articles stay far below 2^52")]
fn rate(time: Duration, count: u64) -> f64 {
    count as f64 / time.as_secs_f64()
}

/// What the machine gives just now, in answers a second.
fn nginx(tools: &Tools, folder: &Path) -> io::Result<f64> {
    let (size, seconds) = REFERENCE;
    let nginx = Nginx::start(&tools.nginx, folder, size)?;
    Ok(load::plain(&tools.wrk, nginx.address, "/answer.json", seconds)?.per_second)
}

/// An invented country: every site has a few articles, those of one province only old ones.
fn sparse(place: &Place, folder: &Path) -> io::Result<()> {
    let registry = folder.join("registry");
    program::timed(Command::new(program::built("bench_data")).arg("registry").arg(&registry))?;
    let file = |name: &str| registry.join(name).display().to_string();
    quietly(place, &["import", "topics", &file("topics.csv")])?;
    quietly(place, &["import", "units", &file("units.csv")])?;
    for province in 60..94 {
        quietly(place, &["provision", "--unit", &province.to_string(), "--template", &file("template.json")])?;
    }
    let server = Server::start(place, Cache::Off, &[])?;
    let hosts = queries::hosts(server.address)?;
    drop(server);
    for (dormant, from, to) in [(true, 0, DORMANT), (false, DORMANT, SPARSE)] {
        let chosen = hosts.iter().filter(|(_, unit)| unit.len() == 5 && unit.starts_with(DORMANT_UNIT) == dormant);
        let lines: Vec<&str> = chosen.map(|(host, _)| host.as_str()).collect();
        let list = registry.join("hosts");
        fs::write(&list, lines.join("\n"))?;
        let file = articles(folder, (SPARSE, from, to), Some(&list))?;
        import(place, &file, to - from)?;
    }
    Ok(())
}

fn quietly(place: &Place, arguments: &[&str]) -> io::Result<Duration> {
    program::timed(program::lienthong(place).args(arguments).stdout(Stdio::null()))
}

fn articles(folder: &Path, (count, from, to): (u64, u64, u64), hosts: Option<&Path>) -> io::Result<PathBuf> {
    let file = folder.join("articles.jsonl");
    let mut command = Command::new(program::built("bench_data"));
    command.arg("articles").args([count, from, to].map(|number| number.to_string())).args(hosts);
    program::timed(command.stdout(File::create(&file)?))?;
    Ok(file)
}

/// Imports the articles of a file, all of which must come in as new ones.
fn import(place: &Place, file: &Path, count: u64) -> io::Result<Duration> {
    let told = file.with_extension("report");
    let mut command = program::lienthong(place);
    command.args(["import", "articles", "--json"]).arg(file);
    let time = program::timed(command.stdout(File::create(&told)?))?;
    let report: Value = serde_json::from_slice(&fs::read(&told)?)?;
    let created = report.get("created").and_then(Value::as_u64).unwrap_or_default();
    if created != count {
        return Err(io::Error::other(format!("of {count} articles {created} came in as new ones")));
    }
    fs::remove_file(file)?;
    Ok(time)
}

/// Lets the node build its search index.
fn indexed(place: &Place) -> io::Result<()> {
    let server = Server::start(place, Cache::Off, &[])?;
    let begun = std::time::Instant::now();
    let probe = exchange::get("/v1/articles?first=1&q=nghi");
    while exchange::exchange(server.address, &probe)?.status == 503 {
        std::thread::park_timeout(Duration::from_millis(200));
    }
    println!("search index built in {:.1} s", begun.elapsed().as_secs_f64());
    Ok(())
}
