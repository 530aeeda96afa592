//! PostgreSQL: the programs, private clusters made from them, and a client small enough to live here.

mod cluster;
mod owner;
mod programs;
mod wire;

pub use cluster::Cluster;
pub use owner::Owner;
pub use programs::Programs;
pub use wire::Connection;
