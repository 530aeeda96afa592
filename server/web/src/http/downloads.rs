//! Files people take away.

use app_api::{ApiError, RequestInfo, context::PROOF_NEEDED, finance::Asked, path};
use axum::{
    Extension, Json,
    body::Body,
    extract::{Path, Query, RawQuery, State},
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS},
    response::{IntoResponse, Redirect, Response},
};
use futures::{Stream, StreamExt};
use services::{
    Unexpected, audit, events,
    ledger::{self, Report},
    orders, organizers, payouts,
    permit::{
        self, ExportAttendees, ExportAudit, ManagePromoCodes, Permit, ViewFinances, ViewOrders,
    },
    privacy, promo,
    session::Session,
};

use crate::{AppState, fault};

/// Who comes to an event, as CSV, sent while it is read.
pub async fn attendees(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Path((organization, event)): Path<(String, String)>,
) -> Response {
    let file = file(&state, &info, &organization, &event).await;
    taken(
        file,
        &format!("/organize/{organization}/events/{event}/attendees"),
    )
}

/// What was done in an organization, as CSV, sent while it is read.
pub async fn audit(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Path(organization): Path<String>,
) -> Response {
    let file = record(&state, &info, &organization).await;
    taken(file, &format!("/organize/{organization}/audit"))
}

/// What is looked for in the record of everything.
#[derive(serde::Deserialize)]
pub struct Record {
    #[serde(default)]
    action: String,
    #[serde(default)]
    q: String,
}

/// What was done anywhere, as CSV, sent while it is read.
pub async fn platform_audit(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Query(asked): Query<Record>,
    RawQuery(query): RawQuery,
) -> Response {
    let file = || {
        let (sv, session) = (&state.services, signed_in(&info)?);
        let permit = permit::platform(session)?;
        permit::fresh(sv, session)?;
        let filter = audit::AuditFilter {
            action: asked.action,
            text: asked.q,
            ..Default::default()
        };
        let name = file_name("audit", "platform");
        Ok(sheet(&name, audit::export_all(sv, &permit, filter)))
    };
    taken(file(), &at("/admin/audit", query))
}

/// Everything about the person who asks, as JSON.
pub async fn account(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
) -> Response {
    taken(own_data(&state, &info).await, "/account/privacy")
}

async fn own_data(state: &AppState, info: &RequestInfo) -> Result<Response, ApiError> {
    let (sv, session) = (&state.services, signed_in(info)?);
    permit::fresh(sv, session)?;
    let everything = privacy::export_account(sv, session).await?;
    let headers = [
        (
            CONTENT_DISPOSITION,
            "attachment; filename=\"bilten-account.json\"",
        ),
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, Json(everything)).into_response())
}

async fn record(
    state: &AppState,
    info: &RequestInfo,
    organization: &str,
) -> Result<Response, ApiError> {
    let sv = &state.services;
    let session = signed_in(info)?;
    let member = organizers::by_slug(sv, session, organization).await?;
    let permit: Permit<ExportAudit> =
        permit::for_organization(sv, session, member.organization).await?;
    permit::fresh(sv, session)?;
    let name = file_name("audit", organization);
    Ok(sheet(&name, audit::export(sv, &permit)))
}

async fn file(
    state: &AppState,
    info: &RequestInfo,
    organization: &str,
    slug: &str,
) -> Result<Response, ApiError> {
    let sv = &state.services;
    let session = signed_in(info)?;
    let member = organizers::by_slug(sv, session, organization).await?;
    let permit: Permit<ExportAttendees> =
        permit::for_organization(sv, session, member.organization).await?;
    let event = events::id_by_slug(sv, slug).await?;
    permit::fresh(sv, session)?;
    let pieces = orders::export_attendees(sv, &permit, event, info.locale)
        .await?
        .ok_or_else(ApiError::not_found)?;
    Ok(sheet(&file_name("attendees", slug), pieces))
}

/// What became of each order when all of an event ended, as CSV, sent while it is read.
pub async fn refunds(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Path((organization, event)): Path<(String, String)>,
) -> Response {
    let file = refunds_file(&state, &info, &organization, &event).await;
    taken(
        file,
        &format!("/organize/{organization}/events/{event}/refunds"),
    )
}

async fn refunds_file(
    state: &AppState,
    info: &RequestInfo,
    organization: &str,
    slug: &str,
) -> Result<Response, ApiError> {
    let (sv, session) = (&state.services, signed_in(info)?);
    let member = organizers::by_slug(sv, session, organization).await?;
    let permit: Permit<ViewOrders> =
        permit::for_organization(sv, session, member.organization).await?;
    let event = events::id_by_slug(sv, slug).await?;
    permit::fresh(sv, session)?;
    let pieces = orders::export_run(sv, &permit, event, info.locale)
        .await?
        .ok_or_else(ApiError::not_found)?;
    Ok(sheet(&file_name("refunds", slug), pieces))
}

/// What is asked of a list of codes.
#[derive(serde::Deserialize)]
pub struct Codes {
    #[serde(default)]
    q: String,
    #[serde(default)]
    state: String,
}

/// Promo codes, as CSV, sent while it is read.
pub async fn promo_codes(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Path(organization): Path<String>,
    Query(asked): Query<Codes>,
    RawQuery(query): RawQuery,
) -> Response {
    let file = async {
        let (sv, session) = (&state.services, signed_in(&info)?);
        let member = organizers::by_slug(sv, session, &organization).await?;
        let permit: Permit<ManagePromoCodes> =
            permit::for_organization(sv, session, member.organization).await?;
        permit::fresh(sv, session)?;
        let filter = promo::CodeFilter {
            search: asked.q,
            state: asked.state.parse().ok(),
            after: None,
        };
        let name = file_name("promo-codes", &organization);
        Ok(sheet(
            &name,
            promo::export(sv, &permit, filter, info.locale),
        ))
    };
    let page = format!("/organize/{organization}/promo-codes");
    taken(file.await, &at(&page, query))
}

/// What a payout is made of, as CSV.
pub async fn statement(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Path((organization, number)): Path<(String, i32)>,
) -> Response {
    let file = statement_file(&state, &info, &organization, number).await;
    taken(
        file,
        &format!("/organize/{organization}/money/payouts/{number}"),
    )
}

async fn statement_file(
    state: &AppState,
    info: &RequestInfo,
    organization: &str,
    number: i32,
) -> Result<Response, ApiError> {
    let permit = finances(state, info, organization).await?;
    let found = payouts::statement(&state.services, &permit, number)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let name = file_name("payout", &format!("{organization}-{number}"));
    Ok(sheet(&name, whole(found.sheet()?)))
}

/// An organization's figures, as CSV.
pub async fn report(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Path(organization): Path<String>,
    Query(asked): Query<Asked>,
    RawQuery(query): RawQuery,
) -> Response {
    let file = async {
        let found = figures(&state, &info, &organization, &asked).await?;
        let name = file_name("report", &organization);
        Ok(sheet(&name, whole(ledger::report_sheet(&found)?)))
    };
    let page = format!("/organize/{organization}/money/report");
    taken(file.await, &at(&page, query))
}

/// What promo codes brought in, as CSV.
pub async fn code_report(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Path(organization): Path<String>,
    Query(asked): Query<Asked>,
    RawQuery(query): RawQuery,
) -> Response {
    let file = async {
        let permit = finances(&state, &info, &organization).await?;
        let sv = &state.services;
        let wanted = asked.read(sv.now(), ledger::zone(sv, &permit).await?)?;
        let found = promo::report(sv, &permit, &wanted).await?;
        let name = file_name("promo-report", &organization);
        Ok(sheet(&name, whole(promo::report_sheet(&found)?)))
    };
    let page = format!("/organize/{organization}/money/report/codes");
    taken(file.await, &at(&page, query))
}

/// The same as a workbook.
pub async fn report_book(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Path(organization): Path<String>,
    Query(asked): Query<Asked>,
    RawQuery(query): RawQuery,
) -> Response {
    let file = async {
        let found = figures(&state, &info, &organization, &asked).await?;
        let name = file_name("report", &organization);
        Ok(book(&name, ledger::report_book(&found)?))
    };
    let page = format!("/organize/{organization}/money/report");
    taken(file.await, &at(&page, query))
}

async fn figures(
    state: &AppState,
    info: &RequestInfo,
    organization: &str,
    asked: &Asked,
) -> Result<Report, ApiError> {
    let permit = finances(state, info, organization).await?;
    let sv = &state.services;
    let zone = ledger::zone(sv, &permit).await?;
    let wanted = asked.read(sv.now(), zone)?;
    Ok(ledger::report(sv, &permit, &wanted).await?)
}

/// The figures of the whole platform, as CSV.
pub async fn platform_report(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Query(asked): Query<Asked>,
    RawQuery(query): RawQuery,
) -> Response {
    let file = async {
        let found = platform_figures(&state, &info, &asked).await?;
        let name = file_name("report", "platform");
        Ok(sheet(&name, whole(ledger::report_sheet(&found)?)))
    };
    taken(file.await, &at("/admin/finance", query))
}

/// The same as a workbook.
pub async fn platform_report_book(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Query(asked): Query<Asked>,
    RawQuery(query): RawQuery,
) -> Response {
    let file = async {
        let found = platform_figures(&state, &info, &asked).await?;
        let name = file_name("report", "platform");
        Ok(book(&name, ledger::report_book(&found)?))
    };
    taken(file.await, &at("/admin/finance", query))
}

async fn platform_figures(
    state: &AppState,
    info: &RequestInfo,
    asked: &Asked,
) -> Result<Report, ApiError> {
    let sv = &state.services;
    let session = signed_in(info)?;
    let permit = permit::platform(session)?;
    permit::fresh(sv, session)?;
    let wanted = asked.read(sv.now(), "UTC".to_owned())?;
    Ok(ledger::platform_report(sv, &permit, &wanted).await?)
}

/// A workbook; `name` is that of the CSV beside it.
pub(super) fn book(name: &str, bytes: Vec<u8>) -> Response {
    let name = name.replace(".csv", ".xlsx");
    let headers = [
        (
            CONTENT_TYPE,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned(),
        ),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
        (CACHE_CONTROL, "no-store".to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, bytes).into_response()
}

/// Whoever may see the figures may take them away.
pub(super) async fn finances(
    state: &AppState,
    info: &RequestInfo,
    organization: &str,
) -> Result<Permit<ViewFinances>, ApiError> {
    let (sv, session) = (&state.services, signed_in(info)?);
    let member = organizers::by_slug(sv, session, organization).await?;
    let permit = permit::for_organization(sv, session, member.organization).await?;
    permit::fresh(sv, session)?;
    Ok(permit)
}

pub(super) fn whole(bytes: Vec<u8>) -> impl Stream<Item = Result<Vec<u8>, Unexpected>> {
    futures::stream::iter([Ok(bytes)])
}

pub(super) fn signed_in(info: &RequestInfo) -> Result<&Session, ApiError> {
    info.session.as_ref().ok_or_else(ApiError::unauthenticated)
}

/// The file, or why not. Where somebody has to show first who they are, that page leads `back` to the page of the button.
pub(super) fn taken(file: Result<Response, ApiError>, back: &str) -> Response {
    match file {
        Err(error) if error.code == PROOF_NEEDED => {
            Redirect::to(&path::with_next("/sign-in/again", back)).into_response()
        }
        file => file.unwrap_or_else(fault::refuse),
    }
}

/// A page with what was chosen on it.
fn at(page: &str, query: Option<String>) -> String {
    query.map_or_else(|| page.to_owned(), |query| format!("{page}?{query}"))
}

/// A file that is sent while it is read.
pub(super) fn sheet<E>(
    name: &str,
    pieces: impl Stream<Item = Result<Vec<u8>, E>> + Send + 'static,
) -> Response
where
    E: std::error::Error + Send + Sync + 'static,
{
    let pieces = pieces.inspect(|piece| {
        if let Err(error) = piece {
            // The answer has begun: all that is left is to break it off, which the browser notices.
            tracing::error!(%error, "a file broke off");
        }
    });
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
        (CACHE_CONTROL, "no-store".to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, Body::from_stream(pieces)).into_response()
}

/// A slug comes from an address; only what a file name and a header may hold stays of it.
pub(super) fn file_name(what: &str, slug: &str) -> String {
    let plain: String = slug
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .take(80)
        .collect();
    format!("{what}-{plain}.csv")
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn a_file_name_cannot_leave_its_header() {
        assert_eq!(
            file_name("attendees", "summer-night-2"),
            "attendees-summer-night-2.csv"
        );
        assert_eq!(
            file_name("attendees", "a\"; x=\r\ny/../z"),
            "attendees-axyz.csv"
        );
    }
}
