//! Posters for sample events, drawn by the project itself.
//!
//! A poster is a pure function of a seed and a [`Style`]: the same pair always gives the same picture,
//! so that nothing has to be shipped or downloaded. Everything is vector geometry filled by a small
//! scanline rasterizer. A package of its own, so that development builds can optimise it and nothing else.

mod canvas;
mod chance;
mod field;
mod geometry;
mod motif_graphic;
mod motif_line;
mod motif_ornament;
mod motif_scene;
mod motif_stage;
mod palette;

use canvas::Canvas;
pub use chance::Chance;
use image::{ImageError, RgbImage, codecs::jpeg::JpegEncoder};
use palette::Palette;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Width of a full-size poster in pixels.
pub const WIDTH: u32 = 1600;
/// Height of a full-size poster in pixels.
pub const HEIGHT: u32 = 900;

/// The motif of a poster. Each suits a few kinds of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// A sun made of print dots over its reflection.
    HalftoneSun,
    /// Quarter circles in a grid of tiles.
    Arcs,
    /// Rows of heavy abstract letters.
    Letters,
    /// Two families of rings that interfere.
    Moire,
    /// Lamps on a wall, lit by a few spots.
    Lamps,
    /// Stacked ridge lines.
    Ridges,
    /// One gesture of a dry brush.
    Brush,
    /// Paper-cut mountains in front of a disc.
    Mountains,
    /// A chequered plane with lenses in it.
    Chequer,
    /// Lines of equal height of an imagined country.
    Contours,
    /// An auditorium from above.
    Seats,
    /// A film strip of the phases of a moon.
    Frames,
    /// Lanes of a running track.
    Lanes,
    /// A laid table from above.
    Table,
    /// Coarse dithered spheres.
    Dither,
    /// Eight-pointed stars that open towards a light.
    Stars,
    /// A box of building blocks.
    Blocks,
    /// A falling, folded curtain.
    Curtain,
}

impl Style {
    /// Every motif, in the order of the enum.
    pub const ALL: [Self; 18] = [
        Self::HalftoneSun,
        Self::Arcs,
        Self::Letters,
        Self::Moire,
        Self::Lamps,
        Self::Ridges,
        Self::Brush,
        Self::Mountains,
        Self::Chequer,
        Self::Contours,
        Self::Seats,
        Self::Frames,
        Self::Lanes,
        Self::Table,
        Self::Dither,
        Self::Stars,
        Self::Blocks,
        Self::Curtain,
    ];
}

/// The sheet a motif draws on: canvas, colours and the poster's own chance.
struct Sheet {
    canvas: Canvas,
    palette: Palette,
    chance: Chance,
}

/// Draws a full-size poster.
#[must_use]
pub fn poster(seed: u64, style: Style) -> RgbImage {
    poster_at(seed, style, WIDTH, HEIGHT)
}

/// Draws a poster at another size; motifs are composed for 16:9.
#[must_use]
pub fn poster_at(seed: u64, style: Style, width: u32, height: u32) -> RgbImage {
    let pixels = render(seed, style, width as usize, height as usize);
    let mut image = RgbImage::new(width, height);
    for (to, from) in image.pixels_mut().zip(pixels) {
        to.0 = from;
    }
    image
}

/// A poster ready to be kept: one size, encoded.
#[derive(Clone, Debug)]
pub struct Print {
    pub width: u32,
    pub height: u32,
    pub jpeg: Vec<u8>,
}

/// Draws each poster once per width, rather than shrinking one drawing: hairlines stay sharp in small prints.
/// Works on all cores and answers in the order asked for.
///
/// # Errors
/// When a picture cannot be encoded.
pub fn prints(
    wanted: &[(u64, Style)],
    widths: &[u32],
    quality: u8,
) -> Result<Vec<Vec<Print>>, ImageError> {
    let done: Vec<OnceLock<Result<Vec<Print>, ImageError>>> =
        wanted.iter().map(|_| OnceLock::new()).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        // Some motifs take ten times as long as others, so whoever is free takes the next one.
        while let Some(((seed, style), place)) = {
            let number = next.fetch_add(1, Ordering::Relaxed);
            wanted.get(number).zip(done.get(number))
        } {
            let made = widths
                .iter()
                .map(|width| print(*seed, *style, *width, quality))
                .collect();
            // Each number is given out once, so the place is empty.
            let _ = place.set(made);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(work);
        }
        work();
    });
    done.into_iter().filter_map(OnceLock::into_inner).collect()
}

fn print(seed: u64, style: Style, width: u32, quality: u8) -> Result<Print, ImageError> {
    let height = width * HEIGHT / WIDTH;
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, quality)
        .encode_image(&poster_at(seed, style, width, height))?;
    Ok(Print {
        width,
        height,
        jpeg,
    })
}

fn render(seed: u64, style: Style, width: usize, height: usize) -> Vec<[u8; 3]> {
    let mut chance = Chance::new(seed ^ ((style as u64) << 48));
    let palette = Palette::pick(seed, style);
    let _ = chance.unit();
    let mut sheet = Sheet {
        canvas: Canvas::new(width, height, palette.ground),
        palette,
        chance,
    };
    match style {
        Style::HalftoneSun => motif_scene::halftone_sun(&mut sheet),
        Style::Mountains => motif_scene::mountains(&mut sheet),
        Style::Lanes => motif_scene::lanes(&mut sheet),
        Style::Table => motif_scene::table(&mut sheet),
        Style::Arcs => motif_ornament::arcs(&mut sheet),
        Style::Stars => motif_ornament::stars(&mut sheet),
        Style::Blocks => motif_ornament::blocks(&mut sheet),
        Style::Letters => motif_graphic::letters(&mut sheet),
        Style::Moire => motif_graphic::moire(&mut sheet),
        Style::Chequer => motif_graphic::chequer(&mut sheet),
        Style::Dither => motif_graphic::dither(&mut sheet),
        Style::Ridges => motif_line::ridges(&mut sheet),
        Style::Brush => motif_line::brush(&mut sheet),
        Style::Contours => motif_line::contours(&mut sheet),
        Style::Curtain => motif_line::curtain(&mut sheet),
        Style::Lamps => motif_stage::lamps(&mut sheet),
        Style::Seats => motif_stage::seats(&mut sheet),
        Style::Frames => motif_stage::frames(&mut sheet),
    }
    sheet.canvas.into_pixels()
}

#[cfg(test)]
mod tests;
