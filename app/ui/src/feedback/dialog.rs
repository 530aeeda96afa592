//! The native dialog. For pages that must work without WebAssembly use `ConfirmPanel` instead.

use crate::{Icon, IconName, use_locale};
use leptos::html;
use leptos::prelude::*;
use locales::texts;

/// Opens and closes with the signal; Escape, the cross and a form with `method="dialog"` close it too.
#[component]
pub fn Dialog(
    #[prop(into)] id: String,
    #[prop(into)] title: String,
    open: RwSignal<bool>,
    children: Children,
) -> impl IntoView {
    let l = use_locale();
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let wanted = open.get();
        let Some(dialog) = node.get() else { return };
        if wanted && !dialog.open() {
            // Fails only for a dialog outside the document, which cannot be opened anyway.
            let _ = dialog.show_modal();
        } else if !wanted && dialog.open() {
            dialog.close();
        }
    });
    let title_id = format!("{id}-title");
    let named_by = title_id.clone();
    view! {
        <dialog class="dialog" id=id node_ref=node aria-labelledby=named_by on:close=move |_| open.set(false)>
            <header class="dialog-header">
                <h2 class="dialog-title" id=title_id>{title}</h2>
                <button
                    type="button"
                    class="btn btn-quiet btn-icon"
                    aria-label=texts::ui::close(l)
                    on:click=move |_| open.set(false)
                >
                    <Icon name=IconName::Cross/>
                </button>
            </header>
            <div class="dialog-body">{children()}</div>
        </dialog>
    }
    .into_any()
}
