//! Bringing the device to a door: by the link it was opened with, by the camera, or by pasting.

use leptos::{ev::SubmitEvent, prelude::*};
use locales::scanner::{self as t, errors};

use super::{control, door::CameraView, say, settings::Language};

const MARK: &str = "pair=";

/// The token in a pairing link, or the token alone.
fn token(text: &str) -> Option<String> {
    let text = text.trim();
    let token = match text.rsplit_once('#') {
        Some((_, fragment)) => fragment.strip_prefix(MARK)?,
        None => text,
    };
    let fits = token.len() == 32
        && token
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || (b'2'..=b'7').contains(&byte));
    fits.then(|| token.to_owned())
}

/// From the address the scanner was opened with. It is taken out of the address at once: it works only once, and should
/// not stand in the history.
fn token_of_address() -> Option<String> {
    let location = window().location();
    let token = token(&location.hash().ok().filter(|hash| !hash.is_empty())?);
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some("/scan"));
    }
    token
}

#[component]
pub fn Pair() -> impl IntoView {
    let control = control();
    let l = control.locale;
    let given = RwSignal::new(token_of_address());
    let link = RwSignal::new(String::new());
    let name = RwSignal::new(t::pair_name_default(l.get_untracked()).to_owned());
    let camera = RwSignal::new(false);
    let pending = move || u64::try_from(control.stats.get().pending).unwrap_or(0);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let given = given.get_untracked();
        match given.or_else(|| link.with_untracked(|link| token(link))) {
            Some(token) => control.pair(token, name.get_untracked()),
            None => control.fault.set(Some("not_a_link".into())),
        }
    };
    let seen = Callback::new(move |text: String| {
        if let Some(token) = token(&text) {
            camera.set(false);
            control.fault.set(None);
            given.set(Some(token));
        }
    });
    // A link that did not work makes room for another.
    Effect::new(move |_| {
        let fault = control.fault.get();
        if fault.is_some_and(|code| code.starts_with("pairing_")) {
            given.set(None);
        }
    });
    let fault = move || {
        control.fault.get().map(|code| match code.as_str() {
            "not_a_link" => t::pair_not_a_link(l.get()),
            code => errors::lookup(l.get(), code).unwrap_or(errors::internal(l.get())),
        })
    };
    view! {
        <div class="scan-page">
            <h1 class="scan-title">{say(t::pair_title)}</h1>
            <Show when=move || pending() != 0>
                <p class="scan-warning" role="status">{move || t::left_for_pairing(l.get(), pending())}</p>
            </Show>
            <form class="scan-form" on:submit=submit>
                <Show when=move || given.with(Option::is_none)>
                    <Ways camera seen link/>
                </Show>
                <div class="field">
                    <label class="field-label" for="pair-name">{say(t::pair_name)}</label>
                    <input
                        id="pair-name"
                        class="input"
                        type="text"
                        maxlength="60"
                        autocomplete="off"
                        aria-describedby="pair-name-hint"
                        prop:value=move || name.get()
                        on:input=move |event| name.set(event_target_value(&event))
                    />
                    <p id="pair-name-hint" class="field-hint">{say(t::pair_name_hint)}</p>
                </div>
                <p id="pair-fault" class="field-error" role="alert">{fault}</p>
                <button class="btn btn-primary scan-wide" type="submit" disabled=move || control.pairing.get()>
                    {move || if control.pairing.get() { t::pair_working(l.get()) } else { t::pair_submit(l.get()) }}
                </button>
            </form>
            <Language/>
        </div>
    }
}

/// How a link comes onto a device that was not opened with one.
#[component]
fn Ways(camera: RwSignal<bool>, seen: Callback<String>, link: RwSignal<String>) -> impl IntoView {
    view! {
        <p class="scan-lead">{say(t::pair_lead)}</p>
        <Show
            when=move || camera.get()
            fallback=move || view! {
                <button class="btn btn-secondary scan-wide" type="button" on:click=move |_| camera.set(true)>
                    {say(t::pair_camera)}
                </button>
            }
        >
            <CameraView on_text=seen looking=Signal::derive(|| true)/>
            <button class="btn btn-quiet scan-wide" type="button" on:click=move |_| camera.set(false)>
                {say(t::pair_stop)}
            </button>
        </Show>
        <div class="field">
            <label class="field-label" for="pair-link">{say(t::pair_link)}</label>
            <input
                id="pair-link"
                class="input"
                type="text"
                dir="ltr"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-describedby="pair-fault"
                prop:value=move || link.get()
                on:input=move |event| link.set(event_target_value(&event))
            />
        </div>
    }
}
