//! The browser's side of a question. Nothing here knows what is asked, so that it exists once.

use std::pin::Pin;

use leptos::{
    prelude::*,
    server_fn::{
        client::{Client, browser::BrowserClient},
        redirect::call_redirect_hook,
        request::{ClientReq, browser::BrowserRequest},
        response::{ClientRes, browser::BrowserResponse},
    },
};
use serde::Serialize;

use super::{Answer, Awaited};
use crate::{ApiError, ErrorKind};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// The question as it is written into an address.
pub(super) fn written(question: &impl Serialize) -> String {
    serde_qs::to_string(question).unwrap_or_default()
}

pub(super) fn awaited(
    path: &'static str,
    question: Box<dyn Fn() -> String + Send + Sync>,
) -> Awaited {
    Resource::new_str_blocking(
        question,
        move |question| -> Pin<Box<dyn Future<Output = Answer> + Send>> {
            Box::pin(answer(path, question))
        },
    )
}

pub(super) async fn answer(path: &str, question: String) -> Answer {
    match text(path, &question).await {
        Ok(text) => Answer::written(text),
        Err(error) => Answer::refused(error),
    }
}

async fn text(path: &str, question: &str) -> Result<String, ApiError> {
    let request = <BrowserRequest as ClientReq<ApiError>>::try_new_get(path, FORM, JSON, question)?;
    let response: BrowserResponse = <BrowserClient as Client<ApiError>>::send(request).await?;
    let status = ClientRes::<ApiError>::status(&response);
    let elsewhere = ClientRes::<ApiError>::has_redirect(&response)
        .then(|| ClientRes::<ApiError>::location(&response));
    let text = ClientRes::<ApiError>::try_into_string(response).await?;
    if (200..300).contains(&status) {
        // Such as the page that asks first who one is.
        if let Some(elsewhere) = elsewhere {
            call_redirect_hook(&elsewhere);
        }
        return Ok(text);
    }
    // A proxy in between answers in words of its own.
    Err(text
        .parse()
        .unwrap_or_else(|_| ApiError::new(ErrorKind::Internal, "internal")))
}
