//! Rows of the mail queue.

use domain::{
    ids::{OrderId, OrganizationId},
    when::Timestamp,
};
use jiff::SignedDuration;
use locales::Locale;
use uuid::Uuid;

use super::{MailKind, NewMail, OrderMail};
use crate::{Unexpected, db::Tx};

pub(super) async fn insert(
    tx: &mut Tx,
    id: Uuid,
    mail: &NewMail,
    payload: serde_json::Value,
    now: Timestamp,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into mails (id, organization_id, order_id, kind, dedupe_key, recipient, locale, payload,
                           next_attempt_at, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
        on conflict on constraint mails_dedupe_key_key do nothing
        "#,
        id,
        mail.organization.map(OrganizationId::get),
        mail.order.map(OrderId::get),
        mail.kind.code(),
        mail.dedupe_key,
        mail.recipient,
        mail.locale.code(),
        payload,
        jiff_sqlx::Timestamp::from(now) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn insert_for_orders(
    tx: &mut Tx,
    ids: Vec<Uuid>,
    mails: &[OrderMail],
    payloads: Vec<serde_json::Value>,
    now: Timestamp,
) -> Result<(), Unexpected> {
    let orders: Vec<Uuid> = mails.iter().map(|mail| mail.order.get()).collect();
    let kinds: Vec<String> = mails.iter().map(|mail| mail.kind.code().into()).collect();
    let keys: Vec<String> = mails.iter().map(|mail| mail.dedupe_key.clone()).collect();
    sqlx::query!(
        r#"
        insert into mails (id, organization_id, order_id, kind, dedupe_key, recipient, locale, payload,
                           next_attempt_at, created_at)
        select n.id, o.organization_id, o.id, n.kind, n.key, o.buyer_email, o.locale, n.payload, $1, $1
        from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::jsonb[])
            as n (id, order_id, kind, key, payload)
        join orders o on o.id = n.order_id
        on conflict on constraint mails_dedupe_key_key do nothing
        "#,
        jiff_sqlx::Timestamp::from(now) as _,
        &ids,
        &orders,
        &kinds,
        &keys,
        &payloads
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A mail under way.
pub(super) struct Claimed {
    pub id: Uuid,
    pub recipient: String,
    pub locale: Locale,
    /// Why it cannot be read, if so.
    pub kind: Result<MailKind, String>,
    pub attempts: i32,
}

pub(super) async fn claim(
    tx: &mut Tx,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Claimed>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        update mails set attempts = attempts + 1, next_attempt_at = $2
        -- As a list, which is made once: of a set a plan for a small table asks anew for each row.
        where id = any(array(
            select id from mails
            where state = 'queued' and next_attempt_at <= $1
            order by next_attempt_at
            limit $3
            for update skip locked
        ))
        returning id, recipient, locale, payload, attempts
        "#,
        jiff_sqlx::Timestamp::from(now) as _,
        jiff_sqlx::Timestamp::from(now + SignedDuration::from_secs(60)) as _,
        limit
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Claimed {
            id: row.id,
            recipient: row.recipient,
            locale: Locale::from_code(&row.locale).unwrap_or_default(),
            kind: serde_json::from_value(row.payload).map_err(|e| e.to_string()),
            attempts: row.attempts,
        })
        .collect())
}

/// Sent: the payload goes, since links in it open doors.
pub(super) async fn sent(tx: &mut Tx, ids: &[Uuid], now: Timestamp) -> Result<(), Unexpected> {
    sqlx::query!(
        "update mails set state = 'sent', sent_at = $2, last_error = null, payload = '{}', recipient = case kind when 'account_erased' then '' else recipient end where id = any($1)",
        ids,
        jiff_sqlx::Timestamp::from(now) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn failed(
    tx: &mut Tx,
    id: Uuid,
    next: Timestamp,
    error: &str,
    dead: bool,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        update mails
        set next_attempt_at = $2, last_error = $3, state = case when $4 then 'dead' else state end
        where id = $1
        "#,
        id,
        jiff_sqlx::Timestamp::from(next) as _,
        error,
        dead
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
