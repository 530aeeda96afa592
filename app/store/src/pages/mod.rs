pub mod account;
mod home;

pub use home::HomePage;
