//! How many: a number field with one button on either side once the page is alive.

use super::field::{FieldError, FieldIds};
use crate::{Icon, IconName, MaybeText, use_locale};
use leptos::{html::Input, prelude::*};
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
    #[prop(into, optional)] error: MaybeText,
    #[prop(optional)] disabled: bool,
    #[prop(optional, into)] on_change: Option<Callback<u32>>,
    #[prop(into, optional)] id: MaybeText,
) -> impl IntoView {
    let (error, id) = (error.0, id.0);
    let l = use_locale();
    let wrong = error.is_some();
    let ids = FieldIds::new(&name, id);
    let described_by = ids.described_by(false, wrong);
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
    let field: NodeRef<Input> = NodeRef::new();
    let taken_over = StoredValue::new(false);
    Effect::new(move || {
        let now = count.get();
        let Some(field) = field.get() else { return };
        let shown = field.value();
        // What was typed before the page was taken over stands.
        if !taken_over.get_value() {
            taken_over.set_value(true);
            if let Ok(typed) = shown.trim().parse::<u32>()
                && typed != now
            {
                return set(typed);
            }
        }
        if shown != now.to_string() {
            field.set_value(&now.to_string());
        }
    });
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
                    node_ref=field
                    disabled=disabled
                    aria-invalid=wrong.then_some("true")
                    autofocus=wrong
                    aria-describedby=described_by
                    // At every key, not only on leaving: what depends on it must not move under the pointer that
                    // leaves the field for the next button.
                    on:input=move |ev| {
                        if let Ok(typed) = event_target_value(&ev).trim().parse() {
                            set(typed);
                        }
                    }
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
