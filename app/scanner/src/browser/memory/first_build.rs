//! What the first build has left behind: it sealed nothing.

use js_sys::Array;

use super::{ABOUT, Forgetful, IDENTITY, KEYS, Key, LOG, Memory, UNSENT, js, store::done};
use crate::model::Unsent;

impl Memory {
    /// Scans that wait in the open form of the first build become sealed ones; the rest of what it kept goes.
    pub(super) async fn carry_over(&self) -> Result<(), Forgetful> {
        let transaction = self.read(&[ABOUT, LOG])?;
        let identity = transaction.object_store(ABOUT)?.get(&IDENTITY.into())?;
        let log = transaction.object_store(LOG)?;
        let (numbers, lines) = (log.get_all_keys()?, log.get_all()?);
        done(&transaction).await?;
        // Sealed ones are no texts.
        let Some(identity) = identity.result()?.as_string() else {
            return Ok(());
        };
        let known = self.keys.borrow().unsent.clone();
        let key = match known {
            Some(key) => key,
            None => Key::make().await?,
        };
        let mut records = Vec::new();
        for (number, line) in Array::from(&numbers.result()?)
            .iter()
            .zip(Array::from(&lines.result()?).iter())
        {
            let Some(line) = line.as_string() else {
                continue;
            };
            let record = match Unsent::of_first_build(&identity, &line) {
                Some(unsent) => {
                    let told = key.seal(LOG, &serde_json::to_vec(&unsent)?).await?;
                    Some(js::object(&[("unsent", told)]))
                }
                None => None,
            };
            records.push((number, record));
        }
        // All of it or nothing: whatever stops this, the next start finds it as it was.
        let transaction = self.write(&[ABOUT, KEYS, LOG])?;
        let keys = transaction.object_store(KEYS)?;
        keys.put_with_key(key.value(), &UNSENT.into())?;
        let log = transaction.object_store(LOG)?;
        for (number, record) in records {
            match record {
                Some(record) => log.put_with_key(&record, &number)?,
                None => log.delete(&number)?,
            };
        }
        let about = transaction.object_store(ABOUT)?;
        about.delete(&IDENTITY.into())?;
        done(&transaction).await?;
        self.keys.borrow_mut().unsent = Some(key);
        Ok(())
    }
}
