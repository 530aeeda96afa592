//! Steps that at Stripe a bank, a buyer or time takes.

use serde_json::{Value, json};

use crate::{
    cards,
    error::Failure,
    fields::Fields,
    flow::{
        debit, dispute,
        method::good_card,
        onboarding, pay, payout, refund,
        session::{self, By, Payer},
    },
    params::Params,
    state::State,
};

/// Takes one step.
pub fn step(state: &mut State, path: &[&str], params: &Params) -> Result<Value, Failure> {
    match path {
        ["payments", id, "settle"] => {
            let id = intent_of(state, id);
            let paid = either(params, "outcome", "succeed", "fail")?;
            debit::settle(state, &id, paid)
        }
        ["payments", id, "authenticate"] => {
            let id = intent_of(state, id);
            let agreed = either(params, "outcome", "complete", "fail")?;
            pay::answer_challenge(state, &id, agreed)
        }
        ["sessions", id, "pay"] => pay_session(state, id, params),
        ["refunds", id, "settle"] => {
            let end = params.need("status")?.to_owned();
            refund::settle(state, id, &end)
        }
        ["charges", id, "dispute"] => {
            let reason = params.text("reason").unwrap_or("fraudulent").to_owned();
            let id = charge_of(state, id);
            dispute::open(state, &id, &reason)
        }
        ["disputes", id, "close"] => {
            let won = either(params, "outcome", "won", "lost")?;
            dispute::close(state, id, won)
        }
        ["disputes", id, "escalate"] => dispute::escalate(state, id),
        ["accounts", id, "state"] => {
            let to = params.need("state")?.to_owned();
            onboarding::become_state(state, id, &to)
        }
        ["payouts", "run"] => Ok(json!({ "payouts": payout::run_schedule(state) })),
        ["payouts", id, "settle"] => {
            let arrives = either(params, "outcome", "paid", "failed")?;
            payout::settle(state, id, arrives)
        }
        ["clock", "advance"] => {
            let days = params.int("days")?.unwrap_or(0);
            let seconds = params.int("seconds")?.unwrap_or(0) + days * 86_400;
            if seconds < 0 {
                return Err(Failure::invalid("Time goes forward only.").param("seconds"));
            }
            state.clock.advance(seconds);
            state.tick();
            Ok(json!({ "now": state.now() }))
        }
        other => Err(Failure::no_route("POST", &other.join("/"))),
    }
}

/// Pays a session without its page: by the number of a card or by an IBAN.
fn pay_session(state: &mut State, id: &str, params: &Params) -> Result<Value, Failure> {
    if state.load(id).text("object") != "checkout.session" {
        return Err(Failure::missing("checkout.session", id));
    }
    let by = match params.text("iban") {
        Some("slow") => By::Debit(cards::SLOW_DEBIT.to_owned()),
        Some(iban) => By::Debit(iban.to_owned()),
        None => By::Card(good_card(params.text("card").unwrap_or("4242424242424242"))),
    };
    let payer = Payer {
        email: params
            .text("email")
            .unwrap_or("buyer@example.com")
            .to_owned(),
        name: params.text("name").unwrap_or("Test Buyer").to_owned(),
        by,
    };
    let next = session::attempt(state, id, &payer)?;
    Ok(json!({ "next": next, "session": state.load(id) }))
}

fn intent_of(state: &State, id: &str) -> String {
    state
        .load(id)
        .maybe("payment_intent")
        .unwrap_or(id)
        .to_owned()
}

fn charge_of(state: &State, id: &str) -> String {
    let intent = state.load(&intent_of(state, id));
    intent.maybe("latest_charge").unwrap_or(id).to_owned()
}

fn either(params: &Params, key: &str, yes: &str, no: &str) -> Result<bool, Failure> {
    params.need(key)?;
    Ok(params.word(key, &[yes, no])? == Some(yes))
}
