//! What everybody in the room can see; it is the same for all of them.

use serde::{Deserialize, Serialize};

use super::{Draw, Seed, room_opens};
use crate::when::Timestamp;

/// The state of a room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Board {
    /// Whether one must wait at all; otherwise everybody may buy.
    pub on: bool,
    /// When the sale begins; it is going on when absent.
    pub sale_opens: Option<Timestamp>,
    /// How many have come.
    pub arrived: u64,
    /// SHA-256 of the seed, shown from the beginning; as hexadecimal digits.
    pub commitment: String,
    /// What was drawn, once it was: the seed as hexadecimal digits, and how many came early.
    pub drawn: Option<(String, u64)>,
    /// Everybody up to this place is in.
    pub serving: u64,
    /// How many are let in a second, lately.
    pub per_second: f64,
    /// Places that can be had right now.
    pub left: u32,
    /// Places that could be had if nobody who is choosing or paying bought.
    pub unsold: u32,
}

/// Where somebody stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// The order is not drawn yet.
    Gathering,
    /// So many are before them, who will take about so many seconds; unknown until the line moves.
    Waiting { ahead: u64, seconds: Option<u64> },
    /// They may choose tickets.
    In,
}

impl Board {
    /// When one can come in; at any time when absent.
    pub fn room_opens(&self) -> Option<Timestamp> {
        room_opens(self.sale_opens)
    }

    /// The order that was drawn; `None` before.
    pub fn draw(&self) -> Option<Draw> {
        let (seed, early) = self.drawn.as_ref()?;
        Some(Draw::new(seed_from_hex(seed)?, *early))
    }

    /// Where whoever came as the `number`th stands.
    pub fn standing(&self, number: u64) -> Standing {
        if !self.on {
            return Standing::In;
        }
        let Some(draw) = self.draw() else {
            return Standing::Gathering;
        };
        let place = draw.place(number);
        if place <= self.serving {
            return Standing::In;
        }
        let ahead = place - self.serving - 1;
        let moving = self.per_second >= 0.05 && self.left > 0;
        let seconds = ((ahead + 1) as f64 / self.per_second).ceil();
        Standing::Waiting {
            ahead,
            // A cast from floating point saturates.
            seconds: moving.then_some(seconds as u64),
        }
    }

    /// How many seconds a browser should let pass before it looks again: the further away, the longer, so that all who
    /// wait together ask no more than ten thousand times a second.
    pub fn look_again_seconds(&self, number: u64, now: Timestamp) -> u32 {
        let crowd = self.arrived.saturating_sub(self.serving) / 10_000;
        let far = match self.standing(number) {
            Standing::In => return 2,
            Standing::Waiting { seconds, .. } => seconds.unwrap_or(30) / 10,
            Standing::Gathering => self.sale_opens.map_or(0, |opens| {
                u64::try_from(opens.duration_since(now).as_secs() / 10).unwrap_or(0)
            }),
        };
        u32::try_from(far.max(crowd).clamp(2, 60)).unwrap_or(60)
    }
}

fn seed_from_hex(text: &str) -> Option<Seed> {
    let mut seed = [0; 32];
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    for (byte, pair) in seed.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(seed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn board() -> Board {
        Board {
            on: true,
            sale_opens: None,
            arrived: 100,
            commitment: String::new(),
            drawn: Some(("00".repeat(32), 0)),
            serving: 40,
            per_second: 2.0,
            left: 10,
            unsold: 10,
        }
    }

    #[test]
    fn the_line_is_told_honestly() {
        assert_eq!(board().standing(40), Standing::In);
        assert_eq!(
            board().standing(41),
            Standing::Waiting {
                ahead: 0,
                seconds: Some(1)
            }
        );
        assert_eq!(
            board().standing(100),
            Standing::Waiting {
                ahead: 59,
                seconds: Some(30)
            }
        );
        // Nothing to be had, so nobody can say how long it takes.
        let empty = Board { left: 0, ..board() };
        assert_eq!(
            empty.standing(100),
            Standing::Waiting {
                ahead: 59,
                seconds: None
            }
        );
        let gathering = Board {
            drawn: None,
            ..board()
        };
        assert_eq!(gathering.standing(1), Standing::Gathering);
        let off = Board {
            on: false,
            drawn: None,
            ..board()
        };
        assert_eq!(off.standing(99), Standing::In);
    }

    #[test]
    fn everybody_in_front_is_in_before_those_behind() {
        let mut board = Board {
            drawn: Some(("17".repeat(32), 60)),
            serving: 0,
            ..board()
        };
        let draw = board.draw().unwrap();
        for serving in 0..=100 {
            board.serving = serving;
            for number in 1..=100 {
                let is_in = board.standing(number) == Standing::In;
                assert_eq!(is_in, draw.place(number) <= serving);
            }
        }
    }

    #[test]
    fn a_crowd_asks_seldom_and_those_in_front_often() {
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(board().look_again_seconds(41, now), 2);
        let crowd = Board {
            arrived: 100_040,
            per_second: 50.0,
            ..board()
        };
        assert_eq!(crowd.look_again_seconds(100, now), 10);
        assert_eq!(crowd.look_again_seconds(100_000, now), 60);
    }
}
