//! Things that unfold, in plain HTML.

use super::ButtonKind;
use leptos::prelude::*;

/// A button that first unfolds what it would do. Put the form with the real button inside: it works without scripts
/// and cannot be hit by accident.
#[component]
pub fn ConfirmPanel(
    /// The words on the button that unfolds.
    #[prop(into)]
    label: String,
    #[prop(default = ButtonKind::Danger)] kind: ButtonKind,
    /// Unfolded at first, as after a fault in the form inside.
    #[prop(optional)]
    open: bool,
    children: Children,
) -> impl IntoView {
    let class = match kind {
        ButtonKind::Danger => "btn btn-danger-quiet confirm-toggle",
        ButtonKind::Primary => "btn btn-primary confirm-toggle",
        ButtonKind::Secondary => "btn btn-secondary confirm-toggle",
        ButtonKind::Quiet => "btn btn-quiet confirm-toggle",
    };
    view! {
        <details class="confirm" open=open>
            <summary class=class>
                <span class="btn-label">{label}</span>
            </summary>
            <div class="confirm-body">{children()}</div>
        </details>
    }
    .into_any()
}

/// A line that unfolds more, such as a long text or a field few people need.
#[component]
pub fn Disclosure(
    #[prop(into)] label: String,
    #[prop(optional)] open: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <details class="disclosure" open=open>
            <summary class="disclosure-toggle">{label}</summary>
            <div class="disclosure-body">{children()}</div>
        </details>
    }
    .into_any()
}
