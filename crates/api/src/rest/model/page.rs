use lienthong_app::App;
use lienthong_app::queries::{Paged, TotalCount};
use serde::Serialize;
use utoipa::ToSchema;

/// Where a page lies in its list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct PageInfo {
    /// Whether the list goes on after this page.
    pub(in crate::rest) has_next: bool,
    /// Whether the list has entries before this page.
    pub(in crate::rest) has_previous: bool,
    /// Where the list goes on upwards, for `before`: the cursor of the first entry, or further up where entries were passed over;
    /// null on an empty page at the start.
    #[schema(required)]
    pub(in crate::rest) start_cursor: Option<String>,
    /// Where the list goes on, for `after`: the cursor of the last entry, or further down where entries were passed over; null
    /// on an empty page at the end.
    #[schema(required)]
    pub(in crate::rest) end_cursor: Option<String>,
}

/// A total that is counted only so far.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct Total {
    /// The number counted, at most 10,000.
    #[schema(example = 2079)]
    value: u32,
    /// Whether there are more than that, or may be: with several conditions only 10,000 entries are looked at.
    more: bool,
}

impl PageInfo {
    /// Where a page lies.
    pub(in crate::rest) fn of(app: &App, page: &impl Paged) -> Self {
        let [start_cursor, end_cursor] = page.ends(app);
        Self { has_next: page.has_next(), has_previous: page.has_previous(), start_cursor, end_cursor }
    }
}

impl From<TotalCount> for Total {
    fn from(count: TotalCount) -> Self {
        let TotalCount { value, more } = count;
        Self { value, more }
    }
}
