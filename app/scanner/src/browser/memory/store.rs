//! IndexedDB, as far as the scanner needs it.

use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DomException, IdbDatabase, IdbObjectStoreParameters, IdbOpenDbRequest, IdbRequest,
    IdbTransaction,
};

use super::{super::js, Forgetful};

const NAME: &str = "bilten-scanner";
/// Changes whenever what lies in the stores does. Scans that wait must live through that ([`create_stores`]).
const VERSION: u32 = 2;
/// One value for each name.
pub const ABOUT: &str = "about";
/// Keys by their names.
pub const KEYS: &str = "keys";
/// The key to what is about guests.
pub const GUESTS: &str = "guests";
/// Lists of tickets, numbered; later ones replace what earlier ones say.
pub const ROSTER: &str = "roster";
/// Lines, numbered.
pub const LOG: &str = "log";

pub async fn open() -> Result<IdbDatabase, Forgetful> {
    let factory = leptos::prelude::window()
        .indexed_db()?
        .ok_or(Forgetful::Refused)?;
    let request = factory.open_with_u32(NAME, VERSION)?;
    let upgrade = Closure::once_into_js({
        let request = request.clone();
        move || create_stores(&request)
    });
    request.set_onupgradeneeded(Some(upgrade.unchecked_ref()));
    // A tab with an earlier build holds the database as it was, for as long as it is open.
    let blocked = js_sys::Promise::new(&mut |resolve, _| request.set_onblocked(Some(&resolve)));
    let opened = js_sys::Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    let first = js_sys::Promise::race(&js_sys::Array::of2(&blocked, &opened));
    if JsFuture::from(first).await.is_err() {
        return Err(fault(request.error().ok().flatten()));
    }
    // There is no result yet if something is in the way.
    let opened = request.result().map_err(|_| Forgetful::Elsewhere)?;
    let database: IdbDatabase = opened.dyn_into().map_err(|_| Forgetful::Refused)?;
    // A later build in another tab is not kept waiting; what is written here from then on fails, and says so.
    let close = Closure::once_into_js({
        let database = database.clone();
        move || database.close()
    });
    database.set_onversionchange(Some(close.unchecked_ref()));
    Ok(database)
}

/// Lines and settings stay whatever the version, so that no scan is lost. Lists are loaded again: with their key goes what
/// says that they are there.
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
    // Lay there open in the first version, by the tickets' ids.
    let _ = database.delete_object_store(ROSTER);
    let _ = database.create_object_store_with_optional_parameters(ROSTER, &numbered);
    // What there is already stays as it is: creating it again fails.
    let _ = database.create_object_store(ABOUT);
    let _ = database.create_object_store(KEYS);
    let _ = database.create_object_store_with_optional_parameters(LOG, &numbered);
    let keys = request
        .transaction()
        .and_then(|upgrade| upgrade.object_store(KEYS).ok());
    let _ = keys.map(|keys| keys.delete(&GUESTS.into()));
}

/// Strict: complete means that the disk has it, not that the system will write it soon.
pub fn begin(
    database: &IdbDatabase,
    stores: &[&str],
    mode: &str,
) -> Result<IdbTransaction, Forgetful> {
    let names: js_sys::Array = stores.iter().map(|name| JsValue::from(*name)).collect();
    let strict = js::object(&[("durability", "strict".into())]);
    js::call(
        database,
        "transaction",
        &[names.into(), mode.into(), strict],
    )
    .and_then(|transaction| transaction.dyn_into().ok())
    .ok_or(Forgetful::Refused)
}

/// A number the store has given.
pub fn whole(number: &JsValue) -> Option<u64> {
    number
        .as_f64()
        .filter(|number| *number >= 0.0)
        .map(|number| number as u64)
}

/// Waits for a request's result.
pub async fn settle(request: &IdbRequest) -> Result<JsValue, Forgetful> {
    let promise = js_sys::Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    match JsFuture::from(promise).await {
        Ok(_) => Ok(request.result()?),
        Err(_) => Err(fault(request.error().ok().flatten())),
    }
}

/// Waits until the disk has it.
pub async fn done(transaction: &IdbTransaction) -> Result<(), Forgetful> {
    let promise = js_sys::Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        // An error of a request ends in this, too, and by then it is known which.
        transaction.set_onabort(Some(&reject));
    });
    match JsFuture::from(promise).await {
        Ok(_) => Ok(()),
        Err(_) => Err(fault(transaction.error())),
    }
}

fn fault(known: Option<DomException>) -> Forgetful {
    known.map_or(Forgetful::Refused, |fault| JsValue::from(fault).into())
}
