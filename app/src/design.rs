//! `/dev/design`: every piece of the design system in every state.

use leptos::prelude::*;

#[lazy(design)]
fn view(_page: ()) -> AnyView {
    view! { <app_ui::Gallery/> }.into_any()
}

app_api::page_routes! { view, __preload_view =>
    /// `/dev/design`
    DesignRoute => ();
}
