//! How a device comes to its place at a door, and how it loses it: what it knew of guests goes, what happened stays until it
//! has been told.

use domain::{
    door::{BATCH, PairRequest, ScanReport},
    ids::CheckInId,
};
use leptos::prelude::*;

use super::{Control, Lock, Screen};
use crate::{
    browser::{
        clock, disk, js,
        memory::{Badge, Forgetful, Remembered},
        net::{self, NetError},
        sync,
    },
    model::{Identity, Model, Unsent},
};

const FOLDED_AT_ONCE: usize = 500;

impl Control {
    /// Goes on where the device was.
    pub(super) async fn resume(self, found: Remembered) {
        let known = found.identity.as_ref();
        let skew = known
            .map(|identity| identity.skew_millis)
            .or(found.badge.as_ref().map(|badge| badge.skew_millis));
        self.remember_skew(skew.unwrap_or_default());
        self.left.set_value(found.left);
        let may_come_back = found.badge.is_some();
        self.badge.set_value(found.badge);
        self.screen.set(match &found.identity {
            Some(identity) if identity.complete => Screen::Ready,
            Some(_) => Screen::Loading,
            None if may_come_back => Screen::Locked(Lock::Lease),
            None => Screen::Pair,
        });
        if let Some(identity) = found.identity {
            let model = Model::new(identity, found.entries, found.lines);
            self.model.set_value(Some(model));
            self.fold_names();
        }
        self.refresh();
        self.kept.set(disk::is_kept().await);
    }

    /// Makes names ready to be searched, a few at a time, so that the first who searches does not wait.
    fn fold_names(self) {
        leptos::task::spawn_local(async move {
            while self
                .change(|model| model.fold_some(FOLDED_AT_ONCE))
                .unwrap_or(false)
            {
                js::sleep(0).await;
            }
        });
    }

    pub fn pair(self, token: String, device_name: String) {
        if self.pairing.get_untracked() {
            return;
        }
        self.pairing.set(true);
        self.fault.set(None);
        leptos::task::spawn_local(async move {
            self.kept.set(disk::ask_to_keep().await);
            match net::pair(&PairRequest { token, device_name }).await {
                Ok(paired) => {
                    let identity = Identity::new(paired.token, paired.door);
                    match self.paired(identity).await {
                        Ok(()) => sync::now(),
                        Err(fault) => self.forgets(fault),
                    }
                }
                Err(fault) => self.fault.set(Some(fault.code().to_owned())),
            }
            self.pairing.set(false);
        });
    }

    async fn paired(self, identity: Identity) -> Result<(), Forgetful> {
        let _held = self.hold().await;
        if let Some(memory) = self.memory() {
            // What an earlier pairing knew belongs to another door.
            memory.end(false).await?;
        }
        self.begin(identity).await
    }

    /// Goes on after a time without contact, unless somebody has paired the device meanwhile or had it forget everything.
    pub async fn come_back(self, identity: Identity) -> Result<(), Forgetful> {
        let _held = self.hold().await;
        if self.screen.get_untracked() != Screen::Locked(Lock::Lease) || self.is_at_a_door() {
            return Ok(());
        }
        self.begin(identity).await
    }

    /// Stands at a door and knows nothing of it yet. Whoever asks for it holds what is written.
    async fn begin(self, mut identity: Identity) -> Result<(), Forgetful> {
        let Some(memory) = self.memory() else {
            return Err(Forgetful::Refused);
        };
        let server = identity.door.server_now.as_millisecond();
        identity.skew_millis = server.saturating_sub(clock::device_now().as_millisecond());
        self.set_skew(identity.skew_millis);
        memory.begin(&identity).await?;
        self.model
            .set_value(Some(Model::new(identity, Vec::new(), Vec::new())));
        self.screen.set(Screen::Loading);
        self.refresh();
        Ok(())
    }

    pub fn is_at_a_door(self) -> bool {
        self.with(|_| ()).is_some()
    }

    /// Of the pairing of now.
    pub fn token(self) -> Option<String> {
        self.with(|model| model.identity.token.clone())
    }

    /// Looks at the device's place, if it still has it by this token.
    pub fn under<T>(self, token: &str, look: impl FnOnce(&Identity) -> T) -> Option<T> {
        self.with(|model| (model.identity.token == token).then(|| look(&model.identity)))
            .flatten()
    }

    /// With what the device may ask for its place again.
    pub fn badge(self) -> Option<Badge> {
        self.badge.get_value()
    }

    /// Guests and their list go, and with them the key to what may still lie on the disk. Scans that wait are kept.
    pub async fn end(self, lock: Lock) {
        self.screen.set(Screen::Locked(lock));
        let _held = self.hold().await;
        self.close();
        if let Some(memory) = self.memory() {
            let ended = memory.end(lock == Lock::Lease).await;
            match memory.remembered().await {
                // Also where the disk refused the rest: what waits is still sent.
                Ok(found) => {
                    self.left.set_value(found.left);
                    self.badge.set_value(found.badge);
                }
                Err(fault) => self.forgets(fault),
            }
            if let Err(fault) = ended {
                self.forgets(fault);
            }
        }
        self.refresh();
    }

    /// Forgets the door, its guests and its scans, told or not.
    pub async fn forget(self, next: Screen) {
        let _held = self.hold().await;
        self.close();
        if let Some(memory) = self.memory()
            && let Err(fault) = memory.wipe().await
        {
            return self.forgets(fault);
        }
        self.left.set_value(Vec::new());
        self.badge.set_value(None);
        self.refresh();
        self.screen.set(next);
    }

    fn close(self) {
        self.model.set_value(None);
        self.card.set(None);
        self.found.set(None);
    }

    /// The server refused the device itself.
    pub async fn refused(self, fault: &NetError) {
        if fault.is_shut_out() {
            self.end(Lock::Revoked).await;
        } else if fault.code() == "lease_over" {
            self.end(Lock::Over).await;
        }
    }

    /// Scans from before the device forgot its guests, oldest first, with the token they go with: that of now where it is for the
    /// same event.
    pub fn left(self) -> Option<(String, Vec<ScanReport>)> {
        let here = self.with(|model| {
            let identity = &model.identity;
            (identity.door.event.id, identity.token.clone())
        });
        let spent = self.spent.get_value();
        let aside = self.aside.get_value();
        self.left.with_value(|left| {
            let token = |at: usize| {
                let unsent = &left.get(at)?.1;
                match &here {
                    Some((event, token)) if *event == unsent.event => Some(token),
                    _ => Some(&unsent.token),
                }
            };
            let usable = |at: &usize| {
                let is_aside = left
                    .get(*at)
                    .is_some_and(|(_, unsent)| aside.contains(&unsent.line.id));
                !is_aside && token(*at).is_some_and(|token| !spent.contains(token))
            };
            let first = (0..left.len()).find(usable)?;
            let reports = (first..left.len())
                .filter(usable)
                .filter(|at| token(*at) == token(first))
                .filter_map(|at| left.get(at))
                .take(BATCH)
                .map(|(number, unsent)| unsent.line.report(*number));
            Some((token(first)?.clone(), reports.collect()))
        })
    }

    /// The server takes nothing more with this token. What belongs to it waits for another pairing with its event.
    pub fn spend(self, token: String) {
        self.spent.update_value(|spent| spent.push(token));
    }

    /// The server cannot take this one, whatever goes with it. The others go on.
    pub fn set_aside(self, line: CheckInId) {
        self.aside.update_value(|aside| aside.push(line));
    }

    /// The server has answered these.
    pub async fn told(self, answered: &[CheckInId]) -> Result<(), Forgetful> {
        let _held = self.hold().await;
        let is_told = |(_, unsent): &(u64, Unsent)| answered.contains(&unsent.line.id);
        let numbers: Vec<u64> = self.left.with_value(|left| {
            let told = left.iter().filter(|line| is_told(line));
            told.map(|(number, _)| *number).collect()
        });
        if let Some(memory) = self.memory() {
            memory.told(&numbers).await?;
        }
        self.left
            .update_value(|left| left.retain(|line| !is_told(line)));
        self.refresh();
        Ok(())
    }
}
