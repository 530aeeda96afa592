//! Locks a person out: signed-in devices end at once, signing in is refused. Their organizations go on.

use domain::ids::UserId;
use serde_json::json;

use super::{ModerationError, reason};
use crate::{
    Services, Unexpected, accounts,
    audit::{self, Entry},
    permit::PlatformPermit,
    team,
};

pub async fn suspend_user(
    sv: &Services,
    permit: &PlatformPermit,
    user: UserId,
    why: &str,
) -> Result<(), ModerationError> {
    change(sv, permit, user, why, true).await
}

pub async fn restore_user(
    sv: &Services,
    permit: &PlatformPermit,
    user: UserId,
    why: &str,
) -> Result<(), ModerationError> {
    change(sv, permit, user, why, false).await
}

async fn change(
    sv: &Services,
    permit: &PlatformPermit,
    user: UserId,
    why: &str,
    suspend: bool,
) -> Result<(), ModerationError> {
    let why = reason(why)?;
    if user == permit.actor() {
        return Err(ModerationError::Yourself);
    }
    let now = jiff_sqlx::Timestamp::from(sv.now());
    let mut tx = sv.db.begin(permit.scope()).await?;
    let suspended = sqlx::query_scalar!(
        r#"select suspended_at is not null as "suspended!" from users where id = $1 for update"#,
        user.get()
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(Unexpected::from)?
    .ok_or(ModerationError::NotFound)?;
    if suspended == suspend {
        return Err(ModerationError::Already);
    }
    sqlx::query!(
        "update users set suspended_at = $2, suspended_reason = $3 where id = $1",
        user.get(),
        suspend.then_some(now) as _,
        suspend.then_some(why.as_str())
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    if suspend {
        accounts::shut_out(&mut tx, user, None, sv.now()).await?;
        team::end_all_invitations_of(sv, &mut tx, user, Some(permit.actor())).await?;
    }
    let entry = Entry {
        actor: Some(permit.actor()),
        organization: None,
        action: if suspend {
            "user.suspend"
        } else {
            "user.restore"
        },
        subject_kind: "user",
        subject: user.to_string(),
        reason: &why,
        before: Some(json!({ "suspended": !suspend })),
        after: Some(json!({ "suspended": suspend })),
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(())
}
