//! Cookies: what they are called, how they are set and found again. All are for the whole site of this one host, out of reach
//! of scripts and of other sites' requests.

use http::{HeaderMap, header::COOKIE};

/// Who is signed in.
pub const SESSION: &str = "bilten_session";
/// Who has shown a first proof and still has to show a code.
pub const HALF: &str = "bilten_half";
/// Keeps an admin's own session while they look at Bilten as somebody else.
pub const OWN: &str = "bilten_own";
/// Names the view of an event's page. The page itself is the same for everybody, so it cannot carry the name.
pub const VIEW: &str = "bilten_view";
/// Ties a mailed link that signs in to the browser that asked for it.
pub const ASKED_SIGN_IN: &str = "bilten_asked";
/// The same for a link for a new password.
pub const ASKED_RESET: &str = "bilten_asked_reset";
/// Ties the way back from a provider to the browser that went there.
pub const TRIP: &str = "bilten_trip";
/// Remembers the language.
pub const LOCALE: &str = "bilten_locale";
/// Remembers light or dark.
pub const THEME: &str = "bilten_theme";

/// Remembers a place in the waiting room of an event, so that whoever comes back has it still.
#[must_use]
pub fn place(slug: &str) -> String {
    format!("bilten_place_{slug}")
}

/// Browsers keep a session's secret as long as a session can last at all. Whether it counts still is known to the server, which lets it
/// last longer with each use: a shorter cookie would end it although it is used.
pub const SESSION_SECONDS: u64 = 180 * 24 * 60 * 60;

/// Makes browsers refuse the cookie from other hosts (subdomains too), paths and plain http (RFC 6265bis, 4.1.3.2).
const PREFIX: &str = "__Host-";

/// A `Set-Cookie` value.
#[must_use]
pub fn cookie(name: &str, value: &str, max_age_seconds: u64, secure: bool) -> String {
    let (prefix, secure) = if secure {
        (PREFIX, "; Secure")
    } else {
        ("", "")
    };
    format!(
        "{prefix}{name}={value}; Path=/; Max-Age={max_age_seconds}; HttpOnly; SameSite=Lax{secure}"
    )
}

/// The value of a cookie, as it was set.
#[must_use]
pub fn cookie_value<'a>(headers: &'a HeaderMap, name: &str, secure: bool) -> Option<&'a str> {
    let prefix = if secure { PREFIX } else { "" };
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .find_map(|pair| {
            let pair = pair.trim().strip_prefix(prefix)?;
            pair.strip_prefix(name)?.strip_prefix('=')
        })
}

/// Whether a `Set-Cookie` value is of this cookie.
#[must_use]
pub fn sets(value: &[u8], name: &str) -> bool {
    let value = value.strip_prefix(PREFIX.as_bytes()).unwrap_or(value);
    value
        .strip_prefix(name.as_bytes())
        .is_some_and(|rest| rest.starts_with(b"="))
}

/// As long as somebody may look at a page before choosing.
const VIEW_SECONDS: u64 = 24 * 60 * 60;

/// A `Set-Cookie` value for a new view.
#[must_use]
pub fn view_cookie(name: &str, secure: bool) -> String {
    cookie(VIEW, name, VIEW_SECONDS, secure)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn sent(cookies: &[&'static str]) -> HeaderMap {
        cookies
            .iter()
            .map(|cookie| (COOKIE, HeaderValue::from_static(cookie)))
            .collect()
    }

    #[test]
    fn cookies_are_told_apart() {
        let headers = sent(&["xbilten_locale=fr; bilten_locale=ar", "bilten_theme=dark"]);
        assert_eq!(cookie_value(&headers, LOCALE, false), Some("ar"));
        assert_eq!(cookie_value(&headers, THEME, false), Some("dark"));
        assert_eq!(cookie_value(&headers, "bilten", false), None);
    }

    #[test]
    fn a_neighbours_cookie_counts_for_nothing_under_https() {
        let headers = sent(&["bilten_theme=theirs; __Host-bilten_view=ours"]);
        assert_eq!(cookie_value(&headers, THEME, true), None);
        assert_eq!(cookie_value(&headers, VIEW, true), Some("ours"));
        assert_eq!(
            cookie(THEME, "7", 60, true),
            "__Host-bilten_theme=7; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"
        );
        for secure in [true, false] {
            assert!(sets(view_cookie("v", secure).as_bytes(), VIEW));
            assert!(!sets(cookie(THEME, "7", 60, secure).as_bytes(), VIEW));
        }
    }
}
