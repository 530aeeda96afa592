//! The door of an event: gates, scanners, the last scans, what needs a look. Renews itself while it is open.

mod lists;
mod log;
mod pin;
mod scanners;
mod scans;
mod steer;

use std::time::Duration;

use app_api::{
    ask, ask_once,
    door::{DoorView, EventDoor},
};
use app_ui::{
    ButtonKind, Column, DataTable, LinkButton, Notice, PageHeader, Section, Stat, Tone, use_locale,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use locales::door as t;

pub use self::lists::{DoorListPage, DoorListsPage};
use self::{
    log::{Pairs, log},
    pin::Supervisor,
    scanners::{Pairing, Scanners},
    scans::Scans,
    steer::{Message, OpenForm, Openings},
};
use crate::parts::{EventFrame, EventTab, loaded, param};

const RENEW: Duration = Duration::from_secs(5);

#[component]
pub fn DoorPage() -> impl IntoView {
    let l = use_locale();
    let params = use_params_map();
    let event = Memo::new(move |_| params.with(|params| params.get("event").unwrap_or_default()));
    let door = ask(move || EventDoor {
        event_slug: event.get(),
    });
    view! {
        <EventFrame title=t::title(l) tab=EventTab::Door>
            {loaded(door, move |view| view! { <Sheet view event=event.get_untracked()/> }.into_any())}
        </EventFrame>
    }
}

/// Each part follows its own piece of the news, so that nothing is taken from under a hand: a form keeps what was typed
/// and a question stays open while people come in.
#[component]
fn Sheet(view: DoorView, event: String) -> impl IntoView {
    let l = use_locale();
    let (title, manages) = (view.title.clone(), view.manages);
    let (kinds, known_gates) = (view.kinds.clone(), view.known_gates.clone());
    let lists = format!("/organize/{}/events/{event}/door/lists", param("org"));
    let news = RwSignal::new(view);
    let address = StoredValue::new(event);
    let renew = move || {
        leptos::task::spawn_local(async move {
            let Some(event) = address.try_get_value() else {
                return;
            };
            // A failed look is made good by the next one.
            if let Ok(view) = ask_once(EventDoor { event_slug: event }).await {
                news.try_set(view);
            }
        });
    };
    Effect::new(move |_| {
        if let Ok(timer) = set_interval_with_handle(renew, RENEW) {
            on_cleanup(move || timer.clear());
        }
    });
    let counts = Memo::new(move |_| news.with(|news| (news.counts.clone(), news.alerts.clone())));
    let gates = Memo::new(move |_| news.with(|news| news.gates.clone()));
    let conflicts = Memo::new(move |_| news.with(|news| news.conflicts.clone()));
    let devices = Memo::new(move |_| news.with(|news| news.devices.clone()));
    let said = Memo::new(move |_| news.with(|news| (news.message.clone(), news.openings.clone())));
    let has_pin = Memo::new(move |_| news.with(|news| news.has_pin));
    let slug = move || address.get_value();
    view! {
        <PageHeader title=t::title(l) eyebrow=title lead=t::lead(l)>
            <LinkButton href=lists kind=ButtonKind::Secondary>{t::lists(l)}</LinkButton>
        </PageHeader>
        <div class="stack" aria-live="polite">
            {move || {
                let (counts, alerts) = counts.get();
                let counts = counts.map(|(label, value, note)| view! { <Stat label value note/> });
                let alerts = alerts
                    .into_iter()
                    .map(|text| view! { <Notice tone=Tone::Warning title=text/> })
                    .collect_view();
                view! { <div class="stats">{counts}</div>{alerts} }
            }}
        </div>
        {move || (!gates.with(Vec::is_empty)).then(|| view! {
            <Section title=t::gates(l) lead=t::gates_lead(l)><Gates rows=gates.get()/></Section>
        })}
        {move || (!conflicts.with(Vec::is_empty)).then(|| view! {
            <Section title=t::conflicts(l) lead=t::conflicts_lead(l)><Pairs pairs=conflicts.get()/></Section>
        })}
        <Section title=t::message(l) lead=t::message_lead(l)>
            {move || said.with(|(message, _)| message.clone())
                .map(|message| view! { <Message message manages event=slug()/> })}
            {manages.then(|| steer::say(slug()))}
        </Section>
        <Section title=t::openings(l) lead=t::openings_lead(l)>
            {move || {
                let openings = said.with(|(_, openings)| openings.clone());
                view! { <Openings openings manages event=slug()/> }
            }}
            {manages.then(|| view! { <OpenForm event=slug() kinds known_gates/> })}
        </Section>
        {move || view! { <Scanners devices=devices.get() manages event=slug()/> }}
        {manages.then(|| view! { <Pairing event=slug()/> })}
        {move || manages.then(|| view! { <Supervisor event=slug() has_pin=has_pin.get()/> })}
        {log(news)}
    }
    .into_any()
}

#[component]
fn Gates(rows: Vec<Vec<String>>) -> impl IntoView {
    let l = use_locale();
    let heads = [
        t::gate(l),
        t::let_in(l),
        t::per_minute(l),
        t::turned_away(l),
        t::last_scan(l),
    ];
    let numeric = |n: usize| n != 0;
    let columns = heads
        .into_iter()
        .enumerate()
        .map(|(n, head)| {
            if numeric(n) {
                Column::number(head)
            } else {
                Column::text(head)
            }
        })
        .collect();
    let rows = rows
        .into_iter()
        .map(|cells| {
            let cells = cells.into_iter().zip(heads).enumerate();
            let cells = cells
                .map(|(n, (cell, head))| {
                    view! { <td class:num=numeric(n) data-label=head><bdi>{cell}</bdi></td> }
                })
                .collect_view();
            view! { <tr>{cells}</tr> }
        })
        .collect_view();
    view! { <DataTable caption=t::gates(l) columns stacked=true>{rows}</DataTable> }.into_any()
}
