//! Where you are and where you can go.

use crate::{Icon, IconName, MaybeText, use_locale};
use leptos::prelude::*;
use locales::texts;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    pub label: String,
    /// `None` for the page itself.
    pub href: Option<String>,
}

impl Crumb {
    pub fn link(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: Some(href.into()),
        }
    }

    pub fn here(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: None,
        }
    }
}

#[component]
pub fn Breadcrumbs(items: Vec<Crumb>) -> impl IntoView {
    let l = use_locale();
    let items = items
        .into_iter()
        .map(|item| match item.href {
            Some(href) => view! { <li class="crumb"><a href=href>{item.label}</a></li> }.into_any(),
            None => view! { <li class="crumb" aria-current="page">{item.label}</li> }.into_any(),
        })
        .collect_view();
    view! { <nav class="crumbs" aria-label=texts::ui::you_are_here(l)><ol role="list">{items}</ol></nav> }.into_any()
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TabItem {
    pub label: String,
    pub href: String,
    pub current: bool,
    /// A number beside the label.
    pub count: Option<String>,
}

impl TabItem {
    pub fn new(label: impl Into<String>, href: impl Into<String>, current: bool) -> Self {
        Self {
            label: label.into(),
            href: href.into(),
            current,
            count: None,
        }
    }
}

/// Tabs are pages of their own.
#[component]
pub fn Tabs(#[prop(into)] label: String, items: Vec<TabItem>) -> impl IntoView {
    let items = items
        .into_iter()
        .map(|item| {
            view! {
                <li>
                    <a class="tab" href=item.href aria-current=item.current.then_some("page")>
                        <span>{item.label}</span>
                        {item.count.map(|count| view! { <span class="tab-count">{count}</span> })}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <nav class="tabs" aria-label=label><ul class="tabs-list" role="list">{items}</ul></nav> }.into_any()
}

/// Pages of a long list that is read by position, not by number.
#[component]
pub fn KeysetPager(
    #[prop(into, optional)] previous: MaybeText,
    #[prop(into, optional)] next: MaybeText,
) -> impl IntoView {
    let (previous, next) = (previous.0, next.0);
    let l = use_locale();
    (previous.is_some() || next.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label=texts::ui::pages(l)>
                {previous
                    .map(|href| {
                        view! {
                            <a class="btn btn-secondary pager-previous" href=href rel="prev">
                                <Icon name=IconName::Arrow/>
                                <span class="btn-label">{texts::ui::previous_page(l)}</span>
                            </a>
                        }
                    })}
                {next
                    .map(|href| {
                        view! {
                            <a class="btn btn-secondary pager-next" href=href rel="next">
                                <span class="btn-label">{texts::ui::next_page(l)}</span>
                                <Icon name=IconName::Arrow/>
                            </a>
                        }
                    })}
            </nav>
        }
        .into_any()
    })
}

/// One station of a longer way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub label: String,
    /// Set for stations one may go back to.
    pub href: Option<String>,
}

/// The stations of a longer way; `current` counts from zero.
#[component]
pub fn Steps(items: Vec<Step>, current: usize) -> impl IntoView {
    let l = use_locale();
    let items = items
        .into_iter()
        .enumerate()
        .map(|(at, step)| {
            let number = (at + 1).to_string();
            let is_done = at < current;
            let label = match step.href {
                Some(href) => view! { <a class="step-label" href=href>{step.label}</a> }.into_any(),
                None => view! { <span class="step-label">{step.label}</span> }.into_any(),
            };
            view! {
                <li class="step" class:step-done=is_done aria-current=(at == current).then_some("step")>
                    <span class="step-mark" aria-hidden="true">
                        {if is_done { view! { <Icon name=IconName::Check/> }.into_any() } else { number.into_any() }}
                    </span>
                    {label}
                    {is_done.then(|| view! { <span class="sr-only">{texts::ui::step_done(l)}</span> })}
                </li>
            }
        })
        .collect_view();
    view! { <nav class="steps" aria-label=texts::ui::steps(l)><ol role="list">{items}</ol></nav> }
        .into_any()
}
