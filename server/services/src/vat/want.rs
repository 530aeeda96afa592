//! From now on it is to be known what the register says of an id.

use domain::pricing::{VatId, VatStanding, is_eu};
use jiff::SignedDuration;
use uuid::Uuid;

use super::VatCheck;
use crate::{Services, Unexpected, db::Tx, rows::at};

/// An answer holds that long; then it is asked for again when somebody uses the id.
const HOLDS: SignedDuration = SignedDuration::from_hours(24 * 30);
/// That there is no such id: whoever has just been entered, or has mended it there, says it again.
const REFUTES: SignedDuration = SignedDuration::from_hours(1);
/// Before organizations are billed, answers of that age against them are asked for again.
const DOUBTFUL: SignedDuration = SignedDuration::from_hours(24);

/// The worker asks soon, unless there is an answer that still holds. Nothing happens where no register is set up, and with ids
/// that are in none.
pub(crate) async fn want(sv: &Services, tx: &mut Tx, typed: &str) -> Result<(), Unexpected> {
    let Some(id) = asked(sv, typed) else {
        return Ok(());
    };
    sqlx::query!(
        r#"
        insert into vat_checks as v (vat_id, ask_at) values ($1, $2)
        on conflict on constraint vat_checks_pkey do update
        set ask_at = $2, attempts = 0
        where v.ask_at is null
          and (v.answered_at is null or v.answered_at < $3 or (v.state = 'invalid' and v.answered_at < $4))
        "#,
        id.as_str(),
        at(sv.now()) as _,
        at(sv.now() - HOLDS) as _,
        at(sv.now() - REFUTES) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The worker asks again for ids of organizations that the register has not known for a day and longer; whether there are any.
pub(crate) async fn doubt(sv: &Services, tx: &mut Tx) -> Result<bool, Unexpected> {
    if sv.vat_register.is_none() {
        return Ok(false);
    }
    let doubted = sqlx::query!(
        r#"
        update vat_checks set ask_at = $1, attempts = 0
        where vat_id in (
            select c.vat_id from vat_checks c
            where c.state = 'invalid' and c.ask_at is null and c.answered_at < $2
              and exists (select from organizations o where o.vat_id = c.vat_id)
            for update of c skip locked
        )
        "#,
        at(sv.now()) as _,
        at(sv.now() - DOUBTFUL) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(doubted.rows_affected() > 0)
}

/// From now on what buyers typed for their invoices is to be known.
pub(crate) async fn want_of_orders(
    sv: &Services,
    tx: &mut Tx,
    orders: &[Uuid],
) -> Result<(), Unexpected> {
    if sv.vat_register.is_none() || orders.is_empty() {
        return Ok(());
    }
    let typed = sqlx::query_scalar!(
        "select distinct invoice_vat_id from orders where id = any($1) and invoice_vat_id <> '' order by 1",
        orders
    )
    .fetch_all(&mut **tx)
    .await?;
    for typed in typed {
        want(sv, tx, &typed).await?;
    }
    Ok(())
}

/// What is known of an id; `None` where nobody asks for it.
pub(crate) async fn check_of(
    sv: &Services,
    tx: &mut Tx,
    typed: &str,
) -> Result<Option<VatCheck>, Unexpected> {
    let Some(id) = asked(sv, typed) else {
        return Ok(None);
    };
    let row = sqlx::query!(
        "select state, answered_at, identifier, last_error from vat_checks where vat_id = $1",
        id.as_str()
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| VatCheck {
        standing: match row.state.as_str() {
            "valid" => VatStanding::Valid,
            "invalid" => VatStanding::Invalid,
            _ => VatStanding::Asked,
        },
        at: row.answered_at.map(|at| at.to_jiff()),
        identifier: row.identifier,
        in_vain: !row.last_error.is_empty(),
    }))
}

/// Whether the register has said that there is no such id.
pub(crate) async fn is_refuted(
    sv: &Services,
    tx: &mut Tx,
    typed: &str,
) -> Result<bool, Unexpected> {
    let found = check_of(sv, tx, typed).await?;
    Ok(found.is_some_and(|check| check.standing == VatStanding::Invalid))
}

/// The id, if there is a register that knows its country.
fn asked(sv: &Services, typed: &str) -> Option<VatId> {
    sv.vat_register.as_ref()?;
    let id: VatId = typed.parse().ok()?;
    (is_eu(id.country()) || id.as_str().starts_with("XI")).then_some(id)
}
