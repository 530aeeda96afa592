//! The server's half: what is found becomes what pages show.

use domain::when::Timestamp;
use jiff::{civil::DateTime, tz::Offset};
use services::disputes::{AnswerDisputeError, DisputeDetail, DisputeRow};

use super::{DisputeCaseView, DisputeRowView, DisputeStepView};
use crate::ApiError;

pub(super) const PAGE: u16 = 50;

fn utc(at: Timestamp) -> DateTime {
    Offset::UTC.to_datetime(at)
}

pub(super) fn back_to(organization: &str, dispute: &str, done: &str) {
    crate::context::redirect(&format!(
        "/organize/{organization}/money/disputes/{dispute}?done={done}"
    ));
}

pub(super) fn row(one: DisputeRow) -> DisputeRowView {
    DisputeRowView {
        id: one.id.to_string(),
        order: one.order_code,
        event: one.event_title,
        state: one.state,
        reason: one.reason,
        amount: one.amount,
        answer_by: one.answer_by.map(utc),
        opened: utc(one.opened_at),
    }
}

pub(super) fn case(one: DisputeDetail, may_manage: bool) -> DisputeCaseView {
    DisputeCaseView {
        id: one.id.to_string(),
        order: one.order_code,
        event: one.event_title,
        buyer: one.buyer_name,
        state: one.state,
        reason: one.reason,
        amount: one.amount,
        taken: one.taken,
        costs: one.costs,
        refunded: one.refunded,
        opened: utc(one.opened_at),
        answer_by: one.answer_by.map(utc),
        answered: one.answered_at.map(utc),
        takes_answer: one.takes_answer,
        may_manage,
        blocked: one.blocked,
        statement: one.statement,
        evidence: one.evidence,
        steps: one
            .steps
            .into_iter()
            .map(|step| DisputeStepView {
                at: utc(step.at),
                what: step.what,
                by: step.by,
            })
            .collect(),
    }
}

impl From<AnswerDisputeError> for ApiError {
    fn from(e: AnswerDisputeError) -> Self {
        match e {
            AnswerDisputeError::NotFound => Self::not_found(),
            AnswerDisputeError::Fields(fields) => fields.into(),
            AnswerDisputeError::Unexpected(e) => e.into(),
            e @ (AnswerDisputeError::TooLate | AnswerDisputeError::ProviderDown) => {
                Self::conflict(e.code())
            }
            AnswerDisputeError::Refused(ref why) => {
                tracing::warn!(why, "the payment provider refused an answer to a dispute");
                Self::conflict(e.code())
            }
        }
    }
}
