//! What survives a reload: one IndexedDB database with the device, its list, its log and its settings. Values are JSON.

use domain::checkin::RosterEntry;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    IdbDatabase, IdbObjectStore, IdbObjectStoreParameters, IdbOpenDbRequest, IdbRequest,
    IdbTransaction, IdbTransactionMode,
};

use crate::model::{Identity, Line};

const NAME: &str = "bilten-scanner";
const ABOUT: &str = "about";
const ROSTER: &str = "roster";
const LOG: &str = "log";
const IDENTITY: &str = "identity";
const SETTINGS: &str = "settings";

/// The store refused. Nothing can be remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forgetful;

impl From<JsValue> for Forgetful {
    fn from(_: JsValue) -> Self {
        Self
    }
}

/// The open database.
#[derive(Clone)]
pub struct Memory {
    database: IdbDatabase,
}

/// What was there when the scanner opened.
pub struct Remembered {
    pub identity: Identity,
    pub entries: Vec<RosterEntry>,
    pub lines: Vec<(u64, Line)>,
}

impl Memory {
    pub async fn open() -> Result<Self, Forgetful> {
        let factory = leptos::prelude::window().indexed_db()?.ok_or(Forgetful)?;
        let request = factory.open_with_u32(NAME, 1)?;
        let upgrade = Closure::once_into_js({
            let request = request.clone();
            move || create_stores(&request)
        });
        request.set_onupgradeneeded(Some(upgrade.unchecked_ref()));
        let database: IdbDatabase = settle(&request).await?.dyn_into()?;
        Ok(Self { database })
    }

    pub async fn remembered(&self) -> Result<Option<Remembered>, Forgetful> {
        let transaction = self.read(&[ABOUT, ROSTER, LOG])?;
        let identity = settle(&transaction.object_store(ABOUT)?.get(&IDENTITY.into())?).await?;
        let Some(identity) = from_json::<Identity>(&identity) else {
            return Ok(None);
        };
        let entries = settle(&transaction.object_store(ROSTER)?.get_all()?).await?;
        let log = transaction.object_store(LOG)?;
        let numbers = settle(&log.get_all_keys()?).await?;
        let lines = settle(&log.get_all()?).await?;
        let entries = js_sys::Array::from(&entries)
            .iter()
            .filter_map(|value| from_json(&value))
            .collect();
        let lines = js_sys::Array::from(&numbers)
            .iter()
            .zip(js_sys::Array::from(&lines).iter())
            .filter_map(|(number, line)| Some((whole(&number)?, from_json(&line)?)))
            .collect();
        Ok(Some(Remembered {
            identity,
            entries,
            lines,
        }))
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
        let transaction = self.write(&[ABOUT, ROSTER])?;
        put(&transaction.object_store(ABOUT)?, IDENTITY, identity)?;
        let roster = transaction.object_store(ROSTER)?;
        for entry in entries {
            put(&roster, &entry.ticket.to_string(), entry)?;
        }
        done(&transaction).await
    }

    /// Writes a scan down with the ticket as it is after it. Gives back the number of the line; by then it is kept.
    pub async fn write_down(
        &self,
        line: &Line,
        entry: Option<&RosterEntry>,
    ) -> Result<u64, Forgetful> {
        let transaction = self.write(&[LOG, ROSTER])?;
        let number = transaction.object_store(LOG)?.add(&json(line)?)?;
        if let Some(entry) = entry {
            put(
                &transaction.object_store(ROSTER)?,
                &entry.ticket.to_string(),
                entry,
            )?;
        }
        done(&transaction).await?;
        whole(&number.result()?).ok_or(Forgetful)
    }

    pub async fn rewrite(&self, lines: &[(u64, Line)]) -> Result<(), Forgetful> {
        let transaction = self.write(&[LOG])?;
        let log = transaction.object_store(LOG)?;
        for (number, line) in lines {
            log.put_with_key(&json(line)?, &JsValue::from_f64(*number as f64))?;
        }
        done(&transaction).await
    }

    pub async fn settings<T: DeserializeOwned>(&self) -> Option<T> {
        let transaction = self.read(&[ABOUT]).ok()?;
        let request = transaction
            .object_store(ABOUT)
            .ok()?
            .get(&SETTINGS.into())
            .ok()?;
        from_json(&settle(&request).await.ok()?)
    }

    pub async fn save_settings<T: Serialize>(&self, settings: &T) -> Result<(), Forgetful> {
        let transaction = self.write(&[ABOUT])?;
        put(&transaction.object_store(ABOUT)?, SETTINGS, settings)?;
        done(&transaction).await
    }

    /// Everything about guests and the device. The settings of the person holding it stay.
    pub async fn wipe(&self) -> Result<(), Forgetful> {
        let transaction = self.write(&[ABOUT, ROSTER, LOG])?;
        transaction.object_store(ABOUT)?.delete(&IDENTITY.into())?;
        transaction.object_store(ROSTER)?.clear()?;
        transaction.object_store(LOG)?.clear()?;
        done(&transaction).await
    }

    fn read(&self, stores: &[&str]) -> Result<IdbTransaction, Forgetful> {
        Ok(self
            .database
            .transaction_with_str_sequence(&names(stores))?)
    }

    fn write(&self, stores: &[&str]) -> Result<IdbTransaction, Forgetful> {
        let mode = IdbTransactionMode::Readwrite;
        Ok(self
            .database
            .transaction_with_str_sequence_and_mode(&names(stores), mode)?)
    }
}

fn create_stores(request: &IdbOpenDbRequest) {
    let Some(database) = request
        .result()
        .ok()
        .and_then(|value| value.dyn_into::<IdbDatabase>().ok())
    else {
        return;
    };
    let numbered = IdbObjectStoreParameters::new();
    // Numbers go on counting when lines are deleted; a number is never used twice.
    numbered.set_auto_increment(true);
    let _ = database.create_object_store(ABOUT);
    let _ = database.create_object_store(ROSTER);
    let _ = database.create_object_store_with_optional_parameters(LOG, &numbered);
}

fn names(stores: &[&str]) -> JsValue {
    stores
        .iter()
        .map(|name| JsValue::from(*name))
        .collect::<js_sys::Array>()
        .into()
}

fn json<T: Serialize>(value: &T) -> Result<JsValue, Forgetful> {
    serde_json::to_string(value)
        .map(JsValue::from)
        .map_err(|_| Forgetful)
}

fn from_json<T: DeserializeOwned>(value: &JsValue) -> Option<T> {
    serde_json::from_str(&value.as_string()?).ok()
}

fn put<T: Serialize>(store: &IdbObjectStore, key: &str, value: &T) -> Result<(), Forgetful> {
    store.put_with_key(&json(value)?, &key.into())?;
    Ok(())
}

fn whole(number: &JsValue) -> Option<u64> {
    number
        .as_f64()
        .filter(|number| *number >= 0.0)
        .map(|number| number as u64)
}

/// Waits for a request's result.
async fn settle(request: &IdbRequest) -> Result<JsValue, Forgetful> {
    let promise = js_sys::Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    JsFuture::from(promise).await?;
    Ok(request.result()?)
}

/// Waits until the disk has it.
async fn done(transaction: &IdbTransaction) -> Result<(), Forgetful> {
    let promise = js_sys::Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onerror(Some(&reject));
        transaction.set_onabort(Some(&reject));
    });
    JsFuture::from(promise).await?;
    Ok(())
}
