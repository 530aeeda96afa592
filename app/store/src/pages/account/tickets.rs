//! `/account/tickets`: everything one has bought.

use app_api::query::use_query_map;
use app_api::{
    FormState,
    accounts::ResendVerification,
    ask,
    checkout::{GivenTicketView, LetGoOrder, MyOrderView, MyTickets, MyTicketsView},
    require_session,
};
use app_ui::{
    Badge, Breadcrumbs, Button, ButtonKind, Container, ContainerSize, Crumb, EmptyState, FormError,
    KeysetPager, LinkButton, Notice, PageHeader, Section, Tone, use_locale,
};
use domain::{orders::OrderState, tickets::TicketState};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use locales::{Locale, accounts as t, checkout, dates, passing, requests};

use crate::parts::fetched;

pub fn tickets() -> impl IntoView {
    require_session();
    let query = use_query_map();
    let page = ask(move || {
        let past = query.with(|query| query.get("past"));
        MyTickets { past }
    });
    fetched(page, |found| view! { <MyTickets found/> }.into_any())
}

#[component]
fn MyTickets(found: MyTicketsView) -> impl IntoView {
    let l = use_locale();
    let crumbs = vec![
        Crumb::link(t::account_title(l), "/account"),
        Crumb::here(t::tickets_title(l)),
    ];
    let nothing = found.ahead.is_empty() && found.given.is_empty() && found.past.is_empty();
    let unproven = (!found.email_verified).then(|| unproven(l, &found.email));
    let next = found.earlier.map(|cursor| format!("?past={cursor}"));
    view! {
        <Title text=t::tickets_title(l)/>
        <Meta name="robots" content="noindex"/>
        <Container size=ContainerSize::Narrow>
            <Breadcrumbs items=crumbs/>
            <PageHeader title=t::tickets_title(l)/>
            {unproven}
            {if nothing {
                view! {
                    <EmptyState title=t::tickets_none(l) text=t::tickets_none_text(l)>
                        <LinkButton href="/events">{t::tickets_find_events(l)}</LinkButton>
                    </EmptyState>
                }
                    .into_any()
            } else {
                view! {
                    {part(l, t::tickets_ahead(l), found.ahead)}
                    {given(l, found.given)}
                    {part(l, t::tickets_past(l), found.past)}
                }
                    .into_any()
            }}
            <KeysetPager next/>
            <p class="buy-note">{t::tickets_other_address(l)}</p>
        </Container>
    }
}

fn unproven(l: Locale, email: &str) -> AnyView {
    let form = FormState::new::<ResendVerification>();
    view! {
        <Notice tone=Tone::Warning title=t::tickets_unproven(l, email)>
            <FormError error=form.form_error()/>
            <p hidden=!form.done() role="status">{t::resent(l)}</p>
            <form method="post" action=form.address()>
                <Button kind=ButtonKind::Secondary small=true>{t::resend(l)}</Button>
            </form>
        </Notice>
    }
    .into_any()
}

fn part(l: Locale, title: &'static str, orders: Vec<MyOrderView>) -> Option<AnyView> {
    (!orders.is_empty()).then(|| {
        let rows = orders.into_iter().map(|order| row(l, order)).collect_view();
        view! { <Section title><ul class="list" role="list">{rows}</ul></Section> }.into_any()
    })
}

/// Single tickets of other people's orders.
fn given(l: Locale, tickets: Vec<GivenTicketView>) -> Option<AnyView> {
    (!tickets.is_empty()).then(|| {
        let rows = tickets.into_iter().map(|ticket| given_row(l, ticket)).collect_view();
        view! { <Section title=passing::given(l)><ul class="list" role="list">{rows}</ul></Section> }.into_any()
    })
}

fn given_row(l: Locale, ticket: GivenTicketView) -> AnyView {
    let when = dates::medium(l, ticket.starts.at, Some(&ticket.starts.zone));
    let details = [ticket.place, ticket.ticket_type]
        .into_iter()
        .filter(|one| !one.is_empty())
        .map(|one| view! { <span dir="auto">{one}</span> })
        .collect_view();
    let void = (ticket.state != TicketState::Valid)
        .then(|| view! { <Badge tone=Tone::Neutral>{checkout::ticket_cancelled(l)}</Badge> });
    view! {
        <li class="event-row">
            <div class="event-row-text">
                <p class="eyebrow"><time datetime=ticket.starts.instant>{when}</time></p>
                <a class="event-row-title" href=format!("/tickets/{}", ticket.secret)><bdi>{ticket.event}</bdi></a>
                <p class="dotted muted">{details}</p>
            </div>
            {void}
        </li>
    }
    .into_any()
}

fn row(l: Locale, order: MyOrderView) -> AnyView {
    let form = FormState::of::<LetGoOrder>("id", &order.id);
    let when = dates::medium(l, order.starts.at, Some(&order.starts.zone));
    let details = [
        order.place,
        t::tickets_number(l, u64::from(order.tickets)),
        t::tickets_order(l, &order.code),
    ];
    let details = details
        .into_iter()
        .filter(|one| !one.is_empty())
        .map(|one| view! { <span dir="auto">{one}</span> })
        .collect_view();
    let kept = order.kept.then(|| {
        view! {
            <form method="post" action=form.address() class="event-row-action">
                <FormError error=form.form_error()/>
                <input type="hidden" name="id" value=order.id/>
                <Button kind=ButtonKind::Quiet small=true>{t::tickets_let_go(l)}</Button>
            </form>
        }
    });
    view! {
        <li class="event-row">
            <div class="event-row-text">
                <p class="eyebrow"><time datetime=order.starts.instant>{when}</time></p>
                <a class="event-row-title" href=format!("/orders/{}", order.secret)><bdi>{order.event}</bdi></a>
                <p class="dotted muted">{details}</p>
            </div>
            {state(l, order.state)}
            {kept}
        </li>
    }
    .into_any()
}

/// Only what is out of the ordinary.
fn state(l: Locale, state: OrderState) -> Option<AnyView> {
    let (tone, text) = match state {
        OrderState::Paid | OrderState::Expired => return None,
        OrderState::Pending => (Tone::Warning, t::tickets_pending(l)),
        OrderState::Asked => (Tone::Warning, requests::asked_badge(l)),
        OrderState::Cancelled => (Tone::Neutral, t::tickets_cancelled(l)),
        OrderState::Refunded => (Tone::Neutral, t::tickets_refunded(l)),
    };
    Some(view! { <Badge tone>{text}</Badge> }.into_any())
}
