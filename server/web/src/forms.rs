//! Around the server functions: the status of their refusals, and plain forms.
//!
//! A browser without WebAssembly posts the form itself and expects a page. It is sent back to the page it came from,
//! which finds what was typed and what was wrong under `?form=<id>` (see `app_api::forms`); or to where the function
//! redirects.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use app_api::{
    ApiError, ErrorKind, FormOutcome, RequestInfo,
    forms::FORM_KEY,
    path::{local_path, path_of_referer, with_query},
};
use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, LOCATION, REFERER, RETRY_AFTER},
    },
    middleware::Next,
    response::Response,
};
use leptos::server_fn::error::SERVER_FN_ERROR_HEADER;
use moka::sync::Cache;

use crate::{
    AppState, fault,
    layers::{is_server_function, misses::Missed, request::browser, wants_html},
};

const KEPT_FOR: Duration = Duration::from_secs(600);
/// All kept forms together.
const KEPT_BYTES: u64 = 32 * 1024 * 1024;
/// Functions behind forms answer little: at most a picture of a code.
const ANSWER_BYTES: usize = 64 * 1024;
/// An error is a few fields; more than this is not one.
const ERROR_BYTES: usize = 256 * 1024;

/// Outcomes of plain forms, for a short while.
#[derive(Clone)]
pub struct FormStore(Cache<String, Arc<Kept>>);

struct Kept {
    browser: String,
    /// Without the answer.
    outcome: FormOutcome,
    /// Secrets are in some (recovery codes, codes that pair a scanner): it is handed out once and then gone from here.
    answer: Mutex<Option<String>>,
}

impl Kept {
    fn take_answer(&self) -> Option<String> {
        self.answer.lock().ok()?.take()
    }
}

impl Default for FormStore {
    fn default() -> Self {
        let weight = |_: &String, kept: &Arc<Kept>| {
            let bytes: usize = kept
                .outcome
                .values
                .iter()
                .map(|(name, value)| name.len() + value.len())
                .sum();
            let answer = kept.answer.lock();
            let answer = answer.map_or(0, |answer| answer.as_ref().map_or(0, String::len));
            u32::try_from(bytes + answer + 512).unwrap_or(u32::MAX)
        };
        Self(
            Cache::builder()
                .time_to_live(KEPT_FOR)
                .max_capacity(KEPT_BYTES)
                .weigher(weight)
                .build(),
        )
    }
}

impl FormStore {
    /// The outcome under `id`, if this browser sent the form. Its answer comes with the first time only.
    pub fn find(&self, id: &str, browser: &str) -> Option<FormOutcome> {
        let kept = self.0.get(id).filter(|kept| kept.browser == browser)?;
        Some(FormOutcome {
            answer: kept.take_answer(),
            ..kept.outcome.clone()
        })
    }

    fn keep(&self, browser: String, mut outcome: FormOutcome) {
        let answer = Mutex::new(outcome.answer.take());
        let id = outcome.id.clone();
        let kept = Kept {
            browser,
            outcome,
            answer,
        };
        self.0.insert(id, Arc::new(kept));
    }
}

pub async fn handle(state: &AppState, request: Request, next: Next) -> Response {
    if !is_server_function(request.uri().path()) {
        return next.run(request).await;
    }
    let plain = request.method() == Method::POST && wants_html(request.headers());
    if plain {
        plain_form(state, request, next).await
    } else {
        answer(next.run(request).await).await.0
    }
}

async fn plain_form(state: &AppState, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let info = request.extensions().get::<RequestInfo>().cloned();
    let secret = info
        .as_ref()
        .and_then(|info| info.session_secret.as_deref());
    let browser = browser(request.headers(), secret);
    let back = came_from(request.headers(), &state.origin());
    // Without it the framework leaves the decision where to go to us.
    request.headers_mut().remove(ACCEPT);
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return fault::refuse(ApiError::new(ErrorKind::Invalid, "bad_request"));
    };
    let values = typed(&path, &bytes);
    let (mut response, error) = answer(
        next.run(Request::from_parts(parts, Body::from(bytes)))
            .await,
    )
    .await;
    let missed = error.as_ref();
    let missed = missed.is_some_and(|e| matches!(e.kind, ErrorKind::NotFound | ErrorKind::Gone));
    if missed {
        response.extensions_mut().insert(Missed);
    }
    let status = response.status();
    if error.is_none() && (status.is_client_error() || status.is_server_error()) {
        // It never reached a function: no such address, or too busy.
        return response;
    }
    let target = response
        .headers()
        .get(LOCATION)
        .and_then(|to| to.to_str().ok())
        .map(str::to_owned);
    match (target, back, error) {
        (Some(target), _, None) => see_other(response, &target),
        (None, Some(back), error) => {
            let id = state.services.new_secret();
            let target = with_query(&back, FORM_KEY, Some(&id));
            let (response, answer) = match error {
                Some(_) => (response, None),
                None => taken(response).await,
            };
            state.forms.keep(
                browser,
                FormOutcome {
                    id,
                    path,
                    values,
                    error,
                    answer,
                },
            );
            see_other(response, &target)
        }
        (None, None, None) => see_other(response, "/"),
        (_, _, Some(error)) => fault::refuse(error),
    }
}

/// The answer with the status of its error, and the error.
async fn answer(response: Response) -> (Response, Option<ApiError>) {
    if !response.headers().contains_key(SERVER_FN_ERROR_HEADER) {
        return (response, None);
    }
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, ERROR_BYTES).await.unwrap_or_default();
    let error = std::str::from_utf8(&bytes)
        .ok()
        .and_then(|text| text.parse::<ApiError>().ok());
    let error = error.unwrap_or_else(|| ApiError::new(ErrorKind::Internal, "internal"));
    parts.status =
        StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(seconds) = error.retry_after {
        parts
            .headers
            .insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    (Response::from_parts(parts, Body::from(bytes)), Some(error))
}

/// The answer of a function that went well, taken out of the response.
async fn taken(response: Response) -> (Response, Option<String>) {
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, ANSWER_BYTES).await.unwrap_or_default();
    let answer = String::from_utf8(bytes.into())
        .ok()
        .filter(|text| !text.is_empty() && text != "null");
    (Response::from_parts(parts, Body::empty()), answer)
}

/// Sends the browser on, keeping what else the answer says (cookies above all).
fn see_other(response: Response, target: &str) -> Response {
    let (mut parts, _) = response.into_parts();
    let target = local_path(target).unwrap_or("/");
    for name in [CONTENT_TYPE, CONTENT_LENGTH] {
        parts.headers.remove(name);
    }
    for name in [SERVER_FN_ERROR_HEADER, "serverfnredirect"] {
        parts.headers.remove(name);
    }
    parts.headers.insert(
        LOCATION,
        HeaderValue::from_str(target).unwrap_or(HeaderValue::from_static("/")),
    );
    parts.status = StatusCode::SEE_OTHER;
    Response::from_parts(parts, Body::empty())
}

/// The page of ours that the form or link stood on.
pub fn came_from(headers: &HeaderMap, origin: &str) -> Option<String> {
    let referer = headers.get(REFERER)?.to_str().ok()?;
    let host = headers
        .get("host")
        .and_then(|host| host.to_str().ok())
        .map(|host| format!("http://{host}"));
    let path =
        path_of_referer(referer, origin).or_else(|| path_of_referer(referer, host.as_deref()?))?;
    Some(path.to_owned())
}

/// What was typed, without what must not be kept. A `code` is secret where it proves who somebody is; orders have one too.
fn typed(path: &str, body: &[u8]) -> Vec<(String, String)> {
    let proof = path.contains("/security/");
    let secret = |name: &str| {
        (proof && name == "code")
            || name == "pin"
            || ["password", "secret", "token"]
                .iter()
                .any(|word| name.contains(word))
    };
    form_urlencoded::parse(body)
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .filter(|(name, _)| !secret(name))
        .collect()
}

#[cfg(test)]
mod tests {
    use leptos::server_fn::ServerFn;

    use super::typed;

    #[test]
    fn passwords_are_not_kept() {
        let values = typed(
            "/",
            b"email=a%40b.example&password=x&new_password=y&name=%D9%84",
        );
        let names: Vec<&str> = values.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["email", "name"]);
        assert!(typed("/", b"pin=4711").is_empty());
        assert_eq!(values[1].1, "ل");
    }

    #[test]
    fn codes_of_the_second_factor_are_not_kept() {
        let kept = |path| typed(path, b"code=ABCD2345").len();
        assert_eq!(kept(app_api::security::SignInCode::PATH), 0);
        assert_eq!(kept(app_api::security::ProveAgain::PATH), 0);
        assert_eq!(kept(app_api::organizer_orders::ResendOrder::PATH), 1);
    }
}
