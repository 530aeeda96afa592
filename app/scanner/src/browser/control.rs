//! What the screens show and what they can ask for. Model, memory and senses meet here.

mod judge;
mod place;
mod time;

use std::collections::VecDeque;

use domain::{
    checkin::{Tone, Way},
    door::{BATCH, DoorMessage, ScanReport},
    ids::{CheckInId, TicketId},
    when::Timestamp,
};
use leptos::prelude::*;
use locales::Locale;
use serde::{Deserialize, Serialize};

use super::{
    alone, clock, js,
    memory::{Badge, Forgetful, Memory},
    senses::{self, Voice},
    sync,
};
use crate::model::{Identity, Judged, Line, Match, Model, Stats, Unsent, Watch};

/// Which screen is up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    Opening,
    Pair,
    Loading,
    Ready,
    Scan,
    Locked(Lock),
}

/// Why nothing can be scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    Revoked,
    /// Too long without contact.
    Lease,
    /// The server says the event is over.
    Over,
    /// The clock of this device was put back, and nobody is there to ask.
    Clock,
    Storage,
    Full,
    /// Another tab of this device has the scanner open.
    Elsewhere,
}

impl From<Forgetful> for Lock {
    fn from(forgetful: Forgetful) -> Self {
        match forgetful {
            Forgetful::Refused => Self::Storage,
            Forgetful::Full => Self::Full,
            Forgetful::Elsewhere => Self::Elsewhere,
        }
    }
}

/// For how many milliseconds a verdict stays by itself; nothing means until somebody touches it.
pub fn stays(tone: Tone) -> Option<i32> {
    match tone {
        Tone::Go => Some(1200),
        Tone::GoNote => Some(1500),
        Tone::Out => Some(800),
        Tone::Look | Tone::Wait | Tone::Elsewhere | Tone::Stop => None,
    }
}

/// The verdict on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    pub number: u64,
    pub judged: Judged,
    /// Who came with them and may go in too.
    pub mates: Vec<TicketId>,
}

/// What the person holding the device chose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    pub locale: String,
    pub sound: bool,
    pub light: bool,
    pub camera: Option<String>,
}

/// What a text came from; hands get help, machines get an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Camera,
    Machine,
    Hand,
}

const A_MOMENT_MILLIS: i32 = 5;

/// Nobody else writes until this is dropped.
pub struct Held(Control);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.keeping.set_value(false);
    }
}

fn set_changed<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|known| *known != value) {
        signal.set(value);
    }
}

#[derive(Clone, Copy)]
pub struct Control {
    pub screen: RwSignal<Screen>,
    pub locale: RwSignal<Locale>,
    pub settings: RwSignal<Settings>,
    pub card: RwSignal<Option<Card>>,
    pub stats: RwSignal<Stats>,
    pub recent: RwSignal<Vec<(u64, Line)>>,
    pub troubles: RwSignal<Vec<(u64, Line)>>,
    pub found: RwSignal<Option<Vec<Match>>>,
    pub online: RwSignal<bool>,
    /// The server says things that this build does not know: only another one can go on.
    pub outgrown: RwSignal<bool>,
    pub way: RwSignal<Way>,
    pub gate: RwSignal<String>,
    /// Gates to choose from.
    pub gates: RwSignal<Vec<String>>,
    /// Somebody's finger is on the card: it stays.
    pub held: RwSignal<bool>,
    /// A word from whoever runs the doors that was not read yet.
    pub message: RwSignal<Option<DoorMessage>>,
    pub update_ready: RwSignal<bool>,
    /// Ticks, for ages and leases.
    pub now: RwSignal<Timestamp>,
    /// Code of what went wrong with pairing.
    pub fault: RwSignal<Option<String>>,
    pub pairing: RwSignal<bool>,
    /// Somebody has changed the clock of this device since the server was heard.
    pub clock_changed: RwSignal<bool>,
    /// Whether the browser has promised to keep what is stored.
    pub kept: RwSignal<bool>,
    model: StoredValue<Option<Model>>,
    memory: StoredValue<Option<Memory>, LocalStorage>,
    voice: StoredValue<Option<Voice>, LocalStorage>,
    watch: StoredValue<Watch>,
    /// The server has said what time it is since the page was opened.
    heard: StoredValue<bool>,
    /// What this device may come back with after it has forgotten its guests.
    badge: StoredValue<Option<Badge>>,
    /// Scans from before it forgot them, by their numbers.
    left: StoredValue<Vec<(u64, Unsent)>>,
    /// Tokens the server does not take any more.
    spent: StoredValue<Vec<String>>,
    /// Those of them the server cannot take. They stay on the disk: a later build may do better.
    aside: StoredValue<Vec<CheckInId>>,
    /// The list or the log is being written; [`Control::hold`].
    keeping: StoredValue<bool>,
    /// A scan is being written down.
    writing: StoredValue<bool>,
    /// Texts that came in the meantime.
    waiting: StoredValue<VecDeque<(String, Source)>>,
}

impl Control {
    pub fn new(initial: Locale) -> Self {
        let settings = Settings {
            locale: initial.code().to_owned(),
            sound: true,
            light: false,
            camera: None,
        };
        Self {
            screen: RwSignal::new(Screen::Opening),
            locale: RwSignal::new(initial),
            settings: RwSignal::new(settings),
            card: RwSignal::new(None),
            stats: RwSignal::new(Stats::default()),
            recent: RwSignal::new(Vec::new()),
            troubles: RwSignal::new(Vec::new()),
            found: RwSignal::new(None),
            online: RwSignal::new(false),
            outgrown: RwSignal::new(false),
            way: RwSignal::new(Way::In),
            gate: RwSignal::new(String::new()),
            gates: RwSignal::new(Vec::new()),
            held: RwSignal::new(false),
            message: RwSignal::new(None),
            update_ready: RwSignal::new(false),
            now: RwSignal::new(clock::device_now()),
            fault: RwSignal::new(None),
            pairing: RwSignal::new(false),
            clock_changed: RwSignal::new(false),
            kept: RwSignal::new(true),
            model: StoredValue::new(None),
            memory: StoredValue::new_local(None),
            voice: StoredValue::new_local(None),
            watch: StoredValue::new(Watch::new(0, clock::look())),
            heard: StoredValue::new(false),
            badge: StoredValue::new(None),
            left: StoredValue::new(Vec::new()),
            spent: StoredValue::new(Vec::new()),
            aside: StoredValue::new(Vec::new()),
            keeping: StoredValue::new(false),
            writing: StoredValue::new(false),
            waiting: StoredValue::new(VecDeque::new()),
        }
    }

    /// Opens the memory and goes on where the device was.
    pub async fn open(self) {
        clock::notice_sleep();
        if !alone::is_alone().await {
            return self.forgets(Forgetful::Elsewhere);
        }
        let memory = match Memory::open().await {
            Ok(memory) => memory,
            Err(fault) => return self.forgets(fault),
        };
        if let Some(settings) = memory.settings::<Settings>().await {
            self.apply(&settings);
            self.settings.set(settings);
        }
        let remembered = memory.remembered().await;
        self.memory.set_value(Some(memory));
        match remembered {
            Err(fault) => self.forgets(fault),
            Ok(found) => self.resume(found).await,
        }
    }

    pub fn memory(self) -> Option<Memory> {
        self.memory.get_value()
    }

    pub fn with<T>(self, look: impl FnOnce(&Model) -> T) -> Option<T> {
        self.model
            .try_with_value(|model| model.as_ref().map(look))
            .flatten()
    }

    pub fn change<T>(self, change: impl FnOnce(&mut Model) -> T) -> Option<T> {
        self.model
            .try_update_value(|model| model.as_mut().map(change))
            .flatten()
    }

    /// Scans the server has not answered, also those of earlier pairings.
    pub fn pending(self) -> usize {
        self.with(Model::pending).unwrap_or(0) + self.left.with_value(Vec::len)
    }

    /// Whether there are scans the server may take.
    pub fn has_unsent(self) -> bool {
        !self.to_send().is_empty() || self.left().is_some()
    }

    /// The oldest scans of this pairing that the server may take.
    pub fn to_send(self) -> Vec<ScanReport> {
        let aside = self.aside.get_value();
        let oldest = self.with(|model| model.waiting(BATCH + aside.len()));
        let mut scans = oldest.unwrap_or_default();
        scans.retain(|scan| !aside.contains(&scan.id));
        scans.truncate(BATCH);
        scans
    }

    /// Waits until nobody else writes, and keeps others from it. What the list says and what the disk has of it change
    /// together, though sealing takes a moment.
    pub async fn hold(self) -> Held {
        while self.keeping.get_value() {
            js::sleep(A_MOMENT_MILLIS).await;
        }
        self.keeping.set_value(true);
        Held(self)
    }

    /// Brings what is shown up to what is known.
    pub fn refresh(self) {
        let now = self.time();
        let seen = self.with(|model| (model.stats(now), model.recent(10), model.troubles()));
        let (mut stats, recent, troubles) = seen.unwrap_or_default();
        stats.pending = self.pending();
        let place = self.with(|model| {
            let identity = &model.identity;
            (
                identity.way,
                identity.door.place.gate.clone(),
                identity.door.gates.clone(),
                identity.unread().cloned(),
            )
        });
        let (way, gate, gates, message) = place.unwrap_or_default();
        // A message that is set again would be read out again.
        set_changed(self.way, way);
        set_changed(self.gate, gate);
        set_changed(self.gates, gates);
        set_changed(self.message, message);
        self.stats.set(stats);
        self.recent.set(recent);
        self.troubles.set(troubles);
        self.tick();
    }

    /// From a touch: browsers let a page sound only then.
    pub fn start(self) {
        self.wake_voice();
        super::awake::keep_awake();
        self.screen.set(Screen::Scan);
        sync::soon();
    }

    pub fn wake_voice(self) {
        if self.voice.with_value(Option::is_none) {
            self.voice.set_value(Voice::wake());
        }
    }

    pub fn announce(self, tone: Tone) {
        if self.settings.with_untracked(|settings| settings.sound) {
            self.voice.with_value(|voice| {
                if let Some(voice) = voice {
                    voice.say(tone);
                }
            });
        }
        senses::shake(tone);
    }

    /// Whether the camera's texts are wanted: nothing waits for a finger.
    pub fn is_looking(self) -> bool {
        let waits = self.card.with_untracked(|card| {
            card.as_ref()
                .is_some_and(|card| stays(card.judged.verdict.tone()).is_none())
        });
        self.screen.get_untracked() == Screen::Scan
            && !waits
            && !self.held.get_untracked()
            && self
                .found
                .with_untracked(|found| found.as_ref().is_none_or(Vec::is_empty))
    }

    /// What is kept about this device's place: its gate, its way, what was read.
    pub fn settle(self, change: impl FnOnce(&mut Identity)) {
        self.change(|model| {
            model.forget_last();
            change(&mut model.identity);
        });
        self.refresh();
        leptos::task::spawn_local(async move {
            let _held = self.hold().await;
            // As it is by now: a page may have come meanwhile.
            let identity = self.with(|model| model.identity.clone());
            if let (Some(identity), Some(memory)) = (identity, self.memory())
                && let Err(fault) = memory.save_identity(&identity).await
            {
                self.forgets(fault);
            }
        });
    }

    pub fn set(self, change: impl FnOnce(&mut Settings)) {
        let mut settings = self.settings.get_untracked();
        change(&mut settings);
        self.apply(&settings);
        self.settings.set(settings.clone());
        leptos::task::spawn_local(async move {
            if let Some(memory) = self.memory() {
                // Lost settings are chosen again; nothing else depends on them.
                let _ = memory.save_settings(&settings).await;
            }
        });
    }

    fn apply(self, settings: &Settings) {
        if let Some(locale) = Locale::from_code(&settings.locale) {
            self.locale.set(locale);
        }
    }

    /// Nothing can be written down: nobody is let in.
    pub fn forgets(self, fault: Forgetful) {
        self.screen.set(Screen::Locked(fault.into()));
    }

    /// Whether nobody is before the scanner.
    pub fn is_idle(self) -> bool {
        self.card.with_untracked(Option::is_none) && self.found.with_untracked(Option::is_none)
    }
}
