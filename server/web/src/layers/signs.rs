//! Refuses the sign zero in addresses and forms: no word has it, and the database can neither keep nor look for it.

use app_api::{ApiError, ErrorKind};
use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::header::CONTENT_TYPE,
    response::Response,
};

use crate::fault;

/// The body has been read by then, so looking at it takes no time.
pub async fn check(request: Request) -> Result<Request, Box<Response>> {
    let is_form = request.headers().get(CONTENT_TYPE).is_some_and(|kind| {
        kind.as_bytes()
            .starts_with(b"application/x-www-form-urlencoded")
    });
    if has_zero(request.uri().to_string().as_bytes()) {
        return Err(refused());
    }
    if !is_form {
        return Ok(request);
    }
    let (parts, body) = request.into_parts();
    match to_bytes(body, usize::MAX).await {
        Ok(bytes) if !has_zero(&bytes) => Ok(Request::from_parts(parts, Body::from(bytes))),
        _ => Err(refused()),
    }
}

fn has_zero(text: &[u8]) -> bool {
    text.contains(&0) || text.windows(3).any(|signs| signs == b"%00")
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

    #[tokio::test]
    async fn zeros_are_refused_in_addresses_and_forms() {
        let form = "application/x-www-form-urlencoded";
        for (path, kind, body, good) in [
            ("/events?city=a%00", "", "", false),
            ("/o/%00", "", "", false),
            ("/o/%2500", "", "", true),
            ("/x", form, "event=a%00b", false),
            ("/x", form, "event=a\0b", false),
            ("/x", form, "event=a", true),
            ("/x", "multipart/form-data; boundary=x", "a\0b", true),
        ] {
            let request = Request::post(path).header(CONTENT_TYPE, kind);
            let checked = check(request.body(Body::from(body)).unwrap_or_default()).await;
            assert_eq!(checked.is_ok(), good, "{path} {body:?}");
        }
    }
}
