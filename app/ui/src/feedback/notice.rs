//! Messages in the page and small marks on things.

use crate::{Icon, IconName, MaybeText};
use leptos::prelude::*;

/// Colour never stands alone: each tone has an icon and words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Neutral,
    Info,
    Success,
    Warning,
    Error,
}

impl Tone {
    const fn notice_class(self) -> &'static str {
        match self {
            Self::Neutral | Self::Info => "notice",
            Self::Success => "notice notice-success",
            Self::Warning => "notice notice-warning",
            Self::Error => "notice notice-error",
        }
    }

    const fn badge_class(self) -> &'static str {
        match self {
            Self::Neutral => "badge",
            Self::Info => "badge badge-strong",
            Self::Success => "badge badge-success",
            Self::Warning => "badge badge-warning",
            Self::Error => "badge badge-error",
        }
    }

    const fn icon(self) -> IconName {
        match self {
            Self::Neutral | Self::Info => IconName::Info,
            Self::Success => IconName::Check,
            Self::Warning => IconName::Warning,
            Self::Error => IconName::Error,
        }
    }
}

/// A message that belongs to this place in the page. Faults interrupt a screen reader, the rest waits its turn.
#[component]
pub fn Notice(
    #[prop(optional)] tone: Tone,
    #[prop(into, optional)] title: MaybeText,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let title = title.0;
    let role = if tone == Tone::Error {
        "alert"
    } else {
        "status"
    };
    view! {
        <div class=tone.notice_class() role=role>
            <Icon name=tone.icon()/>
            <div class="notice-body">
                {title.map(|title| view! { <p class="notice-title">{title}</p> })}
                {children.map(|children| view! { <div class="notice-text">{children()}</div> })}
            </div>
        </div>
    }
    .into_any()
}

/// The fault of a whole form, above it; nothing while there is none.
#[component]
pub fn FormError(error: Option<String>) -> impl IntoView {
    error.map(|text| {
        view! { <div class="form-error"><Notice tone=Tone::Error title=text/></div> }.into_any()
    })
}

/// A state in a word or two.
#[component]
pub fn Badge(#[prop(optional)] tone: Tone, children: Children) -> impl IntoView {
    view! { <span class=tone.badge_class()>{children()}</span> }.into_any()
}
