//! Signing in with a wallet, and tying one to the account of a session.

use alloy_primitives::Address;
use domain::ids::UserId;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::{
    ETHEREUM, WalletError,
    message::{Message, signer},
    wallets_available,
};
use crate::{
    Services,
    accounts::{
        Entered,
        challenges::{self, Purpose},
        enter::enter,
        identities, letters, queries,
        record::record,
    },
    db::{Scope, Tx},
    messaging::AccountNotice,
    permit, security_log,
    session::Session,
    throttle::{self, Limit},
};

const PER_CLIENT: Limit = Limit {
    what: "wallet",
    tries: 60,
    span: SignedDuration::from_mins(15),
};

/// What a browser's wallet says of itself.
#[derive(Debug)]
pub struct Wallet {
    /// `0x` and 40 hexadecimal digits.
    pub address: String,
    /// EIP-155.
    pub chain: u64,
}

/// A text to be signed.
#[derive(Debug)]
pub struct WalletQuestion {
    /// Comes back with the signature.
    pub token: String,
    pub text: String,
}

#[derive(Debug)]
pub struct WalletAnswer {
    pub token: String,
    /// 65 bytes, as `0x` and hexadecimal digits.
    pub signature: String,
    pub user_agent: String,
}

/// What was asked, until the answer comes.
#[derive(Serialize, Deserialize)]
struct Asked {
    address: Address,
    text: String,
}

/// Asks a wallet to sign: to sign in, or, from a session, to be tied to its account.
pub async fn begin_wallet(
    sv: &Services,
    session: Option<&Session>,
    wallet: &Wallet,
    client: &str,
) -> Result<WalletQuestion, WalletError> {
    if !wallets_available(sv) {
        return Err(WalletError::Off);
    }
    throttle::count(sv, &PER_CLIENT, client).await?;
    if let Some(session) = session {
        permit::fresh(sv, session)?;
    }
    let address: Address = wallet
        .address
        .trim()
        .parse()
        .map_err(|_| WalletError::Rejected)?;
    let purpose = purpose(session);
    let message = Message {
        origin: &sv.settings.public_url,
        address,
        chain: wallet.chain,
        nonce: &sv.new_secret(),
        now: sv.now(),
        lasts: purpose.lasts(),
    };
    let asked = Asked {
        address,
        text: message.text(),
    };
    let user = session.map(|session| session.user);
    let mut tx = sv.db.begin(Scope::System).await?;
    let token = challenges::put(sv, &mut tx, purpose, user, &asked).await?;
    tx.commit().await?;
    Ok(WalletQuestion {
        token,
        text: asked.text,
    })
}

/// Lets the owner of the wallet in, or on to the second factor.
#[tracing::instrument(skip_all)]
pub async fn sign_in_by_wallet(
    sv: &Services,
    answer: WalletAnswer,
) -> Result<Entered, WalletError> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let address = proven(sv, &mut tx, None, &answer).await;
    let entered = match address {
        Ok(address) => let_in(sv, &mut tx, &address, &answer.user_agent).await,
        Err(error) => Err(error),
    };
    // There is no second try at the same question.
    tx.commit().await?;
    entered
}

/// The wallet opens the account of the session from now on.
#[tracing::instrument(skip_all)]
pub async fn add_wallet(
    sv: &Services,
    session: &Session,
    answer: WalletAnswer,
) -> Result<(), WalletError> {
    permit::fresh(sv, session)?;
    let mut tx = sv.db.begin(Scope::System).await?;
    let added = match proven(sv, &mut tx, Some(session), &answer).await {
        Ok(address) => keep(sv, &mut tx, session.user, address).await,
        Err(error) => Err(error),
    };
    tx.commit().await?;
    added
}

fn purpose(session: Option<&Session>) -> Purpose {
    match session {
        Some(_) => Purpose::AddWallet,
        None => Purpose::UseWallet,
    }
}

/// The address that has signed what was asked of it.
async fn proven(
    sv: &Services,
    tx: &mut Tx,
    session: Option<&Session>,
    answer: &WalletAnswer,
) -> Result<String, WalletError> {
    if !wallets_available(sv) {
        return Err(WalletError::Off);
    }
    let user = session.map(|session| session.user);
    let asked: Option<Asked> =
        challenges::take(sv, tx, purpose(session), user, &answer.token).await?;
    let asked = asked.ok_or(WalletError::Over)?;
    match signer(&asked.text, &answer.signature) {
        Some(signer) if signer == asked.address => Ok(signer.to_checksum(None)),
        _ => {
            security_log::rejected("", "wallet");
            Err(WalletError::Rejected)
        }
    }
}

async fn let_in(
    sv: &Services,
    tx: &mut Tx,
    address: &str,
    user_agent: &str,
) -> Result<Entered, WalletError> {
    let owner = identities::owner(tx, ETHEREUM, address)
        .await?
        .ok_or(WalletError::Unknown)?;
    let user = queries::user(tx, owner)
        .await?
        .ok_or(WalletError::Unknown)?;
    if user.suspended {
        return Err(WalletError::Suspended);
    }
    security_log::accepted(user.id, "wallet");
    Ok(enter(sv, tx, &user, user_agent).await?)
}

async fn keep(
    sv: &Services,
    tx: &mut Tx,
    user: UserId,
    address: String,
) -> Result<(), WalletError> {
    match identities::owner(tx, ETHEREUM, &address).await? {
        Some(owner) if owner == user => return Ok(()),
        Some(_) => return Err(WalletError::TiedElsewhere),
        None => {}
    }
    if !identities::tie(sv, tx, user, ETHEREUM, &address).await? {
        return Err(WalletError::TiedElsewhere);
    }
    letters::notice(sv, tx, user, AccountNotice::WalletAdded { address }).await?;
    record(sv, tx, user, "account.wallet_added").await?;
    Ok(())
}
