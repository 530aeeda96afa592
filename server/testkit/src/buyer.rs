//! A visitor who buys.

use domain::{
    money::Money,
    orders::{AttendeeInput, DetailsInput},
};
use locales::Locale;
use services::{
    Origin,
    checkout::{self, Held, HoldError, HoldTickets, PlaceError, PlaceOrder, Placed},
    payments::{self, Applied, NewsError, NewsKind, ProviderNews},
};

use crate::{Event, World};

/// Buys with a name and an address.
pub struct Buyer<'w> {
    world: &'w World,
    pub name: String,
    pub email: String,
    pub locale: Locale,
    pub origin: Origin,
}

impl<'w> Buyer<'w> {
    pub(crate) fn new(world: &'w World, name: &str) -> Self {
        let words = name
            .split(|sign: char| !sign.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty());
        let email = format!(
            "{}@buyers.test",
            words.collect::<Vec<_>>().join(".").to_lowercase()
        );
        Self {
            world,
            name: name.to_owned(),
            email,
            locale: Locale::En,
            origin: Origin::default(),
        }
    }

    /// Chooses tickets by the names of their types.
    pub async fn holds(&self, event: &Event, lines: &[(&str, u16)]) -> Result<Held, HoldError> {
        let lines = lines
            .iter()
            .map(|(name, quantity)| (event.of_type(name), *quantity))
            .collect();
        let cmd = HoldTickets {
            event: event.as_ref(),
            lines,
            locale: self.locale,
            address: None,
            place: None,
            proof: None,
            idempotency_key: None,
            key_of_a_view: false,
        };
        checkout::hold(&self.world.sv, cmd).await
    }

    /// The form of this buyer for a hold, every ticket in their name.
    pub fn form(&self, token: &str, accepted_total: Money) -> PlaceOrder {
        PlaceOrder {
            token: token.to_owned(),
            details: DetailsInput {
                name: self.name.clone(),
                email: self.email.clone(),
                same_for_all: true,
                attendees: Vec::<AttendeeInput>::new(),
            },
            invoice: None,
            accepted_total,
            locale: self.locale,
            from: self.origin.clone(),
            idempotency_key: None,
        }
    }

    /// Gives their details and accepts the total that is shown.
    pub async fn places(&self, held: &Held) -> Result<Placed, PlaceError> {
        let view = checkout::show(&self.world.sv, &held.token)
            .await?
            .ok_or(PlaceError::NotFound)?;
        checkout::place(&self.world.sv, self.form(&held.token, view.total)).await
    }

    /// Chooses and gives details, without paying.
    pub async fn orders(
        &self,
        event: &Event,
        ticket_type: &str,
        quantity: u16,
    ) -> Result<Placed, HoldError> {
        let held = self.holds(event, &[(ticket_type, quantity)]).await?;
        Ok(self
            .places(&held)
            .await
            .expect("place an order that is held"))
    }

    /// Goes all the way, through the provider, until tickets are there.
    pub async fn buys(
        &self,
        event: &Event,
        ticket_type: &str,
        quantity: u16,
    ) -> Result<Placed, HoldError> {
        let placed = self.orders(event, ticket_type, quantity).await?;
        if placed.needs_payment {
            let applied = self
                .world
                .provider_says(&placed, NewsKind::Succeeded)
                .await
                .expect("pay");
            assert_eq!(applied, Applied::Done);
        }
        Ok(placed)
    }
}

impl World {
    /// The reference of a payment of this order, started if none is open.
    pub async fn payment_of(&self, placed: &Placed) -> String {
        let url = payments::start(&self.sv, &placed.secret)
            .await
            .expect("start a payment");
        url.rsplit('/').next().unwrap_or_default().to_owned()
    }

    /// The provider tells news of the order's payment, as a new message.
    pub async fn provider_says(
        &self,
        placed: &Placed,
        kind: NewsKind,
    ) -> Result<Applied, NewsError> {
        let provider_ref = self.payment_of(placed).await;
        self.news(&provider_ref, &self.sv.new_secret(), kind).await
    }

    /// The provider tells news under a message id of its own.
    pub async fn news(
        &self,
        provider_ref: &str,
        event_id: &str,
        kind: NewsKind,
    ) -> Result<Applied, NewsError> {
        let news = ProviderNews {
            provider: "sandbox".into(),
            event_id: event_id.to_owned(),
            provider_ref: provider_ref.to_owned(),
            kind,
            charge_ref: None,
            closed: kind != NewsKind::Held,
            card: None,
        };
        payments::apply_news(&self.sv, news).await
    }
}
