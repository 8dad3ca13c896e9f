//! Builds the search index over generated articles and times searches.
//!
//! `cargo run --release -p lienthong-app --example search_bench -- [ARTICLES]`, 90,000 by default.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark that cannot go on panics")]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lienthong_app::queries::articles::{self, ArticleFilter, ArticlePlace};
use lienthong_app::queries::{Bodies, PageRequest, Tags};
use lienthong_app::search::{SearchIndex, SearchPlace, SearchStatus};
use lienthong_app::{App, Keys};
use lienthong_domain::article::ArticleKind;
use lienthong_domain::change::{Change, ChangeKind, ChangedEntry};
use lienthong_domain::entry::EntryKind;
use lienthong_domain::ids::{CategoryId, EditionId, EntryId, SiteId, UnitId};
use lienthong_domain::internal::Projection;
use lienthong_domain::live::{LiveEntry, Shown};
use lienthong_domain::scope::Placement;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Location, Record, Store, live_projection};
use lienthong_test_support::{World, at};

const SITES: usize = 18;
const BATCH: usize = 500;

/// Syllables by falling frequency, so that words differ in how common they are.
const SYLLABLES: &str = "của và các công dân xã huyện tỉnh nhân ban thông tin đường nước làm việc hội nghị chính \
     sách nông thôn mới phát triển kinh tế giáo dục y tế môi trường biến đổi khí hậu tiếp lịch thủ tục hành hồ sơ \
     trực tuyến đất đai xây dựng giao thông an toàn trật tự văn hóa thể thao du lịch lễ tết mừng xuân học sinh giáo \
     viên bệnh viện dịch vụ chuyển số cải cách kiểm tra giám sát quyết định kế hoạch báo cáo tổng kết phong trào thi \
     đua khen thưởng thanh niên phụ nữ cựu chiến binh mặt trận tổ quốc đảng ủy đại biểu bầu cử ngân sách thu chi đầu \
     tư dự án khởi khánh thành cầu trạm bơm kênh mương lúa ngô khoai lạc tôm cá trâu bò gia súc gia cầm dịch tả phòng \
     chống thiên tai bão lũ hạn mặn rừng biển đảo bến cảng chợ siêu thị hàng hóa giá cả thị trường lao động việc";

struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }

    /// The smaller of two throws, so that early syllables are more frequent.
    fn words(&mut self, syllables: &[&str], count: usize) -> String {
        let words = (0..count).map(|_| syllables[self.below(syllables.len()).min(self.below(syllables.len()))]);
        words.collect::<Vec<_>>().join(" ")
    }
}

#[tokio::main]
async fn main() {
    let count = std::env::args().nth(1).map_or(90_000, |count| count.parse().unwrap());
    let files = tempfile::tempdir().unwrap();
    let store = Store::open(Location::File(files.path().join("bench.db"))).await.unwrap();
    store.migrate().await.unwrap();
    let world = World::new();
    world.save(&store).await;
    let units = [UnitId::new(at("2023-01-01T00:00:00Z")), world.units[0].id];
    let sites: Vec<SiteId> = (0..SITES).map(|_| SiteId::new(at("2023-01-01T00:00:00Z"))).collect();
    fill(&store, (&sites, &units), count).await;

    let place = SearchPlace::Folder(files.path().join("search"));
    let index = SearchIndex::open(&place).unwrap();
    let app = App::start_with(store, Keys::of_tests(), index).await.unwrap();
    let (following, begun) = (Arc::clone(&app), Instant::now());
    let _feed = tokio::spawn(async move { following.follow().await });
    while !matches!(app.search().status(), SearchStatus::Following { .. }) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    println!(
        "built {count} articles in {:.1?}, {} MB on disk",
        begun.elapsed(),
        size(&files.path().join("search")) >> 20
    );
    println!("anonymous memory after the build: {} MB", anonymous_kib() >> 10);
    searches(&app, sites[0]).await;
    freshness(&app, (&sites, &units)).await;
    println!("anonymous memory at the end: {} MB", anonymous_kib() >> 10);
}

async fn fill(store: &Store, place: (&[SiteId], &[UnitId]), count: usize) {
    let syllables: Vec<&str> = SYLLABLES.split_whitespace().collect();
    let mut random = Random(42);
    let begun = Instant::now();
    for batch in (0..count).collect::<Vec<_>>().chunks(BATCH) {
        let lives: Vec<LiveEntry> = batch.iter().map(|n| live(*n, place, (&syllables, &mut random))).collect();
        publish(store, &lives).await;
    }
    println!("generated {count} articles in {:.1?}", begun.elapsed());
}

async fn publish(store: &Store, lives: &[LiveEntry]) {
    let tx = store.begin().await.unwrap();
    let shown: Vec<Projection> = lives.iter().cloned().map(|live| Projection::Public(Box::new(live))).collect();
    live_projection::show_new(&tx, &shown).await.unwrap();
    let changes = lives.iter().map(change).collect();
    tx.commit(Record { changes, audits: Vec::new() }).await.unwrap();
}

fn live(n: usize, (sites, units): (&[SiteId], &[UnitId]), (syllables, random): (&[&str], &mut Random)) -> LiveEntry {
    let time = at("2024-01-01T00:00:00Z").plus_seconds(i64::try_from(random.below(30_000_000)).unwrap());
    let site = sites[n % sites.len()];
    let category = CategoryId::from_uuid(site.as_uuid());
    let placement = Placement { site, units: units.to_vec(), categories: vec![category], topics: Vec::new() };
    let paragraphs: Vec<String> = (0..6).map(|_| format!("<p>{}</p>\n", random.words(syllables, 90))).collect();
    LiveEntry {
        entry: EntryId::new(time),
        site,
        kind: EntryKind::Article,
        edition: EditionId::new(time),
        edition_number: 1,
        slug: format!("tin-{n}"),
        topic: None,
        tag_uri: format!("tag:bench.example,2024:{n}"),
        corrects: None,
        first_published_at: time,
        published_at: time,
        updated_at: time,
        modified_at: time,
        visible_until: None,
        signature: None,
        shown: Shown {
            title: format!("{} {n}/QĐ-UBND", random.words(syllables, 12)),
            summary: random.words(syllables, 30),
            article_kind: Some(ArticleKind::News),
            category: Some(category),
            language: "vi".to_owned(),
            html: paragraphs.concat(),
            scopes: placement.scopes(&[]),
            ..Shown::default()
        },
    }
}

fn change(live: &LiveEntry) -> Change {
    let subject = ChangedEntry { entry: live.entry, kind: live.kind, site: live.site, edition: live.edition };
    Change {
        kind: ChangeKind::Published,
        subject: Some(subject),
        scopes: live.shown.scopes.clone(),
        at: live.updated_at,
    }
}

async fn searches(app: &App, site: SiteId) {
    let texts =
        ["đường", "của", "biến đổi khí hậu", "khanh thanh cau tram bom", "\"nông thôn mới\"", "UBND", "777/QĐ-UBND"];
    println!("{:<28} {:>9} {:>12} {:>12} {:>12}", "search, 20 newest", "hits", "instance ms", "site ms", "count ms");
    for text in texts {
        let everywhere = ArticleFilter { text: Some(text.to_owned()), ..ArticleFilter::default() };
        let on_site = ArticleFilter { place: Some(ArticlePlace::Site(site)), ..everywhere.clone() };
        let hits = articles::count(app, &everywhere, &Tags::default(), now()).await.unwrap();
        let (all, one) = (page_time(app, &everywhere).await, page_time(app, &on_site).await);
        let begun = Instant::now();
        for _ in 0..20 {
            articles::count(app, &everywhere, &Tags::default(), now()).await.unwrap();
        }
        let counted = begun.elapsed().as_secs_f64() * 1e3 / 20.0;
        let hits = format!("{}{}", if hits.more { ">" } else { "" }, hits.value);
        println!("{text:<28} {hits:>9} {all:>12.2} {one:>12.2} {counted:>12.2}");
    }
}

async fn page_time(app: &App, filter: &ArticleFilter) -> f64 {
    let ask = async || {
        let tags = Tags::default();
        articles::page(app, filter, &PageRequest::default(), (Bodies::Without, &tags), now()).await.unwrap()
    };
    ask().await;
    let begun = Instant::now();
    for _ in 0..50 {
        ask().await;
    }
    begun.elapsed().as_secs_f64() * 1e3 / 50.0
}

/// How long a new article takes until it is found, one at a time.
async fn freshness(app: &App, place: (&[SiteId], &[UnitId])) {
    let mut worst = Duration::ZERO;
    for n in 0..10 {
        let word = format!("moi{n}");
        let lives = [live(10_000_000 + n, place, (&[word.as_str()], &mut Random(7)))];
        publish(app.store(), &lives).await;
        let begun = Instant::now();
        let filter = ArticleFilter { text: Some(word), ..ArticleFilter::default() };
        while articles::count(app, &filter, &Tags::default(), now()).await.unwrap().value == 0 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        worst = worst.max(begun.elapsed());
    }
    println!("found after publication within {worst:.0?} (worst of 10 in a row)");
}

fn now() -> Timestamp {
    at("2030-01-01T00:00:00Z")
}

fn size(folder: &Path) -> u64 {
    std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().metadata().unwrap().len()).sum()
}

fn anonymous_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
