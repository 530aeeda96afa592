mod audit;
mod events;
mod mailbox;
mod orders;
mod organization;
mod organizations;
mod overview;
mod user;
mod users;

pub use audit::AuditPage;
pub use events::EventsPage;
pub use mailbox::{MailPage, MailsPage};
pub use orders::OrdersPage;
pub use organization::OrganizationPage;
pub use organizations::OrganizationsPage;
pub use overview::OverviewPage;
pub use user::UserPage;
pub use users::UsersPage;
