//! Asks the provider how an account stands, and takes the answer in like news.

use domain::{connect::AccountNews, ids::OrganizationId, when::shift};
use jiff::SignedDuration;
use uuid::Uuid;

use super::{queries, tell};
use crate::{Services, Unexpected, db::Scope, ports::PortError, rows::at};

#[derive(Debug, thiserror::Error)]
pub(super) enum LookError {
    #[error(transparent)]
    Port(#[from] PortError),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// Outside of any transaction.
pub(super) async fn look_at(
    sv: &Services,
    organization: OrganizationId,
    id: Uuid,
) -> Result<(), LookError> {
    let Some(gateway) = sv.payments.connect() else {
        return Ok(());
    };
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    let before = queries::lock(&mut tx, organization, id).await?;
    sqlx::query!(
        "update connected_accounts set asked_at = $3 where organization_id = $1 and id = $2",
        organization.get(),
        id,
        at(sv.now()) as _
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    tx.commit().await?;
    let Some((before, reference)) = before.and_then(|account| {
        let reference = account.reference.clone()?;
        Some((account.known, reference))
    }) else {
        return Ok(());
    };
    let facts = gateway.find_account(&reference).await?;
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    let Some(mut account) = queries::lock(&mut tx, organization, id).await? else {
        return Ok(());
    };
    // Something was told while the answer was on its way: which of them is newer nobody knows.
    let overtaken = account.known != before
        && facts
            .as_ref()
            .is_none_or(|facts| *facts != account.known.facts);
    if !overtaken {
        let news = match facts {
            // The answer is what is true now, whatever the clocks say.
            Some(facts) => AccountNews::Told {
                at: before.at.map_or(sv.now(), |known| {
                    sv.now().max(shift(known, SignedDuration::from_secs(1)))
                }),
                facts,
            },
            None => AccountNews::Gone,
        };
        account.known = account.known.apply(&news).0;
        tell::of_trouble(sv, &mut tx, &before, &account).await?;
    }
    queries::save(&mut tx, &account, sv.now(), overtaken).await?;
    tx.commit().await?;
    Ok(())
}

/// Something went wrong that the account may be the reason of.
pub(crate) async fn look_again(sv: &Services, organization: OrganizationId) {
    let looked = async {
        let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
        let account = queries::latest(sv, &mut tx, organization).await?;
        tx.commit().await?;
        match account {
            Some(account) => look_at(sv, organization, account.id).await,
            None => Ok(()),
        }
    };
    if let Err(error) = looked.await {
        tracing::warn!(%error, "an account is asked about later");
    }
}
