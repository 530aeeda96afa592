//! The state of the network and of the build, above every screen.

use domain::door::DoorMessage;
use leptos::prelude::*;
use locales::scanner as t;

use super::control;
use crate::browser::{clock, control::Screen, offline};

const LEASE_WARNING_SECONDS: i64 = 60 * 60;

#[component]
pub fn Banner() -> impl IntoView {
    let control = control();
    let l = control.locale;
    let working = move || matches!(control.screen.get(), Screen::Ready | Screen::Scan);
    let lease = move || {
        let now = control.now.get();
        let (until, zone) = control.with(|model| {
            let door = &model.identity.door;
            (door.lease_until, door.event.time_zone.clone())
        })?;
        let ends_soon = until.as_second() - now.as_second() < LEASE_WARNING_SECONDS;
        ends_soon.then(|| t::lease_ends(l.get(), clock::time_of_day(until, now, &zone, l.get())))
    };
    let age = move || {
        let now = control.now.get();
        let synced = control.with(|model| model.identity.synced_at).flatten();
        clock::age_text(l.get(), synced, now)
    };
    let banner = move || {
        if !working() {
            return ().into_any();
        }
        match (control.online.get(), lease()) {
            (true, _) => view! { <p class="scan-banner scan-live" role="status">{t::live(l.get())}</p> }.into_any(),
            (false, None) => {
                view! { <p class="scan-banner scan-offline" role="status">{t::offline(l.get(), age())}</p> }.into_any()
            }
            (false, Some(text)) => view! { <p class="scan-banner scan-lease" role="alert">{text}</p> }.into_any(),
        }
    };
    // Reloading without a network may end in no scanner at all, and what waits is told before anything is changed under it;
    // unless this build can tell nothing any more. What waits outlives it.
    let may_update = move || {
        control.stats.track();
        control.screen.track();
        let told = (control.online.get() || !control.is_at_a_door()) && !control.has_unsent();
        told || control.outgrown.get()
    };
    let idle = move || control.card.with(Option::is_none) && control.found.with(Option::is_none);
    view! {
        {banner}
        <Show when=move || control.clock_changed.get() && working()>
            <p class="scan-banner scan-lease" role="alert">{move || t::clock_changed(l.get())}</p>
        </Show>
        {move || control.message.get().map(|message| view! { <Message message/> })}
        <Show when=move || control.update_ready.get() && idle() && may_update()>
            <p class="scan-banner scan-update" role="status">
                {move || t::update_ready(l.get())}
                <button class="btn btn-secondary btn-small" type="button" on:click=move |_| offline::use_new_build()>
                    {move || t::update_now(l.get())}
                </button>
            </p>
        </Show>
    }
}

/// A word to all scanners, until somebody here has read it.
#[component]
fn Message(message: DoorMessage) -> impl IntoView {
    let control = control();
    let zone = control
        .with(|model| model.identity.door.event.time_zone.clone())
        .unwrap_or_default();
    let at = message.sent_at;
    let sent = move || clock::time_of_day(at, control.now.get(), &zone, control.locale.get());
    view! {
        <div class="scan-banner scan-message" role="alert">
            <p dir="auto"><strong>{message.text}</strong></p>
            <small>{sent}</small>
            <button class="btn btn-secondary btn-small" type="button"
                on:click=move |_| control.settle(move |identity| identity.read = Some(at))>
                {move || t::message_read(control.locale.get())}
            </button>
        </div>
    }
}
