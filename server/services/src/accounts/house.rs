//! What whoever runs the installation does to accounts, from the program's own commands: for what nobody can do in a browser.

use domain::{ids::UserId, text::Email};

use super::{AccountError, queries};
use crate::{
    Services, Unexpected, audit,
    db::{Scope, Tx},
};

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub enum HouseError {
    #[error("that is no mail address")]
    NoAddress,
    #[error("nobody has an account with that address")]
    Nobody,
    #[error(
        "the address of that account is not proven yet: its owner signs in by a mailed link first"
    )]
    Unproven,
    #[error("that account is suspended: restore it first")]
    Suspended,
    #[error("it is so already")]
    Already,
    #[error("another account has the new address: its owner deletes it first")]
    Taken,
    #[error("there is no organization with that name in its address")]
    NoOrganization,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl From<AccountError> for HouseError {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::AddressTaken => Self::Taken,
            AccountError::Unexpected(error) => Self::Unexpected(error),
            other => Self::Unexpected(Unexpected::new("account", other)),
        }
    }
}

/// Makes somebody a platform admin, or takes that from them. It counts from their next request on; they must have a second factor
/// before they see anything.
#[tracing::instrument(skip_all)]
pub async fn set_platform_admin(
    sv: &Services,
    email: &str,
    admin: bool,
    reason: &str,
) -> Result<(), HouseError> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let user = account(&mut tx, email).await?;
    let changed = sqlx::query!(
        "update users set is_platform_admin = $2 where id = $1 and is_platform_admin <> $2",
        user.get(),
        admin
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    if changed.rows_affected() == 0 {
        return Err(HouseError::Already);
    }
    let action = if admin {
        "user.admin_added"
    } else {
        "user.admin_removed"
    };
    record(sv, &mut tx, user, action, reason).await?;
    tx.commit().await?;
    Ok(())
}

/// The account with this address, if its owner has proven it and may come in.
pub(crate) async fn account(tx: &mut Tx, email: &str) -> Result<UserId, HouseError> {
    let email = Email::parse(email).map_err(|_| HouseError::NoAddress)?;
    let user = queries::user_by_email(tx, &email)
        .await?
        .ok_or(HouseError::Nobody)?;
    if !user.email_verified {
        return Err(HouseError::Unproven);
    }
    if user.suspended {
        return Err(HouseError::Suspended);
    }
    Ok(user.id)
}

pub(super) async fn record(
    sv: &Services,
    tx: &mut Tx,
    user: UserId,
    action: &'static str,
    reason: &str,
) -> Result<(), Unexpected> {
    let entry = audit::Entry {
        actor: None,
        organization: None,
        action,
        subject_kind: "user",
        subject: user.to_string(),
        reason,
        before: None,
        after: None,
    };
    audit::append(sv, tx, entry).await
}
