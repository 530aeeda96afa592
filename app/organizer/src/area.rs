//! The door of this area, and the routes that lead through it.

use leptos::prelude::*;

use crate::pages;

/// What can be shown.
pub enum Page {
    Start,
    Door,
    Orders,
    Order,
    Refund,
    Attendees,
    Team,
    Settings,
}

/// The one entrance; loaded when the first page of the area is shown.
#[lazy(organizer)]
pub fn view(page: Page) -> AnyView {
    match page {
        Page::Start => pages::StartPage().into_any(),
        Page::Door => pages::DoorPage().into_any(),
        Page::Orders => pages::OrdersPage().into_any(),
        Page::Order => pages::OrderPage().into_any(),
        Page::Refund => pages::RefundPage().into_any(),
        Page::Attendees => pages::AttendeesPage().into_any(),
        Page::Team => pages::TeamPage().into_any(),
        Page::Settings => pages::SettingsPage().into_any(),
    }
}

app_api::page_routes! { view, __preload_view =>
    /// `/organize`
    StartRoute => Page::Start;
    /// `/organize/:org/events/:event/door`
    DoorRoute => Page::Door;
    /// `/organize/:org/orders` and `/organize/:org/events/:event/orders`
    OrdersRoute => Page::Orders;
    /// `/organize/:org/orders/:code`
    OrderRoute => Page::Order;
    /// `/organize/:org/orders/:code/refund`
    RefundRoute => Page::Refund;
    /// `/organize/:org/events/:event/attendees`
    AttendeesRoute => Page::Attendees;
    /// `/organize/:org/team`
    TeamRoute => Page::Team;
    /// `/organize/:org/settings`
    SettingsRoute => Page::Settings;
}
