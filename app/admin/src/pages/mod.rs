mod audit;
mod bills;
mod case;
mod cases;
mod events;
mod fees;
mod finance;
mod issuer;
#[cfg(feature = "development")]
mod mailbox;
mod orders;
mod organization;
mod organizations;
mod overview;
mod sent_payouts;
mod transfers;
mod user;
mod users;

pub use audit::AuditPage;
pub use bills::BillsPage;
pub use case::CasePage;
pub use cases::CasesPage;
pub use events::EventsPage;
pub use fees::FeesPage;
pub use finance::FinancePage;
pub use issuer::IssuerPage;
#[cfg(feature = "development")]
pub use mailbox::{MailPage, MailsPage};
pub use orders::OrdersPage;
pub use organization::OrganizationPage;
pub use organizations::OrganizationsPage;
pub use overview::OverviewPage;
pub use transfers::{
    BankFilePage, BankRefundsPage, CreditsPage, TransferAccountPage, TransfersPage,
};
pub use user::UserPage;
pub use users::UsersPage;
