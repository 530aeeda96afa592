//! A page to write on, in points from its top and from the edge where reading begins: a page that reads from right to
//! left is the mirror image.

use krilla::{
    color::luma,
    geom::{PathBuilder, Point, Rect},
    num::NormalizedF32,
    paint::{Fill, FillRule},
    surface::Surface,
};

use crate::{
    text::{Fonts, Shaped, Weight},
    tickets::Squares,
};

/// A4.
pub const WIDTH: f32 = 595.28;
pub const HEIGHT: f32 = 841.89;

/// Shades of ink, as on the pages of the product.
#[derive(Clone, Copy, Debug)]
pub enum Ink {
    /// Of codes, which want all the contrast there is.
    Black,
    Full,
    Muted,
    Line,
}

impl Ink {
    fn fill(self) -> Fill {
        let lightness = match self {
            Self::Black => 0x00,
            Self::Full => 0x0a,
            Self::Muted => 0x63,
            Self::Line => 0xde,
        };
        Fill {
            paint: luma::Color::new(lightness).into(),
            opacity: NormalizedF32::ONE,
            rule: FillRule::NonZero,
        }
    }
}

/// Where a line of text stands relative to its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Begins there.
    Start,
    /// Ends there.
    End,
}

/// What letters look like.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    pub size: f32,
    pub weight: Weight,
    pub ink: Ink,
    /// Digits of one width, for columns.
    pub figures: bool,
}

impl Style {
    pub const fn new(size: f32) -> Self {
        Self {
            size,
            weight: Weight::Regular,
            ink: Ink::Full,
            figures: false,
        }
    }

    pub const fn bold(self) -> Self {
        Self {
            weight: Weight::SemiBold,
            ..self
        }
    }

    pub const fn muted(self) -> Self {
        Self {
            ink: Ink::Muted,
            ..self
        }
    }

    pub const fn figures(self) -> Self {
        Self {
            figures: true,
            ..self
        }
    }
}

pub struct Sheet<'a, 's> {
    surface: &'a mut Surface<'s>,
    fonts: &'a Fonts,
    right_to_left: bool,
}

impl<'a, 's> Sheet<'a, 's> {
    pub fn new(surface: &'a mut Surface<'s>, fonts: &'a Fonts, right_to_left: bool) -> Self {
        Self {
            surface,
            fonts,
            right_to_left,
        }
    }

    /// Writes one line with its baseline at `y`.
    pub fn text(&mut self, (x, y): (f32, f32), align: Align, style: Style, text: &str) {
        let shaped = self
            .fonts
            .shape(text, style.weight, self.right_to_left, style.figures);
        let width = shaped.width * style.size;
        let left = match (align, self.right_to_left) {
            (Align::Start, false) => x,
            (Align::End, false) => x - width,
            (Align::Start, true) => WIDTH - x - width,
            (Align::End, true) => WIDTH - x,
        };
        self.draw(left, y, style, shaped);
    }

    fn draw(&mut self, mut left: f32, y: f32, style: Style, shaped: Shaped) {
        self.surface.set_fill(Some(style.ink.fill()));
        for run in shaped.runs {
            self.surface.draw_glyphs(
                Point::from_xy(left, y),
                &run.glyphs,
                run.font,
                &run.text,
                style.size,
                false,
            );
            left += run.width * style.size;
        }
    }

    /// A rule from `from` to `until`, its upper edge at `y`.
    pub fn rule(&mut self, (from, until): (f32, f32), y: f32, thickness: f32, ink: Ink) {
        let left = if self.right_to_left {
            WIDTH - until
        } else {
            from
        };
        let Some(rect) = Rect::from_xywh(left, y, until - from, thickness) else {
            return;
        };
        let mut path = PathBuilder::new();
        path.push_rect(rect);
        if let Some(path) = path.finish() {
            self.surface.set_fill(Some(ink.fill()));
            self.surface.draw_path(&path);
        }
    }

    /// A code with its corner at a place, so many points a side. It is never mirrored: readers expect it as it is.
    pub fn squares(&mut self, (x, y): (f32, f32), side: f32, squares: &Squares) {
        let left = if self.right_to_left {
            WIDTH - x - side
        } else {
            x
        };
        let count = u16::try_from(squares.side).unwrap_or(u16::MAX);
        let one = side / f32::from(count.max(1));
        let mut path = PathBuilder::new();
        for (row, at) in squares.dark.chunks(squares.side.max(1)).zip(0_u16..) {
            let top = y + one * f32::from(at);
            // Neighbours are one shape, so that no reader draws a hair between them.
            let mut start = left;
            for run in row.chunk_by(|a, b| a == b) {
                let width = run.iter().fold(0.0, |sum, _| sum + one);
                if run.first() == Some(&true)
                    && let Some(rect) = Rect::from_xywh(start, top, width, one)
                {
                    path.push_rect(rect);
                }
                start += width;
            }
        }
        if let Some(path) = path.finish() {
            self.surface.set_fill(Some(Ink::Black.fill()));
            self.surface.draw_path(&path);
        }
    }
}
