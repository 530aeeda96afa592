//! The screen of the evening: camera, one field, the verdict over both, numbers below.

use domain::checkin::Way;
use leptos::{ev::SubmitEvent, prelude::*};
use locales::{Locale, scanner as t};

use super::{
    card::CardView,
    control,
    door::CameraView,
    gate::Gate,
    lists::{Conflicts, Found, Recent},
    say,
    settings::Settings,
};
use crate::browser::control::Source;

#[component]
pub fn Scan() -> impl IntoView {
    let control = control();
    let camera = RwSignal::new(true);
    let looking = Signal::derive(move || control.is_looking());
    view! {
        <div class="scan-door">
            <Where/>
            <Show when=move || camera.get()>
                <CameraView on_text=Callback::new(move |text: String| control.scanned(&text, Source::Camera)) looking/>
            </Show>
            <TypeIn/>
            {move || control.found.get().map(|found| view! { <Found found/> })}
            <Numbers/>
            <Conflicts/>
            <Recent/>
            <button class="btn btn-quiet scan-wide" type="button" on:click=move |_| camera.update(|on| *on = !*on)>
                {move || if camera.get() { t::camera_off(control.locale.get()) } else { t::camera_on(control.locale.get()) }}
            </button>
            <Settings/>
            <div aria-live="assertive">
                {move || control.card.get().map(|card| view! { <CardView card/> })}
            </div>
        </div>
    }
}

/// Which door this is, so that nobody scans at another.
#[component]
fn Where() -> impl IntoView {
    let control = control();
    let title = control
        .with(|model| model.identity.door.event.title.clone())
        .unwrap_or_default();
    let way = move |this: Way, label: fn(Locale) -> &'static str| {
        view! {
            <button class="btn btn-quiet" type="button" aria-pressed=move || (control.way.get() == this).to_string()
                on:click=move |_| control.settle(|identity| identity.way = this)>{say(label)}</button>
        }
    };
    view! {
        <header class="scan-where">
            <h1 class="scan-event" dir="auto">{title}</h1>
            <Gate/>
            <div class="scan-way" role="group" aria-label=say(t::way)>{way(Way::In, t::way_in)}{way(Way::Out, t::way_out)}</div>
        </header>
    }
}

/// For codes read aloud, orders and names.
#[component]
fn TypeIn() -> impl IntoView {
    let control = control();
    let text = RwSignal::new(String::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = text.get_untracked();
        if !typed.trim().is_empty() {
            control.scanned(&typed, Source::Hand);
            text.set(String::new());
        }
    };
    // A hardware scanner types into the field when it has the focus; what it typed is no search.
    Effect::new(move |_| {
        if control.card.with(Option::is_some) {
            text.set(String::new());
        }
    });
    view! {
        <form class="scan-type" role="search" on:submit=submit>
            <label class="sr-only" for="scan-text">{say(t::type_label)}</label>
            <input
                id="scan-text"
                class="input"
                type="text"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                enterkeyhint="search"
                placeholder=say(t::type_label)
                prop:value=move || text.get()
                on:input=move |event| text.set(event_target_value(&event))
            />
            <button class="btn btn-secondary" type="submit">{say(t::type_submit)}</button>
        </form>
    }
}

#[component]
fn Numbers() -> impl IntoView {
    let control = control();
    let l = control.locale;
    let stats = control.stats;
    view! {
        <dl class="scan-numbers">
            <div>
                <dt>{say(t::inside)}</dt>
                <dd>{move || stats.get().inside} <small>{move || t::of_sold(l.get(), stats.get().sold)}</small></dd>
            </div>
            <div>
                <dt>{say(t::pending)}</dt>
                <dd>
                    {move || stats.get().pending}
                    <Show when=move || { stats.get().pending > 0 }>
                        <button class="btn btn-quiet btn-small" type="button" on:click=move |_| crate::browser::sync::now()>
                            {say(t::send_now)}
                        </button>
                    </Show>
                </dd>
            </div>
            <div>
                <dt>{say(t::refused)}</dt>
                <dd>{move || stats.get().refused}</dd>
            </div>
        </dl>
    }
}
