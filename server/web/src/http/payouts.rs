//! An organization's payouts, to be taken away.

use app_api::RequestInfo;
use axum::{
    Extension,
    extract::{Path, State},
    response::Response,
};
use services::payouts;

use super::downloads::{book, file_name, finances, sheet, taken, whole};
use crate::AppState;

/// All of them, as CSV.
pub async fn payouts_sheet(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Path(organization): Path<String>,
) -> Response {
    let file = async {
        let permit = finances(&state, &info, &organization).await?;
        let found = payouts::payouts_sheet(&state.services, &permit).await?;
        Ok(sheet(&file_name("payouts", &organization), whole(found)))
    };
    taken(file.await, &page(&organization))
}

/// The same as a workbook.
pub async fn payouts_book(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Path(organization): Path<String>,
) -> Response {
    let file = async {
        let permit = finances(&state, &info, &organization).await?;
        let found = payouts::payouts_book(&state.services, &permit).await?;
        Ok(book(&file_name("payouts", &organization), found))
    };
    taken(file.await, &page(&organization))
}

fn page(organization: &str) -> String {
    format!("/organize/{organization}/money/payouts")
}
