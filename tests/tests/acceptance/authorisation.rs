//! Role × operation × own or other site, driven by the exported schema and the `OpenAPI` document: a mutation, or an
//! operation that needs a token, without a row here fails.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Body;
use http::Request;
use serde_json::{Value, json};

use lienthong_app::accounts::Rules;
use lienthong_app::commands::accounts::{self, Invitation, Manager};
use lienthong_app::commands::media::{self, NewMedia, NewUpload};
use lienthong_app::commands::{desk, holds, royalties};
use lienthong_app::proof::keys;
use lienthong_domain::access::{Actor, Operation, Role};
use lienthong_domain::article::ArticleInput;
use lienthong_domain::audience::Audience;
use lienthong_domain::bundle::Bundle;
use lienthong_domain::entry::{Entry, Major, Publication};
use lienthong_domain::hold::Target;
use lienthong_domain::identity::Identity;
use lienthong_domain::ids::{ActorId, EntryId, MediaId, SecretId, UploadId};
use lienthong_domain::media::DescriptionInput;
use lienthong_domain::royalty::{RateTableInput, RoyaltyLineInput};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::Record;
use lienthong_persistence::actors::Reach;
use lienthong_persistence::second_factors::{self, SecondFactor};
use lienthong_test_support::{at, both_databases};

use crate::guarded::GUARDED;
use crate::hand::POISON;
use crate::harness::{Node, global_id};

/// Every operation of REST that needs a permit, by its name in the `OpenAPI` document; the cell of the role table it stands
/// for, and the query that it needs.
const GUARDED_REST: [(&str, Operation, &str); 19] = [
    ("appendUpload", Operation::Create, ""),
    ("beginUpload", Operation::Create, ""),
    ("createArticle", Operation::Create, ""),
    ("editArticle", Operation::Edit, ""),
    ("endUpload", Operation::Create, ""),
    ("getEntry", Operation::ReadDraft, ""),
    ("getEvidence", Operation::ReadAudit, ""),
    ("getInternalArticle", Operation::ReadInternal, ""),
    ("getMedia", Operation::ReadDraft, ""),
    ("getUpload", Operation::Create, ""),
    ("listInternalArticles", Operation::ReadInternal, "?unit=xuan-hai"),
    ("listMedia", Operation::ReadDraft, ""),
    ("publishArticle", Operation::Publish, ""),
    ("reportArticles", Operation::ReadReport, "?unit=xuan-hai&from=2024-01-01&to=2024-07-07"),
    ("reportReadiness", Operation::ReadReport, "?unit=xuan-hai"),
    ("reportRoyalties", Operation::ReadRoyalties, "?from=2024-01-01&to=2024-07-07"),
    ("reportUnmappedCategories", Operation::ReadReport, "?unit=xuan-hai"),
    ("uploadMedia", Operation::Create, "?fileName=a.pdf"),
    ("withdrawArticle", Operation::Withdraw, ""),
];

/// Fields about one's own account: every token may ask, whatever its roles.
const OWN: [(&str, &str); 9] = [
    ("me", "{ me { id } }"),
    ("signOutEverywhere", "mutation { signOutEverywhere { ended } }"),
    ("apiTokens", "{ apiTokens { id } }"),
    ("revokeApiToken", "mutation { revokeApiToken(id: \"x\") { errors { code } } }"),
    (
        "createApiToken",
        "mutation { createApiToken(password: \"x\", input: { name: \"x\", operations: [EDIT],
        expiresAt: \"2030-01-01T00:00:00Z\" }) { errors { code } } }",
    ),
    ("enrolSecondFactor", "mutation { enrolSecondFactor(password: \"x\") { errors { code } } }"),
    ("confirmSecondFactor", "mutation { confirmSecondFactor(code: \"x\") { errors { code } } }"),
    ("removeSecondFactor", "mutation { removeSecondFactor(password: \"x\") { errors { code } } }"),
    ("changePassword", "mutation { changePassword(current: \"x\", new: \"y\") { errors { code } } }"),
];

/// Writes of REST by which people come to a token, so that they cannot need one.
const WITHOUT_TOKEN: [&str; 5] = ["choosePassword", "openVouchedSession", "refreshSession", "signIn", "signOut"];

/// Queries that everybody may make.
const PUBLIC: [&str; 16] = [
    "agencies",
    "agency",
    "article",
    "articles",
    "category",
    "editorialBoard",
    "node",
    "procedure",
    "procedures",
    "series",
    "site",
    "sites",
    "topic",
    "topics",
    "unit",
    "units",
];

#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Done,
    Forbidden,
    NotFound,
    Unauthenticated,
}

/// A name that nobody has yet.
fn user_name() -> String {
    format!("n-{}", uuid::Uuid::new_v4().simple())
}

/// A day that no table of royalties holds on yet.
fn free_day() -> chrono::NaiveDate {
    static DAYS: AtomicU64 = AtomicU64::new(0);
    let first = chrono::NaiveDate::from_ymd_opt(2100, 1, 1).unwrap();
    first + chrono::Days::new(DAYS.fetch_add(1, Ordering::Relaxed))
}

/// A contributor of the first commune's site who has been invited.
async fn somebody(node: &Node) -> ActorId {
    let now = at("2024-06-01T00:00:00Z");
    let operator = Manager::of(&Actor::operator(ActorId::new(now))).unwrap();
    let roles = vec![(Role::Contributor, Reach::Site(node.test.world.sites[1].id))];
    let new = Invitation { name: user_name(), display_name: "Thu Hà".to_owned(), roles };
    accounts::invite(node.test.store(), &operator, (&Rules::default(), &new), now).await.unwrap().account
}

/// The same with an identity at a provider.
async fn linked(node: &Node) -> ActorId {
    let (id, now) = (somebody(node).await, at("2024-06-01T00:00:00Z"));
    let operator = Manager::of(&Actor::operator(ActorId::new(now))).unwrap();
    let identity = Identity::parse("https://sso.hatinh.example", &user_name()).unwrap();
    accounts::link_identity(node.test.store(), &operator, (id, &identity), now).await.unwrap();
    id
}

/// A published article on the first commune's site for which somebody gets something.
async fn priced(node: &Node) -> EntryId {
    let now = at("2024-06-01T00:00:00Z");
    let site = node.test.world.sites[1].id;
    let rates = RateTableInput {
        legal_basis: "Nghị định 18/2014/NĐ-CP".to_owned(),
        unit_value: 234_000,
        valid_from: now.local_day(),
        valid_to: Some(now.local_day()),
        classes: vec![("tin".to_owned(), "Tin".to_owned(), 10.0)],
    };
    // The first attempt records them, for all.
    let _ = royalties::record_rates(node.test.store(), &node.test.permit(), (site, rates), now).await;
    let work = node.test.published(1, "Tin có nhuận bút", now).await.id;
    let payee = "Nguyễn Văn A".to_owned();
    let lines = vec![RoyaltyLineInput { class: "tin".to_owned(), coefficient: 1.0, payee, note: None }];
    royalties::record_royalties(node.test.store(), &node.test.permit(), (work, None), lines, now).await.unwrap();
    work
}

/// Gives an account a second factor, as it is kept.
async fn protect(node: &Node, actor: ActorId) {
    let now = at("2024-06-01T00:00:00Z");
    let factor =
        SecondFactor { actor, id: SecretId::new(now), sealed: vec![1], confirmed_at: Some(now), last_step: None };
    let tx = node.test.store().begin().await.unwrap();
    second_factors::put(&tx, &factor, now).await.unwrap();
    tx.commit(Record::default()).await.unwrap();
}

/// A document in the library of the first commune's site, which no other attempt has.
async fn in_library(node: &Node) -> MediaId {
    let bytes = format!("%PDF-1.7 {}", uuid::Uuid::new_v4());
    let body = futures::stream::iter([Ok::<_, std::convert::Infallible>(bytes.into())]);
    let arrived = node.library.receive(body).await.unwrap();
    let (site, file_name) = (node.test.world.sites[1].id, "a.pdf".to_owned());
    let new = NewMedia { site, file_name, description: DescriptionInput::default(), arrived };
    let library = (&*node.test.app, node.library.as_ref());
    media::add(library, &node.test.permit(), new, at("2024-06-01T00:00:00Z")).await.unwrap().media.id
}

/// An upload that somebody else has begun.
async fn upload(node: &Node) -> UploadId {
    let new = NewUpload { site: node.test.world.sites[1].id, file_name: "a.pdf".to_owned(), length: 10 };
    // Each by another person: nobody has many open.
    let somebody = Actor::operator(ActorId::from_uuid(uuid::Uuid::new_v4()));
    let library = (&*node.test.app, node.library.as_ref());
    let now = Timestamp::from(chrono::Utc::now());
    media::begin(library, &somebody.permit().unwrap(), new, now).await.unwrap().id
}

/// An approved article of the first commune's site.
async fn approved(node: &Node) -> Entry {
    let now = at("2024-06-01T00:00:00Z");
    let draft = node.test.draft(1, "Tin đã duyệt", now).await;
    let direct = node.test.permit();
    let handed_in = ((draft.id, draft.version), Some(&direct));
    let submitted = desk::submit(&node.test, &node.test.own_or(), handed_in, now).await.unwrap();
    let seen = (submitted.id, submitted.version);
    desk::approve(&node.test, &node.test.permit(), seen, now).await.unwrap()
}

/// A bundle with one article, in the state in which an operation of this name is possible.
async fn bundle(node: &Node, name: &str) -> (Bundle, EntryId) {
    let (permit, now) = (node.test.permit(), at("2024-06-01T00:00:00Z"));
    let site = node.test.world.sites[1].id;
    let made = desk::bundles::create(&node.test, &permit, (site, "Bầu cử"), now).await.unwrap();
    let entry = approved(node).await;
    let what = ((made.id, made.version), (entry.id, entry.version));
    let filled = desk::bundles::put(&node.test, &permit, what, now).await.unwrap();
    if name != "unscheduleBundle" {
        return (filled, entry.id);
    }
    let what = ((filled.id, filled.version), at("2100-01-01T00:00:00Z"));
    (desk::bundles::schedule(&node.test, &permit, what, now).await.unwrap(), entry.id)
}

fn name_bundle(variables: &mut Value, (bundle, bundled): (Bundle, EntryId)) {
    variables["bundle"] = json!(bundle.id.to_string());
    variables["bundleVersion"] = json!(bundle.version.get());
    variables["bundled"] = json!(global_id("article", bundled.as_uuid()));
}

/// Makes what a document names beside the article.
async fn with_subjects(node: &Node, (field, text): (&str, &str), variables: &mut Value) {
    if text.contains("$account") {
        variables["account"] = json!(global_id("account", somebody(node).await.as_uuid()));
    }
    if text.contains("$key") {
        let (app, site) = (&node.test.app, node.test.world.sites[1].id);
        let now = at("2024-06-01T00:00:00Z");
        let made = keys::rotate((app.store(), app.seal()), &node.test.permit(), Some(site), now).await.unwrap();
        variables["key"] = json!(keys::kid(made.site, made.id));
    }
    if text.contains("$quarantine") {
        let now = at("2024-06-01T00:00:00Z");
        let target = Target::Entry(node.test.published(1, "Tin bị chèn", now).await.id);
        let raised = holds::quarantine(&node.test, &node.test.permit(), (target, "Bị chèn quảng cáo"), now).await;
        variables["quarantine"] = json!(raised.unwrap().id.to_string());
    }
    if text.contains("$protected") {
        let id = somebody(node).await;
        protect(node, id).await;
        variables["protected"] = json!(global_id("account", id.as_uuid()));
    }
    if text.contains("$bundle") {
        name_bundle(variables, bundle(node, field).await);
    }
    if text.contains("$priced") {
        variables["priced"] = json!(global_id("article", priced(node).await.as_uuid()));
    }
    if text.contains("$day") {
        variables["day"] = json!(free_day().to_string());
    }
    if text.contains("$linked") {
        variables["linked"] = json!(global_id("account", linked(node).await.as_uuid()));
    }
    if text.contains("$media") {
        variables["media"] = json!(global_id("media", in_library(node).await.as_uuid()));
    }
}

async fn attempt(node: &Node, actor: Option<ActorId>, (field, text): (&str, &str), entry: &Entry) -> Answer {
    let input = json!({ "category": "xuanhai.hatinh.example/thong-bao", "title": "Tin", "body": "" });
    let id = global_id("article", entry.id.as_uuid());
    let mut variables = json!({
        "site": "xuanhai.hatinh.example", "unit": "xuan-hai", "id": id, "version": entry.version.get(), "input": input,
        "name": user_name(),
    });
    with_subjects(node, (field, text), &mut variables).await;
    let reply = match actor {
        Some(actor) => node.query_as(actor, text, variables).await,
        None => node.query(text, variables).await,
    };
    let answer = reply.json();
    let payload = &answer["data"][field];
    let code = [&answer["errors"][0]["extensions"]["code"], &payload["errors"][0]["code"]];
    match code.into_iter().find_map(Value::as_str) {
        None if *payload != Value::Null => Answer::Done,
        Some("FORBIDDEN") => Answer::Forbidden,
        Some("NOT_FOUND") => Answer::NotFound,
        Some("UNAUTHENTICATED") => Answer::Unauthenticated,
        _ => panic!("{field}: {answer:#}"),
    }
}

/// Calls an operation of REST as the `OpenAPI` document describes it.
async fn attempt_rest(node: &Node, actor: Option<ActorId>, (name, query): (&str, &str), entry: &Entry) -> Answer {
    let RestOperation { method, path, .. } = rest_operations().into_iter().find(|it| it.name == name).unwrap();
    let mut path =
        path.replace("{site}", "xuanhai.hatinh.example").replace("{id}", &global_id("article", entry.id.as_uuid()));
    if path.contains("{media}") {
        path = path.replace("{media}", &in_library(node).await.to_string());
    }
    if path.contains("{upload}") {
        path = path.replace("{upload}", &upload(node).await.to_string());
    }
    let input = json!({ "category": "xuanhai.hatinh.example/thong-bao", "title": "Tin", "body": "" });
    let mut request = Request::builder()
        .method(method.to_uppercase().as_str())
        .uri(format!("{path}{query}"))
        .header("content-type", "application/json")
        .header("if-match", format!("\"v{}\"", entry.version.get()))
        .header("tus-resumable", "1.0.0")
        .header("upload-length", "10")
        .header("upload-metadata", "site eHVhbmhhaS5oYXRpbmguZXhhbXBsZQ==");
    if let Some(actor) = actor {
        request = request.header("authorization", format!("Bearer {actor}"));
    }
    let body = if name == "uploadMedia" { format!("%PDF-1.7 {}", uuid::Uuid::new_v4()) } else { input.to_string() };
    let reply = node.send(request.body(Body::from(body)).unwrap()).await;
    match reply.status.as_u16() {
        200 | 201 => Answer::Done,
        401 => Answer::Unauthenticated,
        403 => Answer::Forbidden,
        404 => Answer::NotFound,
        _ => panic!("{name}: {reply:?}"),
    }
}

/// One operation of the `OpenAPI` document.
struct RestOperation {
    name: String,
    method: String,
    path: String,
    /// Whether it has a security requirement.
    guarded: bool,
}

fn rest_operations() -> Vec<RestOperation> {
    let document = serde_json::to_value(lienthong_api::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| RestOperation {
            name: operation["operationId"].as_str().unwrap().to_owned(),
            method: method.clone(),
            path: path.clone(),
            guarded: operation["security"].as_array().is_some_and(|schemes| !schemes.is_empty()),
        })
    });
    operations.collect()
}

/// What the role table says of an operation on one's own site, and elsewhere.
fn expected(role: Role, (name, operation): (&str, Operation)) -> (Answer, Answer) {
    // Whoever may create may do these with its own texts; the subject here is somebody else's.
    let or_own = matches!(operation, Operation::Edit | Operation::ReadDraft | Operation::Comment)
        && !matches!(name, "bundle" | "bundles");
    let lists_own = matches!(name, "desk" | "mediaLibrary" | "listMedia") && role.allows(Operation::Create);
    // Nobody reaches the uploads of others, whatever the role.
    if role.allows(operation) && matches!(name, "appendUpload" | "endUpload" | "getUpload") {
        return (Answer::NotFound, Answer::NotFound);
    }
    if role.allows(operation) || lists_own {
        (Answer::Done, Answer::NotFound)
    } else if or_own && role.allows(Operation::Create) {
        (Answer::NotFound, Answer::NotFound)
    } else {
        (Answer::Forbidden, Answer::Forbidden)
    }
}

/// An article on the first commune's site in the state in which an operation of this name is possible.
async fn subject(node: &Node, name: &str) -> Entry {
    let now = at("2024-06-01T00:00:00Z");
    match name {
        "getEvidence" | "withdrawArticle" | "takeDownArticle" | "redirectArticle" | "archiveArticle" => {
            node.test.published(1, "Tin đã đăng", now).await
        }
        "releaseArticle" => {
            let input = ArticleInput { body: POISON.to_owned(), ..node.test.input(1, "Tin bị chèn") };
            node.test.draft_of(1, input, now).await
        }
        "screenArticle" | "returnArticle" | "approveArticle" => {
            let draft = node.test.draft(1, "Tin đã gửi", now).await;
            let direct = node.test.permit();
            let handed_in = ((draft.id, draft.version), Some(&direct));
            desk::submit(&node.test, &node.test.own_or(), handed_in, now).await.unwrap()
        }
        "addToBundle" => approved(node).await,
        "unscheduleArticle" => {
            let draft = node.test.draft(1, "Tin hẹn giờ", now).await;
            let later = Publication { at: Some(at("2100-01-01T00:00:00Z")), ..Publication::now(Major::Major) };
            let seen = (draft.id, draft.version);
            desk::publish(&node.test, &node.test.permit(), (seen, later), now).await.unwrap()
        }
        "internalArticles" | "internalArticle" | "listInternalArticles" | "getInternalArticle" => {
            let input = ArticleInput { audience: Some(Audience::Internal), ..node.test.input(1, "Tin nội bộ") };
            let draft = node.test.draft_of(1, input, now).await;
            node.test.publish(&draft, now).await
        }
        _ => node.test.draft(1, "Tin nháp", now).await,
    }
}

both_databases! {
    async fn the_role_table_decides_every_operation_and_only_on_own_sites(db: TestDb) {
        let node = Node::start(db).await;
        for role in Role::ALL {
            let (own, other) = (node.actor(*role, 1).await, node.actor(*role, 2).await);
            for (field, operation, text) in GUARDED {
                let entry = subject(&node, field).await;
                let (on_own, on_other) = expected(*role, (field, operation));
                assert_eq!(attempt(&node, Some(other), (field, text), &entry).await, on_other, "{role} {field} elsewhere");
                assert_eq!(attempt(&node, Some(own), (field, text), &entry).await, on_own, "{role} {field}");
            }
        }
    }

    async fn the_role_table_decides_every_operation_of_rest_as_well(db: TestDb) {
        let node = Node::start(db).await;
        for role in Role::ALL {
            let (own, other) = (node.actor(*role, 1).await, node.actor(*role, 2).await);
            for (name, operation, query) in GUARDED_REST {
                let entry = subject(&node, name).await;
                let (on_own, on_other) = expected(*role, (name, operation));
                let call = (name, query);
                assert_eq!(attempt_rest(&node, Some(other), call, &entry).await, on_other, "{role} {name} elsewhere");
                assert_eq!(attempt_rest(&node, Some(own), call, &entry).await, on_own, "{role} {name}");
            }
        }
    }

    async fn ones_own_account_needs_a_token_and_no_role(db: TestDb) {
        let node = Node::start(db).await;
        for (field, text) in OWN {
            assert_eq!(node.query(text, json!({})).await.error_code(), "UNAUTHENTICATED", "{field}");
            for role in Role::ALL {
                // Somebody of the command line: there is no account to change, and nothing is forbidden.
                let answer = node.query_as(node.actor(*role, 1).await, text, json!({})).await.json();
                let code = [&answer["errors"][0]["extensions"]["code"], &answer["data"][field]["errors"][0]["code"]];
                let refused = code.into_iter().find_map(Value::as_str);
                assert!(matches!(refused, None | Some("NOT_FOUND")), "{role} {field}: {answer:#}");
            }
        }
    }

    async fn without_a_token_nothing_guarded_is_done(db: TestDb) {
        let node = Node::start(db).await;
        for (name, _, query) in GUARDED_REST {
            let entry = subject(&node, name).await;
            assert_eq!(attempt_rest(&node, None, (name, query), &entry).await, Answer::Unauthenticated, "{name}");
        }
        for (field, _, text) in GUARDED {
            let entry = subject(&node, field).await;
            assert_eq!(attempt(&node, None, (field, text), &entry).await, Answer::Unauthenticated, "{field}");
            let nobody = ActorId::from_uuid(uuid::Uuid::from_u128(1));
            let reply = node.query_as(nobody, "{ __typename }", json!({})).await;
            assert_eq!(reply.status.as_u16(), 401);
        }
    }
}

#[test]
fn every_operation_of_the_schema_is_in_the_table() {
    let sdl = lienthong_api::sdl();
    let fields = |ty: &str| -> BTreeSet<String> {
        let start = sdl.find(&format!("type {ty} {{")).unwrap();
        let body = sdl[start..].split("\n}").next().unwrap();
        let names =
            body.lines().filter(|line| line.starts_with('\t') && !line.starts_with("\t\t") && !line.contains("\"\"\""));
        names
            .filter_map(|line| line.trim().split(['(', ':']).next().map(str::to_owned))
            .filter(|name| !name.is_empty() && name.chars().all(char::is_alphanumeric))
            .collect()
    };
    let own = OWN.iter().map(|(field, _)| *field);
    let guarded: BTreeSet<&str> = GUARDED.iter().map(|(field, ..)| *field).chain(own).collect();
    let known: BTreeSet<String> = guarded.iter().copied().chain(PUBLIC).map(str::to_owned).collect();
    let all: BTreeSet<String> = fields("Query").into_iter().chain(fields("Mutation")).collect();
    assert_eq!(all, known);
    assert!(fields("Mutation").iter().all(|field| guarded.contains(field.as_str())));
}

#[test]
fn every_guarded_operation_of_rest_is_in_the_table_and_every_write_is_guarded() {
    let operations = rest_operations();
    let guarded: BTreeSet<&str> = operations.iter().filter(|it| it.guarded).map(|it| it.name.as_str()).collect();
    let known: BTreeSet<&str> = GUARDED_REST.iter().map(|(name, ..)| *name).collect();
    assert_eq!(guarded, known);
    for RestOperation { name, method, guarded, .. } in &operations {
        let may_write = *guarded || WITHOUT_TOKEN.contains(&name.as_str());
        assert!(may_write || method == "get", "{name} writes and needs no token");
    }
}
