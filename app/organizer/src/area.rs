//! The door of this area, and the routes that lead through it.

use leptos::prelude::*;

use crate::pages;

/// What can be shown.
pub enum Page {
    Start,
    Door,
}

/// The one entrance; loaded when the first page of the area is shown.
#[lazy(organizer)]
pub fn view(page: Page) -> AnyView {
    match page {
        Page::Start => pages::StartPage().into_any(),
        Page::Door => pages::DoorPage().into_any(),
    }
}

app_api::page_routes! { view, __preload_view =>
    /// `/organize`
    StartRoute => Page::Start;
    /// `/organize/:organization/events/:event/door`
    DoorRoute => Page::Door;
}
