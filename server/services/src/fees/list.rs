//! All plans that hold or will hold.

use domain::{money::Money, pricing::FeePlan, when::Timestamp};
use uuid::Uuid;

use crate::{
    Services, Unexpected,
    permit::PlatformPermit,
    rows::{at, money},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanRow {
    pub id: Uuid,
    /// Name of the organization it is agreed with; `None`: everybody's.
    pub organization: Option<String>,
    pub plan: FeePlan,
    pub from: Timestamp,
    pub until: Option<Timestamp>,
}

/// Everybody's first, then by organization; at most 500, since somebody made each of them by hand.
pub async fn list(sv: &Services, permit: &PlatformPermit) -> Result<Vec<PlanRow>, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let rows = sqlx::query!(
        r#"
        select f.id, o.name as "organization?", f.currency, f.fixed_minor, f.percent_bp, f.min_minor, f.max_minor,
               f.valid_from, f.valid_until
        from fee_plans f
        left join organizations o on o.id = f.organization_id
        where f.valid_until is null or f.valid_until > $1
        order by o.name nulls first, f.currency, f.valid_from, f.id
        limit 500
        "#,
        at(sv.now()) as _
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    rows.into_iter()
        .map(|row| {
            let of = |minor: i64| -> Result<Money, Unexpected> {
                money("fee_plans", row.id, minor, &row.currency)
            };
            Ok(PlanRow {
                id: row.id,
                plan: FeePlan {
                    fixed: of(row.fixed_minor)?,
                    percent_bp: u16::try_from(row.percent_bp)
                        .map_err(|e| Unexpected::bad_row("fee_plans", row.id, e))?,
                    min: row.min_minor.map(of).transpose()?,
                    max: row.max_minor.map(of).transpose()?,
                },
                organization: row.organization,
                from: row.valid_from.to_jiff(),
                until: row.valid_until.map(|at| at.to_jiff()),
            })
        })
        .collect()
}
