//! Scanners at a staged event's door.

use domain::ids::DeviceId;
use jiff::SignedDuration;
use uuid::Uuid;

use super::{HotEvent, Stage};
use crate::{Unexpected, db::Scope, rows::at, seal};

/// A paired scanner.
#[derive(Debug, Clone)]
pub struct StagedDevice {
    pub id: DeviceId,
    /// What it shows with each request.
    pub token: String,
}

impl Stage {
    /// Pairs so many scanners with the event.
    pub async fn devices(
        &self,
        hot: &HotEvent,
        count: usize,
    ) -> Result<Vec<StagedDevice>, Unexpected> {
        let sv = &self.sv;
        let devices: Vec<StagedDevice> = (0..count)
            .map(|_| StagedDevice {
                id: DeviceId::new(sv.new_id()),
                token: sv.new_secret(),
            })
            .collect();
        let ids: Vec<Uuid> = devices.iter().map(|device| device.id.get()).collect();
        let hashes: Vec<Vec<u8>> = devices
            .iter()
            .map(|device| seal::hash(&device.token))
            .collect();
        let now = sv.now();
        let mut tx = sv.db.begin(Scope::System).await?;
        sqlx::query!(
            r#"
            insert into devices (id, organization_id, event_id, name, gate, token_hash, paired_at, last_seen_at, lease_until)
            select d.id, $1, $2, 'Scanner ' || d.n, 'Main', d.hash, $3, $3, $4
            from unnest($5::uuid[], $6::bytea[]) with ordinality as d (id, hash, n)
            "#,
            hot.organization.get(),
            hot.event.get(),
            at(now) as _,
            at(now + SignedDuration::from_hours(24)) as _,
            &ids,
            &hashes
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(devices)
    }
}
