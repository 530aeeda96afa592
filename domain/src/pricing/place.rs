//! Where a service that reaches the customer over the net is taxed, and who owes the tax.
//!
//! Such a service is taxed where the customer is: for businesses by article 44 of directive 2006/112/EC, for others by article
//! 58. Putting somebody's offers up for sale on a site is one (article 7(2)(d) of implementing regulation 282/2011). A business
//! in another state of the Union owes the tax itself (article 196). Admission to an event at a place is taxed there, whoever
//! buys (article 53); taking part from afar is such a service.

use serde::{Deserialize, Serialize};

use super::VatId;
use crate::catalog::Attendance;

/// Who owes the tax, and to which country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment<'a> {
    /// The seller charges the tax of this country.
    Charged { country: &'a str },
    /// The customer, a business in this country, owes it; the seller charges none and says so.
    ReverseCharge { country: &'a str },
    /// Outside of the seller's tax.
    OutOfScope,
}

/// The members of the Union, by ISO 3166.
pub const EU: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// Whether the country (ISO 3166) is a member of the Union.
pub fn is_eu(country: &str) -> bool {
    EU.contains(&country)
}

/// How a seller's service over the net is taxed. The customer is a business if it has a VAT id of the country where it is.
pub fn treatment<'a>(
    seller: &'a str,
    customer: &'a str,
    business: Option<&VatId>,
) -> Treatment<'a> {
    if seller == customer {
        return Treatment::Charged { country: seller };
    }
    let business = business.is_some_and(|id| id.country() == customer);
    match (business, is_eu(seller) && is_eu(customer)) {
        (true, true) => Treatment::ReverseCharge { country: customer },
        (false, true) => Treatment::Charged { country: customer },
        (_, false) => Treatment::OutOfScope,
    }
}

/// Who sells tickets, as far as it decides who owes the tax in them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketSeller {
    /// Where they are taxed, by ISO 3166; empty where nothing was said.
    pub country: String,
    /// As they typed it.
    pub vat_id: String,
    /// Whether there is tax in their prices; a small business has none to pass on.
    pub charges_tax: bool,
}

impl TicketSeller {
    /// Whether some businesses would owe the tax themselves: the seller must be known by a VAT id of the state of the Union
    /// where they are taxed, and what they sell must have no place.
    pub fn has_reverse_charge(&self, attendance: Attendance) -> bool {
        let known = || {
            let id = self.vat_id.parse::<VatId>();
            id.is_ok_and(|id| id.country() == self.country)
        };
        let afar = match attendance {
            Attendance::Online => true,
            Attendance::InPerson => false,
        };
        afar && self.charges_tax && is_eu(&self.country) && known()
    }

    /// Whether the holder of this VAT id owes the tax itself. A business outside of the Union counts as everybody: no register
    /// could be asked for its number. So does Northern Ireland, which is part of the Union for goods only.
    pub fn is_tax_owed_by(&self, buyer: &VatId, attendance: Attendance) -> bool {
        let country = buyer.country();
        self.has_reverse_charge(attendance)
            && matches!(
                treatment(&self.country, country, Some(buyer)),
                Treatment::ReverseCharge { .. }
            )
    }

    /// Whether the text begins like the number of a business that would owe the tax itself. If it is none, it is mistyped, and
    /// nobody should be charged tax for that unasked.
    pub fn means_reverse_charge(&self, text: &str, attendance: Attendance) -> bool {
        let signs = text.chars().filter(char::is_ascii_alphanumeric);
        let prefix: String = signs.take(2).map(|s| s.to_ascii_uppercase()).collect();
        let country = match prefix.as_str() {
            "EL" => "GR",
            prefix => prefix,
        };
        is_eu(country) && country != self.country && self.has_reverse_charge(attendance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seller(country: &str, vat_id: &str, charges_tax: bool) -> TicketSeller {
        TicketSeller {
            country: country.into(),
            vat_id: vat_id.into(),
            charges_tax,
        }
    }

    #[test]
    fn who_owes_the_tax_in_tickets() {
        let german = || seller("DE", "DE 136 695 976", true);
        let (online, hall) = (Attendance::Online, Attendance::InPerson);
        for (seller, attendance, buyer, owes) in [
            (german(), online, "FR40303265045", true),
            (german(), online, "ATU13585627", true),
            // At a place the tax is the place's.
            (german(), hall, "FR40303265045", false),
            // The same state.
            (german(), online, "DE136695976", false),
            // Greece writes itself in two ways.
            (german(), online, "EL094259216", true),
            (german(), online, "GR094259216", true),
            (
                seller("GR", "EL094259216", true),
                online,
                "DE136695976",
                true,
            ),
            (
                seller("GR", "EL094259216", true),
                online,
                "GR094259216",
                false,
            ),
            // Outside of the Union, Northern Ireland among it: this is no good.
            (german(), online, "GB980780684", false),
            (german(), online, "XI980780684", false),
            (german(), online, "CHE107787577", false),
            (german(), online, "NO995525828", false),
            // A small business, or one that charges nothing.
            (
                seller("DE", "DE136695976", false),
                online,
                "FR40303265045",
                false,
            ),
            // Nobody knows the seller as a business, or knows them elsewhere.
            (seller("DE", "", true), online, "FR40303265045", false),
            (
                seller("DE", "12/345/67890", true),
                online,
                "FR40303265045",
                false,
            ),
            (
                seller("DE", "ATU13585627", true),
                online,
                "FR40303265045",
                false,
            ),
            (
                seller("", "DE136695976", true),
                online,
                "FR40303265045",
                false,
            ),
            // Sellers outside of the Union.
            (
                seller("CH", "CHE107787577", true),
                online,
                "FR40303265045",
                false,
            ),
            (
                seller("GB", "XI980780684", true),
                online,
                "FR40303265045",
                false,
            ),
        ] {
            let id: VatId = buyer.parse().unwrap();
            let found = seller.is_tax_owed_by(&id, attendance);
            assert_eq!(found, owes, "{seller:?} {attendance} {buyer}");
        }
    }

    #[test]
    fn a_mistyped_number_is_no_reason_for_tax() {
        let german = seller("DE", "DE136695976", true);
        let online = Attendance::Online;
        for (text, means) in [
            ("FR 41 303265045", true),
            ("el-1", true),
            ("ATU", true),
            ("DE1", false),
            ("XI980780684", false),
            ("US123", false),
            ("A", false),
            ("", false),
            ("ÄÖ", false),
        ] {
            assert_eq!(german.means_reverse_charge(text, online), means, "{text}");
        }
        assert!(!german.means_reverse_charge("FR41303265045", Attendance::InPerson));
    }

    #[test]
    fn the_union_is_sorted() {
        assert!(EU.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(is_eu("HR") && is_eu("GR") && !is_eu("GB") && !is_eu("CH") && !is_eu("EL"));
    }

    #[test]
    fn who_owes_tax_where() {
        let french: VatId = "FR40303265045".parse().unwrap();
        let german: VatId = "DE136695976".parse().unwrap();
        let british: VatId = "GB980780684".parse().unwrap();
        let charged = |country| Treatment::Charged { country };
        let reverse = |country| Treatment::ReverseCharge { country };
        for (seller, customer, id, expected) in [
            ("DE", "DE", None, charged("DE")),
            ("DE", "DE", Some(&german), charged("DE")),
            ("DE", "FR", None, charged("FR")),
            ("DE", "FR", Some(&french), reverse("FR")),
            ("DE", "GB", None, Treatment::OutOfScope),
            ("DE", "GB", Some(&british), Treatment::OutOfScope),
            ("US", "DE", Some(&german), Treatment::OutOfScope),
            // An id of another country than the customer's does not make it a business there.
            ("DE", "FR", Some(&german), charged("FR")),
        ] {
            let found = treatment(seller, customer, id);
            assert_eq!(found, expected, "{seller} {customer} {id:?}");
        }
    }
}
