//! Tickets and the code that proves them: signed once, checked anywhere without a network.
//!
//! Code v1, 104 bytes, big endian:
//!
//! | bytes | what |
//! |---|---|
//! | 1 | version, 1 |
//! | 4 | key id |
//! | 16 | ticket |
//! | 8 | event tag: the last bytes of the event's uuid |
//! | 2 | number of the ticket type within its event |
//! | 4 | valid from, in minutes since 1970 |
//! | 4 | valid until, in minutes since 1970 |
//! | 1 | flags |
//! | 64 | Ed25519 signature over `bilten-ticket-v1` and the 40 bytes before it |
//!
//! As text it is `BT1` and the bytes in base32 (RFC 4648, capitals, no padding): 170 characters that a QR code holds
//! in its alphanumeric mode.

mod base32;
mod claims;
mod code;
mod keys;

pub use claims::{Claims, EventTag};
pub use code::{CodeFault, LooksLike, TicketCode, UnverifiedCode, read, sign, verify};
pub use ed25519_dalek::SigningKey;
pub use keys::{KeyRing, PublicKey};

use crate::codes::coded_enum;

coded_enum! {
    /// Whether a ticket admits.
    pub enum TicketState {
        /// It does.
        Valid = "valid",
        /// Its order was called off or refunded.
        Cancelled = "cancelled",
        /// Another code has taken its place.
        Replaced = "replaced",
    }
}
