//! Asking the server. Never with cookies: the device's token is all that counts.

use domain::{
    checkin::unpack_behind,
    door::{
        Door, Health, PACKED, PairRequest, Paired, RosterHead, RosterPage, ScanAnswers, ScanBatch,
    },
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, RequestCredentials, RequestInit, Response};

use super::js;

const TIMEOUT_MILLIS: u32 = 15_000;
const JSON: &str = "application/json";
const TOO_LARGE: u16 = 413;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NetError {
    /// No answer, or one that is not ours: worth another try.
    Away,
    /// The server did as it was asked, and says so in a way that this build does not know.
    Garbled,
    /// The server says no, with this code.
    Refused(String),
}

impl NetError {
    /// The server does not want this device any more.
    pub fn is_shut_out(&self) -> bool {
        matches!(self.code(), "device_revoked" | "device_unknown")
    }

    /// The lines were too many, or one of them is none to the server.
    pub fn is_about_lines(&self) -> bool {
        matches!(
            self.code(),
            "bad_request" | "too_many_scans" | "payload_too_large"
        )
    }

    pub fn code(&self) -> &str {
        match self {
            Self::Away | Self::Garbled => "network",
            Self::Refused(code) => code,
        }
    }
}

struct Answer {
    status: u16,
    /// Of which kind it is.
    kind: String,
    bytes: Vec<u8>,
}

#[derive(Deserialize)]
struct Refusal {
    code: String,
}

pub async fn pair(request: &PairRequest) -> Result<Paired, NetError> {
    post("/api/v1/scanner/pair", None, request).await
}

pub async fn roster(token: &str, cursor: &str, health: &Health) -> Result<RosterPage, NetError> {
    // A cursor is made of digits, letters, dots and hyphens, and so is a version: they need no escaping.
    let mut address = format!("/api/v1/scanner/roster?cursor={cursor}");
    let parts = [
        ("pending", health.pending.map(|pending| pending.to_string())),
        ("battery", health.battery.map(|percent| percent.to_string())),
        ("version", health.version.clone()),
    ];
    for (name, value) in parts {
        if let Some(value) = value {
            address.push_str(&format!("&{name}={value}"));
        }
    }
    let page = ask("GET", &address, PACKED, Some(token), None).await?;
    if page.kind != PACKED {
        // From a server that knows another form than this build.
        return from_json(&page.bytes);
    }
    let (head, entries) = unpack_behind(&page.bytes).map_err(|_| NetError::Garbled)?;
    Ok(from_json::<RosterHead>(head)?.with(entries))
}

/// Where the device stands.
pub async fn door(token: &str) -> Result<Door, NetError> {
    let door = ask("GET", "/api/v1/scanner/event", JSON, Some(token), None).await?;
    from_json(&door.bytes)
}

pub async fn scans(token: &str, batch: &ScanBatch) -> Result<ScanAnswers, NetError> {
    post("/api/v1/scanner/scans", Some(token), batch).await
}

async fn post<Q: Serialize, A: DeserializeOwned>(
    address: &str,
    token: Option<&str>,
    body: &Q,
) -> Result<A, NetError> {
    let body = serde_json::to_string(body).map_err(|_| NetError::Away)?;
    from_json(&ask("POST", address, JSON, token, Some(body)).await?.bytes)
}

fn from_json<A: DeserializeOwned>(answer: &[u8]) -> Result<A, NetError> {
    js::parse(answer).ok_or(NetError::Garbled)
}

async fn ask(
    method: &str,
    address: &str,
    kind: &str,
    token: Option<&str>,
    body: Option<String>,
) -> Result<Answer, NetError> {
    let answer = send(method, address, kind, token, body)
        .await
        .ok_or(NetError::Away)?;
    if (200..300).contains(&answer.status) {
        return Ok(answer);
    }
    if answer.status == TOO_LARGE {
        // Whatever stands between us and the server may say so, too, in words of its own.
        return Err(NetError::Refused("payload_too_large".to_owned()));
    }
    let refusal: Refusal = js::parse(&answer.bytes).ok_or(NetError::Away)?;
    match refusal.code.as_str() {
        // Trouble on the other side passes.
        "busy" | "internal" => Err(NetError::Away),
        _ => Err(NetError::Refused(refusal.code)),
    }
}

async fn send(
    method: &str,
    address: &str,
    kind: &str,
    token: Option<&str>,
    body: Option<String>,
) -> Option<Answer> {
    let headers = Headers::new().ok()?;
    headers.set("accept", kind).ok()?;
    if let Some(token) = token {
        headers
            .set("authorization", &format!("Bearer {token}"))
            .ok()?;
    }
    let options = RequestInit::new();
    options.set_method(method);
    options.set_credentials(RequestCredentials::Omit);
    options.set_signal(Some(&AbortSignal::timeout_with_u32(TIMEOUT_MILLIS)));
    if let Some(body) = body {
        headers.set("content-type", JSON).ok()?;
        options.set_body(&body.into());
    }
    options.set_headers(&headers);
    let promise = leptos::prelude::window().fetch_with_str_and_init(address, &options);
    let response: Response = JsFuture::from(promise).await.ok()?.dyn_into().ok()?;
    let answer = JsFuture::from(response.array_buffer().ok()?).await.ok()?;
    Some(Answer {
        status: response.status(),
        kind: response
            .headers()
            .get("content-type")
            .ok()?
            .unwrap_or_default(),
        bytes: js_sys::Uint8Array::new(&answer).to_vec(),
    })
}
