//! What the name of an attached file says: what opens when somebody clicks on it, and what is sold in it.

use super::stream::Stream;
use super::{Hit, Length, evidence, link};

/// Endings that run, or that a browser shows as a page of the portal.
const EXECUTABLE: [&str; 59] = [
    "exe", "apk", "bat", "cmd", "com", "scr", "pif", "msi", "msix", "dll", "js", "jse", "mjs", "vbs", "vbe", "wsf",
    "wsh", "hta", "ps1", "psm1", "sh", "bash", "jar", "php", "php3", "php4", "php5", "php7", "phtml", "phar", "asp",
    "aspx", "ashx", "asmx", "jsp", "jspx", "cgi", "pl", "py", "rb", "lnk", "url", "reg", "cpl", "inf", "html", "htm",
    "xhtml", "shtml", "mhtml", "svg", "swf", "ipa", "xap", "appx", "dmg", "deb", "xpi", "htaccess",
];
/// Endings that lull: a name that shows one of them and ends otherwise.
const DOCUMENT: [&str; 16] = [
    "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "rtf", "txt", "jpg", "jpeg", "png", "gif", "mp4", "zip",
];

/// What is wrong with the name of a file, if anything.
pub(super) fn examine(name: &str) -> Vec<Hit> {
    let decoded = link::percent_decoded(name);
    let parts: Vec<String> = decoded
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .split(['.', ';', '\0', ':'])
        .map(|part| String::from_utf8_lossy(&Stream::of(part).letters).into_owned())
        .filter(|part| !part.is_empty())
        .collect();
    let mut hits = Vec::new();
    let endings = parts.get(1..).unwrap_or_default();
    let runs = |ending: &String| EXECUTABLE.contains(&ending.as_str());
    if endings.last().is_some_and(runs) || decoded.trim_start().starts_with('.') {
        hits.push(Hit::of("attachment.executable", name));
    }
    let shown = |ending: &String| DOCUMENT.contains(&ending.as_str());
    let masked = endings.iter().any(runs) && (endings.len() >= 2 || endings.iter().any(shown));
    if masked || deceives(&decoded) {
        hits.push(Hit::of("attachment.deceptive", name));
    }
    hits.extend(evidence::judge(&decoded, Length::Short));
    hits
}

/// Characters that turn the direction of writing, end the name early or are markup, and steps out of the folder.
fn deceives(name: &str) -> bool {
    name.contains(['\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}', '\0', '<', '>'])
        || name.contains("../")
        || name.contains("..\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_run_or_deceive_are_known() {
        for name in [
            "bao-cao.pdf.exe",
            "go88.apk",
            "\"><img src=x onerror=alert(1)>.png",
            "shell.php",
            "anh.php.jpg",
            "anh.jpg.php",
            "a.asp;.jpg",
            "x\u{202e}fdp.exe",
            "a.pdf .js",
            "../../etc/cron",
            "a.php%00.jpg",
            "trang.html",
            "logo.svg",
            "ｓetup.ＥＸＥ",
            "huong-dan-choi-tai-xiu.pdf",
            ".htaccess",
        ] {
            assert!(!examine(name).is_empty(), "{name}");
        }
    }

    #[test]
    fn names_of_documents_pass() {
        for name in [
            "QĐ-26-UBND.pdf",
            "Kế hoạch phòng chống cờ bạc 2026.docx",
            "bieu mau.doc.pdf",
            "danh_sach.xlsx",
            "z2316318709541.jpg",
            "13.2023.NĐ-CP.pdf",
            "Bao cao 6.2026 (ban cuoi).docx",
            "lich.tiep.dan.thang.7.zip",
        ] {
            assert!(examine(name).is_empty(), "{name}: {:?}", examine(name));
        }
    }
}
