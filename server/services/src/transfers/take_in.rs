//! A statement counts: each line once, whatever files bring it. Credits are held against the payments that wait for them, debits
//! against the refunds that somebody had to send. All lines are judged with a handful of statements, however many there are.

use std::collections::{BTreeMap, HashMap};

use domain::{
    ids::{PaymentId, RefundId},
    payments::PaymentState,
    transfers::{Line, Reason, Reference, Statement, Waiting, judge, keys},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{apply, stored, upload};
use crate::{
    Services, Unexpected, audit,
    db::Tx,
    permit::{PlatformPermit, Proven},
    rows::at,
};

/// What became of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TakenIn {
    /// Lines that no file had brought before.
    pub new: u32,
}

#[derive(Debug, thiserror::Error)]
pub enum TakeInError {
    #[error("no such file")]
    NotFound,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// Takes a file in. Again is fine, and changes nothing; at the same time, too.
#[tracing::instrument(skip_all, fields(%file))]
pub async fn take_in(
    sv: &Services,
    permit: &Proven<PlatformPermit>,
    file: Uuid,
) -> Result<TakenIn, TakeInError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let row = sqlx::query!(
        "select sealed, new_lines from bank_files where id = $1 for update",
        file
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(Unexpected::from)?
    .ok_or(TakeInError::NotFound)?;
    let count = |n: Option<i32>| u32::try_from(n.unwrap_or_default()).unwrap_or_default();
    let Some(sealed) = row.sealed else {
        return Ok(TakenIn {
            new: count(row.new_lines),
        });
    };
    let plain = sv.seal.open(&upload::place(file), &sealed)?;
    let statements: Vec<Statement> =
        serde_json::from_slice(&plain).map_err(|e| Unexpected::bad_row("bank_files", file, e))?;
    let new = store(sv, &mut tx, file, &statements).await?;
    sqlx::query!(
        "update bank_files set sealed = null, taken_in_at = $2, taken_in_by = $3, new_lines = $4 where id = $1",
        file,
        at(sv.now()) as _,
        permit.actor().get(),
        i32::try_from(new).unwrap_or(i32::MAX)
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    let entry = audit::Entry {
        actor: Some(permit.actor()),
        organization: None,
        action: "transfers.take_in",
        subject_kind: "bank_file",
        subject: file.to_string(),
        reason: "",
        before: None,
        after: Some(serde_json::json!({ "new": new })),
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    // What is not told to its order here, the worker tells.
    if let Err(e) = apply::apply_due(sv, apply::AT_ONCE).await {
        tracing::warn!(error = %e, "credits wait for the worker");
    }
    Ok(TakenIn {
        new: u32::try_from(new).unwrap_or(u32::MAX),
    })
}

/// Who is on the other side of a line; sealed, as it tells of people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub party: String,
    pub account: String,
    pub text: String,
}

/// Where a line's content is sealed for.
pub(super) fn place(line: Uuid) -> String {
    format!("bank_lines.sealed|{line}")
}

/// A line that may be new.
pub(super) struct New<'a> {
    pub account: &'a str,
    pub key: String,
    pub line: &'a Line,
    /// Those of ours that stand in it.
    pub references: Vec<Reference>,
}

async fn store(
    sv: &Services,
    tx: &mut Tx,
    file: Uuid,
    statements: &[Statement],
) -> Result<usize, Unexpected> {
    // Twins are counted within an account and a file.
    let mut by_account: BTreeMap<&str, Vec<&Line>> = BTreeMap::new();
    for statement in statements {
        let lines = by_account.entry(statement.account.as_str()).or_default();
        lines.extend(&statement.lines);
    }
    let mut new = Vec::new();
    for (account, lines) in &by_account {
        let owned: Vec<Line> = lines.iter().map(|line| (*line).clone()).collect();
        for (line, key) in lines.iter().zip(keys(&owned)) {
            new.push(New {
                account,
                key,
                line,
                references: Reference::find_all(&line.text),
            });
        }
    }
    let known = stored::known(tx, &new).await?;
    new.retain(|one| !known.contains(&(one.account.to_owned(), one.key.clone())));
    let mut payments = stored::waiting(tx, &new).await?;
    let mut refunds = stored::unsent(tx, &new).await?;
    let mut rows = stored::Rows::default();
    for one in &new {
        let judged = if one.line.amount.minor > 0 {
            credit(one, &mut payments)
        } else {
            debit(one, &mut refunds)
        };
        rows.add(sv, one, &judged)?;
    }
    rows.insert(sv, tx, file).await
}

/// What a line is, and what it belongs to.
#[derive(Default)]
pub(super) struct Judged {
    pub state: &'static str,
    pub reason: Option<Reason>,
    pub payment: Option<PaymentId>,
    pub refund: Option<RefundId>,
}

fn credit(one: &New<'_>, payments: &mut HashMap<String, (PaymentId, Waiting)>) -> Judged {
    let named: Vec<(PaymentId, Waiting)> = one
        .references
        .iter()
        .filter_map(|reference| payments.get(reference.as_str()).copied())
        .collect();
    let waiting: Vec<Waiting> = named.iter().map(|(_, waiting)| *waiting).collect();
    let only = match named.as_slice() {
        [(payment, _)] => Some(*payment),
        _ => None,
    };
    match judge(one.line.amount, &waiting) {
        Ok(place) => {
            let settled = named.get(place).map(|(payment, _)| *payment);
            // A second credit of the same file finds it paid.
            for (payment, waiting) in payments.values_mut() {
                if Some(*payment) == settled {
                    waiting.state = PaymentState::Succeeded;
                }
            }
            Judged {
                state: "matched",
                payment: settled,
                ..Judged::default()
            }
        }
        Err(reason) => Judged {
            state: "open",
            reason: Some(reason),
            payment: only,
            ..Judged::default()
        },
    }
}

fn debit(one: &New<'_>, refunds: &mut HashMap<String, stored::Unsent>) -> Judged {
    let found = one.references.iter().find(|reference| {
        refunds.get(reference.as_str()).is_some_and(|unsent| {
            -unsent.amount == one.line.amount
                && unsent.since.is_none_or(|since| one.line.booked_on >= since)
        })
    });
    match found.and_then(|reference| refunds.remove(reference.as_str())) {
        Some(unsent) => Judged {
            state: "refund",
            refund: Some(unsent.refund),
            ..Judged::default()
        },
        None => Judged {
            state: "debit",
            ..Judged::default()
        },
    }
}
