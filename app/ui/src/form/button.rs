//! Buttons, and links that look like them.

use crate::{MaybeText, use_locale};
use leptos::prelude::*;
use locales::texts;

/// One primary button per view; `Quiet` for what is rarely needed; `Danger` for what cannot be taken back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    #[default]
    Primary,
    Secondary,
    Quiet,
    Danger,
}

impl ButtonKind {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "btn btn-primary",
            Self::Secondary => "btn btn-secondary",
            Self::Quiet => "btn btn-quiet",
            Self::Danger => "btn btn-danger",
        }
    }
}

/// Submits its form unless `kind_of` says "button". While `busy`, which the script in the page
/// makes it once its form has been sent, it keeps its width, says that work is under way and cannot be pressed again.
#[component]
pub fn Button(
    #[prop(optional)] kind: ButtonKind,
    #[prop(default = "submit")] kind_of: &'static str,
    #[prop(optional)] busy: bool,
    #[prop(optional)] disabled: bool,
    /// Sent with the form when this button is the one pressed.
    #[prop(into, optional)]
    name: MaybeText,
    #[prop(into, optional)] value: MaybeText,
    /// As wide as its container.
    #[prop(optional)]
    wide: bool,
    #[prop(optional)] small: bool,
    /// The id of the form that it sends, where it stands outside of it.
    #[prop(into, optional)]
    form: MaybeText,
    /// Where it sends the form instead, whatever of it is filled in.
    #[prop(into, optional)]
    to: MaybeText,
    children: Children,
) -> impl IntoView {
    let (name, value, form, to) = (name.0, value.0, form.0, to.0);
    let l = use_locale();
    view! {
        <button
            type=kind_of
            class=kind.class()
            class:btn-wide=wide
            class:btn-small=small
            name=name
            value=value
            form=form
            formnovalidate=to.is_some()
            formaction=to
            disabled=disabled
            aria-busy=busy.then_some("true")
        >
            <span class="btn-label">{children()}</span>
            <span class="btn-pending">
                <span class="spinner" aria-hidden="true"></span>
                <span class="sr-only">{texts::ui::working(l)}</span>
            </span>
        </button>
    }
    .into_any()
}

#[component]
pub fn LinkButton(
    #[prop(into)] href: String,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] wide: bool,
    #[prop(optional)] small: bool,
    /// Leaves the application: a download or a page of the plain server.
    #[prop(optional)]
    external: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <a
            class=kind.class()
            class:btn-wide=wide
            class:btn-small=small
            href=href
            rel=external.then_some("external")
        >
            <span class="btn-label">{children()}</span>
        </a>
    }
    .into_any()
}
