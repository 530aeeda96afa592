//! `/organize/:org/orders/:code`: one order with everything that happened to it.

use app_api::query::use_query_map;
use app_api::{
    FormState, ask,
    organizer_orders::{OrganizerOrder, OrganizerOrderView, SetOrderDoorNote},
};
use app_ui::{
    Badge, Button, ButtonKind, DateTimeView, Definition, DefinitionList, Disclosure, FormError,
    Notice, Section, TextInput, Tone, mailto, use_locale,
};
use domain::{orders::OrderState, permissions::Right};
use leptos::prelude::*;
use locales::{Locale, changes, disputes, door, finance, orders as t, passing, requests};

use super::{
    actions::Actions, reassign, requests::waiting, tables, timeline, words::order_state_of,
};
use crate::{
    pages::invoices,
    parts::{Frame, loaded, use_part, vat_check},
};

#[component]
pub fn OrderPage() -> impl IntoView {
    let l = use_locale();
    let (organization, code) = (use_part("org"), use_part("code"));
    let query = use_query_map();
    let order = ask(move || OrganizerOrder {
        organization: organization.get(),
        code: code.get(),
    });
    let done = move || {
        let done = query.with(|q| q.get("done"));
        done.and_then(|done| said(l, &done))
            .map(|text| view! { <Notice tone=Tone::Success title=text/> })
    };
    view! {
        <Frame title=t::order_title(l, code.get_untracked())>
            <div aria-live="polite">{done}</div>
            {loaded(order, move |found| show(organization.get_untracked(), found))}
        </Frame>
    }
}

/// What was just done, by the word in the address.
fn said(l: Locale, done: &str) -> Option<&'static str> {
    match done {
        "refund" => Some(t::done_refund(l)),
        "ended" => Some(t::done_ended(l)),
        "change" => Some(changes::done(l)),
        "change_asked" => Some(changes::done_asked(l)),
        "retry" => Some(t::done_retry(l)),
        "cancel" => Some(t::done_cancel(l)),
        "approved" => Some(requests::done_approved(l)),
        "declined" => Some(requests::done_declined(l)),
        "resend" => Some(t::done_resend(l)),
        "note" => Some(t::done_note(l)),
        "reassigned" => Some(passing::reassigned(l)),
        _ => None,
    }
}

fn show(organization: String, order: OrganizerOrderView) -> AnyView {
    let l = use_locale();
    let lines = tables::lines(&order);
    let tickets = tables::tickets(&order);
    let give = reassign::panel(&organization, &order);
    let money = tables::money(&organization, &order);
    let happened = timeline::view(&order.timeline);
    let zone = order.event.zone.clone();
    let documents = (!order.documents.is_empty()).then(|| {
        let rows = order.documents.clone();
        let table = invoices::table(&organization, rows);
        view! { <Section title=locales::invoices::documents(l)>{table}</Section> }
    });
    let blocked = order.blocked.then(|| {
        let href = format!("/organize/{organization}/money/disputes");
        view! {
            <Notice tone=Tone::Warning title=disputes::order_blocked_title(l)>
                <p>{disputes::order_blocked(l)}</p>
                <p><a class="text-link" href=href>{disputes::see_case(l)}</a></p>
            </Notice>
        }
    });
    view! {
        {blocked}
        {facts(&organization, &order)}
        {order.waits().then(|| waiting(organization.clone(), &order))}
        {door_note(&organization, &order)}
        <Actions organization order/>
        <Section title=t::what_was_ordered(l)>{lines}</Section>
        <Section title=t::col_tickets(l)>{tickets}{give}</Section>
        <Section title=t::money(l)>{money}</Section>
        {documents}
        <Section title=t::timeline(l) lead=t::times_in(l, zone)>{happened}</Section>
    }
    .into_any()
}

/// For the people at the door; those who may not write it see it.
fn door_note(organization: &str, order: &OrganizerOrderView) -> Option<AnyView> {
    let l = use_locale();
    let note = order.door_note.clone();
    if !app_api::may(organization, Right::ResendTickets) {
        return (!note.is_empty()).then(|| {
            view! { <Notice title=door::kind_note(l)><p dir="auto">{note}</p></Notice> }.into_any()
        });
    }
    let form = FormState::new::<SetOrderDoorNote>();
    let open = form.failed() || !note.is_empty();
    let (organization, code) = (organization.to_owned(), order.code.clone());
    Some(
        view! {
            <Disclosure label=door::kind_note(l) open>
                <form method="post" action=form.address() class="form">
                    <FormError error=form.form_error()/>
                    <input type="hidden" name="organization" value=organization/>
                    <input type="hidden" name="code" value=code/>
                    <TextInput
                        name="note"
                        label=door::kind_note(l)
                        hint=door::order_note_hint(l)
                        maxlength=140
                        hide_label=true
                        value=form.value_or("note", note)
                        error=form.error("note")
                    />
                    <div><Button kind=ButtonKind::Secondary>{door::order_note_save(l)}</Button></div>
                </form>
            </Disclosure>
        }
        .into_any(),
    )
}

fn facts(organization: &str, order: &OrganizerOrderView) -> AnyView {
    let l = use_locale();
    let decision = order.request.and_then(|request| request.decision);
    let (tone, state) = order_state_of(l, order.state, decision);
    let when = |at| view! { <DateTimeView at zone=order.event.zone.clone()/> }.into_any();
    let waiting = order
        .expires
        .filter(|_| order.state == OrderState::Pending)
        .map(when);
    let (placed, starts) = (when(order.created), when(order.event.starts));
    let reason = Some(order.cancel_reason.clone()).filter(|reason| !reason.is_empty());
    let invoice = order.invoice.clone().map(|invoice| {
        let checked = vat_check(l, invoice.vat_check);
        let reverse_charge = invoice
            .reverse_charge
            .then(|| finance::reverse_charge(l).to_owned());
        let parts = [
            invoice.name,
            invoice.address,
            invoice.vat_id,
            reverse_charge.unwrap_or_default(),
        ];
        let text = parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", ");
        (text, checked)
    });
    let event = format!(
        "/organize/{organization}/events/{}/orders",
        order.event.slug
    );
    let (title, link) = (order.event.title.clone(), order.link.clone());
    let (name, email) = (order.buyer_name.clone(), order.buyer_email.clone());
    let mail = mailto(&email);
    view! {
        <DefinitionList>
            <Definition term=t::col_state(l)><Badge tone>{state}</Badge></Definition>
            {waiting.map(|at| view! { <Definition term=t::kept_until(l)>{at}</Definition> })}
            {reason.map(|reason| view! { <Definition term=t::reason(l)><bdi>{reason}</bdi></Definition> })}
            <Definition term=t::col_event(l)>
                <span class="dotted"><a class="text-link" href=event><bdi>{title}</bdi></a> {starts}</span>
            </Definition>
            <Definition term=t::ordered(l)>{placed}</Definition>
            <Definition term=t::col_buyer(l)>
                <span class="dotted"><bdi>{name}</bdi> <a class="text-link" href=mail><bdi>{email}</bdi></a></span>
            </Definition>
            {invoice.map(|(text, checked)| view! { <Definition term=t::invoice(l)><bdi>{text}</bdi>{checked}</Definition> })}
            <Definition term=t::buyer_page(l)>
                <a class="text-link" href=format!("{link}?look") rel="external">{t::open_buyer_page(l)}</a>
            </Definition>
        </DefinitionList>
    }
    .into_any()
}
