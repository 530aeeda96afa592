//! The waiting room of an event: numbers are given out, the order is drawn when the sale begins, the line moves.
//!
//! Nothing is kept for those who wait: each has a signed number, and one row per event says how far the line has got.

mod addresses;
mod board;
mod join;
mod number;
mod queries;
mod send;
mod switch;
mod turn;

pub use addresses::Addresses;
pub use board::{Room, Rooms, board, board_is_kept};
pub(crate) use join::Joins;
pub use join::{JoinError, join};
pub(crate) use number::read;
pub use queries::Line;
pub(crate) use queries::{OpenRoom, for_sale, line};
pub use send::{SendPlaceError, send_place};
pub(crate) use switch::reseal_seeds;
pub use switch::set_waiting_room;
pub use turn::turn;
