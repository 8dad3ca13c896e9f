use lienthong_app::Error;
use lienthong_app::queries::LiveHeader;
use lienthong_app::queries::procedures::{self, OfferedBasis};
use lienthong_domain::ids::EntryId;
use lienthong_domain::procedure::{Procedure, StatusState};
use lienthong_domain::time::Timestamp;

/// A published procedure with its record.
#[derive(Debug)]
pub(crate) struct ProcedureView {
    pub(crate) id: EntryId,
    pub(crate) modified_at: Timestamp,
    pub(crate) record: Procedure,
    /// On what it rests that the procedure is offered at the unit asked for.
    pub(crate) offered: Option<OfferedBasis>,
}

impl ProcedureView {
    /// Reads the record of a header that was read with its body.
    pub(crate) fn of(header: &LiveHeader, offered: Option<OfferedBasis>) -> Result<Self, Error> {
        let record = procedures::record(header)?;
        Ok(Self { id: header.entry, modified_at: header.modified_at, record, offered })
    }

    /// Whether the procedure is in force; `None` where the record does not say, or in words that are not known.
    pub(crate) fn status(&self) -> Option<StatusState> {
        self.record.status.as_ref().and_then(|status| status.state)
    }

    /// The same as the national record writes it.
    pub(crate) fn status_verbatim(&self) -> Option<&str> {
        self.record.status.as_ref().map(|status| status.verbatim.as_str())
    }
}
