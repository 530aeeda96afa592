//! The first organizer has an account, and has asked for part of its money.

use domain::{
    money::{Currency, Money},
    payouts::{AccountNumber, BankAccount},
};

use super::accounts::House;
use crate::{
    Services, Unexpected,
    db::Tx,
    payouts::{self, RequestPayout, RequestPayoutError},
};

/// The example of the standard for account numbers; no bank has it.
const NUMBER: &str = "DE75512108001245126199";

pub(super) async fn insert(sv: &Services, tx: &mut Tx, houses: &[House]) -> Result<(), Unexpected> {
    let Some(house) = houses.first() else {
        return Ok(());
    };
    let account = BankAccount {
        holder: house.name.to_owned(),
        number: AccountNumber::parse(NUMBER).map_err(|e| Unexpected::new("sample account", e))?,
        bank_code: String::new(),
    };
    payouts::store_account(sv, tx, house.id, None, &account).await?;
    let part = RequestPayout {
        currency: Currency::EUR,
        amount: Some(Money::new(250_000, Currency::EUR)),
    };
    match payouts::request_in(sv, tx, house.id, None, part).await {
        Ok(_) | Err(RequestPayoutError::TooMuch { .. } | RequestPayoutError::Nothing) => Ok(()),
        Err(e) => Err(Unexpected::new("payout of the sample", e.to_string())),
    }
}
