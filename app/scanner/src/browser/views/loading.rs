//! Loading the list, and being ready.

use domain::checkin::Tone;
use leptos::prelude::*;
use locales::scanner as t;

use super::{control, gate::Gate, say, settings::Settings};
use crate::browser::clock;

#[component]
pub fn Loading() -> impl IntoView {
    let control = control();
    let l = control.locale;
    let loaded = move || control.stats.get().tickets;
    // Cancelled tickets are in the list too, so there may be more of them than were sold.
    let total = move || {
        usize::try_from(control.stats.get().sold)
            .unwrap_or(0)
            .max(loaded())
    };
    view! {
        <div class="scan-page">
            <h1 class="scan-title">{say(t::loading_title)}</h1>
            <progress class="progress scan-wide" max=move || total().max(1).to_string() value=move || loaded().to_string()></progress>
            <p class="scan-lead" role="status">{move || t::loading_progress(l.get(), loaded(), total())}</p>
            <Show when=move || { !control.online.get() && loaded() > 0 }>
                <p role="alert">{say(t::loading_failed)}</p>
            </Show>
        </div>
    }
}

#[component]
pub fn Ready() -> impl IntoView {
    let control = control();
    let l = control.locale;
    let door = control.with(|model| model.identity.door.clone());
    let title = door.map(|door| door.event.title).unwrap_or_default();
    let tickets = move || {
        t::tickets(
            l.get(),
            u64::try_from(control.stats.get().tickets).unwrap_or(0),
        )
    };
    let age = move || {
        let now = control.now.get();
        let synced = control.with(|model| model.identity.synced_at).flatten();
        t::ready_age(l.get(), clock::age_text(l.get(), synced, now))
    };
    let wrong = move || {
        // The clock is looked at whenever time passes.
        control.now.track();
        let minutes = control.minutes_wrong();
        minutes.map(|minutes| view! { <p class="scan-hint">{t::clock_wrong(l.get(), minutes)}</p> })
    };
    let try_sound = move |_| {
        control.wake_voice();
        control.announce(Tone::Go);
    };
    view! {
        <div class="scan-page">
            <p class="scan-event">{title}</p>
            <Gate/>
            <h1 class="scan-title">{say(t::ready_title)}</h1>
            <p class="scan-number">{tickets}</p>
            <p class="scan-lead">{age}</p>
            {wrong}
            <Show when=move || !control.kept.get()><p class="scan-hint">{say(t::not_kept)}</p></Show>
            <button class="btn btn-primary scan-wide scan-start" type="button" on:click=move |_| control.start()>
                {say(t::ready_start)}
            </button>
            <button class="btn btn-secondary scan-wide" type="button" on:click=try_sound>{say(t::ready_sound)}</button>
            <Settings/>
        </div>
    }
}
