//! Turns a hold into an order: who pays, who comes, and at which price.

use std::collections::{BTreeSet, HashMap};

use domain::{
    catalog::Phase,
    ids::{EventId, HoldId, OrderCode, OrderId, OrderLineId, OrganizationId},
    money::{Currency, Money},
    orders::{Asking, DetailsInput, OrderDetails},
    pricing::{self, Line, SoldIn},
    text::{FieldErrors, block, line},
    when::{Timestamp, shift},
};
use jiff::SignedDuration;
use locales::Locale;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    EventSummary,
    codes::CodesOfCustomers,
    customers::Customers,
    event::summary,
    queries,
    taxed::{self, Businesses},
};
use crate::{
    Origin, Services, Unexpected,
    batcher::Merge,
    db::{Scope, Tx},
    idempotency::{self, Conflict},
    lookup::Lookup,
    messaging::RequestNews,
    orders::{self, Channel, Invoice, NewLine, NewOrder},
    outbox::{self, Announcement},
    ports::NotTaken,
    stock::Move,
    transfers,
};

/// Whoever has given their details has at least this long to pay.
const TIME_TO_PAY: SignedDuration = SignedDuration::from_mins(15);

#[derive(Debug, Clone, Serialize)]
pub struct PlaceOrder {
    pub token: String,
    /// Attendees in the order of the lines, ticket by ticket.
    pub details: DetailsInput,
    pub invoice: Option<InvoiceInput>,
    /// The total the buyer saw. Another one is never charged.
    pub accepted_total: Money,
    pub locale: Locale,
    /// From where the form comes. The same form from elsewhere is a repeat all the same.
    #[serde(skip)]
    pub from: Origin,
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

/// For companies.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceInput {
    pub name: String,
    pub address: String,
    pub vat_id: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    pub order: OrderId,
    /// Of the order's permanent page.
    pub secret: String,
    pub code: OrderCode,
    /// Otherwise its tickets are there, or the organizer decides first.
    pub needs_payment: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    #[error("no such hold")]
    NotFound,
    /// The way on: choose again.
    #[error("the hold is over")]
    Expired { event_slug: String },
    /// The way on: the order that was made of it.
    #[error("the hold is an order already")]
    AlreadyOrdered { order_secret: String },
    /// The way on: look at the new total and accept it.
    #[error("another total was accepted")]
    TotalChanged {
        accepted: Money,
        now: Money,
        /// The new one is without tax, which the buyer owes.
        reverse_charge: bool,
    },
    /// The way on: buy without the VAT id.
    #[error("nobody can be charged so little without the tax in it")]
    NotPayableWithoutTax,
    /// The way on: more tickets, or another price by the organizer.
    #[error("nobody can pay the total: {0}")]
    NotPayable(NotTaken),
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    /// The customer has, or is about to have, as many as anyone may.
    #[error("at most {max} of {ticket_type} for a customer")]
    TooManyForCustomer {
        ticket_type: String,
        max: u32,
        /// How many more they may have.
        left: u32,
    },
    /// The way on: buy without the code.
    #[error("the customer has used the code {max} times")]
    CodeUsedByCustomer { max: u32 },
    #[error("the event does not sell")]
    EventNotOnSale { why: Phase },
    #[error("the organizer is suspended")]
    Suspended,
    #[error("the key was used for another request")]
    KeyConflict,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl PlaceError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Expired { .. } => "hold_expired",
            Self::AlreadyOrdered { .. } => "already_ordered",
            Self::TotalChanged {
                reverse_charge: true,
                ..
            } => "total_without_tax",
            Self::TotalChanged { .. } => "total_changed",
            Self::NotPayableWithoutTax => "not_payable_without_tax",
            Self::NotPayable(NotTaken::TooSmall { .. }) => "total_too_small",
            Self::NotPayable(NotTaken::Uneven { .. }) => "total_not_in_steps",
            Self::Fields(_) => "invalid",
            Self::TooManyForCustomer { .. } => "too_many_for_customer",
            Self::CodeUsedByCustomer { .. } => "promo_customer_limit",
            Self::EventNotOnSale { .. } => "event_not_on_sale",
            Self::Suspended => "sales_stopped",
            Self::KeyConflict => "key_conflict",
            Self::Unexpected(_) => "internal",
        }
    }
}

/// What a repeat of the request needs to answer the same.
#[derive(Serialize, Deserialize)]
struct Answer {
    order: OrderId,
    code: OrderCode,
    needs_payment: bool,
}

/// Places the order. A free one is paid at once; any other awaits payment with its places held.
#[tracing::instrument(skip_all)]
pub async fn place(sv: &Services, cmd: PlaceOrder) -> Result<Placed, PlaceError> {
    let key = idempotency::mark(cmd.idempotency_key.as_deref(), &cmd)?;
    let found = sv
        .queues
        .found_holds
        .submit(sv, (), cmd.token.clone())
        .await?;
    let found = found.ok_or(PlaceError::NotFound)?;
    let at = (found.organization, found.event);
    let vat_id = cmd.invoice.as_ref().map(|invoice| invoice.vat_id.clone());
    let form = Form {
        hold: found.hold,
        cmd,
        key,
    };
    let answer = sv.queues.orders.submit(sv, at, form).await?;
    if let Err(PlaceError::TotalChanged { reverse_charge, .. }) = &answer {
        taxed::show_total(sv, &found, *reverse_charge, &vat_id.unwrap_or_default()).await?;
    }
    answer
}

/// Holds by the tokens in the addresses of their pages.
pub(crate) enum HoldTokens {}

impl Lookup for HoldTokens {
    type Name = String;
    type Found = queries::Found;

    async fn find(
        tx: &mut Tx,
        tokens: &[String],
    ) -> Result<Vec<Option<queries::Found>>, Unexpected> {
        queries::find_all(tx, tokens).await
    }
}

/// A form on its way into the queue of its event.
pub(crate) struct Form {
    hold: HoldId,
    cmd: PlaceOrder,
    key: Option<idempotency::Mark>,
}

impl Form {
    /// As it was typed.
    pub(super) fn vat_id(&self) -> &str {
        self.cmd
            .invoice
            .as_ref()
            .map_or("", |invoice| &invoice.vat_id)
    }

    pub(super) fn hold(&self) -> HoldId {
        self.hold
    }

    /// As it was typed.
    pub(super) fn email(&self) -> &str {
        &self.cmd.details.email
    }
}

/// All forms that wait for one event, in one transaction.
pub(crate) enum Places {}

impl Merge for Places {
    type Context = Services;
    type Key = (OrganizationId, EventId);
    type Request = Form;
    type Answer = Result<Placed, PlaceError>;

    async fn serve(
        sv: &Services,
        &(organization, event): &Self::Key,
        forms: &[Form],
    ) -> Result<Vec<Self::Answer>, Unexpected> {
        let mut tx = sv
            .db
            .begin_shared(Scope::Organization(organization))
            .await?;
        let ids: BTreeSet<HoldId> = forms.iter().map(|form| form.hold).collect();
        let ids: Vec<Uuid> = ids.into_iter().map(HoldId::get).collect();
        let holds = queries::lock_all(&mut tx, organization, &ids).await?;
        let lines = queries::lines_of(&mut tx, organization, &ids).await?;
        let emails = forms.iter().map(|form| form.cmd.details.email.as_str());
        let customers = Customers::load(&mut tx, (organization, event), emails, &lines).await?;
        let codes = CodesOfCustomers::load(&mut tx, organization, forms, &lines).await?;
        let marks = forms.iter().filter_map(|form| form.key.as_ref());
        let event_now = summary(&mut tx, organization, event)
            .await?
            .ok_or_else(|| Unexpected::bad_row("events", event, "holds without an event"))?;
        // The total that was accepted is the one that is charged, or there is no order.
        let by_card = |form: &Form| {
            let total = form.cmd.accepted_total;
            total.is_zero() || sv.payments.takes(total).is_ok()
        };
        let by_transfer =
            !forms.iter().all(by_card) && transfers::offered_for(sv, &mut tx, &event_now).await?;
        let mut desk = Desk {
            sv,
            now: sv.now(),
            by_transfer,
            businesses: Businesses::load(sv, &mut tx, &event_now, forms).await?,
            event: event_now,
            organization,
            holds: holds.into_iter().map(|hold| (hold.id, hold)).collect(),
            lines,
            customers,
            codes,
            ordered: orders::of_holds(&mut tx, organization, &ids).await?,
            known: idempotency::known(&mut tx, format!("place|{event}"), marks).await?,
            new: Vec::new(),
        };
        let answers: Vec<_> = forms.iter().map(|form| desk.answer(form)).collect();
        let placed = !desk.new.is_empty();
        desk.save(&mut tx).await?;
        tx.commit().await?;
        if placed {
            sv.live.announce_soon(&sv.db, event);
        }
        Ok(answers)
    }
}

/// Serves one form after the other from the locked holds.
struct Desk<'a> {
    sv: &'a Services,
    now: Timestamp,
    /// What the provider does not take can be paid by transfer.
    by_transfer: bool,
    event: EventSummary,
    organization: OrganizationId,
    holds: HashMap<HoldId, queries::Hold>,
    lines: HashMap<HoldId, Vec<queries::HoldLine>>,
    /// What the customers have of ticket types that are limited.
    customers: Customers,
    /// What they have had of codes that are limited for a customer.
    codes: CodesOfCustomers,
    /// What the register says of the VAT ids that matter.
    businesses: Businesses,
    /// Orders that were made of these holds, before and now.
    ordered: HashMap<HoldId, OrderId>,
    known: idempotency::Known<Answer>,
    new: Vec<NewOrder>,
}

impl Desk<'_> {
    fn answer(&mut self, form: &Form) -> Result<Placed, PlaceError> {
        if let Some(answer) = self.known.find(form.key.as_ref()) {
            return match answer {
                Ok(answer) => Ok(answer.placed(self.sv)),
                Err(Conflict) => Err(PlaceError::KeyConflict),
            };
        }
        let order = self.order(form)?;
        let answer = Answer {
            order: order.id,
            code: order.code,
            needs_payment: !order.total.is_zero() && order.asking != Asking::Ask,
        };
        self.customers.count(&order);
        self.codes.count(form.hold, &order.details.email);
        let placed = answer.placed(self.sv);
        self.ordered.insert(form.hold, order.id);
        self.new.push(order);
        self.known.add(form.key.as_ref(), answer);
        Ok(placed)
    }

    /// The order of a form, if its hold is still good and nothing is wrong with it.
    fn order(&self, form: &Form) -> Result<NewOrder, PlaceError> {
        let Form { hold, cmd, .. } = form;
        let hold = self.holds.get(hold).ok_or(PlaceError::NotFound)?;
        self.check_hold(hold)?;
        let rows = self.lines.get(&hold.id).map_or(&[][..], Vec::as_slice);
        let tickets =
            usize::try_from(rows.iter().map(|row| row.quantity).sum::<u32>()).unwrap_or(usize::MAX);
        let (details, invoice) = parse(cmd, tickets)?;
        let (currency, reverse_charge) = (
            self.event.currency,
            self.businesses.owe_tax(&self.event, &invoice.vat_id)?,
        );
        let promised = promised(rows, hold.id, currency, reverse_charge)?;
        let lines: Vec<Line> = promised.iter().map(|line| line.wanted).collect();
        let quote = pricing::quote(&lines).map_err(|e| Unexpected::bad_row("holds", hold.id, e))?;
        self.customers.check(&details.email, rows)?;
        self.codes.check(hold.id, &details.email)?;
        if quote.total != cmd.accepted_total {
            return Err(PlaceError::TotalChanged {
                accepted: cmd.accepted_total,
                now: quote.total,
                reverse_charge,
            });
        }
        let sv = self.sv;
        if !quote.total.is_zero()
            && !self.by_transfer
            && let Err(why) = sv.payments.takes(quote.total)
        {
            return Err(if reverse_charge {
                PlaceError::NotPayableWithoutTax
            } else {
                PlaceError::NotPayable(why)
            });
        }
        let asking = self
            .event
            .requests
            .of_order(quote.total.is_zero(), sv.payments.can_hold());
        Ok(NewOrder {
            id: OrderId::new(sv.new_id()),
            code: orders::new_code(sv),
            organization: self.organization,
            event: self.event.id,
            hold: Some(hold.id),
            locale: cmd.locale,
            details,
            invoice,
            total: quote.total,
            tax: quote.tax,
            fee: quote.fee,
            reverse_charge,
            refund_policy: self.event.refund_policy.clone(),
            created_at: self.now,
            expires_at: match asking {
                Asking::Ask => self.event.requests.until(self.now, self.event.ends_at),
                Asking::No | Asking::Hold => hold.expires_at.max(shift(self.now, TIME_TO_PAY)),
            },
            asking,
            asking_hours: self.event.requests.hours,
            credit: Money::zero(quote.total.currency),
            channel: Channel::Web,
            from: cmd.from.clone(),
            lines: quote
                .lines
                .iter()
                .zip(promised)
                .map(|(line, promised)| NewLine {
                    id: OrderLineId::new(sv.new_id()),
                    priced: *line,
                    full: promised.full,
                    phase: promised.phase,
                })
                .collect(),
        })
    }

    fn check_hold(&self, hold: &queries::Hold) -> Result<(), PlaceError> {
        if let Some(order) = self.ordered.get(&hold.id) {
            return Err(PlaceError::AlreadyOrdered {
                order_secret: orders::secret(self.sv, *order),
            });
        }
        if hold.state != "active" || hold.expires_at <= self.now {
            return Err(PlaceError::Expired {
                event_slug: self.event.slug.clone(),
            });
        }
        if self.event.organizer_suspended {
            return Err(PlaceError::Suspended);
        }
        match self.event.phase(self.now) {
            Phase::Upcoming | Phase::Running => Ok(()),
            why @ (Phase::Draft | Phase::Ended | Phase::Postponed | Phase::Cancelled) => {
                Err(PlaceError::EventNotOnSale { why })
            }
        }
    }

    async fn save(self, tx: &mut Tx) -> Result<(), Unexpected> {
        if self.new.is_empty() {
            return Ok(());
        }
        let (sv, organization, event) = (self.sv, self.organization, self.event.id);
        orders::insert(sv, tx, &self.new).await?;
        let holds = self.new.iter().filter_map(|order| order.hold);
        let holds: Vec<Uuid> = holds.map(HoldId::get).collect();
        queries::set_state(tx, organization, &holds, "ordered").await?;
        let said: Vec<_> = self
            .new
            .iter()
            .map(|order| match order.asking {
                Asking::Ask => Announcement::Request {
                    order: order.id.get(),
                    news: RequestNews::Asked,
                },
                Asking::No | Asking::Hold => Announcement::OrderPlaced {
                    order: order.id.get(),
                },
            })
            .collect();
        outbox::append_all(sv, tx, organization, &said).await?;
        // Nothing is due for these: they are paid as soon as they are placed.
        let free: Vec<OrderId> = self
            .new
            .iter()
            .filter(|order| order.total.is_zero() && order.asking == Asking::No)
            .map(|order| order.id)
            .collect();
        orders::fulfil_all(sv, tx, (organization, event), &free, Move::Sell)
            .await
            .map_err(Unexpected::from)?;
        self.known.save(sv, tx).await
    }
}

impl Answer {
    fn placed(&self, sv: &Services) -> Placed {
        Placed {
            order: self.order,
            secret: orders::secret(sv, self.order),
            code: self.code,
            needs_payment: self.needs_payment,
        }
    }
}

/// All faults of the form at once.
fn parse(cmd: &PlaceOrder, tickets: usize) -> Result<(OrderDetails, Invoice), FieldErrors> {
    let mut errors = FieldErrors::new();
    let details = OrderDetails::parse(&cmd.details, tickets);
    if let Err(faults) = &details {
        errors = faults.clone();
    }
    let input = cmd.invoice.clone().unwrap_or_default();
    let wanted = [&input.name, &input.address, &input.vat_id]
        .iter()
        .any(|text| !text.trim().is_empty());
    let least = usize::from(wanted);
    let name = errors.field("invoice_name", line(&input.name, least, 160));
    let address = errors.field("invoice_address", block(&input.address, 400));
    let vat_id = errors.field("invoice_vat_id", line(&input.vat_id, 0, 40));
    errors.finish()?;
    let invoice = Invoice {
        name: name.unwrap_or_default(),
        address: address.unwrap_or_default(),
        vat_id: vat_id.unwrap_or_default(),
    };
    Ok((details?, invoice))
}

/// A line of the order to be.
struct Promised {
    wanted: Line,
    /// What one costs without the code, where one takes something off.
    full: Option<Money>,
    phase: Option<SoldIn>,
}

/// What the hold promised. Without the tax, two neighbouring prices that a code made can be one: then they are one line.
fn promised(
    rows: &[queries::HoldLine],
    hold: HoldId,
    currency: Currency,
    reverse_charge: bool,
) -> Result<Vec<Promised>, Unexpected> {
    let mut lines: Vec<Promised> = Vec::with_capacity(rows.len());
    for row in rows {
        let wanted = row.promised_line(hold, currency, reverse_charge)?;
        let full = row.full_unit(hold, currency, reverse_charge)?;
        let same = |line: &&mut Promised| {
            line.wanted.ticket_type == wanted.ticket_type
                && line.wanted.price.unit == wanted.price.unit
                && line.phase == row.phase
        };
        if let Some(line) = lines.last_mut().filter(same) {
            line.wanted.quantity += wanted.quantity;
        } else {
            lines.push(Promised {
                full: (full != wanted.price.unit).then_some(full),
                phase: row.phase.clone(),
                wanted,
            });
        }
    }
    Ok(lines)
}
