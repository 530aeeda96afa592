//! The platform at a glance.

use jiff::SignedDuration;

use crate::{Services, Unexpected, permit::PlatformPermit};

/// Counts over all tenants; `…_today` are the last 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overview {
    pub users: i64,
    pub organizations: i64,
    pub suspended_organizations: i64,
    pub events_on_sale: i64,
    pub orders_today: i64,
    pub tickets_today: i64,
    pub check_ins_today: i64,
    pub mails_waiting: i64,
    pub mails_dead: i64,
    pub jobs_waiting: i64,
    pub jobs_dead: i64,
}

pub async fn overview(sv: &Services, permit: &PlatformPermit) -> Result<Overview, Unexpected> {
    let now = sv.now();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let overview = sqlx::query_as!(
        Overview,
        r#"
        select (select count(*) from users where erased_at is null) as "users!",
               (select count(*) from organizations) as "organizations!",
               (select count(*) from organizations where state = 'suspended') as "suspended_organizations!",
               (select count(*) from events where state = 'published' and ends_at > $1) as "events_on_sale!",
               (select count(*) from orders where paid_at > $2) as "orders_today!",
               (select count(*) from tickets where issued_at > $2) as "tickets_today!",
               (select count(*) from check_ins where kind = 'admit' and outcome = 'accepted' and scanned_at > $2)
                   as "check_ins_today!",
               (select count(*) from mails where state = 'queued') as "mails_waiting!",
               (select count(*) from mails where state = 'dead') as "mails_dead!",
               (select count(*) from jobs where dead_at is null and run_at <= $1) as "jobs_waiting!",
               (select count(*) from jobs where dead_at is not null) as "jobs_dead!"
        "#,
        jiff_sqlx::Timestamp::from(now) as _,
        jiff_sqlx::Timestamp::from(now - SignedDuration::from_hours(24)) as _
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(overview)
}
