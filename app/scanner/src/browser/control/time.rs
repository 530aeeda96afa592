//! What time it is, and what ends with it.

use domain::when::Timestamp;
use leptos::prelude::*;

use super::{Control, Lock, Screen};
use crate::{browser::clock, model::Watch};

/// A clock further off than this is told to people. Without a network it stops the door: scans at wrong times win or lose
/// against those of other doors.
const TOLERATED_MILLIS: i64 = 120_000;

impl Control {
    /// The current instant by the server's clock.
    pub fn time(self) -> Timestamp {
        let millis = self.watch.with_value(|watch| watch.time(clock::look()));
        Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// What was known of the server's clock when the page was last open.
    pub(super) fn remember_skew(self, skew_millis: i64) {
        self.watch
            .update_value(|watch| watch.set(skew_millis, clock::look()));
    }

    /// The server has said what time it is: so many milliseconds more than on this device.
    pub fn set_skew(self, skew_millis: i64) {
        self.remember_skew(skew_millis);
        self.heard.set_value(true);
        self.clock_changed.set(false);
    }

    /// By how many minutes this device's clock is wrong, where that is worth a word.
    pub fn minutes_wrong(self) -> Option<u64> {
        let skew = self.watch.with_value(Watch::skew).unsigned_abs();
        (skew > TOLERATED_MILLIS.unsigned_abs()).then_some(skew / 60_000)
    }

    /// Time passes: ages grow, leases end, and hands may be at the clock.
    pub fn tick(self) {
        let look = clock::look();
        // Whoever was asked to set the clock right may do so.
        let trusted = clock::slept() || self.screen.get_untracked() == Screen::Locked(Lock::Clock);
        let changed = self
            .watch
            .try_update_value(|watch| watch.look(look, trusted))
            .flatten();
        if changed.is_some() {
            self.clock_changed.set(true);
            // Whoever opens the scanner again is to find the right time.
            let skew = self.watch.with_value(Watch::skew);
            self.settle(|identity| identity.skew_millis = skew);
        }
        let now = self.time();
        self.now.set(now);
        // Once the server was heard, leaps are seen as they happen.
        let heard = self.heard.get_value();
        let back = |latest: Timestamp| {
            !heard
                && latest.as_millisecond() > now.as_millisecond().saturating_add(TOLERATED_MILLIS)
        };
        let state = self.with(|model| {
            (
                model.identity.is_over(now),
                model.latest().is_some_and(back),
            )
        });
        let Some((over, back)) = state else { return };
        match self.screen.get_untracked() {
            // It is ending already.
            Screen::Locked(Lock::Lease | Lock::Over | Lock::Revoked) => {}
            // Also of half a list, and of one that nothing can be written to any more.
            _ if over => {
                self.screen.set(Screen::Locked(Lock::Lease));
                leptos::task::spawn_local(self.end(Lock::Lease));
            }
            Screen::Ready | Screen::Scan if back => self.screen.set(Screen::Locked(Lock::Clock)),
            Screen::Locked(Lock::Clock) if !back => self.screen.set(Screen::Ready),
            Screen::Opening
            | Screen::Pair
            | Screen::Loading
            | Screen::Ready
            | Screen::Scan
            | Screen::Locked(_) => {}
        }
    }
}
