//! What the payment provider tells of money that it keeps ready.

use domain::{
    ids::OrderId,
    orders::{Asking, Decision, OrderState, decide_until},
};

use super::{
    end::{EndRequestError, end_request},
    stored,
};
use crate::{
    Services, Unexpected,
    checkout::summary,
    db::Tx,
    live,
    messaging::RequestNews,
    orders::{Order, queries},
    outbox::{self, Announcement},
};

/// The card of a locked order is held: now the organizer is asked. An order whose time was over meanwhile stays as it is, and
/// the card is let go of; so is one that is held a second time.
pub(crate) async fn money_held(
    sv: &Services,
    tx: &mut Tx,
    order: &mut Order,
) -> Result<(), Unexpected> {
    if order.asking != Asking::Hold || order.decision.is_some() {
        return Ok(());
    }
    let Ok(asked) = order.state.ask() else {
        return Ok(());
    };
    let event = summary(tx, order.organization, order.event)
        .await?
        .ok_or_else(|| Unexpected::bad_row("orders", order.id, "without an event"))?;
    let now = sv.now();
    order.state = asked;
    order.expires_at = Some(decide_until(order.asking_hours, now, event.ends_at));
    stored::set_asked(tx, order, now).await?;
    say(sv, tx, order, RequestNews::Asked).await?;
    live::announce(tx, order.event).await
}

/// The card of a locked order is not held any more, and nothing was taken. Who waits for the organizer has asked in vain; who
/// has their yes is told how to pay.
pub(crate) async fn hold_gone(
    sv: &Services,
    tx: &mut Tx,
    order: &mut Order,
) -> Result<(), Unexpected> {
    if another_is_held(tx, order.id).await? {
        return Ok(());
    }
    if order.state == OrderState::Asked {
        match end_request(sv, tx, order, Decision::Lapsed, "").await {
            Ok(()) | Err(EndRequestError::Transition(_)) => {}
            Err(EndRequestError::Unexpected(e)) => return Err(e),
        }
        return queries::save(tx, order).await;
    }
    if order.state == OrderState::Pending && order.decision == Some(Decision::Approved) {
        say(sv, tx, order, RequestNews::HoldGone).await?;
    }
    Ok(())
}

async fn another_is_held(tx: &mut Tx, order: OrderId) -> Result<bool, Unexpected> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from payments where order_id = $1 and state = 'held') as "held!""#,
        order.get()
    )
    .fetch_one(&mut **tx)
    .await?)
}

pub(super) async fn say(
    sv: &Services,
    tx: &mut Tx,
    order: &Order,
    news: RequestNews,
) -> Result<(), Unexpected> {
    let said = Announcement::Request {
        order: order.id.get(),
        news,
    };
    outbox::append(sv, tx, order.organization, &said).await
}
