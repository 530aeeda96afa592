//! Where a supply is taxed, and who owes the tax.
//!
//! Admission is taxed where the event takes place: for businesses by article 53, for others by article 54 of directive
//! 2006/112/EC. Attendance from afar is taxed where the customer is, since 2025 for consumers too (directive 2022/542); so
//! are electronic services, for businesses by article 44, for others by article 58. Putting somebody's offers up for sale on a
//! site is one (article 7(2)(d) of implementing regulation 282/2011). A business in another state of the Union owes the tax
//! itself (article 196).

use serde::{Deserialize, Serialize};

use super::VatId;

/// What is sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Supply {
    /// Being let in to an event at a place, and what goes with it.
    Admission,
    /// What reaches the customer over the net: taking part from afar, and the platform's services for organizers.
    FromAfar,
}

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

/// How a supply of a seller is taxed. The customer is a business if it has a VAT id; `customer` is where it is.
pub fn treatment<'a>(
    supply: Supply,
    seller: &'a str,
    event: &'a str,
    customer: &'a str,
    business: Option<&VatId>,
) -> Treatment<'a> {
    let business = business.is_some_and(|id| id.country() == customer);
    match supply {
        Supply::Admission => Treatment::Charged { country: event },
        Supply::FromAfar if seller == customer => Treatment::Charged { country: seller },
        Supply::FromAfar => match (business, is_eu(seller) && is_eu(customer)) {
            (true, true) => Treatment::ReverseCharge { country: customer },
            (false, true) => Treatment::Charged { country: customer },
            (_, false) => Treatment::OutOfScope,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        use Supply::{Admission, FromAfar};
        for (supply, seller, event, customer, id, expected) in [
            // Admission: where the event is, whoever buys.
            (Admission, "DE", "FR", "FR", None, charged("FR")),
            (Admission, "DE", "FR", "FR", Some(&french), charged("FR")),
            (Admission, "DE", "DE", "FR", Some(&french), charged("DE")),
            (Admission, "US", "US", "DE", Some(&german), charged("US")),
            // From afar: where the customer is.
            (FromAfar, "DE", "", "FR", None, charged("FR")),
            (FromAfar, "DE", "", "FR", Some(&french), reverse("FR")),
            (FromAfar, "DE", "", "DE", Some(&german), charged("DE")),
            (FromAfar, "DE", "", "GB", None, Treatment::OutOfScope),
            (
                FromAfar,
                "DE",
                "",
                "GB",
                Some(&british),
                Treatment::OutOfScope,
            ),
            (
                FromAfar,
                "US",
                "",
                "DE",
                Some(&german),
                Treatment::OutOfScope,
            ),
            // An id of another country than the customer's does not make it a business there.
            (FromAfar, "DE", "", "FR", Some(&german), charged("FR")),
        ] {
            let found = treatment(supply, seller, event, customer, id);
            assert_eq!(
                found, expected,
                "{supply:?} {seller} {event} {customer} {id:?}"
            );
        }
    }
}
