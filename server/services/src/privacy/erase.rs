//! A person's account and what names them goes (GDPR, article 17). Orders, payments and the ledger stay as figures without
//! a person; tickets stay good, for whoever has their link. The record of who did what keeps its numbers, which now lead
//! to nobody.

use domain::{
    ids::UserId,
    text::{Fault, FieldErrors},
    when::Timestamp,
};
use locales::Locale;

use super::proven;
use crate::{
    Services, Unexpected, audit,
    db::{Scope, Tx},
    messaging::{self, MailKind, NewMail},
    orders, passing,
    permit::{self, Refused},
    session::Session,
    team,
};

/// Stands where a name was: columns of names are never empty.
pub(super) const NOBODY: &str = "—";

#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    /// The address was not repeated.
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    /// Nobody else owns these organizations.
    #[error("the last owner of {0:?}")]
    LastOwner(Vec<String>),
    /// Somebody who runs the platform gives that up first.
    #[error("a platform admin")]
    PlatformAdmin,
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// Deletes the account of whoever repeats their address.
#[tracing::instrument(skip_all)]
pub async fn erase_account(
    sv: &Services,
    session: &Session,
    repeated: &str,
) -> Result<(), EraseError> {
    permit::fresh(sv, session)?;
    if repeated.trim().to_lowercase() != session.email.to_lowercase() {
        return Err(FieldErrors::one("confirm_email", Fault::Mismatch).into());
    }
    if session.platform_admin {
        return Err(EraseError::PlatformAdmin);
    }
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    let locale = sqlx::query_scalar!(
        "select locale from users where id = $1 and erased_at is null for update",
        session.user.get()
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(Unexpected::from)?
    .ok_or(Refused::NotFound)?;
    let alone = owned_alone(&mut tx, session.user).await?;
    if !alone.is_empty() {
        return Err(EraseError::LastOwner(alone));
    }
    let email = proven(session);
    if !email.is_empty() {
        orders::withdraw_all(sv, &mut tx, &email).await?;
        forget_customer(&mut tx, &email, now).await?;
    }
    team::end_all_invitations_of(sv, &mut tx, session.user, Some(session.user)).await?;
    forget_account(&mut tx, session.user, now).await?;
    let entry = audit::Entry {
        actor: Some(session.user),
        organization: None,
        action: "account.erase",
        subject_kind: "user",
        subject: session.user.to_string(),
        reason: "",
        before: None,
        after: None,
    };
    audit::append(sv, &mut tx, entry).await?;
    // The last mail; its address goes as soon as it has left.
    let mail = NewMail {
        kind: MailKind::AccountErased {
            name: session.name.clone(),
        },
        dedupe_key: format!("account_erased|{}", session.user),
        recipient: session.email.clone(),
        locale: Locale::from_code(&locale).unwrap_or_default(),
        organization: None,
        order: None,
    };
    messaging::enqueue(sv, &mut tx, mail).await?;
    tx.commit().await?;
    Ok(())
}

/// Organizations that would be left without an owner. Their teams stay locked, in order: of two owners who go at the same moment
/// the second one is told that they are the last.
async fn owned_alone(tx: &mut Tx, user: UserId) -> Result<Vec<String>, Unexpected> {
    sqlx::query_scalar!(
        r#"
        select user_id from memberships
        where organization_id in (select organization_id from memberships where user_id = $1)
        order by organization_id, user_id
        for update
        "#,
        user.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    let names = sqlx::query_scalar!(
        r#"
        select o.name from memberships m
        join organizations o on o.id = m.organization_id
        where m.user_id = $1 and m.role = 'owner'
          and not exists (
              select from memberships other
              where other.organization_id = m.organization_id and other.role = 'owner' and other.user_id <> $1)
        order by o.name
        "#,
        user.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(names)
}

/// The address and the name of a customer leave all orders. An invoice that was paid stays as tax law asks.
async fn forget_customer(tx: &mut Tx, email: &str, now: Timestamp) -> Result<(), Unexpected> {
    // In the order in which everybody locks: orders, offers of tickets, tickets.
    sqlx::query_scalar!(
        "select id from orders where buyer_key = $1 order by id for update",
        email
    )
    .fetch_all(&mut **tx)
    .await?;
    // Before the tickets: what they accept at this moment has their name on it when this is through.
    passing::forget_person(tx, email, now).await?;
    // Holders with an address of their own are other people.
    sqlx::query!(
        r#"
        update attendees a set name = $2, email = ''
        from order_lines l
        join orders o on o.id = l.order_id
        where l.id = a.order_line_id and (lower(a.email) = $1 or (o.buyer_key = $1 and a.email = ''))
        "#,
        email,
        NOBODY
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"
        update check_ins c set reason = null
        from tickets t join orders o on o.id = t.order_id
        where t.id = c.ticket_id and c.reason is not null
          and (lower(t.holder_email) = $1 or (o.buyer_key = $1 and t.holder_email = ''))
        "#,
        email
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"
        update tickets t set holder_name = $2, holder_email = ''
        from orders o
        where o.id = t.order_id and (lower(t.holder_email) = $1 or (o.buyer_key = $1 and t.holder_email = ''))
        "#,
        email,
        NOBODY
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!("delete from mails where lower(recipient) = $1", email)
        .execute(&mut **tx)
        .await?;
    sqlx::query!("delete from invitations where lower(email) = $1", email)
        .execute(&mut **tx)
        .await?;
    sqlx::query!(
        r#"
        update orders set
            buyer_name = $2,
            buyer_email = 'erased-' || id || '@erased.invalid',
            cancel_reason = '',
            door_note = null,
            placed_from = null,
            placed_with = '',
            invoice_name = case when paid_at is not null and total_minor > 0 then invoice_name else '' end,
            invoice_address = case when paid_at is not null and total_minor > 0 then invoice_address else '' end,
            invoice_vat_id = case when paid_at is not null and total_minor > 0 then invoice_vat_id else '' end,
            invoice_country = case when paid_at is not null and total_minor > 0 then invoice_country else '' end
        where buyer_key = $1
        "#,
        email,
        NOBODY
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The account opens for nobody any more, and its row names nobody.
async fn forget_account(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<(), Unexpected> {
    let id = user.get();
    sqlx::query!("delete from sessions where user_id = $1", id)
        .execute(&mut **tx)
        .await?;
    sqlx::query!("delete from email_tokens where user_id = $1", id)
        .execute(&mut **tx)
        .await?;
    sqlx::query!("delete from half_sign_ins where user_id = $1", id)
        .execute(&mut **tx)
        .await?;
    sqlx::query!("delete from challenges where user_id = $1", id)
        .execute(&mut **tx)
        .await?;
    sqlx::query!("delete from authenticators where user_id = $1", id)
        .execute(&mut **tx)
        .await?;
    sqlx::query!("delete from recovery_codes where user_id = $1", id)
        .execute(&mut **tx)
        .await?;
    sqlx::query!("delete from passkeys where user_id = $1", id)
        .execute(&mut **tx)
        .await?;
    sqlx::query!("delete from identities where user_id = $1", id)
        .execute(&mut **tx)
        .await?;
    sqlx::query!("delete from kept_orders where user_id = $1", id)
        .execute(&mut **tx)
        .await?;
    sqlx::query!("delete from memberships where user_id = $1", id)
        .execute(&mut **tx)
        .await?;
    sqlx::query!(
        r#"
        update ownership_offers set revoked_at = $2
        where $1 in (offered_by, offered_to) and accepted_at is null and revoked_at is null
        "#,
        id,
        jiff_sqlx::Timestamp::from(now) as _
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"
        update users set name = $2, email = 'erased-' || id || '@erased.invalid', password_hash = null,
            email_verified_at = null, suspended_at = null, suspended_reason = null, locale = 'en', erased_at = $3
        where id = $1
        "#,
        id,
        NOBODY,
        jiff_sqlx::Timestamp::from(now) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
