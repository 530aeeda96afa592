//! The pages where the owner of a connected account tells about it, and looks at it.

use std::fmt::Write;

use axum::{
    body::Bytes,
    extract::{Path, State as Shared},
    http::StatusCode,
    response::Response,
};

use super::frame::{go, missing, page, text};
use crate::{fields::Fields, flow::onboarding, form, http::App, money::shown};

/// Shows what is still needed. A link works once and for a short time; after that the shop makes a new one.
pub async fn show(Shared(app): Shared<App>, Path((id, link)): Path<(String, String)>) -> Response {
    let mut state = app.lock();
    let facts = state.hidden(&id)["onboarding"].clone();
    if facts.is_null() {
        return missing();
    }
    if facts.text("link") != link || facts.int("ends") < state.now() || facts.flag("seen") {
        return go(facts.text("refresh_url"));
    }
    let mut facts = facts;
    facts.set("seen", true);
    let back = text(facts.text("return_url"));
    state.hide(&id, "onboarding", facts);
    let account = state.load(&id);
    let mut body = "<p>To be paid, tell us about yourself:</p><ul>".to_owned();
    for needed in account["requirements"]["currently_due"]
        .as_array()
        .into_iter()
        .flatten()
    {
        let _ = write!(
            body,
            "<li>{}</li>",
            text(needed.as_str().unwrap_or_default())
        );
    }
    let _ = write!(
        body,
        "</ul><form method=\"post\"><button class=\"main\" name=\"answer\" value=\"enabled\">Finish</button><button name=\"answer\" value=\"pending\">Finish, to be verified later</button><button name=\"answer\" value=\"payouts_paused\">Finish, but a document is missing</button></form><p><a href=\"{back}\">Save for later</a></p>"
    );
    page(StatusCode::OK, "Set up payments", &body)
}

/// Takes the answers and sends the browser back.
pub async fn answer(
    Shared(app): Shared<App>,
    Path((id, link)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    let mut state = app.lock();
    let facts = state.hidden(&id)["onboarding"].clone();
    if facts.is_null() || facts.text("link") != link {
        return missing();
    }
    let form = form::parse(&body);
    let to = match form.text("answer") {
        state @ ("pending" | "payouts_paused") => state,
        _ => "enabled",
    };
    match onboarding::become_state(&mut state, &id, to) {
        Ok(_) => go(facts.text("return_url")),
        Err(_) => missing(),
    }
}

/// What the owner sees of the account.
pub async fn dashboard(
    Shared(app): Shared<App>,
    Path((id, link)): Path<(String, String)>,
) -> Response {
    let state = app.lock();
    if state.hidden(&id).text("login") != link {
        return missing();
    }
    let mut body = "<ul>".to_owned();
    for ((account, currency), sums) in &state.sums {
        if *account == id {
            let _ = write!(
                body,
                "<li>{} available, {} pending</li>",
                text(&shown(sums.available, currency)),
                text(&shown(sums.pending, currency))
            );
        }
    }
    body.push_str("</ul>");
    page(StatusCode::OK, "Your balance", &body)
}
