//! Widths, headers and the bar that stays in reach of the thumb.

use crate::MaybeText;
use leptos::prelude::*;

/// `Narrow` for reading and forms, `Wide` for tables and grids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ContainerSize {
    Narrow,
    #[default]
    Normal,
    Wide,
}

#[component]
pub fn Container(#[prop(optional)] size: ContainerSize, children: Children) -> impl IntoView {
    let class = match size {
        ContainerSize::Narrow => "container-narrow",
        ContainerSize::Normal => "container-normal",
        ContainerSize::Wide => "container-wide",
    };
    view! { <div class=class>{children()}</div> }.into_any()
}

/// The one `<h1>` of a page, with what stands above, below and beside it.
#[component]
pub fn PageHeader(
    #[prop(into)] title: String,
    /// A word or two above the title: where this is.
    #[prop(into, optional)]
    eyebrow: MaybeText,
    /// A sentence below the title.
    #[prop(into, optional)]
    lead: MaybeText,
    /// Buttons beside the title.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let (eyebrow, lead) = (eyebrow.0, lead.0);
    view! {
        <header class="page-header">
            <div class="page-header-text">
                {eyebrow.map(|eyebrow| view! { <p class="eyebrow">{eyebrow}</p> })}
                <h1 class="page-title" dir="auto">{title}</h1>
                {lead.map(|lead| view! { <p class="lead">{lead}</p> })}
            </div>
            {children.map(|children| view! { <div class="page-actions">{children()}</div> })}
        </header>
    }
    .into_any()
}

/// A part of a page under its own heading, set off by a hairline.
#[component]
pub fn Section(
    #[prop(into)] title: String,
    #[prop(into, optional)] lead: MaybeText,
    /// For links into the page.
    #[prop(into, optional)]
    id: MaybeText,
    children: Children,
) -> impl IntoView {
    let (lead, id) = (lead.0, id.0);
    view! {
        <section class="section" id=id>
            <header class="section-header">
                <h2 class="section-title">{title}</h2>
                {lead.map(|lead| view! { <p class="section-lead">{lead}</p> })}
            </header>
            <div class="section-body">{children()}</div>
        </section>
    }
    .into_any()
}

/// Sticks to the lower edge on phones and ends the page elsewhere: a total and the one next step.
#[component]
pub fn StickyBar(children: Children) -> impl IntoView {
    view! { <div class="sticky-bar"><div class="sticky-bar-inner">{children()}</div></div> }
        .into_any()
}
