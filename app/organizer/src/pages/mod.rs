mod attendees;
mod door;
mod orders;
mod settings;
mod start;
mod team;

pub use attendees::AttendeesPage;
pub use door::DoorPage;
pub use orders::{OrderPage, OrdersPage, RefundPage};
pub use settings::SettingsPage;
pub use start::StartPage;
pub use team::TeamPage;
