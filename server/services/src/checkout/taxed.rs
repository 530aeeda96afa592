//! Buyers who owe the tax themselves: businesses in other states of the Union, at events without a place.

use std::collections::HashSet;

use domain::text::{Fault, FieldErrors};

use super::{EventSummary, place::Form, queries};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    vat,
};

/// The field of the form.
const VAT_ID: &str = "invoice_vat_id";

/// What the register says against VAT ids that were typed.
#[derive(Default)]
pub(super) struct Businesses(HashSet<String>);

impl Businesses {
    /// Nothing is asked where no id would matter.
    pub async fn load(
        sv: &Services,
        tx: &mut Tx,
        event: &EventSummary,
        forms: &[Form],
    ) -> Result<Self, Unexpected> {
        let mut refuted = HashSet::new();
        for typed in forms.iter().map(Form::vat_id) {
            if event.is_tax_owed_by(typed) && vat::is_refuted(sv, tx, typed).await? {
                refuted.insert(typed.trim().to_owned());
            }
        }
        Ok(Self(refuted))
    }

    /// Whether the buyer owes the tax. Where no register is set up, or it has not answered, the form of the id suffices; what
    /// it has said no to is refused, as is a mistyped id that would have made the difference.
    pub fn owe_tax(&self, event: &EventSummary, vat_id: &str) -> Result<bool, FieldErrors> {
        let vat_id = vat_id.trim();
        let fault = if event.is_tax_owed_by(vat_id) {
            if !self.0.contains(vat_id) {
                return Ok(true);
            }
            Fault::UnknownVatId
        } else if event.seller.means_reverse_charge(vat_id, event.attendance)
            && vat_id.parse::<domain::pricing::VatId>().is_err()
        {
            Fault::NotAVatId
        } else {
            return Ok(false);
        };
        Err(FieldErrors::one(VAT_ID, fault))
    }
}

/// From now on the page of the hold shows the total that was refused to be guessed, and the register is asked for the id: by
/// the time the buyer has looked at the total, there may be an answer.
pub(super) async fn show_total(
    sv: &Services,
    found: &queries::Found,
    reverse_charge: bool,
    vat_id: &str,
) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin(Scope::Organization(found.organization)).await?;
    queries::set_reverse_charge(&mut tx, found.organization, found.hold, reverse_charge).await?;
    if reverse_charge {
        vat::want(sv, &mut tx, vat_id).await?;
    }
    tx.commit().await
}
