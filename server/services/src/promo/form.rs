//! What an organizer fills in about a code.

use std::collections::HashSet;

use domain::{
    ids::{EventId, OrganizationId, TicketTypeId},
    money::{Currency, Money},
    promo::{OffKind, Written},
    text::{Fault, FieldErrors, line},
    when::Timestamp,
};
use uuid::Uuid;

use super::typed::{budget, value, whole};
use crate::{Unexpected, db::Tx, events::optional_time, ledger, rows::coded};

/// As the form sends it.
#[derive(Debug, Clone, Default)]
pub struct CodeForm {
    pub code: String,
    /// The campaign.
    pub name: String,
    /// An event's id; empty: all events in the currency.
    pub event: String,
    /// Only where it is for all events.
    pub currency: String,
    /// "percent", "ticket" or "order".
    pub kind: String,
    /// A percentage, or an amount.
    pub value: String,
    /// Of the event; none: all.
    pub ticket_types: Vec<String>,
    /// On the clocks of the organization; empty: from now on.
    pub from: String,
    /// Empty: without an end.
    pub until: String,
    /// Empty: without a limit.
    pub max_uses: String,
    pub max_per_customer: String,
    pub budget: String,
}

/// A form without faults.
pub(super) struct NewCode {
    pub code: Written,
    pub name: String,
    pub event: Option<EventId>,
    pub currency: Currency,
    pub kind: OffKind,
    value: i64,
    pub ticket_types: Option<Vec<Uuid>>,
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub max_uses: Option<u32>,
    pub max_per_customer: Option<u32>,
    pub budget: Option<Money>,
}

impl NewCode {
    /// Percentage and amount, as columns.
    pub(super) fn columns(&self) -> (Option<i32>, Option<i64>) {
        match self.kind {
            OffKind::Percent => (i32::try_from(self.value).ok(), None),
            OffKind::Ticket | OffKind::Order => (None, Some(self.value)),
        }
    }

    /// For the record of who did what.
    pub(super) fn told(&self) -> serde_json::Value {
        serde_json::json!({
            "kind": self.kind.code(),
            "value": self.value,
            "currency": self.currency.as_str(),
            "max_uses": self.max_uses,
            "max_per_customer": self.max_per_customer,
            "budget": self.budget.map(|budget| budget.minor),
            "from": self.from.map(|at| at.to_string()),
            "until": self.until.map(|at| at.to_string()),
        })
    }
}

/// What a form is read against. Ticket types that are archived are among them: a code that is for such a type stays for it.
pub(super) struct About {
    zone: String,
    event: Option<(EventId, Currency, HashSet<Uuid>)>,
    /// The form named one that is not there.
    no_event: bool,
}

/// Reads what the form is about.
pub(super) async fn about(
    tx: &mut Tx,
    organization: OrganizationId,
    form: &CodeForm,
) -> Result<About, Unexpected> {
    let zone = ledger::zone_of(tx, organization).await?;
    let wanted = form.event.trim();
    if wanted.is_empty() {
        return Ok(About {
            zone,
            event: None,
            no_event: false,
        });
    }
    let id: Option<EventId> = wanted.parse().ok();
    let row = match id {
        None => None,
        Some(id) => {
            sqlx::query!(
                r#"
                select e.id, e.currency,
                       array(select t.id from ticket_types t where t.event_id = e.id) as "types!"
                from events e
                where e.organization_id = $1 and e.id = $2
                "#,
                organization.get(),
                id.get()
            )
            .fetch_optional(&mut **tx)
            .await?
        }
    };
    let event = match row {
        None => None,
        Some(row) => Some((
            EventId::new(row.id),
            coded("events", row.id, &row.currency)?,
            row.types.into_iter().collect(),
        )),
    };
    Ok(About {
        zone,
        no_event: event.is_none(),
        event,
    })
}

impl About {
    /// All faults at once.
    pub(super) fn read(&self, form: &CodeForm) -> Result<NewCode, FieldErrors> {
        let mut errors = FieldErrors::new();
        let code = errors.field("code", Written::parse(&form.code));
        let read = self.rest(form, &mut errors);
        errors.finish()?;
        match (code, read) {
            (Some(code), Some(read)) => Ok(NewCode { code, ..read }),
            _ => Err(FieldErrors::one("code", Fault::Required)),
        }
    }

    /// Everything but the code itself.
    pub(super) fn rest(&self, form: &CodeForm, errors: &mut FieldErrors) -> Option<NewCode> {
        if self.no_event {
            errors.add("event", Fault::UnknownChoice);
        }
        let name = errors.field("name", line(&form.name, 0, 80));
        let currency = match &self.event {
            Some((_, currency, _)) => Some(*currency),
            None => errors.field(
                "currency",
                form.currency
                    .trim()
                    .parse()
                    .map_err(|_| Fault::UnknownChoice),
            ),
        };
        let kind: Option<OffKind> = errors.field("kind", form.kind.parse());
        let value = kind
            .zip(currency)
            .and_then(|(kind, currency)| errors.field("value", value(&form.value, kind, currency)));
        let ticket_types = errors.field("ticket_types", self.types(&form.ticket_types));
        let from = errors.field("from", optional_time(&form.from, &self.zone));
        let until = errors.field("until", optional_time(&form.until, &self.zone));
        if let (Some(Some(from)), Some(Some(until))) = (from, until)
            && until <= from
        {
            errors.add("until", Fault::EndBeforeStart);
        }
        let max_uses = errors.field("max_uses", whole(&form.max_uses));
        let max_per_customer = errors.field("max_per_customer", whole(&form.max_per_customer));
        let budget =
            currency.and_then(|currency| errors.field("budget", budget(&form.budget, currency)));
        Some(NewCode {
            code: Written {
                shown: String::new(),
                folded: String::new(),
            },
            name: name?,
            event: self.event.as_ref().map(|(id, ..)| *id),
            currency: currency?,
            kind: kind?,
            value: value?,
            ticket_types: ticket_types?,
            from: from?,
            until: until?,
            max_uses: max_uses?,
            max_per_customer: max_per_customer?,
            budget: budget?,
        })
    }

    fn types(&self, chosen: &[String]) -> Result<Option<Vec<Uuid>>, Fault> {
        let mut types = Vec::new();
        for one in chosen.iter().filter(|one| !one.trim().is_empty()) {
            let id: TicketTypeId = one.trim().parse().map_err(|_| Fault::UnknownChoice)?;
            let known = self
                .event
                .as_ref()
                .is_some_and(|(.., types)| types.contains(&id.get()));
            if !known {
                return Err(Fault::UnknownChoice);
            }
            types.push(id.get());
        }
        Ok(Some(types).filter(|types| !types.is_empty()))
    }
}
