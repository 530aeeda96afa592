//! Makes the new order, and settles it at once where nothing is to be paid.

use domain::{
    ids::{OrderCode, OrderId, OrderLineId, OrganizationId, TicketTypeId, UserId},
    orders::{Asking, Attendee, HOURS_USUAL, OrderDetails},
    when::{Timestamp, shift},
};
use jiff::SignedDuration;
use locales::Locale;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    ExchangeError, ExchangePreview, ExchangeWish,
    plan::{Plan, plan},
    settle, stored,
};
use crate::{
    Origin, Services, Unexpected, approvals, audit,
    checkout::{Bound, Counter},
    db::{Scope, Tx},
    live,
    orders::{
        Channel, Invoice, NewLine, NewOrder, Order, expire_now, insert, lock, lock_all, new_code,
        queries, secret, void,
    },
    outbox::{self, Announcement},
    permit::{Permit, RefundOrders},
    stock::{self, Move},
};

/// Whoever has decided has this long to pay.
const TIME_TO_PAY: SignedDuration = SignedDuration::from_mins(30);
/// Whom the organizer's mail asks to pay has this long.
const TIME_TO_PAY_ASKED: SignedDuration = SignedDuration::from_hours(24);

/// The new order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchanged {
    pub order: OrderId,
    pub code: OrderCode,
    /// Of the order's permanent page.
    pub secret: String,
    /// Otherwise its tickets are there.
    pub needs_payment: bool,
    pub preview: ExchangePreview,
}

/// By the buyer, within the terms. `accepted` is what they saw, and they are where `origin` says.
#[tracing::instrument(skip_all)]
pub async fn exchange_by_buyer(
    sv: &Services,
    buyers_secret: &str,
    wish: &ExchangeWish,
    accepted: ExchangePreview,
    origin: &Origin,
) -> Result<Exchanged, ExchangeError> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let (id, organization) = queries::find_by_secret(&mut tx, buyers_secret)
        .await?
        .ok_or(ExchangeError::NotFound)?;
    tx.narrow(organization).await?;
    let done = exchange(
        sv,
        &mut tx,
        (organization, id),
        wish,
        accepted,
        (Bound::Buyer, None, origin),
    )
    .await?;
    tx.commit().await?;
    Ok(done)
}

/// By the organizer, who is bound by nothing but what there is.
#[tracing::instrument(skip_all, fields(order.code = %code))]
pub async fn exchange_by_organizer(
    sv: &Services,
    permit: &Permit<RefundOrders>,
    code: OrderCode,
    wish: &ExchangeWish,
    accepted: ExchangePreview,
) -> Result<Exchanged, ExchangeError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let id = queries::find_by_code(&mut tx, permit, code)
        .await?
        .ok_or(ExchangeError::NotFound)?;
    if wish.event.is_some_and(|event| !permit.covers(event)) {
        return Err(ExchangeError::NotFound);
    }
    let at = (permit.organization(), id);
    let who = (Bound::Organizer, permit.actor(), &Origin::default());
    let done = exchange(sv, &mut tx, at, wish, accepted, who).await?;
    let entry = audit::Entry {
        actor: permit.actor(),
        organization: Some(permit.organization()),
        action: "order.exchange",
        subject_kind: "order",
        subject: code.to_string(),
        reason: "",
        before: None,
        after: Some(serde_json::json!({ "order": done.code, "money": done.preview.money })),
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(done)
}

async fn exchange(
    sv: &Services,
    tx: &mut Tx,
    (organization, id): (OrganizationId, OrderId),
    wish: &ExchangeWish,
    accepted: ExchangePreview,
    (who, by, origin): (Bound, Option<UserId>, &Origin),
) -> Result<Exchanged, ExchangeError> {
    queries::lock_payments(tx, organization, &[id.get()]).await?;
    let mut from = lock(tx, organization, id)
        .await?
        .ok_or(ExchangeError::NotFound)?;
    queries::lock_tickets(tx, &from).await?;
    end_others(sv, tx, &from, wish, who).await?;
    let plan = plan(sv, tx, &from, wish, who).await?;
    if plan.preview != accepted {
        return Err(ExchangeError::Changed);
    }
    let back = plan.preview.money.back;
    if !back.is_zero() && approvals::needed(sv, tx, organization, (by, id), back).await? {
        return Err(ExchangeError::NotAllowed {
            why: "exchange_needs_approval",
        });
    }
    let at_once = plan.preview.money.to_pay.is_zero();
    let wanted = wish.wanted().into_iter().collect::<Vec<_>>();
    if at_once {
        void::void(sv, tx, &from, &plan.given).await?;
    }
    stock::shift(tx, organization, &wanted, Move::Hold)
        .await
        .map_err(Unexpected::from)?;
    let wait = match who {
        Bound::Buyer => TIME_TO_PAY,
        Bound::Organizer => TIME_TO_PAY_ASKED,
    };
    let mut new = new_order(sv, tx, &from, (&plan, who), shift(sv.now(), wait)).await?;
    new.from = origin.clone();
    insert(sv, tx, std::slice::from_ref(&new)).await?;
    stored::insert(sv, tx, (&from, new.id), &plan, by).await?;
    let mut made = lock(tx, organization, new.id)
        .await?
        .ok_or_else(|| Unexpected::bad_row("orders", new.id, "gone"))?;
    outbox::append(
        sv,
        tx,
        organization,
        &Announcement::OrderPlaced {
            order: new.id.get(),
        },
    )
    .await?;
    if at_once {
        let stored = stored::load(tx, &made)
            .await?
            .ok_or_else(|| Unexpected::bad_row("exchanges", new.id, "gone"))?;
        settle::complete(sv, tx, (&mut from, &mut made), &stored, Move::Sell).await?;
    } else if who == Bound::Organizer {
        let said = Announcement::ExchangeOffered {
            order: new.id.get(),
        };
        outbox::append(sv, tx, organization, &said).await?;
    }
    live::announce(tx, new.event).await?;
    Ok(Exchanged {
        order: new.id,
        code: new.code,
        secret: secret(sv, new.id),
        needs_payment: !at_once,
        preview: plan.preview,
    })
}

/// Who begins again has given up what they began before with the same tickets, and a buyer whatever they began with the
/// order: places wait for one thing at a time.
async fn end_others(
    sv: &Services,
    tx: &mut Tx,
    from: &Order,
    wish: &ExchangeWish,
    who: Bound,
) -> Result<(), ExchangeError> {
    let tickets: Vec<Uuid> = wish.tickets.iter().map(|ticket| ticket.get()).collect();
    let waiting = stored::waiting_for(tx, from, &tickets, who == Bound::Buyer).await?;
    // Everything that is given back here and taken below, at once: two people must not wait for each other.
    let places = queries::places_of(tx, from.organization, &waiting).await?;
    let live = queries::live_tickets(tx, from).await?;
    let also: Vec<TicketTypeId> = places
        .iter()
        .map(|(id, _)| *id)
        .chain(live.iter().map(|ticket| ticket.ticket_type))
        .collect();
    let at = (from.organization, wish.event.unwrap_or(from.event));
    Counter::open(sv, tx, at, &also)
        .await?
        .ok_or(ExchangeError::NotFound)?;
    for mut order in lock_all(tx, from.organization, &waiting).await? {
        expire_now(sv, tx, &mut order).await?;
    }
    Ok(())
}

/// The new order of the same buyer. Names move along with the tickets; whoever comes besides is the buyer's guest.
async fn new_order(
    sv: &Services,
    tx: &mut Tx,
    from: &Order,
    (plan, who): (&Plan, Bound),
    expires_at: Timestamp,
) -> Result<NewOrder, Unexpected> {
    let row = sqlx::query!(
        r#"
        select locale, buyer_name, buyer_email, invoice_name, invoice_address, invoice_vat_id from orders
        where organization_id = $1 and id = $2
        "#,
        from.organization.get(),
        from.id.get()
    )
    .fetch_one(&mut **tx)
    .await?;
    let bad = |e| Unexpected::bad_row("orders", from.id, e);
    let mut attendees = names(tx, from, plan).await?;
    let places = usize::try_from(plan.preview.wanted).unwrap_or(usize::MAX);
    attendees.resize(
        places,
        Attendee {
            name: row.buyer_name.clone(),
            email: None,
        },
    );
    Ok(NewOrder {
        id: OrderId::new(sv.new_id()),
        code: new_code(sv),
        organization: from.organization,
        event: plan.event.id,
        hold: None,
        locale: Locale::from_code(&row.locale).unwrap_or_default(),
        details: OrderDetails {
            buyer_name: row.buyer_name,
            email: row.buyer_email.parse().map_err(|e| bad(format!("{e:?}")))?,
            attendees,
        },
        invoice: Invoice {
            name: row.invoice_name,
            address: row.invoice_address,
            vat_id: row.invoice_vat_id,
        },
        total: plan.quote.total,
        tax: plan.quote.tax,
        fee: plan.quote.fee,
        reverse_charge: plan.reverse_charge,
        refund_policy: plan.event.refund_policy.clone(),
        created_at: sv.now(),
        expires_at,
        credit: plan.preview.money.credit,
        // Whoever has tickets has the yes already.
        asking: Asking::No,
        asking_hours: HOURS_USUAL,
        channel: match who {
            Bound::Buyer => Channel::Web,
            Bound::Organizer => Channel::Organizer,
        },
        from: Origin::default(),
        lines: plan
            .quote
            .lines
            .iter()
            .zip(&plan.phases)
            .map(|(line, phase)| NewLine {
                id: OrderLineId::new(sv.new_id()),
                priced: *line,
                full: None,
                phase: phase.clone(),
            })
            .collect(),
    })
}

/// Whose the given tickets are.
async fn names(tx: &mut Tx, from: &Order, plan: &Plan) -> Result<Vec<Attendee>, Unexpected> {
    let ids: Vec<Uuid> = plan.given.iter().map(|ticket| ticket.id.get()).collect();
    let rows = sqlx::query!(
        r#"
        select t.holder_name, t.holder_email from tickets t
        join ticket_types y on y.id = t.ticket_type_id
        where t.organization_id = $1 and t.id = any($2)
        order by y.position, y.number, t.n
        "#,
        from.organization.get(),
        &ids
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Attendee {
            name: row.holder_name,
            email: row.holder_email.parse().ok(),
        })
        .collect())
}
