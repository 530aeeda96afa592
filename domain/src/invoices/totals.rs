//! How lines add up: per rate, and over all.

use std::collections::BTreeMap;

use super::{Category, Line};
use crate::{money::MoneyError, pricing::Rate};

/// All lines of one rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxGroup {
    pub category: Category,
    pub rate: Rate,
    pub net: i64,
    pub tax: i64,
    pub reason: String,
}

/// What the lines of a document come to, in minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals {
    pub net: i64,
    pub tax: i64,
    pub gross: i64,
    /// Highest rate first.
    pub taxes: Vec<TaxGroup>,
}

/// Sums lines; refuses overflow.
pub fn group(lines: &[Line]) -> Result<Totals, MoneyError> {
    let mut groups: BTreeMap<(Rate, Category), TaxGroup> = BTreeMap::new();
    let (mut net, mut tax) = (0_i64, 0_i64);
    for line in lines {
        net = net.checked_add(line.net).ok_or(MoneyError::Overflow)?;
        tax = tax.checked_add(line.tax).ok_or(MoneyError::Overflow)?;
        let group = groups
            .entry((line.rate, line.category))
            .or_insert_with(|| TaxGroup {
                category: line.category,
                rate: line.rate,
                net: 0,
                tax: 0,
                reason: line.reason.clone(),
            });
        group.net += line.net;
        group.tax += line.tax;
    }
    Ok(Totals {
        net,
        tax,
        gross: net.checked_add(tax).ok_or(MoneyError::Overflow)?,
        taxes: groups.into_values().rev().collect(),
    })
}
