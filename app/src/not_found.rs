//! What an address without a page shows.

use app_api::ApiError;
use leptos::prelude::*;
use leptos_meta::Title;
use locales::shell;

#[component]
pub fn NotFoundPage() -> impl IntoView {
    let l = app_ui::use_locale();
    ApiError::not_found().set_page_status();
    view! {
        <Title text=shell::not_found_title(l)/>
        <div class="container-normal fault">
            <p class="fault-number" aria-hidden="true">"404"</p>
            <h1>{shell::not_found_title(l)}</h1>
            <p>{shell::not_found_text(l)}</p>
            <p class="fault-actions">
                <a class="btn btn-primary" href="/">{shell::home(l)}</a>
                <a class="btn btn-secondary" href="/events">{shell::search(l)}</a>
            </p>
        </div>
    }
}
