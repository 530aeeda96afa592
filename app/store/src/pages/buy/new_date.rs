//! `/orders/:order/new-date`: the event was postponed or moved, and the buyer keeps their tickets or gives them back.

use app_api::{
    FormState, ask,
    refunds::{GiveBackPage, GiveBackStanding, GiveBackTickets, GiveBackView, KeepTickets},
};
use app_ui::{
    Button, ButtonKind, Container, ContainerSize, Definition, DefinitionList, FormError,
    LinkButton, MoneyView, Notice, Tone, use_locale,
};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use locales::{dates, money, numbers::integer, refunds as t};

use crate::parts::{fetched, param};

pub fn new_date() -> impl IntoView {
    let order = param("order");
    let page = ask(move || GiveBackPage {
        secret: order.get(),
    });
    fetched(page, |found| view! { <NewDate found/> }.into_any())
}

#[component]
fn NewDate(found: GiveBackView) -> impl IntoView {
    let l = use_locale();
    let title = t::page_title(l, &found.event_title);
    let lead = if found.moved {
        t::page_moved(l, &found.event_title)
    } else {
        t::page_postponed(l, &found.event_title)
    };
    let date = found.moved.then(|| {
        let at = dates::long(l, found.starts.at, Some(&found.starts.zone));
        view! { <Definition term=t::page_new_date(l)>{at}</Definition> }
    });
    let amount = (found.standing == GiveBackStanding::Open && !found.amount.is_zero()).then(|| {
        view! { <Definition term=t::page_amount(l)><strong><MoneyView amount=found.amount/></strong></Definition> }
    });
    let order = format!("/orders/{}", found.secret);
    let tickets = integer(u64::from(found.tickets));
    view! {
        <Title text=title.clone()/>
        <Meta name="robots" content="noindex"/>
        <Meta name="referrer" content="same-origin"/>
        <Container size=ContainerSize::Narrow>
            <div class="stack buy-over">
                <h1 class="page-title" dir="auto">{title}</h1>
                <p class="lead" dir="auto">{lead}</p>
                {standing(&found)}
                <DefinitionList>
                    {date}
                    <Definition term=t::page_tickets(l)>{tickets}</Definition>
                    {amount}
                </DefinitionList>
                {(found.standing == GiveBackStanding::Open).then(|| choice(&found))}
                <p><LinkButton href=order kind=ButtonKind::Secondary>{t::to_order(l)}</LinkButton></p>
            </div>
        </Container>
    }
}

fn standing(found: &GiveBackView) -> AnyView {
    let l = use_locale();
    let until = dates::long(l, found.until.at, Some(&found.until.zone));
    let (tone, text) = match found.standing {
        GiveBackStanding::Open if found.kept => (Tone::Success, t::kept(l, until)),
        GiveBackStanding::Open => (Tone::Info, t::page_until(l, until)),
        GiveBackStanding::Over => (Tone::Neutral, t::page_over(l).to_owned()),
        GiveBackStanding::GivenBack => (Tone::Neutral, t::page_given_back(l).to_owned()),
        GiveBackStanding::Inside => (Tone::Warning, t::page_inside(l).to_owned()),
        GiveBackStanding::Disputed => (Tone::Warning, t::page_disputed(l).to_owned()),
    };
    view! { <Notice tone title=text/> }.into_any()
}

fn choice(found: &GiveBackView) -> AnyView {
    let l = use_locale();
    let (keep, back) = (
        FormState::new::<KeepTickets>(),
        FormState::new::<GiveBackTickets>(),
    );
    let label = if found.amount.is_zero() {
        t::give_back_free(l).to_owned()
    } else {
        t::give_back_amount(l, money::format(l, found.amount))
    };
    let stays = (!found.kept).then(|| {
        let secret = found.secret.clone();
        view! {
            <form method="post" action=keep.address()>
                <FormError error=keep.form_error()/>
                <input type="hidden" name="secret" value=secret/>
                <Button>{t::keep(l)}</Button>
            </form>
        }
    });
    let (secret, amount) = (found.secret.clone(), found.amount);
    view! {
        {stays}
        <form method="post" action=back.address() class="form">
            <FormError error=back.form_error()/>
            <p>{t::give_back_effect(l)}</p>
            <input type="hidden" name="secret" value=secret/>
            <input type="hidden" name="amount_minor" value=amount.minor.to_string()/>
            <input type="hidden" name="currency" value=amount.currency.to_string()/>
            <div><Button kind=ButtonKind::Danger>{label}</Button></div>
        </form>
    }
    .into_any()
}
