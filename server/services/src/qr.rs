//! QR codes as pictures (ISO/IEC 18004, level M): SVG for pages, PNG for mails, squares for paper.

use documents::Squares;
use fast_qr::{ECL, QRBuilder, QRCode};

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

/// The code without white around it.
pub fn squares(text: &str) -> Result<Squares, Unexpected> {
    let qr = code(text)?;
    let dark = (0..qr.size).flat_map(|y| qr[y].iter().take(qr.size).map(|module| module.value()));
    Ok(Squares {
        side: qr.size,
        dark: dark.collect(),
    })
}

/// A PNG of about 370 pixels a side, with one bit for each.
pub fn png(text: &str) -> Result<Vec<u8>, Unexpected> {
    const SCALE: usize = 7;
    let qr = code(text)?;
    let side = (qr.size + 2 * QUIET) * SCALE;
    let width = side.div_ceil(8);
    let blank = vec![0xff_u8; width];
    let mut pixels = Vec::with_capacity(width * side);
    for y in 0..qr.size + 2 * QUIET {
        let mut row = blank.clone();
        let modules = y.checked_sub(QUIET).filter(|y| *y < qr.size);
        for (x, module) in modules.iter().flat_map(|y| qr[*y].iter().enumerate()) {
            if x < qr.size && module.value() {
                let first = (x + QUIET) * SCALE;
                for pixel in first..first + SCALE {
                    if let Some(byte) = row.get_mut(pixel / 8) {
                        *byte &= !(0x80 >> (pixel % 8));
                    }
                }
            }
        }
        for _ in 0..SCALE {
            pixels.extend_from_slice(&row);
        }
    }
    let fault = |e| Unexpected::new("QR picture", e);
    let side = u32::try_from(side).map_err(|e| Unexpected::new("QR picture", e))?;
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let mut writer = encoder.write_header().map_err(fault)?;
    writer.write_image_data(&pixels).map_err(fault)?;
    writer.finish().map_err(fault)?;
    Ok(bytes)
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

    /// Module by module, all pictures show the same.
    #[test]
    fn the_picture_shows_the_code() {
        let text = "BT1 what stands on a ticket";
        let (qr, bytes) = (code(text).unwrap(), png(text).unwrap());
        let squares = squares(text).unwrap();
        let picture = image::load_from_memory(&bytes).unwrap().to_luma8();
        let modules = qr.size + 2 * QUIET;
        assert_eq!(usize::try_from(picture.width()).unwrap(), modules * 7);
        for y in 0..modules {
            for x in 0..modules {
                let inside = |n: usize| (QUIET..QUIET + qr.size).contains(&n);
                let dark = inside(x) && inside(y) && qr[y - QUIET][x - QUIET].value();
                let at = |n: usize| u32::try_from(n * 7 + 3).unwrap();
                let shown = picture.get_pixel(at(x), at(y)).0[0] == 0;
                assert_eq!(shown, dark, "{x},{y}");
                if inside(x) && inside(y) {
                    let square = (y - QUIET) * squares.side + x - QUIET;
                    assert_eq!(squares.dark[square], dark, "{x},{y}");
                }
            }
        }
    }

    #[test]
    #[ignore = "prints how long a picture takes"]
    fn speed() {
        let text = format!("BT1{}", "A2".repeat(84));
        let begun = std::time::Instant::now();
        let size: usize = (0..200).map(|_| png(&text).unwrap().len()).sum();
        eprintln!("{:?} each, {} bytes", begun.elapsed() / 200, size / 200);
    }
}
