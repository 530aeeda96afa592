//! Promo codes, on a real database: each scene ends with every promise of the house still kept.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod back;
mod crowd;
mod many;
mod panel;
mod prices;
mod uses;

use domain::{ids::PromoCodeId, money::Money, promo::Refusal};
use services::{
    checkout::{self, ApplyCode, CodeError, Held, PlaceError, Placed},
    permit::ManagePromoCodes,
    promo::{self, CodeForm},
};
use testkit::{Buyer, Event, World};

/// A code for the event that takes off so much, without limits.
fn form(event: &Event, code: &str, kind: &str, value: &str) -> CodeForm {
    CodeForm {
        code: code.to_owned(),
        event: event.id.to_string(),
        kind: kind.to_owned(),
        value: value.to_owned(),
        ..CodeForm::default()
    }
}

async fn make(w: &World, event: &Event, form: &CodeForm) -> PromoCodeId {
    let permit = event.organization.permit::<ManagePromoCodes>();
    promo::create(&w.sv, &permit, form).await.unwrap()
}

async fn apply(w: &World, held: &Held, code: &str) -> Result<Money, CodeError> {
    let cmd = ApplyCode {
        token: held.token.clone(),
        code: code.to_owned(),
        address: None,
    };
    checkout::apply_code(&w.sv, &cmd).await
}

/// Why a code was refused.
fn refusal<T: std::fmt::Debug>(answer: Result<T, CodeError>) -> Refusal {
    match answer {
        Err(CodeError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

/// Gives their details, with the total that they saw.
async fn order(
    w: &World,
    buyer: &Buyer<'_>,
    held: &Held,
    accepted: Money,
) -> Result<Placed, PlaceError> {
    checkout::place(&w.sv, buyer.form(&held.token, accepted)).await
}

async fn used(w: &World) -> (i64, i64) {
    (
        w.count("select sum(used) from promo_codes").await,
        w.count("select sum(spent_minor)::bigint from promo_codes")
            .await,
    )
}

async fn event(w: &World, price_minor: i64) -> Event {
    w.event("Demo")
        .refunds(&[(14, 100)])
        .ticket_type("Seat", price_minor, 200)
        .published()
        .await
}
