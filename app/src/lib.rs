//! The interface as a whole: the document around every page, the one route table, header and footer.
//!
//! Compiled twice: into the server, which writes complete pages, and into WebAssembly, which takes them over.

#![recursion_limit = "512"]

mod frame;
mod not_found;
mod own;
mod routes;
#[cfg(feature = "ssr")]
pub mod shell;

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::Router;
use locales::{Locale, shell as texts};

/// Everything inside `<body>`.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let l = page_locale();
    app_ui::provide_locale(l);
    app_api::provide_last_form();
    app_api::provide_session();
    // Effects run in the browser only: from here on the page answers to scripts, which journeys wait for.
    Effect::new(|_| {
        if let Some(html) = document().document_element() {
            let _ = html.set_attribute("data-hydrated", "true");
        }
    });
    view! {
        <Title text=title_so_far() formatter=move |title: String| written(titled(l, &title))/>
        <Router>
            <frame::Frame/>
        </Router>
    }
}

/// The server's half of the framework writes a title into the page as it is, where words could end it and go on as markup.
fn written(title: String) -> String {
    if cfg!(feature = "ssr") {
        title.replace('&', "&amp;").replace('<', "&lt;")
    } else {
        title
    }
}

/// The title of the window.
fn titled(l: Locale, title: &str) -> String {
    let brand = texts::brand(l);
    match title.strip_suffix(&format!(" · {brand}")) {
        Some(title) => format!("{title} · {brand}"),
        None if title.is_empty() || title == brand => brand.to_owned(),
        None => format!("{title} · {brand}"),
    }
}

/// For a page that gives no title.
#[cfg(feature = "ssr")]
fn title_so_far() -> String {
    String::new()
}

/// While the page is being taken over and its own title has not been reached, the one that the server wrote stays.
#[cfg(not(feature = "ssr"))]
fn title_so_far() -> String {
    document().title()
}

/// What the layers decided for this request.
#[cfg(feature = "ssr")]
fn page_locale() -> Locale {
    use_context().unwrap_or_default()
}

/// What the server wrote into the document.
#[cfg(not(feature = "ssr"))]
fn page_locale() -> Locale {
    document()
        .document_element()
        .and_then(|html| html.get_attribute("lang"))
        .and_then(|code| Locale::from_code(&code))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::titled;
    use locales::Locale;

    /// The title that the server wrote is taken over before the page's own is known.
    #[test]
    fn a_title_never_gets_the_name_twice() {
        let once = titled(Locale::En, "Sign in");
        assert_eq!(once, "Sign in · Bilten");
        assert_eq!(titled(Locale::En, &once), once);
        assert_eq!(titled(Locale::En, ""), "Bilten");
        assert_eq!(titled(Locale::En, "Bilten"), "Bilten");
    }
}
