//! A promo code comes to a basket, or goes from it.

use std::{collections::BTreeMap, net::IpAddr};

use domain::{
    ids::{HoldId, OrganizationId, PricePhaseId, TicketTypeId},
    money::Money,
    pricing::{self, Discounted, Price, SoldIn, Wanted},
    promo::{self as rules, Ask, Refusal},
};
use jiff::SignedDuration;

use super::{EventSummary, address_key, event::summary, queries};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    ports::NotTaken,
    prices::{self, EventPrices},
    promo,
    throttle::{self, Limit, TooMany},
    transfers,
};

/// Whoever tries so many has no code.
const TRIES_FOR_A_HOLD: Limit = Limit {
    what: "promo_code_hold",
    tries: 15,
    span: SignedDuration::from_mins(10),
};
/// Many may be behind one address; but codes are not to be found by trying.
const TRIES_OF_AN_ADDRESS: Limit = Limit {
    what: "promo_code_address",
    tries: 100,
    span: SignedDuration::from_mins(10),
};

#[derive(Debug, Clone)]
pub struct ApplyCode {
    /// The hold's.
    pub token: String,
    /// As it was typed.
    pub code: String,
    /// From where it is asked for, if that is known.
    pub address: Option<IpAddr>,
}

#[derive(Debug, thiserror::Error)]
pub enum CodeError {
    #[error("no such hold")]
    NotFound,
    #[error("the hold is over, or ordered")]
    Over,
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The way on: choose anew, at today's prices.
    #[error("the prices were changed since the tickets were chosen")]
    PricesChanged,
    /// The way on: more tickets, or no code.
    #[error("nobody can pay the total with the code: {0}")]
    NotPayable(NotTaken),
    #[error(transparent)]
    TooMany(#[from] TooMany),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl CodeError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Over => "hold_expired",
            Self::Refused(refusal) => refusal.code(),
            Self::PricesChanged => "promo_prices_changed",
            Self::NotPayable(_) => "promo_not_payable",
            Self::TooMany(_) => "too_many",
            Self::Unexpected(_) => "internal",
        }
    }
}

/// Promises the prices with the code, and counts it as used until the hold is over. Another code of the hold is given back;
/// if this one is refused, nothing has changed. Returns what is saved.
#[tracing::instrument(skip_all)]
pub async fn apply_code(sv: &Services, cmd: &ApplyCode) -> Result<Money, CodeError> {
    if let Some(address) = address_key(sv, cmd.address) {
        throttle::count(sv, &TRIES_OF_AN_ADDRESS, &address.to_string()).await?;
    }
    throttle::count(sv, &TRIES_FOR_A_HOLD, &cmd.token).await?;
    let folded = rules::fold(&cmd.code).ok_or(Refusal::Unknown)?;
    let mut tx = sv.db.begin(Scope::System).await?;
    let basket = Basket::lock(sv, &mut tx, &cmd.token).await?;
    let organization = basket.organization;
    if basket.has_code() {
        promo::lock_in_order(&mut tx, organization, basket.hold, &folded).await?;
        promo::give_back(
            &mut tx,
            organization,
            promo::Of::Holds(&[basket.hold.get()]),
            sv.now(),
        )
        .await?;
    }
    let code = promo::lock_code(&mut tx, organization, &folded)
        .await?
        .ok_or(Refusal::Unknown)?;
    let (lines, phases) = basket.with(sv, &mut tx, &code).await?;
    let sums = pricing::saving(&lines).and_then(|saving| Ok((saving, pricing::total(&lines)?)));
    let (saving, total) = sums.map_err(|e| Unexpected::bad_row("hold_lines", basket.hold, e))?;
    let ask = Ask {
        event: basket.event.id,
        saving,
        now: sv.now(),
    };
    rules::may_use(&code.facts, &ask)?;
    if !total.is_zero()
        && let Err(why) = sv.payments.takes(total)
        && !transfers::offered_for(sv, &mut tx, &basket.event).await?
    {
        return Err(CodeError::NotPayable(why));
    }
    promo::take(sv, &mut tx, organization, (code.id, basket.hold), saving).await?;
    let lines: Vec<_> = lines
        .into_iter()
        .map(|line| queries::NewPrice {
            ticket_type: line.ticket_type,
            quantity: line.quantity,
            price: line.price,
            full: (line.price != line.full).then_some(line.full),
            phase: phases.get(line.of).cloned().flatten(),
        })
        .collect();
    queries::set_lines(&mut tx, organization, basket.hold, &lines).await?;
    tx.commit().await?;
    Ok(saving)
}

/// The hold costs again what it did without a code. Without one, nothing happens.
pub async fn remove_code(sv: &Services, token: &str) -> Result<(), CodeError> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let basket = Basket::lock(sv, &mut tx, token).await?;
    if !basket.has_code() {
        return Ok(());
    }
    let hold = basket.hold;
    promo::give_back(
        &mut tx,
        basket.organization,
        promo::Of::Holds(&[hold.get()]),
        sv.now(),
    )
    .await?;
    let lines: Vec<_> = basket
        .full()?
        .into_iter()
        .map(|((ticket_type, _), full)| queries::NewPrice {
            ticket_type,
            quantity: full.quantity,
            price: full.price,
            full: None,
            phase: full.phase,
        })
        .collect();
    queries::set_lines(&mut tx, basket.organization, hold, &lines).await?;
    tx.commit().await?;
    Ok(())
}

/// A hold that can still be ordered, under its lock.
struct Basket {
    hold: HoldId,
    organization: OrganizationId,
    event: EventSummary,
    rows: Vec<queries::HoldLine>,
}

/// Tickets of one type, and of one phase of its prices, without the code.
struct Full {
    quantity: u32,
    phase: Option<SoldIn>,
    price: Price,
    typed_now_minor: i64,
    tax_rate_now: Option<i32>,
}

impl Basket {
    async fn lock(sv: &Services, tx: &mut Tx, token: &str) -> Result<Self, CodeError> {
        let (id, organization) = queries::find(tx, token).await?.ok_or(CodeError::NotFound)?;
        tx.narrow(organization).await?;
        let hold = queries::lock(tx, organization, id)
            .await?
            .ok_or(CodeError::NotFound)?;
        if hold.state != "active" || hold.expires_at <= sv.now() {
            return Err(CodeError::Over);
        }
        let event = summary(tx, organization, hold.event)
            .await?
            .ok_or(CodeError::NotFound)?;
        Ok(Self {
            hold: id,
            organization,
            event,
            rows: queries::lines(tx, organization, id).await?,
        })
    }

    fn has_code(&self) -> bool {
        self.rows.iter().any(|row| row.full.is_some())
    }

    /// What was promised without any code, by type and phase.
    fn full(&self) -> Result<BTreeMap<(TicketTypeId, Option<PricePhaseId>), Full>, Unexpected> {
        let mut full: BTreeMap<_, Full> = BTreeMap::new();
        for row in &self.rows {
            let price = row.full().price(self.hold, self.event.currency)?;
            let phase = row.phase.as_ref().map(|phase| phase.id);
            let one = full.entry((row.ticket_type, phase)).or_insert(Full {
                quantity: 0,
                phase: row.phase.clone(),
                price,
                typed_now_minor: row.typed_now_minor,
                tax_rate_now: row.tax_rate_now,
            });
            one.quantity = one.quantity.saturating_add(row.quantity);
        }
        Ok(full)
    }

    /// The prices with the code, and the phases of what they were worked out of: of today's typed prices, tax and fee. These must still make what was promised:
    /// a discount on other prices than those shown would be no discount.
    async fn with(
        &self,
        sv: &Services,
        tx: &mut Tx,
        code: &promo::Code,
    ) -> Result<(Vec<Discounted>, Vec<Option<SoldIn>>), CodeError> {
        let now = sv.now();
        let today = EventPrices::load(
            tx,
            self.organization,
            self.event.id,
            self.event.currency,
            now,
        )
        .await?;
        if code.facts.currency != self.event.currency {
            return Err(Refusal::Unknown.into());
        }
        let (mut wanted, mut phases) = (Vec::new(), Vec::new());
        for ((ticket_type, _), full) in self.full()? {
            let price = today.of(ticket_type, full.typed_now_minor, full.tax_rate_now)?;
            if price != full.price {
                return Err(CodeError::PricesChanged);
            }
            phases.push(full.phase);
            wanted.push(Wanted {
                ticket_type,
                typed: Money::new(full.typed_now_minor, self.event.currency),
                own: prices::rate("ticket_types", ticket_type, full.tax_rate_now)?,
                quantity: full.quantity,
                meant: code.is_for(ticket_type),
            });
        }
        let lines = pricing::discounted(&today.terms, code.off, &wanted)
            .map_err(|e| Unexpected::bad_row("hold_lines", self.hold, e))?;
        Ok((lines, phases))
    }
}
