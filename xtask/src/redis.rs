//! Finds Redis, which tests start for themselves; nothing else needs it.

use crate::{Result, shell, tools};

pub fn find_or_install() -> Result {
    let find = || shell::which("redis-server").map(drop);
    if find().is_none() {
        tools::apt_install("Redis", "redis-server", "1 min, once per machine");
    }
    find().ok_or_else(|| {
        let package = if cfg!(target_os = "linux") && shell::which("apt-get").is_some() {
            "redis-server"
        } else {
            "redis"
        };
        format!("redis-server is missing; {}", tools::package_hint(package)).into()
    })
}
