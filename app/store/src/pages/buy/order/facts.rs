//! What was bought, by whom, and what went back.

use app_api::checkout::{OrderView, RefundView};
use app_ui::{Definition, DefinitionList, MoneyView, use_locale};
use leptos::prelude::*;
use locales::{changes, checkout, dates, money};

use super::super::summary::EventLines;

#[component]
pub(super) fn Facts(order: OrderView) -> impl IntoView {
    let l = use_locale();
    let email = order.buyer_email.clone();
    let refunds = order
        .refunds
        .into_iter()
        .map(|refund| view! { <Refund refund/> })
        .collect_view();
    let with_refunds = !order.refunded.is_zero();
    view! {
        <DefinitionList>
            <Definition term=locales::store::when(l)><EventLines event=order.event/></Definition>
            <Definition term=checkout::buyer(l)>
                <p dir="auto">{order.buyer_name}</p>
                <p><bdi>{email}</bdi></p>
            </Definition>
            <Definition term=checkout::ordered_on(l)>
                {dates::medium(l, order.created.at, Some(&order.created.zone))}
            </Definition>
            {with_refunds
                .then(|| {
                    view! {
                        <Definition term=checkout::refunded(l)>
                            <p><MoneyView amount=order.refunded/></p>
                            {refunds}
                        </Definition>
                    }
                })}
        </DefinitionList>
    }
}

#[component]
fn Refund(refund: RefundView) -> impl IntoView {
    let l = use_locale();
    let state = match refund.state.as_str() {
        _ if refund.exchanged => changes::refund_moved(l).to_owned(),
        "succeeded" => checkout::refund_done(l, dates::date_medium(l, refund.at.at.date())),
        "failed" => checkout::refund_failed(l).to_owned(),
        _ => checkout::refund_pending(l).to_owned(),
    };
    view! { <p class="buy-note">{money::format(l, refund.amount)} ": " {state}</p> }
}
