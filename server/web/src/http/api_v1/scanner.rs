//! What scanners ask: pairing, the list of tickets, and taking over what they decided.
//!
//! The types on the wire are those of `domain::door`. A refusal is `{"code", "message"}`; programs go by the code.

use axum::{
    Json,
    extract::{
        FromRequestParts, Query, State,
        rejection::{JsonRejection, QueryRejection},
    },
    http::{
        HeaderMap, StatusCode,
        header::{ACCEPT, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use domain::{
    checkin::pack_behind,
    door::{Door, Health, PACKED, PairRequest, Paired, RosterPage, ScanAnswers, ScanBatch},
};
use locales::{Locale, scanner::errors};
use serde::{Deserialize, Serialize};
use services::{
    Unexpected,
    checkin::{self, Device, DeviceRefused, PairRefused, RecordRefused, RosterRefused},
};

use crate::AppState;

/// `POST /api/v1/scanner/pair`: a token from the organizer's door page becomes a device.
#[utoipa::path(
    post,
    path = "/api/v1/scanner/pair",
    operation_id = "pair",
    summary = "Pair a device",
    description = "The token stands in the link on the organizer's door page, behind `#pair=`. It works once, within 15 minutes.",
    request_body = PairRequest,
    responses(
        (status = 200, description = "The device's own token, and where it stands.", body = Paired),
        (status = 404, description = "`pairing_unknown`", body = RefusalBody),
        (status = 410, description = "`pairing_used`, `pairing_expired`", body = RefusalBody),
        (status = 422, description = "`device_name_invalid`, `bad_request`", body = RefusalBody),
        (status = 500, description = "`internal`", body = RefusalBody),
        (status = 503, description = "`busy`: once more in a few seconds", body = RefusalBody),
    ),
)]
pub async fn pair(
    State(state): State<AppState>,
    request: Result<Json<PairRequest>, JsonRejection>,
) -> Result<Answer<Paired>, Refusal> {
    let Json(request) = request?;
    Ok(Answer(checkin::pair(&state.services, request).await?))
}

/// `GET /api/v1/scanner/event`: where the device stands.
#[utoipa::path(
    get,
    path = "/api/v1/scanner/event",
    operation_id = "event",
    summary = "Where the device stands",
    responses(
        (status = 200, description = "The event, its door, and the server's clock.", body = Door),
        (status = 401, description = "`token_missing`, `device_unknown`, `device_revoked`: forget everything", body = RefusalBody),
        (status = 500, description = "`internal`", body = RefusalBody),
        (status = 503, description = "`busy`: once more in a few seconds", body = RefusalBody),
    ),
    security(("device" = [])),
)]
pub async fn event(
    State(state): State<AppState>,
    OfDevice(device): OfDevice,
) -> Result<Answer<Door>, Refusal> {
    Ok(Answer(checkin::door(&state.services, &device).await?))
}

#[derive(Deserialize)]
pub struct Position {
    /// From the last page; empty for the whole list.
    #[serde(default)]
    cursor: String,
    battery: Option<String>,
    version: Option<String>,
    pending: Option<String>,
}

/// `GET /api/v1/scanner/roster?cursor=`: the list in pages, then what changed. The device says how it is doing.
#[utoipa::path(
    get,
    path = "/api/v1/scanner/roster",
    operation_id = "roster",
    summary = "The list of tickets",
    description = "Without a cursor the list begins anew. While `more` is true the next page is waiting; later the same cursor gives what has changed since. An entry replaces the one known under its ticket.",
    params(
        ("cursor" = Option<String>, Query, description = "From the last page; empty for the whole list"),
        ("battery" = Option<u8>, Query, description = "Percent; for the people who run the door"),
        ("version" = Option<String>, Query, description = "Which build the device runs"),
        ("pending" = Option<u32>, Query, description = "Lines of the log that wait on the device"),
    ),
    responses(
        (status = 200, description = "A page of the list, with the keys that codes are checked with.", body = RosterPage),
        (status = 401, description = "`token_missing`, `device_unknown`, `device_revoked`: forget everything", body = RefusalBody),
        (status = 403, description = "`lease_over`: the event is over", body = RefusalBody),
        (status = 422, description = "`cursor_unknown`: begin again without one", body = RefusalBody),
        (status = 500, description = "`internal`", body = RefusalBody),
        (status = 503, description = "`busy`: once more in a few seconds", body = RefusalBody),
    ),
    security(("device" = [])),
)]
pub async fn roster(
    State(state): State<AppState>,
    OfDevice(device): OfDevice,
    headers: HeaderMap,
    position: Result<Query<Position>, QueryRejection>,
) -> Result<Response, Refusal> {
    let Query(position) = position?;
    let health = Health {
        // What a device says of itself badly is left out; its list is worth more.
        battery: position.battery.and_then(|percent| percent.parse().ok()),
        version: position.version,
        pending: position.pending.and_then(|pending| pending.parse().ok()),
    };
    let page = checkin::roster(&state.services, &device, &position.cursor, health).await?;
    if headers.get(ACCEPT).is_some_and(|kind| kind == PACKED) {
        packed(page)
    } else {
        Ok(Answer(page).into_response())
    }
}

/// The same for Bilten's own scanner, in a tenth of the bytes. Between builds that know the same form, so no description
/// names it.
fn packed(page: RosterPage) -> Result<Response, Refusal> {
    let (head, entries) = page.split();
    let head = serde_json::to_vec(&head).map_err(|e| Unexpected::new("page of the list", e))?;
    let body = pack_behind(&head, entries.iter());
    let kept = [(CACHE_CONTROL, "no-store"), (CONTENT_TYPE, PACKED)];
    Ok((kept, body).into_response())
}

/// `POST /api/v1/scanner/scans`: lines of the device's log, oldest first. Sending them again is fine.
#[utoipa::path(
    post,
    path = "/api/v1/scanner/scans",
    operation_id = "scans",
    summary = "Tell what was decided",
    description = "Lines of the device's log, oldest first, at most 100. A line is known by its `id`: sending it again changes nothing and is answered with `duplicate`.",
    request_body = ScanBatch,
    responses(
        (status = 200, description = "One answer for each line, in their order.", body = ScanAnswers),
        (status = 401, description = "`token_missing`, `device_unknown`, `device_revoked`: forget everything", body = RefusalBody),
        (status = 413, description = "`too_many_scans`, `payload_too_large`: more than 128 KiB", body = RefusalBody),
        (status = 422, description = "`bad_request`", body = RefusalBody),
        (status = 500, description = "`internal`", body = RefusalBody),
        (status = 503, description = "`busy`: once more in a few seconds", body = RefusalBody),
    ),
    security(("device" = [])),
)]
pub async fn scans(
    State(state): State<AppState>,
    Reporting(device): Reporting,
    batch: Result<Json<ScanBatch>, JsonRejection>,
) -> Result<Answer<ScanAnswers>, Refusal> {
    // The scanner goes on without a line nobody can read, so somebody has to hear of it.
    let batch = batch.inspect_err(|fault| {
        tracing::warn!(device = %device.id(), error = %fault.body_text(), "lines of a scanner cannot be taken");
    });
    let Json(batch) = batch?;
    Ok(Answer(
        checkin::record_scans(&state.services, &device, batch).await?,
    ))
}

/// The device whose token came with the request.
pub struct OfDevice(Device);

impl FromRequestParts<AppState> for OfDevice {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let token = token(parts)?;
        Ok(Self(
            checkin::device_by_token(&state.services, token).await?,
        ))
    }
}

/// The same, where whoever takes the lines asks whether it was shut out.
pub struct Reporting(Device);

impl FromRequestParts<AppState> for Reporting {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let token = token(parts)?;
        Ok(Self(checkin::reporter(&state.services, token).await?))
    }
}

fn token(parts: &Parts) -> Result<&str, Refusal> {
    parts
        .headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
        .map(str::trim)
        .ok_or(Refusal::new(StatusCode::UNAUTHORIZED, "token_missing"))
}

/// Names and times of guests: nothing between here and the device may keep it.
pub struct Answer<T>(T);

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        ([(CACHE_CONTROL, "no-store")], Json(self.0)).into_response()
    }
}

/// Why not.
#[derive(Debug, Clone, Copy)]
pub struct Refusal {
    status: StatusCode,
    code: &'static str,
}

/// A refusal. Programs go by the code; the message is for whoever reads a log.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Refusal)]
pub struct RefusalBody {
    /// Stable.
    code: &'static str,
    #[schema(required = false)]
    message: &'static str,
}

impl Refusal {
    const fn new(status: StatusCode, code: &'static str) -> Self {
        Self { status, code }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let message = errors::lookup(Locale::En, self.code).unwrap_or_default();
        (
            self.status,
            Json(RefusalBody {
                code: self.code,
                message,
            }),
        )
            .into_response()
    }
}

impl From<JsonRejection> for Refusal {
    fn from(_: JsonRejection) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_request")
    }
}

impl From<QueryRejection> for Refusal {
    fn from(_: QueryRejection) -> Self {
        RosterRefused::BadCursor.into()
    }
}

impl From<Unexpected> for Refusal {
    fn from(error: Unexpected) -> Self {
        if error.retry_after.is_some() {
            tracing::warn!(error = %error, "too busy for a scanner");
            return Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy");
        }
        tracing::error!(error = %error, "a scanner's request failed unexpectedly");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal")
    }
}

impl From<DeviceRefused> for Refusal {
    fn from(refused: DeviceRefused) -> Self {
        match refused {
            DeviceRefused::Unknown => Self::new(StatusCode::UNAUTHORIZED, "device_unknown"),
            DeviceRefused::Revoked => Self::new(StatusCode::UNAUTHORIZED, "device_revoked"),
            DeviceRefused::Unexpected(error) => error.into(),
        }
    }
}

impl From<PairRefused> for Refusal {
    fn from(refused: PairRefused) -> Self {
        match refused {
            PairRefused::Unknown => Self::new(StatusCode::NOT_FOUND, "pairing_unknown"),
            PairRefused::Used => Self::new(StatusCode::GONE, "pairing_used"),
            PairRefused::Expired => Self::new(StatusCode::GONE, "pairing_expired"),
            PairRefused::Invalid(_) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "device_name_invalid")
            }
            PairRefused::Unexpected(error) => error.into(),
        }
    }
}

impl From<RosterRefused> for Refusal {
    fn from(refused: RosterRefused) -> Self {
        match refused {
            RosterRefused::BadCursor => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "cursor_unknown")
            }
            RosterRefused::LeaseOver => Self::new(StatusCode::FORBIDDEN, "lease_over"),
            RosterRefused::Unexpected(error) => error.into(),
        }
    }
}

impl From<RecordRefused> for Refusal {
    fn from(refused: RecordRefused) -> Self {
        match refused {
            RecordRefused::ShutOut => DeviceRefused::Revoked.into(),
            RecordRefused::TooMany => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_many_scans"),
            RecordRefused::Unexpected(error) => error.into(),
        }
    }
}
