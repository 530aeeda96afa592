//! The door of an event: scanners, the last scans, what needs a look. Renews itself while it is open.

mod scanners;
mod scans;

use std::time::Duration;

use app_api::door::{DoorView, event_door};
use app_ui::{PageHeader, Section, Stat, use_locale};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use locales::{door as t, numbers};

use crate::parts::{EventFrame, EventTab, loaded};

use self::{
    scanners::{Pairing, Scanners},
    scans::Scans,
};

const RENEW: Duration = Duration::from_secs(5);

#[component]
pub fn DoorPage() -> impl IntoView {
    let l = use_locale();
    let params = use_params_map();
    let event = Memo::new(move |_| params.with(|params| params.get("event").unwrap_or_default()));
    let door = Resource::new_blocking(move || event.get(), event_door);
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
    let news = RwSignal::new(view);
    let address = StoredValue::new(event.clone());
    let renew = move || {
        leptos::task::spawn_local(async move {
            let Some(event) = address.try_get_value() else {
                return;
            };
            // A failed look is made good by the next one.
            if let Ok(view) = event_door(event).await {
                news.try_set(view);
            }
        });
    };
    Effect::new(move |_| {
        if let Ok(timer) = set_interval_with_handle(renew, RENEW) {
            on_cleanup(move || timer.clear());
        }
    });
    let counts = Memo::new(move |_| news.with(|news| (news.inside, news.sold)));
    let conflicts = Memo::new(move |_| news.with(|news| news.conflicts.clone()));
    let devices = Memo::new(move |_| news.with(|news| news.devices.clone()));
    let recent = Memo::new(move |_| news.with(|news| news.recent.clone()));
    view! {
        <PageHeader title=t::title(l) eyebrow=title lead=t::lead(l)/>
        <div class="stats" aria-live="polite">
            {move || {
                let (inside, sold) = counts.get();
                let of_sold = t::of_sold(l, numbers::integer(u64::from(sold)));
                view! { <Stat label=t::inside(l) value=numbers::integer(u64::from(inside)) note=of_sold/> }
            }}
        </div>
        {move || (!conflicts.with(Vec::is_empty)).then(|| view! {
            <Section title=t::conflicts(l) lead=t::conflicts_lead(l)>
                <Scans caption=t::conflicts(l) scans=conflicts.get()/>
            </Section>
        })}
        {manages.then(|| view! { <Pairing event=event.clone()/> })}
        {move || view! { <Scanners devices=devices.get() manages event=event.clone()/> }}
        <Section title=t::recent(l)>
            {move || if recent.with(Vec::is_empty) {
                view! { <p>{t::no_scans(l)}</p> }.into_any()
            } else {
                view! { <Scans caption=t::recent(l) scans=recent.get()/> }.into_any()
            }}
        </Section>
    }
    .into_any()
}
