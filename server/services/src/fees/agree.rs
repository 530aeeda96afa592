//! A new plan, from now or from a day on.

use domain::{
    money::{Currency, Money},
    pricing::{FeePlan, hundredths},
    text::{Fault, FieldErrors},
    when::Timestamp,
};
use jiff::{civil::Date, tz::TimeZone};

use crate::{Services, Unexpected, audit, permit::PlatformPermit, rows::at};

/// As the form sends it.
#[derive(Debug, Clone, Default)]
pub struct AgreeFee {
    /// Address of the organization; empty: everybody.
    pub organization: String,
    pub currency: String,
    /// For each ticket.
    pub fixed: String,
    /// Of its price.
    pub percent: String,
    /// Never less; empty: no bound.
    pub min: String,
    /// Never more; empty: no bound.
    pub max: String,
    /// The first day (UTC); empty: from now on.
    pub first_day: String,
}

#[derive(Debug, thiserror::Error)]
pub enum AgreeFeeError {
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// Counts for what is chosen from then on: what was promised to a hold stays promised, and orders keep their fee.
#[tracing::instrument(skip_all)]
pub async fn agree(
    sv: &Services,
    permit: &PlatformPermit,
    cmd: &AgreeFee,
) -> Result<(), AgreeFeeError> {
    let (plan, from) = parse(cmd, sv.now())?;
    let mut tx = sv.db.begin(permit.scope()).await?;
    let organization = match cmd.organization.trim() {
        "" => None,
        slug => Some(
            sqlx::query_scalar!("select id from organizations where slug = $1", slug)
                .fetch_optional(&mut *tx)
                .await
                .map_err(Unexpected::from)?
                .ok_or_else(|| FieldErrors::one("organization", Fault::UnknownChoice))?,
        ),
    };
    let id = sv.new_id();
    sqlx::query!(
        r#"
        insert into fee_plans (id, organization_id, currency, fixed_minor, percent_bp, min_minor, max_minor, valid_from,
                               created_at, created_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        "#,
        id,
        organization,
        plan.fixed.currency.as_str(),
        plan.fixed.minor,
        i32::from(plan.percent_bp),
        plan.min.map(|money| money.minor),
        plan.max.map(|money| money.minor),
        at(from) as _,
        at(sv.now()) as _,
        permit.actor().get()
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    let entry = audit::Entry {
        actor: Some(permit.actor()),
        organization: organization.map(Into::into),
        action: "fee.agree",
        subject_kind: "fee_plan",
        subject: id.to_string(),
        reason: "",
        before: None,
        after: Some(serde_json::json!({
            "fixed": plan.fixed, "percent": cmd.percent.trim(), "from": from.to_string(),
        })),
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(())
}

fn parse(cmd: &AgreeFee, now: Timestamp) -> Result<(FeePlan, Timestamp), FieldErrors> {
    let mut errors = FieldErrors::new();
    let currency: Option<Currency> = errors.field(
        "currency",
        cmd.currency.parse().map_err(|_| Fault::UnknownChoice),
    );
    let currency = currency.unwrap_or(Currency::EUR);
    let optional = |text: &str| match text.trim() {
        "" => Ok(None),
        text => Money::parse_major(text, currency).map(Some),
    };
    let fixed = errors.field("fixed", optional(&cmd.fixed)).flatten();
    let percent = errors.field("percent", percent(&cmd.percent));
    let min = errors.field("min", optional(&cmd.min)).flatten();
    let max = errors.field("max", optional(&cmd.max)).flatten();
    if let (Some(least), Some(most)) = (min, max)
        && most.minor < least.minor
    {
        errors.add("max", Fault::TooSmall { min: least.minor });
    }
    let from = errors.field("first_day", first(&cmd.first_day, now));
    errors.finish()?;
    let plan = FeePlan {
        fixed: fixed.unwrap_or(Money::zero(currency)),
        percent_bp: percent.unwrap_or_default(),
        min,
        max,
    };
    Ok((plan, from.unwrap_or(now)))
}

/// Up to the whole price.
fn percent(text: &str) -> Result<u16, Fault> {
    match text.trim() {
        "" => Ok(0),
        typed => hundredths(typed, 10_000),
    }
}

fn first(text: &str, now: Timestamp) -> Result<Timestamp, Fault> {
    let day: Date = match text.trim() {
        "" => return Ok(now),
        typed => typed.parse().map_err(|_| Fault::NotADate)?,
    };
    let start = day.to_zoned(TimeZone::UTC).map_err(|_| Fault::NotADate)?;
    if day == now.to_zoned(TimeZone::UTC).date() {
        return Ok(now);
    }
    if start.timestamp() < now {
        return Err(Fault::InPast);
    }
    Ok(start.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(cmd: &AgreeFee) -> Vec<String> {
        let now: Timestamp = "2026-11-28T12:00:00Z".parse().unwrap();
        match parse(cmd, now) {
            Ok(_) => Vec::new(),
            Err(errors) => errors
                .entries()
                .iter()
                .map(|one| format!("{} {}", one.field, one.code))
                .collect(),
        }
    }

    #[test]
    fn each_fault_is_beside_its_field() {
        let good = AgreeFee {
            currency: "EUR".into(),
            fixed: "0.50".into(),
            percent: "2,5".into(),
            min: "0.60".into(),
            max: "9".into(),
            ..AgreeFee::default()
        };
        assert_eq!(faults(&good), Vec::<String>::new());
        for (wrong, fault) in [
            (
                AgreeFee {
                    currency: "XXX".into(),
                    ..good.clone()
                },
                "currency unknown_choice",
            ),
            (
                AgreeFee {
                    percent: "100.01".into(),
                    ..good.clone()
                },
                "percent too_large",
            ),
            (
                AgreeFee {
                    percent: "-1".into(),
                    ..good.clone()
                },
                "percent not_a_number",
            ),
            (
                AgreeFee {
                    fixed: "0.505".into(),
                    ..good.clone()
                },
                "fixed too_precise",
            ),
            (
                AgreeFee {
                    max: "0.5".into(),
                    ..good.clone()
                },
                "max too_small",
            ),
            (
                AgreeFee {
                    first_day: "2026-11-27".into(),
                    ..good.clone()
                },
                "first_day in_past",
            ),
            (
                AgreeFee {
                    first_day: "soon".into(),
                    ..good
                },
                "first_day not_a_date",
            ),
        ] {
            assert_eq!(faults(&wrong), [fault]);
        }
    }
}
