//! What happened to an order, oldest first.

use app_api::organizer_orders::HappenedView;
use app_ui::{DateTimeView, use_locale};
use domain::orders::{Decision, Happened};
use leptos::prelude::*;
use locales::{Locale, money, orders as t, requests};

use super::words::{decline, mail};

pub(super) fn view(all: &[HappenedView]) -> AnyView {
    let l = use_locale();
    let entries = all
        .iter()
        .cloned()
        .map(|entry| {
            let (what, why) = text(l, &entry.what);
            view! {
                <li class="definition">
                    <DateTimeView at=entry.at/>
                    <div>
                        <p>{what}</p>
                        {why.filter(|why| !why.is_empty()).map(|why| view! { <p><small><bdi>{why}</bdi></small></p> })}
                        {entry.actor.map(|actor| view! { <p><small>{t::by(l, actor)}</small></p> })}
                    </div>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="definitions" role="list">{entries}</ol> }.into_any()
}

/// The sentence, and what somebody wrote about it.
fn text(l: Locale, what: &Happened) -> (String, Option<String>) {
    match what {
        Happened::Placed => (t::at_placed(l).to_owned(), None),
        Happened::PaymentStarted => (t::at_payment_started(l).to_owned(), None),
        Happened::PaymentFailed { reason } => (
            t::at_payment_failed(l).to_owned(),
            reason.map(|reason| decline(l, reason).to_owned()),
        ),
        Happened::Paid => (t::at_paid(l).to_owned(), None),
        Happened::Asked => (requests::at_asked(l).to_owned(), None),
        Happened::Decided {
            decision: Decision::Approved,
        } => (requests::at_approved(l).to_owned(), None),
        Happened::Decided {
            decision: Decision::Declined | Decision::Withdrawn | Decision::Lapsed,
        } => (requests::at_lapsed(l).to_owned(), None),
        Happened::Expired => (t::at_expired(l).to_owned(), None),
        Happened::Cancelled { reason } => (t::at_cancelled(l).to_owned(), Some(reason.clone())),
        Happened::ExchangedFor { order } => (t::at_exchanged_for(l, order), None),
        Happened::ExchangedFrom { order } => (t::at_exchanged_from(l, order), None),
        Happened::TicketsVoid { count } => (t::at_tickets_void(l, u64::from(*count)), None),
        Happened::RefundPromised { amount, reason } => (
            t::at_refund_promised(l, money::format(l, *amount)),
            Some(reason.clone()),
        ),
        Happened::RefundSent { amount } => (t::at_refund_sent(l, money::format(l, *amount)), None),
        Happened::RefundFailed { amount } => {
            (t::at_refund_failed(l, money::format(l, *amount)), None)
        }
        Happened::Mail {
            mail: kind,
            recipient,
            sent,
        } => {
            let kind = mail(l, kind);
            let text = if *sent {
                t::at_mail_sent(l, kind, recipient)
            } else {
                t::at_mail_waiting(l, kind, recipient)
            };
            (text, None)
        }
        Happened::CheckedIn { holder, gate } => {
            let gate = Some(gate.clone()).filter(|gate| !gate.is_empty());
            (t::at_checked_in(l, holder), gate)
        }
    }
}
