//! The door of this area, and the routes that lead through it. What is about an organization itself is seldom needed by
//! those who work on its events, and is behind another door.

use leptos::prelude::*;

use crate::pages;

/// What can be shown of events, orders and the door.
pub enum Page {
    Dashboard,
    NewEvent,
    Overview,
    Basics,
    When,
    Place,
    Picture,
    Description,
    Tickets,
    Ticket,
    Phases,
    Pool,
    Rules,
    Orders,
    Order,
    Refund,
    Change,
    Attendees,
    Door,
    CallOff,
    Refunds,
}

/// What can be shown about an organization itself.
pub enum HousePage {
    Start,
    NewOrganization,
    Team,
    Settings,
    Invoices,
    Audit,
    Money,
    Connect,
    Movements,
    Payouts,
    Statement,
    Disputes,
    Fees,
    Dispute,
    Report,
    Approvals,
    PromoCodes,
    NewPromoCode,
    ManyPromoCodes,
    PromoCode,
    CodeReport,
    DoorLists,
    DoorList,
}

/// An organization's own pages, which are behind another door, which `app` makes.
pub fn house(page: HousePage) -> AnyView {
    match page {
        HousePage::Start => pages::StartPage().into_any(),
        HousePage::NewOrganization => pages::NewOrganizationPage().into_any(),
        HousePage::Team => pages::TeamPage().into_any(),
        HousePage::Settings => pages::SettingsPage().into_any(),
        HousePage::Invoices => pages::InvoicesPage().into_any(),
        HousePage::Audit => pages::AuditPage().into_any(),
        HousePage::Money => pages::BalancePage().into_any(),
        HousePage::Connect => pages::ConnectPage().into_any(),
        HousePage::Movements => pages::MovementsPage().into_any(),
        HousePage::Payouts => pages::PayoutsPage().into_any(),
        HousePage::Statement => pages::StatementPage().into_any(),
        HousePage::Fees => pages::FeesPage().into_any(),
        HousePage::Disputes => pages::DisputesPage().into_any(),
        HousePage::Dispute => pages::DisputePage().into_any(),
        HousePage::Report => pages::ReportPage().into_any(),
        HousePage::Approvals => pages::ApprovalsPage().into_any(),
        HousePage::PromoCodes => pages::PromoCodesPage().into_any(),
        HousePage::NewPromoCode => pages::NewPromoCodePage().into_any(),
        HousePage::ManyPromoCodes => pages::ManyPromoCodesPage().into_any(),
        HousePage::PromoCode => pages::PromoCodePage().into_any(),
        HousePage::CodeReport => pages::CodeReportPage().into_any(),
        HousePage::DoorLists => pages::DoorListsPage().into_any(),
        HousePage::DoorList => pages::DoorListPage().into_any(),
    }
}

/// The entrance to events, orders and the door.
#[lazy(organizer)]
pub fn view(page: Page) -> AnyView {
    match page {
        Page::Dashboard => pages::DashboardPage().into_any(),
        Page::NewEvent => pages::NewEventPage().into_any(),
        Page::Overview => pages::OverviewPage().into_any(),
        Page::Basics => pages::BasicsPage().into_any(),
        Page::When => pages::WhenPage().into_any(),
        Page::Place => pages::PlacePage().into_any(),
        Page::Picture => pages::PicturePage().into_any(),
        Page::Description => pages::DescriptionPage().into_any(),
        Page::Tickets => pages::TicketsPage().into_any(),
        Page::Ticket => pages::TicketPage().into_any(),
        Page::Phases => pages::PhasesPage().into_any(),
        Page::Pool => pages::PoolPage().into_any(),
        Page::Rules => pages::RulesPage().into_any(),
        Page::Orders => pages::OrdersPage().into_any(),
        Page::Order => pages::OrderPage().into_any(),
        Page::Refund => pages::RefundPage().into_any(),
        Page::Change => pages::ChangePage().into_any(),
        Page::Attendees => pages::AttendeesPage().into_any(),
        Page::Door => pages::DoorPage().into_any(),
        Page::CallOff => pages::CallOffPage().into_any(),
        Page::Refunds => pages::RefundsPage().into_any(),
    }
}

app_api::page_routes! { view, __preload_view =>
    /// `/organize/:org`
    DashboardRoute => Page::Dashboard;
    /// `/organize/:org/events/new`
    NewEventRoute => Page::NewEvent;
    /// `/organize/:org/events/:event`
    OverviewRoute => Page::Overview;
    /// `…/edit`
    BasicsRoute => Page::Basics;
    /// `…/edit/when`
    WhenRoute => Page::When;
    /// `…/edit/place`
    PlaceRoute => Page::Place;
    /// `…/edit/picture`
    PictureRoute => Page::Picture;
    /// `…/edit/description`
    DescriptionRoute => Page::Description;
    /// `…/edit/tickets`
    TicketsRoute => Page::Tickets;
    /// `…/edit/tickets/:ticket`
    TicketRoute => Page::Ticket;
    /// `…/edit/tickets/:ticket/phases`
    PhasesRoute => Page::Phases;
    /// `…/edit/pools/:pool`
    PoolRoute => Page::Pool;
    /// `…/edit/rules`
    RulesRoute => Page::Rules;
    /// `/organize/:org/orders` and `/organize/:org/events/:event/orders`
    OrdersRoute => Page::Orders;
    /// `/organize/:org/orders/:code`
    OrderRoute => Page::Order;
    /// `/organize/:org/orders/:code/refund`
    RefundRoute => Page::Refund;
    /// `/organize/:org/orders/:code/change`
    ChangeRoute => Page::Change;
    /// `/organize/:org/events/:event/attendees`
    AttendeesRoute => Page::Attendees;
    /// `/organize/:org/events/:event/door`
    DoorRoute => Page::Door;
    /// `/organize/:org/events/:event/call-off`
    CallOffRoute => Page::CallOff;
    /// `/organize/:org/events/:event/refunds`
    RefundsRoute => Page::Refunds;
}
