//! What proves that nothing was changed in secret, on both databases.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on panics")]

mod evidence;
mod keys;
mod log;
mod matters;
mod tampering;

use lienthong_app::commands::{articles, desk};
use lienthong_app::proof::verify::{Known, Report, verify};
use lienthong_domain::entry::{Entry, Major};
use lienthong_domain::ids::EditionId;
use lienthong_domain::time::Timestamp;
use lienthong_test_support::{TestApp, at};

fn now() -> Timestamp {
    at("2026-01-15T01:00:00Z")
}

/// Sites with what an article goes through: published and corrected, published and taken back, not published yet.
struct Story {
    first: Entry,
    gone: Entry,
    superseded: EditionId,
    withdrawn: EditionId,
    draft: EditionId,
}

impl Story {
    async fn told_on(test: &TestApp) -> Self {
        let published = test.published(1, "Lịch tiếp công dân", now()).await;
        let input = test.input(1, "Lịch tiếp công dân tháng 2");
        let seen = (published.id, published.version);
        let edited = articles::edit(test, &test.own_or(), seen, input, now().plus_seconds(60)).await.unwrap().entry;
        let publication = ((edited.id, edited.version), Major::Minor);
        let first = desk::publish(test, &test.permit(), publication, now().plus_seconds(120)).await.unwrap();
        let second = test.published(1, "Thông báo cắt điện", now().plus_seconds(180)).await;
        let seen = (second.id, second.version);
        let gone = desk::withdraw(test, &test.permit(), seen, now().plus_seconds(240)).await.unwrap();
        let draft = test.draft(2, "Chưa đăng", now().plus_seconds(300)).await;
        Self {
            first,
            gone,
            superseded: published.live.unwrap().id,
            withdrawn: second.live.unwrap().id,
            draft: draft.draft.unwrap().id,
        }
    }

    /// A text with the ids of this story in place of their names.
    fn named(&self, text: &str) -> String {
        let Self { first, gone, superseded, withdrawn, draft } = self;
        text.replace("{first}", &first.id.to_string())
            .replace("{site}", &first.site.to_string())
            .replace("{live}", &first.live.as_ref().unwrap().id.to_string())
            .replace("{gone}", &gone.id.to_string())
            .replace("{superseded}", &superseded.to_string())
            .replace("{withdrawn}", &withdrawn.to_string())
            .replace("{draft}", &draft.to_string())
    }
}

async fn looked_at(test: &TestApp) -> Report {
    verify(test, Known::default()).await.unwrap()
}

/// Table and what is wrong, of each finding.
fn told(report: &Report) -> Vec<String> {
    report.findings.iter().map(|one| format!("{} {}: {}", one.table, one.id, one.what)).collect()
}
