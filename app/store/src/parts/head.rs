//! What search engines and other sites read of a page.

use app_ui::{MaybeText, use_locale};
use leptos::prelude::*;
use leptos_meta::{Link, Meta, Title};
use locales::{Locale, shell};

/// Title, description, the one true address in each language, and how the page looks when it is shared.
#[component]
pub fn PageHead(
    #[prop(into)] title: String,
    #[prop(into)] description: String,
    /// Absolute.
    #[prop(into)]
    url: String,
    #[prop(into, optional)] image: MaybeText,
) -> impl IntoView {
    let l = use_locale();
    let in_language = |l: Locale| {
        format!(
            "{url}{}lang={}",
            if url.contains('?') { '&' } else { '?' },
            l.code()
        )
    };
    let others = Locale::all()
        .into_iter()
        .map(
            |other| view! { <Link rel="alternate" hreflang=other.code() href=in_language(other)/> },
        )
        .collect_view();
    let card = if image.0.is_some() {
        "summary_large_image"
    } else {
        "summary"
    };
    let heading = if title.is_empty() {
        shell::brand(l).to_owned()
    } else {
        title.clone()
    };
    view! {
        <Title text=title/>
        <Meta name="description" content=description.clone()/>
        <Link rel="canonical" href=url.clone()/>
        {others}
        <Link rel="alternate" hreflang="x-default" href=url.clone()/>
        <Meta property="og:type" content="website"/>
        <Meta property="og:site_name" content=shell::brand(l)/>
        <Meta property="og:locale" content=l.code()/>
        <Meta property="og:title" content=heading/>
        <Meta property="og:description" content=description/>
        <Meta property="og:url" content=url/>
        <Meta name="twitter:card" content=card/>
        {image.0.map(|image| view! { <Meta property="og:image" content=image/> })}
    }
}
