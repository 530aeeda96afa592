//! All who bring a code to their baskets of one event at the same time, in one transaction: a sale with one code for everybody
//! takes as many statements as there are batches, not as there are buyers.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{
    ids::{EventId, HoldId, OrganizationId, PricePhaseId, PromoCodeId, TicketTypeId},
    money::{Currency, Money},
    pricing::{self, Discounted, Price, SoldIn, Wanted},
    promo::{self as rules, Ask, Refusal},
    when::Timestamp,
};
use uuid::Uuid;

use super::CodeError;
use crate::{
    Services, Unexpected,
    batcher::Merge,
    checkout::{EventSummary, event::summary, queries},
    db::{Scope, Tx},
    prices::{self, EventPrices},
    promo, transfers,
};

/// What is wanted of a basket's prices.
pub(crate) struct Typed {
    pub(super) hold: HoldId,
    /// As codes are compared; nothing: as without a code.
    pub(super) code: Option<String>,
}

/// All codes that are typed for one event.
pub(crate) enum Codes {}

impl Merge for Codes {
    type Context = Services;
    type Key = (OrganizationId, EventId);
    type Request = Typed;
    type Answer = Result<Money, CodeError>;

    async fn serve(
        sv: &Services,
        &(organization, event): &Self::Key,
        typed: &[Typed],
    ) -> Result<Vec<Self::Answer>, Unexpected> {
        let mut tx = sv
            .db
            .begin_shared(Scope::Organization(organization))
            .await?;
        let ids: BTreeSet<HoldId> = typed.iter().map(|typed| typed.hold).collect();
        let ids: Vec<Uuid> = ids.into_iter().map(HoldId::get).collect();
        let holds = queries::lock_all(&mut tx, organization, &ids).await?;
        let event = summary(&mut tx, organization, event)
            .await?
            .ok_or_else(|| Unexpected::bad_row("events", event, "holds without an event"))?;
        let now = sv.now();
        let lines = queries::lines_of(&mut tx, organization, &ids).await?;
        let prices = EventPrices::load(&mut tx, organization, event.id, event.currency, now);
        let today = prices.await?;
        let folded: BTreeSet<&str> = typed.iter().filter_map(|t| t.code.as_deref()).collect();
        let folded: Vec<String> = folded.into_iter().map(str::to_owned).collect();
        // Codes last, and all at once: those that are wanted and those that are given back for them.
        let codes = promo::lock_codes(&mut tx, organization, &folded, &ids).await?;
        let had = promo::of_holds(&mut tx, organization, &ids).await?;
        let baskets = holds
            .into_iter()
            .map(|hold| {
                let rows = lines.get(&hold.id).map_or(&[][..], Vec::as_slice);
                let had = had.get(&hold.id).copied();
                let basket = Basket {
                    is_over: hold.state != "active" || hold.expires_at <= now,
                    full: full(hold.id, rows, event.currency)?,
                    had,
                    has: had.map(|had| (had.code, had.saving_minor)),
                    lines: None,
                };
                Ok((hold.id, basket))
            })
            .collect::<Result<_, Unexpected>>()?;
        let mut desk = Desk {
            sv,
            now,
            event,
            today,
            codes,
            baskets,
            by_transfer: None,
        };
        let mut answers = Vec::with_capacity(typed.len());
        for typed in typed {
            match desk.answer(&mut tx, typed).await {
                Err(CodeError::Unexpected(error)) => return Err(error),
                answer => answers.push(answer),
            }
        }
        desk.save(&mut tx, organization).await?;
        tx.commit().await?;
        Ok(answers)
    }
}

/// A hold under its lock.
struct Basket {
    /// Nothing can be ordered with it any more.
    is_over: bool,
    full: BTreeMap<(TicketTypeId, Option<PricePhaseId>), Full>,
    /// The code that it came with, as it is counted.
    had: Option<promo::Use>,
    /// The code that it has by now, and what that takes off.
    has: Option<(PromoCodeId, i64)>,
    /// Its new prices, where they have changed.
    lines: Option<Vec<queries::NewPrice>>,
}

/// Tickets of one type, and of one phase of its prices, without the code.
struct Full {
    quantity: u32,
    phase: Option<SoldIn>,
    price: Price,
    typed_now_minor: i64,
    tax_rate_now: Option<i32>,
}

/// What was promised without any code, by type and phase.
fn full(
    hold: HoldId,
    rows: &[queries::HoldLine],
    currency: Currency,
) -> Result<BTreeMap<(TicketTypeId, Option<PricePhaseId>), Full>, Unexpected> {
    let mut full: BTreeMap<_, Full> = BTreeMap::new();
    for row in rows {
        let price = row.full().price(hold, currency)?;
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

/// Serves one after the other from the locked baskets and codes.
struct Desk<'a> {
    sv: &'a Services,
    now: Timestamp,
    event: EventSummary,
    today: EventPrices,
    codes: HashMap<String, promo::Code>,
    baskets: HashMap<HoldId, Basket>,
    /// Whether what the provider does not take can be paid by transfer, once that was asked.
    by_transfer: Option<bool>,
}

impl Desk<'_> {
    async fn answer(&mut self, tx: &mut Tx, typed: &Typed) -> Result<Money, CodeError> {
        let hold = typed.hold;
        let basket = self.baskets.get(&hold).ok_or(CodeError::NotFound)?;
        if basket.is_over {
            return Err(CodeError::Over);
        }
        let Some(folded) = &typed.code else {
            self.take_off(hold);
            return Ok(Money::zero(self.event.currency));
        };
        let code = self.codes.get(folded).ok_or(Refusal::Unknown)?;
        let (lines, phases) = self.with(hold, basket, code)?;
        let sums = pricing::saving(&lines).and_then(|saving| Ok((saving, pricing::total(&lines)?)));
        let (saving, total) = sums.map_err(|e| Unexpected::bad_row("hold_lines", hold, e))?;
        let ask = Ask {
            event: self.event.id,
            saving,
            now: self.now,
        };
        // Whoever has it already gives it back for itself.
        let mut facts = code.facts;
        if let Some((_, saved)) = basket.has.filter(|(has, _)| *has == code.id) {
            facts.used = facts.used.saturating_sub(1);
            facts.spent = facts.spent.saturating_sub(saved);
        }
        rules::may_use(&facts, &ask)?;
        let id = code.id;
        if !total.is_zero()
            && let Err(why) = self.sv.payments.takes(total)
            && !self.is_by_transfer(tx).await?
        {
            return Err(CodeError::NotPayable(why));
        }
        let lines = lines
            .into_iter()
            .map(|line| queries::NewPrice {
                ticket_type: line.ticket_type,
                quantity: line.quantity,
                price: line.price,
                full: (line.price != line.full).then_some(line.full),
                phase: phases.get(line.of).cloned().flatten(),
            })
            .collect();
        self.set(hold, Some((id, saving.minor)), lines);
        Ok(saving)
    }

    /// The prices with the code, and the phases of what they were worked out of: of today's typed prices, tax and fee. These
    /// must still make what was promised: a discount on other prices than those shown would be no discount.
    fn with(
        &self,
        hold: HoldId,
        basket: &Basket,
        code: &promo::Code,
    ) -> Result<(Vec<Discounted>, Vec<Option<SoldIn>>), CodeError> {
        if code.facts.currency != self.event.currency {
            return Err(Refusal::Unknown.into());
        }
        let (mut wanted, mut phases) = (Vec::new(), Vec::new());
        for ((ticket_type, _), full) in &basket.full {
            let price = self
                .today
                .of(ticket_type, full.typed_now_minor, full.tax_rate_now)?;
            if price != full.price {
                return Err(CodeError::PricesChanged);
            }
            phases.push(full.phase.clone());
            wanted.push(Wanted {
                ticket_type: *ticket_type,
                typed: Money::new(full.typed_now_minor, self.event.currency),
                own: prices::rate("ticket_types", ticket_type, full.tax_rate_now)?,
                quantity: full.quantity,
                meant: code.is_for(*ticket_type),
            });
        }
        let lines = pricing::discounted(&self.today.terms, code.off, &wanted)
            .map_err(|e| Unexpected::bad_row("hold_lines", hold, e))?;
        Ok((lines, phases))
    }

    async fn is_by_transfer(&mut self, tx: &mut Tx) -> Result<bool, Unexpected> {
        let offered = match self.by_transfer {
            Some(offered) => offered,
            None => transfers::offered_for(self.sv, tx, &self.event).await?,
        };
        self.by_transfer = Some(offered);
        Ok(offered)
    }

    /// As it was without a code.
    fn take_off(&mut self, hold: HoldId) {
        let Some(basket) = self
            .baskets
            .get(&hold)
            .filter(|basket| basket.has.is_some())
        else {
            return;
        };
        let lines = basket
            .full
            .iter()
            .map(|((ticket_type, _), full)| queries::NewPrice {
                ticket_type: *ticket_type,
                quantity: full.quantity,
                price: full.price,
                full: None,
                phase: full.phase.clone(),
            })
            .collect();
        self.set(hold, None, lines);
    }

    /// The basket has this code from now on, or none; who is served next finds codes as they are after this one.
    fn set(
        &mut self,
        hold: HoldId,
        has: Option<(PromoCodeId, i64)>,
        lines: Vec<queries::NewPrice>,
    ) {
        let Some(basket) = self.baskets.get_mut(&hold) else {
            return;
        };
        let had = std::mem::replace(&mut basket.has, has);
        basket.lines = Some(lines);
        for code in self.codes.values_mut() {
            let facts = &mut code.facts;
            if let Some((_, saved)) = had.filter(|(id, _)| *id == code.id) {
                facts.used = facts.used.saturating_sub(1);
                facts.spent = facts.spent.saturating_sub(saved);
            }
            if let Some((_, saves)) = has.filter(|(id, _)| *id == code.id) {
                facts.used = facts.used.saturating_add(1);
                facts.spent = facts.spent.saturating_add(saves);
            }
        }
    }

    async fn save(self, tx: &mut Tx, organization: OrganizationId) -> Result<(), Unexpected> {
        let mut lines = Vec::new();
        let (mut back, mut new) = (Vec::new(), Vec::new());
        for (hold, basket) in self.baskets {
            let Some(changed) = basket.lines else {
                continue;
            };
            lines.push((hold, changed));
            back.extend(basket.had);
            new.extend(basket.has.map(|(code, saving_minor)| promo::NewUse {
                code,
                hold,
                saving_minor,
            }));
        }
        if lines.is_empty() {
            return Ok(());
        }
        promo::change_uses(self.sv, tx, organization, &back, &new).await?;
        queries::set_lines(tx, organization, &lines).await
    }
}
