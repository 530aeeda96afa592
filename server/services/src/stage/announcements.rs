//! Announcements that wait for the worker.

use super::{HotEvent, Stage};
use crate::{Unexpected, db::Scope, rows::at};

impl Stage {
    /// Announces up to `count` of the event's paid orders that have had no mail yet as paid. Returns how many there were.
    pub async fn announce_paid(&self, hot: &HotEvent, count: u32) -> Result<u64, Unexpected> {
        let mut tx = self.sv.db.begin(Scope::System).await?;
        let done = sqlx::query!(
            r#"
            insert into outbox (organization_id, topic, payload, created_at)
            select o.organization_id, 'order_paid', jsonb_build_object('topic', 'order_paid', 'order', o.id), $3
            from orders o
            where o.organization_id = $1 and o.event_id = $2 and o.state = 'paid'
              and not exists (select from mails m where m.order_id = o.id)
            order by o.id
            limit $4
            "#,
            hot.organization.get(),
            hot.event.get(),
            at(self.sv.now()) as _,
            i64::from(count)
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(done.rows_affected())
    }
}
