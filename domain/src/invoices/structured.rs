//! What a structured invoice needs beyond a printed one.

use serde::{Deserialize, Serialize};

use super::{Category, Document, Party, is_country, is_vat_id};

/// Why a document has no structured half.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    SellerName,
    SellerAddress,
    SellerCountry,
    /// Neither VAT id nor tax number nor entry in a register.
    SellerIdentity,
    BuyerName,
    BuyerCountry,
    /// The buyer owes the tax and has no VAT id.
    BuyerIdentity,
    /// The norm knows two decimals; these amounts have more.
    Decimals,
    Lines,
}

impl Missing {
    /// Stable key for translations.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SellerName => "seller_name",
            Self::SellerAddress => "seller_address",
            Self::SellerCountry => "seller_country",
            Self::SellerIdentity => "seller_identity",
            Self::BuyerName => "buyer_name",
            Self::BuyerCountry => "buyer_country",
            Self::BuyerIdentity => "buyer_identity",
            Self::Decimals => "decimals",
            Self::Lines => "lines",
        }
    }
}

impl Party {
    /// What a seller still has to say about themselves before their invoices are full ones.
    pub fn missing_as_seller(&self) -> Vec<Missing> {
        let mut missing = Vec::new();
        let mut want = |there: bool, what| {
            if !there {
                missing.push(what);
            }
        };
        want(!self.name.is_empty(), Missing::SellerName);
        want(
            !self.address.is_empty() && !self.city.is_empty(),
            Missing::SellerAddress,
        );
        want(is_country(&self.country), Missing::SellerCountry);
        want(
            is_vat_id(&self.vat_id) || !self.tax_number.is_empty() || !self.registration.is_empty(),
            Missing::SellerIdentity,
        );
        missing
    }
}

impl Document {
    /// Whether the seller's data make it an invoice; else it is a receipt with what is known.
    pub fn is_full(&self) -> bool {
        self.seller.missing_as_seller().is_empty()
    }

    /// What keeps it from having a structured half (EN 16931); nothing when it has one.
    pub fn missing(&self) -> Vec<Missing> {
        let mut missing = self.seller.missing_as_seller();
        let mut want = |there: bool, what| {
            if !there && !missing.contains(&what) {
                missing.push(what);
            }
        };
        want(!self.buyer.name.is_empty(), Missing::BuyerName);
        want(is_country(&self.buyer.country), Missing::BuyerCountry);
        want(!self.lines.is_empty(), Missing::Lines);
        let has = |category| self.lines.iter().any(|line| line.category == category);
        if has(Category::AE) {
            want(is_vat_id(&self.seller.vat_id), Missing::SellerIdentity);
            want(is_vat_id(&self.buyer.vat_id), Missing::BuyerIdentity);
        }
        if has(Category::S) || has(Category::Z) || has(Category::E) {
            want(
                is_vat_id(&self.seller.vat_id) || !self.seller.tax_number.is_empty(),
                Missing::SellerIdentity,
            );
        }
        // BR-DEC: at most two decimals. An amount of three is no amount of the norm unless the last is a zero.
        if self.currency.exponent() > 2 {
            let even = |amount: i64| amount % 10 == 0;
            want(
                self.lines
                    .iter()
                    .all(|line| even(line.net) && even(line.tax)),
                Missing::Decimals,
            );
        }
        missing
    }
}
