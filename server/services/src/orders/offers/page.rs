//! What a buyer sees of an offer. Their right is the secret in their link.

use domain::{
    ids::GiveBackOfferId,
    money::Money,
    orders::{EndFacts, Ending, NothingBack, OrderState},
    when::Timestamp,
};

use crate::{
    Services, Unexpected,
    checkout::summary,
    db::{Scope, Tx},
    orders::{Order, lock, money_back::has_money, queries},
};

/// Where a buyer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferState {
    /// They may still decide.
    Open,
    /// The time is over: who has tickets keeps them.
    Over,
    /// The order has ended, by this or otherwise.
    GivenBack,
    /// Somebody is inside with one of its tickets.
    Inside,
    /// A bank holds the money: giving tickets back would pay twice.
    Disputed,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferPage {
    pub state: OfferState,
    pub event_title: String,
    pub event_slug: String,
    pub organizer: String,
    pub starts_at: Timestamp,
    pub time_zone: String,
    /// There is a new date; otherwise there is none yet.
    pub moved: bool,
    pub until: Timestamp,
    /// What would come back.
    pub amount: Money,
    pub tickets: u32,
    /// They have said that they keep their tickets.
    pub kept: bool,
}

/// The latest offer for the order with this secret; `None` when there is neither.
pub async fn offer_page(sv: &Services, secret: &str) -> Result<Option<OfferPage>, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let Some((id, organization)) = queries::find_by_secret(&mut tx, secret).await? else {
        return Ok(None);
    };
    tx.narrow(organization).await?;
    let Some(order) = lock(&mut tx, organization, id).await? else {
        return Ok(None);
    };
    let Some(offer) = latest(&mut tx, &order).await? else {
        return Ok(None);
    };
    let event = summary(&mut tx, organization, order.event)
        .await?
        .ok_or_else(|| Unexpected::bad_row("orders", order.id, "without an event"))?;
    let plan = plan(sv, &mut tx, &order, &offer).await?;
    tx.commit().await?;
    Ok(Some(OfferPage {
        state: plan.state,
        event_title: event.title,
        event_slug: event.slug,
        organizer: event.organizer_name,
        starts_at: event.starts_at,
        time_zone: event.time_zone,
        moved: offer.moved,
        until: offer.until,
        amount: plan.amount,
        tickets: plan.tickets,
        kept: offer.kept,
    }))
}

pub(super) struct Offer {
    pub id: GiveBackOfferId,
    moved: bool,
    until: Timestamp,
    ended: bool,
    kept: bool,
}

/// Only for orders that were there when it was made: who bought afterwards knew of the date.
pub(super) async fn latest(tx: &mut Tx, order: &Order) -> Result<Option<Offer>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select f.id, f.moved, f.until, f.ended_at is not null as "ended!",
               exists (select from give_back_answers a
                       where a.offer_id = f.id and a.order_id = $3 and a.answer = 'keep') as "kept!"
        from give_back_offers f
        join orders o on o.id = $3 and o.event_id = f.event_id
        where f.organization_id = $1 and f.event_id = $2 and o.created_at <= f.created_at
        order by f.created_at desc, f.id desc
        limit 1
        "#,
        order.organization.get(),
        order.event.get(),
        order.id.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| Offer {
        id: GiveBackOfferId::new(row.id),
        moved: row.moved,
        until: row.until.to_jiff(),
        ended: row.ended,
        kept: row.kept,
    }))
}

pub(super) struct Plan {
    pub state: OfferState,
    pub amount: Money,
    tickets: u32,
}

pub(super) async fn plan(
    sv: &Services,
    tx: &mut Tx,
    order: &Order,
    offer: &Offer,
) -> Result<Plan, Unexpected> {
    let tickets = queries::live_tickets(tx, order).await?;
    let facts = EndFacts {
        state: order.state,
        total: order.total,
        left: order.left(),
        captured: has_money(tx, order).await?,
        disputed: !order.disputed.is_zero() || !order.withheld.is_zero(),
    };
    // What a bank has for good is no reason against the rest; what it has not decided about is.
    let undecided = order.disputed != order.lost || order.withheld != order.lost_elsewhere;
    let amount = match facts.ending() {
        Ending::GiveBack(amount) => amount,
        Ending::CallOff(_) | Ending::Leave(_) | Ending::NoPayment => {
            Money::zero(order.total.currency)
        }
    };
    let state = if order.state != OrderState::Paid {
        OfferState::GivenBack
    } else if offer.ended || sv.now() > offer.until {
        OfferState::Over
    } else if tickets.iter().any(|ticket| ticket.inside) {
        OfferState::Inside
    } else if undecided
        || matches!(
            facts.ending(),
            Ending::NoPayment | Ending::CallOff(NothingBack::Disputed)
        )
    {
        OfferState::Disputed
    } else {
        OfferState::Open
    };
    Ok(Plan {
        state,
        amount,
        tickets: u32::try_from(tickets.len()).unwrap_or(u32::MAX),
    })
}
