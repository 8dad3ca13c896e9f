use super::*;

fn input() -> ArticleInput {
    ArticleInput {
        kind: ArticleKind::News,
        audience: None,
        category: CategoryId::new(Timestamp::default()),
        topic: None,
        series: None,
        title: "  Lịch tiếp\ncông dân ".to_owned(),
        summary: "Tóm tắt".to_owned(),
        body: "<p>Nội dung</p>".to_owned(),
        language: None,
        tags: vec!["Chuyển đổi số".to_owned(), "chuyen  doi so".to_owned(), " ".to_owned()],
        author: Some(" ".to_owned()),
        source: None,
        cover: None,
        attachments: vec![],
    }
}

#[test]
fn text_is_brought_to_one_stored_form() {
    let (article, removed) = Article::check(input()).unwrap();
    assert_eq!(article.title, "Lịch tiếp công dân");
    assert_eq!(article.tags, ["Chuyển đổi số"]);
    assert_eq!(article.author, None);
    assert_eq!(article.language.as_str(), "vi");
    assert_eq!(removed, []);
}

#[test]
fn decomposed_text_is_stored_composed() {
    let decomposed = ArticleInput { title: "Ti\u{1ebf}p c\u{f4}ng d\u{e2}n".chars().collect(), ..input() };
    let title = "Tie\u{302}\u{301}p co\u{302}ng da\u{302}n".to_owned();
    let (composed, _) = Article::check(decomposed).unwrap();
    let (from_decomposed, _) = Article::check(ArticleInput { title, ..input() }).unwrap();
    assert_eq!(composed.title, from_decomposed.title);
}

#[test]
fn an_original_address_is_absolute_and_of_the_web() {
    let stored = Article::check_original_url(" http://XuanHai.example/tin?id=7 ").unwrap();
    assert_eq!(stored, "http://xuanhai.example/tin?id=7");
    for wrong in ["/tin?id=7", "ftp://xuanhai.example/7", ""] {
        let error = Article::check_original_url(wrong).unwrap_err();
        assert_eq!(error.to_string(), "originalUrl: must be an absolute http or https address");
    }
}

#[test]
fn every_broken_rule_is_reported_with_its_field() {
    let broken = ArticleInput {
        title: " \n ".to_owned(),
        summary: "x".repeat(MAX_SUMMARY + 1),
        language: Some("tiếng Việt".to_owned()),
        source: Some(Source {
            name: String::new(),
            url: Some("vtv.vn/...".to_owned()),
            author: None,
            published_at: None,
            verbatim: true,
        }),
        cover: Some(Cover {
            media: None,
            url: "javascript:alert(1)".to_owned(),
            alt: " ".to_owned(),
            caption: None,
            credit: None,
            width: None,
            height: None,
        }),
        ..input()
    };
    let messages: Vec<String> = Article::check(broken).unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(
        messages,
        [
            "title: must not be blank",
            "summary: must not exceed 2000",
            "language: must be a language tag such as vi or en",
            "source.name: must not be blank",
            "source.url: must be an absolute http or https address",
            "cover.url: must be an absolute http or https address",
            "cover.alt: must not be blank",
        ]
    );
}
