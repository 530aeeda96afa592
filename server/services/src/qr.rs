//! QR codes as pictures (ISO/IEC 18004, level M): SVG for pages, PNG for mails.

use fast_qr::{ECL, QRBuilder, QRCode};
use image::{GrayImage, ImageFormat, Luma};

use crate::Unexpected;

/// Modules of white around the code, as the standard asks.
const QUIET: usize = 4;

fn code(text: &str) -> Result<QRCode, Unexpected> {
    QRBuilder::new(text)
        .ecl(ECL::M)
        .build()
        .map_err(|e| Unexpected::new("QR code", e.to_string()))
}

/// One path, black on nothing, scaled by whoever places it. Has no fixed size and no style.
pub fn svg(text: &str) -> Result<String, Unexpected> {
    use std::fmt::Write;
    let qr = code(text)?;
    let side = qr.size + 2 * QUIET;
    let mut path = String::new();
    for y in 0..qr.size {
        for (x, module) in qr[y].iter().enumerate().take(qr.size) {
            if module.value() {
                let _ = write!(path, "M{},{}h1v1h-1z", x + QUIET, y + QUIET);
            }
        }
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\" \
         aria-hidden=\"true\"><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
    ))
}

/// A PNG of about 370 pixels a side.
pub fn png(text: &str) -> Result<Vec<u8>, Unexpected> {
    const SCALE: u32 = 7;
    let qr = code(text)?;
    let quiet = u32::try_from(QUIET).unwrap_or(4);
    let side = (u32::try_from(qr.size).unwrap_or(0) + 2 * quiet) * SCALE;
    let image = GrayImage::from_fn(side, side, |x, y| {
        let (column, row) = (x / SCALE, y / SCALE);
        let dark = column
            .checked_sub(quiet)
            .zip(row.checked_sub(quiet))
            .and_then(|(c, r)| Some((usize::try_from(c).ok()?, usize::try_from(r).ok()?)))
            .is_some_and(|(c, r)| c < qr.size && r < qr.size && qr[r][c].value());
        Luma([if dark { 0 } else { 255 }])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    image
        .write_to(&mut bytes, ImageFormat::Png)
        .map_err(|e| Unexpected::new("QR picture", e))?;
    Ok(bytes.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_code_makes_a_small_picture() {
        let text = format!("BT1{}", "A2".repeat(84));
        assert!(code(&text).unwrap().size <= 57, "version 10 or smaller");
        assert!(svg(&text).unwrap().starts_with("<svg"));
        assert!(png(&text).unwrap().starts_with(b"\x89PNG"));
    }
}
