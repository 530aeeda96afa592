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
    pub(crate) fn described_by(&self, has_hint: bool, has_error: bool) -> Option<String> {
        match (has_error, has_hint) {
            (true, true) => Some(format!("{} {}", self.error, self.hint)),
            (true, false) => Some(self.error.clone()),
            (false, true) => Some(self.hint.clone()),
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
    #[prop(into, optional)] error: MaybeText,
    #[prop(optional)] required: bool,
    /// The label is read out but not shown, where the surroundings already say it.
    #[prop(optional)]
    hide_label: bool,
    children: Children,
) -> impl IntoView {
    let (hint, error) = (hint.0, error.0);
    let l = use_locale();
    let wrong = error.is_some();
    let ids = FieldIds::new("", Some(id));
    view! {
        <div class="field" class:field-invalid=wrong>
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

/// Why the control above is refused.
#[component]
pub(crate) fn FieldError(id: String, error: Option<String>) -> impl IntoView {
    error.map(|text| {
        view! {
            <div class="field-error" id=id>
                <p class="field-error-text"><Icon name=IconName::Error/><span>{text}</span></p>
            </div>
        }
    })
}
