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
/// The most bytes it may unfold into, which are needed twice while it is made smaller.
const MAX_MEMORY: u64 = 120 * 1024 * 1024;
/// A picture that is higher for its width is kept narrower: it would take as long as it is high.
const TALLEST: u32 = 4;
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
    let (picture, orientation) = decode(bytes)?;
    // Everything that follows is done with few pixels: it would take a copy of all of them each time.
    let mut picture = shrink(picture, orientation)?;
    picture.apply_orientation(orientation);
    let picture = on_white(picture);
    WIDTHS
        .iter()
        .map(|width| variant(&picture, *width))
        .collect()
}

fn decode(bytes: &[u8]) -> Result<(DynamicImage, Orientation), PictureError> {
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
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits);
    let mut decoder = reader
        .into_decoder()
        .map_err(|_| PictureError::NotAnImage)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    let most = if is_progressive(bytes) {
        MAX_PIXELS / 2
    } else {
        MAX_PIXELS
    };
    if pixels > most || decoder.total_bytes() > MAX_MEMORY {
        return Err(PictureError::TooManyPixels);
    }
    if width < 16 || height < 16 {
        return Err(PictureError::NotAnImage);
    }
    // Metadata is dropped, so which way is up must be known before.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).map_err(|_| PictureError::NotAnImage)?;
    Ok((picture, orientation))
}

/// Whether it is a JPEG whose parts come one after the other. Such a one is kept in memory twice until the last has come.
fn is_progressive(bytes: &[u8]) -> bool {
    let mut rest = bytes.get(2..).unwrap_or_default();
    while let [0xff, marker, after @ ..] = rest {
        rest = match (marker, after) {
            (0xff, _) => rest.get(1..).unwrap_or_default(),
            (0xc2 | 0xc6 | 0xca | 0xce, _) => return true,
            (0xda, _) => return false,
            (_, [high, low, ..]) => {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                after.get(length..).unwrap_or_default()
            }
            _ => return false,
        };
    }
    false
}

/// No wider than the widest variant and no more than [`TALLEST`] times as high, once it is turned.
fn shrink(picture: DynamicImage, orientation: Orientation) -> Result<DynamicImage, PictureError> {
    let widest = WIDTHS.iter().copied().max().unwrap_or(1);
    let highest = widest.saturating_mul(TALLEST);
    let (width, height) = (picture.width(), picture.height());
    let lies = matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    );
    let (wide, high) = if lies {
        (height, width)
    } else {
        (width, height)
    };
    if wide <= widest && high <= highest {
        return Ok(picture);
    }
    let (from, to) = if high.div_ceil(TALLEST) > wide {
        (high, highest)
    } else {
        (wide, widest)
    };
    let scaled = |side: u32| {
        let side = u64::from(side) * u64::from(to) / u64::from(from);
        u32::try_from(side).unwrap_or(1).max(1)
    };
    resized(&picture, scaled(width), scaled(height))
}

fn resized(from: &DynamicImage, width: u32, height: u32) -> Result<DynamicImage, PictureError> {
    let mut to = DynamicImage::new(width, height, from.color());
    Resizer::new()
        .resize(from, &mut to, &ResizeOptions::new())
        .map_err(|_| PictureError::NotAnImage)?;
    Ok(to)
}

/// JPEG has no transparency.
fn on_white(picture: DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8().into();
    }
    let clear = picture.into_rgba8();
    let mut flat = RgbImage::new(clear.width(), clear.height());
    for (to, from) in flat.pixels_mut().zip(clear.pixels()) {
        let [r, g, b, a] = from.0.map(u32::from);
        let mix = |c: u32| u8::try_from((c * a + 255 * (255 - a)) / 255).unwrap_or(255);
        *to = Rgb([mix(r), mix(g), mix(b)]);
    }
    flat.into()
}

fn variant(picture: &DynamicImage, for_width: u32) -> Result<Variant, PictureError> {
    let width = for_width.min(picture.width());
    let height = u64::from(picture.height()) * u64::from(width) / u64::from(picture.width().max(1));
    let height = u32::try_from(height).unwrap_or(1).max(1);
    let to = resized(picture, width, height)?;
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
        // A PNG header that promises 50,000 by 50,000.
        let mut bomb = png(16, 16);
        bomb[16..24].copy_from_slice(&[0, 0, 0xc3, 0x50, 0, 0, 0xc3, 0x50]);
        assert!(variants(&bomb).is_err());
    }
}
