//! Short confirmations of things done in a living page. Nothing that must be read may be said here alone.

use super::Tone;
use crate::{Icon, IconName, use_locale};
use leptos::prelude::*;
use locales::texts;
use std::time::Duration;

const STAYS: Duration = Duration::from_secs(7);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Toast {
    id: u32,
    tone: Tone,
    text: String,
}

/// A handle for saying things; copy it into event handlers.
#[derive(Clone, Copy)]
pub struct Toasts {
    list: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

impl Toasts {
    pub fn success(self, text: impl Into<String>) {
        self.say(Tone::Success, text.into());
    }

    pub fn error(self, text: impl Into<String>) {
        self.say(Tone::Error, text.into());
    }

    fn say(self, tone: Tone, text: String) {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.list.update(|list| list.push(Toast { id, tone, text }));
        // Faults stay until they are dismissed.
        if tone != Tone::Error {
            set_timeout(move || self.dismiss(id), STAYS);
        }
    }

    fn dismiss(self, id: u32) {
        self.list
            .try_update(|list| list.retain(|toast| toast.id != id));
    }
}

/// Call once at the root, beside `ToastRegion`.
pub fn provide_toasts() -> Toasts {
    let toasts = Toasts {
        list: RwSignal::new(Vec::new()),
        next: StoredValue::new(0),
    };
    provide_context(toasts);
    toasts
}

/// Outside of a page with toasts, what is said goes nowhere.
#[must_use]
pub fn use_toasts() -> Toasts {
    use_context::<Toasts>().unwrap_or_else(provide_toasts)
}

#[component]
pub fn ToastRegion() -> impl IntoView {
    let l = use_locale();
    let toasts = use_toasts();
    view! {
        <section class="toasts" aria-label=texts::ui::notifications(l) aria-live="polite">
            <For each=move || toasts.list.get() key=|toast| toast.id let:toast>
                <div class="toast" class:toast-error=toast.tone == Tone::Error>
                    <Icon name=if toast.tone == Tone::Error { IconName::Error } else { IconName::Check }/>
                    <p class="toast-text">{toast.text}</p>
                    <button
                        type="button"
                        class="toast-close"
                        aria-label=texts::ui::dismiss(l)
                        on:click=move |_| toasts.dismiss(toast.id)
                    >
                        <Icon name=IconName::Cross/>
                    </button>
                </div>
            </For>
        </section>
    }
    .into_any()
}
