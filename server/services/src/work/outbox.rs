//! Turns announcements into their effects, in the transaction that takes them: each has its effect exactly once.

use std::collections::{BTreeSet, HashSet};

use domain::ids::{EventId, OrderId};
use uuid::Uuid;

use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    invoices,
    messaging::{self, MailKind, OrderMail, RequestNews},
    orders::{self, TellOf},
    outbox::{self, Announcement},
    passing, search, vat,
};

const PORTION: i64 = 500;

/// Handles the next portion of announcements; returns how many there were.
pub async fn drain_outbox(sv: &Services) -> Result<usize, Unexpected> {
    let mut tx = sv.db.begin_shared(Scope::System).await?;
    let taken = outbox::take(&mut tx, PORTION).await?;
    let mut effects = Effects::default();
    for item in &taken {
        effects.add(&item.announcement);
    }
    effects.write(sv, &mut tx).await?;
    tx.commit().await?;
    Ok(taken.len())
}

/// What a portion of announcements asks for, put together so that it is written in few statements.
#[derive(Default)]
struct Effects {
    /// Search entries to be written anew, whatever changed and however often.
    events: BTreeSet<Uuid>,
    organizations: BTreeSet<Uuid>,
    mails: Vec<OrderMail>,
    cancelled: Vec<Uuid>,
    /// Orders and refunds that get a document.
    paid: Vec<Uuid>,
    refunded: Vec<Uuid>,
    /// Events whose buyers are told, and what.
    told: Vec<(Uuid, &'static str)>,
    /// Offers whose buyers are told.
    offers: Vec<Uuid>,
    /// Requests whose organizers are told that they wait, or that nobody decided.
    asked: Vec<Uuid>,
    lapsed: Vec<Uuid>,
    /// Orders that organizers said yes to in vain.
    unpaid: Vec<Uuid>,
}

impl Effects {
    fn add(&mut self, announcement: &Announcement) {
        match announcement {
            // Buyers are told of a cancelled event order by order, as each is cancelled.
            Announcement::EventChanged { event } | Announcement::EventCancelled { event } => {
                self.events.insert(*event);
            }
            Announcement::OrganizationChanged { organization } => {
                self.organizations.insert(*organization);
            }
            Announcement::OrderPaid { order } => {
                self.paid.push(*order);
                self.mails.push(mail(
                    *order,
                    MailKind::OrderConfirmed { order: *order },
                    order,
                ));
            }
            Announcement::OrderCancelled { order } => self.cancelled.push(*order),
            Announcement::TicketsCancelled { order, tickets } => {
                let kind = MailKind::TicketsCancelled {
                    order: *order,
                    tickets: tickets.clone(),
                };
                // A ticket ends once, so the first of them names the deed.
                if let Some(first) = tickets.first() {
                    self.mails.push(mail(*order, kind, first));
                }
            }
            Announcement::OrderRefunded { order, refund } => {
                let kind = MailKind::OrderRefunded {
                    order: *order,
                    refund: *refund,
                };
                self.refunded.push(*refund);
                self.mails.push(mail(*order, kind, refund));
            }
            Announcement::Request { order, news } => {
                let kind = MailKind::Request {
                    order: *order,
                    news: *news,
                };
                self.mails.push(mail(*order, kind, order));
                match news {
                    RequestNews::Asked => self.asked.push(*order),
                    RequestNews::Lapsed => self.lapsed.push(*order),
                    RequestNews::ToPay
                    | RequestNews::HoldGone
                    | RequestNews::Declined
                    | RequestNews::NotPaid
                    | RequestNews::Withdrawn => {}
                }
            }
            Announcement::OrderExpired {
                order,
                approved,
                by_transfer,
            } => {
                let order = *order;
                if *approved {
                    self.unpaid.push(order);
                }
                let kind = match (*by_transfer, *approved) {
                    (true, _) => Some(MailKind::TransferMissed { order }),
                    (false, true) => Some(MailKind::Request {
                        order,
                        news: RequestNews::NotPaid,
                    }),
                    // Whoever left without paying knows.
                    (false, false) => None,
                };
                let mail = kind.map(|kind| mail(order, kind, &order));
                self.mails.extend(mail);
            }
            Announcement::PaidTooLate { order } => {
                self.mails
                    .push(mail(*order, MailKind::PaidTooLate { order: *order }, order));
            }
            Announcement::OverCardLimit { order } => {
                let kind = MailKind::OverCardLimit { order: *order };
                self.mails.push(mail(*order, kind, order));
            }
            Announcement::ExchangeOffered { order } => {
                let kind = MailKind::ExchangeOffered { order: *order };
                self.mails.push(mail(*order, kind, order));
            }
            Announcement::ExchangeFailed { order } => {
                let kind = MailKind::ExchangeFailed { order: *order };
                self.mails.push(mail(*order, kind, order));
            }
            Announcement::EventPostponed { event } => {
                self.events.insert(*event);
                self.told.push((*event, "event_postponed"));
            }
            Announcement::EventRescheduled { event } => {
                self.events.insert(*event);
                self.told.push((*event, "event_rescheduled"));
            }
            Announcement::GiveBackOffered { event, offer } => {
                self.events.insert(*event);
                self.offers.push(*offer);
            }
            Announcement::OrderPlaced { .. } => {}
        }
    }

    async fn write(mut self, sv: &Services, tx: &mut Tx) -> Result<(), Unexpected> {
        for event in self.events {
            search::index_event(tx, EventId::new(event)).await?;
        }
        for organization in self.organizations {
            search::index_organization(tx, organization).await?;
        }
        // Whoever loses an order because the event was called off is told that, not something about an order.
        let called_off = called_off(tx, &self.cancelled).await?;
        self.mails.extend(self.cancelled.iter().map(|&order| {
            let kind = if called_off.contains(&order) {
                MailKind::EventCancelled { order }
            } else {
                MailKind::OrderCancelled { order }
            };
            mail(order, kind, &order)
        }));
        invoices::expect(sv, tx, &self.paid, &self.refunded).await?;
        vat::want_of_orders(sv, tx, &self.paid).await?;
        messaging::enqueue_for_orders(sv, tx, &self.mails).await?;
        orders::tell_organizers(sv, tx, &self.asked, TellOf::Waiting).await?;
        orders::tell_organizers(sv, tx, &self.lapsed, TellOf::Lapsed).await?;
        orders::tell_organizers(sv, tx, &self.unpaid, TellOf::Unpaid).await?;
        for (event, kind) in self.told {
            to_all_buyers(sv, tx, event, kind).await?;
            passing::tell_holders(sv, tx, event, kind).await?;
        }
        for offer in self.offers {
            offer_to_buyers(sv, tx, offer).await?;
            passing::tell_holders_of_offer(sv, tx, offer).await?;
        }
        Ok(())
    }
}

/// A mail of this kind is written once about the same thing.
fn mail(order: Uuid, kind: MailKind, about: &Uuid) -> OrderMail {
    OrderMail {
        order: OrderId::new(order),
        dedupe_key: format!("{}|{about}", kind.code()),
        kind,
    }
}

/// Which of these orders are of a cancelled event.
async fn called_off(tx: &mut Tx, orders: &[Uuid]) -> Result<HashSet<Uuid>, Unexpected> {
    if orders.is_empty() {
        return Ok(HashSet::new());
    }
    let ids = sqlx::query_scalar!(
        r#"
        select o.id
        from orders o
        join events e on e.id = o.event_id
        where o.id = any($1) and e.state = 'cancelled'
        "#,
        orders
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids.into_iter().collect())
}

/// One mail for each paid order, written in one statement. A second change of the same kind is a new mail.
async fn to_all_buyers(
    sv: &Services,
    tx: &mut Tx,
    event: Uuid,
    kind: &str,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into mails (id, organization_id, order_id, kind, dedupe_key, recipient, locale, payload,
                           next_attempt_at, created_at)
        select gen_random_uuid(), o.organization_id, o.id, $2, $2 || '|' || o.id || '|' || e.sequence,
               o.buyer_email, o.locale, jsonb_build_object('kind', $2, 'order', o.id), $3, $3
        from orders o
        join events e on e.id = o.event_id
        where o.event_id = $1 and o.state = 'paid'
        on conflict on constraint mails_dedupe_key_key do nothing
        "#,
        event,
        kind,
        jiff_sqlx::Timestamp::from(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// One mail for each paid order that was there when the offer was made.
async fn offer_to_buyers(sv: &Services, tx: &mut Tx, offer: Uuid) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into mails (id, organization_id, order_id, kind, dedupe_key, recipient, locale, payload,
                           next_attempt_at, created_at)
        select gen_random_uuid(), o.organization_id, o.id, 'give_back_offer', 'give_back_offer|' || f.id || '|' || o.id,
               o.buyer_email, o.locale,
               jsonb_build_object('kind', 'give_back_offer', 'order', o.id, 'moved', f.moved,
                                  'until', to_char(f.until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')),
               $2, $2
        from give_back_offers f
        join orders o on o.event_id = f.event_id and o.organization_id = f.organization_id
        where f.id = $1 and o.state = 'paid' and o.created_at <= f.created_at
        on conflict on constraint mails_dedupe_key_key do nothing
        "#,
        offer,
        jiff_sqlx::Timestamp::from(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
