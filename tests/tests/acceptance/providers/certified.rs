//! The certified provider of `tests/oidc-provider`, and the browser that passes its pages.

use std::collections::HashMap;
use std::process::Stdio;
use std::time::Duration;

use http::{HeaderMap, Request, Response};
use lienthong_outbound::{Allowed, Client};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use url::Url;

use super::visitor::{CALLBACK, CLIENT_SECRET};

/// A provider that runs until this is dropped.
pub(crate) struct Certified {
    pub(crate) issuer: String,
    _process: Child,
    /// It ends when nobody is there to read what it says.
    _says: Lines<BufReader<ChildStdout>>,
}

impl Certified {
    pub(crate) async fn start() -> Self {
        let program = concat!(env!("CARGO_MANIFEST_DIR"), "/oidc-provider/provider.mjs");
        let mut process = Command::new("node")
            .args([program, CALLBACK, CLIENT_SECRET])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("node does not run, which `cargo xtask test` installs: {error}"));
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let first = tokio::time::timeout(Duration::from_mins(1), lines.next_line()).await;
        let first = first.unwrap_or_else(|_| panic!("the provider does not start within a minute")).unwrap();
        let missing =
            "the provider does not start; `npm ci` in tests/oidc-provider, or `cargo xtask test`, installs it";
        let issuer = first.unwrap_or_else(|| panic!("{missing}"));
        Self { issuer, _process: process, _says: lines }
    }

    /// Signs somebody in as a browser does: types a name on the first page, agrees on the second. Where the provider then
    /// sends the browser.
    pub(crate) async fn sign_in(&self, start: Url, name: &str) -> Url {
        let pages = [format!("prompt=login&login={name}&password=x"), "prompt=consent".to_owned()];
        Browser::new().pass(start, &self.issuer, &pages).await
    }

    /// Changes one's mind on the first page.
    pub(crate) async fn cancel(&self, start: Url) -> Url {
        let mut browser = Browser::new();
        let page = browser.redirected(start, &self.issuer).await.unwrap_or_else(|away| panic!("{away}"));
        let abort = Url::parse(&format!("{page}/abort")).unwrap();
        browser.redirected(abort, &self.issuer).await.unwrap_err()
    }
}

/// Keeps cookies and follows redirects, as far as the provider's own pages.
struct Browser {
    http: Client,
    cookies: HashMap<String, String>,
}

impl Browser {
    fn new() -> Self {
        let here = Allowed::new(vec!["127.0.0.0/8".parse().unwrap()]);
        Self { http: Client::new(here, None).unwrap(), cookies: HashMap::new() }
    }

    /// Sends one form after the other, until the provider sends the browser elsewhere.
    async fn pass(&mut self, start: Url, issuer: &str, forms: &[String]) -> Url {
        let mut at = start;
        for form in forms {
            let page = match self.redirected(at, issuer).await {
                Ok(page) => page,
                Err(away) => return away,
            };
            let answer = self.ask(&page, Some(form)).await;
            at = location(&page, answer.headers());
        }
        self.redirected(at, issuer).await.unwrap_err()
    }

    /// The page on which the redirects end, or, as an error, the first address that is not the provider's.
    async fn redirected(&mut self, mut at: Url, issuer: &str) -> Result<Url, Url> {
        for _ in 0..10 {
            if !at.as_str().starts_with(issuer) {
                return Err(at);
            }
            let answer = self.ask(&at, None).await;
            if answer.status() == 200 {
                return Ok(at);
            }
            at = location(&at, answer.headers());
        }
        panic!("the provider leads in a circle at {at}");
    }

    async fn ask(&mut self, at: &Url, form: Option<&str>) -> Response<Vec<u8>> {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::builder().uri(at.as_str()).header("cookie", cookies.join("; "));
        if form.is_some() {
            request = request.method("POST").header("content-type", "application/x-www-form-urlencoded");
        }
        let body = form.unwrap_or_default().as_bytes().to_vec();
        let answer = self.http.send(request.body(body).unwrap()).await.unwrap();
        for set in answer.headers().get_all("set-cookie") {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            match value {
                "" => self.cookies.remove(name),
                value => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        answer
    }
}

fn location(from: &Url, headers: &HeaderMap) -> Url {
    let location = headers.get("location").unwrap_or_else(|| panic!("{from} does not lead on"));
    from.join(location.to_str().unwrap()).unwrap()
}
