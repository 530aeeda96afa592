//! Somebody has lost their authenticator or passkey and all codes. There is no way around it that they could take alone, or a
//! thief would: the house looks who they are, and takes it away for them.

use domain::{ids::UserId, text::Email};

use crate::{
    Services, Unexpected,
    accounts::{
        letters, queries,
        ways::{forget_factors_that_are_gone, shut_out},
    },
    audit,
    db::{Scope, Tx},
    messaging::AccountNotice,
};

/// Signing in asks for no code and takes no passkey any more. Everybody is signed out, and the person is told why. `false`:
/// there was no second factor.
pub(crate) async fn take_second_factor_away(
    sv: &Services,
    tx: &mut Tx,
    user: UserId,
    reason: &str,
) -> Result<bool, Unexpected> {
    let passkeys = sqlx::query!("delete from passkeys where user_id = $1", user.get())
        .execute(&mut **tx)
        .await?;
    if !drop_authenticator(tx, user).await? && passkeys.rows_affected() == 0 {
        return Ok(false);
    }
    shut_out(tx, user, None, sv.now()).await?;
    let notice = AccountNotice::SecondFactorTakenAway {
        reason: reason.to_owned(),
    };
    letters::notice(sv, tx, user, notice).await?;
    Ok(true)
}

/// The same by whoever runs the installation, for admins too, whom nobody else can help. `false`: nobody with this address
/// has a second factor.
#[tracing::instrument(skip_all)]
pub async fn take_second_factor_away_of(
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
    if !take_second_factor_away(sv, &mut tx, user.id, reason).await? {
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

/// Takes the authenticator; what goes with the last second factor goes too. `false`: there was none.
pub(super) async fn drop_authenticator(tx: &mut Tx, user: UserId) -> Result<bool, Unexpected> {
    let gone = sqlx::query!("delete from authenticators where user_id = $1", user.get())
        .execute(&mut **tx)
        .await?;
    forget_factors_that_are_gone(tx, user).await?;
    Ok(gone.rows_affected() > 0)
}
