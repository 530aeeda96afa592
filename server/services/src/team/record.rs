//! What happened to a team, for the audit log.

use domain::{
    ids::{OrganizationId, UserId},
    permissions::Role,
};
use serde_json::{Value, json};

use crate::{Services, Unexpected, audit, db::Tx};

/// One change of a team.
pub(super) struct Change {
    pub organization: OrganizationId,
    pub by: Option<UserId>,
    /// Noun and verb: `team.invite`.
    pub action: &'static str,
    /// The invitation or the member.
    pub subject_kind: &'static str,
    pub subject: String,
    pub before: Option<Role>,
    pub after: Option<Role>,
}

pub(super) async fn record(sv: &Services, tx: &mut Tx, change: Change) -> Result<(), Unexpected> {
    let entry = audit::Entry {
        actor: change.by,
        organization: Some(change.organization),
        action: change.action,
        subject_kind: change.subject_kind,
        subject: change.subject,
        reason: "",
        before: change.before.map(of),
        after: change.after.map(of),
    };
    audit::append(sv, tx, entry).await
}

fn of(role: Role) -> Value {
    json!({ "role": role.code() })
}
