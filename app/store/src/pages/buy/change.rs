//! `/orders/:order/change`: which tickets to give in and for what, then what that would do, then doing it. The choice stands in
//! the address, so going back changes it and nothing happens before the last step.

use app_api::query::{Query, use_query_map};
use app_api::{
    FormState, ask,
    checkout::{
        ChangeOfferView, ChangePage, ChangePreviewView, ChangeTicketView, ChangeTickets,
        ChangeTicketsView, quantity_field,
    },
    exchanges::{choice, wanted},
};
use app_ui::{
    Button, ButtonKind, Checkbox, Choice, Container, ContainerSize, Definition, DefinitionList,
    FormError, LinkButton, MoneyView, Notice, Section, Select, Stepper, Tone, mailto, use_locale,
};
use domain::money::Money;
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use locales::{Locale, changes as t, checkout, dates, errors, money};

use crate::parts::{fetched, param};

pub fn change() -> impl IntoView {
    let order = param("order");
    let query = use_query_map();
    let chosen = Memo::new(move |_| query.with(chosen));
    let page = ask(move || ChangePage {
        secret: order.get(),
        chosen: chosen.get(),
    });
    fetched(page, move |page| {
        let asked = query.with_untracked(Asked::read);
        view! { <Change page asked/> }.into_any()
    })
}

/// What the address says was chosen, to be shown again.
struct Asked {
    tickets: Option<Vec<String>>,
    numbers: Vec<(String, String)>,
    /// The costs were asked for, and not only another date.
    costs: bool,
}

impl Asked {
    fn read(query: &Query) -> Self {
        let sent = query.get("e").is_some();
        Self {
            tickets: sent.then(|| query.get_all("t").unwrap_or_default()),
            numbers: wanted(query.clone()),
            costs: query.get("show").is_some(),
        }
    }

    fn number(&self, offer: &ChangeOfferView) -> u32 {
        let id = offer.id.to_string();
        let found = self.numbers.iter().find(|(of, _)| *of == id);
        found
            .and_then(|(_, number)| number.parse().ok())
            .unwrap_or(0)
    }
}

fn chosen(query: &Query) -> String {
    let tickets = query.get_all("t").unwrap_or_default();
    let event = query.get("e").unwrap_or_default();
    // Another date has other tickets: quantities count when the costs are asked for.
    let wanted = match query.get("show") {
        Some(_) => wanted(query.clone()),
        None => Vec::new(),
    };
    choice(&tickets, &event, &wanted)
}

#[component]
fn Change(page: ChangeTicketsView, asked: Asked) -> impl IntoView {
    let l = use_locale();
    let back = format!("/orders/{}", page.secret);
    let inside = match (page.why_not.clone(), page.preview.clone()) {
        (Some(why), _) => refused(l, &page, &why),
        (None, Some(preview)) => costs(l, &page, preview),
        (None, None) => {
            let empty = asked.costs.then_some("nothing_chosen");
            let fault = page.fault.as_deref().filter(|_| asked.costs).or(empty);
            let fault = fault.map(|why| errors::text(l, why).to_owned());
            choices(l, &page, &asked, fault)
        }
    };
    view! {
        <Title text=t::title(l)/>
        <Meta name="robots" content="noindex"/>
        <Meta name="referrer" content="same-origin"/>
        <Container size=ContainerSize::Narrow>
            <header class="order-head">
                <p class="eyebrow">{checkout::order_number(l, &page.code)}</p>
                <h1 class="page-title">{t::title(l)}</h1>
                <p class="lead" dir="auto">{page.event.title.clone()}</p>
            </header>
            <div class="order-parts">
                {inside}
                <p><a class="text-link" href=back>{checkout::give_back_return(l)}</a></p>
            </div>
        </Container>
    }
}

fn refused(l: Locale, page: &ChangeTicketsView, why: &str) -> AnyView {
    let why = errors::text(l, why).to_owned();
    let (organizer, email) = (
        page.event.organizer.clone(),
        page.event.organizer_email.clone(),
    );
    let href = mailto(&email);
    view! {
        <Notice tone=Tone::Info title=why/>
        <p>
            {checkout::give_back_write(l, organizer)} " " <a class="text-link" href=href><bdi>{email}</bdi></a>
        </p>
    }
    .into_any()
}

/// The terms, in sentences.
fn terms(l: Locale, page: &ChangeTicketsView) -> AnyView {
    let until = page
        .until
        .clone()
        .map(|until| t::until(l, dates::medium(l, until.at, Some(&until.zone))));
    let fee = if page.fee.is_zero() {
        t::no_fee(l).to_owned()
    } else {
        t::fee(l, money::format(l, page.fee))
    };
    let difference = if page.returns_difference {
        t::difference_back(l)
    } else {
        t::difference_stays(l)
    };
    view! {
        <ul class="refund-terms">
            {until.map(|until| view! { <li>{until}</li> })}
            <li>{fee}</li>
            <li>{difference}</li>
        </ul>
    }
    .into_any()
}

fn choices(l: Locale, page: &ChangeTicketsView, asked: &Asked, fault: Option<String>) -> AnyView {
    let boxes = page
        .tickets
        .iter()
        .enumerate()
        .map(|(at, ticket)| ticket_box(l, page, asked, (at, ticket)))
        .collect_view();
    let compared = compared(page, asked);
    let offers = page
        .offers
        .iter()
        .map(|offer| offer_row(l, asked, offer, compared))
        .collect_view();
    let dates = page
        .dates
        .iter()
        .map(|date| {
            let when = dates::medium(l, date.starts.at, Some(&date.starts.zone));
            Choice::new(date.id.clone(), t::date(l, &date.title, when))
        })
        .collect::<Vec<_>>();
    let only = page.dates.len() < 2;
    let date = page.date.clone();
    let nothing = page.offers.is_empty();
    view! {
        <div class="stack">
            <p>{t::lead(l)}</p>
            {terms(l, page)}
            <form method="get" action=format!("/orders/{}/change", page.secret) class="form">
                <FormError error=fault/>
                <fieldset class="stack-tight">
                    <legend class="buy-legend">{t::which(l)}</legend>
                    <p class="field-hint">{t::which_hint(l)}</p>
                    {boxes}
                </fieldset>
                {if only {
                    view! { <input type="hidden" name="e" value=date/> }.into_any()
                } else {
                    view! {
                        <Select name="e" label=t::which_date(l) choices=dates required=true selected=date/>
                        <p><Button kind=ButtonKind::Secondary small=true>{t::show_date(l)}</Button></p>
                    }
                        .into_any()
                }}
                <fieldset class="stack-tight">
                    <legend class="buy-legend">{t::into(l)}</legend>
                    {nothing.then(|| view! { <p>{t::no_offers(l)}</p> })}
                    {offers}
                </fieldset>
                <div class="form-actions"><Button name="show" value="1">{t::show(l)}</Button></div>
            </form>
        </div>
    }
    .into_any()
}

fn ticket_box(
    l: Locale,
    page: &ChangeTicketsView,
    asked: &Asked,
    (at, ticket): (usize, &ChangeTicketView),
) -> AnyView {
    let label = checkout::give_back_ticket(l, &ticket.holder, &ticket.type_name);
    let hint = match &ticket.why_not {
        Some(why) => errors::text(l, why).to_owned(),
        None => money::price(l, ticket.paid),
    };
    let disabled = ticket.why_not.is_some();
    let only = page.tickets.len() == 1;
    let marked = asked
        .tickets
        .as_ref()
        .map_or(only, |ids| ids.contains(&ticket.id));
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
    .into_any()
}

/// What new tickets are compared with: what was paid for each chosen one, where that is one amount.
fn compared(page: &ChangeTicketsView, asked: &Asked) -> Option<Money> {
    let chosen = |ticket: &&ChangeTicketView| {
        asked
            .tickets
            .as_ref()
            .is_none_or(|ids| ids.contains(&ticket.id))
    };
    let mut paid = page.tickets.iter().filter(chosen).map(|ticket| ticket.paid);
    let first = paid.next()?;
    paid.all(|other| other == first).then_some(first)
}

fn offer_row(
    l: Locale,
    asked: &Asked,
    offer: &ChangeOfferView,
    compared: Option<Money>,
) -> AnyView {
    let price = money::price(l, offer.unit);
    let difference = compared.and_then(|paid| offer.unit.checked_sub(paid).ok());
    let hint = match difference {
        _ if !offer.on_sale => t::not_on_sale(l).to_owned(),
        None => price,
        Some(more) if more.minor > 0 => t::costs_more(l, money::format(l, more), price),
        Some(less) if less.is_negative() => t::costs_less(l, money::format(l, -less), price),
        Some(_) => t::costs_same(l, price),
    };
    let (name, max) = (offer.name.clone(), offer.max);
    let value = asked.number(offer);
    let disabled = !offer.on_sale;
    view! {
        <div class="change-offer">
            <div>
                <p dir="auto"><strong>{name.clone()}</strong></p>
                <p class="field-hint">{hint}</p>
            </div>
            <Stepper name=quantity_field(offer.id) label=name value max disabled/>
        </div>
    }
    .into_any()
}

fn costs(l: Locale, page: &ChangeTicketsView, preview: ChangePreviewView) -> AnyView {
    let form = FormState::new::<ChangeTickets>();
    let again = format!("/orders/{}/change", page.secret);
    let row = |term: &'static str, amount: Money| {
        (!amount.is_zero())
            .then(|| view! { <Definition term=term><MoneyView amount/></Definition> })
    };
    let added = preview.given == 0;
    let confirm = if !preview.to_pay.is_zero() {
        t::confirm_pay(l, money::format(l, preview.to_pay))
    } else if !preview.back.is_zero() {
        t::confirm_back(l, money::format(l, preview.back))
    } else {
        t::confirm(l).to_owned()
    };
    view! {
        <Section title=t::costs(l)>
            <DefinitionList>
                <Definition term=t::new_tickets(l, u64::from(preview.wanted))>
                    <MoneyView amount=preview.total free=true/>
                </Definition>
                {(!added).then(|| view! {
                    <Definition term=t::old_tickets(l, u64::from(preview.given))>
                        <MoneyView amount=preview.value free=true/>
                    </Definition>
                })}
                {row(t::fee_kept(l), preview.fee)}
                {row(t::kept(l), preview.kept)}
                {row(t::back(l), preview.back)}
                <Definition term=t::to_pay(l)>
                    <strong><MoneyView amount=preview.to_pay/></strong>
                </Definition>
            </DefinitionList>
            <p>{if added {
                t::effect_added(l)
            } else if preview.to_pay.is_zero() {
                t::effect_now(l)
            } else {
                t::effect_paid(l)
            }}</p>
        </Section>
        <form method="post" action=form.address() class="form">
            <FormError error=form.form_error()/>
            <input type="hidden" name="secret" value=page.secret.clone()/>
            <input type="hidden" name="chosen" value=preview.chosen/>
            <input type="hidden" name="accepted" value=preview.accepted/>
            <div class="form-actions">
                <Button>{confirm}</Button>
                <LinkButton href=again kind=ButtonKind::Secondary>{checkout::give_back_again(l)}</LinkButton>
            </div>
        </form>
    }
    .into_any()
}
