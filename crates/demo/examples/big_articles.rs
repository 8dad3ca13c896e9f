//! Writes a file of many articles for `lienthong import articles`, in the order of their times:
//!
//! ```sh
//! cargo run --release -p lienthong-demo --example big_articles -- COUNT [SITES [BODY [SEED]]] > articles.jsonl
//! ```
//!
//! `SITES` (1 to 18, default 18) sites of the demo share the articles in the proportions of its report; `BODY` is the
//! size of a body in bytes (default 3000). The same arguments give the same bytes.
#![expect(clippy::indexing_slicing, clippy::unused_self, reason = "a generator of test data, run by hand")]

use std::io::{self, BufWriter, Write};

use chrono::{DateTime, TimeDelta, Utc};
use lienthong_demo::{DemoArticle, DemoOrigin, DemoSite, articles, expected_report, sites};
use serde_json::{Value, json};

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u64>());
    let mut number = |default| arguments.next().unwrap_or(Ok(default)).map_err(io::Error::other);
    let (count, sites, body, seed) = (number(10_000)?, number(18)?, number(3_000)?, number(1)?);
    let size = usize::try_from(body).map_err(io::Error::other)?;
    let stock = Stock::new(usize::try_from(sites).map_err(io::Error::other)?);
    let mut random = SplitMix(seed);
    let mut out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    for number in 0..count {
        let line = stock.line((number, count), size, &mut random);
        serde_json::to_writer(&mut out, &line)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// What articles are put together from.
struct Stock {
    /// Sites with the sum of articles up to them.
    sites: Vec<(&'static DemoSite, u64)>,
    texts: Vec<DemoArticle>,
}

impl Stock {
    fn new(count: usize) -> Self {
        let mut sum = 0;
        let rows = expected_report().into_iter().take(count.clamp(1, 18));
        let sites = rows.filter_map(|row| {
            sum += u64::from(row.total);
            Some((sites().iter().find(|site| site.key == row.site)?, sum))
        });
        let texts = lienthong_demo::sites().iter().flat_map(articles).take(2_000).collect();
        Self { sites: sites.collect(), texts }
    }

    /// The article `number` of `count`; times go from 2012 to the middle of 2026.
    fn line(&self, (number, count): (u64, u64), size: usize, random: &mut SplitMix) -> Value {
        let at = self.at(number, count);
        let drawn = random.below(self.sites.last().map_or(1, |(_, sum)| *sum));
        let host = self.sites.iter().find(|(_, sum)| drawn < *sum).map_or("", |(site, _)| site.host);
        let text = &self.texts[self.draw(random)];
        let mut body = text.body_html.clone();
        while body.len() < size {
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
            "summary": text.summary, "body": shortened(&body, size), "language": text.language, "tags": text.tags,
            "author": text.author, "source": source, "cover": cover, "publishedAt": at.to_rfc3339(),
            "originalUrl": format!("http://{host}/tin.aspx?id={number}"),
        })
    }

    fn at(&self, number: u64, count: u64) -> DateTime<Utc> {
        const FROM: i64 = 1_325_376_000;
        const SECONDS: u64 = 457_000_000;
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
