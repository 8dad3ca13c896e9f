//! The one table from outcome to HTTP status.

use http::StatusCode;

use super::error::ErrorClass;
use super::negotiate::MediaType;

/// Which edition of GraphQL-over-HTTP the status codes follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StatusProfile {
    /// What deployed clients and audit suites expect: 400 for every refused document, 200 for partial data.
    #[default]
    Established,
    /// The draft of August 2026: 422 for requests that are understood but refused, 294 for data with errors.
    Draft2026,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Data and no error.
    Success,
    /// Execution began and met errors; `data` is present, possibly `null`.
    Partial,
    /// Refused before execution; there is no `data`.
    Refused(ErrorClass),
}

impl StatusProfile {
    /// The status of an answer in `media` with this outcome.
    ///
    /// With `application/json` every well-formed request is answered 200 whatever its document (section 6.4.1 of the
    /// draft): intermediaries may produce that media type too, so its clients trust the body only under 200.
    pub fn status(self, media: MediaType, outcome: Outcome) -> StatusCode {
        match outcome {
            Outcome::Success => StatusCode::OK,
            Outcome::Partial => self.partial(media),
            Outcome::Refused(class) => self.refused(media, class),
        }
    }

    /// The media type for `Accept: */*` and for no `Accept` at all.
    pub const fn default_media_type(self) -> MediaType {
        match self {
            Self::Established => MediaType::Json,
            Self::Draft2026 => MediaType::GraphqlResponse,
        }
    }

    fn partial(self, media: MediaType) -> StatusCode {
        match (self, media) {
            // 294 lies within the range that `StatusCode` accepts; 200 can never be reached here.
            (Self::Draft2026, MediaType::GraphqlResponse) => StatusCode::from_u16(294).unwrap_or(StatusCode::OK),
            _ => StatusCode::OK,
        }
    }

    fn refused(self, media: MediaType, class: ErrorClass) -> StatusCode {
        let unprocessable = match self {
            Self::Established => StatusCode::BAD_REQUEST,
            Self::Draft2026 => StatusCode::UNPROCESSABLE_ENTITY,
        };
        match (class, media) {
            (ErrorClass::Syntax | ErrorClass::Validation | ErrorClass::UnknownAutomatic, MediaType::Json) => {
                StatusCode::OK
            }
            (ErrorClass::UnreadableBody | ErrorClass::Syntax, _) => StatusCode::BAD_REQUEST,
            (ErrorClass::MalformedRequest | ErrorClass::Validation, _) => unprocessable,
            (ErrorClass::UnknownAutomatic | ErrorClass::UnknownTrusted, _) => StatusCode::NOT_FOUND,
            (ErrorClass::Method, _) => StatusCode::METHOD_NOT_ALLOWED,
            (ErrorClass::NotAcceptable, _) => StatusCode::NOT_ACCEPTABLE,
            (ErrorClass::TooLarge, _) => StatusCode::PAYLOAD_TOO_LARGE,
            (ErrorClass::UriTooLong, _) => StatusCode::URI_TOO_LONG,
            (ErrorClass::UnsupportedMedia, _) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            (ErrorClass::Forbidden, _) => StatusCode::FORBIDDEN,
            (ErrorClass::Internal, _) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_table_is_exactly_this() {
        use ErrorClass as C;
        // outcome, established +json, established json, draft +json, draft json
        let table = [
            (Outcome::Success, [200, 200, 200, 200]),
            (Outcome::Partial, [200, 200, 294, 200]),
            (Outcome::Refused(C::UnreadableBody), [400, 400, 400, 400]),
            (Outcome::Refused(C::MalformedRequest), [400, 400, 422, 422]),
            (Outcome::Refused(C::Syntax), [400, 200, 400, 200]),
            (Outcome::Refused(C::Validation), [400, 200, 422, 200]),
            (Outcome::Refused(C::Method), [405; 4]),
            (Outcome::Refused(C::NotAcceptable), [406; 4]),
            (Outcome::Refused(C::TooLarge), [413; 4]),
            (Outcome::Refused(C::UriTooLong), [414; 4]),
            (Outcome::Refused(C::UnsupportedMedia), [415; 4]),
            (Outcome::Refused(C::Forbidden), [403; 4]),
            (Outcome::Refused(C::UnknownAutomatic), [404, 200, 404, 200]),
            (Outcome::Refused(C::UnknownTrusted), [404; 4]),
            (Outcome::Refused(C::Internal), [500; 4]),
        ];
        for (outcome, expected) in table {
            let actual = [
                StatusProfile::Established.status(MediaType::GraphqlResponse, outcome),
                StatusProfile::Established.status(MediaType::Json, outcome),
                StatusProfile::Draft2026.status(MediaType::GraphqlResponse, outcome),
                StatusProfile::Draft2026.status(MediaType::Json, outcome),
            ];
            assert_eq!(actual.map(|s| s.as_u16()), expected, "{outcome:?}");
        }
    }
}
