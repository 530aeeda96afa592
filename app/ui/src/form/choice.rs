//! Choosing among given answers.

use super::field::{Field, FieldError, FieldIds};
use crate::{MaybeText, use_locale};
use leptos::prelude::*;
use locales::texts;

/// One answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub hint: Option<String>,
    pub disabled: bool,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            hint: None,
            disabled: false,
        }
    }

    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }

    #[must_use]
    pub fn disabled(self) -> Self {
        Self {
            disabled: true,
            ..self
        }
    }
}

/// A closed list. Without a selected value it asks to choose.
#[component]
pub fn Select(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    choices: Vec<Choice>,
    #[prop(into, optional)] selected: MaybeText,
    #[prop(into, optional)] hint: MaybeText,
    #[prop(into, optional)] error: MaybeText,
    #[prop(optional)] required: bool,
    #[prop(optional)] hide_label: bool,
    #[prop(into, optional)] autocomplete: MaybeText,
    #[prop(into, optional)] id: MaybeText,
) -> impl IntoView {
    let (selected, hint, error, autocomplete, id) =
        (selected.0, hint.0, error.0, autocomplete.0, id.0);
    let l = use_locale();
    let wrong = error.is_some();
    let ids = FieldIds::new(&name, id);
    let described_by = ids.described_by(hint.is_some(), wrong);
    let known = choices
        .iter()
        .any(|choice| selected.as_ref() == Some(&choice.value));
    let options = choices
        .into_iter()
        .map(|choice| {
            let is_selected = selected.as_ref() == Some(&choice.value);
            view! { <option value=choice.value selected=is_selected disabled=choice.disabled>{choice.label}</option> }
        })
        .collect_view();
    view! {
        <Field id=ids.control.clone() label hint error required hide_label>
            <div class="select-frame">
                <select
                    class="input input-select"
                    id=ids.control
                    name=name
                    required=required
                    autocomplete=autocomplete
                    aria-invalid=wrong.then_some("true")
                    autofocus=wrong
                    aria-describedby=described_by
                >
                    {(!known).then(|| view! { <option value="" selected=true>{texts::ui::choose(l)}</option> })}
                    {options}
                </select>
            </div>
        </Field>
    }
    .into_any()
}

/// Yes or no. An unticked box sends nothing.
#[component]
pub fn Checkbox(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(default = "true".to_owned(), into)] value: String,
    #[prop(optional)] checked: bool,
    #[prop(into, optional)] hint: MaybeText,
    #[prop(into, optional)] error: MaybeText,
    #[prop(optional)] required: bool,
    #[prop(optional)] disabled: bool,
    #[prop(into, optional)] id: MaybeText,
) -> impl IntoView {
    let (hint, error, id) = (hint.0, error.0, id.0);
    let wrong = error.is_some();
    let ids = FieldIds::new(&name, id);
    let described_by = ids.described_by(hint.is_some(), wrong);
    view! {
        <div class="field" class:field-invalid=wrong>
            <label class="check">
                <input
                    class="check-box"
                    type="checkbox"
                    id=ids.control
                    name=name
                    value=value
                    checked=checked
                    required=required
                    disabled=disabled
                    aria-invalid=wrong.then_some("true")
                    autofocus=wrong
                    aria-describedby=described_by
                />
                <span class="check-text">
                    <span>{label}</span>
                    {hint.map(|hint| view! { <span class="field-hint" id=ids.hint>{hint}</span> })}
                </span>
            </label>
            <FieldError id=ids.error error/>
        </div>
    }
    .into_any()
}

/// One of a few, all in sight.
#[component]
pub fn RadioGroup(
    #[prop(into)] name: String,
    #[prop(into)] legend: String,
    choices: Vec<Choice>,
    #[prop(into, optional)] selected: MaybeText,
    #[prop(into, optional)] hint: MaybeText,
    #[prop(into, optional)] error: MaybeText,
    #[prop(optional)] required: bool,
    /// Side by side where there is room.
    #[prop(optional)]
    inline: bool,
    /// The legend is read out but not shown, where the surroundings already say it.
    #[prop(optional)]
    hide_legend: bool,
    #[prop(into, optional)] id: MaybeText,
) -> impl IntoView {
    let (selected, hint, error, id) = (selected.0, hint.0, error.0, id.0);
    let wrong = error.is_some();
    let ids = FieldIds::new(&name, id);
    let described_by = ids.described_by(hint.is_some(), wrong);
    let options = choices
        .into_iter()
        .enumerate()
        .map(|(at, choice)| {
            let is_selected = selected.as_ref() == Some(&choice.value);
            view! {
                <label class="radio-option">
                    <input
                        class="check-box check-round"
                        type="radio"
                        id=format!("{}-{at}", ids.control)
                        name=name.clone()
                        value=choice.value
                        checked=is_selected
                        required=required
                        disabled=choice.disabled
                    />
                    <span class="check-text">
                        <span>{choice.label}</span>
                        {choice.hint.map(|hint| view! { <span class="field-hint">{hint}</span> })}
                    </span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field" class:field-invalid=wrong aria-describedby=described_by>
            <legend class="field-label" class:sr-only=hide_legend>{legend}</legend>
            {hint.map(|hint| view! { <p class="field-hint" id=ids.hint.clone()>{hint}</p> })}
            <div class="radio-options" class:radio-inline=inline>{options}</div>
            <FieldError id=ids.error.clone() error/>
        </fieldset>
    }
    .into_any()
}
