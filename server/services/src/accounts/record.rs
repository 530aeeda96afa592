//! What people do with their own account, for the audit record.

use domain::ids::UserId;

use crate::{Services, Unexpected, audit, db::Tx};

pub(super) async fn record(
    sv: &Services,
    tx: &mut Tx,
    user: UserId,
    action: &'static str,
) -> Result<(), Unexpected> {
    let entry = audit::Entry {
        actor: Some(user),
        organization: None,
        action,
        subject_kind: "user",
        subject: user.to_string(),
        reason: "",
        before: None,
        after: None,
    };
    audit::append(sv, tx, entry).await
}
