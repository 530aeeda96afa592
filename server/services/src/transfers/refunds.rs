//! Refunds that somebody sends with the platform's bank: those of transfers, which no provider sends, and those that came to
//! nothing elsewhere. And those that the bank gives back.

use domain::{
    ids::{OrderCode, OrganizationId, RefundId},
    money::Money,
    payments::RefundState,
    text::{FieldErrors, line},
    transfers::Reference,
    when::Timestamp,
};

use super::take_in::{Told, place};
use crate::{
    Services, Unexpected, audit,
    db::Tx,
    orders::{back_at_bank, sent_by_bank},
    permit::{PlatformPermit, Proven},
    rows::{coded, money},
    sheet,
};

/// A refund that waits to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundRow {
    pub id: RefundId,
    pub order: String,
    pub organization: String,
    pub amount: Money,
    /// Who has paid, as the bank told it; empty where it did not.
    pub holder: String,
    /// Their account; empty where the bank did not tell it.
    pub account: String,
    pub reference: Reference,
    pub asked_at: Timestamp,
    /// It was tried before, and why it came to nothing: by the provider, who may be asked once more, or by the bank.
    pub failed: Option<String>,
    /// Who of the platform has taken it on, and sends it with the bank.
    pub taken_by: Option<String>,
}

/// Which refunds, so that many of one kind never crowd out the other.
#[derive(Clone, Copy)]
enum Kind {
    /// Of transfers, which no provider sends.
    OfTransfers,
    /// Those that came to nothing.
    Failed,
}

/// Those of transfers, then those that came to nothing: of each the oldest first, at most 200, for they are to be sent, not read.
pub async fn refunds(sv: &Services, permit: &PlatformPermit) -> Result<Vec<RefundRow>, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let mut all = of_kind(sv, &mut tx, Kind::OfTransfers).await?;
    all.append(&mut of_kind(sv, &mut tx, Kind::Failed).await?);
    tx.commit().await?;
    Ok(all)
}

async fn of_kind(sv: &Services, tx: &mut Tx, kind: Kind) -> Result<Vec<RefundRow>, Unexpected> {
    let (state, provider) = match kind {
        Kind::OfTransfers => (RefundState::Pending, Some(domain::transfers::PROVIDER)),
        Kind::Failed => (RefundState::Failed, None),
    };
    let rows = sqlx::query!(
        r#"
        select r.id, r.amount_minor, r.currency, r.created_at, r.failure_reason, o.code, g.name as organization, l.id as "line?",
               l.sealed as "sealed?", case when r.taken_at is not null then coalesce(u.name, '') end as taken_by
        from refunds r
        join payments p on p.id = r.payment_id
        join orders o on o.id = r.order_id
        join organizations g on g.id = r.organization_id
        left join users u on u.id = r.taken_by
        left join bank_lines l on l.payment_id = p.id and l.state in ('matched', 'assigned')
        -- The index on what is to be sent is seen by a plan for both kinds.
        where r.state = $1 and r.state in ('pending', 'failed') and ($2::text is null or p.provider = $2)
        order by r.created_at, r.id
        limit 200
        "#,
        state.code(),
        provider
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let told: Option<Told> = match row.line.zip(row.sealed) {
                Some((line, sealed)) => {
                    let plain = sv.seal.open(&place(line), &sealed)?;
                    let told = serde_json::from_slice(&plain);
                    Some(told.map_err(|e| Unexpected::bad_row("bank_lines", line, e))?)
                }
                None => None,
            };
            let code: OrderCode = coded("orders", row.id, &row.code)?;
            let id = RefundId::new(row.id);
            let (holder, account) =
                told.map_or_else(Default::default, |told| (told.party, told.account));
            Ok(RefundRow {
                id,
                order: row.code,
                organization: row.organization,
                amount: money("refunds", row.id, row.amount_minor, &row.currency)?,
                holder,
                account,
                reference: Reference::of_refund(code, id),
                asked_at: row.created_at.to_jiff(),
                failed: matches!(kind, Kind::Failed).then_some(row.failure_reason),
                taken_by: row.taken_by,
            })
        })
        .collect()
}

/// The same, for a program of the bank; those that came to nothing once are for people.
pub fn refunds_sheet(rows: &[RefundRow]) -> Result<Vec<u8>, Unexpected> {
    let head = ["holder", "iban", "amount", "currency", "reference", "order"].map(str::to_owned);
    let fresh = rows.iter().filter(|row| row.failed.is_none());
    let rows = fresh.map(|row| {
        [
            row.holder.clone(),
            row.account.clone(),
            row.amount.to_decimal_string(),
            row.amount.currency.as_str().to_owned(),
            row.reference.as_str().to_owned(),
            row.order.clone(),
        ]
    });
    sheet::records(std::iter::once(head).chain(rows))
}

#[derive(Debug, thiserror::Error)]
pub enum SentError {
    #[error("no such refund that waits")]
    NotFound,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// The money has left the platform's account. One that came to nothing before has been taken on ([`super::take_on`]), or the provider
/// may be sending it, too.
#[tracing::instrument(skip_all, fields(refund = %id))]
pub async fn mark_sent(
    sv: &Services,
    permit: &Proven<PlatformPermit>,
    id: RefundId,
) -> Result<(), SentError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let row = sqlx::query!(
        r#"
        select r.organization_id, o.code, r.amount_minor, r.currency
        from refunds r
        join payments p on p.id = r.payment_id
        join orders o on o.id = r.order_id
        where r.id = $1 and (r.state = 'pending' and p.provider = 'transfer' or r.state = 'failed' and r.taken_at is not null)
        for update of r
        "#,
        id.get()
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(Unexpected::from)?
    .ok_or(SentError::NotFound)?;
    let code: OrderCode = coded("orders", id, &row.code)?;
    let organization = OrganizationId::new(row.organization_id);
    let amount = money("refunds", id, row.amount_minor, &row.currency)?;
    let entry = audit::Entry {
        actor: Some(permit.actor()),
        organization: Some(organization),
        action: "transfers.refund_sent",
        subject_kind: "order",
        subject: row.code,
        reason: "",
        before: None,
        after: Some(serde_json::json!({ "amount": amount })),
    };
    let reference = Reference::of_refund(code, id);
    // Somebody else, or a statement, was first.
    let how = (
        reference.as_str(),
        &[RefundState::Pending, RefundState::Failed][..],
    );
    if !sent_by_bank(sv, &mut tx, organization, id, how).await? {
        return Err(SentError::NotFound);
    }
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(())
}

/// A refund that has left by bank, which may still give it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentRow {
    pub id: RefundId,
    pub order: String,
    pub organization: String,
    pub amount: Money,
    pub reference: String,
    pub sent_at: Timestamp,
}

/// The latest first, at most 50: of all, or where there is a `text`, of those whose order or reference it names.
pub async fn sent_refunds(
    sv: &Services,
    permit: &PlatformPermit,
    text: &str,
) -> Result<Vec<SentRow>, Unexpected> {
    let text = text.trim();
    let code: Option<OrderCode> = text.parse().ok();
    let order = code.or_else(|| Reference::find_all(text).first().and_then(Reference::order));
    let mut tx = sv.db.begin(permit.scope()).await?;
    let rows = sqlx::query!(
        r#"
        select r.id, r.amount_minor, r.currency, r.provider_ref, r.completed_at as "sent_at!", o.code, g.name as organization
        from refunds r
        join orders o on o.id = r.order_id
        join organizations g on g.id = r.organization_id
        where r.by_bank and r.state = 'succeeded' and r.exchanged_to is null
          and ($1 = '' or o.code = $2 or position(lower($1) in lower(r.provider_ref)) > 0)
        order by r.completed_at desc, r.id desc
        limit 50
        "#,
        text,
        order.map(String::from)
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    rows.into_iter()
        .map(|row| {
            Ok(SentRow {
                id: RefundId::new(row.id),
                order: row.code,
                organization: row.organization,
                amount: money("refunds", row.id, row.amount_minor, &row.currency)?,
                reference: row.provider_ref.unwrap_or_default(),
                sent_at: row.sent_at.to_jiff(),
            })
        })
        .collect()
}

#[derive(Debug, thiserror::Error)]
pub enum CameBackError {
    #[error("no such refund that was sent by bank")]
    NotFound,
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// The bank gave a refund back: it is owed to the buyer again, and waits for somebody. Fields: `reason`.
#[tracing::instrument(skip_all, fields(refund = %id))]
pub async fn mark_came_back(
    sv: &Services,
    permit: &Proven<PlatformPermit>,
    id: RefundId,
    reason: &str,
) -> Result<(), CameBackError> {
    let mut errors = FieldErrors::new();
    let reason = errors.field("reason", line(reason, 1, 140));
    errors.finish()?;
    let reason = reason.unwrap_or_default();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let row = sqlx::query!(
        r#"
        select r.organization_id, o.code, r.amount_minor, r.currency
        from refunds r
        join orders o on o.id = r.order_id
        where r.id = $1
        "#,
        id.get()
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(Unexpected::from)?
    .ok_or(CameBackError::NotFound)?;
    let organization = OrganizationId::new(row.organization_id);
    let amount = money("refunds", id, row.amount_minor, &row.currency)?;
    if !back_at_bank(sv, &mut tx, organization, id, &reason).await? {
        return Err(CameBackError::NotFound);
    }
    let entry = audit::Entry {
        actor: Some(permit.actor()),
        organization: Some(organization),
        action: "transfers.refund_back",
        subject_kind: "order",
        subject: row.code,
        reason: &reason,
        before: None,
        after: Some(serde_json::json!({ "amount": amount })),
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(())
}
