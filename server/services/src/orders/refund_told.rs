//! What the provider says about one try to send money back: in its answer, in its messages, or when it is asked.

use domain::{
    ids::{EventId, OrderId, OrganizationId, RefundId},
    ledger::{LedgerError, Posting},
    money::Money,
    payments::{RefundMove, RefundState},
};

use crate::{
    Services, Unexpected, connect,
    db::Tx,
    invoices,
    ledger::{self, Cause},
    live,
    ports::KnownRefund,
    rows::{at, coded, money},
};

/// A refund under lock.
pub(super) struct Locked {
    pub order: OrderId,
    pub event: EventId,
    pub state: RefundState,
    pub attempt: u32,
    /// The provider's name for the present try.
    pub reference: Option<String>,
    /// It failed, and somebody of the platform sends it with the bank.
    pub taken: bool,
    pub amount: Money,
}

pub(super) async fn lock_in(
    tx: &mut Tx,
    organization: OrganizationId,
    id: RefundId,
) -> Result<Option<Locked>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select r.order_id, o.event_id, r.state, r.attempt, r.provider_ref, r.taken_at is not null as "taken!", r.amount_minor, r.currency
        from refunds r
        join orders o on o.id = r.order_id
        where r.organization_id = $1 and r.id = $2
        for update of r
        "#,
        organization.get(),
        id.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| {
        Ok(Locked {
            order: OrderId::new(row.order_id),
            event: EventId::new(row.event_id),
            state: coded("refunds", id, &row.state)?,
            attempt: u32::try_from(row.attempt).unwrap_or(1),
            reference: row.provider_ref,
            taken: row.taken,
            amount: money("refunds", id, row.amount_minor, &row.currency)?,
        })
    })
    .transpose()
}

/// Takes it in; again is fine, and so is any order.
pub(crate) async fn refund_told(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    (id, attempt): (RefundId, u32),
    known: &KnownRefund,
) -> Result<(), Unexpected> {
    let Some(row) = lock_in(tx, organization, id).await? else {
        return Err(Unexpected::bad_row("refunds", id, "gone"));
    };
    if attempt != row.attempt && !revives(sv, tx, organization, (id, &row), attempt, known).await? {
        return Ok(());
    }
    if row
        .reference
        .as_ref()
        .is_some_and(|name| *name != known.reference)
    {
        return Err(Unexpected::bad_row(
            "refunds",
            id,
            "the provider has two of the same try",
        ));
    }
    // Refused without a name means that the provider has no such try. It has one, so it is under way after all.
    let before = match row.state {
        RefundState::Failed if row.reference.is_none() => RefundState::Pending,
        state => state,
    };
    let (after, moved) = before.apply(known.state);
    if row.reference.is_some() && after == row.state {
        return Ok(());
    }
    if row.taken && after != RefundState::Failed {
        tracing::error!(
            refund.id = %id,
            "the provider sends a refund that somebody has taken on to send with the bank: call that transfer back, or the buyer has it twice"
        );
    }
    remember_try(sv, tx, organization, (id, attempt), &known.reference).await?;
    save(sv, tx, organization, (id, attempt), after, known).await?;
    book(sv, tx, organization, (id, &row), moved).await?;
    if after == RefundState::Succeeded {
        invoices::expect(sv, tx, &[], &[id.get()]).await?;
    }
    if known.recalled {
        connect::book_recall(sv, tx, organization, row.order, id).await?;
    }
    if after == RefundState::Failed {
        tracing::error!(refund.id = %id, why = known.why, "a refund did not reach the buyer: try again, or send it by hand");
    }
    live::announce(tx, row.event).await
}

/// News of an earlier try that is known change nothing: it had come to nothing before the present one was begun. But one that the
/// provider did not know of when it was asked, and knows now, takes the place of the present one, if that is not sent yet.
///
/// # Errors
/// When there is no place for it: then money may have left twice, and the message must not count as taken in.
async fn revives(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    (id, row): (RefundId, &Locked),
    attempt: u32,
    known: &KnownRefund,
) -> Result<bool, Unexpected> {
    let seen = sqlx::query_scalar!(
        r#"select exists (select from refund_tries where provider = $1 and reference = $2) as "seen!""#,
        sv.payments.provider(),
        known.reference
    )
    .fetch_one(&mut **tx)
    .await?;
    if seen {
        return Ok(false);
    }
    if known.state == RefundState::Failed {
        // Nothing has moved by it.
        tracing::warn!(refund.id = %id, attempt, "a try of a refund that nobody knew of has failed");
        remember_try(sv, tx, organization, (id, attempt), &known.reference).await?;
        return Ok(false);
    }
    let waits = row.state == RefundState::Pending && row.reference.is_none();
    if attempt < row.attempt && waits {
        return Ok(true);
    }
    // It is money: whoever operates this must hear of it.
    Err(Unexpected::bad_row(
        "refunds",
        id,
        format!(
            "the provider has sent try {attempt} ({}) beside try {}: the money may have left twice",
            known.reference, row.attempt
        ),
    ))
}

async fn save(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    (id, attempt): (RefundId, u32),
    state: RefundState,
    known: &KnownRefund,
) -> Result<(), Unexpected> {
    let why = if state == RefundState::Failed {
        known.why.as_str()
    } else {
        ""
    };
    sqlx::query!(
        r#"
        update refunds set state = $3, attempt = $7, provider_ref = $4, sent_at = coalesce(sent_at, $5), failure_reason = $6,
                           taken_at = case when $3 = 'failed' then taken_at end,
                           taken_by = case when $3 = 'failed' then taken_by end,
                           completed_at = case when $3 = 'pending' then null else $5::timestamptz end
        where organization_id = $1 and id = $2
        "#,
        organization.get(),
        id.get(),
        state.code(),
        known.reference,
        at(sv.now()) as _,
        why,
        i32::try_from(attempt).unwrap_or(i32::MAX)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn remember_try(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    (id, attempt): (RefundId, u32),
    reference: &str,
) -> Result<(), Unexpected> {
    let kept = sqlx::query!(
        r#"
        insert into refund_tries (provider, reference, organization_id, refund_id, attempt)
        values ($1, $2, $3, $4, $5)
        on conflict on constraint refund_tries_pkey do nothing
        "#,
        sv.payments.provider(),
        reference,
        organization.get(),
        id.get(),
        i32::try_from(attempt).unwrap_or(i32::MAX)
    )
    .execute(&mut **tx)
    .await?;
    if kept.rows_affected() == 1 {
        return Ok(());
    }
    let known = sqlx::query_scalar!(
        r#"
        select exists (select from refund_tries where provider = $1 and reference = $2 and refund_id = $3) as "known!"
        "#,
        sv.payments.provider(),
        reference,
        id.get()
    )
    .fetch_one(&mut **tx)
    .await?;
    // One try of the provider is one refund of ours, or was shared out when it was heard of: booking it twice would take the
    // money twice.
    if known {
        return Ok(());
    }
    Err(Unexpected::bad_row(
        "refund_tries",
        reference,
        "is a try of another refund",
    ))
}

/// Of a try that is several refunds, a further one.
pub(super) async fn share_try(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    (id, attempt): (RefundId, u32),
    (reference, part): (&str, usize),
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into refund_tries (provider, reference, organization_id, refund_id, attempt, part)
        values ($1, $2, $3, $4, $5, $6)
        "#,
        sv.payments.provider(),
        reference,
        organization.get(),
        id.get(),
        i32::try_from(attempt).unwrap_or(i32::MAX),
        i16::try_from(part).unwrap_or(i16::MAX)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn book(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    (id, row): (RefundId, &Locked),
    moved: RefundMove,
) -> Result<(), Unexpected> {
    let posting: Result<Posting, LedgerError> = match moved {
        RefundMove::None => return Ok(()),
        RefundMove::Left => Posting::refund_sent(row.amount),
        RefundMove::CameBack => Posting::refund_failed(row.amount),
    };
    let posting = posting.map_err(|e| Unexpected::bad_row("refunds", id, e))?;
    let cause = Cause::Refund {
        order: row.order,
        refund: id,
    };
    ledger::post(sv, tx, organization, cause, &posting).await
}
