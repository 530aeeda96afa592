//! SQL of codes in baskets.

use std::collections::HashMap;

use domain::{
    ids::{HoldId, OrganizationId, TicketTypeId},
    pricing::{Price, SoldIn},
};
use uuid::Uuid;

use crate::{
    Unexpected,
    db::Tx,
    prices::Parts,
    rows::{count, small},
};

/// A code that a customer may not use as often as they like.
pub(in crate::checkout) struct CodeOfHold {
    pub id: Uuid,
    pub max_per_customer: u32,
}

/// The codes of these holds that are limited for a customer.
pub(in crate::checkout) async fn limited_codes(
    tx: &mut Tx,
    organization: OrganizationId,
    holds: &[Uuid],
) -> Result<HashMap<HoldId, CodeOfHold>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select u.hold_id, c.id, c.max_per_customer as "max_per_customer!"
        from promo_uses u
        join promo_codes c on c.id = u.promo_code_id
        where u.organization_id = $1 and u.hold_id = any($2) and u.given_back_at is null
          and c.max_per_customer is not null
        "#,
        organization.get(),
        holds
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let code = CodeOfHold {
                id: row.id,
                max_per_customer: count("promo_codes", row.id, row.max_per_customer)?,
            };
            Ok((HoldId::new(row.hold_id), code))
        })
        .collect()
}

/// What a hold with a code shows of it: the code, and what it takes off.
pub(in crate::checkout) async fn code_of(
    tx: &mut Tx,
    organization: OrganizationId,
    hold: HoldId,
) -> Result<Option<(String, i64)>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select c.code, u.discount_minor
        from promo_uses u
        join promo_codes c on c.id = u.promo_code_id
        where u.organization_id = $1 and u.hold_id = $2 and u.given_back_at is null
        "#,
        organization.get(),
        hold.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| (row.code, row.discount_minor)))
}

/// A line with the price of a code, or as it was without one.
pub(in crate::checkout) struct NewPrice {
    pub ticket_type: TicketTypeId,
    pub quantity: u32,
    pub price: Price,
    /// Where a code takes something off.
    pub full: Option<Price>,
    pub phase: Option<SoldIn>,
}

/// Promises other prices for what holds keep. The same tickets are in the new lines of each.
pub(in crate::checkout) async fn set_lines(
    tx: &mut Tx,
    organization: OrganizationId,
    holds: &[(HoldId, Vec<NewPrice>)],
) -> Result<(), Unexpected> {
    sqlx::query!(
        "delete from hold_lines where organization_id = $1 and hold_id = any($2)",
        organization.get(),
        &holds.iter().map(|(hold, _)| hold.get()).collect::<Vec<_>>()
    )
    .execute(&mut **tx)
    .await?;
    let lines: Vec<(HoldId, &NewPrice)> = holds
        .iter()
        .flat_map(|(hold, lines)| lines.iter().map(|line| (*hold, line)))
        .collect();
    let mut next: HashMap<(HoldId, TicketTypeId), i16> = HashMap::new();
    let parts: Vec<i16> = lines
        .iter()
        .map(|(hold, line)| {
            let part = next.entry((*hold, line.ticket_type)).or_default();
            std::mem::replace(part, part.saturating_add(1))
        })
        .collect();
    let ids: Vec<Uuid> = lines.iter().map(|(hold, _)| hold.get()).collect();
    let lines = || lines.iter().map(|(_, line)| line);
    let types: Vec<Uuid> = lines().map(|line| line.ticket_type.get()).collect();
    let quantities: Vec<i16> = lines().map(|line| small(line.quantity)).collect();
    let prices: Vec<Parts> = lines().map(|line| Parts::of(&line.price)).collect();
    let fulls: Vec<Option<Parts>> = lines()
        .map(|line| line.full.as_ref().map(Parts::of))
        .collect();
    let full = |of: fn(&Parts) -> Option<i64>| -> Vec<Option<i64>> {
        fulls
            .iter()
            .map(|parts| parts.as_ref().and_then(of))
            .collect()
    };
    sqlx::query!(
        r#"
        insert into hold_lines (hold_id, organization_id, ticket_type_id, part, quantity, unit_price_minor, tax_bp, tax_rate,
                                unit_tax_minor, unit_fee_minor, full_price_minor, full_tax_minor, full_fee_minor, phase_id,
                                phase_name)
        select l.hold, $2, l.ticket_type, l.part, l.quantity, l.price, l.rate / 10, l.rate, l.tax, l.fee, l.full_price, l.full_tax,
               l.full_fee, l.phase_id, l.phase_name
        from unnest($1::uuid[], $3::uuid[], $4::smallint[], $5::smallint[], $6::bigint[], $7::integer[], $8::bigint[],
                    $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::uuid[], $14::text[])
            as l (hold, ticket_type, part, quantity, price, rate, tax, fee, full_price, full_tax, full_fee, phase_id, phase_name)
        "#,
        &ids,
        organization.get(),
        &types,
        &parts,
        &quantities,
        &prices.iter().map(|part| part.unit_minor).collect::<Vec<_>>(),
        &prices.iter().map(|part| part.tax_rate).collect::<Vec<_>>(),
        &prices.iter().map(|part| part.unit_tax_minor).collect::<Vec<_>>() as &[Option<i64>],
        &prices.iter().map(|part| part.unit_fee_minor).collect::<Vec<_>>(),
        &full(|parts| Some(parts.unit_minor)) as &[Option<i64>],
        &full(|parts| parts.unit_tax_minor) as &[Option<i64>],
        &full(|parts| Some(parts.unit_fee_minor)) as &[Option<i64>],
        &lines().map(|line| line.phase.as_ref().map(|phase| phase.id.get())).collect::<Vec<_>>() as &[Option<Uuid>],
        &lines().map(|line| line.phase.as_ref().map(|phase| phase.name.clone())).collect::<Vec<_>>() as &[Option<String>]
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
