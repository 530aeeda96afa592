mod address;
mod frame;
mod loaded;

pub use address::{Asked, address, use_asked, use_part};
pub use frame::Frame;
pub use loaded::loaded;
