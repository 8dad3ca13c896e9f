//! Procedures are the same over REST and GraphQL: the same lists under every filter, and the same details.

use lienthong_app::commands::bulk::Run;
use lienthong_app::commands::procedures::{ProceduresImport, import_procedures};
use lienthong_domain::access::Actor;
use lienthong_domain::ids::ActorId;
use lienthong_domain::time::Timestamp;
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;
use uuid::Uuid;

use super::portal::Portal;
use super::rng::Rng;
use super::seed::UNITS;

const PROCEDURE: &str = "id code name field levels status statusVerbatim decision applicants competentAgency receivingAddress steps \
    channels { method time { value unit verbatim } fees { amount currency free condition verbatim } description \
    contradictory } dossier { title items { name forms originals copies } } results { name code } \
    legalBases { number title } requirements sourceUrl modifiedAt offeredBasis";
const FIELDS: [&str; 3] = ["Hộ tịch", "Đất đai", "Nuôi con nuôi"];
const LEVELS: [&str; 4] = ["Cấp xã", "Cấp tỉnh, Cấp xã", "Cấp huyện", "Cấp bộ, Cơ quan khác"];

fn record(number: usize) -> Value {
    let mut record = json!({
        "ma_thu_tuc": format!("1.{number:06}"),
        "ten_thu_tuc": format!("Đăng ký số {number}"),
        "cap_thuc_hien": LEVELS[number % 4],
        "linh_vuc": FIELDS[number % 3],
    });
    if number.is_multiple_of(2) {
        let rich = json!({
            "so_quyet_dinh": "5568/QĐ-BCA",
            "doi_tuong_thuc_hien": "Công dân Việt Nam, Người nước ngoài",
            "co_quan_co_tham_quyen": "UBND cấp xã",
            "dia_chi_tiep_nhan": "Bộ phận một cửa",
            "trinh_tu_thuc_hien": "Bước 1: Nộp hồ sơ.\nBước 2: Nhận kết quả.",
            "cach_thuc_thuc_hien": "Hình thức nộpThời gianPhí, lệ phíMô tảTrực tuyến3 Ngày làm việcMiễn phí\
                Dịch vụ bưu chính5 Ngày10 USD(/lần)Trực tiếp5 Ngày8,000 VNĐtheo quy định",
            "thanh_phan_ho_so": "--Tên giấy tờMẫu đơn, tờ khaiSố lượngGiấy miễn thị thực.1 bản chínhTờ khai\
                NA5.doc1 bản chính,2 bản sao",
            "can_cu_phap_ly": "Tên văn bản pháp lýMã văn bảnLuật Hộ tịch60/2014/QH13",
            "ket_qua_xu_ly": "Giấy khai sinhMã: KQ.G15.000031",
            "yeu_cau_dieu_kien": "Đủ 18 tuổi",
            "detail_url": "https://dichvucong.example/thu-tuc/1",
        });
        record.as_object_mut().unwrap().extend(rich.as_object().unwrap().clone());
    }
    if let Some(status) = status(number) {
        record["trang_thai"] = json!(status);
    }
    record
}

/// Most of the half with few fields say nothing of it, as in the national records.
fn status(number: usize) -> Option<&'static str> {
    match number % 15 {
        7 => Some("Bãi bỏ"),
        8 => Some("Tạm dừng tiếp nhận"),
        _ => number.is_multiple_of(2).then_some("Còn hiệu lực"),
    }
}

async fn catalogue() -> Portal {
    let portal = Portal::empty().await;
    let lines: Vec<String> = (0..60).map(|number| record(number).to_string()).collect();
    let lines = lines.join("\n");
    let permit = Actor::operator(ActorId::from_uuid(Uuid::from_u128(1))).permit().unwrap();
    let import = ProceduresImport { source: lines.as_bytes(), run: Run::default() };
    import_procedures(&portal.app, &permit, import, portal.now).await.unwrap();
    portal
}

/// GraphQL spells enum values in capitals.
fn lower_enums(mut value: Value) -> Value {
    match &mut value {
        Value::Array(items) => items.iter_mut().for_each(|item| *item = lower_enums(item.take())),
        Value::Object(fields) => {
            for (name, field) in fields {
                let of_enum =
                    ["levels", "status", "method", "unit", "currency", "offeredBasis"].contains(&name.as_str());
                *field = if of_enum { lower(field.take()) } else { lower_enums(field.take()) };
            }
        }
        _ => {}
    }
    value
}

fn lower(value: Value) -> Value {
    match value {
        Value::String(text) => json!(text.to_lowercase()),
        Value::Array(items) => items.into_iter().map(lower).collect(),
        other => other,
    }
}

fn question(rng: &mut Rng) -> Vec<(&'static str, Value)> {
    let mut asked = Vec::new();
    if rng.chance(40) {
        let unit = if rng.chance(10) { "khong-co" } else { rng.pick(&UNITS) };
        asked.push(("offeredAt", json!(unit)));
    }
    if rng.chance(40) {
        let levels = ["ministry", "province", "district", "commune", "other_agency"];
        asked.push(("level", json!(rng.pick(&levels))));
    }
    if rng.chance(40) {
        asked.push(("field", json!(rng.pick(&["Hộ tịch", "dat dai", "NUÔI CON NUÔI", "không có"]))));
    }
    let size = if rng.chance(5) { 0 } else { 1 + rng.below(12) };
    asked.push((rng.pick(&["first", "last"]), json!(size)));
    asked
}

/// Data, place in the list and total; or code and parameter of a refusal.
async fn over_graphql(portal: &Portal, asked: &[(&'static str, Value)]) -> Value {
    let document = format!(
        "query($offeredAt: String, $level: ProcedureLevel, $field: String, $first: Int, $after: String, $last: Int, \
         $before: String) {{ procedures(offeredAt: $offeredAt, level: $level, field: $field, first: $first, \
         after: $after, last: $last, before: $before) {{ data: nodes {{ {PROCEDURE} }} \
         page: pageInfo {{ hasNext: hasNextPage hasPrevious: hasPreviousPage startCursor endCursor }} \
         total: totalCount {{ value more }} }} }}"
    );
    let value = |(name, value): &(&str, Value)| match (*name, value.as_str()) {
        ("level", Some(level)) => ((*name).to_owned(), json!(level.to_uppercase())),
        _ => ((*name).to_owned(), value.clone()),
    };
    let answer = portal.graphql(&document, Value::Object(asked.iter().map(value).collect())).await;
    match answer["errors"].get(0) {
        Some(error) => json!([error["extensions"]["code"], error["extensions"]["argument"]]),
        None => lower_enums(answer["data"]["procedures"].clone()),
    }
}

async fn over_rest(portal: &Portal, asked: &[(&'static str, Value)]) -> Value {
    let mut query = Serializer::new(String::new());
    for (name, value) in asked {
        query.append_pair(name, &value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    }
    query.append_pair("include", "total");
    let answer = portal.get(&format!("/v1/procedures?{}", query.finish())).await;
    if answer.status == 200 { answer.body } else { json!([answer.body["code"], answer.body["errors"][0]["name"]]) }
}

#[tokio::test]
async fn lists_of_procedures_are_the_same_over_graphql_and_rest() {
    let portal = catalogue().await;
    let mut rng = Rng(63_2010);
    let (mut shown, mut offered, mut refused) = (0, 0, 0);
    for _ in 0..150 {
        let mut asked = question(&mut rng);
        for _ in 0..3 {
            let rest = over_rest(&portal, &asked).await;
            assert_eq!(rest, over_graphql(&portal, &asked).await, "{asked:?}");
            let Some(data) = rest["data"].as_array() else {
                refused += 1;
                break;
            };
            shown += data.len();
            offered += data.iter().filter(|it| it["offeredBasis"] == "national_level").count();
            let from_end = asked.iter().any(|(name, _)| *name == "last");
            let (more, cursor, name) =
                if from_end { ("hasPrevious", "startCursor", "before") } else { ("hasNext", "endCursor", "after") };
            if rest["page"][more] != true {
                break;
            }
            asked.retain(|(known, _)| *known != name);
            asked.push((name, rest["page"][cursor].clone()));
        }
    }
    assert!(shown > 500 && offered > 100 && refused > 10, "{shown} shown, {offered} offered, {refused} refused");
}

#[tokio::test]
async fn details_of_procedures_are_the_same_over_graphql_and_rest() {
    let portal = catalogue().await;
    let document = format!("query($code: String!) {{ procedure(code: $code) {{ {PROCEDURE} }} }}");
    for number in 0..60 {
        let code = format!("1.{number:06}");
        let graphql = portal.graphql(&document, json!({ "code": code })).await;
        let rest = portal.get(&format!("/v1/procedures/{code}")).await;
        assert_eq!((rest.status.as_u16(), &rest.body["code"]), (200, &json!(code)));
        assert_eq!(rest.body, lower_enums(graphql["data"]["procedure"].clone()));
    }
    let rich = portal.get("/v1/procedures/1.000002").await.body;
    let empty = rich.as_object().unwrap().iter().filter(|(_, value)| value.is_null() || **value == json!([]));
    assert_eq!(empty.map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["offeredBasis"], "{rich:#}");
}

#[tokio::test]
async fn a_procedure_says_whether_it_is_in_force_and_keeps_words_that_are_not_known() {
    let portal = catalogue().await;
    let expected = [
        (1, Value::Null, Value::Null),
        (2, json!("in_force"), json!("Còn hiệu lực")),
        (7, json!("annulled"), json!("Bãi bỏ")),
        (8, Value::Null, json!("Tạm dừng tiếp nhận")),
    ];
    for (number, status, verbatim) in expected {
        let procedure = portal.get(&format!("/v1/procedures/1.{number:06}")).await.body;
        assert_eq!((&procedure["status"], &procedure["statusVerbatim"]), (&status, &verbatim), "{procedure:#}");
    }
    let listed = over_rest(&portal, &[("first", json!(100))]).await;
    let states: Vec<&Value> = listed["data"].as_array().unwrap().iter().map(|it| &it["status"]).collect();
    assert_eq!(states.len(), 56, "the four that are annulled are found by their code only");
    assert!(states.iter().all(|state| state.is_null() || **state == json!("in_force")), "{states:?}");
}

#[tokio::test]
async fn a_unit_that_does_not_exist_today_offers_nothing_and_the_refusal_leads_on() {
    let mut today = catalogue().await;
    today.now = Timestamp::parse("2025-07-01T00:00:00+07:00").unwrap();
    let asked = [("offeredAt", json!("xa-xuan-hai")), ("first", json!(1))];
    assert_eq!(over_rest(&today, &asked).await, json!(["BAD_REQUEST", "offeredAt"]));
    assert_eq!(over_graphql(&today, &asked).await, json!(["BAD_REQUEST", "offeredAt"]));
    let refused = today.get("/v1/procedures?offeredAt=xa-xuan-hai").await.body;
    let rule = refused["errors"][0]["rule"].as_str().unwrap();
    assert!(rule.contains("2025-06-30") && rule.contains("xa-tien-dien-moi"), "{rule}");
    let successor = today.get("/v1/procedures?offeredAt=xa-tien-dien-moi").await;
    assert!(!successor.body["data"].as_array().unwrap().is_empty(), "{:#}", successor.body);
}

#[tokio::test]
async fn a_code_with_the_suffix_of_an_agency_names_the_same_procedure() {
    let portal = catalogue().await;
    let plain = portal.get("/v1/procedures/1.000002").await;
    assert_eq!(portal.get("/v1/procedures/1.000002.H28").await.body, plain.body);
}
