//! What the platform takes for tickets: plans for everybody, and plans agreed with one organization. A plan is never
//! changed; it ends, and another one begins.

mod agree;
mod list;
mod withdraw;

pub use agree::{AgreeFee, AgreeFeeError, agree};
pub use list::{PlanRow, list};
pub use withdraw::{WithdrawFeeError, withdraw};
