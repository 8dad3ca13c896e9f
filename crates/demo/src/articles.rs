//! From a slot of the plan to an article.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use crate::body::{body, revised};
use crate::cover::cover;
use crate::grammar::{LIBRARY, Theme};
use crate::model::{DemoArticle, DemoOrigin, DemoRevision, DemoSite, DemoState, DemoUnit};
use crate::plan::{Fate, Slot, VIETNAM, slots};
use crate::rng::Rng;
use crate::setting::{Setting, place, suits, unit_of, written};
use crate::slug::slug;
use crate::voice::Voice;

/// The articles of `site` in the order of their times, the same in every run.
pub fn articles(site: &'static DemoSite) -> impl Iterator<Item = DemoArticle> {
    let mut taken = BTreeSet::new();
    let numbered = slots(site).into_iter().zip(1_u32..);
    numbered.filter_map(move |(slot, number)| {
        unit_of(site.key).map(|unit| Draw { site, unit, slot, number }.article(&mut taken))
    })
}

/// So many titles are drawn before a slug gets a number.
const ATTEMPTS: u32 = 6;

/// One article to be drawn.
#[derive(Clone, Copy)]
struct Draw {
    site: &'static DemoSite,
    unit: &'static DemoUnit,
    slot: Slot,
    number: u32,
}

impl Draw {
    fn article(self, taken: &mut BTreeSet<String>) -> DemoArticle {
        let (mut voice, title, slug) = self.titled(taken);
        let summary = voice.say_one("lead");
        let cover = cover(&mut voice);
        let body_html = body(&mut voice, cover.as_ref());
        let theme = voice.theme;
        DemoArticle {
            source_id: format!("demo:{}:{:05}", self.site.key, self.number),
            site: self.site.key,
            category: theme.first("category"),
            tags: theme.first("tags").split(", ").map(str::to_owned).collect(),
            author: voice.say("{tacgia}"),
            origin: origin(&mut voice, &slug, self.slot.at),
            language: Some(theme.first("language")).filter(|tag| !tag.is_empty()).unwrap_or("vi"),
            state: state(self.slot, &mut voice, &body_html),
            slug,
            title,
            summary,
            body_html,
            cover,
        }
    }

    /// A voice and what it says for a title, with a slug that was free.
    fn titled(self, taken: &mut BTreeSet<String>) -> (Voice, String, String) {
        let mut attempt = 0;
        loop {
            let mut voice = self.voice(attempt);
            let title = voice.say_one("title");
            let plain = slug(&title);
            let slug = if attempt < ATTEMPTS { plain } else { format!("{plain}-{attempt}") };
            if taken.insert(slug.clone()) {
                return (voice, title, slug);
            }
            attempt += 1;
        }
    }

    fn voice(self, attempt: u32) -> Voice {
        let day = local_day(self.slot.at);
        let mut rng = Rng::named(&[self.site.key, &self.number.to_string(), &attempt.to_string()]);
        let place = place(self.unit, day, &mut rng);
        let theme = self.slot.theme.map_or_else(|| drawn(place, day, &mut rng), named);
        let setting = Setting::new(place, day, &mut rng);
        Voice::new(theme, setting, rng)
    }
}

fn named(name: &str) -> &'static Theme {
    LIBRARY.themes.iter().find(|theme| theme.name == name).unwrap_or(&LIBRARY.common)
}

/// A theme that suits the place and the season, by weight.
fn drawn(place: &DemoUnit, day: NaiveDate, rng: &mut Rng) -> &'static Theme {
    let fitting: Vec<_> = LIBRARY.themes.iter().filter(|theme| theme.in_season(day) && suits(theme, place)).collect();
    let mut left = rng.below(fitting.iter().map(|theme| theme.weight).sum());
    for theme in fitting {
        if left < theme.weight {
            return theme;
        }
        left -= theme.weight;
    }
    &LIBRARY.common
}

/// Invented sources; none of them is a real paper.
const SOURCES: &[(&str, &str)] = &[
    ("Báo địa phương (minh họa)", "bao-dia-phuong.example"),
    ("Bản tin Biển và Đồng (minh họa)", "bien-va-dong.example"),
    ("Tạp chí Nông thôn (minh họa)", "tap-chi-nong-thon.example"),
    ("Trang tin ngành (minh họa)", "trang-tin-nganh.example"),
];

/// News are sometimes taken over from elsewhere, an hour to two days after they appeared there.
fn origin(voice: &mut Voice, slug: &str, at: DateTime<Utc>) -> DemoOrigin {
    if !voice.theme.first("tone").is_empty() || !voice.rng.chance(12) {
        return DemoOrigin::Original;
    }
    let Some((name, host)) = voice.rng.pick(SOURCES).copied() else { return DemoOrigin::Original };
    let earlier = chrono::TimeDelta::minutes(i64::from(voice.rng.between(60, 2_880)));
    let author = voice.rng.pick(&["Tổ phóng viên", "Ban Thời sự", "Cộng tác viên"]).copied().unwrap_or_default();
    DemoOrigin::Repost { name, url: format!("https://{host}/{slug}.html"), author, published_at: at - earlier }
}

fn state(slot: Slot, voice: &mut Voice, body: &str) -> DemoState {
    let first_at = slot.at;
    match slot.fate {
        Fate::Draft => DemoState::Draft { saved_at: first_at },
        Fate::Live => DemoState::Published { first_at, revision: None },
        Fate::Withdrawn(at) => DemoState::Withdrawn { first_at, at },
        Fate::Revised(at) => {
            let day = written(local_day(at));
            DemoState::Published {
                first_at,
                revision: Some(DemoRevision { at, body_html: revised(voice, body, &day) }),
            }
        }
    }
}

fn local_day(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&VIETNAM).date_naive()
}
