//! How far something is.

use leptos::prelude::*;

/// `text` says the same in words ("312 of 400").
#[component]
pub fn ProgressBar(
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<u32>,
    max: u32,
    #[prop(into)] text: Signal<String>,
    /// The label is read out but not shown, where the surroundings already say it.
    #[prop(optional)]
    hide_label: bool,
) -> impl IntoView {
    let named = label.clone();
    view! {
        <div class="progress">
            <p class="progress-line" aria-hidden="true">
                {(!hide_label).then(|| view! { <span>{label}</span> })}
                <span class="num">{move || text.get()}</span>
            </p>
            <progress class="progress-bar" aria-label=named max=max.max(1) value=move || value.get().min(max)>
                {move || text.get()}
            </progress>
        </div>
    }
    .into_any()
}
