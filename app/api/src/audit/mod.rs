//! The record of who did what, for those who may read it.

mod words;

use domain::money::Money;
use jiff::civil::DateTime;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::ApiError;
#[cfg(feature = "ssr")]
use crate::organizers::server::{member, permit};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditView {
    pub id: String,
    pub at: DateTime,
    pub action: String,
    pub actor: Option<String>,
    pub organization: Option<String>,
    pub subject_kind: String,
    pub subject: String,
    /// What the subject is called, if it is a person or an invitation.
    pub subject_name: Option<String>,
    pub reason: String,
    pub changes: Vec<ChangeView>,
}

/// One fact before and after an action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeView {
    pub field: String,
    pub before: Option<FactView>,
    pub after: Option<FactView>,
}

/// A fact as the audit log keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FactView {
    Flag(bool),
    Number(u64),
    Money(Money),
    Text(String),
}

/// One page of an organization's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditListView {
    pub rows: Vec<AuditView>,
    pub next: Option<String>,
    /// Whether the viewer may take it away as a file.
    pub may_export: bool,
}

/// What was done in an organization, the latest first. `action` is the beginning of an action's name, or empty.
#[server(input = GetUrl)]
pub async fn organizer_audit(
    organization: String,
    #[server(default)] action: String,
    #[server(default)] q: String,
    #[server(default)] after: Option<String>,
) -> Result<AuditListView, ApiError> {
    let (ctx, member) = member(&organization).await?;
    let filter = services::audit::AuditFilter {
        action,
        text: q,
        cursor: after,
        limit: 50,
    };
    let may = permit(&ctx, &member).await?;
    let page = services::audit::list_of(&ctx.services, &may, &filter).await?;
    Ok(AuditListView {
        rows: page.items.into_iter().map(AuditView::from).collect(),
        next: page.next,
        may_export: member.may(domain::permissions::Right::ExportAudit),
    })
}

#[cfg(feature = "ssr")]
mod server {
    use std::collections::BTreeMap;

    use jiff::tz::Offset;
    use serde_json::Value;
    use services::audit::AuditRow;

    use super::{AuditView, ChangeView, FactView};

    impl From<AuditRow> for AuditView {
        fn from(row: AuditRow) -> Self {
            Self {
                id: row.id.to_string(),
                at: Offset::UTC.to_datetime(row.at),
                action: row.action,
                actor: row.actor,
                organization: row.organization,
                subject_kind: row.subject_kind,
                subject: row.subject,
                subject_name: row.subject_name,
                reason: row.reason,
                changes: changes(row.before, row.after),
            }
        }
    }

    /// The facts of both sides by name.
    fn changes(before: Option<Value>, after: Option<Value>) -> Vec<ChangeView> {
        let mut both = BTreeMap::<String, (Option<FactView>, Option<FactView>)>::new();
        for (field, value) in facts(before) {
            both.entry(field).or_default().0 = Some(value);
        }
        for (field, value) in facts(after) {
            both.entry(field).or_default().1 = Some(value);
        }
        both.into_iter()
            .map(|(field, (before, after))| ChangeView {
                field,
                before,
                after,
            })
            .collect()
    }

    fn facts(recorded: Option<Value>) -> impl Iterator<Item = (String, FactView)> {
        let facts = match recorded {
            Some(Value::Object(facts)) => facts,
            Some(_) | None => serde_json::Map::new(),
        };
        facts.into_iter().map(|(field, value)| {
            let raw = value.to_string();
            (
                field,
                serde_json::from_value(value).unwrap_or(FactView::Text(raw)),
            )
        })
    }
}
