//! How many: a number field with one button on either side once the page is alive.

use super::field::{FieldError, FieldIds};
use crate::{Icon, IconName, MaybeText, use_locale};
use leptos::prelude::*;
use locales::texts;

/// Without WebAssembly this is a plain number field with the same limits.
#[component]
pub fn Stepper(
    #[prop(into)] name: String,
    /// Read out, not shown: the line it stands in says what is counted.
    #[prop(into)]
    label: String,
    #[prop(optional)] value: u32,
    #[prop(optional)] min: u32,
    #[prop(default = 99)] max: u32,
    #[prop(into, optional)] error: MaybeProp<String>,
    #[prop(optional)] disabled: bool,
    #[prop(optional, into)] on_change: Option<Callback<u32>>,
    #[prop(into, optional)] id: MaybeText,
) -> impl IntoView {
    let id = id.0;
    let l = use_locale();
    let ids = FieldIds::new(&name, id);
    let described_by = ids.described_by(false, error);
    let count = RwSignal::new(value.min(max));
    let alive = RwSignal::new(false);
    Effect::new(move || alive.set(true));
    let set = move |next: u32| {
        let next = next.clamp(min, max.max(min));
        count.set(next);
        if let Some(callback) = on_change {
            callback.run(next);
        }
    };
    view! {
        <div class="stepper-field">
            <div class="stepper" class:is-alive=move || alive.get()>
                <button
                    type="button"
                    class="stepper-button"
                    aria-controls=ids.control.clone()
                    aria-label=texts::ui::decrease(l)
                    disabled=move || disabled || count.get() <= min
                    on:click=move |_| set(count.get_untracked().saturating_sub(1))
                >
                    <Icon name=IconName::Minus/>
                </button>
                <input
                    class="stepper-input"
                    type="number"
                    inputmode="numeric"
                    id=ids.control.clone()
                    name=name
                    aria-label=label
                    min=min
                    max=max
                    step=1
                    value=value
                    prop:value=move || count.get().to_string()
                    disabled=disabled
                    aria-invalid=move || error.with(|e| e.is_some()).then_some("true")
                    aria-describedby=described_by
                    on:change=move |ev| set(event_target_value(&ev).trim().parse().unwrap_or(min))
                />
                <button
                    type="button"
                    class="stepper-button"
                    aria-controls=ids.control
                    aria-label=texts::ui::increase(l)
                    disabled=move || { disabled || count.get() >= max }
                    on:click=move |_| set(count.get_untracked().saturating_add(1))
                >
                    <Icon name=IconName::Plus/>
                </button>
            </div>
            <FieldError id=ids.error error/>
        </div>
    }
    .into_any()
}
