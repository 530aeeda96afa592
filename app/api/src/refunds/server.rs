//! The server's half: what is found becomes what pages show.

use domain::catalog::EventState;
use services::orders::{CallOffFigures, OfferFigures, RetryRunError, RunRow, RunView as Run};

use super::{CallOffView, MoneyBackView, OfferView, RunMoneyView, RunRowView, RunView};
use crate::{ApiError, values::Moment};

pub(super) const PAGE: u16 = 50;

pub(super) fn call_off(slug: String, state: EventState, figures: CallOffFigures) -> CallOffView {
    CallOffView {
        slug,
        state,
        orders: figures.orders,
        tickets: figures.tickets,
        unpaid: figures.unpaid,
        disputed: figures.disputed,
        money: figures
            .money
            .into_iter()
            .map(|one| MoneyBackView {
                refund: one.refund,
                fee: one.fee,
                tax: one.tax,
                own: one.own,
                balance: one.balance,
                short: one.short,
            })
            .collect(),
    }
}

pub(super) fn run(run: Run, zone: &str) -> RunView {
    let counts = run.counts;
    RunView {
        cause: run.cause,
        reason: run.reason,
        working: run.working,
        started_by: run.started_by,
        started: Moment::new(run.started_at, zone),
        finished: run.finished_at.map(|at| Moment::new(at, zone)),
        all: counts.all(),
        waiting: counts.waiting,
        on_the_way: counts.on_the_way,
        sent: counts.sent,
        failed: counts.failed,
        skipped: counts.skipped,
        money: run
            .money
            .into_iter()
            .map(|one| RunMoneyView {
                promised: one.promised,
                sent: one.sent,
                failed: one.failed,
            })
            .collect(),
    }
}

pub(super) fn row(row: RunRow, zone: &str) -> RunRowView {
    let changed = Moment::new(row.changed_at, zone);
    RunRowView {
        code: row.code.to_string(),
        buyer_name: row.buyer_name,
        outcome: row.outcome,
        why: row.why,
        provider_says: row.provider_says,
        amount: row.amount,
        changed: changed.at,
        zone: changed.zone,
    }
}

pub(super) fn offer(offer: OfferFigures, zone: &str) -> OfferView {
    OfferView {
        until: Moment::new(offer.until, zone),
        open: offer.open,
        kept: offer.kept,
        given_back: offer.given_back,
        silent: offer.silent,
        money_back: offer.money_back,
    }
}

impl From<RetryRunError> for ApiError {
    fn from(e: RetryRunError) -> Self {
        match e {
            RetryRunError::NotFound => Self::not_found(),
            RetryRunError::NothingFailed => Self::conflict(e.code()),
            RetryRunError::Unexpected(e) => e.into(),
        }
    }
}
