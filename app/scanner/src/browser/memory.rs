//! What survives a reload: one IndexedDB database with the device, its list, its log and its settings.
//!
//! All of it but the settings is sealed (docs/decisions/0013-sealed-scanners.md), with one of two keys. What is about guests
//! goes with the time the device was given, by throwing its key away. Scans that were not told yet have a key of their own
//! and name nobody, so that they outlive it.

mod first_build;
mod store;

use std::{cell::RefCell, rc::Rc};

use domain::{
    checkin::{RosterEntry, pack, unpack},
    ids::EventId,
};
use js_sys::Array;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use wasm_bindgen::JsValue;
use web_sys::{IdbDatabase, IdbTransaction};

use self::store::{ABOUT, GUESTS, KEYS, LOG, ROSTER, done, settle};
use super::{
    js,
    seal::{Key, Opening},
};
use crate::model::{Identity, Line, Unsent};

const IDENTITY: &str = "identity";
const BADGE: &str = "badge";
const SETTINGS: &str = "settings";
const UNSENT: &str = "unsent";
/// More lists of changes than this are made one.
const LISTS: usize = 200;

/// Nothing can be remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forgetful {
    /// The disk is full, or our share of it.
    Full,
    /// The browser does not want to, or what it kept cannot be read.
    Refused,
    /// A tab with an earlier build has it open.
    Elsewhere,
}

impl From<JsValue> for Forgetful {
    fn from(fault: JsValue) -> Self {
        match js::get(&fault, "name").and_then(|name| name.as_string()) {
            Some(name) if name == "QuotaExceededError" => Self::Full,
            _ => Self::Refused,
        }
    }
}

impl From<serde_json::Error> for Forgetful {
    fn from(_: serde_json::Error) -> Self {
        Self::Refused
    }
}

/// What a device shows to ask for its place again, once it has forgotten everything else.
#[derive(Clone, Serialize, Deserialize)]
pub struct Badge {
    pub token: String,
    pub event: EventId,
    pub skew_millis: i64,
}

/// The open database.
#[derive(Clone)]
pub struct Memory {
    database: IdbDatabase,
    keys: Rc<RefCell<Keys>>,
    /// How many lists lie in the store.
    lists: Rc<RefCell<usize>>,
}

#[derive(Default)]
struct Keys {
    guests: Option<Key>,
    unsent: Option<Key>,
}

/// What was there when the scanner opened.
#[derive(Default)]
pub struct Remembered {
    pub identity: Option<Identity>,
    pub badge: Option<Badge>,
    pub entries: Vec<RosterEntry>,
    pub lines: Vec<(u64, Line)>,
    /// Scans from before the device forgot its guests.
    pub left: Vec<(u64, Unsent)>,
}

impl Memory {
    pub async fn open() -> Result<Self, Forgetful> {
        let database = store::open().await?;
        let memory = Self {
            database,
            keys: Rc::default(),
            lists: Rc::default(),
        };
        let kept = memory.read(&[KEYS])?.object_store(KEYS)?;
        let (guests, unsent) = (kept.get(&GUESTS.into())?, kept.get(&UNSENT.into())?);
        let keys = Keys {
            guests: Key::kept(settle(&guests).await?),
            unsent: Key::kept(settle(&unsent).await?),
        };
        *memory.keys.borrow_mut() = keys;
        memory.carry_over().await?;
        Ok(memory)
    }

    pub async fn remembered(&self) -> Result<Remembered, Forgetful> {
        let transaction = self.read(&[ABOUT, ROSTER, LOG])?;
        let about = transaction.object_store(ABOUT)?;
        let (identity, badge) = (about.get(&IDENTITY.into())?, about.get(&BADGE.into())?);
        let lists = transaction.object_store(ROSTER)?.get_all()?;
        let log = transaction.object_store(LOG)?;
        let (numbers, lines) = (log.get_all_keys()?, log.get_all()?);
        done(&transaction).await?;
        let mut found = Remembered {
            badge: from_json(self.unsealed(UNSENT, BADGE, &badge.result()?)).await,
            identity: from_json(self.unsealed(GUESTS, IDENTITY, &identity.result()?)).await,
            ..Remembered::default()
        };
        let lists: Vec<_> = Array::from(&lists.result()?)
            .iter()
            .map(|list| self.unsealed(GUESTS, ROSTER, &list))
            .collect();
        *self.lists.borrow_mut() = lists.len();
        for list in lists {
            match list.plain().await.map(|plain| unpack(&plain)) {
                Some(Ok(mut entries)) => found.entries.append(&mut entries),
                // With half a list nobody may be let in: it is loaded again.
                _ => found.identity = None,
            }
        }
        let records: Vec<_> = Array::from(&numbers.result()?)
            .iter()
            .zip(Array::from(&lines.result()?).iter())
            .filter_map(|(number, record)| {
                let part = |name: &str| js::get(&record, name).unwrap_or_default();
                let line = self.unsealed(GUESTS, LOG, &part("line"));
                let unsent = self.unsealed(UNSENT, LOG, &part("unsent"));
                Some((store::whole(&number)?, line, unsent))
            })
            .collect();
        for (number, line, unsent) in records {
            let line = from_json(line).await.filter(|_| found.identity.is_some());
            if let Some(line) = line {
                found.lines.push((number, line));
            } else if let Some(unsent) = from_json(unsent).await {
                found.left.push((number, unsent));
            }
        }
        Ok(found)
    }

    /// The device has a place, and knows nothing of it yet. Whatever was there of another is gone by then.
    pub async fn begin(&self, identity: &Identity) -> Result<(), Forgetful> {
        let guests = Key::make().await?;
        let known = self.keys.borrow().unsent.clone();
        let unsent = match known {
            Some(key) => key,
            None => Key::make().await?,
        };
        let badge = Badge {
            token: identity.token.clone(),
            event: identity.door.event.id,
            skew_millis: identity.skew_millis,
        };
        let badge = unsent.seal(BADGE, &serde_json::to_vec(&badge)?).await?;
        let about = guests
            .seal(IDENTITY, &serde_json::to_vec(identity)?)
            .await?;
        let transaction = self.write(&[ABOUT, KEYS, ROSTER])?;
        let keys = transaction.object_store(KEYS)?;
        keys.put_with_key(guests.value(), &GUESTS.into())?;
        keys.put_with_key(unsent.value(), &UNSENT.into())?;
        let store = transaction.object_store(ABOUT)?;
        store.put_with_key(&about, &IDENTITY.into())?;
        store.put_with_key(&badge, &BADGE.into())?;
        transaction.object_store(ROSTER)?.clear()?;
        done(&transaction).await?;
        *self.lists.borrow_mut() = 0;
        *self.keys.borrow_mut() = Keys {
            guests: Some(guests),
            unsent: Some(unsent),
        };
        Ok(())
    }

    pub async fn save_identity(&self, identity: &Identity) -> Result<(), Forgetful> {
        self.save_page(identity, &[]).await
    }

    /// The place in the list and the entries up to it, together or not at all.
    pub async fn save_page(
        &self,
        identity: &Identity,
        entries: &[RosterEntry],
    ) -> Result<(), Forgetful> {
        let about = self
            .sealed(GUESTS, IDENTITY, &serde_json::to_vec(identity)?)
            .await?;
        let list = self.list(entries).await?;
        let transaction = self.write(&[ABOUT, ROSTER])?;
        let store = transaction.object_store(ABOUT)?;
        store.put_with_key(&about, &IDENTITY.into())?;
        self.add_list(&transaction, list)?;
        done(&transaction).await
    }

    /// Whether changes have piled up.
    pub fn is_crowded(&self) -> bool {
        *self.lists.borrow() > LISTS
    }

    /// Makes one list of all.
    pub async fn tidy(&self, packed: &[u8]) -> Result<(), Forgetful> {
        let list = self.sealed(GUESTS, ROSTER, packed).await?;
        let transaction = self.write(&[ROSTER])?;
        let store = transaction.object_store(ROSTER)?;
        store.clear()?;
        store.add(&list)?;
        done(&transaction).await?;
        *self.lists.borrow_mut() = 1;
        Ok(())
    }

    /// Writes a scan down with the ticket as it is after it. Gives back the number of the line; by then it is kept.
    pub async fn write_down(
        &self,
        line: &Line,
        unsent: &Unsent,
        entry: Option<&RosterEntry>,
    ) -> Result<u64, Forgetful> {
        let shown = self.sealed(GUESTS, LOG, &serde_json::to_vec(line)?).await?;
        let told = self
            .sealed(UNSENT, LOG, &serde_json::to_vec(unsent)?)
            .await?;
        let list = self.list(entry.map_or(&[], std::slice::from_ref)).await?;
        let transaction = self.write(&[LOG, ROSTER])?;
        let record = js::object(&[("line", shown), ("unsent", told)]);
        let number = transaction.object_store(LOG)?.add(&record)?;
        self.add_list(&transaction, list)?;
        done(&transaction).await?;
        store::whole(&number.result()?).ok_or(Forgetful::Refused)
    }

    /// Lines the server has answered.
    pub async fn rewrite(&self, lines: &[(u64, Line)]) -> Result<(), Forgetful> {
        let mut records = Vec::new();
        for (number, line) in lines {
            let shown = self.sealed(GUESTS, LOG, &serde_json::to_vec(line)?).await?;
            records.push((*number, js::object(&[("line", shown)])));
        }
        let transaction = self.write(&[LOG])?;
        let log = transaction.object_store(LOG)?;
        for (number, record) in records {
            log.put_with_key(&record, &JsValue::from_f64(number as f64))?;
        }
        done(&transaction).await
    }

    /// Scans from before, which the server has answered.
    pub async fn told(&self, numbers: &[u64]) -> Result<(), Forgetful> {
        let transaction = self.write(&[LOG])?;
        let log = transaction.object_store(LOG)?;
        for number in numbers {
            log.delete(&JsValue::from_f64(*number as f64))?;
        }
        done(&transaction).await
    }

    pub async fn settings<T: DeserializeOwned>(&self) -> Option<T> {
        let about = self.read(&[ABOUT]).ok()?.object_store(ABOUT).ok()?;
        let request = about.get(&SETTINGS.into()).ok()?;
        let settings = settle(&request).await.ok()?.as_string()?;
        serde_json::from_str(&settings).ok()
    }

    pub async fn save_settings<T: Serialize>(&self, settings: &T) -> Result<(), Forgetful> {
        let settings = serde_json::to_string(settings)?;
        let transaction = self.write(&[ABOUT])?;
        let about = transaction.object_store(ABOUT)?;
        about.put_with_key(&settings.into(), &SETTINGS.into())?;
        done(&transaction).await
    }

    /// Everything about guests, with the key to it. Scans that wait stay; the badge too, if the device may come back.
    pub async fn end(&self, comes_back: bool) -> Result<(), Forgetful> {
        self.keys.borrow_mut().guests = None;
        *self.lists.borrow_mut() = 0;
        let transaction = self.write(&[ABOUT, KEYS, ROSTER])?;
        transaction.object_store(KEYS)?.delete(&GUESTS.into())?;
        let about = transaction.object_store(ABOUT)?;
        about.delete(&IDENTITY.into())?;
        if !comes_back {
            about.delete(&BADGE.into())?;
        }
        transaction.object_store(ROSTER)?.clear()?;
        done(&transaction).await?;
        // Nothing opens what this leaves behind where the disk is full.
        let _ = self.strip_log().await;
        Ok(())
    }

    /// Takes away what nobody can read any more.
    async fn strip_log(&self) -> Result<(), Forgetful> {
        let transaction = self.write(&[LOG])?;
        let log = transaction.object_store(LOG)?;
        let (numbers, records) = (log.get_all_keys()?, log.get_all()?);
        settle(&records).await?;
        let numbers = Array::from(&numbers.result()?);
        for (number, record) in numbers.iter().zip(Array::from(&records.result()?).iter()) {
            match js::get(&record, "unsent") {
                Some(unsent) => log.put_with_key(&js::object(&[("unsent", unsent)]), &number)?,
                None => log.delete(&number)?,
            };
        }
        done(&transaction).await
    }

    /// Everything about guests and the device, told or not. The settings of the person holding it stay.
    pub async fn wipe(&self) -> Result<(), Forgetful> {
        *self.keys.borrow_mut() = Keys::default();
        *self.lists.borrow_mut() = 0;
        let transaction = self.write(&[ABOUT, KEYS, ROSTER, LOG])?;
        let about = transaction.object_store(ABOUT)?;
        about.delete(&IDENTITY.into())?;
        about.delete(&BADGE.into())?;
        for store in [KEYS, ROSTER, LOG] {
            transaction.object_store(store)?.clear()?;
        }
        done(&transaction).await
    }

    async fn list(&self, entries: &[RosterEntry]) -> Result<Option<JsValue>, Forgetful> {
        if entries.is_empty() {
            return Ok(None);
        }
        let packed = pack(entries.iter());
        self.sealed(GUESTS, ROSTER, &packed).await.map(Some)
    }

    fn add_list(&self, to: &IdbTransaction, list: Option<JsValue>) -> Result<(), Forgetful> {
        if let Some(list) = list {
            to.object_store(ROSTER)?.add(&list)?;
            *self.lists.borrow_mut() += 1;
        }
        Ok(())
    }

    fn key(&self, name: &str) -> Option<Key> {
        let keys = self.keys.borrow();
        match name {
            GUESTS => keys.guests.clone(),
            _ => keys.unsent.clone(),
        }
    }

    async fn sealed(&self, key: &str, place: &str, plain: &[u8]) -> Result<JsValue, Forgetful> {
        let key = self.key(key).ok_or(Forgetful::Refused)?;
        key.seal(place, plain).await
    }

    fn unsealed(&self, key: &str, place: &str, sealed: &JsValue) -> Opening {
        self.key(key)
            .map_or(Opening::NOTHING, |key| key.open(place, sealed))
    }

    fn read(&self, stores: &[&str]) -> Result<IdbTransaction, Forgetful> {
        store::begin(&self.database, stores, "readonly")
    }

    fn write(&self, stores: &[&str]) -> Result<IdbTransaction, Forgetful> {
        store::begin(&self.database, stores, "readwrite")
    }
}

async fn from_json<T: DeserializeOwned>(opening: Opening) -> Option<T> {
    js::parse(&opening.plain().await?)
}
