//! Pages of lists of reference data.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, Uri};
use lienthong_app::queries::{PageRequest, Register, RegisterPage};
use lienthong_app::{Error, Listed};
use serde::Serialize;

use crate::reading::Reading;
use crate::rest::link;
use crate::rest::list_parameters::Extra;
use crate::rest::model::{PageInfo, Total};

/// Which page, and what besides.
pub(super) struct Wanted {
    pub(super) page: PageRequest,
    pub(super) include: Option<Extra>,
}

/// The page that was asked for, with what goes around it.
pub(super) struct Turned<T> {
    page: RegisterPage<T>,
    info: PageInfo,
    links: HeaderMap,
    total: Option<Total>,
}

impl<T: Listed> Turned<T> {
    /// The page of `register` that is asked for, whose links lead through the list at `uri`.
    pub(super) fn to(reading: &Reading, uri: &Uri, register: Register<'_, T>, wanted: &Wanted) -> Result<Self, Error> {
        let page = register.page(&reading.app, &reading.reference, &wanted.page)?;
        let info = PageInfo::of(&reading.app, &page);
        let links = link::pages(uri, wanted.page.size()?.0, &info);
        let total = wanted.include.map(|Extra::Total| page.total.into());
        Ok(Self { page, info, links, total })
    }

    pub(super) fn items(&self) -> impl Iterator<Item = &T> {
        self.page.items.iter().map(AsRef::as_ref)
    }

    /// The answer with the list that `list` makes around its entries.
    pub(super) fn answer<L: Serialize>(self, list: impl FnOnce(PageInfo, Option<Total>) -> L) -> Response {
        let Self { page: _, info, links, total } = self;
        (links, Json(list(info, total))).into_response()
    }
}
