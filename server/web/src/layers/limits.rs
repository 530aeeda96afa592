//! How much one request may send. What fits is read completely before a handler runs, so that a slow sender keeps no
//! handler and no transaction waiting.

use app_api::{ApiError, ErrorKind};
use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{StatusCode, header::CONTENT_LENGTH},
    response::Response,
};

use crate::{AppState, fault};

/// Forms and JSON.
const FORM_BYTES: usize = 1024 * 1024;
/// What a multipart envelope adds to a file.
const ENVELOPE_BYTES: usize = 64 * 1024;
/// Where files are sent to.
const UPLOADS: &str = "/organize/upload/";

pub async fn read(state: &AppState, request: Request) -> Result<Request, Box<Response>> {
    let limit = if request.uri().path().starts_with(UPLOADS) {
        state
            .config
            .files
            .max_image_bytes()
            .saturating_add(ENVELOPE_BYTES)
    } else {
        FORM_BYTES
    };
    let announced = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let (parts, body) = request.into_parts();
    match to_bytes(body, limit).await {
        Ok(bytes) => Ok(Request::from_parts(parts, Body::from(bytes))),
        Err(_) => Err(too_large()),
    }
}

fn too_large() -> Box<Response> {
    Box::new(fault::answer(
        StatusCode::PAYLOAD_TOO_LARGE,
        ApiError::new(ErrorKind::Invalid, "payload_too_large"),
    ))
}
