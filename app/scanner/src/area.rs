//! The door of this area, and the routes that lead through it.

use leptos::prelude::*;

use crate::pages;

/// What can be shown.
pub enum Page {
    Scanner,
}

/// The one entrance; loaded when the first page of the area is shown.
#[lazy(scanner)]
pub fn view(page: Page) -> AnyView {
    match page {
        Page::Scanner => pages::ScannerPage().into_any(),
    }
}

app_api::page_routes! { view, __preload_view =>
    /// `/scan`
    ScannerRoute => Page::Scanner;
}
