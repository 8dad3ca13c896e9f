//! Lead images: flat landscapes drawn as SVG, so that the demo shows pictures and ships no photograph of anybody.

use std::fmt::Write as _;

use crate::model::DemoCover;
use crate::voice::Voice;

/// What the paths of all images begin with.
pub const COVERS: &str = "/demo/covers/";

/// The image under `path` (`/demo/covers/bien-3.svg`), as SVG without script, link or text; `None` for other paths.
pub fn cover_svg(path: &str) -> Option<String> {
    let (motif, number) = path.strip_prefix(COVERS)?.strip_suffix(".svg")?.rsplit_once('-')?;
    let number = (1..=VARIANTS).find(|known| known.to_string() == number)?;
    let (_, colours) = MOTIFS.iter().find(|(name, _)| *name == motif)?;
    Some(landscape(*colours, number))
}

/// The paths of all images that covers refer to.
pub fn cover_paths() -> impl Iterator<Item = String> {
    MOTIFS.iter().flat_map(|(motif, _)| (1..=VARIANTS).map(move |number| path(motif, number)))
}

/// A cover for the article that `voice` tells, on about half of those that could have one.
pub(crate) fn cover(voice: &mut Voice) -> Option<DemoCover> {
    let motif = voice.theme.first("motif");
    let alt = voice.theme.all("photo").next()?;
    if motif.is_empty() || !voice.rng.chance(60) {
        return None;
    }
    let alt = voice.say(alt);
    let path = path(motif, voice.rng.between(1, VARIANTS));
    let caption = format!("{alt} (hình minh họa)");
    Some(DemoCover { path, alt, caption, credit: "Hình vẽ minh họa".to_owned(), width: WIDTH, height: HEIGHT })
}

const VARIANTS: u32 = 6;
const WIDTH: u32 = 1_200;
const HEIGHT: u32 = 675;

/// Motif and its colours: sky, far, near.
const MOTIFS: &[(&str, [&str; 3])] = &[
    ("dong-ruong", ["#cfe8f5", "#8fb56a", "#5f9a3c"]),
    ("bien", ["#d8eef7", "#4f9dc4", "#e6d3a3"]),
    ("hoi-truong", ["#f3e6d0", "#b5563e", "#7d3527"]),
    ("duong-lang", ["#dcebf2", "#9aa77c", "#8b8b86"]),
    ("truong-hoc", ["#e4eef8", "#d9a441", "#8a6d3b"]),
    ("tram-y-te", ["#e3f4f1", "#8cc7bb", "#4a8f86"]),
    ("van-hoa", ["#f7e7c6", "#a8663c", "#6b3e26"]),
    ("cay-xanh", ["#dff0e3", "#6fae7a", "#3d7a4c"]),
];

fn path(motif: &str, number: u32) -> String {
    format!("{COVERS}{motif}-{number}.svg")
}

/// Sky, sun, two ridges; `number` moves the sun and bends the ridges.
fn landscape([sky, far, near]: [&str; 3], number: u32) -> String {
    let (sun, lift) = (120 + number * 160, number * 22);
    let mut svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\">");
    let (high, low) = (300 + lift, 420 - lift);
    // Writing to a `String` cannot fail.
    let _ = write!(svg, "<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"{sky}\"/>");
    let _ = write!(svg, "<circle cx=\"{sun}\" cy=\"{}\" r=\"58\" fill=\"#f6c453\"/>", 110 + lift);
    let _ = write!(svg, "<path d=\"M0 {high} Q300 {low} 600 {high} T1200 {high} V675 H0Z\" fill=\"{far}\"/>");
    let _ =
        write!(svg, "<path d=\"M0 {} Q300 {} 600 520 T1200 500 V675 H0Z\" fill=\"{near}\"/>", 560 - lift, 430 + lift);
    svg + "</svg>"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_path_is_drawn_differently() {
        let images: std::collections::BTreeSet<_> = cover_paths().filter_map(|path| cover_svg(&path)).collect();
        assert_eq!(images.len(), MOTIFS.len() * VARIANTS as usize);
    }

    #[test]
    fn other_paths_are_refused() {
        for path in
            ["", "/demo/covers/bien-0.svg", "/demo/covers/bien-7.svg", "/demo/covers/bien-03.svg", "/bien-1.svg"]
        {
            assert_eq!(cover_svg(path), None, "{path}");
        }
    }
}
