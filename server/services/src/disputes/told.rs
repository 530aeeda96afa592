//! What the provider says about a dispute: in its messages, in its answers, or when it is asked.

use domain::{
    disputes::{Case, DisputeState},
    ids::{DisputeId, PaymentId},
    money::Money,
};

use super::{policy, rows, tell};
use crate::{
    Services, Unexpected, audit,
    db::Tx,
    ledger::{self, Cause},
    orders::{self, Order},
    ports::KnownDispute,
};

/// The payment that is disputed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Disputed {
    pub payment: PaymentId,
    /// It is what the order was paid with, and not a second payment that went back.
    pub own: bool,
}

/// Takes it in; again is fine, and so is any order. The caller has locked payment and order.
pub(crate) async fn dispute_told(
    sv: &Services,
    tx: &mut Tx,
    order: &mut Order,
    of: Disputed,
    known: &KnownDispute,
) -> Result<(), Unexpected> {
    let (organization, provider) = (order.organization, sv.payments.provider());
    let mut dispute = match rows::lock(tx, organization, provider, known).await? {
        Some(dispute) => dispute,
        None => open(sv, tx, order, of, known).await?,
    };
    let had = dispute.case.clone();
    let bad = |e| Unexpected::bad_row("disputes", dispute.id, e);
    let before = if of.own {
        order.gone_for_good()
    } else {
        order.total
    };
    let steps = dispute
        .case
        .take_in(&known.told, order.takings(), before)
        .map_err(bad)?;
    let changed = dispute.is_new || dispute.case != had;
    if !changed {
        return Ok(());
    }
    rows::save(tx, organization, &dispute, (known, known.amount), sv.now()).await?;
    let new: Vec<_> = dispute
        .case
        .moved
        .values()
        .filter(|moved| !had.moved.contains_key(&moved.reference))
        .collect();
    rows::insert_moves(tx, organization, &dispute, (provider, &new), sv.now()).await?;
    let postings: Vec<_> = steps
        .into_iter()
        .map(|step| {
            let cause = Cause::Dispute {
                order: order.id,
                dispute: dispute.id,
                reference: step.reference,
            };
            (cause, step.posting)
        })
        .collect();
    ledger::post_all(sv, tx, organization, &postings).await?;
    if dispute.is_new || dispute.before != dispute.case.state {
        let state = dispute.case.state.code();
        rows::insert_step(sv, tx, organization, dispute.id, state, None).await?;
        record(sv, tx, order, &dispute, known).await?;
    }
    if of.own {
        count_in(order, &had, &dispute.case)?;
        if order.disputed.minor > order.total.minor - order.refunded.minor {
            tracing::error!(dispute.id = %dispute.id, "a bank has taken more than was left of the payment");
        }
        orders::save(tx, order).await?;
        policy::apply(sv, tx, order).await?;
    }
    tell::changed(sv, tx, order, of, &dispute, known).await?;
    Ok(())
}

async fn open(
    sv: &Services,
    tx: &mut Tx,
    order: &Order,
    of: Disputed,
    known: &KnownDispute,
) -> Result<rows::Locked, Unexpected> {
    let id = DisputeId::new(sv.new_id());
    let names = (id, order.id, of.payment);
    let provider = sv.payments.provider();
    rows::insert(tx, order.organization, names, provider, known, sv.now()).await?;
    Ok(rows::Locked {
        id,
        case: Case::new(known.reference.clone(), known.amount),
        before: DisputeState::Inquiry,
        is_new: true,
    })
}

/// What the order's money is reckoned with from now on.
fn count_in(order: &mut Order, had: &Case, has: &Case) -> Result<(), Unexpected> {
    let lost = |case: &Case| match case.state {
        DisputeState::Lost => case.taken,
        DisputeState::Inquiry
        | DisputeState::InquiryAnswered
        | DisputeState::InquiryClosed
        | DisputeState::NeedsAnswer
        | DisputeState::UnderReview
        | DisputeState::Won => Money::zero(case.taken.currency),
    };
    let change = |sum: Money, before: Money, after: Money| {
        sum.checked_sub(before)
            .and_then(|sum| sum.checked_add(after))
            .map_err(|e| Unexpected::bad_row("orders", order.id, e))
    };
    let disputed = change(order.disputed, had.taken, has.taken)?;
    let lost = change(order.lost, lost(had), lost(has))?;
    (order.disputed, order.lost) = (disputed, lost);
    Ok(())
}

async fn record(
    sv: &Services,
    tx: &mut Tx,
    order: &Order,
    dispute: &rows::Locked,
    known: &KnownDispute,
) -> Result<(), Unexpected> {
    let before = (!dispute.is_new).then(|| serde_json::json!({ "state": dispute.before.code() }));
    let entry = audit::Entry {
        actor: None,
        organization: Some(order.organization),
        action: if dispute.is_new {
            "dispute.open"
        } else {
            "dispute.change"
        },
        subject_kind: "order",
        subject: order.code.to_string(),
        reason: "",
        before,
        after: Some(serde_json::json!({
            "state": dispute.case.state.code(), "amount": known.amount, "by": sv.payments.provider(),
        })),
    };
    audit::append(sv, tx, entry).await
}
