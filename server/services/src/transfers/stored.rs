//! What lines of a statement are held against, and how they are written: each in one statement for all of them.

use std::collections::{HashMap, HashSet};

use domain::{
    ids::{OrderCode, PaymentId, RefundId},
    money::Money,
    payments::{DeclineReason, PaymentState},
    transfers::{Reference, Waiting},
};
use jiff::{civil::Date, tz::TimeZone};
use uuid::Uuid;

use super::take_in::{Judged, New, Told, place};
use crate::{
    Services, Unexpected,
    db::Tx,
    rows::{at, coded, money},
};

/// Which of these lines are here already.
pub(super) async fn known(
    tx: &mut Tx,
    new: &[New<'_>],
) -> Result<HashSet<(String, String)>, Unexpected> {
    let accounts: Vec<String> = new.iter().map(|one| one.account.to_owned()).collect();
    let keys: Vec<String> = new.iter().map(|one| one.key.clone()).collect();
    // Two files of the same account are taken in one after the other.
    sqlx::query!("select pg_advisory_xact_lock(hashtext('bank_lines'))")
        .fetch_one(&mut **tx)
        .await?;
    let rows = sqlx::query!(
        r#"
        select l.account, l.key from bank_lines l
        join unnest($1::text[], $2::text[]) as n (account, key) on n.account = l.account and n.key = l.key
        "#,
        &accounts,
        &keys
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.account, row.key)).collect())
}

/// The payments that credits name, under lock, by their references. One that a line has settled counts as paid, even if its order
/// was not told yet.
pub(super) async fn waiting(
    tx: &mut Tx,
    new: &[New<'_>],
) -> Result<HashMap<String, (PaymentId, Waiting)>, Unexpected> {
    let names: Vec<String> = new
        .iter()
        .filter(|one| one.line.amount.minor > 0)
        .flat_map(|one| &one.references)
        .map(|reference| reference.as_str().to_owned())
        .collect();
    if names.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query!(
        r#"
        select p.id, p.provider_ref, p.state, p.decline_reason, p.amount_minor, p.currency,
               exists (select from bank_lines l where l.payment_id = p.id and l.state in ('matched', 'assigned')) as "settled!"
        from payments p
        where p.provider = 'transfer' and p.provider_ref = any($1)
        order by p.id
        for update of p
        "#,
        &names
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let reason: Option<DeclineReason> = row
                .decline_reason
                .map(|reason| coded("payments", row.id, &reason))
                .transpose()?;
            let state = PaymentState::from_parts(&row.state, reason)
                .ok_or_else(|| Unexpected::bad_row("payments", row.id, &row.state))?;
            let waiting = Waiting {
                amount: money("payments", row.id, row.amount_minor, &row.currency)?,
                state: if row.settled {
                    state.max(PaymentState::Succeeded)
                } else {
                    state
                },
            };
            Ok((row.provider_ref, (PaymentId::new(row.id), waiting)))
        })
        .collect()
}

/// A refund of a transfer that no debit tells of yet.
#[derive(Clone, Copy)]
pub(super) struct Unsent {
    pub refund: RefundId,
    pub amount: Money,
    /// It came back, and was asked for once more on this day: debits before it are of the try that came to nothing.
    pub since: Option<Date>,
}

/// Refunds of transfers that no debit tells of yet, by their references, which are the same for every try.
pub(super) async fn unsent(
    tx: &mut Tx,
    new: &[New<'_>],
) -> Result<HashMap<String, Unsent>, Unexpected> {
    let codes: Vec<String> = new
        .iter()
        .filter(|one| one.line.amount.minor < 0)
        .flat_map(|one| &one.references)
        .filter(|reference| reference.is_of_refund())
        .filter_map(Reference::order)
        .map(String::from)
        .collect();
    if codes.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query!(
        r#"
        select r.id, o.code, r.amount_minor, r.currency, r.asked_at
        from orders o
        join refunds r on r.order_id = o.id
        join payments p on p.id = r.payment_id
        where o.code = any($1) and p.provider = 'transfer' and r.state in ('pending', 'succeeded')
          and not exists (select from bank_lines l where l.refund_id = r.id)
        "#,
        &codes
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let code: OrderCode = coded("orders", row.id, &row.code)?;
            let refund = RefundId::new(row.id);
            let amount = money("refunds", row.id, row.amount_minor, &row.currency)?;
            let reference = Reference::of_refund(code, refund).as_str().to_owned();
            let since = row
                .asked_at
                .map(|asked| asked.to_jiff().to_zoned(TimeZone::UTC).date());
            let unsent = Unsent {
                refund,
                amount,
                since,
            };
            Ok((reference, unsent))
        })
        .collect()
}

/// Lines on their way into the database.
#[derive(Default)]
pub(super) struct Rows {
    ids: Vec<Uuid>,
    accounts: Vec<String>,
    keys: Vec<String>,
    days: Vec<String>,
    amounts: Vec<i64>,
    currencies: Vec<String>,
    references: Vec<String>,
    states: Vec<String>,
    reasons: Vec<Option<String>>,
    payments: Vec<Option<Uuid>>,
    refunds: Vec<Option<Uuid>>,
    sealed: Vec<Vec<u8>>,
}

impl Rows {
    pub fn add(&mut self, sv: &Services, one: &New<'_>, judged: &Judged) -> Result<(), Unexpected> {
        let id = sv.new_id();
        let told = Told {
            party: one.line.party.clone(),
            account: one.line.party_account.clone(),
            text: one.line.text.clone(),
        };
        let plain = serde_json::to_vec(&told).map_err(|e| Unexpected::new("bank line", e))?;
        self.sealed
            .push(sv.seal.seal(&*sv.entropy, &place(id), &plain)?);
        self.ids.push(id);
        self.accounts.push(one.account.to_owned());
        self.keys.push(one.key.clone());
        self.days.push(one.line.booked_on.to_string());
        self.amounts.push(one.line.amount.minor);
        self.currencies
            .push(one.line.amount.currency.as_str().to_owned());
        let first = one.references.first();
        self.references
            .push(first.map_or_else(String::new, |reference| reference.as_str().to_owned()));
        self.states.push(judged.state.to_owned());
        self.reasons
            .push(judged.reason.map(|reason| reason.code().to_owned()));
        self.payments.push(judged.payment.map(PaymentId::get));
        self.refunds.push(judged.refund.map(RefundId::get));
        Ok(())
    }

    pub async fn insert(self, sv: &Services, tx: &mut Tx, file: Uuid) -> Result<usize, Unexpected> {
        let done = sqlx::query!(
            r#"
            insert into bank_lines (id, file_id, account, key, booked_on, amount_minor, currency, reference, state, reason,
                                    payment_id, refund_id, sealed, created_at)
            select n.id, $1, n.account, n.key, n.day::date, n.amount, n.currency, n.reference, n.state, n.reason, n.payment,
                   n.refund, n.sealed, $2
            from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[], $9::text[], $10::text[],
                        $11::text[], $12::uuid[], $13::uuid[], $14::bytea[])
                as n (id, account, key, day, amount, currency, reference, state, reason, payment, refund, sealed)
            "#,
            file,
            at(sv.now()) as _,
            &self.ids,
            &self.accounts,
            &self.keys,
            &self.days,
            &self.amounts,
            &self.currencies,
            &self.references,
            &self.states,
            &self.reasons as &[Option<String>],
            &self.payments as &[Option<Uuid>],
            &self.refunds as &[Option<Uuid>],
            &self.sealed
        )
        .execute(&mut **tx)
        .await?;
        Ok(usize::try_from(done.rows_affected()).unwrap_or(usize::MAX))
    }
}
