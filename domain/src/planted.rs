//! Known bugs, to find out whether the tests would notice them: `cargo xtask mutants` plants one after the other.
//!
//! They are there only with the feature `planted-bugs`; without it every question below is the constant "no" and
//! disappears. Which bug is planted says the variable `BILTEN_PLANTED_BUG`.

use crate::codes::coded_enum;

#[cfg(all(feature = "planted-bugs", not(debug_assertions)))]
compile_error!("planted bugs are for tests and never for a release");

coded_enum! {
    /// One bug, named by what it does.
    pub enum Bug {
        /// Places are held although none are left.
        CapacityUnchecked = "capacity_unchecked",
        /// Requests that arrive together do not see what the ones before them took.
        NoRunningSum = "no_running_sum",
        /// A request is granted although one of its pools is short.
        GrantedInPart = "granted_in_part",
        /// What is let go is counted as free twice.
        ReleasedTwice = "released_twice",
        /// The clock that runs out for unpaid orders ends paid ones too.
        PaidOrderExpires = "paid_order_expires",
        /// Late money counts as money in time, for places that others may have by now.
        ExpiredOrderPaid = "expired_order_paid",
        /// More goes back than was paid.
        RefundAboveCaptured = "refund_above_captured",
        /// Late money is kept although there is nothing left to give for it.
        LateMoneyKept = "late_money_kept",
        /// The provider's last message wins, even when it was overtaken.
        LastNewsWins = "last_news_wins",
        /// A message that comes twice has its effect twice (in the simulated use case).
        NewsTwice = "news_twice",
        /// A request that comes twice is done twice (in the simulated use case).
        KeyIgnored = "key_ignored",
        /// Halves of a minor unit are always lost by the buyer.
        RoundingLost = "rounding_lost",
        /// Only one side of a posting is written.
        OneSidedPosting = "one_sided_posting",
        /// Of several doors that let the same ticket in, only one is heard of.
        ConflictDropped = "conflict_dropped",
        /// The merge depends on which line arrives last.
        MergeByArrival = "merge_by_arrival",
        /// A ticket whose order was called off admits.
        RevokedAdmitted = "revoked_admitted",
        /// A ticket of another event admits.
        WrongEventAdmitted = "wrong_event_admitted",
        /// A ticket that is in admits again.
        UsedAdmittedAgain = "used_admitted_again",
        /// Codes that somebody else signed are genuine.
        SignatureUnchecked = "signature_unchecked",
        /// A door believes its own clock (in the simulated door).
        DeviceClock = "device_clock",
    }
}

/// Whether this bug is planted.
#[cfg(not(feature = "planted-bugs"))]
pub(crate) const fn planted(_: Bug) -> bool {
    false
}

/// Whether this bug is planted.
#[cfg(feature = "planted-bugs")]
pub(crate) fn planted(bug: Bug) -> bool {
    static CHOSEN: std::sync::OnceLock<Option<Bug>> = std::sync::OnceLock::new();
    let chosen = CHOSEN.get_or_init(|| Bug::from_code(&std::env::var("BILTEN_PLANTED_BUG").ok()?));
    *chosen == Some(bug)
}

/// `cargo xtask mutants` learns from this what there is.
#[cfg(all(test, feature = "planted-bugs"))]
#[test]
fn list() {
    for bug in Bug::all() {
        println!("planted: {bug}");
    }
}
