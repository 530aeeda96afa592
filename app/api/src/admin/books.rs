//! Our books held against the payment provider's own.

use domain::{
    books::{CaseKind, CaseState},
    money::Money,
};
use jiff::civil::DateTime;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use super::Listing;
use crate::ApiError;

/// How the books stand to each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingView {
    pub provider: String,
    /// There is a book to compare with.
    pub keeps_book: bool,
    pub last: Option<ComparisonView>,
    pub under_way: bool,
    pub open: u64,
}

/// Times are those of UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparisonView {
    pub ended: DateTime,
    pub ours: u64,
    pub theirs: u64,
    /// Why it came to nothing; empty: it did not.
    pub error: String,
}

/// What one of the two books says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SideView {
    pub name: String,
    pub what: String,
    pub amount: Money,
    pub at: Option<DateTime>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseView {
    pub id: String,
    pub kind: CaseKind,
    pub subject: String,
    pub organization: Option<String>,
    pub order: Option<String>,
    pub ours: Option<SideView>,
    pub theirs: Option<SideView>,
    pub state: CaseState,
    pub first_seen: DateTime,
    pub last_seen: DateTime,
    pub solved: Option<DateTime>,
    pub times: u64,
    pub note: String,
    pub explained_by: Option<String>,
    pub explained: Option<DateTime>,
}

#[server(input = GetUrl)]
pub async fn admin_books() -> Result<StandingView, ApiError> {
    let (ctx, permit) = super::server::permit()?;
    let found = services::books::standing(&ctx.services, &permit).await?;
    Ok(server::standing(found))
}

/// One page of cases, the latest first; without a state all of them.
#[server(input = GetUrl)]
pub async fn admin_cases(
    #[server(default)] state: String,
    #[server(default)] after: Option<String>,
) -> Result<Listing<CaseView>, ApiError> {
    let (ctx, permit) = super::server::permit()?;
    let which = services::books::Cases {
        state: state.parse().ok(),
        after,
        size: super::server::PAGE,
    };
    let page = services::books::cases(&ctx.services, &permit, &which).await?;
    Ok(super::server::listing(page, server::case))
}

#[server(input = GetUrl)]
pub async fn admin_case(id: String) -> Result<CaseView, ApiError> {
    let (ctx, permit) = super::server::permit()?;
    let id = super::server::parse(&id)?;
    let found = services::books::case(&ctx.services, &permit, id).await?;
    found.map(server::case).ok_or_else(ApiError::not_found)
}

/// Compares as soon as a worker is free.
#[server]
pub async fn compare_books() -> Result<(), ApiError> {
    let (ctx, permit) = super::server::permit()?;
    services::books::ask(&ctx.services, &permit).await?;
    crate::context::redirect("/admin/finance/cases?done=compare");
    Ok(())
}

/// Says why a difference is as it is.
#[server]
pub async fn explain_case(case: String, #[server(default)] note: String) -> Result<(), ApiError> {
    let (ctx, permit) = super::server::permit()?;
    let cmd = services::books::ExplainCase {
        case: super::server::parse(&case)?,
        note,
    };
    services::books::explain(&ctx.services, &permit, &cmd).await?;
    crate::context::redirect(&format!("/admin/finance/cases/{}?done=explain", cmd.case));
    Ok(())
}

#[cfg(feature = "ssr")]
mod server {
    use services::books::{Case, Comparison, ExplainCaseError, Side, Standing};

    use super::{CaseView, ComparisonView, SideView, StandingView};
    use crate::{
        ApiError,
        admin::server::{count, utc},
    };

    pub(super) fn standing(found: Standing) -> StandingView {
        let comparison = |one: Comparison| ComparisonView {
            ended: utc(one.ended_at.unwrap_or(one.asked_at)),
            ours: count(one.ours),
            theirs: count(one.theirs),
            error: one.error,
        };
        StandingView {
            provider: found.provider.to_owned(),
            keeps_book: found.keeps_book,
            last: found.last.map(comparison),
            under_way: found.under_way,
            open: count(found.open),
        }
    }

    fn side(side: Side) -> SideView {
        SideView {
            amount: side.amount(),
            at: side.at.map(utc),
            name: side.name,
            what: side.what,
        }
    }

    pub(super) fn case(case: Case) -> CaseView {
        CaseView {
            id: case.id.to_string(),
            kind: case.kind,
            subject: case.subject,
            organization: case.organization,
            order: case.order_code,
            ours: case.ours.map(side),
            theirs: case.theirs.map(side),
            state: case.state,
            first_seen: utc(case.first_seen_at),
            last_seen: utc(case.last_seen_at),
            solved: case.solved_at.map(utc),
            times: count(i64::from(case.times)),
            note: case.note,
            explained_by: case.explained_by,
            explained: case.explained_at.map(utc),
        }
    }

    impl From<ExplainCaseError> for ApiError {
        fn from(e: ExplainCaseError) -> Self {
            match e {
                ExplainCaseError::NotFound => Self::not_found(),
                ExplainCaseError::Case(e) => Self::conflict(e.code()),
                ExplainCaseError::Fields(fields) => fields.into(),
                ExplainCaseError::Unexpected(e) => e.into(),
            }
        }
    }
}
