//! Which gate this is: as pairing said, or as chosen here.

use leptos::prelude::*;
use locales::scanner as t;

use super::{control, say};

#[component]
pub fn Gate() -> impl IntoView {
    let control = control();
    let l = control.locale;
    let gate = move || {
        let gate = control.gate.get();
        (!gate.is_empty()).then(|| t::ready_gate(l.get(), &gate))
    };
    // A gate that was chosen here stays in the list, though nobody else knows it any more.
    let choices = move || {
        let (chosen, mut gates) = (control.gate.get(), control.gates.get());
        if !chosen.is_empty() && !gates.contains(&chosen) {
            gates.push(chosen.clone());
        }
        gates
            .into_iter()
            .map(|gate| view! { <option value=gate.clone() selected=gate == chosen>{gate.clone()}</option> })
            .collect_view()
    };
    let choose = move |event| {
        let gate = event_target_value(&event);
        control.settle(move |identity| identity.choose_gate(gate));
    };
    let select = move || {
        view! {
            <label class="scan-gate">
                <span>{say(t::gate)}</span>
                <select class="input" on:change=choose>
                    <option value="" selected=move || control.gate.with(String::is_empty)>{say(t::gate_any)}</option>
                    {choices}
                </select>
            </label>
        }
    };
    view! {
        <Show when=move || !control.gates.with(Vec::is_empty) fallback=move || view! { <p class="scan-lead" dir="auto">{gate}</p> }>
            {select()}
        </Show>
    }
}
