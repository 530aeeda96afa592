//! How much one request may send. What fits is read completely before a handler runs, so that a slow sender keeps no
//! handler and no transaction waiting.

use app_api::{ApiError, ErrorKind, RequestInfo};
use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{StatusCode, header::CONTENT_LENGTH},
    response::Response,
};
use tokio::sync::{Semaphore, SemaphorePermit};

use services::files;

use crate::fault;

/// What buyers, scanners and whoever signs in send: far less than this.
const STRANGERS_BYTES: usize = 128 * 1024;
/// Forms and JSON of signed-in people.
const FORM_BYTES: usize = 1024 * 1024;
/// What a multipart envelope adds to a file.
const ENVELOPE_BYTES: usize = 64 * 1024;
/// Where files are sent to.
const UPLOADS: [&str; 2] = ["/organize/upload/", "/admin/upload/"];

/// Files are in memory as a whole: the next one waits. Slow senders keep a place no longer than a request may take.
static UPLOADS_AT_ONCE: Semaphore = Semaphore::const_new(16);

/// Among the large bodies; small ones need none.
pub type Place = Option<SemaphorePermit<'static>>;

/// The request with its whole body. Needs to know who asks.
pub async fn read(request: Request) -> Result<(Request, Place), Box<Response>> {
    let known = request
        .extensions()
        .get::<RequestInfo>()
        .is_some_and(|info| info.session.is_some());
    let path = request.uri().path();
    let upload = UPLOADS.iter().any(|folder| path.starts_with(folder));
    let limit = match (known, upload) {
        (false, true) => return Err(Box::new(fault::refuse(ApiError::unauthenticated()))),
        (false, false) => STRANGERS_BYTES,
        (true, false) => FORM_BYTES,
        (true, true) => files::MAX_BYTES + ENVELOPE_BYTES,
    };
    let announced = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let place = if upload {
        // It is never closed.
        UPLOADS_AT_ONCE.acquire().await.ok()
    } else {
        None
    };
    let (parts, body) = request.into_parts();
    match to_bytes(body, limit).await {
        Ok(bytes) => Ok((Request::from_parts(parts, Body::from(bytes)), place)),
        Err(_) => Err(too_large()),
    }
}

fn too_large() -> Box<Response> {
    Box::new(fault::answer(
        StatusCode::PAYLOAD_TOO_LARGE,
        ApiError::new(ErrorKind::Invalid, "payload_too_large"),
    ))
}
