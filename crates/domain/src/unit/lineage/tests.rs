use proptest::prelude::*;

use super::*;
use crate::unit::file::tests::real_units;

fn only(text: &str) -> Predecessor {
    let lineage = parse(text, Level::Commune);
    assert_eq!((lineage.predecessors.len(), lineage.unparsed.len()), (1, 0), "{lineage:?}");
    lineage.predecessors.into_iter().next().unwrap()
}

/// Name, district, district inferred, part.
fn summary(text: &str, level: Level) -> Vec<(String, String, bool, String)> {
    let describe = |p: Predecessor| {
        let (within, inferred) = p.within.map(|within| (within.name, within.inferred)).unwrap_or_default();
        (p.full_name, within, inferred, p.part.map(|part| part.verbatim).unwrap_or_default())
    };
    parse(text, level).predecessors.into_iter().map(describe).collect()
}

#[test]
fn commas_within_a_part_do_not_cut() {
    let text = "Phường Kim Mã (phần còn lại sau khi sáp nhập vào phường Ba Đình, phường Ngọc Hà)";
    let found = only(text);
    assert_eq!((found.kind, found.name.as_str(), found.verbatim.as_str()), (UnitKind::Ward, "Kim Mã", text));
    let part = found.part.unwrap();
    assert_eq!(part.share, Share::Remainder);
    assert_eq!(part.verbatim, "phần còn lại sau khi sáp nhập vào phường Ba Đình, phường Ngọc Hà");
    assert_eq!(only("Xã Trần Hợi (một phần)").part.unwrap().share, Share::Portion);
}

#[test]
fn district_part_and_remark_are_told_apart() {
    let found = only("Xã Liên Hà (huyện Đông Anh) (phần còn lại sau khi sáp nhập vào xã Thư Lâm)");
    assert_eq!(found.within, Some(Within { name: "huyện Đông Anh".to_owned(), inferred: false }));
    assert_eq!(found.part.unwrap().verbatim, "phần còn lại sau khi sáp nhập vào xã Thư Lâm");
    let district = |text: &str| only(text).within.unwrap().name;
    assert_eq!(district("Xã Đăk Long (thuộc huyện Đăk Hà)"), "huyện Đăk Hà");
    assert_eq!(district("Thị trấn Châu Thành (huyện Châu Thành, tỉnh Bến Tre)"), "huyện Châu Thành, tỉnh Bến Tre");
    let islet = only("Xã Khánh Bình Tây (bao gồm Hòn Đá Bạc)");
    assert_eq!((islet.remarks, islet.part, islet.within), (vec!["bao gồm Hòn Đá Bạc".to_owned()], None, None));
}

#[test]
fn a_run_of_numbered_wards_shares_the_district_named_after_it() {
    let ward = |n: u8, district: &str, inferred| (format!("Phường {n}"), district.to_owned(), inferred, String::new());
    assert_eq!(
        summary("Phường 10, Phường 11 (Quận 6), Phường 16 (Quận 8), Phường 26", Level::Commune),
        [ward(10, "Quận 6", true), ward(11, "Quận 6", false), ward(16, "Quận 8", false), ward(26, "", false)]
    );
    assert_eq!(summary("Phường 9, Xã Hòa An (huyện Phú Hòa)", Level::Commune)[0], ward(9, "", false));
    assert_eq!(summary("Phường 4, Rạch Ông, Phường 5 (Quận 8)", Level::Commune)[0], ward(4, "", false));
}

#[test]
fn provinces_are_joined_by_and() {
    let names: Vec<_> = summary("TPHCM, tỉnh Bà Rịa - Vũng Tàu và tỉnh Bình Dương", Level::Province)
        .into_iter()
        .map(|(name, ..)| name)
        .collect();
    assert_eq!(names, ["Thành phố Hồ Chí Minh", "Tỉnh Bà Rịa - Vũng Tàu", "Tỉnh Bình Dương"]);
    let kinds = |level| parse("thành phố Huế", level).predecessors[0].kind;
    assert_eq!((kinds(Level::Province), kinds(Level::Commune)), (UnitKind::CentralCity, UnitKind::ProvincialCity));
}

#[test]
fn what_names_no_unit_is_kept_word_for_word() {
    let text = "Xã Kim Trung, Khu vực bãi bồi ven biển (do huyện Kim Sơn quản lý), Thủ Thừa, Xã A (b, Xã C";
    let lineage = parse(text, Level::Commune);
    assert_eq!(lineage.predecessors.len(), 1);
    let unparsed =
        ["Khu vực bãi bồi ven biển (do huyện Kim Sơn quản lý)", "Thủ Thừa", "Xã A (b, Xã C"].map(str::to_owned);
    assert_eq!(lineage.unparsed, unparsed);
}

#[test]
fn unchanged_is_not_the_same_as_unknown() {
    let unchanged = Lineage { unchanged: true, ..Lineage::default() };
    assert_eq!(parse("giữ nguyên", Level::Commune), unchanged);
    assert_eq!(parse("Giư\u{303} nguyên", Level::Commune), unchanged);
    assert_eq!(parse("", Level::Commune), Lineage::default());
}

#[test]
fn the_real_lineage_is_understood_but_for_known_pieces() {
    let Some(units) = real_units() else { return };
    let all: Vec<_> = units.iter().map(|u| (u.code, parse(&u.lineage_text, u.code.level()))).collect();
    let unchanged = |level| all.iter().filter(|(code, l)| l.unchanged && code.level() == level).count();
    assert_eq!((unchanged(Level::Province), unchanged(Level::Commune)), (11, 126));
    let found: Vec<&Predecessor> = all.iter().flat_map(|(_, lineage)| &lineage.predecessors).collect();
    let parts = |share| found.iter().filter(|p| p.part.as_ref().is_some_and(|part| part.share == share)).count();
    assert_eq!((found.len(), parts(Share::Remainder), parts(Share::Portion)), (10_435, 240, 1));
    let rows_with = |has: fn(&Predecessor) -> bool| all.iter().filter(|(_, l)| l.predecessors.iter().any(has)).count();
    assert_eq!((rows_with(|p| p.part.is_some()), rows_with(|p| p.within.is_some())), (107, 525));
    let said = |inferred| found.iter().filter(|p| p.within.as_ref().is_some_and(|w| w.inferred == inferred)).count();
    assert_eq!((said(false), said(true)), (569, 89));
    let remarks: Vec<_> = found.iter().flat_map(|p| &p.remarks).collect();
    assert_eq!(remarks, ["bao gồm cụm đảo Hòn Chuối", "bao gồm Hòn Đá Bạc"]);
}

#[test]
fn eleven_pieces_of_the_real_lineage_name_no_unit() {
    let Some(units) = real_units() else { return };
    let unparsed = units.iter().flat_map(|unit| {
        let pieces = parse(&unit.lineage_text, unit.code.level()).unparsed;
        pieces.into_iter().map(|piece| format!("{} {piece}", unit.code))
    });
    assert_eq!(
        unparsed.collect::<Vec<_>>(),
        [
            "07537 Trường bắn TB1",
            "14698 Khu vực bãi bồi ven biển (do huyện Kim Sơn quản lý)",
            "21439 Phổ Hòa",
            "21439 Phổ Minh",
            "21439 Phổ Vinh",
            "21439 Phổ Ninh",
            "23302 Lê Lợi",
            "23302 Nguyễn Trãi",
            "24235 Krông Na",
            "27418 Rạch Ông",
            "28087 Thủ Thừa",
        ]
    );
}

#[test]
fn nothing_of_the_real_lineage_is_lost() {
    let Some(units) = real_units() else { return };
    for unit in units {
        assert_nothing_lost(&unit.lineage_text, unit.code.level());
    }
}

/// What remains between the pieces are separators, and every piece is a predecessor or unparsed.
fn assert_nothing_lost(text: &str, level: Level) {
    let text = nfc(text);
    let lineage = parse(&text, level);
    if lineage.unchanged {
        return;
    }
    let pieces = pieces(&text, levels_below(level));
    let mut rest: &str = &text;
    for piece in &pieces {
        let (gap, after) = rest.split_once(piece).unwrap();
        assert!(gap.replace(" và ", "").trim_matches(|c: char| c == ',' || c.is_whitespace()).is_empty(), "{gap}");
        rest = after;
    }
    assert!(rest.trim_matches(|c: char| c == ',' || c.is_whitespace()).is_empty(), "{rest}");
    let mut kept: Vec<&str> = lineage.predecessors.iter().map(|found| found.verbatim.as_str()).collect();
    kept.extend(lineage.unparsed.iter().map(String::as_str));
    kept.sort_unstable();
    let mut expected = pieces;
    expected.sort_unstable();
    assert_eq!(kept, expected);
}

proptest! {
    #[test]
    fn nothing_of_any_text_is_lost(text in r"((Xã|phường|tỉnh|và|Phường 1|A|\(Quận 8\)|\(|\)|,|một phần|,) ?){0,12}") {
        assert_nothing_lost(&text, Level::Commune);
        assert_nothing_lost(&text, Level::Province);
    }

    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        assert_nothing_lost(&text, Level::Commune);
    }
}
