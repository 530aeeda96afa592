//! How an order stands, and the next step.

use app_api::checkout::OrderView;
use app_api::query::use_query_map;
use app_ui::{ButtonKind, LinkButton, Notice, Tone, use_locale};
use domain::{
    catalog::Phase,
    orders::{Asking, Decision, OrderState},
};
use leptos::prelude::*;
use locales::{Locale, checkout, dates, money, requests, transfers};

pub(super) fn title(l: Locale, order: &OrderView) -> String {
    let decision = order.request.as_ref().and_then(|request| request.decision);
    let approved = decision == Some(Decision::Approved);
    match order.state {
        OrderState::Paid => checkout::order_title(l, &order.event.title),
        OrderState::Pending if order.transfer.is_some() => transfers::waiting_title(l).to_owned(),
        OrderState::Pending if order.holds_first() => requests::unpaid_hold_title(l).to_owned(),
        OrderState::Pending if approved => requests::yes_title(l).to_owned(),
        OrderState::Pending => checkout::order_pending_title(l).to_owned(),
        OrderState::Asked => requests::order_title(l, &order.event.organizer),
        OrderState::Cancelled if decision == Some(Decision::Declined) => {
            requests::declined_title(l).to_owned()
        }
        OrderState::Cancelled if decision == Some(Decision::Withdrawn) => {
            requests::withdrawn_title(l).to_owned()
        }
        OrderState::Expired if decision == Some(Decision::Lapsed) => {
            requests::lapsed_title(l).to_owned()
        }
        OrderState::Cancelled => checkout::order_cancelled_title(l).to_owned(),
        OrderState::Expired => checkout::order_expired_title(l).to_owned(),
        OrderState::Refunded => checkout::order_refunded_title(l).to_owned(),
    }
}

/// What the buyer has to know of a request: what is held, what comes next, and why it ended.
fn next_of_request(
    l: Locale,
    order: &OrderView,
    asking: Option<Asking>,
    decision: Option<Decision>,
) -> Vec<String> {
    let amount = money::format(l, order.due);
    let mut all = Vec::new();
    if order.state == OrderState::Asked {
        all.push(match asking {
            _ if order.due.is_zero() => requests::order_next_free(l).to_owned(),
            Some(Asking::Hold) => requests::order_held(l, amount),
            Some(Asking::Ask | Asking::No) | None => requests::order_next_pay(l, amount),
        });
    }
    if decision == Some(Decision::Declined) && !order.cancel_reason.is_empty() {
        all.push(requests::reason(l, &order.cancel_reason));
    }
    let over = matches!(order.state, OrderState::Cancelled | OrderState::Expired);
    let not_approved = decision.is_some_and(|decision| decision != Decision::Approved);
    if over && not_approved && asking == Some(Asking::Hold) && order.refunds.is_empty() {
        all.push(requests::released(l).to_owned());
    }
    all
}

#[component]
pub(super) fn State(order: OrderView) -> impl IntoView {
    let l = use_locale();
    let organizer = &order.event.organizer;
    let request = order.request.clone();
    let decision = request.as_ref().and_then(|request| request.decision);
    let asking = request.as_ref().map(|request| request.asking);
    let until = request
        .and_then(|request| request.until)
        .filter(|_| order.state == OrderState::Asked || decision == Some(Decision::Approved));
    let next = next_of_request(l, &order, asking, decision);
    let text = match order.state {
        OrderState::Paid => checkout::order_thanks(l, &order.buyer_email),
        OrderState::Pending if order.transfer.is_some() => transfers::mailed(l).to_owned(),
        OrderState::Pending if order.holds_first() => requests::unpaid_hold_text(l, organizer),
        OrderState::Pending if decision == Some(Decision::Approved) => {
            requests::yes_text(l).to_owned()
        }
        OrderState::Pending => checkout::order_pending_text(l).to_owned(),
        OrderState::Asked => requests::order_text(l, &order.buyer_email, organizer),
        OrderState::Cancelled if decision == Some(Decision::Declined) => {
            requests::declined_text(l, organizer)
        }
        OrderState::Cancelled if decision == Some(Decision::Withdrawn) => {
            requests::withdrawn_text(l).to_owned()
        }
        OrderState::Expired if decision == Some(Decision::Lapsed) && order.refunds.is_empty() => {
            requests::lapsed_text(l, organizer)
        }
        OrderState::Cancelled => checkout::order_cancelled_text(l).to_owned(),
        OrderState::Expired if order.over_card_limit => {
            checkout::order_card_limit_text(l).to_owned()
        }
        OrderState::Expired if !order.refunds.is_empty() => checkout::order_late_text(l).to_owned(),
        OrderState::Expired => checkout::order_expired_text(l).to_owned(),
        OrderState::Refunded => checkout::order_refunded_text(l).to_owned(),
    };
    let notice = match order.event.phase {
        Phase::Cancelled => Some((
            Tone::Error,
            checkout::event_cancelled_title(l),
            checkout::event_cancelled_text(l),
        )),
        Phase::Postponed => Some((
            Tone::Warning,
            checkout::event_postponed_title(l),
            checkout::event_postponed_text(l),
        )),
        Phase::Draft | Phase::Upcoming | Phase::Running | Phase::Ended => None,
    };
    let over = matches!(
        order.state,
        OrderState::Cancelled | OrderState::Expired | OrderState::Refunded
    );
    let given_back = use_query_map()
        .with_untracked(|query| query.get("done"))
        .as_deref()
        == Some("cancel");
    let due = money::format(l, order.due);
    let pay = if order.holds_first() {
        requests::unpaid_hold_button(l, due)
    } else {
        checkout::pay_button(l, due)
    };
    view! {
        {given_back.then(|| view! { <Notice tone=Tone::Success title=checkout::give_back_done(l)/> })}
        <p class="lead">{text}</p>
        {next.into_iter().map(|text| view! { <p dir="auto">{text}</p> }).collect_view()}
        {until
            .map(|until| {
                let name = if order.state == OrderState::Asked {
                    requests::order_until(l)
                } else {
                    requests::pay_until(l)
                };
                let until = dates::long(l, until.at, Some(&until.zone));
                view! { <p><strong>{name}</strong> " " {until}</p> }
            })}
        {notice.map(|(tone, title, text)| view! { <Notice tone title=title>{text}</Notice> })}
        {(order.state == OrderState::Pending)
            .then(|| {
                let href = format!("/orders/{}/pay", order.secret);
                // A page with fields of the provider's has a policy of its own: it has to be loaded anew.
                let external = order.in_page.is_some();
                if order.transfer.is_some() {
                    let kind = ButtonKind::Secondary;
                    return view! { <p><LinkButton href kind external small=true>{transfers::card_instead(l)}</LinkButton></p> }
                        .into_any();
                }
                view! {
                    <p>
                        <LinkButton href external>
                            {pay}
                        </LinkButton>
                    </p>
                }
                .into_any()
            })}
        {over
            .then(|| {
                view! {
                    <p>
                        <LinkButton href=format!("/e/{}", order.event.slug) kind=ButtonKind::Secondary>
                            {checkout::to_event(l)}
                        </LinkButton>
                    </p>
                }
            })}
    }
}
