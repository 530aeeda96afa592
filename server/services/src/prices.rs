//! What prices depend on, as the view `price_terms` gathers it. Whoever reads prices for others to see joins that view and
//! asks these terms; nobody shows or charges what an organizer typed.

use domain::{
    catalog::Category,
    ids::{EventId, HoldId, OrganizationId},
    money::{Currency, Money},
    pricing::{
        FeePlan, PlanInTime, Price, Rate, Tax, TaxMode, Terms, in_force,
        tax::rates::{self, Choice},
    },
    when::Timestamp,
};
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::{Unexpected, db::Tx};

/// A row of the view.
#[derive(Deserialize)]
struct Row {
    tax_mode: TaxMode,
    category: Category,
    in_person: bool,
    country: String,
    tax_rate: Option<i32>,
    fee_to_buyer_percent: u8,
    plans: Vec<PlanRow>,
}

#[derive(Deserialize)]
struct PlanRow {
    own: bool,
    fixed_minor: i64,
    percent_bp: u16,
    min_minor: Option<i64>,
    max_minor: Option<i64>,
    valid_from: Timestamp,
    valid_until: Option<Timestamp>,
}

impl PlanRow {
    fn in_time(self, currency: Currency) -> PlanInTime {
        let money = |minor| Money::new(minor, currency);
        PlanInTime {
            plan: FeePlan {
                fixed: money(self.fixed_minor),
                percent_bp: self.percent_bp,
                min: self.min_minor.map(money),
                max: self.max_minor.map(money),
            },
            own: self.own,
            from: self.valid_from,
            until: self.valid_until,
        }
    }
}

/// The terms that hold now for the tickets of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EventPrices {
    pub terms: Terms,
    pub currency: Currency,
}

impl EventPrices {
    /// Reads the view's column.
    pub(crate) fn read(
        event: impl std::fmt::Display,
        terms: serde_json::Value,
        currency: Currency,
        now: Timestamp,
    ) -> Result<Self, Unexpected> {
        let row: Row = serde_json::from_value(terms)
            .map_err(|e| Unexpected::bad_row("price_terms", &event, e))?;
        let rate = match rate("events", &event, row.tax_rate)? {
            Some(rate) => rate,
            None if row.tax_mode.charges() => row.usual_rate(now),
            None => Rate::ZERO,
        };
        let plans = row.plans.into_iter().map(|plan| plan.in_time(currency));
        Ok(Self {
            terms: Terms {
                mode: row.tax_mode,
                rate,
                plan: in_force(plans, currency, now),
                fee_to_buyer_percent: row.fee_to_buyer_percent,
            },
            currency,
        })
    }

    /// Of one event of the organization, where nothing else is read with it.
    pub(crate) async fn load(
        tx: &mut Tx,
        organization: OrganizationId,
        event: EventId,
        currency: Currency,
        now: Timestamp,
    ) -> Result<Self, Unexpected> {
        let terms = sqlx::query_scalar!(
            r#"select terms as "terms!" from price_terms where organization_id = $1 and event_id = $2"#,
            organization.get(),
            event.get()
        )
        .fetch_one(&mut **tx)
        .await?;
        Self::read(event, terms, currency, now)
    }

    /// The whole price of a ticket type, of what was typed for it.
    pub(crate) fn of(
        &self,
        ticket_type: impl std::fmt::Display,
        typed_minor: i64,
        own_rate: Option<i32>,
    ) -> Result<Price, Unexpected> {
        let own = rate("ticket_types", &ticket_type, own_rate)?;
        self.terms
            .price(Money::new(typed_minor, self.currency), own)
            .map_err(|e| Unexpected::bad_row("ticket_types", ticket_type, e))
    }
}

/// What an organizer sees of it and can choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pricing {
    pub terms: Terms,
    /// For admission where the event is; nothing where that is not known.
    pub usual: Rate,
    /// What was chosen for the event instead.
    pub own: Option<Rate>,
    /// The rates of the event's country.
    pub choices: Vec<Choice>,
}

impl Pricing {
    pub(crate) fn read(
        event: EventId,
        terms: serde_json::Value,
        currency: Currency,
        now: Timestamp,
    ) -> Result<Self, Unexpected> {
        let row: Row = serde_json::from_value(terms.clone())
            .map_err(|e| Unexpected::bad_row("price_terms", event, e))?;
        let today = now.to_zoned(TimeZone::UTC).date();
        Ok(Self {
            terms: EventPrices::read(event, terms, currency, now)?.terms,
            usual: row.usual_rate(now),
            own: rate("events", event, row.tax_rate)?,
            choices: rates::of(&row.country, today),
        })
    }
}

impl Row {
    /// What the law of the event's country says for admission, by the calendar of UTC. For those who take part from afar
    /// only the standard rate is sure.
    fn usual_rate(&self, now: Timestamp) -> Rate {
        let today = now.to_zoned(TimeZone::UTC).date();
        let choice = if self.in_person {
            rates::admission(&self.country, self.category, today)
        } else {
            rates::of(&self.country, today).first().copied()
        };
        choice.map_or(Rate::ZERO, |choice| choice.rate)
    }
}

/// A promised price in the columns of a hold.
pub(crate) struct Parts {
    pub unit_minor: i64,
    pub tax_rate: i32,
    /// On top of one; nothing where the price contains its tax.
    pub unit_tax_minor: Option<i64>,
    pub unit_fee_minor: i64,
}

impl Parts {
    pub(crate) fn of(price: &Price) -> Self {
        Self {
            unit_minor: price.unit.minor,
            tax_rate: i32::from(price.tax.rate().thousandths()),
            unit_tax_minor: match price.tax {
                Tax::None | Tax::ReverseCharge | Tax::Contained { .. } => None,
                Tax::Added { each, .. } => Some(each.minor),
            },
            unit_fee_minor: price.fee.minor,
        }
    }

    pub(crate) fn price(&self, hold: HoldId, currency: Currency) -> Result<Price, Unexpected> {
        let money = |minor| Money::new(minor, currency);
        let rate = rate("hold_lines", hold, Some(self.tax_rate))?.unwrap_or_default();
        Ok(Price {
            unit: money(self.unit_minor),
            tax: match self.unit_tax_minor {
                _ if rate.is_zero() => Tax::None,
                None => Tax::Contained { rate },
                Some(each) => Tax::Added {
                    rate,
                    each: money(each),
                },
            },
            fee: money(self.unit_fee_minor),
        })
    }
}

/// A rate out of its column.
pub(crate) fn rate(
    table: &str,
    id: impl std::fmt::Display,
    thousandths: Option<i32>,
) -> Result<Option<Rate>, Unexpected> {
    let Some(thousandths) = thousandths else {
        return Ok(None);
    };
    let rate = u16::try_from(thousandths)
        .ok()
        .and_then(Rate::from_thousandths);
    rate.map(Some)
        .ok_or_else(|| Unexpected::bad_row(table, id, "rate of tax"))
}
