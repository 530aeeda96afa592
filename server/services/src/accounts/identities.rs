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

/// From now on it opens this account. `false`: it was tied to one at this very moment.
pub(super) async fn tie(
    sv: &Services,
    tx: &mut Tx,
    user: UserId,
    issuer: &str,
    subject: &str,
) -> Result<bool, Unexpected> {
    let tied = sqlx::query!(
        r#"
        insert into identities (issuer, subject, user_id, created_at) values ($1, $2, $3, $4)
        on conflict on constraint identities_pkey do nothing
        "#,
        issuer,
        subject,
        user.get(),
        jiff_sqlx::Timestamp::from(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(tied.rows_affected() > 0)
}
