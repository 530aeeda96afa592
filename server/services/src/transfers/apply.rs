//! Tells orders and refunds of the lines that settle them, the way every provider's news go.

use domain::{
    ids::{OrganizationId, RefundId},
    payments::RefundState,
    transfers::PROVIDER,
};
use futures::{StreamExt, stream};
use uuid::Uuid;

use crate::{
    Services, Unexpected,
    db::Scope,
    orders::sent_by_bank,
    payments::{NewsError, NewsKind, ProviderNews, apply_news},
    rows::at,
};

/// How many lines at once.
pub(super) const AT_ONCE: i64 = 200;

/// What was told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Due {
    pub lines: usize,
}

struct Line {
    id: Uuid,
    reference: Option<String>,
    refund: Option<(OrganizationId, RefundId)>,
}

/// Tells of up to `limit` lines; how many there were. A line is told once, however often it is tried: its id is the message's.
pub async fn apply_due(sv: &Services, limit: i64) -> Result<Due, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let rows = sqlx::query!(
        r#"
        select l.id, p.provider_ref as "reference?", r.id as "refund?", r.organization_id as "organization?"
        from bank_lines l
        left join payments p on p.id = l.payment_id
        left join refunds r on r.id = l.refund_id
        where l.applied_at is null and l.state in ('matched', 'assigned', 'refund')
        order by l.id
        limit $1
        "#,
        limit
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    let lines = rows.into_iter().map(|row| Line {
        id: row.id,
        reference: row.reference,
        refund: row
            .organization
            .zip(row.refund)
            .map(|(organization, refund)| {
                (OrganizationId::new(organization), RefundId::new(refund))
            }),
    });
    // News that come together are taken in together.
    let told: Vec<Option<Uuid>> = stream::iter(lines.map(|line| async move {
        match tell(sv, &line).await {
            Ok(()) => Some(line.id),
            Err(e) => {
                tracing::error!(line = %line.id, error = %e, "a line of a statement cannot be applied");
                None
            }
        }
    }))
    .buffer_unordered(usize::try_from(limit).unwrap_or(1))
    .collect()
    .await;
    let done: Vec<Uuid> = told.iter().flatten().copied().collect();
    let mut tx = sv.db.begin(Scope::System).await?;
    sqlx::query!(
        "update bank_lines set applied_at = $2 where id = any($1) and applied_at is null",
        &done,
        at(sv.now()) as _
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(Due { lines: done.len() })
}

async fn tell(sv: &Services, line: &Line) -> Result<(), Unexpected> {
    if let Some((organization, refund)) = line.refund {
        let reference = line.id.to_string();
        let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
        // Where somebody has said so before, nothing changes; nor where it has come back since.
        let how = (reference.as_str(), &[RefundState::Pending][..]);
        sent_by_bank(sv, &mut tx, organization, refund, how).await?;
        return tx.commit().await;
    }
    let news = ProviderNews {
        provider: PROVIDER.to_owned(),
        event_id: line.id.to_string(),
        provider_ref: line.reference.clone().unwrap_or_default(),
        kind: NewsKind::Succeeded,
        charge_ref: None,
        closed: true,
        card: None,
    };
    match apply_news(sv, news).await {
        Ok(_) => Ok(()),
        Err(NewsError::Unexpected(e)) => Err(e),
        Err(e @ NewsError::UnknownPayment) => Err(Unexpected::new("bank line", e)),
    }
}
