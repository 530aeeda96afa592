//! What is said to all scanners, and which gates are open for tickets that belong elsewhere.

use app_api::{
    FormState,
    door::{CloseGate, MessageView, OpenGate, OpeningView, SendDoorMessage},
};
use app_ui::{Button, ButtonKind, Choice, FormError, Select, TextInput, use_locale};
use leptos::prelude::*;
use locales::door as t;

/// The message that scanners show now.
#[component]
pub fn Message(message: MessageView, manages: bool, event: String) -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<SendDoorMessage>();
    let away = manages.then(|| {
        view! {
            <form method="post" action=form.address()>
                <input type="hidden" name="event_slug" value=event/>
                <Button kind=ButtonKind::Quiet>{t::message_clear(l)}</Button>
            </form>
        }
    });
    view! {
        <div class="door-said">
            <p><strong dir="auto">{message.text}</strong><br/><small>{message.said}</small></p>
            {away}
        </div>
    }
    .into_any()
}

/// Where a message is written.
pub(super) fn say(event: String) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<SendDoorMessage>();
    view! {
        <form method="post" action=form.address() class="form door-form">
            <FormError error=form.form_error()/>
            <input type="hidden" name="event_slug" value=event/>
            <TextInput
                name="message"
                label=t::message_new(l)
                hint=t::message_hint(l)
                maxlength=200
                required=true
                value=form.value("message")
                error=form.error("message")
            />
            <div class="form-actions"><Button kind=ButtonKind::Secondary>{t::message_send(l)}</Button></div>
        </form>
    }
    .into_any()
}

#[component]
pub fn Openings(openings: Vec<OpeningView>, manages: bool, event: String) -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<CloseGate>();
    let rows = openings
        .into_iter()
        .map(|one| {
            let event = event.clone();
            let close = manages.then(|| {
                view! {
                    <form method="post" action=form.address()>
                        <input type="hidden" name="event_slug" value=event/>
                        <input type="hidden" name="gate" value=one.gate/>
                        <input type="hidden" name="kind" value=one.kind/>
                        <Button kind=ButtonKind::Quiet>{t::close_gate(l)}</Button>
                    </form>
                }
            });
            view! {
                <li class="door-said">
                    <p><strong>{one.text}</strong><br/><small>{one.said}</small></p>
                    {close}
                </li>
            }
        })
        .collect_view();
    view! {
        <FormError error=form.form_error()/>
        <ul class="door-openings">{rows}</ul>
    }
    .into_any()
}

#[component]
pub fn OpenForm(
    event: String,
    kinds: Vec<(String, String)>,
    known_gates: Vec<String>,
) -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<OpenGate>();
    let kinds = kinds
        .into_iter()
        .map(|(id, name)| Choice::new(id, name))
        .collect();
    let suggestions = known_gates
        .into_iter()
        .map(|gate| Choice::new(gate, ""))
        .collect();
    view! {
        <form method="post" action=form.address() class="form door-form">
            <FormError error=form.form_error()/>
            <input type="hidden" name="event_slug" value=event/>
            <div class="form-row">
                <TextInput
                    name="gate"
                    label=t::open_at(l)
                    id="open-gate"
                    suggestions
                    maxlength=40
                    required=true
                    value=form.value("gate")
                    error=form.error("gate")
                />
                <Select
                    name="kind"
                    label=t::open_for(l)
                    choices=kinds
                    selected=form.value("kind")
                    error=form.error("kind")
                />
            </div>
            <div class="form-actions"><Button kind=ButtonKind::Secondary>{t::open_gate(l)}</Button></div>
        </form>
    }
    .into_any()
}
