//! `/orders/:order/cancel`: first which tickets to give back, then what that would do, then doing it. The choice stands in
//! the address, so going back changes it and nothing happens before the last step.

use app_api::query::use_query_map;
use app_api::{
    FormState, ask,
    checkout::{CancelOrder, CancelPage, GiveBackView, GivenBack, TicketBackView},
};
use app_ui::{
    Button, ButtonKind, Checkbox, Container, ContainerSize, Definition, DefinitionList, FormError,
    LinkButton, MoneyView, Notice, Section, Tone, mailto, use_locale,
};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use locales::{Locale, checkout, errors, money};

use crate::parts::{RefundTerms, fetched, param};

pub fn cancel() -> impl IntoView {
    let order = param("order");
    let query = use_query_map();
    let chosen = Memo::new(move |_| query.with(|q| q.get_all("t").unwrap_or_default().join(",")));
    let sent = Memo::new(move |_| query.with(|q| q.get("choose").is_some()));
    let page = ask(move || CancelPage {
        secret: order.get(),
        tickets: chosen.get(),
    });
    fetched(page, move |page| {
        let empty = sent.get_untracked() && page.chosen.is_none();
        view! { <GiveBack page empty/> }.into_any()
    })
}

#[component]
fn GiveBack(page: GiveBackView, empty: bool) -> impl IntoView {
    let l = use_locale();
    let back = format!("/orders/{}", page.secret);
    let inside = match (page.why_not.clone(), page.chosen.clone()) {
        (Some(why), _) => refused(l, &page, &why),
        (None, Some(chosen)) if chosen.why_not.is_none() => preview(l, &page, chosen),
        (None, chosen) => {
            let refused = chosen.and_then(|chosen| chosen.why_not);
            let fault = refused
                .as_deref()
                .or(empty.then_some("cancel_nothing_chosen"))
                .map(|why| errors::text(l, why).to_owned());
            choices(l, &page, fault)
        }
    };
    view! {
        <Title text=checkout::give_back_title(l)/>
        <Meta name="robots" content="noindex"/>
        <Meta name="referrer" content="same-origin"/>
        <Container size=ContainerSize::Narrow>
            <header class="order-head">
                <p class="eyebrow">{checkout::order_number(l, &page.code)}</p>
                <h1 class="page-title">{checkout::give_back_title(l)}</h1>
                <p class="lead" dir="auto">{page.event.title.clone()}</p>
            </header>
            <div class="order-parts">
                {inside}
                <p><a class="text-link" href=back>{checkout::give_back_return(l)}</a></p>
            </div>
        </Container>
    }
}

/// Why nothing can be given back, and what can be done instead.
fn refused(l: Locale, page: &GiveBackView, why: &str) -> AnyView {
    let why = errors::text(l, why).to_owned();
    let (organizer, email) = (
        page.event.organizer.clone(),
        page.event.organizer_email.clone(),
    );
    let href = mailto(&email);
    view! {
        <Notice tone=Tone::Info title=why/>
        <RefundTerms terms=page.refund_terms.clone()/>
        <p>
            {checkout::give_back_write(l, organizer)} " " <a class="text-link" href=href><bdi>{email}</bdi></a>
        </p>
    }
    .into_any()
}

fn choices(l: Locale, page: &GiveBackView, fault: Option<String>) -> AnyView {
    let chosen = page.chosen.as_ref().map(|chosen| chosen.ids.clone());
    let only = page.tickets.len() == 1;
    let boxes = page
        .tickets
        .iter()
        .enumerate()
        .map(|(at, ticket)| {
            let label = checkout::give_back_ticket(l, &ticket.holder, &ticket.type_name);
            let hint = match &ticket.why_not {
                Some(why) => errors::text(l, why).to_owned(),
                None if ticket.paid.is_zero() => checkout::give_back_free(l).to_owned(),
                None => checkout::give_back_brings(
                    l,
                    money::format(l, ticket.back),
                    money::format(l, ticket.paid),
                ),
            };
            let disabled = ticket.why_not.is_some();
            let marked = chosen.as_ref().map_or(only, |ids| ids.contains(&ticket.id));
            view! {
                <Checkbox
                    name="t"
                    id=format!("ticket-{at}")
                    value=ticket.id.clone()
                    label
                    hint
                    checked=marked && !disabled
                    disabled
                />
            }
        })
        .collect_view();
    view! {
        <p>{checkout::give_back_lead(l)}</p>
        <RefundTerms terms=page.refund_terms.clone()/>
        <form method="get" action=format!("/orders/{}/cancel", page.secret) class="form">
            <input type="hidden" name="choose" value="1"/>
            <FormError error=fault/>
            {boxes}
            <div class="form-actions"><Button>{checkout::give_back_show(l)}</Button></div>
        </form>
    }
    .into_any()
}

fn preview(l: Locale, page: &GiveBackView, chosen: GivenBack) -> AnyView {
    let form = FormState::new::<CancelOrder>();
    let again = format!("/orders/{}/cancel", page.secret);
    let nothing = chosen.refund.is_zero();
    let keeps_fee = page.refund_terms.iter().any(|term| term.keeps_fee);
    let amount = money::format(l, chosen.refund);
    let ends: Vec<TicketBackView> = chosen
        .tickets
        .into_iter()
        .filter(|ticket| ticket.ends)
        .collect();
    let more_end = ends
        .iter()
        .any(|ticket| !chosen.ids.split(',').any(|id| id == ticket.id));
    let percent = page.percent;
    let rows = ends
        .into_iter()
        .map(|ticket| row(l, ticket, percent, keeps_fee))
        .collect_view();
    view! {
        <Section title=checkout::give_back_preview(l)>
            <DefinitionList>
                {rows}
                <Definition term=checkout::give_back_total(l)>
                    <strong><MoneyView amount=chosen.refund/></strong>
                </Definition>
            </DefinitionList>
            <p>{checkout::give_back_stay(l, u64::from(chosen.stay))}</p>
            {more_end.then(|| view! { <Notice tone=Tone::Warning title=checkout::give_back_all_end(l)/> })}
            <p>{checkout::cancel_effect(l)}</p>
        </Section>
        <form method="post" action=form.address() class="form">
            <FormError error=form.form_error()/>
            <input type="hidden" name="secret" value=page.secret.clone()/>
            <input type="hidden" name="tickets" value=chosen.ids/>
            <input type="hidden" name="refund_minor" value=chosen.refund.minor/>
            <input type="hidden" name="currency" value=chosen.refund.currency.as_str()/>
            <div class="form-actions">
                <Button kind=ButtonKind::Danger>
                    {if nothing {
                        checkout::cancel_confirm_free(l).to_owned()
                    } else {
                        checkout::cancel_confirm(l, amount)
                    }}
                </Button>
                <LinkButton href=again kind=ButtonKind::Secondary>{checkout::give_back_again(l)}</LinkButton>
            </div>
        </form>
    }
    .into_any()
}

/// One ticket: what was paid, which share of it, what comes back.
fn row(l: Locale, ticket: TicketBackView, percent: u8, keeps_fee: bool) -> AnyView {
    let name = checkout::give_back_ticket(l, &ticket.holder, &ticket.type_name);
    let paid = money::format(l, ticket.paid);
    let how = match (ticket.paid.is_zero(), keeps_fee) {
        (true, _) => checkout::give_back_free(l).to_owned(),
        (false, false) => checkout::give_back_share(l, paid, percent),
        (false, true) => checkout::give_back_share_fee(l, paid, percent),
    };
    view! {
        <Definition term=name>
            <p><MoneyView amount=ticket.back/></p>
            <p class="buy-note">{how}</p>
        </Definition>
    }
    .into_any()
}
