//! Every piece in every state, for people who build pages.

use leptos::prelude::*;

#[component]
pub fn Gallery() -> impl IntoView {
    view! { <div class="gallery"></div> }
}
