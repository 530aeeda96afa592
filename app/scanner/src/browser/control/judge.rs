//! From a text or a chosen person to a verdict that is written down, shown and heard; and back.

use std::collections::VecDeque;

use domain::{
    checkin::{Tone, UnknownKind, Verdict},
    ids::TicketId,
    when::Timestamp,
};
use leptos::prelude::*;

use super::{Card, Control, Lock, Screen, Source};
use crate::{
    browser::{clock, js, memory::Forgetful, sync},
    model::Judged,
};

impl Control {
    /// A text was read somewhere.
    pub fn scanned(self, text: &str, source: Source) {
        let text = text.trim();
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
        let Some(judged) = self.with(|model| model.judge(text, now)) else {
            return;
        };
        if source == Source::Hand {
            let found = self.with(|model| model.find(text)).unwrap_or_default();
            let kind = UnknownKind::Text;
            // Words that are no code are a name, perhaps a misspelt one: nobody was refused.
            if !found.is_empty() || judged.verdict == (Verdict::Unknown { kind }) {
                return self.found.set(Some(found));
            }
        }
        self.decide(judged, now);
    }

    /// A person from the list.
    pub fn choose(self, ticket: TicketId) {
        let now = self.time();
        if let Some(judged) = self.with(|model| model.judge_chosen(ticket, now)).flatten() {
            self.decide(judged, now);
        }
    }

    /// Written down first; shown and heard only when the disk has it.
    fn decide(self, judged: Judged, now: Timestamp) {
        if self.writing.get_value() {
            return;
        }
        let Some((line, entry)) = self.with(|model| model.record(&judged, clock::new_id(), now))
        else {
            return;
        };
        self.writing.set_value(true);
        leptos::task::spawn_local(async move {
            let Some(memory) = self.memory() else { return };
            match memory.write_down(&line, entry.as_ref()).await {
                Ok(number) => {
                    let tone = judged.verdict.tone();
                    self.change(|model| model.stored(number, line, entry));
                    self.found.set(None);
                    self.card.set(Some(Card { number, judged }));
                    self.announce(tone);
                    self.refresh();
                    self.clear_later(number, tone);
                    sync::soon();
                }
                Err(Forgetful) => self.screen.set(Screen::Locked(Lock::Storage)),
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

    /// Success clears itself, refusal waits for a finger.
    fn clear_later(self, number: u64, tone: Tone) {
        let millis = match tone {
            Tone::Go => 1200,
            Tone::GoNote => 1500,
            Tone::Wait | Tone::Elsewhere | Tone::Stop => return,
        };
        leptos::task::spawn_local(async move {
            js::sleep(millis).await;
            self.clear(number);
        });
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
        let Some((line, entry)) = self
            .with(|model| model.take_back(number, clock::new_id(), now))
            .flatten()
        else {
            return;
        };
        leptos::task::spawn_local(async move {
            let Some(memory) = self.memory() else { return };
            match memory.write_down(&line, entry.as_ref()).await {
                Ok(undo) => {
                    self.change(|model| model.stored(undo, line, entry));
                    self.clear(number);
                    self.refresh();
                    sync::soon();
                }
                Err(Forgetful) => self.screen.set(Screen::Locked(Lock::Storage)),
            }
        });
    }
}
