mod door;
mod start;

pub use door::DoorPage;
pub use start::StartPage;
