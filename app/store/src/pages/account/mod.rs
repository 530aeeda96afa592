//! Signing up and in, lost passwords, one's own account, joining a team.

mod account_page;
mod asking;
mod code;
mod elsewhere;
mod email;
mod factors;
mod join;
mod link;
mod passkey;
mod privacy;
mod prove;
mod reset;
mod security;
mod sign_in;
mod sign_up;
mod tickets;
mod verify;
mod wallet;

pub use account_page::AccountPage;
pub use code::CodePage;
pub use email::{ConfirmEmailPage, EmailPage, RestoreEmailPage};
pub use join::JoinPage;
pub use link::{LinkPage, TakeLinkPage};
pub use privacy::{DeletedPage, PrivacyPage};
pub use prove::ProvePage;
pub use reset::{ChoosePasswordPage, ResetPage};
pub use security::SecurityPage;
pub use sign_in::SignInPage;
pub use sign_up::SignUpPage;
pub use tickets::tickets;
pub use verify::VerifyPage;

use app_api::path::with_next;
use app_api::query::use_query_map;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

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
