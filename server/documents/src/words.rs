//! What a document says in sentences and blocks.

use domain::invoices::{Category, Document, Kind, Party, Totals, normal_vat_id};
use locales::{Locale, dates, documents as t};

use crate::text::{Fonts, Weight};

/// Who somebody is, line by line; the first is their name.
pub(crate) fn party(l: Locale, party: &Party, fonts: &Fonts, width: f32) -> Vec<String> {
    let place = format!("{} {}", party.postcode, party.city);
    let mut below = party.address.clone();
    below.push(place.trim().to_owned());
    below.push(party.country.clone());
    if !party.vat_id.is_empty() {
        below.push(t::vat_id(l, normal_vat_id(&party.vat_id)));
    }
    if !party.tax_number.is_empty() {
        below.push(t::tax_number(l, &party.tax_number));
    }
    if !party.registration.is_empty() {
        below.push(t::registration(l, &party.registration));
    }
    let mut lines = fonts.wrap(&party.name, Weight::SemiBold, width);
    // A name of two lines is all bold only in its first; nobody is called so long.
    lines.extend(
        below
            .iter()
            .filter(|line| !line.is_empty())
            .flat_map(|line| fonts.wrap(line, Weight::Regular, width)),
    );
    lines
}

/// What stands below the table.
pub(crate) fn notes(l: Locale, document: &Document, totals: &Totals) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(corrected) = &document.corrects {
        let date = dates::date_long(l, corrected.issued_on);
        notes.push(match document.kind {
            Kind::CreditNote | Kind::PlatformCredit => {
                t::full_reference(l, date, &corrected.number)
            }
            Kind::Invoice if !document.dispute.is_empty() => {
                t::dispute_undone(l, date, &document.dispute, &corrected.number)
            }
            Kind::Invoice | Kind::Platform => t::replaces(l, date, &corrected.number),
        });
    }
    if document.kind == Kind::CreditNote && !document.dispute.is_empty() {
        notes.push(t::dispute_lost(l, &document.dispute));
    }
    for group in totals
        .taxes
        .iter()
        .filter(|group| group.category.wants_reason())
    {
        let standard = match group.category {
            Category::AE => t::reverse_charge(l),
            Category::E => t::exempt(l),
            Category::O | Category::S | Category::Z => t::not_subject(l),
        };
        let reason = if group.reason.is_empty() || group.category == Category::AE {
            standard
        } else {
            &group.reason
        };
        notes.push(reason.to_owned());
    }
    if !document.is_full() {
        notes.push(t::not_an_invoice(l).to_owned());
    }
    notes
}
