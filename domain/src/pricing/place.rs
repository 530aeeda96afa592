//! Where a service that reaches the customer over the net is taxed, and who owes the tax.
//!
//! Such a service is taxed where the customer is: for businesses by article 44 of directive 2006/112/EC, for others by article
//! 58. Putting somebody's offers up for sale on a site is one (article 7(2)(d) of implementing regulation 282/2011). A business
//! in another state of the Union owes the tax itself (article 196).

use super::VatId;

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
