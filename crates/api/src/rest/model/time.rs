use chrono::NaiveDate;
use lienthong_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A point in time, RFC 3339 in UTC with `Z`, to the microsecond. In requests any offset is accepted.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, format = DateTime, example = "2024-07-07T16:59:59Z")]
pub(in crate::rest) struct Time(pub(in crate::rest) Timestamp);

/// A calendar day in Vietnam, `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, format = Date, example = "2025-06-30")]
pub(in crate::rest) struct Day(pub(in crate::rest) NaiveDate);
