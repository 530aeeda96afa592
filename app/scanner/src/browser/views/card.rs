//! The verdict, as large as the screen: colour, sign and word, and what there is to know.

use domain::{
    checkin::{Tone, UnknownKind, Verdict},
    when::Timestamp,
};
use leptos::{html::Button, prelude::*};
use locales::{
    Locale,
    scanner::{self as t, note, verdict as words},
};

use super::{control, icon, say};
use crate::browser::{
    clock,
    control::{Card, Control},
};

#[component]
pub fn CardView(card: Card) -> impl IntoView {
    let control = control();
    let Card { number, judged } = card;
    let verdict = StoredValue::new(judged.verdict.clone());
    let admits = judged.verdict.admits();
    let tone = match judged.verdict.tone() {
        Tone::Go => "scan-card scan-go",
        Tone::GoNote => "scan-card scan-go-note",
        Tone::Wait => "scan-card scan-wait",
        Tone::Elsewhere => "scan-card scan-elsewhere",
        Tone::Stop => "scan-card scan-stop",
    };
    let next: NodeRef<Button> = NodeRef::new();
    // A key press clears a refusal as well as a finger does.
    Effect::new(move |_| {
        if let Some(button) = next.get() {
            let _ = button.focus();
        }
    });
    let detail = [judged.type_name, judged.order_code]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ");
    view! {
        <section class=tone data-verdict=judged.verdict.code()>
            {icon::of(&judged.verdict)}
            <p class="scan-word">{move || verdict.with_value(|verdict| word(control.locale.get(), verdict))}</p>
            {judged.holder.map(|holder| view! { <p class="scan-holder" dir="auto">{holder}</p> })}
            {(!detail.is_empty()).then(|| view! { <p class="scan-detail" dir="auto">{detail}</p> })}
            <p class="scan-note">{move || verdict.with_value(|verdict| explain(control, verdict))}</p>
            <div class="scan-card-tools">
                {admits.then(|| view! {
                    <button class="btn btn-secondary" type="button" on:click=move |_| control.undo(number)>{say(t::undo)}</button>
                })}
                {(!admits).then(|| view! {
                    <button node_ref=next class="btn btn-primary" type="button" on:click=move |_| control.clear(number)>
                        {say(t::next)}
                    </button>
                })}
            </div>
        </section>
    }
}

pub fn word(l: Locale, verdict: &Verdict) -> &'static str {
    words::lookup(l, verdict.code()).unwrap_or_default()
}

/// What there is to know, with how old the knowledge is when it comes from the list alone.
fn explain(control: Control, verdict: &Verdict) -> String {
    let l = control.locale.get();
    let at = |at: &Timestamp| time(control, *at);
    match verdict {
        Verdict::Valid => String::new(),
        Verdict::AlreadyIn { at: when, gate } => {
            let used = match gate {
                Some(gate) => note::already_in_gate(l, locales::isolate(l, gate), at(when)),
                None => note::already_in(l, at(when)),
            };
            if control.online.get() {
                used
            } else {
                format!("{used} {}", list_age(control))
            }
        }
        Verdict::TooEarly { opens } => note::too_early(l, at(opens)),
        Verdict::TooLate { closed } => note::too_late(l, at(closed)),
        Verdict::Unknown { kind } => match kind {
            UnknownKind::Url => note::url(l),
            UnknownKind::Text => note::text(l),
            UnknownKind::Empty => note::empty(l),
            UnknownKind::Damaged => note::damaged(l),
            UnknownKind::NewerVersion => note::newer_version(l),
            UnknownKind::UnknownKey => note::unknown_key(l),
        }
        .to_owned(),
        Verdict::ValidNewToDevice => note::valid_new_to_device(l).to_owned(),
        Verdict::WrongEvent => note::wrong_event(l).to_owned(),
        Verdict::Cancelled => note::cancelled(l).to_owned(),
        Verdict::Replaced => note::replaced(l).to_owned(),
        Verdict::Forged => note::forged(l).to_owned(),
        Verdict::EventCancelled => note::event_cancelled(l).to_owned(),
    }
}

fn list_age(control: Control) -> String {
    let l = control.locale.get();
    let synced = control.with(|model| model.identity.synced_at).flatten();
    note::age_of_list(l, clock::age_text(l, synced, control.time()))
}

/// In the event's zone.
pub fn time(control: Control, at: Timestamp) -> String {
    let zone = control
        .with(|model| model.identity.door.event.time_zone.clone())
        .unwrap_or_default();
    clock::time_of_day(at, control.time(), &zone, control.locale.get())
}
