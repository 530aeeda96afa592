//! Keeps list and log in step with the server: scans out, oldest first; changes in. Gives way when there is no network
//! and comes back by itself.

use std::cell::Cell;

use domain::{
    door::{RosterPage, ScanAnswers, ScanBatch, ScanReport},
    ids::CheckInId,
};
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
            let before = control.token();
            match round(control).await {
                Ok(()) => {
                    control.online.set(true);
                    control.outgrown.set(false);
                    pause = EVERY_MILLIS;
                }
                Err(Stopped::Net(fault)) => {
                    control.online.set(false);
                    control.outgrown.set(fault == NetError::Garbled);
                    // Paired again meanwhile: it was said to another.
                    if control.token() == before {
                        control.refused(&fault).await;
                    }
                    pause = if pause == EVERY_MILLIS {
                        FIRST_PAUSE_MILLIS
                    } else {
                        (pause * 2).min(LONGEST_PAUSE_MILLIS)
                    };
                }
                // Whoever was shut out meanwhile has nothing to remember any more.
                Err(Stopped::Memory(_)) if !control.is_at_a_door() => {}
                Err(Stopped::Memory(fault)) => control.forgets(fault),
            }
            control.refresh();
            // After failures, too: it may be this build that cannot read what the server says.
            // A network that hangs must not hold up the next round.
            if control.is_idle() {
                leptos::task::spawn_local(offline::ask_for_new_build());
            }
        }
        rest(control, pause).await;
    }
}

fn has_work(control: Control) -> bool {
    match control.screen.get_untracked() {
        Screen::Loading
        | Screen::Ready
        | Screen::Scan
        | Screen::Locked(Lock::Lease | Lock::Clock) => true,
        // What happened at the door is told in any case.
        Screen::Pair | Screen::Locked(Lock::Over | Lock::Revoked | Lock::Storage | Lock::Full) => {
            control.has_unsent()
        }
        Screen::Opening | Screen::Locked(Lock::Elsewhere) => false,
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
    if !control.is_at_a_door() {
        // Back after a time without contact: the list is loaded anew, if the server lets us.
        let comes_back = control.screen.get_untracked() == Screen::Locked(Lock::Lease);
        let Some(badge) = control.badge().filter(|_| comes_back) else {
            return Ok(());
        };
        let door = net::door(&badge.token).await?;
        if let Err(fault) = control.come_back(Identity::new(badge.token, door)).await {
            // Nothing was ended meanwhile: there is no room for a list, and that has to be said.
            control.forgets(fault);
            return Ok(());
        }
    }
    let Some(token) = control.token() else {
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
    loop {
        let Some(cursor) = control.under(&token, |identity| identity.cursor.clone()) else {
            return Ok(());
        };
        let asked = clock::look();
        let page = net::roster(&token, &cursor, &health).await?;
        let more = take(control, &token, page, asked).await?;
        if !more {
            break;
        }
    }
    let complete = control.under(&token, |identity| identity.complete);
    if complete == Some(true) && control.screen.get_untracked() == Screen::Loading {
        control.screen.set(Screen::Ready);
    }
    Ok(control.tidy().await?)
}

/// What became of lines that were sent.
enum Told {
    Answers(ScanAnswers),
    /// The server cannot take this one, even alone.
    Never(CheckInId),
}

/// Sends lines, fewer of them where the server does not take all: one that it cannot read must not stop the others.
async fn tell(control: Control, token: &str, mut scans: Vec<ScanReport>) -> Result<Told, NetError> {
    loop {
        let left = control.pending().saturating_sub(scans.len());
        let pending = u32::try_from(left).unwrap_or(u32::MAX);
        let batch = ScanBatch { scans, pending };
        match net::scans(token, &batch).await {
            Ok(answers) => return Ok(Told::Answers(answers)),
            Err(fault) if fault.is_about_lines() => {}
            Err(fault) => return Err(fault),
        }
        scans = batch.scans;
        if let [line] = scans.as_slice() {
            return Ok(Told::Never(line.id));
        }
        scans.truncate(scans.len() / 2);
    }
}

/// Scans from before the device forgot its guests.
async fn send_left(control: Control) -> Result<(), Stopped> {
    while let Some((token, scans)) = control.left() {
        match tell(control, &token, scans).await {
            Ok(Told::Answers(told)) => {
                let answered: Vec<_> = told.answers.iter().map(|answer| answer.id).collect();
                if answered.is_empty() {
                    return Err(Stopped::Net(NetError::Away));
                }
                control.told(&answered).await?;
            }
            Ok(Told::Never(line)) => control.set_aside(line),
            Err(fault) if fault.is_shut_out() => control.spend(token),
            // Whatever else it is, it does not concern the door of now, which goes on. The next round tries again.
            Err(_) => return Ok(()),
        }
    }
    Ok(())
}

async fn send(control: Control, token: &str) -> Result<(), Stopped> {
    loop {
        let scans = control.to_send();
        if scans.is_empty() || control.under(token, |_| ()).is_none() {
            return Ok(());
        }
        let told = match tell(control, token, scans).await? {
            Told::Answers(told) => told,
            // It happened at the door: it stays among what waits, for a server or a build that can do better.
            Told::Never(line) => {
                control.set_aside(line);
                continue;
            }
        };
        let _held = control.hold().await;
        let (Some(memory), Some(())) = (control.memory(), control.under(token, |_| ())) else {
            return Ok(());
        };
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
        memory.rewrite(&changed).await?;
        control.refresh();
    }
}

/// Takes a page in, in memory and on disk. Says whether more are waiting.
async fn take(
    control: Control,
    token: &str,
    page: RosterPage,
    asked: Look,
) -> Result<bool, Stopped> {
    let more = page.more;
    // The answer was given somewhere between asking and hearing it. How long that took, the steady clock knows.
    let heard = clock::look();
    let middle = heard.wall - (heard.steady - asked.steady) / 2;
    let skew = page.door.server_now.as_millisecond() - middle;
    // No scan is half written down while the list changes.
    let _held = control.hold().await;
    let (Some(memory), Some(())) = (control.memory(), control.under(token, |_| ())) else {
        // The device stands at another door by now, or at none.
        return Ok(false);
    };
    control.set_skew(skew);
    let taken = control.change(|model| {
        model.identity.skew_millis = skew;
        let entries = model.take_page(page);
        (model.identity.clone(), entries)
    });
    if let Some((identity, entries)) = taken {
        memory.save_page(&identity, &entries).await?;
    }
    control.refresh();
    Ok(more)
}
