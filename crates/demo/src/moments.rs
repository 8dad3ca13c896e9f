//! Publications at chosen minutes: the edges of the period, and what a careless count gets wrong.

use chrono::{DateTime, Utc};

use crate::plan::{Fate, Slot};

/// The slots that are not left to chance on `site`.
pub(crate) fn chosen(site: &str) -> Vec<Slot> {
    let edges = EDGES.iter().filter(|_| EDGE_SITES.contains(&site)).filter_map(|(at, revised)| edge(at, *revised));
    let guides = GUIDES.iter().filter(|(host, _)| *host == site).filter_map(|(_, at)| guide(at));
    edges.chain(guides).collect()
}

/// Sites on which the edges occur: the first and the last row of the report, and the lower one of the tie.
const EDGE_SITES: &[&str] = &["nghi-xuan", "xuan-my", "xuan-vien"];

/// First publication and later revision. The report from 2024-01-01 to 2024-07-07 counts the five marked ones.
const EDGES: &[(&str, Option<&str>)] = &[
    // First published before, revised inside: an old article.
    ("2023-12-20T09:15:00+07:00", Some("2024-02-15T08:30:00+07:00")),
    ("2023-12-31T23:59:59+07:00", None),
    // Counted. In UTC this is still 2023.
    ("2024-01-01T00:00:00+07:00", None),
    // Counted. A second one on this side, or a count by days in UTC would lose one, gain one and look right.
    ("2024-01-01T06:10:00+07:00", None),
    // Counted. In UTC this is the leap day, in Vietnam the first of March.
    ("2024-03-01T06:30:00+07:00", None),
    // Counted. Revised after the period.
    ("2024-06-28T14:05:00+07:00", Some("2024-08-02T10:00:00+07:00")),
    // Counted: the last microsecond.
    ("2024-07-07T23:59:59.999999+07:00", None),
    // In UTC this is 7 July.
    ("2024-07-08T00:00:00+07:00", None),
];

/// Articles in English, all counted.
const GUIDES: &[(&str, &str)] = &[
    ("nghi-xuan", "2024-04-12T10:20:00+07:00"),
    ("nghi-xuan", "2024-05-20T15:40:00+07:00"),
    ("tien-dien", "2024-03-18T08:05:00+07:00"),
];

fn edge(at: &str, revised: Option<&str>) -> Option<Slot> {
    let fate = match revised {
        Some(at) => Fate::Revised(parsed(at)?),
        None => Fate::Live,
    };
    Some(Slot { at: parsed(at)?, fate, theme: None })
}

fn guide(at: &str) -> Option<Slot> {
    Some(Slot { at: parsed(at)?, fate: Fate::Live, theme: Some("visitor-guide") })
}

fn parsed(time: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(time).ok().map(|time| time.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_in_the_tables_is_read() {
        assert_eq!(chosen("nghi-xuan").len(), EDGES.len() + 2);
        assert_eq!(
            (chosen("xuan-vien").len(), chosen("tien-dien").len(), chosen("xuan-an").len()),
            (EDGES.len(), 1, 0)
        );
    }
}
