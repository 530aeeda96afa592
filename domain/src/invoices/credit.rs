//! What of an invoice's lines goes back with a refund.
//!
//! Net and tax are each spread over what earlier credit notes left of the lines, so no rounding is lost: once the whole
//! invoice has gone back, so has every line and every cent of its tax, whatever the portions were. How much of a refund is
//! tax is decided by the books ([`crate::ledger::Takings::back`]), so that notes and books never differ.

use super::Line;
use crate::money::MoneyError;

/// What has gone back of one line before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Credited {
    pub net: i64,
    pub tax: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CreditError {
    #[error("more than is left of the invoice")]
    TooLarge,
    #[error("nothing goes back")]
    Nothing,
    /// More lines or amounts went back than the invoice has.
    #[error("earlier credit notes do not fit the invoice")]
    Unfitting,
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// The lines of a credit note for `amount` (with tax) of which `tax` is tax, in minor units, with the places they have on
/// the invoice. `before` says for each of the invoice's lines what earlier notes took back.
pub fn credit(
    lines: &[Line],
    before: &[Credited],
    (amount, tax): (i64, i64),
) -> Result<Vec<(usize, Line)>, CreditError> {
    if amount <= 0 || !(0..=amount).contains(&tax) {
        return Err(CreditError::Nothing);
    }
    let left = left(lines, before)?;
    let nets = spread(left.iter().map(|(net, _)| *net), amount - tax)?;
    let taxes = spread(left.iter().map(|(_, tax)| *tax), tax)?;
    let mut out = Vec::new();
    for (at, (line, (net, tax))) in lines.iter().zip(nets.into_iter().zip(taxes)).enumerate() {
        if net == 0 && tax == 0 {
            continue;
        }
        let whole = (net, tax) == (line.net, line.tax);
        let quantity = if whole { line.quantity } else { 1 };
        out.push((
            at,
            Line {
                quantity,
                net,
                tax,
                ..line.clone()
            },
        ));
    }
    Ok(out)
}

/// What is left of each line, net and tax.
pub fn left(lines: &[Line], before: &[Credited]) -> Result<Vec<(i64, i64)>, CreditError> {
    if lines.len() != before.len() {
        return Err(CreditError::Unfitting);
    }
    lines
        .iter()
        .zip(before)
        .map(|(line, gone)| {
            let left = (line.net - gone.net, line.tax - gone.tax);
            if left.0 < 0 || left.1 < 0 {
                return Err(CreditError::Unfitting);
            }
            Ok(left)
        })
        .collect()
}

/// Parts of `amount` in proportion to `left`, none larger than what is left: each gets what the rounded running share has
/// grown by.
fn spread(left: impl Iterator<Item = i64> + Clone, amount: i64) -> Result<Vec<i64>, CreditError> {
    let total = left
        .clone()
        .try_fold(0_i64, i64::checked_add)
        .ok_or(MoneyError::Overflow)?;
    if amount > total {
        return Err(CreditError::TooLarge);
    }
    let (mut passed, mut given) = (0_i64, 0_i64);
    left.map(|part| {
        passed += part;
        let until = share(passed, amount, total)?;
        let part = until - given;
        given = until;
        Ok(part)
    })
    .collect()
}

/// `whole · part / of`, half a unit rounded up.
fn share(whole: i64, part: i64, of: i64) -> Result<i64, MoneyError> {
    let of = i128::from(of).max(1);
    let doubled = 2 * i128::from(whole) * i128::from(part) + of;
    i64::try_from(doubled / (2 * of)).map_err(|_| MoneyError::Overflow)
}
