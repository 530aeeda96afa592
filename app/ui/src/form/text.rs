//! One line and many lines of text.

use super::Choice;
use super::field::{Field, FieldIds};
use crate::MaybeText;
use leptos::prelude::*;

/// A line of text. `kind` is the HTML input type. What is technical (addresses, numbers, codes) is written from left
/// to right in every language; anything else follows what is typed.
#[component]
pub fn TextInput(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    /// What stands in the field at first; typing is never overwritten.
    #[prop(into, optional)]
    value: MaybeText,
    #[prop(default = "text")] kind: &'static str,
    #[prop(into, optional)] hint: MaybeText,
    #[prop(into, optional)] error: MaybeText,
    #[prop(into, optional)] autocomplete: MaybeText,
    #[prop(into, optional)] inputmode: MaybeText,
    #[prop(into, optional)] placeholder: MaybeText,
    #[prop(into, optional)] min: MaybeText,
    #[prop(into, optional)] max: MaybeText,
    #[prop(into, optional)] step: MaybeText,
    #[prop(optional)] maxlength: Option<u32>,
    /// Stands inside the field, after the text: a currency, a unit.
    #[prop(into, optional)]
    suffix: MaybeText,
    /// Offered while typing.
    #[prop(optional)]
    suggestions: Vec<Choice>,
    #[prop(optional)] required: bool,
    #[prop(optional)] readonly: bool,
    #[prop(optional)] hide_label: bool,
    #[prop(into, optional)] id: MaybeText,
    /// The id of the form that it belongs to, where it stands outside of it.
    #[prop(into, optional)]
    form: MaybeText,
) -> impl IntoView {
    let form = form.0;
    let (value, hint, error, autocomplete, inputmode, placeholder, min, max, step, suffix, id) = (
        value.0,
        hint.0,
        error.0,
        autocomplete.0,
        inputmode.0,
        placeholder.0,
        min.0,
        max.0,
        step.0,
        suffix.0,
        id.0,
    );
    let wrong = error.is_some();
    let ids = FieldIds::new(&name, id);
    let described_by = ids.described_by(hint.is_some(), wrong);
    let dir = if kind == "text" || kind == "search" {
        "auto"
    } else {
        "ltr"
    };
    let list = (!suggestions.is_empty()).then(|| format!("{}-list", ids.control));
    // The placeholder of an empty field must follow the page, not the (absent) text.
    let dir =
        (value.as_ref().is_some_and(|v| !v.is_empty()) || dir == "ltr" || placeholder.is_none())
            .then_some(dir);
    view! {
        <Field id=ids.control.clone() label hint error required hide_label>
            <div class="input-frame" class:input-narrow=is_short(kind)>
                <input
                    class="input"
                    id=ids.control
                    name=name
                    form=form
                    type=kind
                    value=value
                    dir=dir
                    list=list.clone()
                    autocomplete=autocomplete
                    inputmode=inputmode
                    placeholder=placeholder
                    min=min
                    max=max
                    step=step
                    maxlength=maxlength
                    required=required
                    readonly=readonly
                    aria-invalid=wrong.then_some("true")
                    autofocus=wrong
                    aria-describedby=described_by
                />
                {suffix.map(|suffix| view! { <span class="input-suffix">{suffix}</span> })}
            </div>
            {list
                .map(|list| {
                    let options = suggestions
                        .into_iter()
                        .map(|choice| view! { <option value=choice.value>{choice.label}</option> })
                        .collect_view();
                    view! { <datalist id=list>{options}</datalist> }
                })}
        </Field>
    }
    .into_any()
}

fn is_short(kind: &str) -> bool {
    matches!(kind, "number" | "date" | "time" | "datetime-local")
}

/// Several lines of text.
#[component]
pub fn TextArea(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(into, optional)] value: MaybeText,
    #[prop(default = 6)] rows: u32,
    #[prop(into, optional)] hint: MaybeText,
    #[prop(into, optional)] error: MaybeText,
    #[prop(into, optional)] placeholder: MaybeText,
    #[prop(optional)] maxlength: Option<u32>,
    #[prop(optional)] required: bool,
    #[prop(into, optional)] id: MaybeText,
) -> impl IntoView {
    let (value, hint, error, placeholder, id) = (value.0, hint.0, error.0, placeholder.0, id.0);
    let wrong = error.is_some();
    let ids = FieldIds::new(&name, id);
    let described_by = ids.described_by(hint.is_some(), wrong);
    view! {
        <Field id=ids.control.clone() label hint error required>
            // The renderer writes children of a textarea as they are, so the text is escaped here.
            <textarea
                class="input input-area"
                id=ids.control
                name=name
                rows=rows
                dir="auto"
                placeholder=placeholder
                maxlength=maxlength
                required=required
                aria-invalid=wrong.then_some("true")
                autofocus=wrong
                aria-describedby=described_by
                inner_html=escape(value.as_deref().unwrap_or_default())
            ></textarea>
        </Field>
    }
    .into_any()
}

/// A line break right after the tag is dropped by HTML, so one is always added.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    if !text.is_empty() {
        out.push('\n');
    }
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn text_cannot_leave_its_area() {
        assert_eq!(
            escape("</textarea><script>&"),
            "\n&lt;/textarea&gt;&lt;script&gt;&amp;"
        );
        assert_eq!(escape(""), "");
    }
}
