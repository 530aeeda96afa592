//! Which gate this is: as pairing said, or as chosen here.

use leptos::prelude::*;
use locales::scanner as t;

use super::{control, say};

#[component]
pub fn Gate() -> impl IntoView {
    let control = control();
    let l = control.locale;
    let gates = control
        .with(|model| model.identity.door.gates.clone())
        .unwrap_or_default();
    if gates.is_empty() {
        let gate = move || {
            let gate = control.gate.get();
            (!gate.is_empty()).then(|| t::ready_gate(l.get(), &gate))
        };
        return view! { <p class="scan-lead" dir="auto">{gate}</p> }.into_any();
    }
    let choices = gates
        .into_iter()
        .map(|gate| {
            let (name, value) = (gate.clone(), gate.clone());
            view! { <option value=value selected=move || control.gate.get() == name>{gate}</option> }
        })
        .collect_view();
    let choose = move |event| {
        let gate = event_target_value(&event);
        control.settle(move |identity| identity.choose_gate(gate));
    };
    view! {
        <label class="scan-gate">
            <span>{say(t::gate)}</span>
            <select class="input" on:change=choose>
                <option value="" selected=move || control.gate.with(String::is_empty)>{say(t::gate_any)}</option>
                {choices}
            </select>
        </label>
    }
    .into_any()
}
