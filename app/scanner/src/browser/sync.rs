//! Keeps list and log in step with the server: scans out, oldest first; changes in. Gives way when there is no network
//! and comes back by itself.

use std::cell::Cell;

use domain::door::{BATCH, RosterPage, ScanBatch};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, prelude::Closure};

use super::{
    clock,
    control::{Control, Lock, Screen},
    health::health,
    js,
    memory::Forgetful,
    net::{self, NetError},
    offline,
};
use crate::model::{Identity, Look};

const EVERY_MILLIS: i32 = 7_000;
const FIRST_PAUSE_MILLIS: i32 = 2_000;
const LONGEST_PAUSE_MILLIS: i32 = 60_000;
/// The loop sleeps in steps, so that it can be woken.
const STEP_MILLIS: i32 = 250;

thread_local! {
    /// There is something to tell.
    static NEWS: Cell<bool> = const { Cell::new(false) };
    /// Somebody asked, or the network is back: whatever the pause.
    static URGENT: Cell<bool> = const { Cell::new(false) };
}

/// Something new wants to be told. Without a network it waits for the next try.
pub fn soon() {
    NEWS.set(true);
}

/// Tries at once.
pub fn now() {
    URGENT.set(true);
}

/// Runs as long as the page.
pub async fn run(control: Control) {
    follow_network(control);
    let mut pause = EVERY_MILLIS;
    loop {
        if has_work(control) {
            match round(control).await {
                Ok(()) => {
                    control.online.set(true);
                    pause = EVERY_MILLIS;
                    if control.is_idle() {
                        offline::ask_for_new_build().await;
                    }
                }
                Err(Stopped::Net(fault)) => {
                    control.online.set(false);
                    control.refused(&fault).await;
                    pause = if pause == EVERY_MILLIS {
                        FIRST_PAUSE_MILLIS
                    } else {
                        (pause * 2).min(LONGEST_PAUSE_MILLIS)
                    };
                }
                // Whoever was shut out meanwhile has nothing to remember any more.
                Err(Stopped::Memory(_)) if control.with(|_| ()).is_none() => {}
                Err(Stopped::Memory(fault)) => control.forgets(fault),
            }
            control.refresh();
        }
        rest(control, pause).await;
    }
}

fn has_work(control: Control) -> bool {
    let waits = || {
        let own = control.with(|model| model.pending() > 0);
        own.unwrap_or(false) || control.left().is_some()
    };
    match control.screen.get_untracked() {
        Screen::Loading
        | Screen::Ready
        | Screen::Scan
        | Screen::Locked(Lock::Lease | Lock::Clock) => true,
        // What happened at the door is told in any case.
        Screen::Pair | Screen::Locked(Lock::Over | Lock::Revoked | Lock::Storage | Lock::Full) => {
            waits()
        }
        Screen::Opening => false,
    }
}

async fn rest(control: Control, pause: i32) {
    let mut left = pause;
    while left > 0 && !URGENT.get() && !(NEWS.get() && control.online.get_untracked()) {
        js::sleep(STEP_MILLIS).await;
        left -= STEP_MILLIS;
        if left % 5_000 == 0 {
            control.tick();
        }
    }
    NEWS.set(false);
    URGENT.set(false);
}

/// The browser knows at once when the network goes or comes.
fn follow_network(control: Control) {
    let gone = Closure::<dyn FnMut()>::new(move || control.online.set(false));
    let back = Closure::<dyn FnMut()>::new(now);
    let _ = window().add_event_listener_with_callback("offline", gone.as_ref().unchecked_ref());
    let _ = window().add_event_listener_with_callback("online", back.as_ref().unchecked_ref());
    // Live as long as the page.
    gone.forget();
    back.forget();
}

enum Stopped {
    Net(NetError),
    Memory(Forgetful),
}

impl From<NetError> for Stopped {
    fn from(fault: NetError) -> Self {
        Self::Net(fault)
    }
}

impl From<Forgetful> for Stopped {
    fn from(fault: Forgetful) -> Self {
        Self::Memory(fault)
    }
}

async fn round(control: Control) -> Result<(), Stopped> {
    send_left(control).await?;
    if control.with(|_| ()).is_none() {
        // Back after a time without contact: the list is loaded anew, if the server lets us.
        let comes_back = control.screen.get_untracked() == Screen::Locked(Lock::Lease);
        let Some(badge) = control.badge().filter(|_| comes_back) else {
            return Ok(());
        };
        let door = net::door(&badge.token).await?;
        control.begin(Identity::new(badge.token, door)).await?;
    }
    let Some(token) = control.with(|model| model.identity.token.clone()) else {
        return Ok(());
    };
    send(control, &token).await?;
    if matches!(
        control.screen.get_untracked(),
        Screen::Locked(Lock::Storage | Lock::Full)
    ) {
        return Ok(());
    }
    let health = health(control).await;
    let was_loading = control.screen.get_untracked() == Screen::Loading;
    loop {
        let Some(cursor) = control.with(|model| model.identity.cursor.clone()) else {
            return Ok(());
        };
        let asked = clock::look();
        let page = net::roster(&token, &cursor, &health).await?;
        let more = take(control, page, asked).await?;
        if !more {
            break;
        }
    }
    if was_loading && control.screen.get_untracked() == Screen::Loading {
        control.screen.set(Screen::Ready);
    }
    Ok(control.tidy().await?)
}

/// Scans from before the device forgot its guests.
async fn send_left(control: Control) -> Result<(), Stopped> {
    while let Some((token, scans)) = control.left() {
        let batch = ScanBatch { scans, pending: 0 };
        match net::scans(&token, &batch).await {
            Ok(told) => {
                let answered: Vec<_> = told.answers.iter().map(|answer| answer.id).collect();
                if answered.is_empty() {
                    return Err(Stopped::Net(NetError::Away));
                }
                control.told(&answered).await?;
            }
            Err(NetError::Refused(_)) => control.spend(token),
            Err(NetError::Away) => return Err(Stopped::Net(NetError::Away)),
        }
    }
    Ok(())
}

async fn send(control: Control, token: &str) -> Result<(), Stopped> {
    loop {
        let waiting = control.with(|model| (model.waiting(BATCH), model.pending()));
        let Some((scans, pending)) = waiting.filter(|(scans, _)| !scans.is_empty()) else {
            return Ok(());
        };
        let left = u32::try_from(pending.saturating_sub(scans.len())).unwrap_or(u32::MAX);
        let told = net::scans(
            token,
            &ScanBatch {
                scans,
                pending: left,
            },
        )
        .await?;
        let changed = control.change(|model| {
            model.identity.counters = told.counters;
            model.identity.door.lease_until = told.lease_until;
            model.answered(told.answers)
        });
        let changed = changed.unwrap_or_default();
        if changed.is_empty() {
            // Nothing we sent was answered: asking again at once would not help.
            return Err(Stopped::Net(NetError::Away));
        }
        let Some(memory) = control.memory() else {
            return Ok(());
        };
        memory.rewrite(&changed).await?;
        control.refresh();
    }
}

/// Takes a page in, in memory and on disk. Says whether more are waiting.
async fn take(control: Control, page: RosterPage, asked: Look) -> Result<bool, Stopped> {
    let more = page.more;
    // The answer was given somewhere between asking and hearing it. How long that took, the steady clock knows.
    let heard = clock::look();
    let middle = heard.wall - (heard.steady - asked.steady) / 2;
    let skew = page.door.server_now.as_millisecond() - middle;
    control.set_skew(skew);
    let taken = control.change(|model| {
        model.identity.skew_millis = skew;
        let entries = model.take_page(page);
        (model.identity.clone(), entries)
    });
    if let (Some((identity, entries)), Some(memory)) = (taken, control.memory()) {
        memory.save_page(&identity, &entries).await?;
    }
    control.refresh();
    Ok(more)
}
