//! The closed list of error codes, and the errors of commands and queries.

use lienthong_domain::access::Denied;
use lienthong_domain::article::FieldError;
use lienthong_domain::bundle::{BundleError, Problem};
use lienthong_domain::entry::{EntryError, Version};
use lienthong_domain::time::Timestamp;
use lienthong_media::{Refusal, VaultError};

use crate::secrets::SecretError;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $status:literal, $vi:literal, $en:literal;)+) => {
        /// Every code with which this product answers a request it cannot fulfil. Stable: clients compare them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ErrorCode {
            $($(#[$doc])* $variant,)+
        }

        impl ErrorCode {
            /// Every code, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The code as clients see it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The HTTP status that goes with it.
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)+ }
            }

            /// One Vietnamese sentence for people.
            pub const fn message_vi(self) -> &'static str {
                match self { $(Self::$variant => $vi,)+ }
            }

            /// One English sentence for people.
            pub const fn message_en(self) -> &'static str {
                match self { $(Self::$variant => $en,)+ }
            }
        }
    };
}

codes! {
    /// A field breaks a rule.
    InvalidInput = "INVALID_INPUT", 422, "Dữ liệu gửi lên không hợp lệ.", "The input breaks a rule.";
    /// The file is one that no library takes.
    MediaRefused = "MEDIA_REFUSED", 422, "Tệp không được chấp nhận.", "The file is not taken.";
    /// The virus scanner found something in the file.
    MediaInfected = "MEDIA_INFECTED", 422, "Phần mềm diệt vi-rút phát hiện mã độc trong tệp.", "The virus scanner found something in the file.";
    /// The idempotency key has been used for something else.
    IdempotencyKeyReused = "IDEMPOTENCY_KEY_REUSED", 422, "Khóa chống gửi lặp đã được dùng cho một yêu cầu khác.", "The idempotency key has been used for another request.";
    /// A parameter cannot be read, or parameters exclude each other.
    BadRequest = "BAD_REQUEST", 400, "Tham số của yêu cầu không hợp lệ.", "A parameter of the request is not valid.";
    /// A cursor that this list did not hand out.
    InvalidCursor = "INVALID_CURSOR", 400, "Con trỏ phân trang không thuộc danh sách này.", "The cursor does not belong to this list.";
    /// What an identity provider or a browser sent does not belong to a sign-in that was begun here.
    SignInRefused = "SIGN_IN_REFUSED", 400, "Không thể hoàn tất đăng nhập, hãy đăng nhập lại từ đầu.", "The sign-in cannot be completed; begin again.";
    /// No valid token.
    Unauthenticated = "UNAUTHENTICATED", 401, "Cần đăng nhập bằng mã truy cập hợp lệ.", "A valid access token is needed.";
    /// Name and password, or the second factor, do not fit. Says nothing on which of them.
    WrongCredentials = "WRONG_CREDENTIALS", 401, "Tên đăng nhập hoặc mật khẩu không đúng.", "The name or the password is wrong.";
    /// Name and password fit, and a code is missing.
    SecondFactorRequired = "SECOND_FACTOR_REQUIRED", 401, "Cần nhập mã xác thực thứ hai.", "A code of the second factor is needed.";
    /// The role needs a second factor, and the account has none.
    SecondFactorMissing = "SECOND_FACTOR_MISSING", 403, "Vai trò này bắt buộc xác thực hai lớp, hãy đăng ký trước.", "This role needs a second factor; enrol one first.";
    /// No account is linked to what the identity provider vouches for.
    IdentityUnknown = "IDENTITY_UNKNOWN", 403, "Danh tính này chưa được gắn với tài khoản nào; hãy liên hệ người quản lý tài khoản.", "No account is linked to this identity; ask those who manage accounts.";
    /// The account was disabled.
    AccountDisabled = "ACCOUNT_DISABLED", 403, "Tài khoản đã bị khóa.", "The account is disabled.";
    /// The account may not do that.
    Forbidden = "FORBIDDEN", 403, "Tài khoản không có quyền thực hiện việc này.", "This account may not do that.";
    /// There is no such thing, or not within the account's reach.
    NotFound = "NOT_FOUND", 404, "Không tìm thấy nội dung.", "There is no such thing.";
    /// The method is not for this address.
    MethodNotAllowed = "METHOD_NOT_ALLOWED", 405, "Phương thức không được hỗ trợ.", "The method is not allowed here.";
    /// None of the media types asked for can be given.
    NotAcceptable = "NOT_ACCEPTABLE", 406, "Không có định dạng được yêu cầu.", "None of the accepted media types is available.";
    /// The body of the request did not come in time.
    RequestTimeout = "REQUEST_TIMEOUT", 408, "Nội dung yêu cầu gửi lên quá chậm.", "The body of the request did not arrive in time.";
    /// Somebody else wrote in between.
    VersionConflict = "VERSION_CONFLICT", 409, "Nội dung đã được người khác thay đổi.", "Somebody else has changed this in between.";
    /// The address is taken on this site.
    SlugTaken = "SLUG_TAKEN", 409, "Đường dẫn đã được dùng trên trang này.", "The slug is taken on this site.";
    /// An edition, perhaps a past one, uses the file.
    MediaInUse = "MEDIA_IN_USE", 409, "Tệp đang được bài viết sử dụng.", "An article uses this file.";
    /// The piece does not begin where the last one ended.
    UploadOffset = "UPLOAD_OFFSET", 409, "Vị trí tải lên không khớp với phần đã nhận.", "The piece does not begin where the last one ended.";
    /// Somebody signs in under this name already.
    NameTaken = "NAME_TAKEN", 409, "Tên đăng nhập đã có người dùng.", "The sign-in name is taken.";
    /// The identity belongs to an account already, or the account has another one of this provider.
    IdentityTaken = "IDENTITY_TAKEN", 409, "Danh tính đã gắn với một tài khoản, hoặc tài khoản đã có danh tính khác của nhà cung cấp này.", "The identity is linked already, or the account has another one of this provider.";
    /// Without this account nobody could manage access any more.
    LastAdministrator = "LAST_ADMINISTRATOR", 409, "Đây là quản trị viên cấp tỉnh cuối cùng.", "This is the last provincial administrator.";
    /// The state of the entry does not allow it.
    WrongState = "WRONG_STATE", 409, "Trạng thái của nội dung không cho phép.", "The state of the entry does not allow this.";
    /// Four eyes: whoever has written on a text does not let it pass.
    OwnWork = "OWN_WORK", 409, "Người viết bài không được tự duyệt hoặc tự đăng bài của mình.", "Whoever has written on this text cannot approve or publish it.";
    /// Something in the bundle cannot be published, and then nothing of it is.
    BundleRefused = "BUNDLE_REFUSED", 409, "Có bài trong gói chưa đăng được nên cả gói không được đăng.", "Something in the bundle cannot be published, so that nothing of it is.";
    /// The scanner has found something in the text, and nobody has let it pass yet.
    Held = "HELD", 409, "Bài có dấu hiệu bị chèn quảng cáo xấu độc; cần người thứ hai xem và cho qua.", "The text waits for a second person, because the scanner has found something in it.";
    /// The entry, or its whole site, is under quarantine.
    Quarantined = "QUARANTINED", 409, "Nội dung đang bị cách ly; cần người thứ hai xem và bỏ cách ly.", "It is under quarantine; a second person has to release it first.";
    /// Whoever wrote a text or raised a hold does not release it.
    SecondPerson = "SECOND_PERSON", 409, "Người viết bài hoặc người tạm giữ không được tự bỏ tạm giữ; cần người thứ hai.", "Whoever has written the text or raised the hold cannot release it.";
    /// It was public and no longer is.
    Gone = "GONE", 410, "Nội dung đã được gỡ.", "The content has been withdrawn.";
    /// The link was used, was replaced by a later one, or its time is over.
    LinkExpired = "LINK_EXPIRED", 410, "Liên kết không còn hiệu lực, hãy xin liên kết mới.", "The link is no longer valid; ask for a new one.";
    /// It was public here, and is found elsewhere now. Not a redirection, which programs follow without asking.
    Moved = "MOVED", 410, "Nội dung đã chuyển sang địa chỉ khác.", "The content has moved to another address.";
    /// `If-Match` names another version.
    PreconditionFailed = "PRECONDITION_FAILED", 412, "Phiên bản trong If-Match không còn đúng.", "The version in If-Match is not the current one.";
    /// The request is too large.
    TooLarge = "TOO_LARGE", 413, "Yêu cầu quá lớn.", "The request is too large.";
    /// The media type of the request is not understood.
    UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE", 415, "Kiểu dữ liệu gửi lên không được hỗ trợ.", "The media type of the request is not supported.";
    /// A write without `If-Match`.
    PreconditionRequired = "PRECONDITION_REQUIRED", 428, "Cần gửi kèm If-Match với phiên bản đã đọc.", "If-Match with the version read is required.";
    /// Too many requests.
    RateLimited = "RATE_LIMITED", 429, "Quá nhiều yêu cầu, hãy thử lại sau.", "Too many requests; try again later.";
    /// The virus scanner does not answer, and nothing is taken without it.
    ScannerUnavailable = "SCANNER_UNAVAILABLE", 503, "Chưa quét được vi-rút, hãy thử lại sau.", "The virus scanner does not answer; try again later.";
    /// The identity provider does not answer.
    ProviderUnavailable = "PROVIDER_UNAVAILABLE", 503, "Hệ thống xác thực tập trung không phản hồi, hãy thử lại sau.", "The identity provider does not answer; try again later.";
    /// The search index is being built.
    SearchNotReady = "SEARCH_NOT_READY", 503, "Chỉ mục tìm kiếm đang được dựng, hãy thử lại sau.", "The search index is being built; try again later.";
    /// The database does not answer.
    Unavailable = "UNAVAILABLE", 503, "Hệ thống tạm thời không phục vụ được.", "The service is temporarily unavailable.";
    /// A fault of ours.
    Internal = "INTERNAL", 500, "Lỗi nội bộ.", "Internal error.";
}

/// Why a command or a query did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing within the caller's reach.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// It was public and no longer is.
    #[error("withdrawn at {since}")]
    Gone {
        /// Since when.
        since: Timestamp,
    },
    /// It was public here, and is found elsewhere now.
    #[error("moved to {location}")]
    Moved {
        /// An absolute address.
        location: String,
    },
    /// The actor may not do that anywhere.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Fields break rules.
    #[error("{} field(s) break a rule", .0.len())]
    Invalid(Vec<FieldError>),
    /// A parameter cannot be read, or parameters exclude each other.
    #[error("{parameter}: {reason}")]
    BadRequest {
        /// The parameter.
        parameter: &'static str,
        /// What is wrong with it, and what is allowed.
        reason: String,
    },
    /// The cursor does not belong to this list.
    #[error("the cursor does not belong to this list")]
    InvalidCursor,
    /// The address is taken on this site.
    #[error("the slug is taken on this site")]
    SlugTaken,
    /// The key was used in the last 24 hours to make something else.
    #[error("this idempotency key was used for another request; give each request its own")]
    IdempotencyKeyReused,
    /// The lifecycle does not allow it.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// The bundle does not allow it.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// Articles of a bundle cannot be published.
    #[error("{} article(s) of the bundle cannot be published, and then none is", .0.len())]
    BundleRefused(Vec<Problem>),
    /// Name and password do not fit.
    #[error("the name or the password is wrong")]
    WrongCredentials,
    /// Name and password fit, and a code is missing.
    #[error("a code of the second factor is needed")]
    SecondFactorRequired,
    /// The role needs a second factor, and the account has none.
    #[error("this role needs a second factor; enrol one first")]
    SecondFactorMissing,
    /// There is a second factor already.
    #[error("there is a second factor already; remove it first")]
    SecondFactorHeld,
    /// The token that was to be refreshed is not valid.
    #[error("sign in again")]
    SignInEnded,
    /// Too many wrong passwords, or too many at once.
    #[error("wait {seconds} seconds")]
    Throttled {
        /// The seconds to wait.
        seconds: i64,
    },
    /// Somebody signs in under this name already.
    #[error("the sign-in name is taken")]
    NameTaken,
    /// What came back from a provider belongs to no sign-in that was begun here.
    #[error("{0}")]
    SignInRefused(&'static str),
    /// No account is linked to the identity.
    #[error("no account is linked to this identity")]
    IdentityUnknown,
    /// The identity belongs to an account already, or the account has another one of this provider.
    #[error("the identity is linked already, or the account has another one of this provider")]
    IdentityTaken,
    /// The account was disabled.
    #[error("the account is disabled")]
    AccountDisabled,
    /// The identity provider does not answer. The cause is in the log.
    #[error("the identity provider does not answer; try again later")]
    ProviderSilent,
    /// Without this account nobody could manage access any more.
    #[error("this is the last provincial administrator")]
    LastAdministrator,
    /// The link was used, was replaced by a later one, or its time is over.
    #[error("the link is no longer valid")]
    LinkExpired,
    /// More bytes than allowed.
    #[error("at most {limit} bytes are taken")]
    TooLarge {
        /// The bytes allowed.
        limit: u64,
    },
    /// The file is not taken.
    #[error(transparent)]
    Refused(Refusal),
    /// The virus scanner found something in the file.
    #[error("the virus scanner found {0}")]
    Infected(String),
    /// The virus scanner gives no verdict. The cause is in the log.
    #[error("the virus scanner does not answer; try again later")]
    ScannerSilent,
    /// An edition uses the file.
    #[error("an article uses this file, perhaps an earlier edition of it")]
    MediaInUse,
    /// The piece does not begin where the last one ended.
    #[error("{received} bytes have arrived; the next piece begins there")]
    UploadOffset {
        /// Bytes that have arrived.
        received: u64,
    },
    /// The request broke off. What arrived is kept where it can be gone on with.
    #[error("the request broke off")]
    Interrupted,
    /// The store of files failed.
    #[error(transparent)]
    Vault(VaultError),
    /// The search index is being built.
    #[error("the search index is being built")]
    SearchNotReady,
    /// The database failed.
    #[error(transparent)]
    Store(lienthong_persistence::Error),
    /// A fault of ours.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    /// A parameter that cannot be used, with the reason.
    pub fn bad_request(parameter: &'static str, reason: impl Into<String>) -> Self {
        Self::BadRequest { parameter, reason: reason.into() }
    }

    /// The stable code.
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::NotFound(_) => ErrorCode::NotFound,
            Self::Gone { .. } => ErrorCode::Gone,
            Self::Moved { .. } => ErrorCode::Moved,
            Self::Denied(_) => ErrorCode::Forbidden,
            Self::Invalid(_) => ErrorCode::InvalidInput,
            Self::BadRequest { .. } | Self::Interrupted => ErrorCode::BadRequest,
            Self::InvalidCursor => ErrorCode::InvalidCursor,
            Self::SlugTaken => ErrorCode::SlugTaken,
            Self::IdempotencyKeyReused => ErrorCode::IdempotencyKeyReused,
            Self::Entry(error) => of_entry(error),
            Self::Bundle(BundleError::VersionConflict { .. }) => ErrorCode::VersionConflict,
            Self::BundleRefused(_) => ErrorCode::BundleRefused,
            Self::Bundle(_) | Self::SecondFactorHeld => ErrorCode::WrongState,
            Self::WrongCredentials => ErrorCode::WrongCredentials,
            Self::SecondFactorRequired => ErrorCode::SecondFactorRequired,
            Self::SecondFactorMissing => ErrorCode::SecondFactorMissing,
            Self::SignInEnded => ErrorCode::Unauthenticated,
            Self::Throttled { .. } => ErrorCode::RateLimited,
            Self::NameTaken => ErrorCode::NameTaken,
            Self::SignInRefused(_) => ErrorCode::SignInRefused,
            Self::IdentityUnknown => ErrorCode::IdentityUnknown,
            Self::IdentityTaken => ErrorCode::IdentityTaken,
            Self::AccountDisabled => ErrorCode::AccountDisabled,
            Self::ProviderSilent => ErrorCode::ProviderUnavailable,
            Self::LastAdministrator => ErrorCode::LastAdministrator,
            Self::LinkExpired => ErrorCode::LinkExpired,
            Self::TooLarge { .. } => ErrorCode::TooLarge,
            Self::Refused(Refusal::Unrecognised) => ErrorCode::UnsupportedMediaType,
            Self::Refused(_) => ErrorCode::MediaRefused,
            Self::Infected(_) => ErrorCode::MediaInfected,
            Self::ScannerSilent => ErrorCode::ScannerUnavailable,
            Self::MediaInUse => ErrorCode::MediaInUse,
            Self::UploadOffset { .. } => ErrorCode::UploadOffset,
            Self::SearchNotReady => ErrorCode::SearchNotReady,
            Self::Store(_) | Self::Vault(_) => ErrorCode::Unavailable,
            Self::Internal(_) => ErrorCode::Internal,
        }
    }

    /// The version now, when the error is a conflict.
    pub const fn current_version(&self) -> Option<Version> {
        match self {
            Self::Entry(EntryError::VersionConflict { current, .. })
            | Self::Bundle(BundleError::VersionConflict { current, .. }) => Some(*current),
            _ => None,
        }
    }

    /// What clients may read of it. Causes inside the system stay in the log.
    pub fn public_detail(&self) -> Option<String> {
        match self {
            Self::Store(_) | Self::Vault(_) | Self::Internal(_) => None,
            other => Some(other.to_string()),
        }
    }
}

const fn of_entry(error: &EntryError) -> ErrorCode {
    match error {
        EntryError::VersionConflict { .. } => ErrorCode::VersionConflict,
        EntryError::OwnWork => ErrorCode::OwnWork,
        EntryError::Held => ErrorCode::Held,
        EntryError::Quarantined => ErrorCode::Quarantined,
        EntryError::SecondPerson => ErrorCode::SecondPerson,
        _ => ErrorCode::WrongState,
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Io(error) => Self::Internal(error.to_string()),
            refusal => Self::Refused(refusal),
        }
    }
}

impl From<VaultError> for Error {
    fn from(error: VaultError) -> Self {
        Self::Vault(error)
    }
}

impl From<lienthong_persistence::Error> for Error {
    fn from(error: lienthong_persistence::Error) -> Self {
        match error {
            lienthong_persistence::Error::Duplicate("slug") => Self::SlugTaken,
            lienthong_persistence::Error::Duplicate("sign-in name" | "actor") => Self::NameTaken,
            lienthong_persistence::Error::Duplicate("identity") => Self::IdentityTaken,
            lienthong_persistence::Error::Unstorable => Self::bad_request("text", "text must not hold a NUL character"),
            other => Self::Store(other),
        }
    }
}

impl From<SecretError> for Error {
    fn from(error: SecretError) -> Self {
        match error {
            SecretError::Store(error) => error.into(),
            other => Self::Internal(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_distinct_and_every_one_speaks_both_languages() {
        let names: BTreeSet<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(names.len(), ErrorCode::ALL.len());
        for code in ErrorCode::ALL {
            assert!(code.message_vi().ends_with('.') && code.message_en().ends_with('.'), "{code:?}");
            assert!((400..600).contains(&code.status()), "{code:?}");
        }
    }
}
