//! What a style does to the text below it: whether a reader can still see it.

use std::collections::HashMap;

/// A colour as red, green, blue.
pub(super) type Colour = [u8; 3];
const WHITE: Colour = [255; 3];

/// How an element and what is in it appear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Look {
    /// Not drawn, whatever its children say.
    gone: bool,
    /// `visibility: hidden`, which a child may undo.
    invisible: bool,
    /// A font too small to read, which a child may undo.
    tiny: bool,
    colour: Option<Colour>,
    background: Background,
}

/// What is behind the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Background {
    /// The page, which is white.
    #[default]
    Page,
    Plain(Colour),
    /// Not known here, such as an image or what a class says.
    Painted,
}

impl Look {
    /// Whether a reader cannot see it.
    pub(super) fn is_hidden(self) -> bool {
        let behind = match self.background {
            Background::Page => Some(WHITE),
            Background::Plain(colour) => Some(colour),
            Background::Painted => None,
        };
        let same = self.colour.zip(behind).is_some_and(|(text, behind)| is_near(text, behind));
        self.gone || self.invisible || self.tiny || same
    }

    /// An element that says nothing about its style but may have a background by its class.
    pub(super) fn paint(&mut self) {
        self.background = Background::Painted;
    }

    /// Not drawn: the attribute `hidden`.
    pub(super) fn vanish(&mut self) {
        self.gone = true;
    }

    /// Colour of the text by attribute.
    pub(super) fn colour(&mut self, value: &str) {
        self.colour = colour(value).or(self.colour);
    }

    /// Colour behind the text by attribute.
    pub(super) fn background(&mut self, value: &str) {
        self.background = colour(value).map_or(Background::Painted, Background::Plain);
    }

    /// Applies declarations such as `display:none; color:#fff`.
    pub(super) fn apply(&mut self, style: &str) {
        let style = plain_css(style);
        let mut all: HashMap<&str, &str> = HashMap::new();
        for (name, value) in style.split(';').filter_map(|one| one.split_once(':')) {
            all.insert(name.trim(), value.trim().trim_end_matches("!important").trim());
        }
        self.font_and_colour(&all);
        self.gone |= is_gone(&all);
    }

    fn font_and_colour(&mut self, all: &HashMap<&str, &str>) {
        match all.get("visibility") {
            Some(&"visible") => self.invisible = false,
            Some(&("hidden" | "collapse")) => self.invisible = true,
            _ => {}
        }
        let size = all.get("font-size").copied().or_else(|| all.get("font").copied());
        if let Some(size) = size.and_then(|size| size.split_whitespace().find(|part| part.starts_with(is_number))) {
            self.tiny = is_tiny(size);
        }
        if let Some(value) = all.get("color") {
            if is_transparent(value) {
                self.gone = true;
            }
            self.colour(value);
        }
        if let Some(value) = all.get("background-color").or_else(|| all.get("background")) {
            self.background(value);
        }
        if all.contains_key("background-image") {
            self.background = Background::Painted;
        }
    }
}

fn is_number(c: char) -> bool {
    c.is_ascii_digit() || c == '.'
}

/// Lower case, without comments, escapes decoded: `\64isplay/**/:none`.
fn plain_css(style: &str) -> String {
    let mut plain = String::with_capacity(style.len());
    let mut rest = style;
    while let Some((before, comment)) = rest.split_once("/*") {
        plain.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    if plain.contains('\\') { unescaped(&plain) } else { plain }.to_lowercase()
}

fn unescaped(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut parts = css.split('\\');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let end = part.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
        let code = part.get(..end).and_then(|hex| u32::from_str_radix(hex, 16).ok());
        out.extend(code.and_then(char::from_u32));
        let rest = part.get(end..).unwrap_or_default();
        out.push_str(if end > 0 { rest.strip_prefix(' ').unwrap_or(rest) } else { rest });
    }
    out
}

fn is_gone(all: &HashMap<&str, &str>) -> bool {
    let is = |name: &str, value: &str| all.get(name) == Some(&value);
    let length = |name: &str| all.get(name).and_then(|value| pixels(value));
    let far = |name: &str| length(name).is_some_and(|at| at <= -200.0);
    let nothing = |name: &str| length(name).is_some_and(|size| size.abs() <= 1.0);
    let clipped = is("overflow", "hidden") || all.get("overflow").is_some_and(|value| value.starts_with("hidden"));
    // A box of height 0 with a padding is how a video keeps its proportions.
    let framed = all.contains_key("padding-bottom") || all.contains_key("padding-top");
    let placed = is("position", "absolute") || is("position", "fixed") || is("position", "relative");
    let flat = nothing("height") || nothing("max-height") || nothing("width") || nothing("max-width");
    let moved = |value: &&str| value.contains("scale(0") || (value.contains("translate") && value.contains("-9"));
    is("display", "none")
        || is("mso-hide", "all")
        || is("content-visibility", "hidden")
        || length("opacity").is_some_and(|value| value <= 0.05)
        || all
            .get("filter")
            .is_some_and(|value| value.replace(' ', "").contains("opacity(0)") || value.contains("opacity=0"))
        || (placed && ["left", "top", "right", "bottom"].into_iter().any(far))
        || ["text-indent", "margin-left", "margin-top", "margin-right"].into_iter().any(far)
        || (flat && (clipped || placed) && !framed)
        || nothing("line-height") && clipped
        || all.get("clip").is_some_and(|value| value.starts_with("rect(0") || value.starts_with("rect(1px"))
        || all.get("clip-path").is_some_and(|value| {
            value.contains("inset(100") || value.contains("inset(50%") || value.contains("circle(0")
        })
        || all.get("transform").is_some_and(moved)
        || far("z-index")
}

/// A length in pixels; `em`, `vw` and percents are taken as about that.
fn pixels(value: &str) -> Option<f64> {
    let end = value.find(|c: char| !is_number(c) && c != '-' && c != '+').unwrap_or(value.len());
    let (number, unit) = value.split_at(end);
    let number: f64 = number.parse().ok()?;
    Some(match unit.trim() {
        "em" | "rem" | "pc" => number * 16.0,
        "vw" | "vh" | "%" if number <= -100.0 => number * 10.0,
        _ => number,
    })
}

fn is_tiny(size: &str) -> bool {
    let relative = size.ends_with('%');
    pixels(size).is_some_and(|size| size <= if relative { 10.0 } else { 2.0 })
}

fn is_transparent(value: &str) -> bool {
    let alpha = value.rsplit([',', '/']).next().unwrap_or_default().trim_end_matches(')').trim();
    let clear = alpha.trim_end_matches('%').parse::<f64>().is_ok_and(|alpha| alpha <= 0.05);
    value == "transparent" || ((value.starts_with("rgba") || value.starts_with("hsla")) && clear)
}

/// A colour by name (those that hide), by hexadecimal or by numbers.
fn colour(value: &str) -> Option<Colour> {
    let value = value.trim().to_ascii_lowercase();
    if let Some(hex) = value.strip_prefix('#') {
        return hexadecimal(hex);
    }
    if let Some(numbers) = value.strip_prefix("rgb").and_then(|rest| rest.split_once('(')) {
        let mut parts = numbers.1.split([',', ' ', ')', '/']).filter(|part| !part.is_empty());
        let mut next = || parts.next().and_then(|part| part.trim().parse::<u8>().ok());
        return Some([next()?, next()?, next()?]);
    }
    Some(match value.split_whitespace().next()? {
        "white" | "snow" | "ivory" | "ghostwhite" | "floralwhite" => WHITE,
        "whitesmoke" => [245; 3],
        "black" => [0; 3],
        "red" => [255, 0, 0],
        "blue" => [0, 0, 255],
        "green" => [0, 128, 0],
        "yellow" => [255, 255, 0],
        "gray" | "grey" => [128; 3],
        "navy" => [0, 0, 128],
        "orange" => [255, 165, 0],
        _ => return None,
    })
}

fn hexadecimal(hex: &str) -> Option<Colour> {
    let part = |at: usize, length: usize| {
        let digits = hex.get(at * length..(at + 1) * length)?;
        let value = u8::from_str_radix(digits, 16).ok()?;
        Some(if length == 1 { value * 17 } else { value })
    };
    let length = if hex.len() == 3 || hex.len() == 4 { 1 } else { 2 };
    Some([part(0, length)?, part(1, length)?, part(2, length)?])
}

fn is_near(left: Colour, right: Colour) -> bool {
    left.iter().zip(right).all(|(left, right)| left.abs_diff(right) <= 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hides(style: &str) -> bool {
        let mut look = Look::default();
        look.apply(style);
        look.is_hidden()
    }

    #[test]
    fn styles_that_hide_are_known() {
        for style in [
            "display:none",
            "DISPLAY : none !important",
            "d\\69splay:none",
            "display/**/:none",
            "visibility:hidden",
            "font-size:0",
            "font-size: 1px",
            "font-size:0.1em",
            "color:#fff",
            "color: white",
            "color:rgb(255, 255, 254)",
            "color:#c00;background:#cc0000",
            "opacity:0",
            "position:absolute;left:-9999px",
            "text-indent:-999em",
            "height:0;overflow:hidden",
            "width:1px;height:1px;overflow:hidden",
            "color:transparent",
            "color:rgba(0,0,0,0)",
            "clip-path:inset(100%)",
            "transform:scale(0)",
            "mso-hide:all",
            "position:fixed;top:-500vh",
            "font:0/0 a",
        ] {
            assert!(hides(style), "{style}");
        }
    }

    #[test]
    fn ordinary_styles_do_not_hide() {
        for style in [
            "",
            "color:#333",
            "color:white;background:#c00",
            "background-color:#0a4;color:#fff",
            "font-size:13px",
            "font-size:80%",
            "text-align:justify;line-height:1.5",
            "margin-left:-10px",
            "height:0",
            "opacity:.9",
            "font-family:'Times New Roman';color:rgb(0, 0, 0)",
            "text-indent:-18pt",
            "color:#fff;background:url(a.png)",
            "font-size:14.0pt;mso-bidi-font-size:12.0pt",
            "width:100%;max-width:640px",
            "transform:rotate(-9deg)",
        ] {
            assert!(!hides(style), "{style}");
        }
    }
}
