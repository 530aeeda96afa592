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
    /// Whether this session was opened with more than a password: a code of the authenticator, or a passkey. Where there
    /// is an authenticator, every session was.
    pub has_second_factor: bool,
    /// Whether the person can be asked for a code.
    pub has_authenticator: bool,
    /// Set where somebody of the platform looks at Bilten as this person, to help them.
    pub acting: Option<Acting>,
    /// When the person last showed who they are.
    pub proved_at: Timestamp,
}

/// Who is really there, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acting {
    pub by: UserId,
    pub until: Timestamp,
}
