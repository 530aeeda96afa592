//! The buyer comes back from the provider's page, perhaps before its message does.

use super::look::{self, LookError};
use crate::{Services, Unexpected};

/// Looks at what became of the order's payments; whether there is such an order. A provider that does not answer keeps nobody
/// from their order's page: its message will come.
#[tracing::instrument(skip_all)]
pub async fn come_back(sv: &Services, secret: &str) -> Result<bool, Unexpected> {
    let found = sv
        .queues
        .found_orders
        .submit(sv, (), secret.to_owned())
        .await?;
    let Some(found) = found else {
        return Ok(false);
    };
    match look::look_at_order(sv, found.organization, found.order).await {
        Ok(()) => Ok(true),
        Err(LookError::Port(e)) => {
            tracing::warn!(error = %e, "could not ask the payment provider");
            Ok(true)
        }
        Err(LookError::Unexpected(e)) => Err(e),
    }
}
