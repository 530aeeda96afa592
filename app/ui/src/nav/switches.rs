//! Language and appearance. Both are plain forms that come back to the page they were sent from.

use crate::{Icon, IconName, use_locale};
use leptos::prelude::*;
use locales::{Locale, texts};

/// Offers the other languages in their own words. `next` is the page to come back to.
#[component]
pub fn LanguageSwitch(#[prop(into)] next: Signal<String>) -> impl IntoView {
    let l = use_locale();
    let buttons = Locale::all()
        .into_iter()
        .filter(|other| *other != l)
        .map(|other| {
            view! {
                <button class="btn btn-quiet btn-small" type="submit" name="locale" value=other.code()>
                    <Icon name=IconName::Globe/>
                    <span class="btn-label" lang=other.code() dir=other.dir()>{other.name()}</span>
                </button>
            }
        })
        .collect_view();
    view! {
        <form class="switch" method="post" action="/preferences/locale" aria-label=texts::ui::language(l)>
            <input type="hidden" name="next" value=move || next.get()/>
            {buttons}
        </form>
    }
    .into_any()
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the device says.
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    #[must_use]
    pub const fn all() -> [Self; 3] {
        [Self::Auto, Self::Light, Self::Dark]
    }

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::all().into_iter().find(|theme| theme.code() == code)
    }

    /// The value of `data-theme`; none leaves it to the device.
    #[must_use]
    pub const fn attribute(self) -> Option<&'static str> {
        match self {
            Self::Auto => None,
            Self::Light | Self::Dark => Some(self.code()),
        }
    }

    fn label(self, l: Locale) -> &'static str {
        match self {
            Self::Auto => texts::ui::theme_auto(l),
            Self::Light => texts::ui::theme_light(l),
            Self::Dark => texts::ui::theme_dark(l),
        }
    }
}

#[component]
pub fn ThemeSwitch(
    #[prop(into)] next: Signal<String>,
    #[prop(optional)] current: Theme,
) -> impl IntoView {
    let l = use_locale();
    let buttons = Theme::all()
        .into_iter()
        .map(|theme| {
            view! {
                <button
                    class="switch-option"
                    type="submit"
                    name="theme"
                    value=theme.code()
                    aria-pressed=if theme == current { "true" } else { "false" }
                >
                    {theme.label(l)}
                </button>
            }
        })
        .collect_view();
    view! {
        <form class="switch" method="post" action="/preferences/theme" aria-label=texts::ui::theme(l)>
            <input type="hidden" name="next" value=move || next.get()/>
            {buttons}
        </form>
    }
    .into_any()
}
