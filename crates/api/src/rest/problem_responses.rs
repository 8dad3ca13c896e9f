//! The problems that operations can answer with, for their description.

use std::collections::BTreeMap;

use lienthong_app::ErrorCode;
use utoipa::IntoResponses;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::{ContentBuilder, Ref, RefOr};

use crate::problem::{Problem, ProblemDocument};

/// Any operation.
const ALWAYS: [ErrorCode; 4] =
    [ErrorCode::BadRequest, ErrorCode::RateLimited, ErrorCode::Internal, ErrorCode::Unavailable];

/// Any operation that needs a token.
const WITH_TOKEN: [ErrorCode; 3] = [ErrorCode::Unauthenticated, ErrorCode::Forbidden, ErrorCode::NotFound];

/// A list that cannot miss.
pub(super) struct AnyProblem;

/// A list that goes by cursor.
pub(super) struct ListProblem;

/// A list that can be searched.
pub(super) struct SearchProblem;

/// A thing that may not exist.
pub(super) struct DetailProblem;

/// An article, which may have been withdrawn.
pub(super) struct ArticleProblem;

/// An entry for its editors.
pub(super) struct EntryProblem;

/// A list of what is internal.
pub(super) struct InternalListProblem;

/// A report.
pub(super) struct ReportProblem;

/// A new article.
pub(super) struct CreateProblem;

/// A new text for an article.
pub(super) struct EditProblem;

/// A step in the life of an article.
pub(super) struct TransitionProblem;

/// A file for a library.
pub(super) struct UploadProblem;

/// Signing in.
pub(super) struct SignInProblem;

/// Choosing a password by link.
pub(super) struct LinkProblem;

/// Passing through an identity provider.
pub(super) struct VisitProblem;

/// Signing in with what a provider vouches for.
pub(super) struct VouchedProblem;

type Responses = BTreeMap<String, RefOr<Response>>;

impl IntoResponses for AnyProblem {
    fn responses() -> Responses {
        documented(&[])
    }
}

impl IntoResponses for ListProblem {
    fn responses() -> Responses {
        documented(&[ErrorCode::InvalidCursor])
    }
}

impl IntoResponses for SearchProblem {
    fn responses() -> Responses {
        documented(&[ErrorCode::InvalidCursor, ErrorCode::SearchNotReady])
    }
}

impl IntoResponses for DetailProblem {
    fn responses() -> Responses {
        documented(&[ErrorCode::NotFound])
    }
}

impl IntoResponses for ArticleProblem {
    fn responses() -> Responses {
        documented(&[ErrorCode::NotFound, ErrorCode::Gone])
    }
}

impl IntoResponses for EntryProblem {
    fn responses() -> Responses {
        documented(&WITH_TOKEN)
    }
}

impl IntoResponses for InternalListProblem {
    fn responses() -> Responses {
        documented(&[&WITH_TOKEN[..], &[ErrorCode::InvalidCursor]].concat())
    }
}

impl IntoResponses for ReportProblem {
    fn responses() -> Responses {
        documented(&WITH_TOKEN)
    }
}

impl IntoResponses for CreateProblem {
    fn responses() -> Responses {
        use ErrorCode as Code;
        let own = [
            Code::InvalidInput,
            Code::IdempotencyKeyReused,
            Code::SlugTaken,
            Code::TooLarge,
            Code::UnsupportedMediaType,
        ];
        documented(&[&WITH_TOKEN[..], &own].concat())
    }
}

impl IntoResponses for EditProblem {
    fn responses() -> Responses {
        use ErrorCode as Code;
        let own = [
            Code::InvalidInput,
            Code::WrongState,
            Code::PreconditionFailed,
            Code::PreconditionRequired,
            Code::TooLarge,
            Code::UnsupportedMediaType,
        ];
        documented(&[&WITH_TOKEN[..], &own].concat())
    }
}

impl IntoResponses for TransitionProblem {
    fn responses() -> Responses {
        use ErrorCode as Code;
        let own = [Code::WrongState, Code::PreconditionFailed, Code::PreconditionRequired, Code::InvalidInput];
        documented(&[&WITH_TOKEN[..], &own].concat())
    }
}

impl IntoResponses for UploadProblem {
    fn responses() -> Responses {
        use ErrorCode as Code;
        let own = [
            Code::InvalidInput,
            Code::MediaRefused,
            Code::MediaInfected,
            Code::UploadOffset,
            Code::WrongState,
            Code::PreconditionFailed,
            Code::TooLarge,
            Code::UnsupportedMediaType,
            Code::ScannerUnavailable,
        ];
        documented(&[&WITH_TOKEN[..], &own].concat())
    }
}

impl IntoResponses for SignInProblem {
    fn responses() -> Responses {
        use ErrorCode as Code;
        documented(&[
            Code::WrongCredentials,
            Code::SecondFactorRequired,
            Code::Unauthenticated,
            Code::InvalidInput,
            Code::TooLarge,
            Code::UnsupportedMediaType,
        ])
    }
}

impl IntoResponses for LinkProblem {
    fn responses() -> Responses {
        use ErrorCode as Code;
        documented(&[Code::LinkExpired, Code::InvalidInput, Code::TooLarge, Code::UnsupportedMediaType])
    }
}

impl IntoResponses for VisitProblem {
    fn responses() -> Responses {
        documented(&[ErrorCode::SignInRefused, ErrorCode::NotFound, ErrorCode::ProviderUnavailable])
    }
}

impl IntoResponses for VouchedProblem {
    fn responses() -> Responses {
        use ErrorCode as Code;
        documented(&[
            Code::SignInRefused,
            Code::IdentityUnknown,
            Code::AccountDisabled,
            Code::IdentityTaken,
            Code::LinkExpired,
            Code::WrongCredentials,
            Code::SecondFactorRequired,
            Code::InvalidInput,
            Code::TooLarge,
            Code::UnsupportedMediaType,
        ])
    }
}

/// One response for each status, which lists its codes.
fn documented(own: &[ErrorCode]) -> Responses {
    let mut by_status: BTreeMap<u16, Vec<ErrorCode>> = BTreeMap::new();
    for code in ALWAYS.iter().chain(own) {
        by_status.entry(code.status()).or_default().push(*code);
    }
    by_status.into_iter().map(|(status, codes)| (status.to_string(), response(&codes).into())).collect()
}

fn response(codes: &[ErrorCode]) -> Response {
    let lines: Vec<String> = codes.iter().map(|code| format!("`{}`: {}", code.as_str(), code.message_en())).collect();
    let example = codes.first().and_then(|code| serde_json::to_value(ProblemDocument::from(Problem::of(*code))).ok());
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).example(example).build();
    ResponseBuilder::new().description(lines.join("\n\n")).content("application/problem+json", content).build()
}
