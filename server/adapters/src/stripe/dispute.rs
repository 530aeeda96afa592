//! Disputes: what Stripe knows of them, and what an organizer answers.
//! <https://docs.stripe.com/api/disputes/object>

use domain::{
    disputes::{DisputeReason, DisputeState, EvidencePart, Moved, Told},
    money::Money,
    when::Timestamp,
};
use serde::Deserialize;
use services::ports::{DisputeEvidence, KnownDispute};
use stripe_client_core::StripeRequest;
use stripe_core::dispute::{CloseDispute, RetrieveDispute, UpdateDispute, UpdateDisputeEvidence};

use super::{
    amount,
    event::Named,
    http::{Fault, Http},
};

/// As it stands in messages and in answers.
#[derive(Deserialize)]
pub(super) struct Dispute {
    id: String,
    amount: i64,
    currency: String,
    reason: String,
    status: String,
    payment_intent: Option<Named>,
    #[serde(default)]
    balance_transactions: Vec<Line>,
    evidence_details: Option<Details>,
}

#[derive(Deserialize)]
struct Details {
    due_by: Option<i64>,
}

/// A line of Stripe's book: money that left our balance is below zero, its fee above.
#[derive(Deserialize)]
struct Line {
    id: String,
    amount: i64,
    currency: String,
    #[serde(default)]
    fee: i64,
}

/// `None` where it is about a payment that is none of ours, or in money that Bilten does not know.
pub(super) fn known(dispute: Dispute) -> Option<KnownDispute> {
    let amount = amount::from_stripe(dispute.amount, &dispute.currency)?;
    let moved = dispute
        .balance_transactions
        .into_iter()
        .map(|line| moved(line, amount))
        .collect::<Option<Vec<_>>>()?;
    let due = dispute.evidence_details.and_then(|details| details.due_by);
    Some(KnownDispute {
        charge_ref: dispute.payment_intent?.into_id(),
        reference: dispute.id,
        reason: reason(&dispute.reason),
        amount,
        told: Told {
            state: state(&dispute.status),
            answer_by: due.and_then(|second| Timestamp::from_second(second).ok()),
            moved,
        },
    })
}

/// The account may be kept in another currency than was paid in: then what was disputed is what has moved.
fn moved(line: Line, disputed: Money) -> Option<Moved> {
    let told = amount::from_stripe(line.amount, &line.currency)?;
    let taken = match (told.currency == disputed.currency, told.is_negative()) {
        (true, _) => -told,
        (false, true) => disputed,
        (false, false) => -disputed,
    };
    Some(Moved {
        reference: line.id,
        taken,
        cost: amount::from_stripe(line.fee, &line.currency)?,
    })
}

/// What is none of these has ended without money: `prevented`, `warning_closed`.
fn state(status: &str) -> DisputeState {
    match status {
        "warning_needs_response" => DisputeState::Inquiry,
        "warning_under_review" => DisputeState::InquiryAnswered,
        "needs_response" => DisputeState::NeedsAnswer,
        "under_review" => DisputeState::UnderReview,
        "won" => DisputeState::Won,
        "lost" => DisputeState::Lost,
        _ => DisputeState::InquiryClosed,
    }
}

fn reason(reason: &str) -> DisputeReason {
    match reason {
        "fraudulent" => DisputeReason::Fraudulent,
        "unrecognized" => DisputeReason::Unrecognized,
        "duplicate" => DisputeReason::Duplicate,
        "product_not_received" => DisputeReason::NotReceived,
        "product_unacceptable" => DisputeReason::NotAsDescribed,
        "credit_not_processed" => DisputeReason::CreditNotProcessed,
        "subscription_canceled" => DisputeReason::Cancelled,
        "debit_not_authorized" => DisputeReason::DebitNotAuthorized,
        _ => DisputeReason::Other,
    }
}

pub(super) async fn find(http: &Http, reference: &str) -> Result<Option<KnownDispute>, Fault> {
    match http
        .send(RetrieveDispute::new(reference).build(), None)
        .await
    {
        Ok(body) => read(&body).map(Some),
        Err(fault) if fault.is_missing() => Ok(None),
        Err(fault) => Err(fault),
    }
}

pub(super) async fn answer(
    http: &Http,
    reference: &str,
    evidence: &DisputeEvidence,
) -> Result<KnownDispute, Fault> {
    let part = |wanted: EvidencePart| {
        let found = evidence.iter().find(|(part, _)| *part == wanted);
        found.map(|(_, text)| text.clone())
    };
    let evidence = UpdateDisputeEvidence {
        customer_name: part(EvidencePart::BuyerName),
        customer_email_address: part(EvidencePart::BuyerEmail),
        customer_purchase_ip: part(EvidencePart::BuyerAddress),
        product_description: part(EvidencePart::Product),
        service_date: part(EvidencePart::ServiceDate),
        access_activity_log: part(EvidencePart::Activity),
        refund_policy_disclosure: part(EvidencePart::RefundPolicy),
        uncategorized_text: part(EvidencePart::Statement),
        ..UpdateDisputeEvidence::new()
    };
    let request = UpdateDispute::new(reference)
        .evidence(evidence)
        .submit(true);
    read(&http.send(request.build(), None).await?)
}

pub(super) async fn accept(http: &Http, reference: &str) -> Result<KnownDispute, Fault> {
    read(
        &http
            .send(CloseDispute::new(reference).build(), None)
            .await?,
    )
}

fn read(body: &[u8]) -> Result<KnownDispute, Fault> {
    let unknown = |why: String| Fault::Unknown(format!("an answer that is not understood: {why}"));
    let dispute: Dispute =
        serde_json::from_slice(body).map_err(|e| unknown(format!("{:?}", e.classify())))?;
    known(dispute).ok_or_else(|| unknown("it names no payment of ours".to_owned()))
}
