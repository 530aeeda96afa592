//! A promo code comes to a basket, or goes from it.

mod desk;

use std::net::IpAddr;

use domain::{
    money::Money,
    promo::{self as rules, Refusal},
};
use jiff::SignedDuration;

use super::address_key;
use crate::{
    Services, Unexpected,
    ports::NotTaken,
    throttle::{self, Limit, TooMany},
};

pub(crate) use desk::Codes;
use desk::Typed;

/// Whoever tries so many has no code.
const TRIES_FOR_A_HOLD: Limit = Limit {
    what: "promo_code_hold",
    tries: 15,
    span: SignedDuration::from_mins(10),
};
/// Many may be behind one address; but codes are not to be found by trying.
const TRIES_OF_AN_ADDRESS: Limit = Limit {
    what: "promo_code_address",
    tries: 100,
    span: SignedDuration::from_mins(10),
};

#[derive(Debug, Clone)]
pub struct ApplyCode {
    /// The hold's.
    pub token: String,
    /// As it was typed.
    pub code: String,
    /// From where it is asked for, if that is known.
    pub address: Option<IpAddr>,
}

#[derive(Debug, thiserror::Error)]
pub enum CodeError {
    #[error("no such hold")]
    NotFound,
    #[error("the hold is over, or ordered")]
    Over,
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The way on: choose anew, at today's prices.
    #[error("the prices were changed since the tickets were chosen")]
    PricesChanged,
    /// The way on: more tickets, or no code.
    #[error("nobody can pay the total with the code: {0}")]
    NotPayable(NotTaken),
    #[error(transparent)]
    TooMany(#[from] TooMany),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl CodeError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Over => "hold_expired",
            Self::Refused(refusal) => refusal.code(),
            Self::PricesChanged => "promo_prices_changed",
            Self::NotPayable(_) => "promo_not_payable",
            Self::TooMany(_) => "too_many",
            Self::Unexpected(_) => "internal",
        }
    }
}

/// Promises the prices with the code, and counts it as used until the hold is over. Another code of the hold is given back;
/// if this one is refused, nothing has changed. Returns what is saved.
#[tracing::instrument(skip_all)]
pub async fn apply_code(sv: &Services, cmd: &ApplyCode) -> Result<Money, CodeError> {
    if let Some(address) = address_key(sv, cmd.address) {
        throttle::count(sv, &TRIES_OF_AN_ADDRESS, &address.to_string()).await?;
    }
    throttle::count(sv, &TRIES_FOR_A_HOLD, &cmd.token).await?;
    let folded = rules::fold(&cmd.code).ok_or(Refusal::Unknown)?;
    submit(sv, &cmd.token, Some(folded)).await
}

/// The hold costs again what it did without a code. Without one, nothing happens.
pub async fn remove_code(sv: &Services, token: &str) -> Result<(), CodeError> {
    submit(sv, token, None).await.map(|_| ())
}

async fn submit(sv: &Services, token: &str, code: Option<String>) -> Result<Money, CodeError> {
    let found = sv
        .queues
        .found_holds
        .submit(sv, (), token.to_owned())
        .await?
        .ok_or(CodeError::NotFound)?;
    let typed = Typed {
        hold: found.hold,
        code,
    };
    let at = (found.organization, found.event);
    sv.queues.codes.submit(sv, at, typed).await?
}
