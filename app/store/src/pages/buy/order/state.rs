//! How an order stands, and the next step.

use app_api::checkout::OrderView;
use app_ui::{ButtonKind, LinkButton, Notice, Tone, use_locale};
use domain::{catalog::Phase, orders::OrderState};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use locales::{Locale, checkout, money, transfers};

pub(super) fn title(l: Locale, order: &OrderView) -> String {
    match order.state {
        OrderState::Paid => checkout::order_title(l, &order.event.title),
        OrderState::Pending if order.transfer.is_some() => transfers::waiting_title(l).to_owned(),
        OrderState::Pending => checkout::order_pending_title(l).to_owned(),
        OrderState::Cancelled => checkout::order_cancelled_title(l).to_owned(),
        OrderState::Expired => checkout::order_expired_title(l).to_owned(),
        OrderState::Refunded => checkout::order_refunded_title(l).to_owned(),
    }
}

#[component]
pub(super) fn State(order: OrderView) -> impl IntoView {
    let l = use_locale();
    let text = match order.state {
        OrderState::Paid => checkout::order_thanks(l, &order.buyer_email),
        OrderState::Pending if order.transfer.is_some() => transfers::mailed(l).to_owned(),
        OrderState::Pending => checkout::order_pending_text(l).to_owned(),
        OrderState::Cancelled => checkout::order_cancelled_text(l).to_owned(),
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
    view! {
        {given_back.then(|| view! { <Notice tone=Tone::Success title=checkout::give_back_done(l)/> })}
        <p class="lead">{text}</p>
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
                            {checkout::pay_button(l, money::format(l, order.due))}
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
