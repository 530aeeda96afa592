//! What is kept for a while only goes by itself. How long is said, with the reasons, in `docs/security/data.md`.

use domain::when::{Timestamp, shift};
use jiff::SignedDuration;

use super::erase::NOBODY;
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    passing,
    rows::at,
};

const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Ways in that lead nowhere any more, and answers to repeated requests.
const USED_UP: i32 = 30;
/// Mails that were sent: a buyer's bank may ask for months whether somebody got what they paid for.
const SENT: i32 = 180;
/// After the event, from where an order was made: banks take disputes up to 120 days after what was paid for, and some a little
/// later.
const ORIGINS: i32 = 180;
/// Orders that were never paid.
const UNPAID: i32 = 365;

/// Forgets up to `limit` rows of each kind; whether there may be more.
pub async fn forget_due(sv: &Services, limit: i64) -> Result<bool, Unexpected> {
    let now = sv.now();
    let before = |days: i32| shift(now, -(DAY * days));
    let mut tx = sv.db.begin(Scope::System).await?;
    let gone = [
        sessions(&mut tx, before(USED_UP), limit).await?,
        links(&mut tx, before(USED_UP), limit).await?,
        half_done(&mut tx, before(1), limit).await?,
        invitations(&mut tx, before(USED_UP), limit).await?,
        answers(&mut tx, before(USED_UP), limit).await?,
        passing::forget_ended(&mut tx, before(USED_UP), limit).await?,
        mails(&mut tx, before(SENT), limit).await?,
        origins(&mut tx, before(ORIGINS), limit).await?,
        unpaid(&mut tx, before(UNPAID), limit).await?,
        cards(&mut tx, now, limit).await?,
    ];
    tx.commit().await?;
    let full = u64::try_from(limit).unwrap_or(u64::MAX);
    Ok(gone.iter().any(|gone| *gone >= full))
}

async fn sessions(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, Unexpected> {
    let gone = sqlx::query!(
        r#"
        delete from sessions where id in (
            select id from sessions where least(expires_at, revoked_at) < $1
            order by least(expires_at, revoked_at) limit $2
            for update skip locked)
        "#,
        at(before) as _,
        limit
    )
    .execute(&mut **tx)
    .await?;
    Ok(gone.rows_affected())
}

/// Links of mails: to prove an address, to sign in, for another password.
async fn links(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, Unexpected> {
    let gone = sqlx::query!(
        r#"
        delete from email_tokens where token_hash in (
            select token_hash from email_tokens where expires_at < $1 order by expires_at limit $2
            for update skip locked)
        "#,
        at(before) as _,
        limit
    )
    .execute(&mut **tx)
    .await?;
    Ok(gone.rows_affected())
}

/// Sign-ins that were begun and not finished. Minutes after their end they are of no use; a day is for clocks.
async fn half_done(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, Unexpected> {
    let halves = sqlx::query!(
        r#"
        delete from half_sign_ins where token_hash in (
            select token_hash from half_sign_ins where expires_at < $1 order by expires_at limit $2
            for update skip locked)
        "#,
        at(before) as _,
        limit
    )
    .execute(&mut **tx)
    .await?;
    let questions = sqlx::query!(
        r#"
        delete from challenges where token_hash in (
            select token_hash from challenges where expires_at < $1 order by expires_at limit $2
            for update skip locked)
        "#,
        at(before) as _,
        limit
    )
    .execute(&mut **tx)
    .await?;
    Ok(halves.rows_affected().max(questions.rows_affected()))
}

/// Those that nobody took: they hold the address of somebody who may have nothing to do with us.
async fn invitations(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, Unexpected> {
    let gone = sqlx::query!(
        r#"
        delete from invitations where id in (
            select id from invitations where accepted_at is null and least(expires_at, revoked_at) < $1 limit $2
            for update skip locked)
        "#,
        at(before) as _,
        limit
    )
    .execute(&mut **tx)
    .await?;
    Ok(gone.rows_affected())
}

/// Which cards paid for events that are over: nobody counts by them any more.
async fn cards(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<u64, Unexpected> {
    let gone = sqlx::query!(
        r#"
        update payments set card_key = null where id in (
            select p.id from payments p
            join orders o on o.id = p.order_id
            join events e on e.id = o.event_id
            where p.card_key is not null and e.ends_at < $1 limit $2
            for update of p skip locked)
        "#,
        at(now) as _,
        limit
    )
    .execute(&mut **tx)
    .await?;
    Ok(gone.rows_affected())
}

/// What was answered to requests that may come once more.
async fn answers(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, Unexpected> {
    let gone = sqlx::query!(
        r#"
        delete from idempotency_keys where (scope, key) in (
            select scope, key from idempotency_keys where created_at < $1 order by created_at limit $2
            for update skip locked)
        "#,
        at(before) as _,
        limit
    )
    .execute(&mut **tx)
    .await?;
    Ok(gone.rows_affected())
}

async fn mails(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, Unexpected> {
    let gone = sqlx::query!(
        r#"
        delete from mails where id in (
            select id from mails where state = 'sent' and sent_at < $1 order by sent_at limit $2
            for update skip locked)
        "#,
        at(before) as _,
        limit
    )
    .execute(&mut **tx)
    .await?;
    Ok(gone.rows_affected())
}

/// From where orders were made. An order is older than the end of its event, so its age alone tells where to look.
async fn origins(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, Unexpected> {
    let gone = sqlx::query!(
        r#"
        update orders set placed_from = null, placed_with = ''
        where id in (
            select o.id from orders o
            join events e on e.id = o.event_id
            where (o.placed_from is not null or o.placed_with <> '') and o.created_at < $1 and e.ends_at < $1
            order by o.created_at
            limit $2
            for update of o skip locked)
        "#,
        at(before) as _,
        limit
    )
    .execute(&mut **tx)
    .await?;
    Ok(gone.rows_affected())
}

/// The order stays as a figure without a person.
async fn unpaid(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, Unexpected> {
    let gone = sqlx::query!(
        r#"
        with old as materialized (
            select id from orders
            where state in ('cancelled', 'expired') and paid_at is null and buyer_name <> '—' and created_at < $1
            order by created_at
            limit $2
            for update skip locked
        ), holders as (
            update attendees a set name = $3, email = ''
            from order_lines l join old on old.id = l.order_id
            where l.id = a.order_line_id
        )
        update orders o set buyer_name = $3, buyer_email = 'erased-' || o.id || '@erased.invalid', cancel_reason = '', door_note = null,
                            placed_from = null, placed_with = '',
                            invoice_name = '', invoice_address = '', invoice_vat_id = '', invoice_country = ''
        from old
        where o.id = old.id
        "#,
        at(before) as _,
        limit,
        NOBODY
    )
    .execute(&mut **tx)
    .await?;
    Ok(gone.rows_affected())
}
