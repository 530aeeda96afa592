//! What the organization is owed and was paid. One file per page.

mod account;
mod balance;
mod codes;
mod connect;
mod connect_leave;
mod dispute;
mod disputes;
mod fees;
mod movements;
mod payouts;
mod report;
mod request;
mod statement;
mod words;

pub use balance::BalancePage;
pub use codes::CodeReportPage;
pub use connect_leave::ConnectPage;
pub use dispute::DisputePage;
pub use disputes::DisputesPage;
pub use fees::FeesPage;
pub use movements::MovementsPage;
pub use payouts::PayoutsPage;
pub use report::ReportPage;
pub use statement::StatementPage;

use app_ui::{Chip, FilterChips, use_locale};
use leptos::prelude::*;
use locales::{bills, disputes as disputes_words, finance as t};

/// The pages about money, side by side.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Here {
    Balance,
    Movements,
    Payouts,
    Fees,
    Disputes,
    Report,
}

fn sections(organization: &str, here: Here) -> AnyView {
    let l = use_locale();
    let base = format!("/organize/{organization}/money");
    let chips = [
        (Here::Balance, t::tab_balance(l), ""),
        (Here::Movements, t::tab_movements(l), "/bookings"),
        (Here::Payouts, t::tab_payouts(l), "/payouts"),
        (Here::Fees, bills::fees(l), "/fees"),
        (Here::Disputes, disputes_words::title(l), "/disputes"),
        (Here::Report, t::tab_report(l), "/report"),
    ]
    .into_iter()
    .map(|(page, label, end)| Chip::choice(label, format!("{base}{end}"), page == here))
    .collect();
    view! { <FilterChips label=t::sections(l) chips/> }.into_any()
}
