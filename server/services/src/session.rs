//! Who is asking. Made by `accounts::session` from a cookie; carried into permits.

use domain::ids::{SessionId, UserId};

/// A signed-in person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub user: UserId,
    pub name: String,
    pub email: String,
    pub email_verified: bool,
    pub platform_admin: bool,
}
