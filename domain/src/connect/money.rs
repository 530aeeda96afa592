//! Whether a buyer's money is collected by the platform or goes straight to the organizer.

use super::Connected;
use crate::{codes::coded_enum, ledger::Takings};

coded_enum! {
    /// What the platform has agreed with an organization.
    pub enum MoneyGoes {
        /// The platform collects it, and pays out.
        ToPlatform = "platform",
        /// To the organizer's own account at the provider; the platform keeps its fee.
        Straight = "straight",
    }
}

/// Whether the money of an order goes straight on. Where it cannot, the platform collects it: sales do not stop because the
/// provider wants to know more of the organizer, and no buyer has to know.
pub fn goes_straight(agreed: MoneyGoes, account: &Connected, takings: Takings) -> bool {
    let something_is_theirs = takings
        .total
        .checked_sub(takings.fee)
        .is_ok_and(|theirs| theirs.minor > 0);
    // Currencies with three decimals move in steps of ten there: a fee may be none.
    agreed == MoneyGoes::Straight
        && account.takes_money()
        && something_is_theirs
        && takings.total.currency.exponent() <= 2
}
