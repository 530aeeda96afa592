//! Writes the gallery as static pages, to look at without a server: `cargo run -p app-ui --features ssr --example
//! gallery -- FOLDER`. The folder also needs `ui.css` and `fonts/`.

use app_ui::{Gallery, provide_locale};
use leptos::prelude::*;
use locales::Locale;
use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let folder = std::env::args()
        .nth(1)
        .map_or_else(|| PathBuf::from("."), PathBuf::from);
    for locale in Locale::all() {
        for theme in ["light", "dark"] {
            let owner = Owner::new();
            let body = owner.with(|| {
                provide_locale(locale);
                view! { <Gallery/> }.to_html()
            });
            let page = format!(
                "<!doctype html><html lang=\"{}\" dir=\"{}\" data-theme=\"{theme}\"><meta charset=\"utf-8\">\
                 <meta name=\"viewport\" content=\"width=device-width\"><link rel=\"stylesheet\" href=\"ui.css\">\
                 <body id=\"top\">{body}</body></html>",
                locale.code(),
                locale.dir(),
            );
            std::fs::write(folder.join(format!("{}-{theme}.html", locale.code())), page)?;
        }
    }
    Ok(())
}
