//! Plain routes beside the application: no rendering by the framework, no server functions.

mod dev_mail;
pub mod files;
mod health;
mod preferences;
mod sign_out;

use crate::routes::Table;

/// All of them. Each has a row in `tests/access.txt` that says who may call it.
pub fn table() -> Table {
    Table::default()
        .get("/dev/mail/{id}/html", dev_mail::html)
        .get("/dev/mail/{id}/raw", dev_mail::raw)
        .get("/healthz", health::alive)
        .get("/readyz", health::ready)
        .post("/preferences/locale", preferences::set_locale)
        .post("/preferences/theme", preferences::set_theme)
        .post("/sign-out", sign_out::sign_out)
}
