//! The menu that every site of the demo gets, each category mapped to a topic of the disclosure catalogue.

use crate::model::DemoCategory;

/// The categories, parents before their children.
///
/// Three of them (`lanh-dao`, `hoi-dap`, `danh-ba`) have no article on any site, because empty categories are one of the
/// things that the letters complain about.
pub fn template() -> &'static [DemoCategory] {
    TEMPLATE
}

/// The topic catalogue as CSV: `code,name_vi,name_en,levels,legal_basis,after_event,basis_kind,max_stale_days,notes`,
/// in the form that the import of topics reads.
pub fn topics_csv() -> &'static str {
    include_str!("../data/topics.csv")
}

const fn top(slug: &'static str, name: &'static str, topic: &'static str) -> DemoCategory {
    DemoCategory { slug, name, parent: None, topic }
}

const fn below(parent: &'static str, slug: &'static str, name: &'static str, topic: &'static str) -> DemoCategory {
    DemoCategory { slug, name, parent: Some(parent), topic }
}

const TEMPLATE: &[DemoCategory] = &[
    top("gioi-thieu", "Giới thiệu", "gt.dia-phuong"),
    below("gioi-thieu", "lich-su-van-hoa", "Lịch sử, văn hóa, danh thắng", "gt.dia-phuong"),
    below("gioi-thieu", "to-chuc-bo-may", "Tổ chức bộ máy", "gt.to-chuc"),
    below("gioi-thieu", "lanh-dao", "Lãnh đạo địa phương", "gt.lanh-dao"),
    top("tin-tuc-su-kien", "Tin tức – sự kiện", "tt.tin"),
    below("tin-tuc-su-kien", "kinh-te", "Kinh tế", "tt.tin"),
    below("tin-tuc-su-kien", "van-hoa-xa-hoi", "Văn hóa – Xã hội", "tt.tin"),
    below("tin-tuc-su-kien", "giao-duc-y-te", "Giáo dục – Y tế", "tt.tin"),
    below("tin-tuc-su-kien", "quoc-phong-an-ninh", "Quốc phòng – An ninh", "tt.tin"),
    below("tin-tuc-su-kien", "dang-doan-the", "Đảng – Đoàn thể", "tt.tin"),
    below("tin-tuc-su-kien", "guong-nguoi-tot", "Gương người tốt, việc tốt", "tt.tin"),
    top("chi-dao-dieu-hanh", "Thông tin chỉ đạo, điều hành", "tt.chi-dao"),
    below("chi-dao-dieu-hanh", "lich-lam-viec", "Lịch làm việc", "tt.lich"),
    below("chi-dao-dieu-hanh", "lich-tiep-cong-dan", "Lịch tiếp công dân", "tt.tiep-dan"),
    top("thong-bao", "Thông báo", "tt.thong-bao"),
    top("van-ban", "Văn bản chỉ đạo", "vb.dieu-hanh"),
    below("van-ban", "du-thao", "Dự thảo lấy ý kiến", "vb.du-thao"),
    top("cai-cach-hanh-chinh", "Cải cách hành chính", "tt.chuyen-trang"),
    below("cai-cach-hanh-chinh", "thu-tuc-hanh-chinh", "Thủ tục hành chính", "tthc.bo"),
    below("cai-cach-hanh-chinh", "dich-vu-cong-truc-tuyen", "Dịch vụ công trực tuyến", "tthc.dvctt"),
    top("chuyen-doi-so", "Chuyển đổi số", "tt.chuyen-trang"),
    top("nong-thon-moi", "Nông thôn mới", "tt.chuyen-trang"),
    top("pho-bien-phap-luat", "Phổ biến pháp luật", "pl.pho-bien"),
    top("cong-khai-ngan-sach", "Công khai ngân sách", "ns.thuc-hien"),
    top("du-an-dau-tu", "Dự án đầu tư", "da.dau-tu"),
    top("quy-hoach-ke-hoach", "Quy hoạch – Kế hoạch", "kh.quy-hoach"),
    top("moi-truong-suc-khoe", "Môi trường – Sức khỏe", "mt.suc-khoe"),
    top("hoi-dap", "Hỏi đáp – Góp ý", "tg.hoi-dap"),
    top("danh-ba", "Danh bạ, liên hệ", "lh.danh-ba"),
];

/// The demo's procedures, in the format of the national records.
pub fn procedures_jsonl() -> &'static str {
    include_str!("../data/procedures.jsonl")
}
