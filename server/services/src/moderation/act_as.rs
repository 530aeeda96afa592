//! A platform admin sees what somebody else sees, to help them: for a reason, for a short while, and only to look. The
//! person is told, and both are in the record.

use domain::ids::{OrganizationId, UserId};

use super::{ModerationError, reason};
use crate::{
    Services, Unexpected,
    accounts::{self, SignedIn},
    audit::{self, Entry},
    db::{Scope, Tx},
    permit::{self, PlatformPermit},
    session::Session,
};

/// Opens a session of the person's that can only look.
#[tracing::instrument(skip_all)]
pub async fn act_as(
    sv: &Services,
    permit: &PlatformPermit,
    session: &Session,
    user: UserId,
    why: &str,
) -> Result<SignedIn, ModerationError> {
    let why = reason(why)?;
    permit::fresh(sv, session)?;
    if user == permit.actor() {
        return Err(ModerationError::Yourself);
    }
    let mut tx = sv.db.begin(Scope::System).await?;
    let person = sqlx::query!(
        r#"
        select name, email, locale, is_platform_admin, suspended_at is not null as "suspended!"
        from users where id = $1 and erased_at is null
        "#,
        user.get()
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(Unexpected::from)?
    .ok_or(ModerationError::NotFound)?;
    if person.is_platform_admin || person.suspended {
        return Err(ModerationError::NotThem);
    }
    let signed_in =
        accounts::open_for_support(sv, &mut tx, (user, &person.locale), permit.actor(), &why)
            .await?;
    accounts::tell_of_support(sv, &mut tx, user, &why).await?;
    record(sv, &mut tx, permit.actor(), user, "user.act_as", &why).await?;
    tx.commit().await?;
    Ok(signed_in)
}

/// The admin is done before the time is over.
pub async fn stop_acting(sv: &Services, session: &Session) -> Result<(), Unexpected> {
    let Some(acting) = &session.acting else {
        return Ok(());
    };
    let mut tx = sv.db.begin(Scope::System).await?;
    accounts::end_session(sv, &mut tx, session).await?;
    record(sv, &mut tx, acting.by, session.user, "user.act_as_over", "").await?;
    tx.commit().await
}

/// Both of them, in the platform's record and in that of each organization that the person works for: what is theirs was seen.
async fn record(
    sv: &Services,
    tx: &mut Tx,
    admin: UserId,
    person: UserId,
    action: &'static str,
    reason: &str,
) -> Result<(), Unexpected> {
    let organizations = sqlx::query_scalar!(
        "select organization_id from memberships where user_id = $1 order by organization_id",
        person.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    let organizations = organizations.into_iter().map(OrganizationId::new).map(Some);
    for organization in std::iter::once(None).chain(organizations) {
        let entry = Entry {
            actor: Some(admin),
            organization,
            action,
            subject_kind: "user",
            subject: person.to_string(),
            reason,
            before: None,
            after: None,
        };
        audit::append(sv, tx, entry).await?;
    }
    Ok(())
}
