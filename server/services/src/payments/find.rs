//! Finds payments by the names that providers and we have for them.

use domain::ids::PaymentId;

use super::queries::{self, Found};
use crate::{Services, Unexpected, db::Tx, lookup::Lookup};

/// The payment that a provider names.
pub(super) async fn find(
    sv: &Services,
    provider: &str,
    provider_ref: &str,
) -> Result<Option<Found>, Unexpected> {
    let named = PaymentName {
        provider: provider.to_owned(),
        reference: Some(provider_ref.to_owned()),
        id: None,
    };
    sv.queues.found_payments.submit(sv, (), named).await
}

/// A payment of one provider's, by our own name for it.
pub(super) async fn find_own(
    sv: &Services,
    provider: &str,
    id: PaymentId,
) -> Result<Option<Found>, Unexpected> {
    let named = PaymentName {
        provider: provider.to_owned(),
        reference: None,
        id: Some(id),
    };
    sv.queues.found_payments.submit(sv, (), named).await
}

/// A payment by its provider, and either its name there or our own.
pub(crate) struct PaymentName {
    pub provider: String,
    pub reference: Option<String>,
    pub id: Option<PaymentId>,
}

/// Payments by their names.
pub(crate) enum PaymentNames {}

impl Lookup for PaymentNames {
    type Name = PaymentName;
    type Found = Found;

    async fn find(tx: &mut Tx, names: &[PaymentName]) -> Result<Vec<Option<Found>>, Unexpected> {
        queries::find_all(tx, names).await
    }
}
