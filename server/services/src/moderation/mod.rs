//! What platform admins see and do across all tenants: finding people, organizations, events and orders; suspending
//! and restoring. Every change carries a reason and is recorded with before and after.

mod act_as;
mod find_events;
mod find_orders;
mod find_organizations;
mod find_users;
mod overview;
mod second_factor_away;
mod suspend_organization;
mod suspend_user;

use domain::{
    ids::UserId,
    text::{self, FieldErrors},
};

pub use act_as::{act_as, stop_acting};
pub use find_events::{EventRow, find_events};
pub use find_orders::{OrderRow, find_orders};
pub use find_organizations::{
    MemberRow, OrganizationDetail, OrganizationRow, find_organizations, show_organization,
};
pub use find_users::{MembershipRow, UserDetail, UserRow, find_users, show_user};
pub use overview::{Overview, overview};
pub use second_factor_away::second_factor_away;
pub use suspend_organization::{restore_organization, suspend_organization};
pub use suspend_user::{restore_user, suspend_user};

use crate::{Unexpected, db::Tx, permit::Refused};

/// A search across tenants.
#[derive(Debug, Clone, Default)]
pub struct Find {
    pub text: String,
    pub cursor: Option<String>,
    pub limit: u16,
}

/// Why something could not be suspended or restored.
#[derive(Debug, thiserror::Error)]
pub enum ModerationError {
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error("no such thing")]
    NotFound,
    /// It is in that state already.
    #[error("nothing to change")]
    Already,
    /// Nobody can lock themselves out.
    #[error("that is yourself")]
    Yourself,
    /// Nobody looks as another admin, or as somebody who is locked out, or takes an admin's authenticator away.
    #[error("not as them")]
    NotThem,
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// Whether somebody runs the platform.
///
/// # Errors
/// Nobody is there by that id.
async fn is_admin(tx: &mut Tx, user: UserId) -> Result<bool, ModerationError> {
    sqlx::query_scalar!(
        "select is_platform_admin from users where id = $1 and erased_at is null",
        user.get()
    )
    .fetch_optional(&mut **tx)
    .await
    .map_err(Unexpected::from)?
    .ok_or(ModerationError::NotFound)
}

/// A reason that somebody can understand later: at least ten characters.
fn reason(text: &str) -> Result<String, FieldErrors> {
    text::line(text, 10, 500).map_err(|fault| FieldErrors::one("reason", fault))
}

/// Text as a part of an `ilike` pattern, in which only the text itself counts.
pub(crate) fn like(text: &str) -> String {
    text.trim()
        .chars()
        .take(200)
        .collect::<String>()
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_")
}
