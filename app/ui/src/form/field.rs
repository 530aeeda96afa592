//! Label, hint and fault around a control, tied together for screen readers.

use crate::{Icon, IconName, MaybeText, use_locale};
use leptos::prelude::*;
use locales::texts;

/// Ids that belong together. `id` must be unique in the page; controls take it from their name unless told otherwise.
#[derive(Clone)]
pub(crate) struct FieldIds {
    pub control: String,
    pub hint: String,
    pub error: String,
}

impl FieldIds {
    pub(crate) fn new(name: &str, id: Option<String>) -> Self {
        let control = id.unwrap_or_else(|| format!("field-{}", name.replace(['.', '[', ']'], "-")));
        Self {
            hint: format!("{control}-hint"),
            error: format!("{control}-error"),
            control,
        }
    }

    /// The value of `aria-describedby`: the fault first, since it is the news.
    pub(crate) fn described_by(
        &self,
        has_hint: bool,
        error: MaybeProp<String>,
    ) -> impl Fn() -> Option<String> + use<> {
        let ids = self.clone();
        move || match (error.with(|e| e.is_some()), has_hint) {
            (true, true) => Some(format!("{} {}", ids.error, ids.hint)),
            (true, false) => Some(ids.error.clone()),
            (false, true) => Some(ids.hint.clone()),
            (false, false) => None,
        }
    }
}

/// The frame of a control that is not one of ours. The control inside must have the id `id`, and
/// `aria-describedby` naming `<id>-hint` and `<id>-error`.
#[component]
pub fn Field(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(into, optional)] hint: MaybeText,
    #[prop(into, optional)] error: MaybeProp<String>,
    #[prop(optional)] required: bool,
    /// The label is read out but not shown, where the surroundings already say it.
    #[prop(optional)]
    hide_label: bool,
    children: Children,
) -> impl IntoView {
    let hint = hint.0;
    let l = use_locale();
    let ids = FieldIds::new("", Some(id));
    view! {
        <div class="field" class:field-invalid=move || error.with(|e| e.is_some())>
            <label class="field-label" class:sr-only=hide_label for=ids.control>
                <span>{label}</span>
                {(!required).then(|| view! { <span class="field-optional">{texts::ui::optional(l)}</span> })}
            </label>
            {hint.map(|hint| view! { <p class="field-hint" id=ids.hint>{hint}</p> })}
            {children()}
            <FieldError id=ids.error error/>
        </div>
    }
    .into_any()
}

/// Present from the start, so that a fault that appears later is announced.
#[component]
pub(crate) fn FieldError(id: String, error: MaybeProp<String>) -> impl IntoView {
    view! {
        <div class="field-error" id=id aria-live="polite">
            {move || {
                error
                    .get()
                    .map(|text| view! { <p class="field-error-text"><Icon name=IconName::Error/><span>{text}</span></p> })
            }}
        </div>
    }
}
