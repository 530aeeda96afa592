//! Asks about accounts of which was not heard for long: messages get lost.

use domain::{ids::OrganizationId, when::shift};
use jiff::SignedDuration;

use super::look::{LookError, look_at};
use crate::{Services, Unexpected, db::Scope, ports::PortError, rows::at};

/// Somebody waits for the provider to be done with it.
const NOT_READY: SignedDuration = SignedDuration::from_mins(10);
const READY: SignedDuration = SignedDuration::from_hours(6);

/// Asks about up to `limit` accounts; returns how many. A provider that is down ends the run.
pub async fn reconcile(sv: &Services, limit: i64) -> Result<usize, Unexpected> {
    if sv.payments.connect().is_none() {
        return Ok(0);
    }
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    let due = sqlx::query!(
        r#"
        update connected_accounts set asked_at = $2
        where id in (
            select id from connected_accounts
            where provider = $1 and account_ref is not null and gone_at is null
              and (asked_at is null or asked_at < case when charges and payouts then $4::timestamptz else $3 end)
            order by asked_at nulls first, id
            limit $5
            for update skip locked
        )
        returning organization_id, id
        "#,
        sv.payments.provider(),
        at(now) as _,
        at(shift(now, -NOT_READY)) as _,
        at(shift(now, -READY)) as _,
        limit
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    let mut done = 0;
    for due in due {
        match look_at(sv, OrganizationId::new(due.organization_id), due.id).await {
            Ok(()) => done += 1,
            Err(LookError::Port(PortError::Unavailable(why))) => {
                tracing::warn!(why, "the payment provider cannot be asked about accounts");
                return Ok(done);
            }
            Err(error) => {
                tracing::error!(connected_account.id = %due.id, %error, "an account cannot be compared with the provider");
                done += 1;
            }
        }
    }
    Ok(done)
}
