//! Orders: the list, one of them, giving its money back, changing its tickets.

mod actions;
mod change;
mod detail;
mod list;
mod preview;
mod reassign;
mod refund;
mod requests;
mod tables;
mod timeline;
mod words;

pub use change::ChangePage;
pub use detail::OrderPage;
pub use list::OrdersPage;
pub use refund::RefundPage;
