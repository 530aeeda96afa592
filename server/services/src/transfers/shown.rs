//! What a buyer's pages say about paying by transfer.

use domain::{
    catalog::Phase,
    money::Money,
    orders::OrderState,
    transfers::{Reference, TransferAccount, epc_payload},
    when::Timestamp,
};

use super::settings;
use crate::{Services, Unexpected, db::Scope, orders::OrderView, qr};

/// How an order stands to transfers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ForBuyer {
    /// Nothing is said of them.
    No,
    /// It can be chosen; the money would have to be there by then.
    Offered {
        until: Timestamp,
    },
    Waiting(Box<WaitingTransfer>),
}

/// A transfer that is waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingTransfer {
    pub account: TransferAccount,
    pub amount: Money,
    pub reference: Reference,
    pub until: Timestamp,
    /// A drawing (SVG) that banking apps read, where they can.
    pub qr: Option<String>,
}

/// For an order that is still to be paid.
pub async fn for_buyer(sv: &Services, order: &OrderView) -> Result<ForBuyer, Unexpected> {
    let Some(until) = order.expires_at.filter(|until| {
        order.state == OrderState::Pending
            && *until > order.now
            && !order.total.is_zero()
            && order.credit.is_zero()
            && !order.holds_first()
    }) else {
        return Ok(ForBuyer::No);
    };
    let mut tx = sv.db.begin(Scope::System).await?;
    let found = settings::load(&mut tx).await?;
    let begun = sqlx::query_scalar!(
        r#"
        select exists (
            select from payments where order_id = $1 and provider = 'transfer' and state = 'created'
        ) as "begun!"
        "#,
        order.id.get()
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    let Some(found) = found else {
        return Ok(ForBuyer::No);
    };
    if begun {
        let account = found.account;
        let reference = Reference::of_order(order.code);
        let qr = epc_payload(&account, order.total, &reference)
            .map(|text| qr::svg(&text))
            .transpose()?;
        return Ok(ForBuyer::Waiting(Box::new(WaitingTransfer {
            account,
            amount: order.total,
            reference,
            until,
            qr,
        })));
    }
    let event = &order.event;
    let sells = event.phase(order.now) == Phase::Upcoming && !event.organizer_suspended;
    let until = sells.then(|| found.pay_until(event, order.now)).flatten();
    Ok(until.map_or(ForBuyer::No, |until| ForBuyer::Offered { until }))
}
