//! Where someone arrives who has not signed in yet.

use leptos::prelude::*;
use leptos_meta::Title;
use locales::shell;

#[component]
pub fn StartPage() -> impl IntoView {
    let l = app_ui::use_locale();
    view! {
        <Title text=shell::admin(l)/>
        <div class="container-normal stack">
            <h1 class="page-title">{shell::admin(l)}</h1>
            <p>{shell::sign_in_first(l)}</p>
            <p><a class="btn btn-primary" href="/sign-in?next=/admin">{shell::sign_in(l)}</a></p>
        </div>
    }
}
