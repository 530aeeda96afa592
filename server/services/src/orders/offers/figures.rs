//! How an offer goes, for the organizer.

use domain::{ids::EventId, money::Money, when::Timestamp};

use crate::{
    Services, Unexpected,
    permit::{Permit, ViewOrders},
    rows::{count, money},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferFigures {
    pub moved: bool,
    pub until: Timestamp,
    pub open: bool,
    /// Orders that said they keep their tickets.
    pub kept: u32,
    pub given_back: u32,
    /// Paid orders that have said nothing, and keep theirs.
    pub silent: u32,
    pub money_back: Money,
}

/// The latest offer of an event, if there was one.
pub async fn offer_figures(
    sv: &Services,
    permit: &Permit<ViewOrders>,
    event: EventId,
) -> Result<Option<OfferFigures>, Unexpected> {
    if !permit.covers(event) {
        return Ok(None);
    }
    let mut tx = sv.db.begin(permit.scope()).await?;
    let row = sqlx::query!(
        r#"
        select f.moved, f.until, f.ended_at is null and f.until >= $3 as "open!", e.currency,
               (select count(*) from give_back_answers a where a.offer_id = f.id and a.answer = 'keep') as "kept!",
               (select count(*) from give_back_answers a where a.offer_id = f.id and a.answer = 'give_back') as "given_back!",
               (select count(*) from orders o
                where o.event_id = f.event_id and o.state = 'paid' and o.created_at <= f.created_at
                  and not exists (select from give_back_answers a where a.offer_id = f.id and a.order_id = o.id)) as "silent!",
               coalesce((select sum(r.amount_minor) from give_back_answers a join refunds r on r.id = a.refund_id
                         where a.offer_id = f.id), 0)::bigint as "back!"
        from give_back_offers f
        join events e on e.id = f.event_id
        where f.organization_id = $1 and f.event_id = $2
        order by f.created_at desc, f.id desc
        limit 1
        "#,
        permit.organization().get(),
        event.get(),
        crate::rows::at(sv.now()) as _
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    row.map(|row| {
        Ok(OfferFigures {
            moved: row.moved,
            until: row.until.to_jiff(),
            open: row.open,
            kept: count("give_back_offers", event, row.kept)?,
            given_back: count("give_back_offers", event, row.given_back)?,
            silent: count("give_back_offers", event, row.silent)?,
            money_back: money("give_back_offers", event, row.back, &row.currency)?,
        })
    })
    .transpose()
}
