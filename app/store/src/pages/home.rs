//! The way in: the name, and where to look for events.

use leptos::prelude::*;
use leptos_meta::Title;
use locales::shell;

#[component]
pub fn HomePage() -> impl IntoView {
    let l = app_ui::use_locale();
    view! {
        <Title text=shell::tagline(l)/>
        <div class="container-normal stack">
            <h1 class="page-title">{shell::tagline(l)}</h1>
            <p><a class="btn btn-primary" href="/events">{shell::search(l)}</a></p>
        </div>
    }
}
