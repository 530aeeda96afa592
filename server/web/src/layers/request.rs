//! Finds out once what all handlers want to know of a request: language, appearance, from where. Who is asking is for the session
//! layer to say.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use app_api::{
    RequestInfo,
    cookies::{self, cookie, cookie_value},
    forms::FORM_KEY,
    preferences::Theme,
};
use axum::{
    extract::{ConnectInfo, Request},
    http::{
        HeaderMap, HeaderValue,
        header::{ACCEPT_LANGUAGE, SET_COOKIE, USER_AGENT, VARY},
    },
    response::Response,
};
use locales::Locale;

use super::access_log::RequestId;
use crate::AppState;

const YEAR_SECONDS: u64 = 365 * 24 * 60 * 60;

/// What the request asks for beyond its answer.
pub struct Wish {
    /// A language for this and all later pages.
    locale: Option<Locale>,
    secure: bool,
}

/// Leaves what is found in the request's extensions.
pub fn note(state: &AppState, request: &mut Request) -> Wish {
    let locale = query_value(request.uri().query(), "lang").and_then(Locale::from_code);
    let info = find_out(state, request, locale);
    let secure = info.secure_cookies;
    request.extensions_mut().insert(info);
    Wish { locale, secure }
}

impl Wish {
    pub fn remember(self, response: &mut Response) {
        let headers = response.headers_mut();
        if let Some(locale) = self.locale
            && let Ok(value) = HeaderValue::from_str(&cookie(
                cookies::LOCALE,
                locale.code(),
                YEAR_SECONDS,
                self.secure,
            ))
        {
            headers.append(SET_COOKIE, value);
        }
        headers.append(VARY, HeaderValue::from_static("accept-language, cookie"));
    }
}

fn find_out(state: &AppState, request: &Request, asked: Option<Locale>) -> RequestInfo {
    let headers = request.headers();
    let secure_cookies = state.config.cookies.secure;
    let cookie = |name| cookie_value(headers, name, secure_cookies);
    let session_secret = cookie(cookies::SESSION).map(str::to_owned);
    let locale = asked
        .or_else(|| cookie(cookies::LOCALE).and_then(Locale::from_code))
        .or_else(|| Locale::negotiate(headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?))
        .unwrap_or_default();
    let id = request
        .extensions()
        .get::<RequestId>()
        .map_or_else(|| Arc::from(""), |id| Arc::clone(&id.0));
    let form = query_value(request.uri().query(), FORM_KEY).and_then(|id| {
        state
            .forms
            .find(id, &browser(headers, session_secret.as_deref()))
    });
    RequestInfo {
        id,
        locale,
        theme: cookie(cookies::THEME)
            .map(Theme::from_code)
            .unwrap_or_default(),
        session: None,
        viewer: None,
        session_secret,
        client: client(state, request),
        public_url: state.origin().into(),
        nonce: state.services.new_secret().into(),
        secure_cookies,
        development: !state.config.is_production(),
        view: cookie(cookies::VIEW).map(Arc::from),
        form,
    }
}

/// What tells one browser from another well enough that a copied address does not show somebody else's form.
pub fn browser(headers: &HeaderMap, session_secret: Option<&str>) -> String {
    let agent = headers
        .get(USER_AGENT)
        .and_then(|agent| agent.to_str().ok())
        .unwrap_or_default();
    format!("{}|{agent}", session_secret.unwrap_or_default())
}

/// The address of the person; behind a proxy, what the nearest proxy saw. A short address that came in as a long one is
/// itself: where the server listens on `[::]`, all short ones do.
fn client(state: &AppState, request: &Request) -> Option<IpAddr> {
    let forwarded = || -> Option<IpAddr> {
        let header = request
            .headers()
            .get_all("x-forwarded-for")
            .iter()
            .next_back()?;
        header
            .to_str()
            .ok()?
            .rsplit(',')
            .next()?
            .trim()
            .parse()
            .ok()
    };
    if state.config.server.behind_proxy
        && let Some(address) = forwarded()
    {
        return Some(address.to_canonical());
    }
    request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|ConnectInfo(address)| address.ip().to_canonical())
}

/// The first value of a key that needs no decoding.
fn query_value<'a>(query: Option<&'a str>, key: &str) -> Option<&'a str> {
    query?
        .split('&')
        .find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='))
}

#[cfg(test)]
mod tests {
    use adapters::config::Config;
    use axum::body::Body;

    use super::*;

    /// Whom tries are counted by, for a connection from `peer` and what a proxy says.
    fn counted(config: &str, peer: &str, forwarded: &[&str]) -> String {
        let proxy = ("BILTEN_SERVER__BEHIND_PROXY".into(), config.into());
        let config = Config::load(None, [proxy]).unwrap();
        let services = adapters::assemble(&config).unwrap();
        let state = AppState::new(services, config, "no-such-folder".into(), None).unwrap();
        let mut request = Request::new(Body::empty());
        for value in forwarded {
            let value = HeaderValue::from_str(value).unwrap();
            request.headers_mut().append("x-forwarded-for", value);
        }
        let peer: SocketAddr = peer.parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        note(&state, &mut request);
        let info = request.extensions().get::<RequestInfo>().unwrap();
        info.household()
    }

    #[tokio::test]
    async fn those_with_short_addresses_are_told_apart_on_a_socket_for_both_kinds() {
        let direct = |peer| counted("false", peer, &[]);
        assert_eq!(direct("[::ffff:203.0.113.7]:80"), "203.0.113.7");
        assert_eq!(direct("[2a00:1:2:3:4::5]:80"), "2a00:1:2:3::");
        let proxied = |address| counted("true", "127.0.0.1:80", &[address]);
        assert_eq!(proxied("::ffff:203.0.113.7"), "203.0.113.7");
    }

    #[tokio::test]
    async fn only_the_nearest_proxy_is_believed_and_only_where_there_is_one() {
        let said = ["198.51.100.1, 198.51.100.2", "198.51.100.3, 198.51.100.4"];
        assert_eq!(counted("true", "127.0.0.1:80", &said), "198.51.100.4");
        assert_eq!(counted("false", "203.0.113.7:80", &said), "203.0.113.7");
    }

    #[test]
    fn the_language_in_the_address_is_found() {
        assert_eq!(query_value(Some("language=x&lang=ar"), "lang"), Some("ar"));
    }
}
