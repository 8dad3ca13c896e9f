//! Pages of lists that are wholly in memory.

use lienthong_app::Error;

use crate::view::WindowRequest;

/// Items in one answer at most.
const MAX: u32 = 100;

/// The part that is asked for.
pub(super) fn window(first: u32, after: Option<&str>) -> Result<WindowRequest<'_>, Error> {
    if !(1..=MAX).contains(&first) {
        return Err(Error::bad_request("first", format!("first must be between 1 and {MAX}")));
    }
    Ok(WindowRequest { first: first as usize, after })
}
