//! Boxes, figures and what stands there when there is nothing.

use crate::{MaybeText, use_locale};
use leptos::prelude::*;
use locales::texts;

#[component]
pub fn Card(
    #[prop(into, optional)] title: MaybeText,
    /// Makes the title a link that covers the whole card; needs a title.
    #[prop(into, optional)]
    href: MaybeText,
    children: Children,
) -> impl IntoView {
    let (title, href) = (title.0, href.0);
    let is_link = href.is_some();
    let heading = title.map(|title| match href {
        Some(href) => {
            view! { <h3 class="card-title"><a class="card-link" href=href>{title}</a></h3> }
                .into_any()
        }
        None => view! { <h3 class="card-title">{title}</h3> }.into_any(),
    });
    view! { <div class="card" class:card-linked=is_link>{heading}{children()}</div> }.into_any()
}

/// Says what would be here and how it gets here.
#[component]
pub fn EmptyState(
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <h2 class="empty-title">{title}</h2>
            <p class="empty-text">{text}</p>
            {children.map(|children| view! { <div class="empty-actions">{children()}</div> })}
        </div>
    }
    .into_any()
}

/// Stands in while something loads.
#[component]
pub fn Skeleton(#[prop(default = 3)] lines: u8) -> impl IntoView {
    let l = use_locale();
    let lines = (0..lines)
        .map(|_| view! { <span class="skeleton-line" aria-hidden="true"></span> })
        .collect_view();
    view! { <div class="skeleton" role="status"><span class="sr-only">{texts::ui::loading(l)}</span>{lines}</div> }
        .into_any()
}

/// A figure that matters, large.
#[component]
pub fn Stat(
    #[prop(into)] label: String,
    #[prop(into)] value: String,
    #[prop(into, optional)] note: MaybeText,
) -> impl IntoView {
    let note = note.0;
    view! {
        <div class="stat">
            <p class="stat-label">{label}</p>
            <p class="stat-value">{value}</p>
            {note.map(|note| view! { <p class="stat-note">{note}</p> })}
        </div>
    }
    .into_any()
}

/// Terms and what they are here; filled with `Definition`.
#[component]
pub fn DefinitionList(children: Children) -> impl IntoView {
    view! { <dl class="definitions">{children()}</dl> }.into_any()
}

#[component]
pub fn Definition(#[prop(into)] term: String, children: Children) -> impl IntoView {
    view! { <div class="definition"><dt>{term}</dt><dd>{children()}</dd></div> }.into_any()
}
