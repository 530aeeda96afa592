//! From words to glyphs: which way a line runs, which font has its letters, how they join.

use std::{collections::BTreeSet, sync::LazyLock};

use harfrust::{Direction, Feature, FontRef, ShapeOptions, ShaperData, Tag, UnicodeBuffer};
use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::MetadataProvider;
use unicode_bidi::{BidiInfo, Level};

use crate::DocumentError;

/// How heavy letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    Regular,
    SemiBold,
}

/// One font file. Each has only some scripts; the first that has a letter gives it.
struct Face {
    font: FontRef<'static>,
    shaper: ShaperData,
    pdf: Font,
}

pub struct Fonts {
    regular: Vec<Face>,
    semibold: Vec<Face>,
}

macro_rules! faces {
    ($weight:literal) => {
        [
            include_bytes!(concat!("../fonts/archivo-latin-", $weight, ".ttf")).as_slice(),
            include_bytes!(concat!("../fonts/archivo-latin-ext-", $weight, ".ttf")),
            include_bytes!(concat!("../fonts/archivo-vietnamese-", $weight, ".ttf")),
            include_bytes!(concat!("../fonts/alexandria-arabic-", $weight, ".ttf")),
            include_bytes!(concat!("../fonts/inter-cyrillic-", $weight, ".ttf")),
            include_bytes!(concat!("../fonts/inter-greek-", $weight, ".ttf")),
        ]
    };
}

static FONTS: LazyLock<Option<Fonts>> = LazyLock::new(|| {
    Some(Fonts {
        regular: read(&faces!("400"))?,
        semibold: read(&faces!("600"))?,
    })
});

fn read(files: &[&'static [u8]]) -> Option<Vec<Face>> {
    files
        .iter()
        .map(|bytes| {
            let font = FontRef::new(bytes).ok()?;
            Some(Face {
                shaper: ShaperData::new(&font),
                pdf: Font::new((*bytes).into(), 0)?,
                font,
            })
        })
        .collect()
}

impl Face {
    fn has(&self, sign: char) -> bool {
        self.font.charmap().map(sign).is_some()
    }
}

/// The fonts that come with the program.
pub fn fonts() -> Result<&'static Fonts, DocumentError> {
    FONTS
        .as_ref()
        .ok_or_else(|| DocumentError::Pdf("a font cannot be read".to_owned()))
}

/// Letters of one font in the order they are drawn, from left to right.
pub struct Run {
    pub font: Font,
    pub text: String,
    pub glyphs: Vec<KrillaGlyph>,
    /// At a size of one.
    pub width: f32,
}

/// A line ready to be drawn.
pub struct Shaped {
    pub runs: Vec<Run>,
    /// At a size of one.
    pub width: f32,
}

impl Fonts {
    /// Shapes one line of a page that reads from right to left or not. `figures` makes digits equally wide.
    pub fn shape(&self, text: &str, weight: Weight, right_to_left: bool, figures: bool) -> Shaped {
        let faces = match weight {
            Weight::Regular => &self.regular,
            Weight::SemiBold => &self.semibold,
        };
        let base = if right_to_left {
            Level::rtl()
        } else {
            Level::ltr()
        };
        let line: String = text
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let bidi = BidiInfo::new(&line, Some(base));
        let mut runs = Vec::new();
        for paragraph in &bidi.paragraphs {
            let (levels, pieces) = bidi.visual_runs(paragraph, paragraph.range.clone());
            for piece in pieces {
                let backwards = levels.get(piece.start).is_some_and(Level::is_rtl);
                let Some(letters) = line.get(piece) else {
                    continue;
                };
                let mut parts = by_face(faces, letters);
                if backwards {
                    parts.reverse();
                }
                runs.extend(
                    parts
                        .into_iter()
                        .map(|(face, text)| shape(face, text, backwards, figures)),
                );
            }
        }
        let width = runs.iter().map(|run| run.width).sum();
        Shaped { runs, width }
    }

    /// How wide a line is at a size of one.
    pub fn width(&self, text: &str, weight: Weight) -> f32 {
        self.shape(text, weight, false, false).width
    }

    /// Breaks a text into lines of at most `width` (at a size of one): between words, and within one that is too long.
    pub fn wrap(&self, text: &str, weight: Weight, width: f32) -> Vec<String> {
        let mut lines = vec![String::new()];
        for word in text.split_whitespace() {
            for piece in self.pieces(word, weight, width) {
                let Some(line) = lines.last_mut() else { break };
                let longer = if line.is_empty() {
                    piece.clone()
                } else {
                    format!("{line} {piece}")
                };
                if line.is_empty() || self.width(&longer, weight) <= width {
                    *line = longer;
                } else {
                    lines.push(piece);
                }
            }
        }
        lines
    }

    fn pieces(&self, word: &str, weight: Weight, width: f32) -> Vec<String> {
        if self.width(word, weight) <= width {
            return vec![word.to_owned()];
        }
        let mut pieces = vec![String::new()];
        for sign in word.chars() {
            let Some(piece) = pieces.last_mut() else {
                break;
            };
            piece.push(sign);
            if self.width(piece, weight) > width && piece.chars().count() > 1 {
                piece.pop();
                pieces.push(sign.to_string());
            }
        }
        pieces
    }
}

/// Splits letters of one direction by the font that has them. What no font has becomes a question mark; the structured
/// invoice has it as it was written.
fn by_face<'a>(faces: &'a [Face], letters: &str) -> Vec<(&'a Face, String)> {
    let mut parts: Vec<(usize, String)> = Vec::new();
    for sign in letters.chars().filter(|sign| !is_direction(*sign)) {
        // A space or a mark stays with the letters before it.
        let current = parts.last().map(|(at, _)| *at);
        let stays = current.filter(|at| faces.get(*at).is_some_and(|face| face.has(sign)));
        let found = stays.or_else(|| faces.iter().position(|face| face.has(sign)));
        let (at, sign) = found.map_or((0, '?'), |at| (at, sign));
        match parts.last_mut() {
            Some((last, text)) if *last == at => text.push(sign),
            _ => parts.push((at, sign.to_string())),
        }
    }
    parts
        .into_iter()
        .filter_map(|(at, text)| Some((faces.get(at)?, text)))
        .collect()
}

/// Signs that only say which way to read; they have done so by now.
fn is_direction(sign: char) -> bool {
    matches!(sign, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn shape(face: &Face, text: String, backwards: bool, figures: bool) -> Run {
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(&text);
    buffer.set_direction(if backwards {
        Direction::RightToLeft
    } else {
        Direction::LeftToRight
    });
    buffer.guess_segment_properties();
    let features = [Feature::new(Tag::new(b"tnum"), u32::from(figures), ..)];
    let shaper = face.shaper.shaper(&face.font).build();
    let shaped = shaper.shape(buffer, ShapeOptions::new().features(&features));
    let em = face.pdf.units_per_em();
    let starts: BTreeSet<usize> = shaped
        .glyph_infos()
        .iter()
        .filter_map(|info| usize::try_from(info.cluster).ok())
        .collect();
    let mut width = 0.0;
    let glyphs = shaped
        .glyph_infos()
        .iter()
        .zip(shaped.glyph_positions())
        .map(|(info, position)| {
            let start = usize::try_from(info.cluster).unwrap_or_default();
            let end = starts.range(start + 1..).next().copied();
            let advance = units(position.x_advance) / em;
            width += advance;
            KrillaGlyph::new(
                GlyphId::new(info.glyph_id),
                advance,
                units(position.x_offset) / em,
                units(position.y_offset) / em,
                units(position.y_advance) / em,
                start..end.unwrap_or(text.len()),
                None,
            )
        })
        .collect();
    Run {
        font: face.pdf.clone(),
        text,
        glyphs,
        width,
    }
}

/// Font units are far below what an `f32` holds exactly.
fn units(units: i32) -> f32 {
    f32::from(i16::try_from(units).unwrap_or(i16::MAX))
}
