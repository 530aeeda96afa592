//! What Bilten knows of a person: taking it away, and making it go. `columns.txt` says of every column of the database
//! what it is; a test holds it against the schema, so that nothing new is forgotten.

mod classes;
mod erase;
mod export;
mod retention;

pub use classes::{Class, classes};
pub use erase::{EraseError, erase_account};
pub use export::export_account;
pub use retention::forget_due;

use crate::session::Session;

/// The address as orders and mails are found by it; nothing that can be one before it is proven, because somebody else's
/// would be shown, or be gone.
fn proven(session: &Session) -> String {
    if session.email_verified {
        session.email.to_lowercase()
    } else {
        String::new()
    }
}
