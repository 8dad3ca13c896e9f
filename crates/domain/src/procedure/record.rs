//! One record as the national portal's export holds it: a flat JSON object whose keys are the Vietnamese labels.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use unicode_normalization::UnicodeNormalization as _;

/// What the portal prints where nothing is recorded; read as absence everywhere.
pub(super) const NO_INFORMATION: &str = "Không có thông tin";

/// A national record, kept whole: keys this crate does not know stay in it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RawRecord(Map<String, Value>);

/// A part of the record, named for its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Field {
    /// Mã thủ tục.
    Code,
    /// Tên thủ tục.
    Name,
    /// Số quyết định (công bố).
    Decision,
    /// Cấp thực hiện.
    Levels,
    /// Loại thủ tục.
    Kind,
    /// Lĩnh vực.
    Field,
    /// Đối tượng thực hiện.
    Applicants,
    /// Cơ quan có thẩm quyền.
    CompetentAgency,
    /// Cơ quan thực hiện.
    ImplementingAgency,
    /// Cơ quan được ủy quyền.
    AuthorisedAgency,
    /// Cơ quan phối hợp.
    CoordinatingAgency,
    /// Địa chỉ tiếp nhận.
    ReceivingAddress,
    /// Trình tự thực hiện.
    Steps,
    /// Cách thức thực hiện.
    Channels,
    /// Thành phần hồ sơ.
    Dossier,
    /// Căn cứ pháp lý.
    LegalBases,
    /// Yêu cầu, điều kiện thực hiện.
    Requirements,
    /// Kết quả xử lý.
    Results,
    /// Thủ tục liên quan.
    Related,
    /// Từ khóa.
    Keywords,
    /// Mô tả.
    Description,
    /// Trạng thái.
    Status,
    /// Address of the page the record was read from.
    SourceUrl,
    /// The portal's own id of the procedure.
    SourceId,
    /// The ministry whose list the record was found in.
    Ministry,
}

impl Field {
    /// Every part, in the order of the portal's page.
    pub const ALL: [Self; 25] = [
        Self::Code,
        Self::Name,
        Self::Decision,
        Self::Levels,
        Self::Kind,
        Self::Field,
        Self::Applicants,
        Self::CompetentAgency,
        Self::ImplementingAgency,
        Self::AuthorisedAgency,
        Self::CoordinatingAgency,
        Self::ReceivingAddress,
        Self::Steps,
        Self::Channels,
        Self::Dossier,
        Self::LegalBases,
        Self::Requirements,
        Self::Results,
        Self::Related,
        Self::Keywords,
        Self::Description,
        Self::Status,
        Self::SourceUrl,
        Self::SourceId,
        Self::Ministry,
    ];

    /// The key of this part in a national record.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Code => "ma_thu_tuc",
            Self::Name => "ten_thu_tuc",
            Self::Decision => "so_quyet_dinh",
            Self::Levels => "cap_thuc_hien",
            Self::Kind => "loai_thu_tuc",
            Self::Field => "linh_vuc",
            Self::Applicants => "doi_tuong_thuc_hien",
            Self::CompetentAgency => "co_quan_co_tham_quyen",
            Self::ImplementingAgency => "co_quan_thuc_hien",
            Self::AuthorisedAgency => "co_quan_duoc_uy_quyen",
            Self::CoordinatingAgency => "co_quan_phoi_hop",
            Self::ReceivingAddress => "dia_chi_tiep_nhan",
            Self::Steps => "trinh_tu_thuc_hien",
            Self::Channels => "cach_thuc_thuc_hien",
            Self::Dossier => "thanh_phan_ho_so",
            Self::LegalBases => "can_cu_phap_ly",
            Self::Requirements => "yeu_cau_dieu_kien",
            Self::Results => "ket_qua_xu_ly",
            Self::Related => "thu_tuc_lien_quan",
            Self::Keywords => "tu_khoa",
            Self::Description => "mo_ta",
            Self::Status => "trang_thai",
            Self::SourceUrl => "detail_url",
            Self::SourceId => "formality_id",
            Self::Ministry => "_ministry",
        }
    }

    /// Whether the part says what the procedure *is*; provenance does not.
    pub(super) const fn is_content(self) -> bool {
        !matches!(self, Self::SourceUrl | Self::SourceId | Self::Ministry)
    }
}

impl RawRecord {
    /// The record as read.
    pub const fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The text of a part, NFC, spaces untouched. `None` when it is missing, blank or "Không có thông tin"; numbers and
    /// booleans are taken in their JSON spelling, lists and objects are no text.
    pub fn text(&self, field: Field) -> Option<String> {
        let text = match self.0.get(field.key())? {
            Value::String(text) => text.nfc().collect::<String>(),
            value @ (Value::Number(_) | Value::Bool(_)) => value.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => return None,
        };
        (!is_absent(&text)).then_some(text)
    }

    /// Like [`Self::text`], without spaces around it.
    pub(super) fn trimmed(&self, field: Field) -> Option<String> {
        self.text(field).map(|text| text.trim().to_owned())
    }

    /// Whether the part holds a list or an object, which nothing here can read.
    pub(super) fn is_nested(&self, field: Field) -> bool {
        matches!(self.0.get(field.key()), Some(Value::Array(_) | Value::Object(_)))
    }
}

impl From<Map<String, Value>> for RawRecord {
    fn from(map: Map<String, Value>) -> Self {
        Self(map)
    }
}

/// Blank, or the portal's words for "nothing here".
pub(super) fn is_absent(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || text == NO_INFORMATION
}

/// The text without spaces around it, if anything remains.
pub(super) fn present(text: &str) -> Option<String> {
    (!is_absent(text)).then(|| text.trim().to_owned())
}
