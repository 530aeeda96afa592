//! The waiting room of a sale that everybody wants to be at first: who gets in when.
//!
//! Whoever comes gets a number, one after the other. Those who were there before the sale began are put into a random
//! order when it begins ([`Draw`]); those who come later stand behind them in the order of their coming. One shared
//! number says how far the line has got ([`Board`]); it moves as fast as people buy ([`Pace`]).

mod board;
mod draw;
mod pace;

pub use board::{Board, Standing};
pub use draw::{Draw, Seed, commitment};
pub use pace::{PAID_WITHIN, Pace, Turn};

use jiff::SignedDuration;

use crate::when::{Timestamp, shift};

/// How long before the sale the room opens. Coming earlier than others within it is of no use.
pub const GATHERING: SignedDuration = SignedDuration::from_hours(1);

/// How many reservations of the event a place in the line may have open: a second one, for those who went back to
/// choose again.
pub const OPEN_PER_PLACE: u32 = 2;

/// When one can come in, to a sale that begins at `sale_opens`; always, to one that needs no beginning.
pub fn room_opens(sale_opens: Option<Timestamp>) -> Option<Timestamp> {
    sale_opens.map(|opens| shift(opens, -GATHERING))
}
