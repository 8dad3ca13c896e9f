use proptest::prelude::*;

use super::*;
use crate::article::{Article, ArticleInput, ArticleKind, FieldRule};
use crate::audience::Audience;
use crate::ids::{ActorId, CategoryId, SiteId};
use crate::time::Timestamp;

fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros)
}

fn actor(number: u128) -> ActorId {
    ActorId::from_uuid(uuid::Uuid::from_u128(number))
}

const WRITER: u128 = 1;
const CHIEF: u128 = 2;

fn reviewer(number: u128) -> Reviewer {
    Reviewer { actor: actor(number), may_pass_own: false }
}

fn content(title: &str) -> Content {
    let input = ArticleInput {
        kind: ArticleKind::News,
        audience: None,
        category: CategoryId::new(at(0)),
        topic: None,
        series: None,
        title: title.to_owned(),
        summary: String::new(),
        body: String::new(),
        language: None,
        tags: vec![],
        author: None,
        source: None,
        cover: None,
        attachments: vec![],
    };
    Content::Article(Box::new(Article::check(input).unwrap().0))
}

fn entry() -> Entry {
    let new = NewEntry {
        site: SiteId::new(at(0)),
        host: "xuanhai.example".to_owned(),
        slug: "lich-tiep-cong-dan".parse().unwrap(),
        source_id: None,
        corrects: None,
        content: content("một"),
        author: actor(WRITER),
    };
    Entry::new(new, at(1))
}

fn publish(entry: &mut Entry, weight: Major, now: Timestamp) -> Result<Outcome, EntryError> {
    entry.publish(entry.version, (Publication::now(weight), reviewer(CHIEF)), now)
}

fn published(now: Timestamp) -> Entry {
    let mut entry = entry();
    publish(&mut entry, Major::Major, now).unwrap();
    entry
}

fn edit(entry: &mut Entry, title: &str, now: Timestamp) -> Option<Edition> {
    entry.edit(entry.version, content(title), actor(WRITER), now).unwrap()
}

fn live_title(entry: &Entry) -> &str {
    entry.live.as_ref().unwrap().content.title()
}

fn state(entry: &Entry) -> EditionState {
    entry.draft.as_ref().unwrap().state
}

#[test]
fn publishing_moves_the_draft_into_the_public() {
    let mut entry = entry();
    assert_eq!(publish(&mut entry, Major::Major, at(5)), Ok(Outcome::Published));
    assert_eq!((entry.draft.as_ref(), live_title(&entry)), (None, "một"));
    assert_eq!([entry.first_published_at, entry.published_at, entry.updated_at], [Some(at(5)); 3]);
}

#[test]
fn the_tag_uri_is_minted_from_host_day_and_id() {
    let entry = entry();
    assert_eq!(entry.tag_uri, format!("tag:xuanhai.example,1970-01-01:{}", entry.id));
}

#[test]
fn a_second_edition_supersedes_the_first_and_only_a_major_one_moves_the_update_time() {
    for (major, updated) in [(Major::Major, at(9)), (Major::Minor, at(5))] {
        let mut entry = published(at(5));
        edit(&mut entry, "hai", at(7));
        let Ok(Outcome::Updated { superseded }) = publish(&mut entry, major, at(9)) else { panic!() };
        assert_eq!((superseded.state, superseded.number), (EditionState::Superseded, 1));
        assert_eq!((live_title(&entry), entry.published_at, entry.updated_at), ("hai", Some(at(5)), Some(updated)));
    }
}

#[test]
fn an_entry_that_returns_keeps_its_first_publication_and_gets_a_new_date() {
    let mut entry = published(at(5));
    let Ok(Outcome::Ended { edition, why: Gone::TakenDown }) = entry.leave(entry.version, Gone::TakenDown) else {
        panic!()
    };
    assert_eq!(edition.state, EditionState::TakenDown);
    edit(&mut entry, "ba", at(7));
    assert_eq!(publish(&mut entry, Major::Minor, at(9)), Ok(Outcome::Published));
    assert_eq!([entry.first_published_at, entry.published_at], [Some(at(5)), Some(at(9))]);
}

#[test]
fn a_change_of_audience_begins_a_new_run_and_only_the_public_one_counts_as_the_first_publication() {
    let to = |audience| match content("bài") {
        Content::Article(article) => Content::Article(Box::new(Article { audience, ..*article })),
        other @ Content::Procedure(_) => other,
    };
    let mut entry = entry();
    let dates = |entry: &mut Entry, (audience, weight), now| {
        entry.edit(entry.version, to(audience), actor(WRITER), at(1)).unwrap();
        publish(entry, weight, at(now)).unwrap();
        [entry.first_published_at, entry.published_at, entry.updated_at].map(|at| at.map(Timestamp::as_micros))
    };
    let steps = [
        ((Audience::Internal, Major::Major), 5, [None, Some(5), Some(5)]),
        ((Audience::Internal, Major::Minor), 6, [None, Some(5), Some(5)]),
        ((Audience::Public, Major::Minor), 7, [Some(7), Some(7), Some(7)]),
        ((Audience::Internal, Major::Minor), 8, [Some(7), Some(8), Some(8)]),
        ((Audience::Public, Major::Major), 9, [Some(7), Some(9), Some(9)]),
    ];
    for (step, now, expected) in steps {
        assert_eq!(dates(&mut entry, step, now), expected, "at {now}");
    }
}

#[test]
fn every_write_against_an_old_version_is_a_conflict_and_changes_nothing() {
    let mut entry = published(at(5));
    edit(&mut entry, "hai", at(6));
    let (before, old) = (entry.clone(), Version::FIRST);
    let conflict = || EntryError::VersionConflict { seen: old, current: Version::new(3) };
    let go = (Publication::now(Major::Major), reviewer(CHIEF));
    assert_eq!(entry.publish(old, go, at(6)), Err(conflict()));
    assert_eq!(entry.leave(old, Gone::Withdrawn), Err(conflict()));
    assert_eq!(entry.edit(old, content("x"), actor(WRITER), at(6)), Err(conflict()));
    assert_eq!(entry.submit(old, false), Err(conflict()));
    assert_eq!(entry.screen(old, reviewer(CHIEF)), Err(conflict()));
    assert_eq!(entry.send_back(old), Err(conflict()));
    assert_eq!(entry.approve(old, reviewer(CHIEF)), Err(conflict()));
    assert_eq!(entry.unschedule(old), Err(conflict()));
    assert_eq!(entry.archive(old, true, at(6)), Err(conflict()));
    assert_eq!(entry.trash(old, true, at(6)), Err(conflict()));
    assert_eq!(entry, before);
}

#[test]
fn there_must_be_something_to_publish_or_to_withdraw() {
    let mut entry = entry();
    assert_eq!(entry.leave(entry.version, Gone::Withdrawn), Err(EntryError::NotPublic));
    publish(&mut entry, Major::Major, at(5)).unwrap();
    assert_eq!(publish(&mut entry, Major::Major, at(6)), Err(EntryError::NothingOpen));
}

#[test]
fn editing_a_draft_keeps_its_number_and_editing_a_live_entry_begins_the_next() {
    let mut entry = entry();
    assert_eq!(edit(&mut entry, "hai", at(2)), None);
    assert_eq!(entry.draft.as_ref().unwrap().number, 1);
    publish(&mut entry, Major::Major, at(5)).unwrap();
    assert_eq!(edit(&mut entry, "ba", at(6)), None);
    assert_eq!((entry.draft.as_ref().unwrap().number, live_title(&entry)), (2, "hai"));
}

#[test]
fn the_text_of_what_was_handed_in_never_changes_and_its_writers_remain_writers() {
    let mut entry = entry();
    entry.submit(entry.version, false).unwrap();
    let submitted = entry.draft.clone().unwrap();
    let editor = actor(7);
    let replaced = entry.edit(entry.version, content("hai"), editor, at(3)).unwrap().unwrap();
    assert_eq!(replaced, Edition { state: EditionState::Replaced, ..submitted });
    let draft = entry.draft.as_ref().unwrap();
    assert_eq!((draft.number, draft.state, draft.author), (2, EditionState::Draft, editor));
    assert_eq!(draft.writers, [actor(WRITER), editor].into());
}

#[test]
fn whoever_has_written_on_a_text_neither_screens_nor_approves_nor_publishes_it() {
    let mut entry = entry();
    entry.submit(entry.version, false).unwrap();
    entry.edit(entry.version, content("hai"), actor(7), at(3)).unwrap();
    entry.submit(entry.version, false).unwrap();
    for number in [WRITER, 7] {
        assert_eq!(entry.screen(entry.version, reviewer(number)), Err(EntryError::OwnWork));
        assert_eq!(entry.approve(entry.version, reviewer(number)), Err(EntryError::OwnWork));
        let go = (Publication::now(Major::Major), reviewer(number));
        assert_eq!(entry.publish(entry.version, go, at(4)), Err(EntryError::OwnWork));
    }
    let with_exception = Reviewer { may_pass_own: true, ..reviewer(WRITER) };
    assert_eq!(entry.clone().approve(entry.version, with_exception), Ok(()));
    assert_eq!(entry.approve(entry.version, reviewer(CHIEF)), Ok(()));
    // What another person has approved, its writer may put online.
    let go = (Publication::now(Major::Major), reviewer(WRITER));
    assert_eq!(entry.publish(entry.version, go, at(5)), Ok(Outcome::Published));
}

#[test]
fn a_contribution_of_an_agency_is_screened_before_the_board_decides() {
    let mut entry = entry();
    entry.submit(entry.version, true).unwrap();
    assert_eq!(entry.approve(entry.version, reviewer(CHIEF)), Err(EntryError::NotScreened));
    assert_eq!(publish(&mut entry, Major::Major, at(5)), Err(EntryError::NotScreened));
    entry.screen(entry.version, reviewer(9)).unwrap();
    assert_eq!(state(&entry), EditionState::Screened);
    assert_eq!(entry.approve(entry.version, reviewer(CHIEF)), Ok(()));
}

#[test]
fn what_was_sent_back_is_neither_approved_nor_published_until_it_is_handed_in_again() {
    let mut entry = entry();
    entry.submit(entry.version, false).unwrap();
    entry.send_back(entry.version).unwrap();
    let refused = EntryError::WrongState(EditionState::Returned);
    assert_eq!(entry.approve(entry.version, reviewer(CHIEF)), Err(refused.clone()));
    assert_eq!(publish(&mut entry, Major::Major, at(5)), Err(refused.clone()));
    assert_eq!(entry.submit(entry.version, false), Err(refused));
    let returned = edit(&mut entry, "hai", at(6)).unwrap();
    assert_eq!((returned.state, state(&entry)), (EditionState::Replaced, EditionState::Draft));
}

#[test]
fn a_scheduled_edition_becomes_public_when_its_time_comes_and_ends_when_it_is_over() {
    let mut entry = entry();
    let publication = Publication { at: Some(at(10)), until: Some(at(20)), ..Publication::now(Major::Major) };
    assert_eq!(entry.publish(entry.version, (publication, reviewer(CHIEF)), at(5)), Ok(Outcome::Scheduled));
    assert_eq!((state(&entry), entry.live.as_ref()), (EditionState::Scheduled, None));
    assert_eq!(entry.come_due(at(9)), None);
    assert_eq!(entry.come_due(at(10)), Some(Outcome::Published));
    assert_eq!((entry.published_at, entry.come_due(at(19))), (Some(at(10)), None));
    let Some(Outcome::Ended { edition, why }) = entry.come_due(at(20)) else { panic!() };
    assert_eq!((edition.state, why), (EditionState::Expired, Gone::Expired));
    assert_eq!(entry.come_due(at(21)), None);
}

#[test]
fn writing_on_sending_back_and_trashing_take_the_time_away() {
    let scheduled = || {
        let mut entry = entry();
        let publication = Publication { at: Some(at(10)), ..Publication::now(Major::Major) };
        entry.publish(entry.version, (publication, reviewer(CHIEF)), at(5)).unwrap();
        entry
    };
    let ways: [fn(&mut Entry); 4] = [
        |entry| drop(edit(entry, "hai", at(6))),
        |entry| entry.send_back(entry.version).unwrap(),
        |entry| entry.unschedule(entry.version).unwrap(),
        |entry| entry.trash(entry.version, true, at(6)).unwrap(),
    ];
    for way in ways {
        let mut entry = scheduled();
        way(&mut entry);
        assert_eq!(entry.come_due(at(11)), None);
        assert_eq!(entry.draft.unwrap().publication.at, None);
    }
}

#[test]
fn only_what_is_not_public_goes_to_the_trash_and_nothing_happens_to_it_there() {
    let mut entry = published(at(5));
    assert_eq!(entry.trash(entry.version, true, at(6)), Err(EntryError::StillPublic));
    entry.leave(entry.version, Gone::Withdrawn).unwrap();
    entry.trash(entry.version, true, at(7)).unwrap();
    assert_eq!(entry.edit(entry.version, content("x"), actor(1), at(8)), Err(EntryError::Trashed));
    entry.trash(entry.version, false, at(9)).unwrap();
    assert_eq!((edit(&mut entry, "hai", at(10)), entry.trashed_at), (None, None));
}

#[test]
fn a_publication_is_checked_field_by_field() {
    let input =
        |at, until| PublicationInput { weight: Major::Minor, note: Some(" sửa\nsố ".to_owned()), at, until };
    let checked = Publication::check(input(Some(at(4)), Some(at(9))), at(5)).unwrap();
    assert_eq!(
        checked,
        Publication { note: Some("sửa số".to_owned()), until: Some(at(9)), ..Publication::now(Major::Minor) }
    );
    for (from, until) in [(None, 5), (Some(at(9)), 9), (Some(at(9)), 7)] {
        let errors = Publication::check(input(from, Some(at(until))), at(5)).unwrap_err();
        assert_eq!((errors[0].field, &errors[0].rule), ("until", &FieldRule::BeforeItsStart));
    }
    assert_eq!(RemarkText::check("reason", " \r\n").unwrap_err()[0].rule, FieldRule::Blank);
    assert_eq!(RemarkText::check("reason", &"x".repeat(2001)).unwrap_err()[0].rule, FieldRule::TooLong(2000));
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Edit(u128),
    Submit(bool),
    Screen(u128),
    SendBack,
    Approve(u128),
    Publish(u128, Option<i64>),
    Unschedule,
    Due,
    Leave,
    Archive(bool),
    Trash(bool),
}

fn steps() -> impl Strategy<Value = Step> {
    let who = 1_u128..5;
    prop_oneof![
        who.clone().prop_map(Step::Edit),
        any::<bool>().prop_map(Step::Submit),
        who.clone().prop_map(Step::Screen),
        Just(Step::SendBack),
        who.clone().prop_map(Step::Approve),
        (who, prop::option::of(0..40_i64)).prop_map(|(who, at)| Step::Publish(who, at)),
        Just(Step::Unschedule),
        Just(Step::Due),
        Just(Step::Leave),
        any::<bool>().prop_map(Step::Archive),
        any::<bool>().prop_map(Step::Trash),
    ]
}

fn take(entry: &mut Entry, step: Step, now: Timestamp) -> Result<(), EntryError> {
    let seen = entry.version;
    match step {
        Step::Edit(who) => entry.edit(seen, content("x"), actor(who), now).map(drop),
        Step::Submit(screening) => entry.submit(seen, screening),
        Step::Screen(who) => entry.screen(seen, reviewer(who)),
        Step::SendBack => entry.send_back(seen),
        Step::Approve(who) => entry.approve(seen, reviewer(who)),
        Step::Publish(who, time) => {
            let publication = Publication { at: time.map(at), ..Publication::now(Major::Major) };
            entry.publish(seen, (publication, reviewer(who)), now).map(drop)
        }
        Step::Unschedule => entry.unschedule(seen),
        Step::Due => entry.come_due(now).map(drop).ok_or(EntryError::NothingOpen),
        Step::Leave => entry.leave(seen, Gone::Withdrawn).map(drop),
        Step::Archive(archived) => entry.archive(seen, archived, now),
        Step::Trash(trashed) => entry.trash(seen, trashed, now),
    }
}

proptest! {
    #[test]
    fn whatever_is_done_an_entry_stays_whole(steps in prop::collection::vec(steps(), 1..40)) {
        let mut entry = entry();
        let mut passed_by: Option<u128> = None;
        for (step, time) in steps.into_iter().zip(2..) {
            let before = entry.clone();
            let outcome = take(&mut entry, step, at(time));
            if outcome.is_err() {
                prop_assert_eq!(&entry, &before, "a refusal changes nothing");
                continue;
            }
            prop_assert_eq!(entry.version.get(), before.version.get() + 1);
            prop_assert!(entry.draft.iter().all(|draft| draft.state.is_open()));
            prop_assert!(entry.live.iter().all(|live| live.state == EditionState::Live));
            prop_assert!(entry.live.is_none() || entry.trashed_at.is_none());
            if let (Step::Approve(who) | Step::Publish(who, _), Some(draft)) = (step, &before.draft) {
                let was_approved = matches!(draft.state, EditionState::Approved | EditionState::Scheduled);
                prop_assert!(was_approved || !draft.writers.contains(&actor(who)));
                passed_by = Some(who);
            }
            // Nothing is public that nobody has let pass.
            prop_assert!(entry.live.is_none() || passed_by.is_some());
            if let (Some(old), Some(new)) = (&before.draft, &entry.draft)
                && old.state != EditionState::Draft && old.id == new.id {
                prop_assert_eq!(&old.content, &new.content);
            }
        }
    }
}
