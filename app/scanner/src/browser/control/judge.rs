//! From a text or a chosen person to a verdict that is written down, shown and heard; and back.

use std::collections::VecDeque;

use domain::{
    checkin::{RosterEntry, Tone, UnknownKind, Verdict},
    ids::TicketId,
    when::Timestamp,
};
use leptos::prelude::*;

use super::{Card, Control, Screen, Source, stays};
use crate::{
    browser::{
        clock, js,
        memory::{Forgetful, Memory},
        sync,
    },
    model::{Judged, Line, Model},
};

/// Time enough to see how many more there are.
const WITH_MATES_MILLIS: i32 = 4000;

impl Control {
    /// A text was read somewhere.
    pub fn scanned(self, text: &str, source: Source) {
        let text = text.trim();
        // A clock that was set a moment ago, a lease that has just ended.
        self.tick();
        if self.screen.get_untracked() != Screen::Scan
            || (source == Source::Camera && !self.is_looking())
        {
            return;
        }
        if self.writing.get_value() {
            // The camera sees the code again; what hands and hardware scanners send comes once.
            if source != Source::Camera {
                self.waiting
                    .update_value(|waiting| waiting.push_back((text.to_owned(), source)));
            }
            return;
        }
        let now = self.time();
        if source != Source::Hand
            && self
                .change(|model| model.is_repeat(text, now))
                .unwrap_or(true)
        {
            return;
        }
        if source == Source::Hand {
            let looked = self.with(|model| (model.judge(text, now), model.find(text, now)));
            let Some((judged, found)) = looked else {
                return;
            };
            let kind = UnknownKind::Text;
            // Words that are no code are a name, perhaps a misspelt one: nobody was refused.
            if !found.is_empty() || judged.verdict == (Verdict::Unknown { kind }) {
                return self.found.set(Some(found));
            }
        }
        let text = text.to_owned();
        self.decide(now, move |model| Some(model.judge(&text, now)));
    }

    /// A person from the list.
    pub fn choose(self, ticket: TicketId) {
        self.tick();
        if self.screen.get_untracked() != Screen::Scan {
            return;
        }
        let now = self.time();
        self.decide(now, move |model| model.judge_chosen(ticket, now));
    }

    /// Written down first; shown and heard only when the disk has it.
    fn decide(self, now: Timestamp, judge: impl FnOnce(&Model) -> Option<Judged> + 'static) {
        if self.writing.get_value() {
            return;
        }
        self.writing.set_value(true);
        leptos::task::spawn_local(async move {
            let mut judged = None;
            let kept = self.keep(|model| {
                let found = judge(model)?;
                let recorded = model.record(&found, clock::new_id(), now);
                judged = Some(found);
                Some(recorded)
            });
            let kept = kept.await;
            if let (Some(number), Some(judged)) = (kept, judged) {
                let tone = judged.verdict.tone();
                self.found.set(None);
                self.held.set(false);
                let mates = self.with(|model| model.mates(&judged, now));
                let mates = mates.unwrap_or_default();
                self.announce(tone);
                self.clear_later(number, tone, !mates.is_empty());
                self.card.set(Some(Card {
                    number,
                    judged,
                    mates,
                }));
                self.refresh();
                sync::soon();
            }
            self.writing.set_value(false);
            self.catch_up();
        });
    }

    /// Takes what came while the last scan was being written down, in its order.
    fn catch_up(self) {
        while !self.writing.get_value() {
            let Some((text, source)) = self.waiting.try_update_value(VecDeque::pop_front).flatten()
            else {
                return;
            };
            self.scanned(&text, source);
        }
    }

    /// Success clears itself, refusal waits for a finger. A family has a moment to be let in together.
    fn clear_later(self, number: u64, tone: Tone, mates: bool) {
        let Some(millis) = stays(tone) else { return };
        let millis = if mates { WITH_MATES_MILLIS } else { millis };
        leptos::task::spawn_local(async move {
            js::sleep(millis).await;
            if !self.held.get_untracked() {
                self.clear(number);
            }
        });
    }

    /// Lets these in as well, one line for each.
    pub fn admit_mates(self, number: u64, tickets: Vec<TicketId>) {
        if self.writing.get_value() {
            return;
        }
        let now = self.time();
        self.clear(number);
        self.writing.set_value(true);
        leptos::task::spawn_local(async move {
            let mut refused = None;
            let mut all_kept = true;
            for ticket in tickets {
                let mut judged = None;
                let kept = self.keep(|model| {
                    let found = model.judge_chosen(ticket, now)?;
                    let recorded = model.record(&found, clock::new_id(), now);
                    judged = Some(found);
                    Some(recorded)
                });
                let kept = kept.await;
                let (Some(number), Some(judged)) = (kept, judged) else {
                    all_kept = false;
                    break;
                };
                // Came in elsewhere while the family stood here.
                if !judged.verdict.admits() {
                    refused = Some(Card {
                        number,
                        judged,
                        mates: Vec::new(),
                    });
                }
            }
            // Nobody hears that all may go in when some were never written down.
            if all_kept {
                let tone = refused.as_ref().map(|card| card.judged.verdict.tone());
                self.announce(tone.unwrap_or(Tone::Go));
            }
            if refused.is_some() {
                self.card.set(refused);
            }
            self.writing.set_value(false);
            self.refresh();
            sync::soon();
            self.catch_up();
        });
    }

    /// A supervisor lets somebody in whom the rule sends away.
    pub fn force(self, card: Card, reason: String) {
        let now = self.time();
        leptos::task::spawn_local(async move {
            let forced = |model: &Model| model.force(&card.judged, clock::new_id(), now, reason);
            if self.keep(forced).await.is_some() {
                self.clear(card.number);
                self.announce(Tone::GoNote);
                self.refresh();
                sync::soon();
            }
        });
    }

    /// Writes a line down and takes it in; without room for it nothing goes on. The line and the ticket after it are made
    /// when nothing else can change the list any more.
    async fn keep(
        self,
        make: impl FnOnce(&Model) -> Option<(Line, Option<RosterEntry>)>,
    ) -> Option<u64> {
        let memory = self.memory()?;
        let _held = self.hold().await;
        let (line, entry, unsent) = self
            .with(|model| {
                let (line, entry) = make(model)?;
                let unsent = model.unsent(&line);
                Some((line, entry, unsent))
            })
            .flatten()?;
        match memory.write_down(&line, &unsent, entry.as_ref()).await {
            Ok(number) => {
                self.change(|model| model.stored(number, line, entry));
                Some(number)
            }
            Err(fault) => {
                self.forgets(fault);
                None
            }
        }
    }

    /// Makes one list of many, when nobody waits for it.
    pub async fn tidy(self) -> Result<(), Forgetful> {
        let crowded = self.memory().filter(Memory::is_crowded);
        let Some(memory) = crowded.filter(|_| self.is_idle() && !self.keeping.get_value()) else {
            return Ok(());
        };
        // What is written meanwhile would be missing in it.
        let _held = self.hold().await;
        match self.with(Model::packed) {
            Some(packed) => memory.tidy(&packed).await,
            None => Ok(()),
        }
    }

    pub fn clear(self, number: u64) {
        if self
            .card
            .with_untracked(|card| card.as_ref().is_some_and(|card| card.number == number))
        {
            self.card.set(None);
        }
    }

    pub fn undo(self, number: u64) {
        let now = self.time();
        leptos::task::spawn_local(async move {
            let taken = |model: &Model| model.take_back(number, clock::new_id(), now);
            let kept = self.keep(taken).await.is_some();
            // Nothing to take back any more: the server has meanwhile said what became of it.
            self.clear(number);
            if kept {
                self.refresh();
                sync::soon();
            }
        });
    }
}
