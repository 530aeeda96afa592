//! Black, white and greys, and at most one quiet accent per poster.

use super::{Chance, Style};

pub(super) type Ink = [u8; 3];

const WHITE: Ink = [247, 247, 245];
const STONE: Ink = [221, 220, 216];
const FOG: Ink = [190, 189, 186];
const BLACK: Ink = [15, 15, 16];

const VERMILION: Ink = [205, 72, 46];
const OCHRE: Ink = [214, 164, 70];
const BLUE: Ink = [58, 84, 168];
const SAGE: Ink = [124, 148, 122];
const CLAY: Ink = [190, 128, 104];

#[derive(Clone, Copy)]
pub(super) struct Palette {
    pub(super) ground: Ink,
    pub(super) ink: Ink,
    accent: Option<Ink>,
}

impl Palette {
    pub(super) fn pick(seed: u64, style: Style) -> Self {
        let mut chance = Chance::new(seed.rotate_left(17) ^ 0x0BAD_CAFE ^ (style as u64));
        let (ground, ink) = match style {
            // Light on dark is the point of these.
            Style::Lamps | Style::Frames | Style::Seats => (BLACK, WHITE),
            Style::Ridges | Style::Contours => {
                chance.of([(BLACK, WHITE), (BLACK, WHITE), (STONE, BLACK)])
            }
            Style::Brush | Style::Mountains | Style::Table => {
                chance.of([(WHITE, BLACK), (STONE, BLACK), (FOG, BLACK)])
            }
            Style::HalftoneSun
            | Style::Arcs
            | Style::Letters
            | Style::Moire
            | Style::Chequer
            | Style::Lanes
            | Style::Dither
            | Style::Stars
            | Style::Blocks
            | Style::Curtain => chance.of([
                (WHITE, BLACK),
                (BLACK, WHITE),
                (STONE, BLACK),
                (BLACK, STONE),
            ]),
        };
        let accent = chance.of([
            Some(VERMILION),
            Some(OCHRE),
            Some(BLUE),
            Some(SAGE),
            Some(CLAY),
            None,
            None,
            None,
        ]);
        Self {
            ground,
            ink,
            accent,
        }
    }

    pub(super) fn is_dark(&self) -> bool {
        self.ground[0] < 100
    }

    /// The accent, or plain ink on posters without one.
    pub(super) fn spot(&self) -> Ink {
        self.accent.unwrap_or(self.ink)
    }

    /// The accent, or a grey of the given strength on posters without one.
    pub(super) fn spot_or(&self, strength: f32) -> Ink {
        self.accent.unwrap_or_else(|| self.tone(strength))
    }

    /// A grey between ground (0) and ink (1).
    pub(super) fn tone(&self, strength: f32) -> Ink {
        mix(self.ground, self.ink, strength)
    }
}

/// The colour `share` of the way from one ink to another.
pub(super) fn mix(from: Ink, to: Ink, share: f32) -> Ink {
    let share = share.clamp(0.0, 1.0);
    let one = |a: u8, b: u8| (f32::from(a) + (f32::from(b) - f32::from(a)) * share).round() as u8;
    [
        one(from[0], to[0]),
        one(from[1], to[1]),
        one(from[2], to[2]),
    ]
}
