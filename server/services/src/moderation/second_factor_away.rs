//! Helps somebody who has lost their authenticator or passkey and all codes, after it was made sure who they are.

use domain::ids::UserId;

use super::{ModerationError, reason};
use crate::{
    Services, accounts,
    audit::{self, Entry},
    permit::{self, PlatformPermit},
    session::Session,
};

/// Signing in asks for no code and takes no passkey any more. Admins are helped by whoever runs the installation only.
#[tracing::instrument(skip_all)]
pub async fn second_factor_away(
    sv: &Services,
    permit: &PlatformPermit,
    session: &Session,
    user: UserId,
    why: &str,
) -> Result<(), ModerationError> {
    let why = reason(why)?;
    permit::fresh(sv, session)?;
    if user == permit.actor() {
        return Err(ModerationError::Yourself);
    }
    let mut tx = sv.db.begin(permit.scope()).await?;
    if super::is_admin(&mut tx, user).await? {
        return Err(ModerationError::NotThem);
    }
    if !accounts::take_second_factor_away(sv, &mut tx, user, &why).await? {
        return Err(ModerationError::Already);
    }
    let entry = Entry {
        actor: Some(permit.actor()),
        organization: None,
        action: "user.second_factor_away",
        subject_kind: "user",
        subject: user.to_string(),
        reason: &why,
        before: None,
        after: None,
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(())
}
