//! Writes the data of `cargo xtask bench`, which are also a way to try `lienthong import` on something big:
//!
//! ```sh
//! cargo run --release -p lienthong-demo --bin bench_data -- articles COUNT [FROM TO [HOSTS]] > articles.jsonl
//! cargo run --release -p lienthong-demo --bin bench_data -- registry FOLDER
//! ```
//!
//! `articles` writes the lines from FROM up to TO (without it) of a file of COUNT articles of about 3 KB, in the order of
//! their times, for the sites of the demo in the proportions of its report, or for the hosts listed in HOSTS alike.
//! `registry` writes an invented country of 3,321 communes, 17 of them in a province of their own, and a template.
//! The same arguments give the same bytes.
#![expect(clippy::indexing_slicing, clippy::unused_self, reason = "a generator of test data, run by hand")]

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use lienthong_demo::{DemoArticle, DemoOrigin, articles, expected_report, sites, template, topics_csv};
use serde_json::{Value, json};

/// Bytes of a body.
const BODY: usize = 3_000;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["articles", count] => write_articles((0, number(count)?), number(count)?, &Stock::of_the_demo()),
        ["articles", count, from, to] => {
            write_articles((number(from)?, number(to)?), number(count)?, &Stock::of_the_demo())
        }
        ["articles", count, from, to, hosts] => {
            let hosts = fs::read_to_string(hosts)?.lines().map(|host| (host.to_owned(), 1)).collect();
            write_articles((number(from)?, number(to)?), number(count)?, &Stock::of(hosts))
        }
        ["registry", folder] => write_registry(Path::new(folder)),
        _ => Err(io::Error::other("usage: bench_data articles COUNT [FROM TO [HOSTS]] | registry FOLDER")),
    }
}

fn number(word: &str) -> io::Result<u64> {
    word.parse().map_err(io::Error::other)
}

fn write_articles((from, to): (u64, u64), count: u64, stock: &Stock) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    for number in from..to {
        serde_json::to_writer(&mut out, &stock.line(number, count))?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// What articles are put together from.
struct Stock {
    /// Hosts with the sum of the weights up to them.
    hosts: Vec<(String, u64)>,
    texts: Vec<DemoArticle>,
}

impl Stock {
    fn of_the_demo() -> Self {
        let host = |key| sites().iter().find(|site| site.key == key).map(|site| site.host.to_owned());
        Self::of(
            expected_report().into_iter().filter_map(|row| Some((host(row.site)?, u64::from(row.total)))).collect(),
        )
    }

    fn of(weights: Vec<(String, u64)>) -> Self {
        let mut sum = 0;
        let hosts = weights.into_iter().map(|(host, weight)| {
            sum += weight;
            (host, sum)
        });
        Self { hosts: hosts.collect(), texts: sites().iter().flat_map(articles).take(2_000).collect() }
    }

    /// The article `number` of `count`; times go from 2012 to May 2025, when the demo's sites were open.
    fn line(&self, number: u64, count: u64) -> Value {
        let random = &mut SplitMix(number.wrapping_mul(0x2545_f491_4f6c_dd1d));
        let drawn = random.below(self.hosts.last().map_or(1, |(_, sum)| *sum));
        let host = &self.hosts[self.hosts.partition_point(|(_, sum)| *sum <= drawn)].0;
        let text = &self.texts[self.draw(random)];
        let mut body = text.body_html.clone();
        while body.len() < BODY {
            body.push_str(&self.texts[self.draw(random)].body_html);
        }
        let source = match &text.origin {
            DemoOrigin::Original => Value::Null,
            DemoOrigin::Repost { name, url, author, .. } => json!({"name": name, "url": url, "author": author}),
        };
        let cover = text.cover.as_ref().map(|cover| {
            json!({"url": format!("https://{host}{}", cover.path), "alt": cover.alt, "caption": cover.caption,
                "width": cover.width, "height": cover.height})
        });
        json!({
            "sourceId": format!("{number:08}"), "site": host, "category": text.category,
            "slug": format!("{}-{number}", text.slug), "title": format!("{} ({number})", text.title),
            "summary": text.summary, "body": shortened(&body, BODY), "language": text.language, "tags": text.tags,
            "author": text.author, "source": source, "cover": cover,
            "publishedAt": self.at(number, count).to_rfc3339(),
            "originalUrl": format!("http://{host}/tin.aspx?id={number}"),
        })
    }

    fn at(&self, number: u64, count: u64) -> DateTime<Utc> {
        const FROM: i64 = 1_325_376_000;
        const SECONDS: u64 = 423_000_000;
        let offset = SECONDS * number / count.max(1);
        let from = DateTime::from_timestamp(FROM, 0).unwrap_or_default();
        from + TimeDelta::seconds(i64::try_from(offset).unwrap_or_default())
    }

    fn draw(&self, random: &mut SplitMix) -> usize {
        usize::try_from(random.below(self.texts.len() as u64)).unwrap_or_default()
    }
}

/// Whole paragraphs of `html` up to about `size` bytes.
fn shortened(html: &str, size: usize) -> &str {
    let end = html.match_indices("</p>").map(|(at, tag)| at + tag.len()).take_while(|end| *end <= size + 200).last();
    end.and_then(|end| html.get(..end)).unwrap_or(html)
}

/// Thirty-three provinces share 3,304 communes; the last has the 17 others.
fn write_registry(folder: &Path) -> io::Result<()> {
    const FIRST: [&str; 12] =
        ["An", "Bình", "Châu", "Đức", "Giang", "Hòa", "Long", "Mỹ", "Phú", "Quang", "Tân", "Xuân"];
    const SECOND: [&str; 12] =
        ["Cường", "Điền", "Hải", "Khánh", "Lộc", "Minh", "Nghĩa", "Phong", "Sơn", "Thành", "Thịnh", "Yên"];
    fs::create_dir_all(folder)?;
    let mut units = b"code,kind,name,full_name,name_en,province_code,predecessors\n".to_vec();
    for province in 0..34 {
        let name = format!("{} {}", FIRST[province % 12], SECOND[province / 12 + 5]);
        let code = province + 60;
        writeln!(units, "{code},tỉnh,{name},Tỉnh {name},,,giữ nguyên")?;
        let communes = if province == 33 { 17 } else { 100 + usize::from(province < 4) };
        for commune in 0..communes {
            let name = format!("{} {}", FIRST[commune % 12], SECOND[commune / 12]);
            writeln!(units, "{code}{commune:03},xã,{name},Xã {name},,{code},giữ nguyên")?;
        }
    }
    fs::write(folder.join("units.csv"), units)?;
    fs::write(folder.join("topics.csv"), topics_csv())?;
    fs::write(folder.join("template.json"), menu().to_string())
}

/// The menu of the demo as a template of `provision`.
fn menu() -> Value {
    let below = |slug: Option<&'static str>| template().iter().filter(move |category| category.parent == slug);
    let children = |slug: &'static str| -> Vec<Value> {
        below(Some(slug)).map(|child| json!({"slug": child.slug, "name": child.name, "topic": child.topic})).collect()
    };
    let top = below(None).map(|category| {
        json!({"slug": category.slug, "name": category.name, "topic": category.topic, "children": children(category.slug)})
    });
    json!({"categories": top.collect::<Vec<_>>()})
}

/// Vigna's `SplitMix64`.
struct SplitMix(u64);

impl SplitMix {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit.max(1)
    }
}
