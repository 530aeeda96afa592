//! A record as a file.

use domain::ids::OrganizationId;
use futures::stream::{self, Stream};

use super::{AuditFilter, AuditRow, list::find};
use crate::{
    Services, Unexpected,
    db::Scope,
    permit::{ExportAudit, Permit, PlatformPermit},
    sheet,
};

const PORTION: usize = 500;

/// Of one organization, whole.
pub fn export(
    sv: &Services,
    permit: &Permit<ExportAudit>,
) -> impl Stream<Item = Result<Vec<u8>, Unexpected>> + Send + use<> {
    let whole = AuditFilter::default();
    file(sv, permit.scope(), Some(permit.organization()), whole)
}

/// Of all organizations and of the platform itself: what `filter` finds.
pub fn export_all(
    sv: &Services,
    permit: &PlatformPermit,
    filter: AuditFilter,
) -> impl Stream<Item = Result<Vec<u8>, Unexpected>> + Send + use<> {
    file(sv, permit.scope(), None, filter)
}

/// The file piece by piece, newest first, headings first; times in UTC. Names of columns and codes of actions are those of
/// the database, since programs read them.
fn file(
    sv: &Services,
    scope: Scope,
    organization: Option<OrganizationId>,
    filter: AuditFilter,
) -> impl Stream<Item = Result<Vec<u8>, Unexpected>> + Send + use<> {
    let sv = sv.clone();
    stream::try_unfold(State::Start, move |state| {
        let (sv, scope, filter) = (sv.clone(), scope.clone(), filter.clone());
        async move { piece(&sv, scope, organization, filter, state).await }
    })
}

enum State {
    Start,
    After(Option<String>),
    End,
}

async fn piece(
    sv: &Services,
    scope: Scope,
    organization: Option<OrganizationId>,
    filter: AuditFilter,
    state: State,
) -> Result<Option<(Vec<u8>, State)>, Unexpected> {
    let cursor = match state {
        State::End => return Ok(None),
        State::Start => {
            let headings = [
                "occurred_at",
                "actor",
                "action",
                "subject_kind",
                "subject",
                "subject_name",
                "reason",
                "before",
                "after",
                "organization",
            ];
            let bytes = sheet::records([headings.map(str::to_owned)])?;
            return Ok(Some((bytes, State::After(None))));
        }
        State::After(cursor) => cursor,
    };
    let filter = AuditFilter { cursor, ..filter };
    let page = find(sv, scope, organization, &filter, PORTION).await?;
    let bytes = sheet::records(page.items.into_iter().map(cells))?;
    let next = page
        .next
        .map_or(State::End, |cursor| State::After(Some(cursor)));
    Ok(Some((bytes, next)))
}

fn cells(row: AuditRow) -> [String; 10] {
    let json = |value: Option<serde_json::Value>| value.map(|value| value.to_string());
    [
        row.at.to_string(),
        row.actor.unwrap_or_default(),
        row.action,
        row.subject_kind,
        row.subject,
        row.subject_name.unwrap_or_default(),
        row.reason,
        json(row.before).unwrap_or_default(),
        json(row.after).unwrap_or_default(),
        row.organization.unwrap_or_default(),
    ]
}
