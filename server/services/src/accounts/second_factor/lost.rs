//! Somebody has lost their authenticator and all codes. There is no way around it that they could take alone, or a thief would:
//! the house looks who they are, and takes it away for them.

use domain::{ids::UserId, text::Email};

use crate::{
    Services, Unexpected,
    accounts::{letters, queries},
    audit,
    db::{Scope, Tx},
    messaging::AccountNotice,
};

/// Signing in asks for no code any more. Everybody is signed out, and the person is told why. `false`: there was none.
pub(crate) async fn take_authenticator_away(
    sv: &Services,
    tx: &mut Tx,
    user: UserId,
    reason: &str,
) -> Result<bool, Unexpected> {
    if !drop_authenticator(tx, user).await? {
        return Ok(false);
    }
    queries::end_sessions(tx, user, None, None, sv.now()).await?;
    let notice = AccountNotice::SecondFactorTakenAway {
        reason: reason.to_owned(),
    };
    letters::notice(sv, tx, user, notice).await?;
    Ok(true)
}

/// The same by whoever runs the installation, for admins too, whom nobody else can help. `false`: nobody with this address
/// has an authenticator.
#[tracing::instrument(skip_all)]
pub async fn take_authenticator_away_of(
    sv: &Services,
    email: &str,
    reason: &str,
) -> Result<bool, Unexpected> {
    let Ok(email) = Email::parse(email) else {
        return Ok(false);
    };
    let mut tx = sv.db.begin(Scope::System).await?;
    let Some(user) = queries::user_by_email(&mut tx, &email).await? else {
        return Ok(false);
    };
    if !take_authenticator_away(sv, &mut tx, user.id, reason).await? {
        return Ok(false);
    }
    let entry = audit::Entry {
        actor: None,
        organization: None,
        action: "user.second_factor_away",
        subject_kind: "user",
        subject: user.id.to_string(),
        reason,
        before: None,
        after: None,
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(true)
}

/// Takes the authenticator and the codes; sessions have shown nothing any more. `false`: there was none.
pub(super) async fn drop_authenticator(tx: &mut Tx, user: UserId) -> Result<bool, Unexpected> {
    let gone = sqlx::query!("delete from authenticators where user_id = $1", user.get())
        .execute(&mut **tx)
        .await?;
    sqlx::query!("delete from recovery_codes where user_id = $1", user.get())
        .execute(&mut **tx)
        .await?;
    sqlx::query!(
        "update sessions set second_factor_at = null where user_id = $1",
        user.get()
    )
    .execute(&mut **tx)
    .await?;
    Ok(gone.rows_affected() > 0)
}
