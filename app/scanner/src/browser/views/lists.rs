//! People found by name or order, the last scans, and what needs a look.

use domain::{
    checkin::{Standing, Way},
    door::{Answer, ReportKind},
};
use leptos::prelude::*;
use locales::scanner::{self as t, fate, verdict as words};

use super::{
    card::{time, word},
    control, say,
};
use crate::{
    browser::control::Control,
    model::{Line, LineState, Match},
};

/// As many as fit a look; more ask for another letter.
const SHOWN: usize = 20;

#[component]
pub fn Found(found: Vec<Match>) -> impl IntoView {
    let control = control();
    let (none, more) = (found.is_empty(), found.len() > SHOWN);
    let rows: Vec<_> = found
        .into_iter()
        .take(SHOWN)
        .map(|found| row(control, found))
        .collect();
    view! {
        <section class="scan-list" aria-label=say(t::found_title)>
            <header class="scan-list-head">
                <h2>{say(t::found_title)}</h2>
                <button class="btn btn-quiet btn-small" type="button" on:click=move |_| control.found.set(None)>
                    {say(t::close)}
                </button>
            </header>
            {none.then(|| view! { <p role="status">{say(t::nothing_found)}</p> })}
            <ul>{rows}</ul>
            {more.then(|| view! { <p>{say(t::more_found)}</p> })}
        </section>
    }
}

fn row(control: Control, found: Match) -> AnyView {
    let l = control.locale;
    let ticket = found.ticket;
    let state = move || match found.state {
        Standing::Cancelled => Some(words::cancelled(l.get())),
        Standing::Replaced => Some(words::replaced(l.get())),
        Standing::Blocked => Some(words::blocked(l.get())),
        Standing::Valid => found.inside.then(|| words::already_in(l.get())),
    };
    view! {
        <li class="scan-row">
            <span class="scan-row-text">
                <strong dir="auto">{found.holder}</strong>
                <small dir="auto">{format!("{} · {}", found.type_name, found.order_code)}</small>
                <small class="scan-warning">{state}</small>
            </span>
            <button class="btn btn-secondary" type="button" on:click=move |_| control.choose(ticket)>
                {move || match control.way.get() {
                    Way::In => t::let_in(l.get()),
                    Way::Out => t::let_out(l.get()),
                }}
            </button>
        </li>
    }
    .into_any()
}

#[component]
pub fn Recent() -> impl IntoView {
    let control = control();
    view! {
        <details class="scan-list scan-recent">
            <summary>{say(t::recent)}</summary>
            <Show when=move || control.recent.with(Vec::is_empty)><p>{say(t::recent_empty)}</p></Show>
            <ul>{move || control.recent.get().into_iter().map(|(number, line)| entry(control, number, line)).collect_view()}</ul>
        </details>
    }
}

fn entry(control: Control, number: u64, line: Line) -> AnyView {
    let l = control.locale.get();
    let undone = control
        .with(|model| model.is_undone(&line))
        .unwrap_or(false);
    let can_undo = control.with(|model| model.can_undo(&line)).unwrap_or(false);
    let order = line.order_code.clone().and_then(|code| code.parse().ok());
    let mates = move |_| {
        if let Some(order) = order {
            control
                .found
                .set(control.with(|model| model.of_order(order, control.time())));
        }
    };
    let waits = line.state == LineState::Waiting;
    let outcome = if undone {
        t::undone(l)
    } else if line.kind == ReportKind::Force {
        t::forced(l)
    } else {
        word(l, &line.verdict)
    };
    let tone = if line.passes() && !undone {
        "scan-mark scan-mark-go"
    } else {
        "scan-mark"
    };
    view! {
        <li class="scan-row">
            <span class=tone>{outcome}</span>
            <span class="scan-row-text">
                <strong dir="auto">{line.holder.clone()}</strong>
                <small>{time(control, line.at)}{waits.then(|| format!(" · {}", fate::waiting(l)))}</small>
            </span>
            {order.map(|_| view! {
                <button class="btn btn-quiet btn-small" type="button" on:click=mates>{t::order_mates(l)}</button>
            })}
            {can_undo.then(|| view! {
                <button class="btn btn-secondary btn-small" type="button" on:click=move |_| control.undo(number)>{t::undo(l)}</button>
            })}
        </li>
    }
    .into_any()
}

#[component]
pub fn Conflicts() -> impl IntoView {
    let control = control();
    let count = move || control.troubles.with(Vec::len);
    view! {
        <Show when=move || { count() > 0 }>
            <details class="scan-list scan-conflicts">
                <summary>{say(t::conflicts)} " (" {count} ")"</summary>
                <p>{say(t::conflicts_lead)}</p>
                <ul>{move || control.troubles.get().into_iter().map(|(_, line)| trouble(control, line)).collect_view()}</ul>
            </details>
        </Show>
    }
}

fn trouble(control: Control, line: Line) -> AnyView {
    let l = control.locale.get();
    let why = match &line.state {
        LineState::Told {
            settled: Answer::Conflict,
            used: Some(used),
        } => {
            let at = time(control, used.at);
            match &used.gate {
                Some(gate) => fate::conflict(l, locales::isolate(l, gate), at),
                None => fate::conflict_device(l, locales::isolate(l, &used.device_name), at),
            }
        }
        LineState::Told {
            settled: Answer::LateRevoked,
            ..
        } => fate::late_revoked(l).to_owned(),
        LineState::Told { .. } | LineState::Waiting => fate::refused(l).to_owned(),
    };
    view! {
        <li class="scan-row">
            <span class="scan-row-text">
                <strong dir="auto">{line.holder.clone()}</strong>
                <small>{time(control, line.at)} " · " {line.order_code.clone()}</small>
                <small class="scan-warning">{why}</small>
            </span>
        </li>
    }
    .into_any()
}
