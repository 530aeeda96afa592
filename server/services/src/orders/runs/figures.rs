//! What it would mean if all orders of an event ended now.

use domain::{
    ids::{EventId, OrganizationId},
    ledger::Takings,
    money::Money,
    orders::{EndFacts, Ending, NothingBack, OrderState},
    when::Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::{
    Unexpected,
    db::Tx,
    permit::{CancelEvents, Permit},
    rows::{at, coded, count, money},
    {Services, ledger},
};

/// The orders of an event, and the money in them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallOffFigures {
    /// Paid ones, free ones too.
    pub orders: u32,
    /// Tickets that would stop admitting.
    pub tickets: u32,
    /// Orders that still wait for their payment: they end without money.
    pub unpaid: u32,
    /// Orders whose money a bank has, all that was left of it.
    pub disputed: u32,
    pub money: Vec<MoneyBackFigures>,
}

/// The same in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoneyBackFigures {
    /// What goes back to buyers.
    pub refund: Money,
    /// The platform's fee in it, which the platform gives back.
    pub fee: Money,
    /// The tax in it.
    pub tax: Money,
    /// What of it comes out of the organization's own balance.
    pub own: Money,
    /// What can be paid out now; only for those who see the organization's money.
    pub balance: Option<Money>,
    /// What the balance does not cover, and the organization would owe the platform.
    pub short: Option<Money>,
}

/// `None` where there is no such event.
pub async fn call_off_figures(
    sv: &Services,
    permit: &Permit<CancelEvents>,
    event: EventId,
) -> Result<CallOffFigures, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    // Those who work for some events have no business with the money of all.
    let everywhere = permit.only_events().is_none();
    let found = figures(&mut tx, permit.organization(), (event, None), everywhere).await?;
    tx.commit().await?;
    Ok(found)
}

/// Of orders that were paid until then, or not paid and made; of all where there is no such moment.
pub(crate) async fn figures(
    tx: &mut Tx,
    organization: OrganizationId,
    (event, until): (EventId, Option<Timestamp>),
    with_balance: bool,
) -> Result<CallOffFigures, Unexpected> {
    // Orders that look the same are counted together: a stadium has few prices.
    let rows = sqlx::query!(
        r#"
        select o.state, o.currency, o.total_minor, o.tax_minor, o.fee_minor, o.refunded_minor,
               o.disputed_minor + o.withheld_minor as "withheld!", o.lost_minor + o.lost_elsewhere_minor as "lost!",
               p.order_id is not null or o.credit_minor > 0 as "captured!", count(*) as "orders!"
        from orders o
        left join payments p on p.order_id = o.id and p.state = 'succeeded'
        where o.organization_id = $1 and o.event_id = $2 and o.state in ('pending', 'asked', 'paid')
          and ($3::timestamptz is null or coalesce(o.paid_at, o.created_at) <= $3)
        group by 1, 2, 3, 4, 5, 6, 7, 8, 9
        order by o.currency
        "#,
        organization.get(),
        event.get(),
        until.map(at) as _
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut all = CallOffFigures {
        tickets: valid_tickets(tx, organization, (event, until)).await?,
        ..CallOffFigures::default()
    };
    for row in rows {
        let amount = |minor| money("orders", event, minor, &row.currency);
        let orders = count("orders", event, row.orders)?;
        let takings = Takings {
            total: amount(row.total_minor)?,
            tax: amount(row.tax_minor)?,
            fee: amount(row.fee_minor)?,
        };
        let gone = row.refunded_minor.saturating_add(row.withheld);
        let facts = EndFacts {
            state: coded("orders", event, &row.state)?,
            total: takings.total,
            left: amount(row.total_minor.saturating_sub(gone).max(0))?,
            captured: row.captured,
            disputed: row.withheld > 0,
        };
        let gone_for_good = amount(row.refunded_minor.saturating_add(row.lost))?;
        if matches!(facts.state, OrderState::Pending | OrderState::Asked) {
            all.unpaid = all.unpaid.saturating_add(orders);
            continue;
        }
        all.orders = all.orders.saturating_add(orders);
        match facts.ending() {
            Ending::CallOff(NothingBack::Disputed) => {
                all.disputed = all.disputed.saturating_add(orders);
            }
            Ending::GiveBack(left) => {
                let back = takings
                    .back(gone_for_good, left)
                    .map_err(|e| Unexpected::bad_row("orders of", event, e))?;
                add(&mut all.money, back, orders);
            }
            Ending::CallOff(_) | Ending::Leave(_) | Ending::NoPayment => {}
        }
    }
    if with_balance {
        for one in &mut all.money {
            let balance = ledger::owed(tx, organization, one.refund.currency).await?;
            one.balance = Some(balance);
            let short = one.own.minor.saturating_sub(balance.minor.max(0));
            one.short = (short > 0).then(|| Money::new(short, balance.currency));
        }
    }
    Ok(all)
}

async fn valid_tickets(
    tx: &mut Tx,
    organization: OrganizationId,
    (event, until): (EventId, Option<Timestamp>),
) -> Result<u32, Unexpected> {
    let number = sqlx::query_scalar!(
        r#"
        select count(*) as "tickets!" from tickets t
        where t.organization_id = $1 and t.event_id = $2 and t.state = 'valid'
          and ($3::timestamptz is null
               or exists (select from orders o where o.id = t.order_id and coalesce(o.paid_at, o.created_at) <= $3))
        "#,
        organization.get(),
        event.get(),
        until.map(at) as _
    )
    .fetch_one(&mut **tx)
    .await?;
    count("tickets", event, number)
}

fn add(all: &mut Vec<MoneyBackFigures>, back: Takings, orders: u32) {
    let times = |one: Money| one.minor.saturating_mul(i64::from(orders));
    let currency = back.total.currency;
    if all
        .last()
        .is_none_or(|last| last.refund.currency != currency)
    {
        let nothing = Money::zero(currency);
        all.push(MoneyBackFigures {
            refund: nothing,
            fee: nothing,
            tax: nothing,
            own: nothing,
            balance: None,
            short: None,
        });
    }
    let Some(sum) = all.last_mut() else { return };
    let more = |to: &mut Money, minor: i64| to.minor = to.minor.saturating_add(minor);
    more(&mut sum.refund, times(back.total));
    more(&mut sum.fee, times(back.fee));
    more(&mut sum.tax, times(back.tax));
    more(
        &mut sum.own,
        times(back.total).saturating_sub(times(back.fee)),
    );
}
