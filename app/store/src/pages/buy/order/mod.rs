//! The order's page, for ever: tickets, and everything a buyer may still do.

mod elsewhere;
mod facts;
mod manage;
mod state;

use app_api::checkout::{OrderAt, OrderView};
use app_ui::{ButtonKind, Container, LinkButton, Notice, Section, Tone, mailto, use_locale};
use domain::orders::OrderState;
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use locales::{checkout, disputes};

use self::{
    elsewhere::{documents, exchanges, keep},
    facts::Facts,
    manage::{Manage, Resend},
    state::{State, title},
};
use super::{Way, order_at, summary::Summary, tickets::Tickets, transfer::TransferDetails};
use crate::parts::fetched;

pub fn order() -> impl IntoView {
    let page = order_at(OrderAt::Order);
    fetched(page, |order| view! { <Order order/> }.into_any())
}

#[component]
fn Order(order: OrderView) -> impl IntoView {
    let l = use_locale();
    let paid = order.state == OrderState::Paid;
    let title = title(l, &order);
    let free = order.total.is_zero();
    let (facts, manage) = (order.clone(), order.clone());
    let documents = documents(l, &order);
    let (organizer, contact) = (
        order.event.organizer.clone(),
        order.event.organizer_email.clone(),
    );
    let write_to = mailto(&contact);
    let links = exchanges(l, &order);
    let (credit, reverse_charge) = (order.credit, order.reverse_charge);
    let (event, lines, total) = (order.event.clone(), order.lines.clone(), order.total);
    let (promo, taxes) = (order.promo.clone(), order.taxes.clone());
    view! {
        <Title text=title.clone()/>
        <Meta name="robots" content="noindex"/>
        <Meta name="referrer" content="same-origin"/>
        <Container>
            <div class="no-print">{paid.then(|| view! { <Way current=if free { 3 } else { 4 } free/> })}</div>
            <header class="order-head no-print">
                <p class="eyebrow">{checkout::order_number(l, &order.code)}</p>
                <h1 class="order-title" dir="auto">{title}</h1>
                <State order=order.clone()/>
                {paid
                    .then(|| {
                        view! {
                            <div class="btn-row">
                                {order
                                    .online_url
                                    .clone()
                                    .map(|url| {
                                        view! { <LinkButton href=url external=true>{checkout::join(l)}</LinkButton> }
                                    })}
                                <LinkButton
                                    href=format!("/e/{}/calendar.ics", order.event.slug)
                                    kind=ButtonKind::Secondary
                                    external=true
                                >
                                    {checkout::calendar(l)}
                                </LinkButton>
                                <Resend order=order.clone()/>
                            </div>
                        }
                    })}
            </header>
            {order.transfer.clone().map(|transfer| view! { <TransferDetails transfer/> })}
            {order
                .blocked
                .then(|| {
                    view! {
                        <Notice tone=Tone::Warning title=disputes::order_blocked_title(l)>
                            <p>{disputes::buyer_blocked(l)}</p>
                        </Notice>
                    }
                })}
            {(!order.tickets.is_empty())
                .then(|| {
                    view! {
                        <Tickets
                            event=order.event.clone()
                            tickets=order.tickets.clone()
                            code=order.code.clone()
                            secret=order.secret.clone()
                        />
                    }
                })}
            <div class="order-parts no-print">
                <Section title=checkout::details(l)>
                    <div class="split">
                        <Facts order=facts/>
                        <div class="split-aside">
                            <Summary event lines promo total taxes reverse_charge credit/>
                        </div>
                    </div>
                </Section>
                {documents}
                {links}
                <Manage order=manage/>
                <p class="buy-note">
                    {checkout::contact(l, organizer)} " " <a class="text-link" href=write_to><bdi>{contact}</bdi></a>
                </p>
                <p class="buy-note">{checkout::keep_link(l)}</p>
                {keep(l, order.keeping, &order.secret)}
            </div>
        </Container>
    }
}
