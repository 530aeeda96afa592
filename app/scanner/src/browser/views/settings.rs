//! What the person holding the device chooses.

use leptos::prelude::*;
use locales::{Locale, scanner as t};

use super::{control, say};
use crate::browser::control::Screen;

/// The language of whoever works here, not of the event.
#[component]
pub fn Language() -> impl IntoView {
    let control = control();
    let buttons = Locale::all().map(|locale| {
        view! {
            <button
                class="btn btn-quiet"
                type="button"
                lang=locale.code()
                dir=locale.dir()
                aria-pressed=move || (control.locale.get() == locale).to_string()
                on:click=move |_| control.set(|settings| settings.locale = locale.code().to_owned())
            >
                {locale.name()}
            </button>
        }
    });
    view! {
        <div class="scan-choice" role="group" aria-label=say(t::language)>{buttons.collect_view()}</div>
    }
}

#[component]
pub fn Settings() -> impl IntoView {
    let control = control();
    let sound = move || control.settings.with(|settings| settings.sound);
    let light = move || control.settings.with(|settings| settings.light);
    let waiting = move || control.stats.get().pending > 0;
    let forget = move |_| leptos::task::spawn_local(control.forget(Screen::Pair));
    let choice = |pressed: bool| pressed.to_string();
    view! {
        <details class="scan-settings">
            <summary>{say(t::settings)}</summary>
            <Language/>
            <div class="scan-choice" role="group" aria-label=say(t::sound)>
                <span class="scan-choice-label">{say(t::sound)}</span>
                <button class="btn btn-quiet" type="button" aria-pressed=move || choice(sound())
                    on:click=move |_| control.set(|settings| settings.sound = true)>{say(t::on)}</button>
                <button class="btn btn-quiet" type="button" aria-pressed=move || choice(!sound())
                    on:click=move |_| control.set(|settings| settings.sound = false)>{say(t::off)}</button>
            </div>
            <div class="scan-choice" role="group" aria-label=say(t::appearance)>
                <span class="scan-choice-label">{say(t::appearance)}</span>
                <button class="btn btn-quiet" type="button" aria-pressed=move || choice(!light())
                    on:click=move |_| control.set(|settings| settings.light = false)>{say(t::dark)}</button>
                <button class="btn btn-quiet" type="button" aria-pressed=move || choice(light())
                    on:click=move |_| control.set(|settings| settings.light = true)>{say(t::light)}</button>
            </div>
            <details class="scan-forget">
                <summary>{say(t::unpair)}</summary>
                <p>{say(t::unpair_sure)}</p>
                <Show when=waiting><p class="scan-warning" role="alert">{say(t::unpair_pending)}</p></Show>
                <button class="btn btn-danger scan-wide" type="button" on:click=forget>{say(t::unpair_confirm)}</button>
            </details>
        </details>
    }
}
