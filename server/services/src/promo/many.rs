//! Many codes at once, each for one order.

use domain::{
    promo::{Written, fold, random},
    text::{Fault, FieldErrors},
};
use uuid::Uuid;

use super::{
    CodeForm, CreateCodeError,
    create::{MOST_CODES, count},
    form,
};
use crate::{
    Services, Unexpected, audit,
    events::whole_number,
    permit::{ManagePromoCodes, Permit},
    rows::{at, int},
};

/// As many as one form makes.
pub const MOST_AT_ONCE: u32 = 5_000;
/// The random part.
const SIGNS: usize = 10;
const LONGEST_PREFIX: usize = 20;

/// Makes `number` codes that begin with a prefix; the form's own code is that prefix. All or none. Each works once, unless
/// the form says how often. Returns how many were made.
#[tracing::instrument(skip_all)]
pub async fn create_many(
    sv: &Services,
    permit: &Permit<ManagePromoCodes>,
    cmd: &CodeForm,
    number: &str,
) -> Result<u32, CreateCodeError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let about = form::about(&mut tx, permit.organization(), cmd).await?;
    let mut errors = FieldErrors::new();
    let prefix = errors.field("code", prefix(&cmd.code));
    let number = errors.field(
        "number",
        whole_number(number, 1, i64::from(MOST_AT_ONCE))
            .and_then(|number| u32::try_from(number).map_err(|_| Fault::NotANumber)),
    );
    let read = about.rest(cmd, &mut errors);
    errors.finish()?;
    let (Some(prefix), Some(number), Some(new)) = (prefix, number, read) else {
        return Err(FieldErrors::one("number", Fault::Required).into());
    };
    let there = count(&mut tx, permit).await?;
    if there.saturating_add(number) > MOST_CODES {
        let max = usize::try_from(MOST_CODES).unwrap_or(usize::MAX);
        return Err(FieldErrors::one("number", Fault::TooMany { max }).into());
    }
    let codes: Vec<String> = (0..number)
        .map(|_| {
            let mut entropy = [0; SIGNS];
            sv.entropy.fill(&mut entropy);
            random(&prefix, entropy)
        })
        .collect();
    let ids: Vec<Uuid> = codes.iter().map(|_| sv.new_id()).collect();
    let (percent, amount) = new.columns();
    // One that is taken already would be one in 10^15: the database refuses all of them then, and another try draws others.
    sqlx::query!(
        r#"
        insert into promo_codes (id, organization_id, event_id, code, folded, name, kind, percent_bp, amount_minor, currency,
                                 ticket_types, valid_from, valid_until, max_uses, max_per_customer, budget_minor,
                                 created_at, created_by)
        select n.id, $1, $2, n.code, n.code, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15
        from unnest($16::uuid[], $17::text[]) as n (id, code)
        "#,
        permit.organization().get(),
        new.event.map(domain::ids::EventId::get),
        new.name,
        new.kind.code(),
        percent,
        amount,
        new.currency.as_str(),
        new.ticket_types.as_deref(),
        new.from.map(at) as _,
        new.until.map(at) as _,
        int(new.max_uses.unwrap_or(1)),
        new.max_per_customer.map(int),
        new.budget.map(|budget| budget.minor),
        at(sv.now()) as _,
        permit.actor().map(domain::ids::UserId::get),
        &ids,
        &codes
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    let entry = audit::Entry {
        actor: permit.actor(),
        organization: Some(permit.organization()),
        action: "promo.create_many",
        subject_kind: "promo_code",
        subject: format!("{prefix}…"),
        reason: "",
        before: None,
        after: Some(serde_json::json!({ "number": number, "like": new.told() })),
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(number)
}

/// In the form in which codes are compared.
fn prefix(text: &str) -> Result<String, Fault> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    let folded = fold(text).ok_or(Fault::NotAPromoCode)?;
    if folded.len() > LONGEST_PREFIX {
        return Err(Fault::TooLong {
            max: LONGEST_PREFIX,
        });
    }
    // What it becomes with signs behind it is a code.
    Written::parse(&format!("{folded}AAA"))?;
    Ok(folded)
}
