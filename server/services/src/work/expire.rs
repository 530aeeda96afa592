//! Gives back what people kept too long.

use domain::ids::{EventId, OrganizationId};

use super::unharmed;
use crate::{Services, Unexpected, checkout, orders};

/// What runs out.
#[derive(Clone, Copy)]
enum What {
    Holds,
    Orders,
}

/// Expires up to `limit` holds of one event; returns how many there were.
pub async fn expire_holds(sv: &Services, limit: i64) -> Result<usize, Unexpected> {
    first_that_works(sv, What::Holds, limit).await
}

/// Expires up to `limit` unpaid orders of one event; returns how many there were.
pub async fn expire_orders(sv: &Services, limit: i64) -> Result<usize, Unexpected> {
    first_that_works(sv, What::Orders, limit).await
}

/// An event whose places cannot be given back keeps no other event's.
async fn first_that_works(sv: &Services, what: What, limit: i64) -> Result<usize, Unexpected> {
    let mut without = Vec::new();
    loop {
        let due = match what {
            What::Holds => checkout::due(sv, &without).await?,
            What::Orders => orders::due(sv, &without).await?,
        };
        let Some((organization, event)) = due else {
            return Ok(0);
        };
        match unharmed(expire(sv, what, (organization, event), limit)).await {
            Ok(0) => {}
            Ok(count) => return Ok(count),
            Err(e) => {
                tracing::error!(event.id = %event, error = %e, "places were not given back, other events go on");
            }
        }
        // Nothing of it can be done at the moment, or somebody else is at it.
        without.push(event.get());
    }
}

async fn expire(
    sv: &Services,
    what: What,
    of: (OrganizationId, EventId),
    limit: i64,
) -> Result<usize, Unexpected> {
    match what {
        What::Holds => checkout::expire_due(sv, of, limit).await,
        What::Orders => orders::expire_due(sv, of, limit).await,
    }
}
