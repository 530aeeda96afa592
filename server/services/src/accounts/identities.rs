//! Names that others have for a person: an account at a provider, a wallet. Whoever comes with one opens the account it is tied
//! to.

use domain::ids::UserId;

use crate::{Services, Unexpected, db::Tx};

/// Whose account it opens.
pub(super) async fn owner(
    tx: &mut Tx,
    issuer: &str,
    subject: &str,
) -> Result<Option<UserId>, Unexpected> {
    let user = sqlx::query_scalar!(
        "select user_id from identities where issuer = $1 and subject = $2",
        issuer,
        subject
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(user.map(UserId::new))
}

/// From now on it opens this account.
pub(super) async fn tie(
    sv: &Services,
    tx: &mut Tx,
    user: UserId,
    issuer: &str,
    subject: &str,
) -> Result<(), Unexpected> {
    sqlx::query!(
        "insert into identities (issuer, subject, user_id, created_at) values ($1, $2, $3, $4)",
        issuer,
        subject,
        user.get(),
        jiff_sqlx::Timestamp::from(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
