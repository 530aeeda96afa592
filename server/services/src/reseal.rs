//! Another sealing key: what is stored under the one before is sealed anew, while everything goes on.

use crate::{Services, Unexpected, accounts, db::Scope, payouts, tickets, transfers, waiting_room};

/// How much was sealed anew. What was under today's key already is not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resealed {
    pub signing_keys: u64,
    pub authenticators: u64,
    pub waiting_rooms: u64,
    pub payout_accounts: u64,
    pub bank_lines: u64,
}

/// Everything that is sealed in the database is under today's key afterwards, or nothing has changed.
///
/// # Errors
/// Neither today's key nor the one before opens something; it is named.
pub async fn reseal(sv: &Services) -> Result<Resealed, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let done = Resealed {
        signing_keys: tickets::reseal_keys(sv, &mut tx).await?,
        authenticators: accounts::reseal_authenticators(sv, &mut tx).await?,
        waiting_rooms: waiting_room::reseal_seeds(sv, &mut tx).await?,
        payout_accounts: payouts::reseal_accounts(sv, &mut tx).await?,
        bank_lines: transfers::reseal_lines(sv, &mut tx).await?,
    };
    tx.commit().await?;
    Ok(done)
}

/// Which rows are under an earlier key, with what is to stand there instead.
pub(crate) fn renewed<K>(
    sv: &Services,
    rows: impl IntoIterator<Item = (K, String, Vec<u8>)>,
) -> Result<(Vec<K>, Vec<Vec<u8>>), Unexpected> {
    let mut renewed = (Vec::new(), Vec::new());
    for (key, place, sealed) in rows {
        if let Some(sealed) = sv.seal.renew(&*sv.entropy, &place, &sealed)? {
            renewed.0.push(key);
            renewed.1.push(sealed);
        }
    }
    Ok(renewed)
}
