//! Who is asking. Made by `accounts::session` from a cookie; carried into permits.

use domain::{
    ids::{SessionId, UserId},
    when::Timestamp,
};

/// A signed-in person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub user: UserId,
    pub name: String,
    pub email: String,
    pub email_verified: bool,
    pub platform_admin: bool,
    /// Whether the person has an authenticator; then every session has shown a code of it.
    pub has_second_factor: bool,
    /// When the person last showed who they are.
    pub proved_at: Timestamp,
}
