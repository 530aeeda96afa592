//! Signing up and in, lost passwords, one's own account, joining a team.

mod account_page;
mod join;
mod reset;
mod sign_in;
mod sign_up;
mod verify;

pub use account_page::AccountPage;
pub use join::JoinPage;
pub use reset::{ChoosePasswordPage, ResetPage};
pub use sign_in::SignInPage;
pub use sign_up::SignUpPage;
pub use verify::VerifyPage;

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// Where to go afterwards, from the address; only paths of this site.
fn next_path() -> String {
    let next = use_query_map().with_untracked(|query| query.get("next").unwrap_or_default());
    app_api::path::local_path(&next)
        .unwrap_or_default()
        .to_owned()
}

/// The secret at the end of the address.
fn token() -> String {
    use_params_map().with_untracked(|params| params.get("token").unwrap_or_default())
}

/// The same page with what it should go on to, if anything.
fn with_next(path: &str, next: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_' | b'.');
    if next.is_empty() || !next.bytes().all(plain) {
        path.to_owned()
    } else {
        format!("{path}?next={next}")
    }
}
