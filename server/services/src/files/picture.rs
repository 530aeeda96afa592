//! Makes a hostile upload into harmless pictures.

use std::io::Cursor;

use fast_image_resize::{ResizeOptions, Resizer};
use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, Rgb, RgbImage,
    codecs::jpeg::JpegEncoder, metadata::Orientation,
};

/// The widths every picture is kept in.
pub const WIDTHS: [u32; 3] = [480, 960, 1600];
/// The largest upload, in bytes.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;
/// The most pixels an upload may unfold into.
pub const MAX_PIXELS: u64 = 40_000_000;
/// The most memory an upload may unfold into, in bytes: deep colours take more for each pixel.
const MAX_UNFOLDED: u64 = 256 * 1024 * 1024;
/// What all kept pictures are.
pub const JPEG: &str = "image/jpeg";

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    #[error("not a JPEG, PNG or WebP picture")]
    NotAnImage,
    #[error("the file is too large")]
    TooLarge,
    #[error("too many pixels")]
    TooManyPixels,
}

/// One size of a picture.
#[derive(Debug)]
pub struct Variant {
    /// One of [`WIDTHS`]; the picture itself may be narrower, for nothing is blown up.
    pub for_width: u32,
    pub width: u32,
    pub height: u32,
    pub jpeg: Vec<u8>,
}

/// Decodes within limits and encodes anew, from the narrowest to the widest.
pub fn variants(bytes: &[u8]) -> Result<Vec<Variant>, PictureError> {
    let picture = decode(bytes)?;
    WIDTHS
        .iter()
        .map(|width| variant(&picture, *width))
        .collect()
}

fn decode(bytes: &[u8]) -> Result<DynamicImage, PictureError> {
    if bytes.len() > MAX_BYTES {
        return Err(PictureError::TooLarge);
    }
    // The format is read from the content; name and declared type of the upload count for nothing.
    let format = image::guess_format(bytes).map_err(|_| PictureError::NotAnImage)?;
    if !matches!(
        format,
        ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP
    ) {
        return Err(PictureError::NotAnImage);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_UNFOLDED);
    reader.limits(limits);
    let mut decoder = reader
        .into_decoder()
        .map_err(|_| PictureError::NotAnImage)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MAX_PIXELS || decoder.total_bytes() > MAX_UNFOLDED {
        return Err(PictureError::TooManyPixels);
    }
    if width < 16 || height < 16 {
        return Err(PictureError::NotAnImage);
    }
    // Metadata is dropped, so which way is up must be applied now.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| PictureError::NotAnImage)?;
    picture.apply_orientation(orientation);
    Ok(DynamicImage::ImageRgb8(on_white(picture)))
}

/// JPEG has no transparency.
fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let clear = picture.into_rgba8();
    let mut flat = RgbImage::new(clear.width(), clear.height());
    for (to, from) in flat.pixels_mut().zip(clear.pixels()) {
        let [r, g, b, a] = from.0.map(u32::from);
        let mix = |c: u32| u8::try_from((c * a + 255 * (255 - a)) / 255).unwrap_or(255);
        *to = Rgb([mix(r), mix(g), mix(b)]);
    }
    flat
}

fn variant(picture: &DynamicImage, for_width: u32) -> Result<Variant, PictureError> {
    let width = for_width.min(picture.width());
    let height = u64::from(picture.height()) * u64::from(width) / u64::from(picture.width().max(1));
    let height = u32::try_from(height).unwrap_or(1).max(1);
    let mut to = DynamicImage::ImageRgb8(RgbImage::new(width, height));
    Resizer::new()
        .resize(picture, &mut to, &ResizeOptions::new())
        .map_err(|_| PictureError::NotAnImage)?;
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 82)
        .encode_image(&to)
        .map_err(|_| PictureError::NotAnImage)?;
    Ok(Variant {
        for_width,
        width,
        height,
        jpeg,
    })
}

#[cfg(test)]
mod tests {
    use image::Rgba;

    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let picture = image::RgbaImage::from_pixel(width, height, Rgba([0, 0, 0, 0]));
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn three_widths_and_nothing_blown_up() {
        let made = variants(&png(1000, 500)).unwrap();
        let sizes: Vec<_> = made
            .iter()
            .map(|v| (v.for_width, v.width, v.height))
            .collect();
        assert_eq!(sizes, [(480, 480, 240), (960, 960, 480), (1600, 1000, 500)]);
        let back = image::load_from_memory(&made[0].jpeg).unwrap().into_rgb8();
        assert_eq!(back.get_pixel(5, 5).0, [255, 255, 255]);
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        for bad in [
            b"".as_slice(),
            b"<svg onload=alert(1)>",
            b"GIF89a......",
            b"\x89PNG\r\n\x1a\nrest",
            b"\xff\xd8\xff\xe0",
        ] {
            assert_eq!(variants(bad).unwrap_err(), PictureError::NotAnImage);
        }
        assert_eq!(
            variants(&vec![0; MAX_BYTES + 1]).unwrap_err(),
            PictureError::TooLarge
        );
    }

    #[test]
    fn a_pixel_bomb_is_refused_before_it_unfolds() {
        // A PNG header that promises 50,000 by 50,000, and one of few pixels but 16 bits for each colour.
        for (side, bits) in [(50_000_u32, 8), (6_200, 16)] {
            let mut bomb = png(16, 16);
            bomb[16..20].copy_from_slice(&side.to_be_bytes());
            bomb[20..24].copy_from_slice(&side.to_be_bytes());
            bomb[24] = bits;
            let sum = crc32(&bomb[12..29]);
            bomb[29..33].copy_from_slice(&sum.to_be_bytes());
            assert_eq!(variants(&bomb).unwrap_err(), PictureError::TooManyPixels);
        }
    }

    /// The sum behind each part of a PNG (ISO 15948, annex D).
    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
                (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg())
            })
        })
    }
}
