//! Capacity and who gets it. The database decides under load; this is the rule it follows.

mod grant;
mod pool;

pub use grant::{Grant, Request, grant};
pub use pool::{Pool, StockError};

/// How many more of a ticket type somebody may have who has `has` of it and `wants` more, if that is fewer than they want.
/// Without a limit everybody may have what they want.
pub fn beyond_limit(has: u32, wants: u32, most: Option<u32>) -> Option<u32> {
    let left = most?.saturating_sub(has);
    (wants > left).then_some(left)
}

/// Whether one more reservation may be opened by someone who has `open` of them; a limit of 0 is none.
pub fn may_reserve(open: u32, limit: u32) -> bool {
    limit == 0 || open < limit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_reached_and_not_passed() {
        assert_eq!(beyond_limit(0, 1_000, None), None);
        assert_eq!(beyond_limit(2, 2, Some(4)), None);
        assert_eq!(beyond_limit(2, 3, Some(4)), Some(2));
        // Lowered after they bought.
        assert_eq!(beyond_limit(6, 1, Some(4)), Some(0));
        assert!(may_reserve(39, 40) && !may_reserve(40, 40));
        assert!(may_reserve(u32::MAX, 0));
    }
}
