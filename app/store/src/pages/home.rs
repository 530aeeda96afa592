//! The way in: the name, and where to look for events.

use leptos::prelude::*;
use leptos_meta::Title;
use locales::shell;

#[component]
pub fn HomePage() -> impl IntoView {
    let l = app_ui::use_locale();
    view! {
        <Title text=shell::tagline(l)/>
        <div class="container">
            <h1>{shell::tagline(l)}</h1>
            <p><a class="btn" href="/events">{shell::search(l)}</a></p>
        </div>
    }
}
