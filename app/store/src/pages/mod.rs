pub mod account;
pub mod buy;
mod event;
mod events;
mod home;
mod live;
mod organizer;
mod proof;
mod waiting;

pub use event::event;
pub use events::events;
pub use home::home;
pub use organizer::organizer;
pub use waiting::waiting;
