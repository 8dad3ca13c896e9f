//! What is measured on each set.

use std::io;
use std::time::{Duration, Instant};

use super::data::{DORMANT_UNIT, Set};
use super::exchange;
use super::install::Tools;
use super::load::{self, Load};
use super::nginx::Nginx;
use super::program::{Cache, Place, Server};
use super::queries::{Question, Scene};
use super::table::{Row, Table};

/// Sites whose front pages are asked for in turn.
const SITES: usize = 18;

/// Everything on SQLite.
pub(super) fn sqlite(tools: &Tools, set: Set, place: &Place, seconds: u32) -> io::Result<()> {
    let bench = Bench { tools, place, seconds };
    let title = format!("SQLite, {}", set.name());
    if set == Set::Sparse {
        return bench.sparse(&title);
    }
    bench.uncached(&title)?;
    bench.cached(&format!("{title}, answers kept"))
}

/// The same on PostgreSQL, beside the load on the same processors.
pub(super) fn postgres(tools: &Tools, place: &Place, seconds: u32) -> io::Result<()> {
    Bench { tools, place, seconds }.uncached("PostgreSQL, 100k")
}

struct Bench<'a> {
    tools: &'a Tools,
    place: &'a Place,
    seconds: u32,
}

impl Bench<'_> {
    fn uncached(&self, title: &str) -> io::Result<()> {
        let server = self.start(Cache::Off)?;
        let scene = Scene::look(server.address, SITES)?;
        let mut table = Table::new(title);
        let questions = [
            scene.front_page(),
            scene.article()?,
            scene.deep()?,
            Scene::text(),
            Scene::subtree(&["nghi-xuan", "ha-tinh"]),
        ];
        for question in &questions {
            table.add(self.row(&server, question.name, &question.post)?);
        }
        table.print();
        memory(&server)
    }

    /// Answers from memory: every variable has been asked before, by the thread that knows the right answers.
    fn cached(&self, title: &str) -> io::Result<()> {
        let server = self.start(Cache::On)?;
        let scene = Scene::look(server.address, SITES)?;
        let (front, article) = (scene.front_page(), scene.article()?);
        let mut table = Table::new(title);
        for (name, requests) in
            [("Q1, GET", &front.get), ("Q1, POST", &front.post), ("Q2, GET", &article.get), ("Q2, POST", &article.post)]
        {
            table.add(self.row(&server, name, requests)?);
        }
        table.print();
        memory(&server)
    }

    fn sparse(&self, title: &str) -> io::Result<()> {
        let server = self.start(Cache::Off)?;
        let scene = Scene::look(server.address, SITES)?;
        let mut table = Table::new(title);
        let dormant = Question { name: "Q5, 17 dormant sites", ..Scene::subtree(&[DORMANT_UNIT]) };
        let front = self.row(&server, "Q1 front page", &scene.front_page().post)?;
        let subtree = self.row(&server, dormant.name, &dormant.post)?;
        let times = subtree.load.p99.as_secs_f64() / front.load.p99.as_secs_f64();
        table.add(front);
        table.add(subtree);
        table.print();
        println!("p99 of Q5 over the dormant sites: {times:.2} times that of Q1\n");
        memory(&server)
    }

    fn start(&self, cache: Cache) -> io::Result<Server> {
        let begun = Instant::now();
        let server = Server::start(self.place, cache, &[])?;
        let first = Scene::glance(server.address)?.front_page();
        let request = first.post.first().map_or("", String::as_str);
        exchange::json(server.address, request)?;
        let (ready, answered) = (millis(server.started_in), millis(begun.elapsed()));
        println!("start of the process to readiness {ready:.0} ms, to the first answer of Q1 {answered:.0} ms");
        Ok(server)
    }

    /// nginx with a file as long as the answers, then the server.
    fn row(&self, server: &Server, name: &'static str, requests: &[String]) -> io::Result<Row> {
        let mut bytes = 0;
        for request in requests {
            bytes += exchange::exchange(server.address, request)?.body.len();
        }
        let size = bytes / requests.len().max(1);
        let nginx = Nginx::start(&self.tools.nginx, &self.place.folder, size)?;
        let file = [exchange::get("/answer.json")];
        let reference = load::put(&self.tools.wrk, nginx.address, &file, self.seconds)?;
        drop(nginx);
        let before = server.processor_time()?;
        let load = load::put(&self.tools.wrk, server.address, requests, self.seconds)?;
        let spent = server.processor_time()?.saturating_sub(before);
        Ok(Row { name, size, load, nginx: reference, processor: per_request(spent, load, self.seconds) })
    }
}

/// The load runs for one second before it is measured.
fn per_request(spent: Duration, load: Load, seconds: u32) -> Duration {
    let measured = spent.mul_f64(f64::from(seconds) / f64::from(seconds + 1));
    let requests = u32::try_from(load.requests).unwrap_or(u32::MAX).max(1);
    measured / requests
}

fn memory(server: &Server) -> io::Result<()> {
    println!("anonymous memory after the load: {} MB\n", server.anonymous_bytes()? / 1_000_000);
    Ok(())
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
