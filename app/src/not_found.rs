//! What an address without a page shows.

use app_api::ApiError;
use app_ui::FaultPage;
use leptos::prelude::*;
use leptos_meta::Title;
use locales::shell;

#[component]
pub fn NotFoundPage() -> impl IntoView {
    let l = app_ui::use_locale();
    let error = ApiError::not_found();
    error.set_page_status();
    view! {
        <Title text=shell::not_found_title(l)/>
        <FaultPage
            status=error.status()
            title=shell::not_found_title(l)
            text=shell::not_found_text(l)
        />
    }
}
