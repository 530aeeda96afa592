//! How much each customer has, where ticket types are limited for a customer.

use std::collections::{BTreeSet, HashMap};

use domain::{
    ids::{EventId, HoldId, OrganizationId, TicketTypeId},
    stock::beyond_limit,
    text::Email,
};
use uuid::Uuid;

use super::{PlaceError, queries};
use crate::{Unexpected, db::Tx, orders::NewOrder};

/// Tickets by the customer's address in small letters and by type.
#[derive(Default)]
pub(super) struct Customers(HashMap<(String, TicketTypeId), u32>);

impl Customers {
    /// What those who order have already, asked only where it matters.
    pub async fn load(
        tx: &mut Tx,
        event: (OrganizationId, EventId),
        emails: impl Iterator<Item = &str>,
        lines: &HashMap<HoldId, Vec<queries::HoldLine>>,
    ) -> Result<Self, Unexpected> {
        let limited: BTreeSet<Uuid> = lines
            .values()
            .flatten()
            .filter(|line| line.max_per_customer.is_some())
            .map(|line| line.ticket_type.get())
            .collect();
        if limited.is_empty() {
            return Ok(Self::default());
        }
        let emails: BTreeSet<String> = emails
            .filter_map(|email| Email::parse(email).ok())
            .map(|email| email.lookup_key())
            .collect();
        let (emails, limited): (Vec<_>, Vec<_>) =
            (emails.into_iter().collect(), limited.into_iter().collect());
        queries::tickets_of(tx, event, &emails, &limited)
            .await
            .map(Self)
    }

    /// Whether the customer may have all of it.
    pub fn check(&self, email: &Email, lines: &[queries::HoldLine]) -> Result<(), PlaceError> {
        // With a code, tickets of one type may be in two lines.
        let mut before: HashMap<TicketTypeId, u32> = HashMap::new();
        for line in lines {
            let who = (email.lookup_key(), line.ticket_type);
            let before = before.entry(line.ticket_type).or_default();
            let has = self
                .0
                .get(&who)
                .copied()
                .unwrap_or(0)
                .saturating_add(*before);
            *before = before.saturating_add(line.quantity);
            if let Some(left) = beyond_limit(has, line.quantity, line.max_per_customer) {
                return Err(PlaceError::TooManyForCustomer {
                    ticket_type: line.name.clone(),
                    max: line.max_per_customer.unwrap_or(0),
                    left,
                });
            }
        }
        Ok(())
    }

    /// From now on the customer has these as well.
    pub fn count(&mut self, order: &NewOrder) {
        for line in &order.lines {
            let who = (order.details.email.lookup_key(), line.priced.ticket_type);
            let has = self.0.entry(who).or_default();
            *has = has.saturating_add(line.priced.quantity);
        }
    }
}
