//! Remembers language and appearance in cookies. Plain forms, so that they work everywhere.

use app_api::{
    ApiError, ErrorKind,
    cookies::{self, cookie},
    path::{local_path, with_query},
    preferences::Theme,
};
use axum::{
    Form,
    extract::State,
    http::header::SET_COOKIE,
    response::{IntoResponse, Redirect, Response},
};
use locales::Locale;
use serde::Deserialize;

use crate::{AppState, fault};

const YEAR_SECONDS: u64 = 365 * 24 * 60 * 60;

#[derive(Deserialize)]
pub struct LocaleChoice {
    locale: String,
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub struct ThemeChoice {
    theme: String,
    #[serde(default)]
    next: String,
}

pub async fn set_locale(
    State(state): State<AppState>,
    Form(choice): Form<LocaleChoice>,
) -> Response {
    match Locale::from_code(&choice.locale) {
        Some(locale) => remember(&state, cookies::LOCALE, locale.code(), &choice.next),
        None => fault::refuse(ApiError::new(ErrorKind::Invalid, "bad_request")),
    }
}

/// `device` (or anything unknown) forgets the choice.
pub async fn set_theme(State(state): State<AppState>, Form(choice): Form<ThemeChoice>) -> Response {
    remember(
        &state,
        cookies::THEME,
        Theme::from_code(&choice.theme).code().unwrap_or_default(),
        &choice.next,
    )
}

fn remember(state: &AppState, name: &str, value: &str, next: &str) -> Response {
    let age = if value.is_empty() { 0 } else { YEAR_SECONDS };
    let set = cookie(name, value, age, state.config.cookies.secure);
    // A language in the address would win over the choice just made.
    let next = with_query(local_path(next).unwrap_or("/"), "lang", None);
    ([(SET_COOKIE, set)], Redirect::to(&next)).into_response()
}
