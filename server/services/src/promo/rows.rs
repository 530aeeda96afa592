//! Codes on their way out of the database.

use std::collections::HashMap;

use domain::{
    ids::{EventId, OrganizationId, PromoCodeId, TicketTypeId},
    money::{Currency, Money},
    pricing::Off,
    promo::{Facts, OffKind},
};

use uuid::Uuid;

use crate::{
    Unexpected,
    db::Tx,
    rows::{coded, count},
};

/// A code under its lock.
pub(crate) struct Code {
    pub id: PromoCodeId,
    pub facts: Facts,
    pub off: Off,
    /// `None`: for all.
    ticket_types: Option<Vec<TicketTypeId>>,
}

impl Code {
    /// Whether it is for tickets of this type.
    pub(crate) fn is_for(&self, ticket_type: TicketTypeId) -> bool {
        self.ticket_types
            .as_ref()
            .is_none_or(|types| types.contains(&ticket_type))
    }
}

/// Locks the codes that are compared like these, and those that these holds have, in the order of their ids: somebody else may
/// change one for the other the other way round. By how they are compared.
pub(crate) async fn lock_codes(
    tx: &mut Tx,
    organization: OrganizationId,
    folded: &[String],
    holds: &[Uuid],
) -> Result<HashMap<String, Code>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select id, folded, event_id, state, kind, percent_bp, amount_minor, currency, ticket_types, valid_from, valid_until,
               max_uses, used, budget_minor, spent_minor
        from promo_codes
        where organization_id = $1
          and (folded = any($2)
               or id = any(array(select promo_code_id from promo_uses
                                 where hold_id = any($3) and given_back_at is null)))
        order by id
        for update
        "#,
        organization.get(),
        folded,
        holds
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let id = PromoCodeId::new(row.id);
            let currency: Currency = coded("promo_codes", id, &row.currency)?;
            let code = Code {
                id,
                facts: Facts {
                    state: coded("promo_codes", id, &row.state)?,
                    event: row.event_id.map(EventId::new),
                    currency,
                    from: row.valid_from.map(|at| at.to_jiff()),
                    until: row.valid_until.map(|at| at.to_jiff()),
                    max_uses: row
                        .max_uses
                        .map(|most| count("promo_codes", id, most))
                        .transpose()?,
                    used: count("promo_codes", id, row.used)?,
                    budget: row.budget_minor,
                    spent: row.spent_minor,
                },
                off: off(
                    id,
                    coded("promo_codes", id, &row.kind)?,
                    row.percent_bp,
                    row.amount_minor,
                    currency,
                )?,
                ticket_types: row
                    .ticket_types
                    .map(|types| types.into_iter().map(TicketTypeId::new).collect()),
            };
            Ok((row.folded, code))
        })
        .collect()
}

/// What it takes off, out of its columns.
pub(super) fn off(
    id: PromoCodeId,
    kind: OffKind,
    percent_bp: Option<i32>,
    amount_minor: Option<i64>,
    currency: Currency,
) -> Result<Off, Unexpected> {
    let bad = || Unexpected::bad_row("promo_codes", id, "takes nothing off");
    let amount = || {
        let minor = amount_minor.ok_or_else(bad)?;
        Ok::<_, Unexpected>(Money::new(minor, currency))
    };
    Ok(match kind {
        OffKind::Percent => {
            let bp = percent_bp.and_then(|bp| u16::try_from(bp).ok());
            Off::Percent(bp.ok_or_else(bad)?)
        }
        OffKind::Ticket => Off::Ticket(amount()?),
        OffKind::Order => Off::Order(amount()?),
    })
}
