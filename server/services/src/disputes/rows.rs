//! A dispute on its way into and out of the database.

use std::collections::BTreeMap;

use domain::{
    disputes::{Case, DisputeState, Moved},
    ids::{DisputeId, OrderId, OrganizationId},
    money::Money,
    when::Timestamp,
};

use crate::{
    Unexpected,
    db::Tx,
    ports::KnownDispute,
    rows::{at, coded, money},
};

/// A dispute under lock.
pub(super) struct Locked {
    pub id: DisputeId,
    pub case: Case,
    /// As it was before this message.
    pub before: DisputeState,
    /// Nobody had heard of it.
    pub is_new: bool,
}

pub(super) async fn lock(
    tx: &mut Tx,
    organization: OrganizationId,
    provider: &str,
    known: &KnownDispute,
) -> Result<Option<Locked>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select id, state, currency, taken_minor, tax_back_minor, answer_by
        from disputes
        where organization_id = $1 and provider = $2 and reference = $3
        for update
        "#,
        organization.get(),
        provider,
        known.reference
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let of = |minor| money("disputes", row.id, minor, &row.currency);
    let state: DisputeState = coded("disputes", row.id, &row.state)?;
    Ok(Some(Locked {
        id: DisputeId::new(row.id),
        case: Case {
            name: known.reference.clone(),
            state,
            answer_by: row.answer_by.map(|at| at.to_jiff()),
            taken: of(row.taken_minor)?,
            tax_back: of(row.tax_back_minor)?,
            moved: moves(tx, organization, DisputeId::new(row.id)).await?,
        },
        before: state,
        is_new: false,
    }))
}

async fn moves(
    tx: &mut Tx,
    organization: OrganizationId,
    dispute: DisputeId,
) -> Result<BTreeMap<String, Moved>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select reference, taken_minor, currency, cost_minor, cost_currency
        from dispute_moves
        where organization_id = $1 and dispute_id = $2
        "#,
        organization.get(),
        dispute.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let moved = Moved {
                taken: money(
                    "dispute_moves",
                    &row.reference,
                    row.taken_minor,
                    &row.currency,
                )?,
                cost: money(
                    "dispute_moves",
                    &row.reference,
                    row.cost_minor,
                    &row.cost_currency,
                )?,
                reference: row.reference.clone(),
            };
            Ok((row.reference, moved))
        })
        .collect()
}

pub(super) async fn insert(
    tx: &mut Tx,
    organization: OrganizationId,
    (id, order, payment): (DisputeId, OrderId, domain::ids::PaymentId),
    provider: &str,
    known: &KnownDispute,
    now: Timestamp,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into disputes (id, organization_id, order_id, payment_id, provider, reference, state, reason, amount_minor,
                              currency, opened_at)
        values ($1, $2, $3, $4, $5, $6, 'inquiry', $7, $8, $9, $10)
        "#,
        id.get(),
        organization.get(),
        order.get(),
        payment.get(),
        provider,
        known.reference,
        known.reason.code(),
        known.amount.minor,
        known.amount.currency.as_str(),
        at(now) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes what a message has changed.
pub(super) async fn save(
    tx: &mut Tx,
    organization: OrganizationId,
    dispute: &Locked,
    (known, amount): (&KnownDispute, Money),
    now: Timestamp,
) -> Result<(), Unexpected> {
    let case = &dispute.case;
    sqlx::query!(
        r#"
        update disputes set state = $3, reason = $4, amount_minor = $5, taken_minor = $6, tax_back_minor = $7, answer_by = $8,
                            decided_at = case when $9 then coalesce(decided_at, $10) end
        where organization_id = $1 and id = $2
        "#,
        organization.get(),
        dispute.id.get(),
        case.state.code(),
        known.reason.code(),
        amount.minor,
        case.taken.minor,
        case.tax_back.minor,
        case.answer_by.map(at) as _,
        !case.state.is_open(),
        at(now) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn insert_moves(
    tx: &mut Tx,
    organization: OrganizationId,
    dispute: &Locked,
    (provider, moved): (&str, &[&Moved]),
    now: Timestamp,
) -> Result<(), Unexpected> {
    for moved in moved {
        sqlx::query!(
            r#"
            insert into dispute_moves (provider, reference, organization_id, dispute_id, taken_minor, currency, cost_minor,
                                       cost_currency, booked_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            "#,
            provider,
            moved.reference,
            organization.get(),
            dispute.id.get(),
            moved.taken.minor,
            moved.taken.currency.as_str(),
            moved.cost.minor,
            moved.cost.currency.as_str(),
            at(now) as _
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// One line of the timeline.
pub(super) async fn insert_step(
    sv: &crate::Services,
    tx: &mut Tx,
    organization: OrganizationId,
    dispute: DisputeId,
    what: &str,
    by: Option<domain::ids::UserId>,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into dispute_steps (id, organization_id, dispute_id, what, at, by_user) values ($1, $2, $3, $4, $5, $6)
        "#,
        sv.new_id(),
        organization.get(),
        dispute.get(),
        what,
        at(sv.now()) as _,
        by.map(domain::ids::UserId::get)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
