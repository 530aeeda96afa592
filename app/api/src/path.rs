//! Addresses that came from outside and are about to be used as a target.

/// `next` if it is a plain path of this site, to be used in a redirect; otherwise `None`.
///
/// Refused: other origins in every spelling browsers know (`//host`, `/\host`, schemes), control characters, anything
/// that is not visible ASCII (a browser percent-encodes the rest), and the addresses of server functions.
#[must_use]
pub fn local_path(next: &str) -> Option<&str> {
    let plain = next.len() <= 2000
        && next.starts_with('/')
        && !next.starts_with("//")
        && next
            .bytes()
            .all(|b| (0x21..=0x7e).contains(&b) && b != b'\\')
        && !next.starts_with("/api/")
        && !has_dot_segments(next);
    plain.then_some(next)
}

/// `/..//host` is folded to `//host` by some readers of a `Location`.
fn has_dot_segments(path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    path.contains("//") || path.split('/').any(|part| matches!(part, "." | ".."))
}

/// The same page with what it should go on to, if that is a plain path.
#[must_use]
pub fn with_next(path: &str, next: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_' | b'.');
    if next.is_empty() || !next.bytes().all(plain) {
        path.to_owned()
    } else {
        format!("{path}?next={next}")
    }
}

/// The path and query of `referer` if it lies on `origin` (scheme, host and port).
#[must_use]
pub fn path_of_referer<'a>(referer: &'a str, origin: &str) -> Option<&'a str> {
    let rest = referer.strip_prefix(origin.trim_end_matches('/'))?;
    if rest.is_empty() {
        Some("/")
    } else {
        local_path(rest.split('#').next().unwrap_or(rest))
    }
}

/// The address of an event. A promo code, as typed, is taken along; what cannot be one is not.
#[must_use]
pub fn event(slug: &str, code: &str) -> String {
    with_code(&format!("/e/{slug}"), code)
}

/// The address of an event's waiting room, or of a place in it. A promo code, as typed, is taken along; what cannot be one is not.
#[must_use]
pub fn waiting(slug: &str, place: Option<&str>, code: &str) -> String {
    let path = match place {
        Some(place) => format!("/e/{slug}/waiting/{place}"),
        None => format!("/e/{slug}/waiting"),
    };
    with_code(&path, code)
}

fn with_code(path: &str, code: &str) -> String {
    let code = domain::promo::fold(code);
    with_query(path, crate::checkout::CODE, code.as_deref())
}

/// `path` with `key=value` in its query, in place of an earlier value of that key. Without a value the key is removed.
/// Key and value must need no escaping.
#[must_use]
pub fn with_query(path: &str, key: &str, value: Option<&str>) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let kept = query
        .split('&')
        .filter(|pair| !pair.is_empty() && pair.split('=').next() != Some(key));
    let mut pairs: Vec<String> = kept.map(str::to_owned).collect();
    if let Some(value) = value {
        pairs.push(format!("{key}={value}"));
    }
    if pairs.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", pairs.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_pass() {
        for good in [
            "/",
            "/events?q=a%20b&city=x",
            "/e/summer-night#tickets",
            "/organize/a/events",
        ] {
            assert_eq!(local_path(good), Some(good));
        }
        for bad in [
            "",
            "events",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/a\r\nb",
            "/a b",
            "/\u{e9}",
            "/api/app_api/x",
            "/..//evil.example",
            "/a/../b",
            "/.",
            "/a//b",
            "/\tb",
        ] {
            assert_eq!(local_path(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn referers_of_other_sites_are_dropped() {
        let origin = "http://localhost:3000";
        assert_eq!(
            path_of_referer("http://localhost:3000/a?b=c#d", origin),
            Some("/a?b=c")
        );
        assert_eq!(path_of_referer("http://localhost:3000", origin), Some("/"));
        assert_eq!(path_of_referer("http://localhost:30001/a", origin), None);
        assert_eq!(
            path_of_referer("http://localhost:3000.evil.example/", origin),
            None
        );
    }

    #[test]
    fn a_code_goes_along_while_one_waits() {
        assert_eq!(waiting("a", None, ""), "/e/a/waiting");
        assert_eq!(
            waiting("a", Some("7-x"), " early-10 "),
            "/e/a/waiting/7-x?code=EARLY10"
        );
        assert_eq!(waiting("a", Some("7-x"), "a&place=8"), "/e/a/waiting/7-x");
    }

    #[test]
    fn one_key_of_a_query_changes() {
        assert_eq!(with_query("/a", "form", Some("1")), "/a?form=1");
        assert_eq!(
            with_query("/a?form=1&b=2", "form", Some("3")),
            "/a?b=2&form=3"
        );
        assert_eq!(with_query("/a?form=1", "form", None), "/a");
    }
}
