//! How often each customer has used a code, where codes are limited for a customer.

use std::collections::{BTreeSet, HashMap};

use domain::{
    ids::{HoldId, OrganizationId},
    text::Email,
};
use uuid::Uuid;

use super::{
    PlaceError,
    place::Form,
    queries::{self, CodeOfHold},
};
use crate::{Unexpected, db::Tx, promo};

/// Limited codes by hold, and uses by code and the customer's address in small letters.
#[derive(Default)]
pub(super) struct CodesOfCustomers {
    of_holds: HashMap<HoldId, CodeOfHold>,
    uses: HashMap<(Uuid, String), u32>,
}

impl CodesOfCustomers {
    /// Asked only where a hold has a code.
    pub async fn load(
        tx: &mut Tx,
        organization: OrganizationId,
        forms: &[Form],
        lines: &HashMap<HoldId, Vec<queries::HoldLine>>,
    ) -> Result<Self, Unexpected> {
        let holds: Vec<Uuid> = lines
            .iter()
            .filter(|(_, lines)| lines.iter().any(|line| line.full.is_some()))
            .map(|(hold, _)| hold.get())
            .collect();
        if holds.is_empty() {
            return Ok(Self::default());
        }
        let of_holds = queries::limited_codes(tx, organization, &holds).await?;
        if of_holds.is_empty() {
            return Ok(Self::default());
        }
        let emails: BTreeSet<String> = forms
            .iter()
            .filter(|form| of_holds.contains_key(&form.hold()))
            .filter_map(|form| Email::parse(form.email()).ok())
            .map(|email| email.lookup_key())
            .collect();
        let codes: BTreeSet<Uuid> = of_holds.values().map(|code| code.id).collect();
        let (emails, codes): (Vec<_>, Vec<_>) =
            (emails.into_iter().collect(), codes.into_iter().collect());
        let uses = promo::uses_of(tx, organization, &emails, &codes).await?;
        Ok(Self { of_holds, uses })
    }

    /// Whether the customer may use the code of the hold once more.
    pub fn check(&self, hold: HoldId, email: &Email) -> Result<(), PlaceError> {
        let Some(code) = self.of_holds.get(&hold) else {
            return Ok(());
        };
        let who = (code.id, email.lookup_key());
        if self.uses.get(&who).copied().unwrap_or(0) >= code.max_per_customer {
            return Err(PlaceError::CodeUsedByCustomer {
                max: code.max_per_customer,
            });
        }
        Ok(())
    }

    /// From now on the customer has used it once more.
    pub fn count(&mut self, hold: HoldId, email: &Email) {
        if let Some(code) = self.of_holds.get(&hold) {
            let uses = self.uses.entry((code.id, email.lookup_key())).or_default();
            *uses = uses.saturating_add(1);
        }
    }
}
