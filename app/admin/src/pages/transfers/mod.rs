//! `/admin/finance/transfers`: buyers who pay by bank transfer, and what the bank tells of it.

mod account;
mod credits;
mod file;
mod lines;
mod overview;
mod refunds;

pub use account::TransferAccountPage;
pub use credits::CreditsPage;
pub use file::BankFilePage;
pub use overview::TransfersPage;
pub use refunds::BankRefundsPage;

use app_api::query::use_query_map;
use app_ui::{ButtonKind, LinkButton, Notice, Tone, use_locale};
use leptos::prelude::*;
use locales::transfers as t;

const HOME: &str = "/admin/finance/transfers";

/// What the address tells of a deed that is done.
fn done() -> Option<String> {
    use_query_map().with_untracked(|query| query.get("done"))
}

fn said(text: &'static str) -> AnyView {
    view! { <Notice tone=Tone::Success title=text/> }.into_any()
}

/// Back to the overview.
fn back() -> AnyView {
    let l = use_locale();
    view! {
        <p><LinkButton href=HOME kind=ButtonKind::Secondary small=true>{t::back_to_transfers(l)}</LinkButton></p>
    }
    .into_any()
}

/// To the next page of a list, and back to its first one.
fn further(path: &str, next: Option<String>, on_first: bool) -> AnyView {
    let l = use_locale();
    let first = (!on_first).then(|| {
        view! { <LinkButton href=path.to_owned() kind=ButtonKind::Secondary small=true>{t::first_page(l)}</LinkButton> }
    });
    let next = next.map(|cursor| {
        let href = format!("{path}?after={cursor}");
        view! { <LinkButton href kind=ButtonKind::Secondary small=true>{t::next(l)}</LinkButton> }
    });
    view! { <div class="btn-row">{first}{next}</div> }.into_any()
}
