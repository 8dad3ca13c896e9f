//! Weighs what was found: advertisement against report.
//!
//! Evidence counts near to where something to sell is named, so that one advertisement in the middle of an honest article
//! is seen, and an honest article about advertisements is not held.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use super::evidence::Found;
use super::rules::{Kind, RULES};
use super::stream::Stream;
use super::{Hit, Length};

/// Letters to each side in which a topic and its promotion belong together: about three lines.
const NEAR: usize = 160;
/// Letters to each side in which a report speaks about the topic.
const AROUND: usize = 420;
/// Judging again nearer than this gives nothing new, and would cost time on hostile text.
const STRIDE: usize = 20;
/// Promotion this loud is not quoted by a reporter: the report must then be made nearby, and counts for less.
const LOUD: u32 = 10;
const QUOTED_CAP: u32 = 14;
/// What the voice of an office in the same sentence counts at most.
const VOICE_CAP: u32 = 8;
const SHORT_VOICE_CAP: u32 = 1;
/// What is reported in another paragraph counts by this part.
const ELSEWHERE_PART: u32 = 2;
/// A topic of this weight is an offer by itself; of lesser ones, which news name too, there must be many.
pub(super) const OFFER: u32 = 8;
const STUFFED: u32 = 14;
/// A topic of this weight is a word of every newspaper.
const NEUTRAL: u32 = 4;
/// What such words must be beside more than others.
const DOUBT: u32 = 2;
/// What the reports of a long text count at most far away from them, and the part of them that does.
const FAR_CAP: u32 = 18;
const FAR_PART: u32 = 3;
/// What a disguise adds to the promotion.
const DISGUISE: u32 = 4;

/// Sums of evidence, each word once.
#[derive(Default)]
struct Sums {
    topic: u32,
    promotion: u32,
    reporting: u32,
    voice: u32,
    /// The heaviest topic.
    loudest: u32,
}

/// What is being weighed.
struct Sale {
    length: Length,
    promotion: u32,
    everywhere: u32,
}

/// What the text is held for.
pub(super) fn weigh(stream: &Stream, found: &[Found], length: Length, extra: u32) -> Vec<Hit> {
    let limits = &RULES.limits;
    let limit = match length {
        Length::Long => limits.long,
        Length::Short => limits.short,
        Length::Hidden => 4,
    };
    let everywhere = if length == Length::Long { sums(found).reporting } else { 0 };
    let mut next = 0;
    for anchor in found.iter().filter(|f| f.kind() == Some(Kind::Topic)) {
        if anchor.start < next {
            continue;
        }
        next = anchor.start + STRIDE;
        let near = within(found, around(anchor.start, NEAR));
        let Sums { topic, promotion, loudest, .. } = sums(near);
        let promotion = promotion + extra;
        let against = match length {
            Length::Hidden => 0,
            Length::Short | Length::Long => against(stream, found, anchor, &Sale { length, promotion, everywhere }),
        };
        let sold = topic.min(limits.topic_cap) + promotion.min(limits.promotion_cap);
        let meant = promotion > 0
            || match length {
                Length::Long => loudest >= OFFER || topic >= STUFFED,
                Length::Short => loudest > NEUTRAL,
                Length::Hidden => true,
            };
        let doubt = if loudest <= NEUTRAL && length == Length::Long { DOUBT } else { 0 };
        if meant && sold >= limit + against + doubt {
            return hits(stream, near);
        }
    }
    Vec::new()
}

/// What speaks against an advertisement here. What stands in another paragraph may be about something else.
fn against(stream: &Stream, found: &[Found], anchor: &Found, sale: &Sale) -> u32 {
    let near = around(anchor.start, AROUND);
    let own = stream.paragraph(anchor.start);
    let reporting = sums(within(found, near.clone())).reporting;
    let here = sums(within(found, common(&near, &own))).reporting;
    let voice_cap = if sale.length == Length::Short { SHORT_VOICE_CAP } else { VOICE_CAP };
    let voice = sums(within(found, common(&near, &stream.sentence(anchor.start)))).voice.min(voice_cap);
    let reporting = here + reporting.saturating_sub(here) / ELSEWHERE_PART + headline(found, sale.length);
    if sale.promotion >= LOUD {
        return (reporting + voice).min(QUOTED_CAP);
    }
    let far = sale.everywhere.saturating_sub(reporting).min(FAR_CAP) / FAR_PART;
    (reporting + voice + far).min(RULES.limits.reporting_cap)
}

/// A title that begins with a warning is one.
fn headline(found: &[Found], length: Length) -> u32 {
    let mut first = found.iter().take_while(|one| length == Length::Short && one.start == 0);
    first.find(|one| one.kind() == Some(Kind::Reporting)).map_or(0, |one| one.weight)
}

fn common(left: &Range<usize>, right: &Range<usize>) -> Range<usize> {
    left.start.max(right.start)..left.end.min(right.end)
}

fn around(at: usize, reach: usize) -> Range<usize> {
    at.saturating_sub(reach)..at + reach
}

/// The evidence that starts in a range of letters.
fn within(found: &[Found], range: Range<usize>) -> &[Found] {
    let first = found.partition_point(|f| f.start < range.start);
    let last = found.partition_point(|f| f.start < range.end);
    found.get(first..last).unwrap_or_default()
}

fn sums(found: &[Found]) -> Sums {
    let mut sums = Sums::default();
    let mut seen = HashSet::with_capacity(found.len().min(256));
    let mut disguised = false;
    for one in found.iter().filter(|one| seen.insert(one.key)) {
        match one.kind() {
            Some(Kind::Topic) => {
                sums.topic += one.weight;
                sums.loudest = sums.loudest.max(one.weight);
            }
            Some(Kind::Promotion) => sums.promotion += one.weight,
            Some(Kind::Reporting) => sums.reporting += one.weight,
            Some(Kind::Voice) => sums.voice += one.weight,
            _ => {}
        }
        disguised |= one.disguised && one.kind() == Some(Kind::Topic);
    }
    if disguised {
        sums.promotion += DISGUISE;
    }
    sums
}

/// One hit for each rule, with the first words it saw.
fn hits(stream: &Stream, found: &[Found]) -> Vec<Hit> {
    let mut by_rule = BTreeMap::new();
    for one in found.iter().filter(|one| matches!(one.kind(), Some(Kind::Topic | Kind::Promotion))) {
        by_rule.entry(one.rule).or_insert_with(|| words(stream, one));
        if one.disguised && one.kind() == Some(Kind::Topic) {
            by_rule.entry(RULES.rule("promotion.disguise")).or_insert_with(|| words(stream, one));
        }
    }
    by_rule.into_iter().map(|(rule, found)| Hit { rule, found }).collect()
}

fn words(stream: &Stream, one: &Found) -> String {
    let seen = || String::from_utf8_lossy(stream.letters.get(one.start..one.end).unwrap_or_default()).into_owned();
    RULES.phrases.get(one.key).map_or_else(seen, |phrase| phrase.text.clone())
}
