//! The sign zero: no word has it, and the database can neither keep nor look for it. Addresses with it are refused; in forms
//! the sign for what cannot be shown (U+FFFD) stands in its place, as in pages that browsers read, so that nothing that was typed beside
//! it is lost.

use app_api::{ApiError, ErrorKind};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::header::{CONTENT_LENGTH, CONTENT_TYPE},
    response::Response,
};

use crate::fault;

/// The body has been read by then, so looking at it takes no time.
pub async fn check(request: Request) -> Result<Request, Box<Response>> {
    let is_form = request.headers().get(CONTENT_TYPE).is_some_and(|kind| {
        kind.as_bytes()
            .starts_with(b"application/x-www-form-urlencoded")
    });
    if address_has_zero(&request.uri().to_string()) {
        return Err(refused());
    }
    if !is_form {
        return Ok(request);
    }
    let (mut parts, body) = request.into_parts();
    let mut bytes = to_bytes(body, usize::MAX).await.map_err(|_| refused())?;
    // Browsers write other signs with percents; what comes raw is no text, and no function can read it.
    if std::str::from_utf8(&bytes).is_err() {
        return Err(refused());
    }
    if has_zero(&bytes) {
        bytes = without_zeros(&bytes);
        parts.headers.insert(CONTENT_LENGTH, bytes.len().into());
    }
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

fn without_zeros(form: &[u8]) -> Bytes {
    const INSTEAD: &[u8] = b"%EF%BF%BD";
    let mut out = Vec::with_capacity(form.len());
    let mut rest = form;
    loop {
        rest = match rest {
            [] => return out.into(),
            [0, after @ ..] | [b'%', b'0', b'0', after @ ..] => {
                out.extend_from_slice(INSTEAD);
                after
            }
            [sign, after @ ..] => {
                out.push(*sign);
                after
            }
        };
    }
}

fn has_zero(text: &[u8]) -> bool {
    text.contains(&0) || text.windows(3).any(|signs| signs == b"%00")
}

/// The router reads the signs of an address twice: `%2500` becomes `%00`, and that becomes zero.
fn address_has_zero(address: &str) -> bool {
    let mut read = address.to_owned();
    while read.contains("%25") {
        read = read.replace("%25", "%");
    }
    has_zero(read.as_bytes())
}

fn refused() -> Box<Response> {
    Box::new(fault::refuse(ApiError::new(
        ErrorKind::Invalid,
        "bad_request",
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn checked(
        path: &str,
        kind: &str,
        body: impl AsRef<[u8]> + Send + 'static,
    ) -> Option<String> {
        let request = Request::post(path)
            .header(CONTENT_TYPE, kind)
            .body(Body::from(Bytes::from_owner(body)))
            .unwrap_or_default();
        let request = check(request).await.ok()?;
        let bytes = to_bytes(request.into_body(), usize::MAX).await.ok()?;
        String::from_utf8(bytes.to_vec()).ok()
    }

    #[tokio::test]
    async fn zeros_are_refused_in_addresses() {
        for (path, good) in [
            ("/events?city=a%00", false),
            ("/o/%00", false),
            ("/o/%2500", false),
            ("/events?city=a%252500", false),
            ("/events?city=100%25", true),
            ("/events?city=100%2525&q=%E2%82%AC", true),
        ] {
            assert_eq!(checked(path, "", "").await.is_some(), good, "{path}");
        }
    }

    #[tokio::test]
    async fn zeros_in_forms_are_signs_that_cannot_be_shown() {
        let form = "application/x-www-form-urlencoded";
        let file = "multipart/form-data; boundary=x";
        for (kind, sent, read) in [
            (form, "a=b%00c&d=%0", "a=b%EF%BF%BDc&d=%0"),
            (form, "a=b\0c", "a=b%EF%BF%BDc"),
            (form, "a=b%2500", "a=b%2500"),
            (form, "a=b", "a=b"),
            (file, "a\0b", "a\0b"),
        ] {
            assert_eq!(checked("/x", kind, sent).await.as_deref(), Some(read));
        }
    }

    #[tokio::test]
    async fn forms_that_are_no_text_are_refused_and_break_nothing() {
        let form = "application/x-www-form-urlencoded";
        for sent in [b"a=\xff".as_slice(), b"\x1f\x8b\x08\x00"] {
            assert_eq!(checked("/x", form, sent).await, None);
        }
        assert!(checked("/x", form, "a=\u{644}").await.is_some());
    }
}
