//! Check-in lists: which tickets may come in where, when and how often. Scanners hear of a change within seconds.

mod arrange;
mod form;
mod remove;
mod save;
mod show;

pub use arrange::{Way as ListWay, move_list};
pub use form::ListForm;
pub use remove::remove_list;
pub use save::{MOST_LISTS, save_list};
pub use show::{DoorLists, ListRow, door_lists};
