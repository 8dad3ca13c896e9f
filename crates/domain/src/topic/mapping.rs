//! From the name a site gave a category to the topic of the catalogue. Names are compared folded and whole; nothing is
//! guessed, an unmapped name is a finding for a person.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::TopicCode;
use crate::text::fold;

/// Category names met on commune and district portals, with the code of their topic. Names that could mean several topics
/// ("Giới thiệu", "Văn bản", "Công khai", "Quy hoạch – kế hoạch", "Góp ý") are left out on purpose, and so are names equal
/// to the topic's own.
pub const WELL_KNOWN: &[(&str, &str)] = &[
    ("Tổ chức bộ máy", "gt.to-chuc"),
    ("Bộ máy", "gt.to-chuc"),
    ("Cơ cấu tổ chức", "gt.to-chuc"),
    ("Sơ đồ tổ chức", "gt.to-chuc"),
    ("Tổ chức bộ máy hành chính", "gt.to-chuc"),
    ("Lãnh đạo", "gt.lanh-dao"),
    ("Thông tin lãnh đạo", "gt.lanh-dao"),
    ("Chức năng, nhiệm vụ", "gt.chuc-nang"),
    ("Bản đồ hành chính", "gt.ban-do"),
    ("Bản đồ địa giới", "gt.ban-do"),
    ("Lịch sử", "gt.dia-phuong"),
    ("Điều kiện tự nhiên", "gt.dia-phuong"),
    ("Lịch sử – văn hóa", "gt.dia-phuong"),
    ("Di tích, danh thắng", "gt.dia-phuong"),
    ("Tổng quan về xã", "gt.dia-phuong"),
    ("Liên hệ", "lh.co-quan"),
    ("Thông tin liên hệ", "lh.co-quan"),
    ("Danh bạ", "lh.danh-ba"),
    ("Danh bạ điện thoại", "lh.danh-ba"),
    ("Danh bạ cán bộ", "lh.danh-ba"),
    ("Tin tức", "tt.tin"),
    ("Sự kiện", "tt.tin"),
    ("Tin tức và sự kiện", "tt.tin"),
    ("Tin hoạt động", "tt.tin"),
    ("Hoạt động địa phương", "tt.tin"),
    ("Kinh tế", "tt.tin"),
    ("Văn hóa – xã hội", "tt.tin"),
    ("Quốc phòng – an ninh", "tt.tin"),
    ("Đảng – đoàn thể", "tt.tin"),
    ("Chỉ đạo điều hành", "tt.chi-dao"),
    ("Tin chỉ đạo điều hành", "tt.chi-dao"),
    ("Lịch công tác", "tt.lich"),
    ("Lịch công tác tuần", "tt.lich"),
    ("Lịch làm việc", "tt.lich"),
    ("Khen thưởng", "tt.khen-phat"),
    ("Thi đua – khen thưởng", "tt.khen-phat"),
    ("Tiếp công dân", "tt.tiep-dan"),
    ("Lịch tiếp dân", "tt.tiep-dan"),
    ("Khẩu hiệu tuyên truyền", "tt.khau-hieu"),
    ("Chuyên trang", "tt.chuyen-trang"),
    ("Tuyên truyền, phổ biến pháp luật", "pl.pho-bien"),
    ("Phổ biến pháp luật", "pl.pho-bien"),
    ("Phổ biến, giáo dục pháp luật", "pl.pho-bien"),
    ("Thông tin tuyên truyền", "pl.pho-bien"),
    ("VBQPPL", "vb.qppl"),
    ("Văn bản QPPL", "vb.qppl"),
    ("Văn bản pháp quy", "vb.qppl"),
    ("Văn bản điều hành", "vb.dieu-hanh"),
    ("Văn bản hành chính", "vb.dieu-hanh"),
    ("Văn bản quản lý", "vb.dieu-hanh"),
    ("Văn bản dự thảo", "vb.du-thao"),
    ("Dự thảo văn bản", "vb.du-thao"),
    ("Quy hoạch", "kh.quy-hoach"),
    ("Dự án", "da.dau-tu"),
    ("Công khai dự án", "da.dau-tu"),
    ("Dự án đầu tư", "da.dau-tu"),
    ("Đấu thầu", "da.dau-thau"),
    ("Mua sắm công", "da.dau-thau"),
    ("Quyết toán", "ns.quyet-toan"),
    ("Phí, lệ phí", "ns.phi"),
    ("TTHC", "tthc.bo"),
    ("Công khai TTHC", "tthc.bo"),
    ("Công khai thủ tục hành chính", "tthc.bo"),
    ("DVCTT", "tthc.dvctt"),
    ("Nghĩa vụ quân sự", "dc.nvqs"),
    ("Hỏi đáp – góp ý", "tg.hoi-dap"),
    ("Phản ánh, kiến nghị", "tg.kien-nghi"),
    ("Thống kê", "tk.thong-ke"),
    ("Tuyển dụng", "tk.tuyen-dung"),
];

/// Finds the topic of a category by its name.
#[derive(Debug, Clone, Default)]
pub struct TopicMapping {
    /// By folded name; `None` where the sources disagree.
    by_name: HashMap<String, Option<TopicCode>>,
}

impl TopicMapping {
    /// Builds the mapping from names with their topics: the topics' own names first, then synonyms. A name given to two
    /// topics maps to neither, see [`TopicMapping::ambiguous`]. Names without letters are passed over.
    pub fn new<'a>(names: impl IntoIterator<Item = (&'a str, TopicCode)>) -> Self {
        let mut mapping = Self::default();
        for (name, code) in names {
            mapping.add(fold(name), code);
        }
        mapping
    }

    /// The topic whose name or synonym this is, but for marks, case and punctuation. Never a guess.
    pub fn find(&self, category: &str) -> Option<&TopicCode> {
        self.by_name.get(&fold(category))?.as_ref()
    }

    /// The same, with `first` asked before: what is said there goes over what is said here.
    #[must_use]
    pub fn behind(mut self, first: Self) -> Self {
        self.by_name.extend(first.by_name);
        self
    }

    /// Folded names that were given to several topics, in alphabetical order.
    pub fn ambiguous(&self) -> Vec<&str> {
        let mut names: Vec<&str> =
            self.by_name.iter().filter(|(_, code)| code.is_none()).map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names
    }

    fn add(&mut self, name: String, code: TopicCode) {
        if name.is_empty() {
            return;
        }
        match self.by_name.entry(name) {
            Entry::Vacant(free) => {
                free.insert(Some(code));
            }
            Entry::Occupied(mut taken) if taken.get().as_ref() != Some(&code) => {
                taken.insert(None);
            }
            Entry::Occupied(_) => {}
        }
    }
}

/// [`WELL_KNOWN`] with parsed codes, ready for [`TopicMapping::new`].
pub fn well_known<'a>() -> impl Iterator<Item = (&'a str, TopicCode)> {
    WELL_KNOWN.iter().filter_map(|(name, code)| Some((*name, code.parse().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topic::file::tests::real_topics;

    fn code(text: &str) -> TopicCode {
        text.parse().unwrap()
    }

    fn found(mapping: &TopicMapping, name: &str) -> Option<String> {
        mapping.find(name).map(ToString::to_string)
    }

    #[test]
    fn spelling_variants_of_a_known_name_are_found() {
        let mapping = TopicMapping::new(well_known().chain([("Tin tức – sự kiện", code("tt.tin"))]));
        for name in ["Tin tức - sự kiện", "TIN TỨC & SỰ KIỆN", "tin tuc su kien", "Tin tức, sự kiện"]
        {
            assert_eq!(found(&mapping, name).as_deref(), Some("tt.tin"), "{name}");
        }
    }

    #[test]
    fn unknown_and_vague_names_are_not_guessed() {
        let mapping = TopicMapping::new(well_known());
        for name in ["", "Tin", "Tin tức trong", "Giới thiệu", "Văn bản", "Công khai", "Góp ý", "Cấp Huyện", "–"]
        {
            assert_eq!(found(&mapping, name), None, "{name}");
        }
    }

    #[test]
    fn a_name_of_two_topics_maps_to_neither() {
        let names = [("Dự án", "da.dau-tu"), ("du an", "kh.quy-hoach"), ("Dự  án", "da.dau-tu"), ("Quỹ", "ns.quy")];
        let mapping = TopicMapping::new(names.map(|(name, text)| (name, code(text))));
        assert_eq!(found(&mapping, "Dự án"), None);
        assert_eq!(mapping.ambiguous(), ["du an"]);
        assert_eq!(found(&mapping, "QUỸ").as_deref(), Some("ns.quy"));
    }

    #[test]
    fn what_a_province_says_goes_over_what_is_well_known() {
        let own = TopicMapping::new([("Kinh tế", code("ht.bien")), ("Tin xã nhà", code("tt.tin"))]);
        let mapping = TopicMapping::new(well_known()).behind(own);
        assert_eq!(found(&mapping, "KINH TẾ").as_deref(), Some("ht.bien"));
        assert_eq!(found(&mapping, "tin xa nha").as_deref(), Some("tt.tin"));
        assert_eq!(found(&mapping, "Thống kê").as_deref(), Some("tk.thong-ke"));
    }

    #[test]
    fn the_well_known_names_are_consistent() {
        assert_eq!(well_known().count(), WELL_KNOWN.len());
        let mapping = TopicMapping::new(well_known());
        assert_eq!(mapping.by_name.len(), WELL_KNOWN.len());
        assert!(mapping.ambiguous().is_empty());
    }

    #[test]
    fn the_well_known_names_fit_the_real_catalogue() {
        let Some(topics) = real_topics() else { return };
        let own = || topics.iter().map(|topic| (topic.name_vi.as_str(), topic.code.clone()));
        assert!(well_known().all(|(_, code)| topics.iter().any(|topic| topic.code == code)));
        let mapping = TopicMapping::new(own().chain(well_known()));
        assert!(mapping.ambiguous().is_empty());
        assert_eq!(mapping.by_name.len(), topics.len() + WELL_KNOWN.len());
        for topic in &topics {
            assert_eq!(mapping.find(&topic.name_vi), Some(&topic.code));
        }
    }
}
