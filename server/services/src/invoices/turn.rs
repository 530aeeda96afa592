//! Documents of an organization are issued by one at a time: invoices and credit notes have series of their own, and two who
//! take numbers of both in another order would wait for each other.

use domain::ids::OrganizationId;

use crate::{Unexpected, db::Tx};

/// Whether to wait for another worker at the documents of the same organization.
#[derive(Debug, Clone, Copy)]
pub(super) enum Turn {
    /// No.
    IfFree,
    /// One's own portion before may still be rolling back.
    Wait,
}

impl Turn {
    pub(super) async fn comes(
        self,
        tx: &mut Tx,
        organization: OrganizationId,
    ) -> Result<bool, Unexpected> {
        let name = format!("invoices {organization}");
        match self {
            Self::IfFree => Ok(sqlx::query_scalar!(
                r#"select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as "mine!""#,
                name
            )
            .fetch_one(&mut **tx)
            .await?),
            Self::Wait => {
                sqlx::query!(
                    r#"select pg_advisory_xact_lock(hashtextextended($1, 0)) is null as "mine!""#,
                    name
                )
                .fetch_one(&mut **tx)
                .await?;
                Ok(true)
            }
        }
    }
}

/// Waits until nobody else issues documents of this organization. To be called before any of its orders is locked.
pub(crate) async fn take_turn(tx: &mut Tx, organization: OrganizationId) -> Result<(), Unexpected> {
    Turn::Wait.comes(tx, organization).await.map(|_| ())
}
