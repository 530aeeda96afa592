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

use super::{control, icon, say, supervisor::Supervisor};
use crate::browser::{
    clock,
    control::{Card, Control},
};

#[component]
pub fn CardView(card: Card) -> impl IntoView {
    let control = control();
    let judged = card.judged.clone();
    let verdict = StoredValue::new(judged.verdict.clone());
    let tone = judged.verdict.tone();
    let class = match tone {
        Tone::Go => "scan-card scan-go",
        Tone::GoNote => "scan-card scan-go-note",
        Tone::Look => "scan-card scan-look",
        Tone::Out => "scan-card scan-out",
        Tone::Wait => "scan-card scan-wait",
        Tone::Elsewhere => "scan-card scan-elsewhere",
        Tone::Stop => "scan-card scan-stop",
    };
    let detail = [judged.type_name, judged.order_code]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ");
    view! {
        <section class=class data-verdict=judged.verdict.code()>
            {icon::of(&judged.verdict)}
            <p class="scan-word">{move || verdict.with_value(|verdict| word(control.locale.get(), verdict))}</p>
            {judged.holder.map(|holder| view! { <p class="scan-holder" dir="auto">{holder}</p> })}
            {(!detail.is_empty()).then(|| view! { <p class="scan-detail" dir="auto">{detail}</p> })}
            <p class="scan-note" dir="auto">{move || verdict.with_value(|verdict| explain(control, verdict))}</p>
            {match tone {
                Tone::Go | Tone::GoNote => welcome(control, card),
                Tone::Out => undo_alone(control, card.number),
                Tone::Look => looked_at(control, card),
                Tone::Wait | Tone::Elsewhere | Tone::Stop => sent_away(control, card),
            }}
        </section>
    }
}

fn welcome(control: Control, card: Card) -> AnyView {
    if card.mates.is_empty() {
        return undo_alone(control, card.number);
    }
    view! { <Mates card/> }.into_any()
}

fn undo_alone(control: Control, number: u64) -> AnyView {
    view! {
        <div class="scan-card-tools">
            <button class="btn btn-secondary" type="button" on:click=move |_| control.undo(number)>{say(t::undo)}</button>
        </div>
    }
    .into_any()
}

const FAMILY: usize = 9;

/// The rest of the family: how many of them go in now.
#[component]
fn Mates(card: Card) -> impl IntoView {
    let control = control();
    let l = control.locale;
    let (number, most) = (card.number, card.mates.len());
    // A family goes in at once; of a busload somebody says how many are here.
    let wanted = RwSignal::new(if most <= FAMILY { most } else { 1 });
    let mates = card.mates;
    let step = move |by: isize| {
        control.held.set(true);
        wanted.update(|wanted| *wanted = wanted.saturating_add_signed(by).clamp(1, most));
    };
    let admit = move |_| {
        let count = wanted.get_untracked();
        control.admit_mates(number, mates.iter().copied().take(count).collect());
    };
    let count = move || u64::try_from(wanted.get()).unwrap_or(0);
    view! {
        <div class="scan-card-tools">
            <div class="scan-stepper" role="group" aria-label=say(t::order_mates)>
                <button type="button" aria-label=say(t::fewer) on:click=move |_| step(-1)>"−"</button>
                <output>{move || wanted.get()}</output>
                <button type="button" aria-label=say(t::one_more) on:click=move |_| step(1)>"+"</button>
            </div>
            <button class="btn btn-primary" type="button" on:click=admit>{move || t::let_in_mates(l.get(), count())}</button>
            <button class="btn btn-secondary" type="button" on:click=move |_| control.undo(number)>{say(t::undo)}</button>
            <Show when=move || control.held.get()>
                <button class="btn btn-secondary" type="button" on:click=move |_| control.clear(number)>{say(t::next)}</button>
            </Show>
        </div>
    }
}

/// Somebody looked, and either all is well or the person has to go.
fn looked_at(control: Control, card: Card) -> AnyView {
    let number = card.number;
    view! {
        <div class="scan-card-tools">
            <NextButton number label=t::looked_fine/>
            <button class="btn btn-secondary" type="button" on:click=move |_| control.undo(number)>{say(t::looked_bad)}</button>
        </div>
    }
    .into_any()
}

fn sent_away(control: Control, card: Card) -> AnyView {
    let number = card.number;
    let can_force = card.judged.verdict.may_be_forced()
        && control
            .with(|model| model.identity.door.pin.is_some())
            .unwrap_or(false);
    view! {
        <div class="scan-card-tools">
            <NextButton number label=t::next/>
            {can_force.then(|| view! { <Supervisor card/> })}
        </div>
    }
    .into_any()
}

/// A key press clears it as well as a finger does.
#[component]
fn NextButton(number: u64, label: fn(Locale) -> &'static str) -> impl IntoView {
    let control = control();
    let next: NodeRef<Button> = NodeRef::new();
    Effect::new(move |_| {
        if let Some(button) = next.get() {
            let _ = button.focus();
        }
    });
    view! {
        <button node_ref=next class="btn btn-primary" type="button" on:click=move |_| control.clear(number)>
            {say(label)}
        </button>
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
        Verdict::Attention { texts } => texts.join(" · "),
        Verdict::Exited => note::exited(l).to_owned(),
        Verdict::WrongGate { gates } if gates.is_empty() => note::wrong_gate(l).to_owned(),
        Verdict::WrongGate { gates } => {
            let gates: Vec<_> = gates.iter().map(|gate| locales::isolate(l, gate)).collect();
            note::wrong_gate_go(l, gates.join(t::or(l)))
        }
        Verdict::NotAdmitted => note::not_admitted(l).to_owned(),
        Verdict::Blocked => note::blocked(l).to_owned(),
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
