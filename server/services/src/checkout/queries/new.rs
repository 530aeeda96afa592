//! SQL of holds that are being made.

use std::collections::HashMap;

use domain::{
    ids::{EventId, HoldId, OrganizationId},
    when::Timestamp,
};
use uuid::Uuid;

use super::Dealt;
use crate::{
    Unexpected,
    db::Tx,
    prices::Parts,
    rows::{at, count, small},
    seal,
};

pub(in crate::checkout) struct NewHold {
    pub id: HoldId,
    pub token: String,
    pub locale: &'static str,
    pub expires_at: Timestamp,
    pub asked_by: Option<i64>,
    /// The address, where `asked_by` is a place of a waiting room.
    pub asked_from: Option<i64>,
    /// What is promised; tickets of one type stand together.
    pub lines: Vec<Dealt>,
}

/// Writes all holds of one event that were granted together.
pub(in crate::checkout) async fn insert(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
    created_at: Timestamp,
    holds: &[NewHold],
) -> Result<(), Unexpected> {
    let ids: Vec<Uuid> = holds.iter().map(|hold| hold.id.get()).collect();
    let hashes: Vec<Vec<u8>> = holds.iter().map(|hold| seal::hash(&hold.token)).collect();
    let locales: Vec<String> = holds.iter().map(|hold| hold.locale.to_owned()).collect();
    let ends: Vec<_> = holds.iter().map(|hold| at(hold.expires_at)).collect();
    let askers: Vec<Option<i64>> = holds.iter().map(|hold| hold.asked_by).collect();
    let from: Vec<Option<i64>> = holds.iter().map(|hold| hold.asked_from).collect();
    sqlx::query!(
        r#"
        insert into holds (id, organization_id, event_id, token_hash, locale, created_at, expires_at, asked_by, asked_from)
        select hold.id, $1, $2, hold.token_hash, hold.locale, $3, hold.expires_at, hold.asked_by, hold.asked_from
        from unnest($4::uuid[], $5::bytea[], $6::text[], $7::timestamptz[], $8::bigint[], $9::bigint[])
            as hold (id, token_hash, locale, expires_at, asked_by, asked_from)
        "#,
        organization.get(),
        event.get(),
        at(created_at) as _,
        &ids,
        &hashes,
        &locales,
        &ends as _,
        &askers as &[Option<i64>],
        &from as &[Option<i64>]
    )
    .execute(&mut **tx)
    .await?;
    let (mut of, mut types, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
    let (mut quantities, mut prices) = (Vec::new(), Vec::new());
    let (mut phases, mut names) = (Vec::new(), Vec::new());
    for hold in holds {
        let (mut before, mut part) = (None, 0_i16);
        for line in &hold.lines {
            part = if before == Some(line.ticket_type) {
                part + 1
            } else {
                0
            };
            before = Some(line.ticket_type);
            of.push(hold.id.get());
            types.push(line.ticket_type.get());
            numbers.push(part);
            quantities.push(small(line.quantity));
            prices.push(Parts::of(&line.price));
            phases.push(line.phase.as_ref().map(|phase| phase.id.get()));
            names.push(line.phase.as_ref().map(|phase| phase.name.clone()));
        }
    }
    let units: Vec<i64> = prices.iter().map(|part| part.unit_minor).collect();
    let rates: Vec<i32> = prices.iter().map(|part| part.tax_rate).collect();
    let taxes: Vec<Option<i64>> = prices.iter().map(|part| part.unit_tax_minor).collect();
    let fees: Vec<i64> = prices.iter().map(|part| part.unit_fee_minor).collect();
    sqlx::query!(
        r#"
        insert into hold_lines (hold_id, organization_id, ticket_type_id, quantity, unit_price_minor, tax_bp, tax_rate,
                                unit_tax_minor, unit_fee_minor, part, phase_id, phase_name)
        select hold_id, $1, ticket_type_id, quantity, price, rate / 10, rate, tax, fee, part, phase_id, phase_name
        from unnest($2::uuid[], $3::uuid[], $4::smallint[], $5::bigint[], $6::integer[], $7::bigint[], $8::bigint[],
                    $9::smallint[], $10::uuid[], $11::text[])
            as line (hold_id, ticket_type_id, quantity, price, rate, tax, fee, part, phase_id, phase_name)
        "#,
        organization.get(),
        &of,
        &types,
        &quantities,
        &units,
        &rates,
        &taxes as &[Option<i64>],
        &fees,
        &numbers,
        &phases as &[Option<Uuid>],
        &names as &[Option<String>]
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// How many reservations of an event these askers have: holds, and orders that are not paid yet. Asked for each by its
/// key: all holds of the event together are many.
pub(in crate::checkout) async fn open_holds(
    tx: &mut Tx,
    event: EventId,
    askers: &[i64],
) -> Result<HashMap<i64, u32>, Unexpected> {
    if askers.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query!(
        r#"
        select a.asker as "asker!",
               (select count(*) from holds h
                where h.event_id = $1 and h.asked_by = a.asker
                  and (h.state = 'active'
                       or (h.state = 'ordered'
                           and (select o.state in ('pending', 'asked') from orders o where o.hold_id = h.id)))) as "count!"
        from unnest($2::bigint[]) as a (asker)
        "#,
        event.get(),
        askers
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| Ok((row.asker, count("holds", row.asker, row.count)?)))
        .collect()
}

/// The same of those who come from these addresses with places of a waiting room.
pub(in crate::checkout) async fn open_holds_from(
    tx: &mut Tx,
    event: EventId,
    addresses: &[i64],
) -> Result<HashMap<i64, u32>, Unexpected> {
    if addresses.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query!(
        r#"
        select a.address as "address!",
               (select count(*) from holds h
                where h.event_id = $1 and h.asked_from = a.address
                  and (h.state = 'active'
                       or (h.state = 'ordered'
                           and (select o.state in ('pending', 'asked') from orders o where o.hold_id = h.id)))) as "count!"
        from unnest($2::bigint[]) as a (address)
        "#,
        event.get(),
        addresses
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| Ok((row.address, count("holds", row.address, row.count)?)))
        .collect()
}
