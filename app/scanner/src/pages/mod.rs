mod start;

pub use start::StartPage;
