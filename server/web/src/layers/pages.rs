//! Keeps the store's pages for visitors who are not signed in: rendered once for all who ask at the same time, packed
//! once, sent as they are.
//!
//! A page younger than [`FRESH`] is simply sent; until [`KEPT`] it is still sent, while one request renders it anew
//! behind the visitors' backs. What an organizer changes is announced by the database, and no page from before is sent
//! afterwards. Nothing in a kept page belongs to one visitor: its scripts are allowed by their hashes instead of a nonce,
//! and the key of its form travels in a cookie of each answer.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use app_api::{
    ApiError, RequestInfo,
    cookies::{self, view_cookie},
    preferences::Theme,
};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{
            CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, SET_COOKIE,
            VARY,
        },
        request::Parts,
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use locales::Locale;
use moka::{future::Cache, sync::Cache as Notes};
use services::live::PageChange;
use tokio::sync::broadcast::{Receiver, error::RecvError};

use super::{fresh, refused, wants_html};
use crate::{
    AppState,
    pack::{Packed, Packing},
};

/// So old a page may be before it is rendered anew.
const FRESH: Duration = Duration::from_secs(1);
/// So old it may be at most when it is sent.
const KEPT: Duration = Duration::from_secs(3);
/// All kept pages together.
const KEPT_BYTES: u64 = 64 * 1024 * 1024;
/// So often a page that changes meanwhile is rendered for all who wait, before each gets their own.
const TRIES: usize = 3;
/// No page is larger.
const PAGE_BYTES: usize = 4 * 1024 * 1024;

/// When to come again for a page that could not be rendered for want of the database.
const BUSY_SECONDS: u32 = 2;

/// Pages and what is known of their age.
#[derive(Clone)]
pub struct PageCache {
    pages: Cache<Key, Arc<Page>>,
    /// When the event of an address changed last. Older than any page: forgotten.
    changes: Notes<String, Instant>,
    /// When any event changed last, which lists may name.
    lists: Moment,
    /// When everything may have changed last.
    all: Moment,
}

#[derive(Clone, Default)]
struct Moment(Arc<Mutex<Option<Instant>>>);

impl Moment {
    fn note(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    fn get(&self) -> Option<Instant> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    path: String,
    locale: Locale,
    theme: Theme,
}

struct Page {
    /// When its rendering began.
    born: Instant,
    renewing: AtomicBool,
    /// Whether something can be chosen on it: then each answer is a view of its own.
    has_view: bool,
    headers: HeaderMap,
    body: Packed,
}

impl Default for PageCache {
    fn default() -> Self {
        let weigh = |key: &Key, page: &Arc<Page>| {
            u32::try_from(key.path.len() + page.body.plain_len() * 2 + 2048).unwrap_or(u32::MAX)
        };
        Self {
            pages: Cache::builder()
                .max_capacity(KEPT_BYTES)
                .weigher(weigh)
                .time_to_live(KEPT)
                .build(),
            changes: Notes::builder()
                .max_capacity(100_000)
                .time_to_live(KEPT * 2)
                .build(),
            lists: Moment::default(),
            all: Moment::default(),
        }
    }
}

impl PageCache {
    /// Hears of changes until the process ends: no page is sent afterwards that was rendered before.
    pub async fn follow(self, mut changes: Receiver<PageChange>) {
        loop {
            match changes.recv().await {
                Ok(PageChange::Event(slug)) => {
                    self.changes.insert(slug, Instant::now());
                    self.lists.note();
                }
                Ok(PageChange::All) | Err(RecvError::Lagged(_)) => self.all.note(),
                Err(RecvError::Closed) => return,
            }
        }
    }

    fn is_outdated(&self, key: &Key, page: &Page) -> bool {
        let own = match event_slug(&key.path) {
            Some(slug) => self.changes.get(slug),
            None => self.lists.get(),
        };
        [own, self.all.get()]
            .into_iter()
            .flatten()
            .any(|changed| changed >= page.born)
    }

    async fn current(&self, key: &Key) -> Option<Arc<Page>> {
        let page = self.pages.get(key).await?;
        if page.born.elapsed() > KEPT || self.is_outdated(key, &page) {
            self.pages.invalidate(key).await;
            return None;
        }
        Some(page)
    }
}

/// Answers with a kept page where there may be one, else as it is handled afresh.
pub async fn serve(state: &AppState, request: Request, next: Next) -> Response {
    let Some(key) = key(&request) else {
        return fresh(state, request, next).await;
    };
    let packing = Packing::accepted(request.headers());
    let (mut parts, _) = request.into_parts();
    if let Ok(path) = key.path.parse() {
        parts.uri = path;
    }
    if let Some(page) = state.pages.current(&key).await {
        if page.born.elapsed() > FRESH && !page.renewing.swap(true, Ordering::Relaxed) {
            let renewing = renew(state.clone(), key, Arc::clone(&page), parts, next);
            tokio::spawn(renewing);
        }
        return page.answer(state, packing);
    }
    match newest(state, &key, &parts, &next).await {
        Ok(Some(page)) => page.answer(state, packing),
        Ok(None) | Err(Missed::Kept) => {
            fresh(state, Request::from_parts(parts, Body::empty()), next).await
        }
        Err(Missed::Own(answer)) => *answer,
        // All of them at once would only add to it.
        Err(Missed::Busy) => {
            let request = Request::from_parts(parts, Body::empty());
            refused(state, &request, ApiError::busy(BUSY_SECONDS))
        }
    }
}

/// Why there is no page to send.
enum Missed {
    /// The answer to this request itself, which is nobody else's.
    Own(Box<Response>),
    /// Whoever was waited for got an answer of their own.
    Kept,
    /// Whoever was waited for was told to come again.
    Busy,
}

/// A page that nothing has changed since. What changes while it is rendered makes all who wait for it wait for the next one, not
/// each render their own; nothing where it changes faster than that.
async fn newest(
    state: &AppState,
    key: &Key,
    parts: &Parts,
    next: &Next,
) -> Result<Option<Arc<Page>>, Missed> {
    for _ in 0..TRIES {
        let page = match state.pages.current(key).await {
            Some(page) => page,
            None => wait(state, key, parts, next).await?,
        };
        if !state.pages.is_outdated(key, &page) {
            return Ok(Some(page));
        }
    }
    Ok(None)
}

/// Renders the page, or waits for whoever does. An answer that cannot be kept is only for the one who got it.
async fn wait(
    state: &AppState,
    key: &Key,
    parts: &Parts,
    next: &Next,
) -> Result<Arc<Page>, Missed> {
    let mut own = None;
    let rendered = state
        .pages
        .pages
        .try_get_with(key.clone(), async {
            match render(state, parts, next).await {
                Ok(page) => Ok(Arc::new(page)),
                Err(answer) => {
                    let busy = answer.status() == StatusCode::SERVICE_UNAVAILABLE;
                    own = Some(answer);
                    Err(NotKept { busy })
                }
            }
        })
        .await;
    rendered.map_err(|answered| match own {
        Some(answer) => Missed::Own(answer),
        None if answered.busy => Missed::Busy,
        None => Missed::Kept,
    })
}

/// An answer that is nobody else's.
struct NotKept {
    busy: bool,
}

/// Renders the page while the old one is still being sent.
async fn renew(state: AppState, key: Key, old: Arc<Page>, parts: Parts, next: Next) {
    match render(&state, &parts, &next).await {
        Ok(page) => state.pages.pages.insert(key, Arc::new(page)).await,
        // A fault passes; the page that is there will do for a moment.
        Err(answer) if answer.status().is_server_error() => {
            old.renewing.store(false, Ordering::Relaxed);
        }
        Err(_) => state.pages.pages.invalidate(&key).await,
    }
}

/// Whether the answer is the same for everybody: a page of the store, asked for by somebody who is not signed in and has typed
/// nothing.
pub fn is_for_everybody(request: &Request) -> bool {
    let path = request.uri().path();
    let of_the_store = path == "/"
        || path == "/events"
        || slug_after("/o/", path).is_some()
        || event_slug(path).is_some();
    let info = request.extensions().get::<RequestInfo>();
    of_the_store && info.is_some_and(|info| info.session_secret.is_none() && info.form.is_none())
}

/// What the page is kept under, if it may be.
fn key(request: &Request) -> Option<Key> {
    let info = request.extensions().get::<RequestInfo>()?;
    let plain = request.method() == Method::GET && request.uri().query().is_none_or(is_idle);
    (plain && is_for_everybody(request) && wants_html(request.headers())).then(|| Key {
        path: request.uri().path().to_owned(),
        locale: info.locale,
        theme: info.theme,
    })
}

/// Whether a query says only how somebody came here, which no page reads.
fn is_idle(query: &str) -> bool {
    query.split('&').all(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        name.starts_with("utm_") || ["", "fbclid", "gclid"].contains(&name)
    })
}

/// Of the address of an event's page.
fn event_slug(path: &str) -> Option<&str> {
    slug_after("/e/", path)
}

fn slug_after<'p>(start: &str, path: &'p str) -> Option<&'p str> {
    path.strip_prefix(start)
        .filter(|slug| !slug.is_empty() && !slug.contains('/'))
}

/// Renders the page for everybody, or gives the answer that cannot be kept.
async fn render(state: &AppState, parts: &Parts, next: &Next) -> Result<Page, Box<Response>> {
    let born = Instant::now();
    let nonce = parts
        .extensions
        .get::<RequestInfo>()
        .map(|info| Arc::clone(&info.nonce));
    let request = Request::from_parts(parts.clone(), Body::empty());
    let answer = fresh(state, request, next.clone()).await;
    let html = answer
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let Some(nonce) = nonce.filter(|_| answer.status() == StatusCode::OK && html) else {
        return Err(Box::new(answer));
    };
    let (mut head, body) = answer.into_parts();
    let Ok(bytes) = to_bytes(body, PAGE_BYTES).await else {
        return Err(Box::new(StatusCode::INTERNAL_SERVER_ERROR.into_response()));
    };
    let Ok(text) = String::from_utf8(bytes.to_vec()) else {
        return Err(Box::new(Response::from_parts(head, Body::from(bytes))));
    };
    let set = head.headers.get_all(SET_COOKIE);
    let has_view = set.iter().next().is_some();
    let only_the_view = set
        .iter()
        .all(|cookie| cookies::sets(cookie.as_bytes(), cookies::VIEW));
    if !only_the_view || !allow_by_hash(&mut head.headers, &text, &nonce) {
        return Err(Box::new(Response::from_parts(head, Body::from(bytes))));
    }
    let text = text.replace(&format!(" nonce=\"{nonce}\""), "");
    // Whatever else names the nonce would give it away.
    if text.contains(&*nonce) {
        return Err(Box::new(Response::from_parts(head, Body::from(bytes))));
    }
    for name in [SET_COOKIE, CONTENT_LENGTH, CONTENT_ENCODING, VARY] {
        head.headers.remove(name);
    }
    Ok(Page {
        born,
        renewing: AtomicBool::new(false),
        has_view,
        headers: head.headers,
        body: Packed::new(Bytes::from(text)),
    })
}

/// Puts the hashes of the answer's own scripts, which carry its nonce, in the place of the nonce. Scripts without it stay
/// forbidden. `false`: there is no policy to change.
fn allow_by_hash(headers: &mut HeaderMap, text: &str, nonce: &str) -> bool {
    let hashes: Vec<String> = scripts(text, nonce).map(sha256_source).collect();
    let changed = headers
        .get(CONTENT_SECURITY_POLICY)
        .and_then(|policy| policy.to_str().ok())
        .filter(|policy| policy.contains(nonce) && !hashes.is_empty())
        .map(|policy| policy.replace(&format!("'nonce-{nonce}'"), &hashes.join(" ")))
        .and_then(|policy| HeaderValue::from_str(&policy).ok());
    match changed {
        Some(policy) => {
            headers.insert(CONTENT_SECURITY_POLICY, policy);
            true
        }
        None => false,
    }
}

/// The texts of the scripts that carry the nonce.
fn scripts<'t>(text: &'t str, nonce: &str) -> impl Iterator<Item = &'t str> {
    let mark = format!("nonce=\"{nonce}\"");
    text.split("<script").skip(1).filter_map(move |rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (script, _) = rest.split_once("</script>")?;
        attributes.contains(&mark).then_some(script)
    })
}

/// As a source of a content security policy (CSP level 3, 2.3.1).
fn sha256_source(script: &str) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use sha2::{Digest, Sha256};
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(script)))
}

impl Page {
    fn answer(&self, state: &AppState, packing: Packing) -> Response {
        let (bytes, packing) = self.body.bytes(packing);
        let mut response = Response::new(Body::from(bytes));
        let headers = response.headers_mut();
        headers.clone_from(&self.headers);
        if let Some(name) = packing.name() {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
        }
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        if self.has_view {
            let view = view_cookie(&state.services.new_secret(), state.config.cookies.secure);
            if let Ok(view) = HeaderValue::from_str(&view) {
                headers.append(SET_COOKIE, view);
            }
        }
        response
    }
}
