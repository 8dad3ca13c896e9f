//! Hà Tĩnh, the district Nghi Xuân as it was until 30/06/2025, and the communes that took it over on 01/07/2025.

use chrono::NaiveDate;

use crate::model::{DemoSuccession, DemoUnit};

/// The units, parents first.
pub fn units() -> &'static [DemoUnit] {
    UNITS
}

/// Who took over whom on 01/07/2025.
///
/// Communes went over whole, as in the lineage text of Decision 19/2025/QĐ-TTg. The district itself has no successor in
/// that text; each of the five communes that hold its land
/// continues a part of it, told by naming the former communes.
pub fn successions() -> &'static [DemoSuccession] {
    SUCCESSIONS
}

/// A day of the calendar, for tables.
pub(crate) const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(day) => day,
        None => NaiveDate::MIN,
    }
}

/// Last day of the district level.
pub(crate) const LAST_DAY_OF_DISTRICTS: NaiveDate = day(2025, 6, 30);
/// First day of the units that replaced it.
pub(crate) const FIRST_DAY_OF_SUCCESSORS: NaiveDate = day(2025, 7, 1);

const fn former(slug: &'static str, kind: &'static str, name: &'static str, full_name: &'static str) -> DemoUnit {
    DemoUnit {
        slug,
        code: None,
        kind,
        name,
        full_name,
        parent: Some("nghi-xuan"),
        valid_from: None,
        valid_to: Some(LAST_DAY_OF_DISTRICTS),
    }
}

const fn today(slug: &'static str, code: &'static str, kind: &'static str, names: [&'static str; 2]) -> DemoUnit {
    let [name, full_name] = names;
    DemoUnit {
        slug,
        code: Some(code),
        kind,
        name,
        full_name,
        parent: Some("ha-tinh"),
        valid_from: Some(FIRST_DAY_OF_SUCCESSORS),
        valid_to: None,
    }
}

const UNITS: &[DemoUnit] = &[
    DemoUnit { parent: None, valid_from: None, ..today("ha-tinh", "42", "tỉnh", ["Hà Tĩnh", "Tỉnh Hà Tĩnh"]) },
    DemoUnit { parent: Some("ha-tinh"), ..former("nghi-xuan", "huyện", "Nghi Xuân", "Huyện Nghi Xuân") },
    former("tien-dien", "thị trấn", "Tiên Điền", "Thị trấn Tiên Điền"),
    former("xuan-an", "thị trấn", "Xuân An", "Thị trấn Xuân An"),
    former("co-dam", "xã", "Cổ Đạm", "Xã Cổ Đạm"),
    former("cuong-gian", "xã", "Cương Gián", "Xã Cương Gián"),
    former("dan-truong", "xã", "Đan Trường", "Xã Đan Trường"),
    former("xuan-giang", "xã", "Xuân Giang", "Xã Xuân Giang"),
    former("xuan-hai", "xã", "Xuân Hải", "Xã Xuân Hải"),
    former("xuan-hoi", "xã", "Xuân Hội", "Xã Xuân Hội"),
    former("xuan-hong", "xã", "Xuân Hồng", "Xã Xuân Hồng"),
    former("xuan-lam", "xã", "Xuân Lam", "Xã Xuân Lam"),
    former("xuan-lien", "xã", "Xuân Liên", "Xã Xuân Liên"),
    former("xuan-linh", "xã", "Xuân Lĩnh", "Xã Xuân Lĩnh"),
    former("xuan-my", "xã", "Xuân Mỹ", "Xã Xuân Mỹ"),
    former("xuan-pho", "xã", "Xuân Phổ", "Xã Xuân Phổ"),
    former("xuan-thanh", "xã", "Xuân Thành", "Xã Xuân Thành"),
    former("xuan-vien", "xã", "Xuân Viên", "Xã Xuân Viên"),
    former("xuan-yen", "xã", "Xuân Yên", "Xã Xuân Yên"),
    today("xa-nghi-xuan", "18352", "xã", ["Nghi Xuân", "Xã Nghi Xuân"]),
    today("xa-dan-hai", "18364", "xã", ["Đan Hải", "Xã Đan Hải"]),
    today("xa-tien-dien", "18373", "xã", ["Tiên Điền", "Xã Tiên Điền"]),
    today("xa-co-dam", "18394", "xã", ["Cổ Đạm", "Xã Cổ Đạm"]),
    today("phuong-bac-hong-linh", "18115", "phường", ["Bắc Hồng Lĩnh", "Phường Bắc Hồng Lĩnh"]),
];

const fn whole(from: &'static str, to: &'static str) -> DemoSuccession {
    DemoSuccession { from, to, part: None }
}

const fn part_of_district(to: &'static str, communes: &'static str) -> DemoSuccession {
    DemoSuccession { from: "nghi-xuan", to, part: Some(communes) }
}

const SUCCESSIONS: &[DemoSuccession] = &[
    whole("xuan-an", "xa-nghi-xuan"),
    whole("xuan-giang", "xa-nghi-xuan"),
    whole("xuan-hong", "xa-nghi-xuan"),
    whole("xuan-vien", "xa-nghi-xuan"),
    whole("xuan-linh", "xa-nghi-xuan"),
    whole("dan-truong", "xa-dan-hai"),
    whole("xuan-hai", "xa-dan-hai"),
    whole("xuan-hoi", "xa-dan-hai"),
    whole("xuan-pho", "xa-dan-hai"),
    whole("tien-dien", "xa-tien-dien"),
    whole("xuan-yen", "xa-tien-dien"),
    whole("xuan-my", "xa-tien-dien"),
    whole("xuan-thanh", "xa-tien-dien"),
    whole("cuong-gian", "xa-co-dam"),
    whole("xuan-lien", "xa-co-dam"),
    whole("co-dam", "xa-co-dam"),
    whole("xuan-lam", "phuong-bac-hong-linh"),
    part_of_district("xa-nghi-xuan", "Thị trấn Xuân An, Xã Xuân Giang, Xã Xuân Hồng, Xã Xuân Viên, Xã Xuân Lĩnh"),
    part_of_district("xa-dan-hai", "Xã Đan Trường, Xã Xuân Hải, Xã Xuân Hội, Xã Xuân Phổ"),
    part_of_district("xa-tien-dien", "Thị trấn Tiên Điền, Xã Xuân Yên, Xã Xuân Mỹ, Xã Xuân Thành"),
    part_of_district("xa-co-dam", "Xã Cương Gián, Xã Xuân Liên, Xã Cổ Đạm"),
    part_of_district("phuong-bac-hong-linh", "Xã Xuân Lam"),
];
