use std::fmt;

use chrono::NaiveDate;
use serde::Serialize;

use crate::host::HostName;

/// A site with articles that were first published outside of its days. A report on a time in which the site was not in
/// operation leaves it out with all of them, so somebody has to correct the days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DatedOutside {
    /// The site.
    pub site: HostName,
    /// Its first day.
    pub active_from: NaiveDate,
    /// Its last day.
    pub active_to: Option<NaiveDate>,
    /// Articles from before the first day.
    pub before: u64,
    /// Articles from behind the last day.
    pub behind: u64,
}

impl fmt::Display for DatedOutside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { site, active_from, active_to, before, behind } = self;
        write!(f, "{site}:")?;
        if *before > 0 {
            write!(f, " {before} dated before its active_from, {active_from}")?;
        }
        let separator = if *before > 0 { ";" } else { "" };
        match active_to {
            Some(last) if *behind > 0 => write!(f, "{separator} {behind} dated behind its active_to, {last}"),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::parse_day;

    #[test]
    fn both_ends_are_told_where_articles_lie_beyond_them() {
        let told = |before, behind| {
            let days = (parse_day("2025-01-01").unwrap(), parse_day("2025-06-30").ok());
            let (site, (active_from, active_to)) = ("nghixuan.hatinh.gov.vn".parse().unwrap(), days);
            DatedOutside { site, active_from, active_to, before, behind }.to_string()
        };
        assert_eq!(told(20, 0), "nghixuan.hatinh.gov.vn: 20 dated before its active_from, 2025-01-01");
        assert_eq!(told(0, 3), "nghixuan.hatinh.gov.vn: 3 dated behind its active_to, 2025-06-30");
        let both = "1 dated before its active_from, 2025-01-01; 2 dated behind its active_to, 2025-06-30";
        assert_eq!(told(1, 2), format!("nghixuan.hatinh.gov.vn: {both}"));
    }
}
