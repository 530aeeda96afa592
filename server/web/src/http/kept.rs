//! Tickets at the door, one on each screen, and the page for when there is no network. Both work without the application,
//! so that a device can keep them (docs/decisions/0012-tickets-offline.md).

use app::shell::tickets_document;
use app_api::{ApiError, RequestInfo, preferences::Theme};
use axum::{
    Extension,
    extract::{Path, State},
    http::HeaderName,
    response::{Html, IntoResponse, Response},
};
use leptos::prelude::*;
use locales::{Locale, checkout, kept as t, shell as texts};
use services::orders::{self, AtDoor, DoorTicket};

use crate::{AppState, fault};

/// Until when a device may keep a copy, in seconds since 1970.
const KEEP_UNTIL: HeaderName = HeaderName::from_static("bilten-keep-until");

/// `GET /orders/{order}/show`
pub async fn of_order(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Path(secret): Path<String>,
) -> Response {
    let found = orders::at_door(&state.services, &secret, info.locale).await;
    answer(&state, &info, found, &format!("/orders/{secret}"))
}

/// `GET /tickets/{ticket}/show`
pub async fn of_ticket(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Path(secret): Path<String>,
) -> Response {
    let found = orders::held_at_door(&state.services, &secret, info.locale).await;
    answer(&state, &info, found, &format!("/tickets/{secret}"))
}

fn answer(
    state: &AppState,
    info: &RequestInfo,
    found: Result<Option<AtDoor>, services::Unexpected>,
    page: &str,
) -> Response {
    match found {
        Ok(Some(found)) => {
            let until = found.keep_until.as_second().to_string();
            ([(KEEP_UNTIL, until)], at_door(state, info, found, page)).into_response()
        }
        Ok(None) => fault::refuse(ApiError::not_found()),
        Err(error) => fault::refuse(error.into()),
    }
}

/// Dark on white whatever appearance was chosen: that is what scanners read.
fn at_door(state: &AppState, info: &RequestInfo, found: AtDoor, page: &str) -> Html<String> {
    let l = info.locale;
    let title = format!("{} · {}", t::tickets(l), found.title);
    let back = match found.order {
        Some(_) => t::all(l),
        None => t::back(l),
    };
    let html = Owner::new().with(|| {
        let last = found.tickets.len().saturating_sub(1);
        let cards = (0..)
            .zip(&found.tickets)
            .map(|(at, ticket)| card(l, &found, ticket, at, last))
            .collect_view();
        let main = view! {
            <main
                id="main"
                class="at-door"
                data-kept="false"
                data-awake=""
                data-title=found.title.clone()
                data-when=found.when.clone()
            >
                <h1 class="sr-only">{t::tickets(l)}</h1>
                <p class="at-door-copy" role="status">{t::copy(l, &found.seen)}</p>
                <ol class="at-door-row" role="list" tabindex="0" aria-label=t::tickets(l)>
                    {cards}
                </ol>
                <div class="at-door-foot">
                    <p>{t::bright(l)}</p>
                    <p class="at-door-online">
                        <a class="text-link" href=page.to_owned()>{back}</a>
                    </p>
                    {keeping(l, page)}
                </div>
            </main>
        };
        tickets_document(&state.assets, info, Theme::Light, title, main.into_any()).to_html()
    });
    Html(html)
}

fn card(l: Locale, found: &AtDoor, ticket: &DoorTicket, at: usize, last: usize) -> AnyView {
    let of = found.order.clone().map(|code| {
        let of = checkout::ticket_of(l, found.all, ticket.number);
        view! { <p class="ticket-small">{of} " · " <span dir="ltr">{code}</span></p> }
    });
    let qr = ticket.qr.clone().map(|svg| {
        let label = checkout::ticket_code(l, &ticket.holder);
        view! { <div class="qr at-door-qr" role="img" aria-label=label inner_html=svg></div> }
    });
    let to = |at: usize, label| view! { <a class="btn btn-secondary btn-small" href=format!("#ticket-{at}")>{label}</a> };
    view! {
        <li id=format!("ticket-{at}") class="at-door-card">
            {qr}
            {ticket.note.clone().map(|note| view! { <p class="at-door-note">{note}</p> })}
            <p class="ticket-holder" dir="auto">{ticket.holder.clone()}</p>
            <p dir="auto">{ticket.kind.clone()}</p>
            <h2 class="at-door-event" dir="auto">{found.title.clone()}</h2>
            <p>{found.when.clone()}</p>
            <p dir="auto">{found.place.clone()}</p>
            {of}
            {(last > 0)
                .then(|| {
                    view! {
                        <p class="at-door-turn">
                            {(at > 0).then(|| to(at - 1, t::before(l)))}
                            {(at < last).then(|| to(at + 1, t::after(l)))}
                        </p>
                    }
                })}
        </li>
    }
    .into_any()
}

/// Says that there is a copy, and does away with it. `public/tickets.js` shows it where there can be one.
fn keeping(l: Locale, page: &str) -> AnyView {
    let part = |when: &'static str, text, act: &'static str, label| {
        view! {
            <p data-when=when hidden>
                {text} " "
                <button class="btn btn-quiet btn-small" type="button" data-do=act>{label}</button>
            </p>
        }
    };
    view! {
        <div class="kept-here" data-tickets=format!("{page}/show") hidden>
            {part("kept", t::kept(l), "forget", t::forget(l))}
            {part("not", t::not_kept(l), "keep", t::keep(l))}
        </div>
    }
    .into_any()
}

/// `GET /offline`: what stands in for any page without a network. It is the same for everybody but for the language.
pub async fn offline(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
) -> Html<String> {
    let l = info.locale;
    let html = Owner::new().with(|| {
        let main = view! {
            <header class="site-header">
                <div class="container-wide site-bar">
                    <a class="site-brand" href="/" lang="en">{texts::brand(l)}</a>
                </div>
            </header>
            <main id="main">
                <div class="container-narrow offline">
                    <h1 class="page-title">{t::offline_title(l)}</h1>
                    <p class="lead">{t::offline_text(l)}</p>
                    <section class="offline-kept" aria-labelledby="kept" data-kept-list="" hidden>
                        <h2 class="section-title" id="kept">{t::offline_list(l)}</h2>
                        <ul class="list" role="list"></ul>
                    </section>
                    <p><a class="btn btn-primary" href="">{t::offline_again(l)}</a></p>
                </div>
            </main>
        };
        let title = t::offline_title(l).to_owned();
        tickets_document(&state.assets, &info, info.theme, title, main.into_any()).to_html()
    });
    Html(html)
}
