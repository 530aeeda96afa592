//! What of an invoice's lines goes back with a refund.
//!
//! An amount is spread over what is left of each line, and a line's tax over what is left of it. Each part is taken from
//! what earlier credit notes left, so no rounding is lost: once the whole invoice has gone back, so has every line and
//! every cent of its tax, whatever the portions were.

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

/// The lines of a credit note for `amount` (with tax, in minor units), with the places they have on the invoice.
/// `before` says for each of the invoice's lines what earlier notes took back.
pub fn credit(
    lines: &[Line],
    before: &[Credited],
    amount: i64,
) -> Result<Vec<(usize, Line)>, CreditError> {
    if amount <= 0 {
        return Err(CreditError::Nothing);
    }
    if lines.len() != before.len() {
        return Err(CreditError::Unfitting);
    }
    let mut left = Vec::with_capacity(lines.len());
    for (line, gone) in lines.iter().zip(before) {
        let (net, tax) = (line.net - gone.net, line.tax - gone.tax);
        if net < 0 || tax < 0 {
            return Err(CreditError::Unfitting);
        }
        left.push((net.checked_add(tax).ok_or(MoneyError::Overflow)?, tax));
    }
    let total: i64 = left.iter().map(|(gross, _)| gross).sum();
    if amount > total {
        return Err(CreditError::TooLarge);
    }
    let (mut passed, mut given) = (0_i64, 0_i64);
    let mut out = Vec::new();
    for (at, (line, (gross, tax))) in lines.iter().zip(&left).enumerate() {
        passed += gross;
        let until = share(passed, amount, total)?;
        let part = until - given;
        given = until;
        if part == 0 {
            continue;
        }
        let tax = share(*tax, part, *gross)?;
        let whole = part == line.gross()?;
        out.push((
            at,
            Line {
                quantity: if whole { line.quantity } else { 1 },
                net: part - tax,
                tax,
                ..line.clone()
            },
        ));
    }
    Ok(out)
}

/// `whole · part / of`, half a unit rounded up.
fn share(whole: i64, part: i64, of: i64) -> Result<i64, MoneyError> {
    let of = i128::from(of);
    let doubled = 2 * i128::from(whole) * i128::from(part) + of;
    i64::try_from(doubled / (2 * of)).map_err(|_| MoneyError::Overflow)
}
