//! Every way the transport can refuse a request, with one stable code and a message in two languages.

use async_graphql::Pos;
use serde::Serialize;

use crate::asked::request_id;

/// What kind of failure a code is; the status table in [`super::status`] maps it to HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorClass {
    /// The body is not JSON, or not text at all.
    UnreadableBody,
    /// JSON, but not a well-formed GraphQL-over-HTTP request.
    MalformedRequest,
    /// The document does not parse.
    Syntax,
    /// The document parses but may not be executed: validation, limits, unknown operation.
    Validation,
    /// The HTTP method is not served, or not for this operation.
    Method,
    /// No media type the client accepts can be produced.
    NotAcceptable,
    /// The request body, or the document in it, is larger than allowed.
    TooLarge,
    /// The query string is longer than allowed.
    UriTooLong,
    /// The body is sent in a media type or coding that is not read.
    UnsupportedMedia,
    /// The caller may not run this document.
    Forbidden,
    /// An automatic persisted query the server does not know; the client is expected to resend it.
    UnknownAutomatic,
    /// A trusted document the server does not know; resending cannot help.
    UnknownTrusted,
    /// A fault of the server.
    Internal,
}

/// The table of codes. A code is part of the API: it may be added, never renamed.
macro_rules! error_codes {
    ($($variant:ident, $wire:literal, $class:ident, $en:literal, $vi:literal;)+) => {
        /// A stable code, as sent in `errors[].extensions.code`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum GraphqlErrorCode {
            $(#[doc = concat!("`", $wire, "`")] $variant,)+
        }

        impl GraphqlErrorCode {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The code as it stands on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $wire,)+ }
            }

            /// The class that decides the HTTP status.
            pub const fn class(self) -> ErrorClass {
                match self { $(Self::$variant => ErrorClass::$class,)+ }
            }

            /// English message. For `PERSISTED_QUERY_*` it is the literal that Apollo clients compare with.
            pub const fn message_en(self) -> &'static str {
                match self { $(Self::$variant => $en,)+ }
            }

            /// Vietnamese message.
            pub const fn message_vi(self) -> &'static str {
                match self { $(Self::$variant => $vi,)+ }
            }
        }
    };
}

error_codes! {
    MethodNotAllowed, "METHOD_NOT_ALLOWED", Method,
        "Only GET and POST are served here.", "Chỉ hỗ trợ phương thức GET và POST.";
    MutationOverGet, "MUTATION_OVER_GET", Method,
        "A mutation must be sent by POST.", "Thao tác ghi (mutation) phải gửi bằng POST.";
    NotAcceptable, "NOT_ACCEPTABLE", NotAcceptable,
        "None of the accepted media types can be produced.", "Không có định dạng phản hồi nào mà máy khách chấp nhận.";
    UnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", UnsupportedMedia,
        "The body must be application/json in UTF-8.", "Nội dung gửi lên phải là application/json, mã UTF-8.";
    UnsupportedContentEncoding, "UNSUPPORTED_CONTENT_ENCODING", UnsupportedMedia,
        "A compressed request body is not read.", "Không nhận nội dung gửi lên ở dạng nén.";
    BodyTooLarge, "BODY_TOO_LARGE", TooLarge,
        "The request body is too large.", "Nội dung gửi lên quá lớn.";
    UriTooLong, "URI_TOO_LONG", UriTooLong,
        "The query string is too long.", "Địa chỉ truy vấn quá dài.";
    BodyNotJson, "BODY_NOT_JSON", UnreadableBody,
        "The request is not valid JSON in UTF-8.", "Yêu cầu không phải là JSON hợp lệ, mã UTF-8.";
    BatchNotSupported, "BATCH_NOT_SUPPORTED", MalformedRequest,
        "Batched requests are not supported.", "Không hỗ trợ gửi gộp nhiều yêu cầu.";
    RequestMalformed, "REQUEST_MALFORMED", MalformedRequest,
        "A request parameter has the wrong type or is given twice.",
        "Một tham số của yêu cầu sai kiểu hoặc bị lặp lại.";
    QueryMissing, "QUERY_MISSING", MalformedRequest,
        "The request names no document.", "Yêu cầu không có câu truy vấn.";
    DocumentAmbiguous, "DOCUMENT_AMBIGUOUS", MalformedRequest,
        "Send either a document id or a document, not both.",
        "Chỉ gửi mã tài liệu hoặc câu truy vấn, không gửi cả hai.";
    DocumentTooLarge, "DOCUMENT_TOO_LARGE", TooLarge,
        "The document is too large.", "Câu truy vấn quá lớn.";
    DocumentTooManyTokens, "DOCUMENT_TOO_MANY_TOKENS", Validation,
        "The document has too many tokens.", "Câu truy vấn có quá nhiều từ tố.";
    DocumentTooNested, "DOCUMENT_TOO_NESTED", Validation,
        "Brackets in the document are nested too deeply.", "Dấu ngoặc trong câu truy vấn lồng nhau quá sâu.";
    VariablesTooNested, "VARIABLES_TOO_NESTED", Validation,
        "The variables are nested too deeply.", "Biến lồng nhau quá sâu.";
    DocumentSyntaxError, "DOCUMENT_SYNTAX_ERROR", Syntax,
        "The document is not valid GraphQL.", "Câu truy vấn sai cú pháp GraphQL.";
    OperationNotFound, "OPERATION_NOT_FOUND", Validation,
        "The document has no operation of that name.", "Không có thao tác mang tên đó trong câu truy vấn.";
    OperationNameRequired, "OPERATION_NAME_REQUIRED", Validation,
        "The document has several operations; name one.", "Câu truy vấn có nhiều thao tác; hãy nêu tên một thao tác.";
    VariableMissing, "VARIABLE_MISSING", Validation,
        "A variable that may not be null has no value.", "Thiếu giá trị của một biến bắt buộc.";
    SubscriptionOverHttp, "SUBSCRIPTION_OVER_HTTP", Validation,
        "A subscription needs WebSocket or server-sent events.",
        "Đăng ký theo dõi (subscription) phải dùng WebSocket hoặc SSE.";
    TooManyOperations, "TOO_MANY_OPERATIONS", Validation,
        "The document has too many operations.", "Câu truy vấn có quá nhiều thao tác.";
    TooManyFragments, "TOO_MANY_FRAGMENTS", Validation,
        "The document has too many fragments.", "Câu truy vấn có quá nhiều đoạn (fragment).";
    TooManySpreads, "TOO_MANY_SPREADS", Validation,
        "Fragments are used too many times.", "Các đoạn (fragment) được dùng quá nhiều lần.";
    FragmentCycle, "FRAGMENT_CYCLE", Validation,
        "Fragments refer to each other in a circle.", "Các đoạn (fragment) gọi vòng tròn lẫn nhau.";
    TooManyFields, "TOO_MANY_FIELDS", Validation,
        "Too many fields are selected.", "Chọn quá nhiều trường.";
    TooManyRootFields, "TOO_MANY_ROOT_FIELDS", Validation,
        "Too many fields are selected at the root.", "Chọn quá nhiều trường ở gốc.";
    TooDeep, "TOO_DEEP", Validation,
        "Fields are nested too deeply.", "Các trường lồng nhau quá sâu.";
    IntrospectionTooLarge, "INTROSPECTION_TOO_LARGE", Validation,
        "The introspection part is larger than any tool needs.", "Phần tra cứu lược đồ vượt quá mức cho phép.";
    TooManyAliases, "TOO_MANY_ALIASES", Validation,
        "Too many aliases.", "Có quá nhiều bí danh.";
    TooManyDirectives, "TOO_MANY_DIRECTIVES", Validation,
        "Too many directives.", "Có quá nhiều chỉ thị.";
    PageSizeOutOfRange, "PAGE_SIZE_OUT_OF_RANGE", Validation,
        "`first` and `last` must lie within the allowed page size.",
        "`first` và `last` phải nằm trong cỡ trang cho phép.";
    TooManyNodes, "TOO_MANY_NODES", Validation,
        "The answer could hold too many objects; ask for smaller pages.",
        "Kết quả có thể có quá nhiều đối tượng; hãy giảm cỡ trang.";
    CostExceeded, "COST_EXCEEDED", Validation,
        "The query costs too many points.", "Chi phí câu truy vấn vượt quá mức cho phép.";
    ValidationFailed, "GRAPHQL_VALIDATION_FAILED", Validation,
        "The document does not fit the schema.", "Câu truy vấn không khớp với lược đồ.";
    PersistedQueryNotFound, "PERSISTED_QUERY_NOT_FOUND", UnknownAutomatic,
        "PersistedQueryNotFound", "Máy chủ chưa lưu câu truy vấn này; hãy gửi lại kèm nội dung.";
    PersistedQueryNotSupported, "PERSISTED_QUERY_NOT_SUPPORTED", Validation,
        "PersistedQueryNotSupported", "Máy chủ không lưu câu truy vấn tự động.";
    PersistedQueryMalformed, "PERSISTED_QUERY_MALFORMED", MalformedRequest,
        "extensions.persistedQuery must be {version: 1, sha256Hash: 64 hexadecimal digits}.",
        "extensions.persistedQuery phải có dạng {version: 1, sha256Hash: 64 chữ số thập lục phân}.";
    PersistedQueryHashMismatch, "PERSISTED_QUERY_HASH_MISMATCH", MalformedRequest,
        "The hash is not the SHA-256 of the document.", "Mã băm không khớp với nội dung câu truy vấn.";
    DocumentIdMalformed, "DOCUMENT_ID_MALFORMED", MalformedRequest,
        "A document id has the form sha256:<64 hexadecimal digits>.",
        "Mã tài liệu có dạng sha256:<64 chữ số thập lục phân>.";
    DocumentIdUnknown, "DOCUMENT_ID_UNKNOWN", UnknownTrusted,
        "No trusted document has this id.", "Không có tài liệu tin cậy nào mang mã này.";
    ResponseUnwritable, "RESPONSE_UNWRITABLE", Internal,
        "The response could not be written.", "Không tạo được nội dung phản hồi.";
    DocumentNotTrusted, "DOCUMENT_NOT_TRUSTED", Forbidden,
        "Only trusted documents may be run here.", "Ở đây chỉ chạy các tài liệu tin cậy đã đăng ký.";
}

/// One refusal as it goes to the client: a code, and the facts that help the client to mend the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The stable code.
    pub code: GraphqlErrorCode,
    /// For an exceeded limit: what is allowed and what was asked for.
    pub exceeded: Option<Exceeded>,
    /// Where in the document, if known.
    pub location: Option<Pos>,
}

/// An exceeded limit, in the unit the code speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Exceeded {
    /// The most that is allowed.
    pub limit: u64,
    /// What was asked for. Counting stops early, so it may be a lower bound.
    pub actual: u64,
}

impl From<GraphqlErrorCode> for Refusal {
    fn from(code: GraphqlErrorCode) -> Self {
        Self { code, exceeded: None, location: None }
    }
}

impl Refusal {
    /// The error object of a GraphQL response.
    pub(super) fn to_json(&self) -> serde_json::Value {
        let mut extensions = serde_json::json!({ "code": self.code.as_str(), "messageVi": self.code.message_vi() });
        if let (Some(Exceeded { limit, actual }), Some(map)) = (self.exceeded, extensions.as_object_mut()) {
            map.insert("limit".to_owned(), limit.into());
            map.insert("actual".to_owned(), actual.into());
        }
        if let (Some(id), Some(map)) = (request_id(), extensions.as_object_mut()) {
            map.insert("requestId".to_owned(), id.into());
        }
        let mut error = serde_json::json!({ "message": self.code.message_en(), "extensions": extensions });
        if let (Some(Pos { line, column }), Some(map)) = (self.location, error.as_object_mut()) {
            map.insert("locations".to_owned(), serde_json::json!([{ "line": line, "column": column }]));
        }
        error
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_in_screaming_snake_case() {
        let mut seen = HashSet::new();
        for code in GraphqlErrorCode::ALL {
            let wire = code.as_str();
            assert!(seen.insert(wire), "{wire} stands twice in the table");
            assert!(wire.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'), "{wire}");
        }
    }

    #[test]
    fn every_code_speaks_two_languages() {
        for code in GraphqlErrorCode::ALL {
            assert!(!code.message_en().is_empty());
            assert!(!code.message_vi().is_ascii(), "{} has no Vietnamese message", code.as_str());
        }
    }
}
