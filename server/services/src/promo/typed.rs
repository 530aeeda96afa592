//! Numbers and amounts as organizers type them about a code.

use domain::{
    money::{Currency, Money},
    pricing::hundredths,
    promo::OffKind,
    text::Fault,
};

use crate::events::whole_number;

const LARGEST_AMOUNT_MINOR: i64 = 100_000_000_000;
const MOST_USES: u32 = 1_000_000;

/// Hundredths of a percent, or minor units.
pub(super) fn value(text: &str, kind: OffKind, currency: Currency) -> Result<i64, Fault> {
    if text.trim().is_empty() {
        return Err(Fault::Required);
    }
    let value = match kind {
        OffKind::Percent => i64::from(hundredths(text, 10_000)?),
        OffKind::Ticket | OffKind::Order => amount(text, currency)?.minor,
    };
    if value == 0 {
        return Err(Fault::TooSmall { min: 1 });
    }
    Ok(value)
}

fn amount(text: &str, currency: Currency) -> Result<Money, Fault> {
    let amount = Money::parse_major(text, currency)?;
    if amount.minor > LARGEST_AMOUNT_MINOR {
        return Err(Fault::TooLarge { max: 1_000_000_000 });
    }
    if amount.is_negative() {
        return Err(Fault::TooSmall { min: 0 });
    }
    Ok(amount)
}

pub(super) fn budget(text: &str, currency: Currency) -> Result<Option<Money>, Fault> {
    match text.trim() {
        "" => Ok(None),
        typed => amount(typed, currency).map(Some),
    }
}

pub(super) fn whole(text: &str) -> Result<Option<u32>, Fault> {
    match text.trim() {
        "" => Ok(None),
        typed => {
            let number = whole_number(typed, 1, i64::from(MOST_USES))?;
            u32::try_from(number)
                .map(Some)
                .map_err(|_| Fault::NotANumber)
        }
    }
}
