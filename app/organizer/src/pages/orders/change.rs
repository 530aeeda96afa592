//! `/organize/:org/orders/:code/change`: which tickets of a buyer end and what they get instead, then what that would do, then
//! doing it. The choice stands in the address.

use app_api::query::{Query, use_query_map};
use app_api::{
    FormState, ask,
    checkout::{ChangeOfferView, ChangePreviewView, ChangeTicketsView, quantity_field},
    exchanges::{choice, wanted},
    organizer_orders::{ChangePreview, ChangeTicketsOfOrder},
};
use app_ui::{
    Button, ButtonKind, Checkbox, Choice, Definition, DefinitionList, FormError, LinkButton,
    MoneyView, Notice, Section, Select, Stepper, Tone, use_locale,
};
use domain::money::Money;
use leptos::prelude::*;
use locales::{Locale, changes as c, dates, errors, money, orders as t};

use crate::parts::{Frame, loaded, use_part};

fn chosen(query: &Query) -> String {
    let tickets = query.get_all("t").unwrap_or_default();
    let event = query.get("e").unwrap_or_default();
    let wanted = match query.get("show") {
        Some(_) => wanted(query.clone()),
        None => Vec::new(),
    };
    choice(&tickets, &event, &wanted)
}

#[component]
pub fn ChangePage() -> impl IntoView {
    let l = use_locale();
    let (organization, code) = (use_part("org"), use_part("code"));
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(chosen));
    let page = ask(move || ChangePreview {
        organization: organization.get(),
        code: code.get(),
        chosen: asked.get(),
    });
    view! {
        <Frame title=c::title(l)>
            {loaded(page, move |page| {
                let sent = query.with_untracked(Query::clone);
                show(&organization.get_untracked(), &page, &sent)
            })}
        </Frame>
    }
}

fn show(organization: &str, page: &ChangeTicketsView, sent: &Query) -> AnyView {
    let l = use_locale();
    let back = format!("/organize/{organization}/orders/{}", page.code);
    let inside = match (&page.why_not, page.preview.clone()) {
        (Some(why), _) => {
            let why = errors::text(l, why).to_owned();
            view! { <Notice tone=Tone::Info title=why/> }.into_any()
        }
        (None, Some(preview)) => costs(l, organization, page, preview),
        (None, None) => choices(l, &back, page, sent),
    };
    view! {
        {inside}
        <p><a class="text-link" href=back>{t::back_to_order(l)}</a></p>
    }
    .into_any()
}

fn choices(l: Locale, back: &str, page: &ChangeTicketsView, sent: &Query) -> AnyView {
    let asked = sent.get("show").is_some();
    let empty = asked.then_some("nothing_chosen");
    let fault = page.fault.as_deref().filter(|_| asked).or(empty);
    let fault = fault.map(|why| errors::text(l, why).to_owned());
    let marked = sent.get_all("t").unwrap_or_default();
    let boxes = page
        .tickets
        .iter()
        .enumerate()
        .map(|(at, ticket)| {
            let label = t::ticket_of(l, &ticket.holder, &ticket.type_name);
            let hint = match &ticket.why_not {
                Some(why) => errors::text(l, why).to_owned(),
                None => money::price(l, ticket.paid),
            };
            let disabled = ticket.why_not.is_some();
            let checked = marked.contains(&ticket.id) && !disabled;
            view! { <Checkbox name="t" id=format!("ticket-{at}") value=ticket.id.clone() label hint checked disabled/> }
        })
        .collect_view();
    let numbers = wanted(sent.clone());
    let offers = page
        .offers
        .iter()
        .map(|offer| row(l, offer, &numbers))
        .collect_view();
    let dates = page
        .dates
        .iter()
        .map(|date| {
            let when = dates::medium(l, date.starts.at, Some(&date.starts.zone));
            Choice::new(date.id.clone(), c::date(l, &date.title, when))
        })
        .collect::<Vec<_>>();
    let date = page.date.clone();
    view! {
        <form method="get" action=format!("{back}/change") class="form">
            <FormError error=fault/>
            <Section title=c::which(l) lead=c::which_hint(l)>{boxes}</Section>
            <Section title=c::into(l)>
                <Select name="e" label=c::which_date(l) choices=dates required=true selected=date/>
                <p><Button kind=ButtonKind::Secondary small=true>{c::show_date(l)}</Button></p>
                {offers}
            </Section>
            <div class="form-actions"><Button name="show" value="1">{c::show(l)}</Button></div>
        </form>
    }
    .into_any()
}

fn row(l: Locale, offer: &ChangeOfferView, numbers: &[(String, String)]) -> AnyView {
    let id = offer.id.to_string();
    let found = numbers.iter().find(|(of, _)| *of == id);
    let value = found
        .and_then(|(_, number)| number.parse().ok())
        .unwrap_or(0);
    let price = money::price(l, offer.unit);
    let name = offer.name.clone();
    view! {
        <div class="change-offer">
            <div>
                <p dir="auto"><strong>{name.clone()}</strong></p>
                <p class="field-hint">{price}</p>
            </div>
            <Stepper name=quantity_field(offer.id) label=name value/>
        </div>
    }
    .into_any()
}

fn costs(
    l: Locale,
    organization: &str,
    page: &ChangeTicketsView,
    preview: ChangePreviewView,
) -> AnyView {
    let form = FormState::new::<ChangeTicketsOfOrder>();
    let again = format!("/organize/{organization}/orders/{}/change", page.code);
    let row = |term: &'static str, amount: Money| {
        (!amount.is_zero())
            .then(|| view! { <Definition term=term><MoneyView amount/></Definition> })
    };
    let effect = if preview.to_pay.is_zero() {
        c::effect_now(l)
    } else {
        c::effect_asked(l)
    };
    view! {
        <Section title=c::costs(l)>
            <DefinitionList>
                <Definition term=c::new_tickets(l, u64::from(preview.wanted))>
                    <MoneyView amount=preview.total free=true/>
                </Definition>
                {(preview.given > 0).then(|| view! {
                    <Definition term=c::old_tickets(l, u64::from(preview.given))>
                        <MoneyView amount=preview.value free=true/>
                    </Definition>
                })}
                {row(c::back(l), preview.back)}
                <Definition term=c::to_pay(l)>
                    <strong><MoneyView amount=preview.to_pay/></strong>
                </Definition>
            </DefinitionList>
            <p>{effect}</p>
        </Section>
        <form method="post" action=form.address() class="form">
            <FormError error=form.form_error()/>
            <input type="hidden" name="organization" value=organization.to_owned()/>
            <input type="hidden" name="code" value=page.code.clone()/>
            <input type="hidden" name="chosen" value=preview.chosen/>
            <input type="hidden" name="accepted" value=preview.accepted/>
            <div class="form-actions">
                <Button>{c::confirm(l)}</Button>
                <LinkButton href=again kind=ButtonKind::Secondary>{t::choose_again(l)}</LinkButton>
            </div>
        </form>
    }
    .into_any()
}
