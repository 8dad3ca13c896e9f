//! The portals and pages of the demo, named as the letter of 2024 names them.

use crate::model::{DemoSite, DemoSiteKind, ExpectedRow};
use crate::units::{FIRST_DAY_OF_SUCCESSORS, LAST_DAY_OF_DISTRICTS, day};

/// The sites, parents first: the province, the former district with its 17 communes, today's communes.
pub fn sites() -> &'static [DemoSite] {
    SITES
}

/// The report over the district `nghi-xuan` from 2024-01-01 to 2024-07-07, line by line as in the letter.
///
/// 64 occurs twice: xã Cổ Đạm stands before xã Xuân Mỹ by name.
pub fn expected_report() -> Vec<ExpectedRow> {
    let named = |(site, total): &(&'static str, u32)| {
        let name = SITES.iter().find(|candidate| candidate.key == *site)?.name;
        Some((*site, name, *total))
    };
    let ranked = TOTALS.iter().filter_map(named).zip(1..);
    ranked.map(|((site, name, total), rank)| ExpectedRow { rank, site, name, total }).collect()
}

/// How many articles of `site` the report counts; `None` for sites outside the district.
pub(crate) fn counted(site: &str) -> Option<u32> {
    TOTALS.iter().find(|(key, _)| *key == site).map(|(_, total)| *total)
}

const TOTALS: &[(&str, u32)] = &[
    ("nghi-xuan", 2_079),
    ("tien-dien", 267),
    ("xuan-hai", 181),
    ("xuan-thanh", 159),
    ("xuan-yen", 124),
    ("xuan-giang", 116),
    ("xuan-hoi", 115),
    ("xuan-pho", 106),
    ("xuan-hong", 93),
    ("dan-truong", 75),
    ("xuan-lien", 68),
    ("co-dam", 64),
    ("xuan-my", 64),
    ("xuan-an", 49),
    ("cuong-gian", 43),
    ("xuan-lam", 38),
    ("xuan-linh", 34),
    ("xuan-vien", 25),
];

const fn portal(key: &'static str, name: &'static str, host: &'static str) -> DemoSite {
    let active_from = day(2023, 1, 1);
    DemoSite { key, name, kind: DemoSiteKind::Portal, parent: None, host, active_from, active_to: None }
}

const fn former(key: &'static str, name: &'static str, host: &'static str) -> DemoSite {
    DemoSite {
        kind: DemoSiteKind::Component,
        parent: Some("nghi-xuan"),
        active_to: Some(LAST_DAY_OF_DISTRICTS),
        ..portal(key, name, host)
    }
}

const fn today(key: &'static str, name: &'static str, host: &'static str) -> DemoSite {
    DemoSite {
        kind: DemoSiteKind::Component,
        parent: Some("ha-tinh"),
        active_from: FIRST_DAY_OF_SUCCESSORS,
        ..portal(key, name, host)
    }
}

const SITES: &[DemoSite] = &[
    portal("ha-tinh", "Cổng thông tin điện tử tỉnh Hà Tĩnh", "hatinh.example"),
    DemoSite {
        active_to: Some(LAST_DAY_OF_DISTRICTS),
        ..portal("nghi-xuan", "Cổng thông tin điện tử huyện", "nghixuan.hatinh.example")
    },
    former("tien-dien", "Trang Thông tin điện tử Thị trấn Tiên Điền", "tiendien.nghixuan.hatinh.example"),
    former("xuan-hai", "Trang Thông tin điện tử xã Xuân Hải", "xuanhai.nghixuan.hatinh.example"),
    former("xuan-thanh", "Trang Thông tin điện tử xã Xuân Thành", "xuanthanh.nghixuan.hatinh.example"),
    former("xuan-yen", "Trang Thông tin điện tử xã Xuân Yên", "xuanyen.nghixuan.hatinh.example"),
    former("xuan-giang", "Trang Thông tin điện tử xã Xuân Giang", "xuangiang.nghixuan.hatinh.example"),
    former("xuan-hoi", "Trang Thông tin điện tử xã Xuân Hội", "xuanhoi.nghixuan.hatinh.example"),
    former("xuan-pho", "Trang Thông tin điện tử xã Xuân Phổ", "xuanpho.nghixuan.hatinh.example"),
    former("xuan-hong", "Trang Thông tin điện tử xã Xuân Hồng", "xuanhong.nghixuan.hatinh.example"),
    former("dan-truong", "Trang Thông tin điện tử xã Đan Trường", "dantruong.nghixuan.hatinh.example"),
    former("xuan-lien", "Trang Thông tin điện tử xã Xuân Liên", "xuanlien.nghixuan.hatinh.example"),
    former("co-dam", "Trang Thông tin điện tử xã Cổ Đạm", "codam.nghixuan.hatinh.example"),
    former("xuan-my", "Trang Thông tin điện tử xã Xuân Mỹ", "xuanmy.nghixuan.hatinh.example"),
    former("xuan-an", "Trang Thông tin điện tử thị trấn Xuân An", "xuanan.nghixuan.hatinh.example"),
    former("cuong-gian", "Trang Thông tin điện tử xã Cương Gián", "cuonggian.nghixuan.hatinh.example"),
    former("xuan-lam", "Trang Thông tin điện tử xã Xuân Lam", "xuanlam.nghixuan.hatinh.example"),
    former("xuan-linh", "Trang Thông tin điện tử xã Xuân Lĩnh", "xuanlinh.nghixuan.hatinh.example"),
    former("xuan-vien", "Trang Thông tin điện tử xã Xuân Viên", "xuanvien.nghixuan.hatinh.example"),
    // The natural host of today's commune is that of the former district, whose archive keeps it: the code decides.
    today("xa-nghi-xuan", "Trang Thông tin điện tử xã Nghi Xuân", "nghixuan18352.hatinh.example"),
    today("xa-dan-hai", "Trang Thông tin điện tử xã Đan Hải", "danhai.hatinh.example"),
    today("xa-tien-dien", "Trang Thông tin điện tử xã Tiên Điền", "tiendien.hatinh.example"),
    today("xa-co-dam", "Trang Thông tin điện tử xã Cổ Đạm", "codam.hatinh.example"),
    today("phuong-bac-hong-linh", "Trang Thông tin điện tử phường Bắc Hồng Lĩnh", "bachonglinh.hatinh.example"),
];
