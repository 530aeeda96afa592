//! Tickets at the door, and the copy of them on this device: `public/tickets.js` keeps it, and shows here that it does.

use app_ui::{ButtonKind, LinkButton, use_locale};
use leptos::prelude::*;
use locales::kept as t;

/// The way to the codes alone; `page` is the address of the order or the ticket.
#[component]
pub fn ShowAtDoor(page: String) -> impl IntoView {
    let l = use_locale();
    view! { <LinkButton href=format!("{page}/show") kind=ButtonKind::Primary external=true>{t::show(l)}</LinkButton> }
}

/// Whether there is a copy, and the way to have none. Where no ticket admits any more, a copy that is there is replaced, and
/// nothing is said.
#[component]
pub fn KeptHere(page: String, admits: bool) -> impl IntoView {
    let l = use_locale();
    view! {
        <div class="kept-here no-print" data-tickets=format!("{page}/show") data-void=(!admits).then_some("") hidden>
            <p data-when="kept" hidden>
                {t::kept(l)} " "
                <button class="btn btn-quiet btn-small" type="button" data-do="forget">{t::forget(l)}</button>
            </p>
            <p data-when="not" hidden>
                {t::not_kept(l)} " "
                <button class="btn btn-quiet btn-small" type="button" data-do="keep">{t::keep(l)}</button>
            </p>
        </div>
    }
    .into_any()
}
