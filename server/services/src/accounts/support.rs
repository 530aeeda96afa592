//! Sessions in which somebody of the platform looks at Bilten as the person whom they help.

use domain::ids::{SessionId, UserId};
use jiff::SignedDuration;

use super::{SignedIn, letters, queries};
use crate::{Services, Unexpected, db::Tx, messaging::AccountNotice, session::Session};

/// It ends by itself after this, whether it is used or not.
const LASTS: SignedDuration = SignedDuration::from_mins(30);

/// A session of the person's that says who it really is. The admin has shown a second factor, so none is asked for.
pub(crate) async fn open_for_support(
    sv: &Services,
    tx: &mut Tx,
    (user, locale): (UserId, &str),
    by: UserId,
    reason: &str,
) -> Result<SignedIn, Unexpected> {
    let now = sv.now();
    let (session, token, expires_at) = (SessionId::new(sv.new_id()), sv.new_secret(), now + LASTS);
    queries::insert_session(tx, session, user, &token, "", now, expires_at).await?;
    queries::prove_session(tx, session, now, true).await?;
    sqlx::query!(
        "update sessions set acted_by = $2, acted_reason = $3 where id = $1",
        session.get(),
        by.get(),
        reason
    )
    .execute(&mut **tx)
    .await?;
    Ok(SignedIn {
        token,
        session,
        user,
        expires_at,
        locale: locales::Locale::from_code(locale).unwrap_or_default(),
        password_gone: false,
    })
}

/// The person is told, with the reason.
pub(crate) async fn tell_of_support(
    sv: &Services,
    tx: &mut Tx,
    user: UserId,
    reason: &str,
) -> Result<(), Unexpected> {
    let reason = reason.to_owned();
    letters::notice(sv, tx, user, AccountNotice::SupportLooked { reason }).await
}

/// Ends this one session.
pub(crate) async fn end_session(
    sv: &Services,
    tx: &mut Tx,
    session: &Session,
) -> Result<(), Unexpected> {
    queries::end_sessions(tx, session.user, Some(session.id), None, sv.now()).await?;
    Ok(())
}
