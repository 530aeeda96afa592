mod adjust;
mod books;
mod connect;
mod frame;
mod loaded;
mod moderate;
mod reserve;
mod search;
mod state;

pub use adjust::AdjustPanel;
pub use books::{BooksTile, light};
pub use connect::MoneyGoesPanel;
pub use frame::{Frame, Heading};
pub use loaded::loaded;
pub use moderate::ModeratePanel;
pub use reserve::ReservePanel;
pub use search::{Found, use_search};
pub use state::{AccountState, event_state, order_state};
