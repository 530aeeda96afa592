//! The page that stands where a page cannot.

use crate::{MaybeText, use_locale};
use leptos::prelude::*;
use locales::shell;

/// Number and sentence of the refusal, and two ways on. The status of the response is the caller's to set.
#[component]
pub fn FaultPage(
    status: u16,
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    /// What to quote when writing about it.
    #[prop(into, optional)]
    incident: MaybeText,
) -> impl IntoView {
    let l = use_locale();
    let incident = incident.0;
    view! {
        <div class="container-normal fault">
            <p class="fault-number" aria-hidden="true">{status}</p>
            <h1>{title}</h1>
            <p>{text}</p>
            {incident.map(|incident| view! { <p class="fault-incident">{incident}</p> })}
            <p class="fault-actions">
                <a class="btn btn-primary" href="/">{shell::home(l)}</a>
                <a class="btn btn-secondary" href="/events">{shell::search(l)}</a>
            </p>
        </div>
    }
    .into_any()
}
