//! A commune's site with an editor, made by the command line and written to over the wire.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use serde_json::{Value, json};

use crate::harness::{DEADLINE, Folder, Server};

/// The site that is there from the beginning.
pub(crate) const HOST: &str = "nghixuan.hatinh.gov.vn";

const UNITS: &str = "code,kind,name,full_name,name_en,province_code,predecessors
42,tỉnh,Hà Tĩnh,Tỉnh Hà Tĩnh,,,giữ nguyên
18352,xã,Nghi Xuân,Xã Nghi Xuân,,42,giữ nguyên
18364,xã,Cổ Đạm,Xã Cổ Đạm,,42,giữ nguyên
";

/// Quiet, and without a limit on the one address that all writers share.
const CONFIG: &str = "[log]\nfilter = \"warn\"\n[limits]\nrequests_per_second = 0\n";

const CREATE: &str = "mutation($site: String!, $input: ArticleInput!) {
    createArticle(site: $site, input: $input) { entry { id version } errors { code } } }";
const PUBLISH: &str = "mutation($id: ID!, $version: Int!) {
    publishArticle(id: $id, version: $version) { entry { id version } errors { code } } }";

/// A place with a site, and the tokens of those who work there.
pub(crate) struct Newsroom {
    pub(crate) folder: Folder,
    desk: Option<Desk>,
}

/// The tokens of somebody who writes and of somebody who publishes: nobody does both with one text.
#[derive(Clone)]
struct Desk {
    editor: String,
    chief: String,
}

/// An entry as the server acknowledged it.
#[derive(Debug, Clone)]
pub(crate) struct Acknowledged {
    pub(crate) id: String,
    pub(crate) version: i64,
}

/// Somebody who talks to one server.
pub(crate) struct Client {
    address: SocketAddr,
    desk: Option<Desk>,
}

impl Newsroom {
    pub(crate) fn open(folder: Folder) -> Self {
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("units.csv", UNITS);
        write("template.json", "{\"categories\": [{\"name\": \"Tin tức\"}]}");
        write("room.toml", CONFIG);
        folder.output(&["import", "units", "units.csv"]);
        let room = Self { folder, desk: None };
        room.provision("18352");
        let token = |actor: &str, role: &str| {
            room.folder.output(&["token", "grant", "--actor", actor, "--name", actor, "--role", role]);
            let signed = room.folder.json(&["token", "sign", "--actor", actor, "--json"]);
            signed["token"].as_str().unwrap().to_owned()
        };
        let desk = Desk { editor: token("minh", "editor"), chief: token("lan", "chief-editor") };
        Self { desk: Some(desk), ..room }
    }

    /// Gives a commune its site.
    pub(crate) fn provision(&self, unit: &str) {
        // Its articles are older than this test.
        let made = ["provision", "--unit", unit, "--template", "template.json", "--active-from", "2024-01-01"];
        self.folder.output(&made);
    }

    pub(crate) fn serve(&self) -> Server {
        self.folder.serve(&["--config", "room.toml"])
    }

    /// The desk at a server.
    pub(crate) fn editor(&self, server: &Server) -> Client {
        Client { address: server.address(), desk: self.desk.clone() }
    }

    /// The token of somebody who writes.
    pub(crate) fn editor_token(&self) -> &str {
        &self.desk.as_ref().unwrap().editor
    }

    /// The token of somebody who lets pass and publishes.
    pub(crate) fn chief_token(&self) -> &str {
        &self.desk.as_ref().unwrap().chief
    }

    /// Writes a file of articles as `import articles` reads it, and returns its name.
    pub(crate) fn articles(&self, name: &str, titles: impl Iterator<Item = String>) -> String {
        let line = |title: String| {
            let body = format!("<p>{title}</p>");
            let line = json!({
                "sourceId": title, "site": HOST, "category": "tin-tuc", "title": title, "summary": "", "body": body,
                "publishedAt": "2024-06-28T07:05:00Z",
            });
            format!("{line}\n")
        };
        std::fs::write(self.folder.path().join(name), titles.map(line).collect::<String>()).unwrap();
        name.to_owned()
    }
}

impl Client {
    /// Somebody of the public.
    pub(crate) fn reader(server: &Server) -> Self {
        Self { address: server.address(), desk: None }
    }

    /// A draft of this title.
    ///
    /// # Errors
    /// When no whole answer arrives.
    pub(crate) fn create(&self, title: &str) -> io::Result<Acknowledged> {
        self.create_with(title, &json!({}))
    }

    /// The same with more of its input.
    ///
    /// # Errors
    /// When no whole answer arrives.
    pub(crate) fn create_with(&self, title: &str, more: &Value) -> io::Result<Acknowledged> {
        let body = format!("<p>{title}</p>");
        let mut input = json!({ "category": format!("{HOST}/tin-tuc"), "title": title, "body": body });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let by = self.desk.as_ref().map(|desk| desk.editor.as_str());
        self.write(by, ("createArticle", CREATE), &json!({ "site": HOST, "input": input }))
    }

    /// # Errors
    /// When no whole answer arrives.
    pub(crate) fn publish(&self, draft: &Acknowledged) -> io::Result<Acknowledged> {
        let by = self.desk.as_ref().map(|desk| desk.chief.as_str());
        self.write(by, ("publishArticle", PUBLISH), &json!({ "id": draft.id, "version": draft.version }))
    }

    fn write(&self, by: Option<&str>, (mutation, query): (&str, &str), variables: &Value) -> io::Result<Acknowledged> {
        let data = self.ask(by, query, variables)?;
        let entry = &data[mutation]["entry"];
        assert!(entry.is_object(), "{mutation} is refused: {data}");
        Ok(Acknowledged { id: entry["id"].as_str().unwrap().to_owned(), version: entry["version"].as_i64().unwrap() })
    }

    /// The data of an answer without errors.
    ///
    /// # Errors
    /// When no whole answer arrives.
    pub(crate) fn graphql(&self, query: &str, variables: &Value) -> io::Result<Value> {
        self.ask(self.desk.as_ref().map(|desk| desk.chief.as_str()), query, variables)
    }

    fn ask(&self, by: Option<&str>, query: &str, variables: &Value) -> io::Result<Value> {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let answer: Value = serde_json::from_str(&self.post(by, &body)?).map_err(io::Error::other)?;
        assert_eq!(answer.get("errors"), None, "{answer}");
        Ok(answer["data"].clone())
    }

    fn post(&self, token: Option<&str>, body: &str) -> io::Result<String> {
        let address = &self.address;
        let mut stream = TcpStream::connect_timeout(address, DEADLINE)?;
        stream.set_read_timeout(Some(DEADLINE))?;
        let token = token.as_ref().map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
        write!(
            stream,
            "POST /graphql HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{token}\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (_, body) = answer.split_once("\r\n\r\n").ok_or(io::ErrorKind::UnexpectedEof)?;
        Ok(body.to_owned())
    }

    /// The title of the latest article of the site.
    pub(crate) fn latest(&self) -> Option<String> {
        let query = "query($site: String!) { articles(site: $site, first: 1) { nodes { title } } }";
        let data = self.graphql(query, &json!({ "site": HOST })).unwrap();
        data["articles"]["nodes"][0]["title"].as_str().map(str::to_owned)
    }
}
