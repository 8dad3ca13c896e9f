//! Images made anew: decoded within limits, turned the right way up, and written again from their pixels alone. Whatever
//! else was in the file (place and time of the photograph, comments, what was hung on after the end) is not in the new one.

use std::fs::File;
use std::io::{BufReader, Cursor, Seek, SeekFrom};

use fast_image_resize::images::Image;
use fast_image_resize::{IntoImageView as _, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader, Limits, RgbImage, RgbaImage};

use lienthong_domain::media::{Coding, MediaType, Rendition};

use crate::refusal::Refusal;
use crate::workshop::PixelLimits;

/// Longest side of what is kept: above the widest rendition by a third.
const KEPT_SIDE: u32 = 2_560;

/// JPEG quality of what is kept; renditions are made of it, so it is higher than theirs.
const KEPT_QUALITY: u8 = 90;

/// JPEG quality of renditions.
const JPEG_QUALITY: u8 = 80;

/// WebP quality of renditions: about the same to the eye, at two thirds of the size.
const WEBP_QUALITY: f32 = 78.0;

/// An image as it is kept.
#[derive(Debug)]
pub struct Picture {
    /// JPEG, or PNG where something shows through.
    pub bytes: Vec<u8>,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// The number of pixels that the head of an image tells of. Nothing is unfolded.
///
/// # Errors
/// [`Refusal::TooManyPixels`] and [`Refusal::Damaged`]; [`Refusal::Io`].
pub fn pixels(file: &mut File, media_type: MediaType, limits: PixelLimits) -> Result<u64, Refusal> {
    let (width, height) = reader(file, media_type)?.into_dimensions().map_err(damaged)?;
    let pixels = u64::from(width) * u64::from(height);
    if pixels > limits.pixels || width.max(height) > limits.side {
        return Err(Refusal::TooManyPixels { width, height, most: limits.pixels, side: limits.side });
    }
    Ok(pixels)
}

/// Makes the image anew. Blocks: see [`crate::Workshop`].
///
/// # Errors
/// [`Refusal::TooManyPixels`] and [`Refusal::Damaged`]; [`Refusal::Io`].
pub fn clean(file: &mut File, media_type: MediaType, limits: PixelLimits) -> Result<Picture, Refusal> {
    pixels(file, media_type, limits)?;
    let mut reader = reader(file, media_type)?;
    reader.limits(decoding(limits));
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let turned = decoder.orientation().map_err(damaged)?;
    let image = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    let mut image = shrunk(plain(image), KEPT_SIDE, KEPT_SIDE)?;
    image.apply_orientation(turned);
    let (width, height) = (image.width(), image.height());
    Ok(Picture { bytes: kept(&image)?, width, height })
}

/// A rendition of an image that was kept. Blocks: see [`crate::Workshop`].
///
/// # Errors
/// [`Refusal::Damaged`] when what is kept is no image any more.
pub fn rendition(kept: &[u8], rendition: Rendition) -> Result<Vec<u8>, Refusal> {
    let image = ImageReader::new(Cursor::new(kept)).with_guessed_format()?.decode().map_err(damaged)?;
    let image = shrunk(plain(image), rendition.width(), u32::MAX)?;
    match (rendition.coding(), &image) {
        (Coding::WebP, DynamicImage::ImageRgba8(pixels)) => {
            Ok(webp::Encoder::from_rgba(pixels, image.width(), image.height()).encode(WEBP_QUALITY).to_vec())
        }
        (Coding::WebP, _) => {
            let pixels = image.to_rgb8();
            Ok(webp::Encoder::from_rgb(&pixels, image.width(), image.height()).encode(WEBP_QUALITY).to_vec())
        }
        (Coding::Jpeg, _) => jpeg(&opaque(image), JPEG_QUALITY),
    }
}

fn reader(file: &mut File, media_type: MediaType) -> Result<ImageReader<BufReader<&mut File>>, Refusal> {
    file.seek(SeekFrom::Start(0))?;
    let format = match media_type {
        MediaType::Jpeg => ImageFormat::Jpeg,
        MediaType::Png => ImageFormat::Png,
        MediaType::WebP => ImageFormat::WebP,
        MediaType::Gif => ImageFormat::Gif,
        _ => return Err(Refusal::Damaged),
    };
    Ok(ImageReader::with_format(BufReader::new(file), format))
}

/// The decoder's own limits, behind the check of the head: what it may allocate is what the largest image takes at 16 bits
/// a channel.
fn decoding(limits: PixelLimits) -> Limits {
    let mut decoding = Limits::default();
    decoding.max_image_width = Some(limits.side);
    decoding.max_image_height = Some(limits.side);
    decoding.max_alloc = Some(limits.pixels.saturating_mul(8).max(64 << 20));
    decoding
}

fn damaged(error: ImageError) -> Refusal {
    match error {
        ImageError::IoError(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => Refusal::Io(error),
        error => {
            tracing::debug!(%error, "an image cannot be read");
            Refusal::Damaged
        }
    }
}

/// Eight bits a channel; a fourth channel only where something shows through.
fn plain(image: DynamicImage) -> DynamicImage {
    if !image.color().has_alpha() {
        return DynamicImage::ImageRgb8(image.into_rgb8());
    }
    let pixels = image.into_rgba8();
    if pixels.pixels().all(|pixel| pixel.0[3] == u8::MAX) {
        DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(pixels).into_rgb8())
    } else {
        DynamicImage::ImageRgba8(pixels)
    }
}

/// The image within a box. Never made larger.
fn shrunk(image: DynamicImage, width: u32, height: u32) -> Result<DynamicImage, Refusal> {
    let (from_width, from_height) = (image.width(), image.height());
    if from_width <= width && from_height <= height {
        return Ok(image);
    }
    let scale = (f64::from(width) / f64::from(from_width)).min(f64::from(height) / f64::from(from_height));
    let (width, height) = (scaled(from_width, scale), scaled(from_height, scale));
    let pixels = image.pixel_type().ok_or(Refusal::Damaged)?;
    let mut smaller = Image::new(width, height, pixels);
    Resizer::new().resize(&image, &mut smaller, None).map_err(|_| Refusal::Damaged)?;
    let bytes = smaller.into_vec();
    let smaller = match image {
        DynamicImage::ImageRgba8(_) => RgbaImage::from_raw(width, height, bytes).map(DynamicImage::ImageRgba8),
        _ => RgbImage::from_raw(width, height, bytes).map(DynamicImage::ImageRgb8),
    };
    smaller.ok_or(Refusal::Damaged)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a side times a scale below 1")]
fn scaled(side: u32, scale: f64) -> u32 {
    ((f64::from(side) * scale).round() as u32).max(1)
}

fn kept(image: &DynamicImage) -> Result<Vec<u8>, Refusal> {
    match image {
        DynamicImage::ImageRgba8(_) => {
            let mut bytes = Cursor::new(Vec::new());
            image.write_to(&mut bytes, ImageFormat::Png).map_err(damaged)?;
            Ok(bytes.into_inner())
        }
        image => jpeg(image, KEPT_QUALITY),
    }
}

fn jpeg(image: &DynamicImage, quality: u8) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(image).map_err(damaged)?;
    Ok(bytes)
}

/// JPEG knows nothing that shows through: it is laid on white.
fn opaque(image: DynamicImage) -> DynamicImage {
    let DynamicImage::ImageRgba8(pixels) = image else { return image };
    let mut flat = RgbImage::new(pixels.width(), pixels.height());
    for (to, from) in flat.pixels_mut().zip(pixels.pixels()) {
        let [red, green, blue, alpha] = from.0.map(u16::from);
        let over = |channel: u16| u8::try_from((channel * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX);
        to.0 = [over(red), over(green), over(blue)];
    }
    DynamicImage::ImageRgb8(flat)
}
