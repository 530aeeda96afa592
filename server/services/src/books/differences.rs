//! Where single payments, refunds and disputes differ.

use domain::{
    books::CaseKind,
    ids::{OrderId, OrganizationId},
    when::Timestamp,
};
use serde_json::Value;

use super::Side;
use crate::{
    Services, Unexpected,
    db::Tx,
    rows::{at, coded},
};

/// Something that does not agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    pub kind: CaseKind,
    pub subject: String,
    pub organization: Option<OrganizationId>,
    pub order: Option<OrderId>,
    pub ours: Option<Side>,
    pub theirs: Option<Side>,
}

/// Up to `limit` of them. What happened after `until` may still be on its way from one book to the other.
pub(super) async fn differences(
    sv: &Services,
    tx: &mut Tx,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<Difference>, Unexpected> {
    let rows = sqlx::query_file!(
        "src/books/differences.sql",
        sv.payments.provider(),
        at(until) as _,
        limit
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Difference {
                kind: coded("finance_cases", &row.subject, &row.kind)?,
                ours: side(&row.subject, row.ours)?,
                theirs: side(&row.subject, row.theirs)?,
                organization: row.organization_id.map(OrganizationId::new),
                order: row.order_id.map(OrderId::new),
                subject: row.subject,
            })
        })
        .collect()
}

/// A kept side.
pub(super) fn side(subject: &str, value: Option<Value>) -> Result<Option<Side>, Unexpected> {
    value
        .map(serde_json::from_value)
        .transpose()
        .map_err(|e| Unexpected::bad_row("finance_cases", subject, e))
}
