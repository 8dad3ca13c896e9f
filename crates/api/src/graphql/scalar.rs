//! Scalars.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};

use lienthong_domain::time::{Timestamp, parse_day};

/// A point in time, RFC 3339 in UTC with `Z`, to the microsecond. Any offset is accepted.
pub(crate) struct DateTime(pub(crate) Timestamp);

#[Scalar(name = "DateTime")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => Ok(Self(Timestamp::parse(text).map_err(InputValueError::custom)?)),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A calendar day in Vietnam, `YYYY-MM-DD`.
pub(crate) struct Date(pub(crate) chrono::NaiveDate);

#[Scalar(name = "Date")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => Ok(Self(parse_day(text).map_err(InputValueError::custom)?)),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}
