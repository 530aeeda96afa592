//! A QR code, always dark on white, because that is what scanners read.

use leptos::prelude::*;

/// `svg` is drawn by the server from a ticket code; it must never come from people.
#[component]
pub fn QrView(
    #[prop(into)] svg: String,
    /// What the code is, for people who cannot see it.
    #[prop(into)]
    label: String,
    #[prop(optional)] large: bool,
) -> impl IntoView {
    view! { <div class="qr" class:qr-large=large role="img" aria-label=label inner_html=svg></div> }
        .into_any()
}
