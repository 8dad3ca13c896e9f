//! What of the schema needs a permit.

use lienthong_domain::access::Operation;

/// Every field of the schema that needs a permit, and the cell of the role table it stands for.
pub(crate) const GUARDED: [(&str, Operation, &str); 73] = [
    (
        "createArticle",
        Operation::Create,
        "mutation($site: String!, $input: ArticleInput!) {
        createArticle(site: $site, input: $input) { entry { id } errors { code } } }",
    ),
    (
        "editArticle",
        Operation::Edit,
        "mutation($id: ID!, $version: Int!, $input: ArticleInput!) {
        editArticle(id: $id, version: $version, input: $input) { entry { id } errors { code } } }",
    ),
    (
        "publishArticle",
        Operation::Publish,
        "mutation($id: ID!, $version: Int!) {
        publishArticle(id: $id, version: $version) { entry { id } errors { code } } }",
    ),
    (
        "withdrawArticle",
        Operation::Withdraw,
        "mutation($id: ID!, $version: Int!) {
        withdrawArticle(id: $id, version: $version) { entry { id } errors { code } } }",
    ),
    (
        "articleReport",
        Operation::ReadReport,
        "query($unit: String!) {
        articleReport(unit: $unit, from: \"2024-01-01\", to: \"2024-07-07\") { sum } }",
    ),
    ("unmappedCategories", Operation::ReadReport, "query($unit: String!) { unmappedCategories(unit: $unit) { sum } }"),
    ("siteReadiness", Operation::ReadReport, "query($unit: String!) { siteReadiness(unit: $unit) { incomplete } }"),
    (
        "recordSiteDecision",
        Operation::RecordDecision,
        "mutation($site: String!) { recordSiteDecision(site: $site, requirement: BOARD,
        decision: { number: \"12/QĐ-UBND\", signedOn: \"2024-01-15\" }) { errors { code } } }",
    ),
    (
        "recordEditorialBoard",
        Operation::RecordDecision,
        "mutation($site: String!) { recordEditorialBoard(site: $site,
        decision: { number: \"12/QĐ-UBND\", signedOn: \"2024-01-15\" },
        members: [{ name: \"A\", position: \"Trưởng ban\", isAccountable: true }]) { errors { code } } }",
    ),
    (
        "recordSeries",
        Operation::ManageSeries,
        "mutation($site: String!) {
        recordSeries(site: $site, slug: \"nong-thon-moi\", title: \"Nông thôn mới\") { errors { code } } }",
    ),
    (
        "submitArticle",
        Operation::Edit,
        "mutation($id: ID!, $version: Int!) {
        submitArticle(id: $id, version: $version) { entry { id } errors { code } } }",
    ),
    (
        "screenArticle",
        Operation::Screen,
        "mutation($id: ID!, $version: Int!) {
        screenArticle(id: $id, version: $version) { entry { id } errors { code } } }",
    ),
    (
        "returnArticle",
        Operation::Return,
        "mutation($id: ID!, $version: Int!) {
        returnArticle(id: $id, version: $version, reason: \"Thiếu ảnh\") { entry { id } errors { code } } }",
    ),
    (
        "approveArticle",
        Operation::Approve,
        "mutation($id: ID!, $version: Int!) {
        approveArticle(id: $id, version: $version) { entry { id } errors { code } } }",
    ),
    (
        "unscheduleArticle",
        Operation::Publish,
        "mutation($id: ID!, $version: Int!) {
        unscheduleArticle(id: $id, version: $version) { entry { id } errors { code } } }",
    ),
    (
        "takeDownArticle",
        Operation::TakeDown,
        "mutation($id: ID!, $version: Int!) {
        takeDownArticle(id: $id, version: $version, reason: \"Sai\", decidedBy: \"UBND\") { entry { id } errors { code } } }",
    ),
    (
        "redirectArticle",
        Operation::Withdraw,
        "mutation($id: ID!, $version: Int!) {
        redirectArticle(id: $id, version: $version, to: \"https://hatinh.example/\") { entry { id } errors { code } } }",
    ),
    (
        "archiveArticle",
        Operation::Withdraw,
        "mutation($id: ID!, $version: Int!) {
        archiveArticle(id: $id, version: $version) { entry { id } errors { code } } }",
    ),
    (
        "discardArticle",
        Operation::Discard,
        "mutation($id: ID!, $version: Int!) {
        discardArticle(id: $id, version: $version) { entry { id } errors { code } } }",
    ),
    (
        "commentOnArticle",
        Operation::Comment,
        "mutation($id: ID!) { commentOnArticle(id: $id, text: \"Đã xem\") { errors { code } } }",
    ),
    (
        "recordFourEyesException",
        Operation::RecordException,
        "mutation($site: String!) { recordFourEyesException(site: $site, reason: \"Ít người\") { errors { code } } }",
    ),
    (
        "endFourEyesException",
        Operation::RecordException,
        "mutation($site: String!) { endFourEyesException(site: $site) { errors { code } } }",
    ),
    (
        "restoreEdition",
        Operation::Edit,
        "mutation($id: ID!, $version: Int!) {
        restoreEdition(id: $id, version: $version, number: 1) { entry { id } errors { code } } }",
    ),
    (
        "sharePreview",
        Operation::SharePreview,
        "mutation($id: ID!) { sharePreview(id: $id) { preview { expiresAt } errors { code } } }",
    ),
    (
        "revokePreviews",
        Operation::SharePreview,
        "mutation($id: ID!) { revokePreviews(id: $id) { revoked errors { code } } }",
    ),
    ("desk", Operation::ReadDraft, "query($site: String!) { desk(site: $site) { nodes { title } } }"),
    ("auditTrail", Operation::ReadAudit, "query($site: String!) { auditTrail(site: $site) { operation } }"),
    ("fourEyesExceptions", Operation::ReadReport, "query($unit: String!) { fourEyesExceptions(unit: $unit) { reason } }"),
    (
        "internalArticles",
        Operation::ReadInternal,
        "query($unit: String!) { internalArticles(unit: $unit) { nodes { title } } }",
    ),
    ("internalArticle", Operation::ReadInternal, "query($id: ID!) { internalArticle(id: $id) { title } }"),
    ("entry", Operation::ReadDraft, "query($id: ID!) { entry(id: $id) { id } }"),
    (
        "resetSecondFactor",
        Operation::ManagePeople,
        "mutation($protected: ID!) {
        resetSecondFactor(account: $protected) { errors { code } } }",
    ),
    (
        "inviteAccount",
        Operation::ManagePeople,
        "mutation($name: String!, $site: String!) {
        inviteAccount(input: { name: $name, displayName: \"Thu Hà\", roles: [{ role: CONTRIBUTOR, site: $site }] }) { errors { code } } }",
    ),
    (
        "issuePasswordLink",
        Operation::ManagePeople,
        "mutation($account: ID!) {
        issuePasswordLink(account: $account) { errors { code } } }",
    ),
    (
        "revokePasswordLink",
        Operation::ManagePeople,
        "mutation($account: ID!) {
        revokePasswordLink(account: $account) { errors { code } } }",
    ),
    (
        "disableAccount",
        Operation::ManagePeople,
        "mutation($account: ID!) {
        disableAccount(account: $account, reason: \"Chuyển công tác\") { errors { code } } }",
    ),
    (
        "enableAccount",
        Operation::ManagePeople,
        "mutation($account: ID!) {
        enableAccount(account: $account) { errors { code } } }",
    ),
    (
        "recordTraining",
        Operation::ManagePeople,
        "mutation($account: ID!) {
        recordTraining(account: $account, on: \"2024-05-01\") { errors { code } } }",
    ),
    (
        "grantRole",
        Operation::ManagePeople,
        "mutation($account: ID!, $site: String!) {
        grantRole(account: $account, role: { role: EDITOR, site: $site }) { errors { code } } }",
    ),
    (
        "revokeRole",
        Operation::ManagePeople,
        "mutation($account: ID!, $site: String!) {
        revokeRole(account: $account, role: { role: CONTRIBUTOR, site: $site }) { errors { code } } }",
    ),
    (
        "linkIdentity",
        Operation::ManagePeople,
        "mutation($account: ID!, $name: String!) {
        linkIdentity(account: $account, issuer: \"https://sso.hatinh.example\", subject: $name) { errors { code } } }",
    ),
    (
        "unlinkIdentity",
        Operation::ManagePeople,
        "mutation($linked: ID!) {
        unlinkIdentity(account: $linked, issuer: \"https://sso.hatinh.example\") { errors { code } } }",
    ),
    ("accounts", Operation::ManagePeople, "query($site: String!) { accounts(site: $site) { handle } }"),
    ("dormantAccounts", Operation::ReadReport, "query($unit: String!) { dormantAccounts(unit: $unit) { handle } }"),
    ("media", Operation::ReadDraft, "query($media: ID!) { media(id: $media) { id } }"),
    ("mediaLibrary", Operation::ReadDraft, "query($site: String!) { mediaLibrary(site: $site) { nodes { id } } }"),
    (
        "describeMedia",
        Operation::Edit,
        "mutation($media: ID!) { describeMedia(id: $media, version: 1, input: { alt: \"Trụ sở\" }) { errors { code } } }",
    ),
    (
        "deleteMedia",
        Operation::Edit,
        "mutation($media: ID!) { deleteMedia(id: $media, version: 1) { errors { code } } }",
    ),
    (
        "quarantine",
        Operation::Quarantine,
        "mutation($id: ID!) { quarantine(article: $id, reason: \"Bị chèn quảng cáo\") { errors { code } } }",
    ),
    (
        "releaseQuarantine",
        Operation::ReleaseHold,
        "mutation($quarantine: ID!) { releaseQuarantine(id: $quarantine, reason: \"Đã xem\") { errors { code } } }",
    ),
    (
        "releaseArticle",
        Operation::ReleaseHold,
        "mutation($id: ID!, $version: Int!) {
        releaseArticle(id: $id, version: $version, reason: \"Đã xem\") { errors { code } } }",
    ),
    ("holds", Operation::ReadAudit, "query($site: String!) { holds(site: $site) { slug } }"),
    ("quarantines", Operation::ReadAudit, "query($site: String!) { quarantines(site: $site) { reason } }"),
    ("royaltyRates", Operation::ReadRoyalties, "query($site: String!) { royaltyRates(site: $site) { unitValue } }"),
    (
        "royaltyStatement",
        Operation::ReadRoyalties,
        "query($site: String!) {
        royaltyStatement(site: $site, from: \"2024-01-01\", to: \"2024-07-07\") { sum } }",
    ),
    ("royalties", Operation::ReadRoyalties, "query($priced: ID!) { royalties(article: $priced) { version } }"),
    (
        "recordRoyaltyRates",
        Operation::SetRoyaltyRates,
        "mutation($site: String!, $day: Date!) { recordRoyaltyRates(site: $site, input: { legalBasis: \"NĐ 18/2014/NĐ-CP\",
        unitValue: 234000, validFrom: $day, validTo: $day, classes: [{ key: \"tin\", name: \"Tin\", highest: 10 }] })
        { errors { code } } }",
    ),
    (
        "recordRoyalties",
        Operation::RecordRoyalties,
        "mutation($priced: ID!) { recordRoyalties(article: $priced, royaltiesVersion: 1, lines: []) { errors { code } } }",
    ),
    ("signingKeys", Operation::ManageKeys, "query($site: String!) { signingKeys(site: $site) { name } }"),
    (
        "rotateSigningKey",
        Operation::ManageKeys,
        "mutation($site: String!) { rotateSigningKey(site: $site) { errors { code } } }",
    ),
    (
        "revokeSigningKey",
        Operation::ManageKeys,
        "mutation($key: String!) { revokeSigningKey(name: $key, reason: \"Máy chủ bị xâm nhập\") { errors { code } } }",
    ),
    ("siteScans", Operation::ReadReport, "query($unit: String!) { siteScans(unit: $unit) { held } }"),
    (
        "autosave",
        Operation::Edit,
        "mutation($id: ID!, $version: Int!) {
        autosave(id: $id, version: $version, input: { body: \"<p>Đang viết\" }) { errors { code } } }",
    ),
    ("discardAutosave", Operation::Edit, "mutation($id: ID!) { discardAutosave(id: $id) { errors { code } } }"),
    (
        "createBundle",
        Operation::Publish,
        "mutation($site: String!) { createBundle(site: $site, name: \"Bầu cử\") { errors { code } } }",
    ),
    (
        "addToBundle",
        Operation::Publish,
        "mutation($bundle: ID!, $bundleVersion: Int!, $id: ID!, $version: Int!) {
        addToBundle(id: $bundle, version: $bundleVersion, article: $id, articleVersion: $version) { errors { code } } }",
    ),
    (
        "removeFromBundle",
        Operation::Publish,
        "mutation($bundle: ID!, $bundleVersion: Int!, $bundled: ID!) {
        removeFromBundle(id: $bundle, version: $bundleVersion, article: $bundled) { errors { code } } }",
    ),
    (
        "publishBundle",
        Operation::Publish,
        "mutation($bundle: ID!, $bundleVersion: Int!) {
        publishBundle(id: $bundle, version: $bundleVersion) { errors { code } } }",
    ),
    (
        "scheduleBundle",
        Operation::Publish,
        "mutation($bundle: ID!, $bundleVersion: Int!) {
        scheduleBundle(id: $bundle, version: $bundleVersion, at: \"2100-01-01T00:00:00Z\") { errors { code } } }",
    ),
    (
        "unscheduleBundle",
        Operation::Publish,
        "mutation($bundle: ID!, $bundleVersion: Int!) {
        unscheduleBundle(id: $bundle, version: $bundleVersion) { errors { code } } }",
    ),
    (
        "deleteBundle",
        Operation::Publish,
        "mutation($bundle: ID!, $bundleVersion: Int!) {
        deleteBundle(id: $bundle, version: $bundleVersion) { errors { code } } }",
    ),
    ("bundle", Operation::ReadDraft, "query($bundle: ID!) { bundle(id: $bundle) { name } }"),
    ("bundles", Operation::ReadDraft, "query($site: String!) { bundles(site: $site) { name } }"),
];
