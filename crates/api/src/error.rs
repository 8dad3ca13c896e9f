//! Errors of handlers and resolvers. They deliberately do not implement `Display`: the engine would then accept them by its
//! blanket conversion and drop their code.

use async_graphql::{Error, ErrorExtensions as _, Value};

use lienthong_app::{Error as Fault, ErrorCode};

use crate::asked::request_id;

/// An error on its way to a client.
#[derive(Debug)]
pub(crate) enum ApiError {
    /// No valid token.
    Unauthenticated,
    /// A command or a query did not do what was asked.
    App(lienthong_app::Error),
}

impl From<lienthong_app::Error> for ApiError {
    fn from(error: lienthong_app::Error) -> Self {
        Self::App(error)
    }
}

impl ApiError {
    pub(crate) const fn code(&self) -> ErrorCode {
        match self {
            Self::Unauthenticated => ErrorCode::Unauthenticated,
            Self::App(error) => error.code(),
        }
    }

    /// The sentence for the client: what it did wrong, or only that something is wrong with us.
    pub(crate) fn message(&self) -> String {
        let detail = match self {
            Self::Unauthenticated => None,
            Self::App(error) => error.public_detail(),
        };
        detail.unwrap_or_else(|| self.code().message_en().to_owned())
    }

    /// Logs the cause of what clients only see as a code.
    pub(crate) fn log(&self) {
        if let Self::App(error @ (Fault::Store(_) | Fault::Vault(_) | Fault::Internal(_))) = self {
            tracing::error!(%error, code = self.code().as_str(), request_id = request_id(), "a request failed");
        }
    }
}

impl From<ApiError> for Error {
    fn from(error: ApiError) -> Self {
        error.log();
        let code = error.code();
        Self::new(error.message()).extend_with(|_, extensions| {
            extensions.set("code", code.as_str());
            extensions.set("messageVi", code.message_vi());
            if let ApiError::App(lienthong_app::Error::BadRequest { parameter, .. }) = &error {
                extensions.set("argument", Value::from(*parameter));
            }
            if let ApiError::App(lienthong_app::Error::Moved { location }) = &error {
                extensions.set("location", Value::from(location.as_str()));
            }
        })
    }
}
