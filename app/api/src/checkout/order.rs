//! The order's own page, and the pages on the way to it.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

use super::views::{OrderAt, OrderView};
use crate::ApiError;

/// The order behind a secret. Whoever stands on the wrong page of it is led to the right one.
#[server(input = GetUrl)]
pub async fn order_page(secret: String, at: OrderAt) -> Result<OrderView, ApiError> {
    let ctx = crate::ctx()?;
    let sv = &ctx.services;
    let order = services::orders::show_by_secret(sv, &secret)
        .await?
        .ok_or_else(ApiError::not_found)?;
    use services::orders::WhichTickets;
    let cancel = services::orders::preview_cancel(sv, &secret, &WhichTickets::All)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let keeping = make::keeping(&ctx, &secret).await?;
    let transfer = services::transfers::for_buyer(sv, &order).await?;
    let passable = services::passing::passable(sv, &secret)
        .await?
        .unwrap_or_default();
    let view = make::view(sv, secret, order, (cancel, passable), (keeping, transfer))?;
    if let Some(path) = make::elsewhere(&view, at) {
        crate::context::redirect(&path);
    }
    Ok(view)
}

#[cfg(feature = "ssr")]
mod make {
    use domain::{orders::OrderState, tickets::TicketState};
    use services::{
        Services, Unexpected,
        orders::{self, CancelPreview, InAccount, OrderView as Order},
        passes::PassLinks,
        passing::PassableTicket,
        qr,
        transfers::{ForBuyer, WaitingTransfer},
    };

    use crate::{
        ApiError, Ctx,
        checkout::views::{
            CancelView, CodeLine, EventBrief, ExchangeLink, InPageView, InvoiceView, Keeping,
            LineView, OrderAt, OrderView, RefundView, RequestView, TaxLine, TicketView,
            TransferView,
        },
        values::{Moment, refund_terms},
    };

    pub(super) fn view(
        sv: &Services,
        secret: String,
        order: Order,
        (cancel, passable): (CancelPreview, Vec<PassableTicket>),
        (keeping, transfer): (Keeping, ForBuyer),
    ) -> Result<OrderView, ApiError> {
        let zone = order.event.time_zone.clone();
        let (transfer_until, transfer) = match transfer {
            ForBuyer::No => (None, None),
            ForBuyer::Offered { until } => (Some(Moment::new(until, &zone)), None),
            ForBuyer::Waiting(waiting) => (None, Some(waits(*waiting, &zone))),
        };
        let tickets = order
            .tickets
            .iter()
            .map(|ticket| {
                let may_pass_on = passable
                    .iter()
                    .any(|one| one.id == ticket.id && one.why_not.is_none());
                let passes = match ticket.code {
                    Some(_) => PassLinks::of_order(sv, &secret, ticket.id),
                    None => PassLinks::default(),
                };
                Ok(TicketView {
                    id: ticket.id.to_string(),
                    type_name: ticket.type_name.clone(),
                    holder: ticket.holder_name.clone(),
                    state: ticket.state,
                    passed_on: ticket.passed_on > 0,
                    offered_to: ticket.offered_to.clone(),
                    may_pass_on,
                    qr: ticket.code.as_deref().map(qr::svg).transpose()?,
                    admitted: ticket.admitted_at.map(|at| Moment::new(at, &zone)),
                    apple_pass: passes.apple,
                    google_pass: passes.google,
                })
            })
            .collect::<Result<Vec<_>, Unexpected>>()?;
        let has_ticket = tickets
            .iter()
            .any(|ticket: &TicketView| ticket.state == TicketState::Valid && !ticket.passed_on)
            && !order.blocked;
        let online_url =
            Some(order.event.online_url.clone()).filter(|url| has_ticket && !url.is_empty());
        let payment = order.payment.as_ref();
        let declined = payment
            .filter(|payment| payment.state == "failed")
            .and_then(|payment| payment.decline_reason);
        let due = order.due();
        let request = order.request.map(|request| RequestView {
            asking: request.asking,
            decision: request.decision,
            until: order
                .expires_at
                .filter(|_| matches!(order.state, OrderState::Asked | OrderState::Pending))
                .map(|at| Moment::new(at, &zone)),
        });
        let card_refused = Some(due)
            .filter(|due| order.state == OrderState::Pending && !due.is_zero())
            .and_then(|due| services::payments::card_refusal(sv, due))
            .map(str::to_owned);
        let exchanges = links(sv, &order);
        let change_until = order
            .change_until
            .filter(|until| *until > order.now && order.state == OrderState::Paid)
            .map(|until| Moment::new(until, &zone));
        Ok(OrderView {
            secret,
            code: order.code.to_string(),
            state: order.state,
            processing: order.is_processing(),
            blocked: order.blocked,
            event: EventBrief::new(sv, &order.event),
            online_url,
            refund_terms: refund_terms(&order.refunds_until, order.now, &zone),
            created: Moment::new(order.created_at, &zone),
            deadline: order
                .expires_at
                .filter(|_| order.state == OrderState::Pending)
                .map(|at| at.as_second()),
            now: order.now.as_second(),
            refunds: order
                .refunds
                .into_iter()
                .map(|refund| RefundView {
                    amount: refund.amount,
                    state: refund.state,
                    exchanged: refund.exchanged,
                    at: Moment::new(refund.completed_at.unwrap_or(refund.created_at), &zone),
                })
                .collect(),
            lines: order
                .lines
                .into_iter()
                .map(|line| LineView {
                    ticket_type: line.ticket_type,
                    name: line.name,
                    quantity: line.quantity,
                    unit: line.unit,
                    total: line.total,
                })
                .collect(),
            tickets,
            buyer_name: order.buyer_name,
            buyer_email: order.buyer_email,
            invoice: InvoiceView {
                name: order.invoice.name,
                address: order.invoice.address,
                country: order.invoice_country,
                vat_id: order.invoice.vat_id,
            },
            documents: order.documents.into_iter().map(Into::into).collect(),
            promo: order.promo.map(|code| CodeLine {
                code: code.code,
                saved: code.saved,
            }),
            credit: order.credit,
            due,
            exchanges,
            change_until,
            total: order.total,
            taxes: TaxLine::all(&order.taxes, order.sales_tax),
            reverse_charge: order.reverse_charge,
            refunded: order.refunded,
            cancel_reason: order.cancel_reason,
            over_card_limit: order.over_card_limit,
            declined,
            cancel: CancelView {
                allowed: cancel.allowed,
                why_not: cancel.why_not,
                paid: cancel.paid,
                refund: cancel.refund,
                tickets: cancel.tickets,
            },
            keeping,
            card_refused,
            in_page: sv.payments.in_page().map(|page| InPageView {
                script: page.script,
                public_key: page.public_key,
            }),
            transfer_until,
            transfer,
            request,
        })
    }

    fn links(sv: &Services, order: &Order) -> Vec<ExchangeLink> {
        order
            .exchanges
            .iter()
            .map(|link| ExchangeLink {
                secret: orders::secret(sv, link.order),
                code: link.code.to_string(),
                event: link.event_title.clone(),
                is_newer: link.is_newer,
                added: link.tickets == 0,
                waits: link.is_newer && link.state == OrderState::Pending,
                failed: link.failed,
            })
            .collect()
    }

    fn waits(waiting: WaitingTransfer, zone: &str) -> TransferView {
        let account = waiting.account;
        TransferView {
            iban: account.iban_grouped(),
            holder: account.holder,
            bic: account.bic,
            bank: account.bank,
            amount: waiting.amount,
            reference: waiting.reference.grouped(),
            until: Moment::new(waiting.until, zone),
            qr: waiting.qr,
        }
    }

    /// How the order stands to the account of whoever asks.
    pub(super) async fn keeping(ctx: &Ctx, secret: &str) -> Result<Keeping, ApiError> {
        let Some(session) = &ctx.request.session else {
            return Ok(Keeping::SignedOut);
        };
        Ok(
            match orders::in_account(&ctx.services, session, secret).await? {
                Some(InAccount::No) => Keeping::Free,
                Some(InAccount::Yes) | None => Keeping::Kept,
            },
        )
    }

    /// Where the order stands says which page is the right one.
    pub(super) fn elsewhere(order: &OrderView, at: OrderAt) -> Option<String> {
        let can_pay = order.state == OrderState::Pending
            && order.deadline.is_none_or(|until| until > order.now);
        let right = match (order.processing, at) {
            (true, _) => OrderAt::Processing,
            (false, OrderAt::Pay | OrderAt::Processing) if can_pay => OrderAt::Pay,
            (false, _) => OrderAt::Order,
        };
        (right != at).then(|| match right {
            OrderAt::Order => format!("/orders/{}", order.secret),
            OrderAt::Pay => format!("/orders/{}/pay", order.secret),
            OrderAt::Processing => format!("/orders/{}/processing", order.secret),
        })
    }
}
