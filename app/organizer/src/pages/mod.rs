//! One file per page.

mod approvals;
mod attendees;
mod audit;
mod dashboard;
mod door;
mod edit;
mod invoice_settings;
mod invoices;
mod money;
mod new_event;
mod orders;
mod overview;
mod promo;
mod refunds;
mod sales;
mod settings;
mod start;
mod team;

pub use approvals::ApprovalsPage;
pub use attendees::AttendeesPage;
pub use audit::AuditPage;
pub use dashboard::DashboardPage;
pub use door::{DoorListPage, DoorListsPage, DoorPage};
pub use edit::{
    BasicsPage, DescriptionPage, PhasesPage, PicturePage, PlacePage, PoolPage, RulesPage,
    TicketPage, TicketsPage, WhenPage,
};
pub use invoices::InvoicesPage;
pub use money::{
    BalancePage, CodeReportPage, ConnectPage, DisputePage, DisputesPage, FeesPage, MovementsPage,
    PayoutsPage, ReportPage, StatementPage,
};
pub use new_event::NewEventPage;
pub use orders::{ChangePage, OrderPage, OrdersPage, RefundPage};
pub use overview::OverviewPage;
pub use promo::{ManyPromoCodesPage, NewPromoCodePage, PromoCodePage, PromoCodesPage};
pub use refunds::{CallOffPage, RefundsPage};
pub use settings::SettingsPage;
pub use start::{NewOrganizationPage, StartPage};
pub use team::TeamPage;
