//! Images that were made to harm, and what is left of them.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::fs::File;
use std::io::{Cursor, Write as _};

use image::{DynamicImage, GenericImageView as _, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

use lienthong_domain::media::{Coding, MediaType, Rendition};
use lienthong_media::{Picture, PixelLimits, Refusal, clean, recognise, rendition};

const LIMITS: PixelLimits = PixelLimits { pixels: 40_000_000, side: 16_384 };

fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn taken(bytes: &[u8]) -> Result<Picture, Refusal> {
    let mut file = file(bytes);
    let media_type = recognise(&mut file)?;
    clean(&mut file, media_type, LIMITS)
}

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// Red on the left, blue on the right.
fn two_halves(width: u32, height: u32) -> DynamicImage {
    let half = |x| if x < width / 2 { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) };
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, _| half(x)))
}

fn decoded(bytes: &[u8]) -> DynamicImage {
    image::load_from_memory(bytes).unwrap()
}

/// A PNG whose head promises so many pixels, with hardly any data behind it.
fn promising_png(width: u32, height: u32) -> Vec<u8> {
    let mut chunk = b"IHDR".to_vec();
    chunk.extend(width.to_be_bytes());
    chunk.extend(height.to_be_bytes());
    chunk.extend([8, 2, 0, 0, 0]);
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    bytes.extend(&chunk);
    bytes.extend(crc32fast::hash(&chunk).to_be_bytes());
    let mut deflated = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    deflated.write_all(&vec![0; 1 << 20]).unwrap();
    let data = [b"IDAT".as_slice(), &deflated.finish().unwrap()].concat();
    bytes.extend(u32::try_from(data.len() - 4).unwrap().to_be_bytes());
    bytes.extend(&data);
    bytes.extend(crc32fast::hash(&data).to_be_bytes());
    bytes
}

/// A JPEG with EXIF that says how the camera was held and where.
fn photograph(orientation: u8) -> Vec<u8> {
    let plain = encoded(&two_halves(64, 32), ImageFormat::Jpeg);
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    exif.extend(b"GPS 18.34N 105.90E Nguyen Thi Lan");
    let mut bytes = plain[..2].to_vec();
    bytes.extend([0xff, 0xe1]);
    bytes.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
    bytes.extend(exif);
    bytes.extend(&plain[2..]);
    bytes
}

#[test]
fn a_bomb_is_refused_by_its_head_and_never_unfolded() {
    for (width, height) in [(50_000, 50_000), (16_385, 1), (6_325, 6_325), (u32::MAX >> 1, u32::MAX >> 1)] {
        let refused = taken(&promising_png(width, height)).unwrap_err();
        assert!(matches!(refused, Refusal::TooManyPixels { .. } | Refusal::Damaged), "{refused}");
    }
    let refused = taken(&promising_png(50_000, 50_000)).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the image has 50000 × 50000 pixels; at most 40000000 pixels and 16384 on a side are taken"
    );
}

#[test]
fn an_image_that_breaks_off_is_damaged() {
    assert!(matches!(taken(&promising_png(3_000, 3_000)), Err(Refusal::Damaged)));
    let whole = encoded(&two_halves(64, 32), ImageFormat::Png);
    assert!(matches!(taken(&whole[..whole.len() / 2]), Err(Refusal::Damaged)));
    assert!(matches!(taken(b"GIF89a"), Err(Refusal::Damaged)));
}

#[test]
fn what_hangs_on_after_the_end_of_an_image_is_not_kept() {
    let mut polyglot = encoded(&two_halves(64, 32), ImageFormat::Jpeg);
    polyglot.extend(b"PK\x03\x04 evil.php <html><script>alert(document.domain)</script></html>");
    let picture = taken(&polyglot).unwrap();
    for trace in [b"PK\x03\x04".as_slice(), b"<script>", b"evil"] {
        assert!(!picture.bytes.windows(trace.len()).any(|window| window == trace), "{trace:?}");
    }
    assert_eq!((picture.width, picture.height), (64, 32));
}

#[test]
fn an_image_is_turned_as_the_camera_was_held_and_tells_nothing_else() {
    let upright = taken(&photograph(1)).unwrap();
    assert_eq!((upright.width, upright.height), (64, 32));
    let turned = taken(&photograph(6)).unwrap();
    assert_eq!((turned.width, turned.height), (32, 64));
    // Turned clockwise: what was left is above.
    let pixels = decoded(&turned.bytes);
    assert!(pixels.get_pixel(16, 8).0[0] > 150 && pixels.get_pixel(16, 56).0[2] > 150);
    for trace in [b"Exif".as_slice(), b"GPS", b"Nguyen"] {
        assert!(!turned.bytes.windows(trace.len()).any(|window| window == trace), "{trace:?}");
    }
}

#[test]
fn every_format_is_read_and_large_images_are_kept_smaller() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
        let picture = taken(&encoded(&two_halves(64, 32), format)).unwrap();
        assert!(picture.bytes.starts_with(&[0xff, 0xd8, 0xff]), "{format:?} is kept as JPEG");
    }
    let large = taken(&encoded(&two_halves(4_000, 1_000), ImageFormat::Png)).unwrap();
    assert_eq!((large.width, large.height), (2_560, 640));
}

#[test]
fn what_shows_through_is_kept_and_laid_on_white_only_for_jpeg() {
    let glass = DynamicImage::ImageRgba8(RgbaImage::from_pixel(800, 400, Rgba([0, 0, 0, 0])));
    let picture = taken(&encoded(&glass, ImageFormat::Png)).unwrap();
    assert_eq!(decoded(&picture.bytes).get_pixel(0, 0).0[3], 0);
    let jpeg = rendition(&picture.bytes, Rendition::parse("320.jpg").unwrap()).unwrap();
    assert!(decoded(&jpeg).get_pixel(10, 10).0[..3].iter().all(|channel| *channel > 250));
    let webp = rendition(&picture.bytes, Rendition::parse("320.webp").unwrap()).unwrap();
    assert_eq!(decoded(&webp).get_pixel(10, 10).0[3], 0);
}

#[test]
fn renditions_have_the_width_asked_for_and_never_more_than_the_image() {
    let picture = taken(&encoded(&two_halves(1_000, 500), ImageFormat::Png)).unwrap();
    for wanted in Rendition::all() {
        let bytes = rendition(&picture.bytes, wanted).unwrap();
        let format = match wanted.coding() {
            Coding::WebP => ImageFormat::WebP,
            Coding::Jpeg => ImageFormat::Jpeg,
        };
        assert_eq!(image::guess_format(&bytes).unwrap(), format);
        let width = wanted.width().min(1_000);
        assert_eq!(decoded(&bytes).dimensions(), (width, width / 2), "{wanted}");
    }
}

#[test]
fn the_type_decides_what_reads_a_file_and_not_the_bytes_behind_it() {
    // A document handed to the painter is no image.
    let refused = clean(&mut file(b"%PDF-1.7"), MediaType::Pdf, LIMITS).unwrap_err();
    assert!(matches!(refused, Refusal::Damaged));
}
