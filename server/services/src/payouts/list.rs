//! The payouts of an organization, and those that the platform has to send.

use domain::{
    ids::PayoutId,
    money::Money,
    payouts::{BankAccount, PayoutState},
    when::Timestamp,
};

use super::account;
use crate::{
    Services, Unexpected,
    db::Tx,
    paging::{Cursor, Page, limit},
    permit::{Permit, PlatformPermit, ViewFinances},
    rows::{coded, money},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayoutRow {
    pub id: PayoutId,
    pub number: i32,
    pub amount: Money,
    pub state: PayoutState,
    pub last_four: String,
    pub reference: String,
    pub requested_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// The bank gave it back then.
    pub returned_at: Option<Timestamp>,
}

/// Newest first.
pub async fn list(
    sv: &Services,
    permit: &Permit<ViewFinances>,
    cursor: Option<&str>,
    size: u16,
) -> Result<Page<PayoutRow>, Unexpected> {
    let (size, after) = (limit(size), Cursor::decode(cursor));
    let mut tx = sv.db.begin(permit.scope()).await?;
    let most = i64::try_from(size + 1).unwrap_or(i64::MAX);
    let items = read(&mut tx, permit, after, most).await?;
    tx.commit().await?;
    Ok(Page::cut(items, size, |row| Cursor {
        at: row.requested_at,
        id: row.id.get(),
    }))
}

/// More payouts than an organization has in a lifetime.
const MOST: i64 = 10_000;

/// All of them, newest first, to be taken away.
pub(super) async fn all(
    sv: &Services,
    permit: &Permit<ViewFinances>,
) -> Result<Vec<PayoutRow>, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let rows = read(&mut tx, permit, None, MOST).await?;
    tx.commit().await?;
    Ok(rows)
}

async fn read(
    tx: &mut Tx,
    permit: &Permit<ViewFinances>,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<PayoutRow>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select id, number, currency, amount_minor, state, last_four, reference, requested_at, ended_at, returned_at
        from payouts
        where organization_id = $1 and ($2::timestamptz is null or (requested_at, id) < ($2, $3))
        order by requested_at desc, id desc
        limit $4
        "#,
        permit.organization().get(),
        after.map(|c| jiff_sqlx::Timestamp::from(c.at)) as _,
        after.map(|c| c.id),
        limit
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(PayoutRow {
                id: PayoutId::new(row.id),
                number: row.number,
                amount: money("payouts", row.id, row.amount_minor, &row.currency)?,
                state: coded("payouts", row.id, &row.state)?,
                last_four: row.last_four,
                reference: row.reference,
                requested_at: row.requested_at.to_jiff(),
                ended_at: row.ended_at.map(|at| at.to_jiff()),
                returned_at: row.returned_at.map(|at| at.to_jiff()),
            })
        })
        .collect()
}

/// A payout that somebody has to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenPayout {
    pub id: PayoutId,
    pub number: i32,
    pub organization_slug: String,
    pub organization_name: String,
    pub amount: Money,
    pub account: BankAccount,
    pub requested_at: Timestamp,
    /// `None`: the schedule asked.
    pub requested_by: Option<String>,
    /// It can be sent to an account of the organization at the payment provider.
    pub has_connected: bool,
    /// It is being sent there.
    pub being_sent: bool,
    /// Why the provider did not send it, in its words.
    pub sending_failure: String,
    /// Since it was asked for, more went back to buyers or their banks than came in: sending it would pay out what is not there.
    pub short: bool,
}

/// Oldest first, at most 200: they are to be sent, not read.
pub async fn open(sv: &Services, permit: &PlatformPermit) -> Result<Vec<OpenPayout>, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let rows = sqlx::query!(
        r#"
        select p.id, p.number, p.currency, p.amount_minor, p.sealed, p.requested_at, o.slug, o.name,
               u.name as "by?", p.sending_to is not null as "being_sent!", p.sending_failure,
               exists (select from connected_accounts c
                       where c.organization_id = p.organization_id and c.provider = $1 and c.gone_at is null and c.transfers
                         and c.disabled not like 'rejected%') as "has_connected!",
               coalesce((select sum(e.amount_minor) > 0 from ledger_entries e
                         where e.organization_id = p.organization_id and e.currency = p.currency
                           and e.account in ('organizer_payable', 'tax_collected', 'organizer_reserve')), false) as "short!"
        from payouts p
        join organizations o on o.id = p.organization_id
        left join users u on u.id = p.requested_by
        where p.state = 'requested'
        order by p.requested_at, p.id
        limit 200
        "#,
        sv.payments.provider()
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    rows.into_iter()
        .map(|row| {
            Ok(OpenPayout {
                id: PayoutId::new(row.id),
                number: row.number,
                organization_slug: row.slug,
                organization_name: row.name,
                amount: money("payouts", row.id, row.amount_minor, &row.currency)?,
                account: account::of(sv, row.id, &row.sealed)?,
                requested_at: row.requested_at.to_jiff(),
                requested_by: row.by,
                has_connected: row.has_connected,
                being_sent: row.being_sent,
                sending_failure: row.sending_failure,
                short: row.short,
            })
        })
        .collect()
}

/// A payout that was sent, and that a bank may still give back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentPayout {
    pub id: PayoutId,
    pub number: i32,
    pub organization_name: String,
    pub amount: Money,
    pub last_four: String,
    pub reference: String,
    pub sent_at: Timestamp,
}

/// The latest first, at most 50: of all, or where there is a `text`, of those whose number, reference or organization it names.
pub async fn sent(
    sv: &Services,
    permit: &PlatformPermit,
    text: &str,
) -> Result<Vec<SentPayout>, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let rows = sqlx::query!(
        r#"
        select p.id, p.number, p.currency, p.amount_minor, p.last_four, p.reference, p.ended_at as "sent_at!", o.name
        from payouts p
        join organizations o on o.id = p.organization_id
        where p.state = 'sent'
          and ($1 = '' or p.number::text = $1 or position(lower($1) in lower(p.reference)) > 0
               or position(lower($1) in lower(o.name)) > 0)
        order by p.ended_at desc, p.id desc
        limit 50
        "#,
        text.trim()
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    rows.into_iter()
        .map(|row| {
            Ok(SentPayout {
                id: PayoutId::new(row.id),
                number: row.number,
                organization_name: row.name,
                amount: money("payouts", row.id, row.amount_minor, &row.currency)?,
                last_four: row.last_four,
                reference: row.reference,
                sent_at: row.sent_at.to_jiff(),
            })
        })
        .collect()
}
