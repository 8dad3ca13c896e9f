//! Frames in sanitised HTML: of the listed video hosts, or none.

use url::Url;

/// Where videos are played, as host and the beginning of the path. Each shows one video and nothing of the author's.
const PLAYERS: [(&str, &str); 7] = [
    ("www.youtube.com", "/embed/"),
    ("youtube.com", "/embed/"),
    ("www.youtube-nocookie.com", "/embed/"),
    ("player.vimeo.com", "/video/"),
    ("www.dailymotion.com", "/embed/"),
    ("geo.dailymotion.com", "/player"),
    ("www.facebook.com", "/plugins/video.php"),
];

/// Whether a frame may show this address.
pub(super) fn is_player(address: &str) -> bool {
    let address = if address.starts_with("//") { format!("https:{address}") } else { address.to_owned() };
    let Ok(url) = Url::parse(&address) else { return false };
    let plain =
        url.scheme() == "https" && url.port().is_none() && url.username().is_empty() && url.password().is_none();
    let plays = |(host, path): &(&str, &str)| url.host_str() == Some(*host) && url.path().starts_with(path);
    plain && PLAYERS.iter().any(plays)
}

/// Takes out frames without an address and whatever stands inside of one. The HTML must be serialised by the sanitiser:
/// values stand in double quotes, and each frame has its end tag.
pub(super) fn without_empty(html: String) -> String {
    if !html.contains("<iframe") {
        return html;
    }
    let mut kept = String::with_capacity(html.len());
    let mut rest = html.as_str();
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        kept.push_str(before);
        let (tag, after) = tag.split_at(tag_length(tag));
        rest = after;
        if !tag.starts_with("<iframe") {
            kept.push_str(tag);
            continue;
        }
        rest = after.split_once("</iframe>").map_or("", |(_, after)| after);
        if tag.contains(" src=\"") {
            kept.push_str(tag);
            kept.push_str("</iframe>");
        }
    }
    kept.push_str(rest);
    kept
}

/// Bytes to the end of the tag; a `>` between quotes does not end it.
fn tag_length(tag: &str) -> usize {
    let mut quoted = false;
    for (at, byte) in tag.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return at + 1,
            _ => {}
        }
    }
    tag.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_players_of_videos_may_be_framed() {
        let players = ["https://www.youtube.com/embed/x?rel=0", "//player.vimeo.com/video/1"];
        let others = [
            "http://www.youtube.com/embed/x",
            "https://www.youtube.com/redirect?q=//evil.example",
            "https://evil.example/embed/",
            "https://www.youtube.com@evil.example/embed/",
            "https://www.youtube.com:444/embed/x",
            "javascript:1",
            "",
            "/embed/",
            "https://www.youtube.com/embed/../redirect",
            "https://www.youtube.com.evil.example/embed/x",
        ];
        assert!(players.into_iter().all(is_player));
        for address in others {
            assert!(!is_player(address), "{address}");
        }
    }

    #[test]
    fn frames_without_address_go_with_what_is_in_them() {
        let html = "<p title=\"<iframe>\">a</p><iframe width=\"1\">b &lt;</iframe><iframe src=\"x\">c</iframe>d";
        assert_eq!(without_empty(html.to_owned()), "<p title=\"<iframe>\">a</p><iframe src=\"x\"></iframe>d");
    }
}
