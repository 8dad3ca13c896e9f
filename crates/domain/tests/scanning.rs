//! The scanner on hostile input: it answers, and in a time that grows with the length only.

use std::time::{Duration, Instant};

use lienthong_domain::poison::{Subject, Verdict, Where, scan};
use proptest::prelude::*;

const PLACES: [Where; 6] =
    [Where::BodyHtml, Where::Title, Where::Slug, Where::AttachmentName, Where::Question, Where::Link];

/// Pieces that make work: topics, marks, tags, styles, addresses, quotations.
const PIECES: [&str; 18] = [
    "tài xỉu ",
    "<b>",
    "<p class='a b c d e f g h'>",
    "</p>",
    "<a href='https://8xbet.example/",
    "<!--",
    "\"",
    "&",
    "%2525",
    "https://a.example/?url=",
    "<style>.a{display:none;color:#fff}</style>",
    "n.h.à c.á.i ",
    "\u{200b}",
    "công an ",
    "8",
    "a",
    "//",
    "<script>",
];

fn judged(place: Where, text: &str) -> (Duration, Verdict) {
    let begun = Instant::now();
    let verdict = scan(&Subject { place, text });
    (begun.elapsed(), verdict)
}

/// Eight times the text may take up to twenty-four times as long, which a quadratic scan (sixty-four times) does not
/// reach; short times are left to the noise of the machine.
fn assert_linear(name: &str, place: Where, text: impl Fn(usize) -> String) {
    let (small, large) = (text(1 << 14), text(1 << 17));
    let short = (0..2).map(|_| judged(place, &small).0).min().unwrap_or_default();
    let (long, _) = judged(place, &large);
    assert!(long < short * 24 + Duration::from_millis(500), "{name} in {place:?}: {short:?}, then {long:?}");
}

#[test]
fn time_grows_with_length_only() {
    for piece in PIECES {
        for place in PLACES {
            assert_linear(piece, place, |length| piece.repeat(length / piece.len()));
        }
    }
}

#[test]
fn a_hostile_megabyte_is_answered_in_seconds() {
    for piece in ["tài xỉu\n", "<p class='a b c d e f g h'>", "https://a.example/?url=//b.example "] {
        let (took, _) = judged(
            Where::BodyHtml,
            &format!("<style>.a{{color:red}}</style>{}", piece.repeat((1 << 20) / piece.len())),
        );
        assert!(took < Duration::from_mins(1), "{piece}: {took:?}");
    }
}

#[test]
fn a_hundred_thousand_open_tags_are_read() {
    for tag in ["<div>", "<p style='color:#fff'>", "<table><tr><td>", "<a href=/x>", "<svg>"] {
        let html = format!("{}tài xỉu online uy tín{}", tag.repeat(100_000), "</div>".repeat(100_000));
        assert!(judged(Where::BodyHtml, &html).1.is_held(), "{tag}");
    }
}

#[test]
fn an_advertisement_is_found_in_a_megabyte_of_news() {
    let news = "<p>UBND xã họp bàn kế hoạch gieo cấy vụ mùa và phòng dịch cho đàn gia súc.</p>".repeat(6_000);
    let (_, clean) = judged(Where::BodyHtml, &news);
    assert!(!clean.is_held(), "{clean:?}");
    let (half, rest) = news.split_at(news.len() / 2 / 81 * 81);
    let poisoned = format!("{half}<p>Nhà cái uy tín, tặng code 100k</p>{rest}");
    assert!(judged(Where::BodyHtml, &poisoned).1.is_held());
}

#[test]
fn digits_in_the_place_of_letters_are_read_however_far_apart() {
    for filler in ["", "i", "\u{3164}", " ", "\u{200b}"] {
        let text = format!("t4i{} x1u đổi thưởng uy tín, đăng ký nhận 200k", filler.repeat(500));
        assert!(judged(Where::Title, &text).1.is_held(), "{filler:?}");
    }
}

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![2 => prop::sample::select(PIECES.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,6}", 1 => any::<char>().prop_map(String::from)]
}

proptest! {
    #[test]
    fn every_input_gets_an_answer_that_says_why(pieces in prop::collection::vec(piece(), 0..60), at in 0..PLACES.len()) {
        let text = pieces.concat();
        if let Some(place) = PLACES.get(at) {
            let verdict = scan(&Subject { place: *place, text: &text });
            prop_assert_eq!(&verdict, &scan(&Subject { place: *place, text: &text }));
            for reason in verdict.reasons {
                prop_assert!(!reason.rule.is_empty() && !reason.message.is_empty() && reason.found.chars().count() <= 120);
            }
        }
    }
}
