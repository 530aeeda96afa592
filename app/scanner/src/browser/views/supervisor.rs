//! A supervisor lets somebody in whom the rule sends away: with a PIN, and with a reason for the log.

use leptos::{ev::SubmitEvent, html::Input, prelude::*};
use locales::scanner as t;

use super::{control, say};
use crate::browser::control::Card;

#[component]
pub fn Supervisor(card: Card) -> impl IntoView {
    let control = control();
    let (pin, reason) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let wrong = RwSignal::new(false);
    let field: NodeRef<Input> = NodeRef::new();
    let card = StoredValue::new(card);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if pin.with_untracked(String::is_empty) {
            // Enter in the field above.
            if let Some(field) = field.get_untracked() {
                let _ = field.focus();
            }
            return;
        }
        let opens = control.with(|model| {
            let door = &model.identity.door;
            door.pin
                .as_ref()
                .is_some_and(|known| known.opens(&pin.get_untracked()))
        });
        pin.set(String::new());
        if opens == Some(true) {
            control.force(card.get_value(), reason.get_untracked());
        } else {
            wrong.set(true);
        }
    };
    view! {
        <details class="scan-supervisor">
            <summary class="btn btn-secondary">{say(t::supervisor)}</summary>
            <form on:submit=submit>
                <label for="scan-reason">{say(t::supervisor_reason)}</label>
                <input id="scan-reason" class="input" type="text" maxlength="140" autocomplete="off"
                    prop:value=move || reason.get() on:input=move |event| reason.set(event_target_value(&event))/>
                <label for="scan-pin">{say(t::supervisor_pin)}</label>
                <input node_ref=field id="scan-pin" class="input" type="password" inputmode="numeric" maxlength="8" autocomplete="off"
                    aria-invalid=move || wrong.get().to_string() aria-describedby="scan-pin-wrong"
                    prop:value=move || pin.get() on:input=move |event| {
                        wrong.set(false);
                        pin.set(event_target_value(&event));
                    }/>
                <p id="scan-pin-wrong" role="alert">{move || wrong.get().then(|| t::supervisor_wrong(control.locale.get()))}</p>
                <button class="btn btn-primary" type="submit">{say(t::supervisor_admit)}</button>
            </form>
        </details>
    }
}
