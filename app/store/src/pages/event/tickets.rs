//! The ticket types of an event as a form, kept up to date while somebody looks at it.

use app_api::query::use_query_map;
use app_api::{
    FormState,
    checkout::{CODE, HoldTickets, JoinWaitingRoom, quantity_field},
    store::{EventView, OfferLive, OfferPhaseView, OfferView, SaleView},
};
use app_ui::{Badge, Button, FormError, MoneyView, Stepper, StickyBar, Tone, use_locale};
use domain::{ids::TicketTypeId, money::Money};
use leptos::prelude::*;
use locales::{dates, money, promo, store, waiting};
use std::collections::BTreeMap;

use super::super::{live::watch, proof};

/// What is chosen and what can be had, shared by the form and the bar at the foot of a phone.
#[derive(Clone, Copy)]
pub struct Choice {
    pub form: FormState,
    quantities: RwSignal<BTreeMap<TicketTypeId, u32>>,
    live: RwSignal<Vec<OfferLive>>,
    pub total: Memo<Option<Money>>,
    pub can_buy: Memo<bool>,
    /// That this browser has worked for its request; empty until it has.
    proof: RwSignal<String>,
    /// Whether there is something to buy now or later.
    can_come: Memo<bool>,
}

impl Choice {
    pub fn new(event: &EventView) -> Self {
        let form = FormState::new::<HoldTickets>();
        let can_buy_one = event
            .offers
            .iter()
            .filter(|offer| offer.live.sale.can_buy())
            .count()
            == 1;
        // Where there is only one thing to buy, one of it is what most people want.
        let first = |offer: &OfferView| {
            let least = if can_buy_one && offer.live.sale.can_buy() {
                offer.min.max(1)
            } else {
                0
            };
            let typed = form
                .value(&quantity_field(offer.id))
                .and_then(|typed| typed.trim().parse().ok());
            typed.unwrap_or(least).min(offer.live.max)
        };
        let quantities: RwSignal<BTreeMap<TicketTypeId, u32>> = RwSignal::new(
            event
                .offers
                .iter()
                .map(|offer| (offer.id, first(offer)))
                .collect(),
        );
        let live = RwSignal::new(
            event
                .offers
                .iter()
                .map(|offer| offer.live.clone())
                .collect::<Vec<_>>(),
        );
        let total = Memo::new(move |_| {
            quantities.with(|chosen| {
                if chosen.values().all(|quantity| *quantity == 0) {
                    return None;
                }
                live.with(|live| {
                    let lines = live.iter().filter_map(|offer| {
                        offer.total(chosen.get(&offer.id).copied().unwrap_or_default())
                    });
                    let currency = live.first()?.price.currency;
                    Money::checked_sum(currency, lines).ok()
                })
            })
        });
        let can_buy =
            Memo::new(move |_| live.with(|live| live.iter().any(|offer| offer.sale.can_buy())));
        let can_come = Memo::new(move |_| {
            live.with(|live| {
                live.iter().any(|offer| {
                    offer.sale.can_buy()
                        || matches!(offer.sale, SaleView::NotYet { .. } | SaleView::SoldOut)
                })
            })
        });
        if event
            .offers
            .iter()
            .any(|offer| !matches!(offer.live.sale, SaleView::EventOver))
            && !event.preview
        {
            watch(event.id, live);
        }
        Self {
            form,
            quantities,
            live,
            total,
            can_buy,
            proof: proof::of(event.challenge.clone()),
            can_come,
        }
    }

    fn quantity(self, id: TicketTypeId) -> u32 {
        self.quantities
            .with_untracked(|chosen| chosen.get(&id).copied().unwrap_or_default())
    }

    fn choose(self, id: TicketTypeId, quantity: u32) {
        self.quantities.update(|chosen| {
            chosen.insert(id, quantity);
        });
    }

    fn price(self, id: TicketTypeId) -> Memo<Option<(Money, Option<OfferPhaseView>)>> {
        let live = self.live;
        Memo::new(move |_| {
            live.with(|live| {
                live.iter()
                    .find(|offer| offer.id == id)
                    .map(|offer| (offer.price, offer.phase.clone()))
            })
        })
    }

    fn sale(self, id: TicketTypeId) -> Memo<Option<SaleView>> {
        let live = self.live;
        Memo::new(move |_| {
            live.with(|live| {
                live.iter()
                    .find(|offer| offer.id == id)
                    .map(|offer| offer.sale.clone())
            })
        })
    }
}

/// With `place`, for whoever has waited for their turn.
#[component]
pub fn Tickets(
    event: EventView,
    choice: Choice,
    #[prop(optional)] place: Option<String>,
) -> impl IntoView {
    let l = use_locale();
    let form = choice.form;
    let fault = form.error("tickets").or_else(|| form.form_error());
    let none = event.offers.is_empty();
    let code = code_in_address();
    let must_wait = event.waiting_room && place.is_none() && !event.preview;
    let rows = event
        .offers
        .iter()
        .map(|offer| view! { <Offer offer=offer.clone() choice fixed=must_wait/> })
        .collect_view();
    view! {
        <div class="tickets">
            <h2 class="tickets-title" id="tickets-title">{store::tickets(l)}</h2>
            <FormError error=fault/>
            {if none {
                view! { <p class="tickets-none">{store::no_tickets(l)}</p> }.into_any()
            } else if must_wait {
                view! {
                    <ul class="offers" role="list">{rows}</ul>
                    <WaitingDoor slug=event.slug.clone() choice code/>
                }
                .into_any()
            } else {
                view! {
                    <form method="post" action=form.address() id="choose" class="tickets-form">
                        <input type="hidden" name="event" value=event.slug.clone()/>
                        {place.map(|place| view! { <input type="hidden" name="place" value=place/> })}
                        <input type="hidden" name="proof" prop:value=move || choice.proof.get()/>
                        <ul class="offers" role="list">{rows}</ul>
                        {code.map(|code| view! { <WithCode code/> })}
                        <Show when=move || choice.can_buy.get()>
                            <div class="tickets-end">
                                <p
                                    class="tickets-total"
                                    class:tickets-total-none=move || choice.total.get().is_none()
                                    aria-live="polite"
                                >
                                    <span>{store::total(l)}</span>
                                    <span class="tickets-sum">
                                        {move || choice.total.get().map(|total| money::price(l, total))}
                                    </span>
                                </p>
                                <Button wide=true>{store::r#continue(l)}</Button>
                                <p class="tickets-note">{store::price_includes(l)}</p>
                            </div>
                        </Show>
                    </form>
                }
                .into_any()
            }}
        </div>
    }
}

/// The promo code that the page's address brings along.
pub fn code_in_address() -> Option<String> {
    use_query_map()
        .with_untracked(|q| q.get(CODE))
        .map(|code| code.trim().to_owned())
        .filter(|code| (1..=60).contains(&code.chars().count()))
}

/// It goes on with the form, and is said.
#[component]
fn WithCode(code: String) -> impl IntoView {
    let text = promo::with_code(use_locale(), &code);
    view! {
        <input type="hidden" name=CODE value=code/>
        <p class="tickets-note" role="status">{text}</p>
    }
}

/// The way to the tickets of an event that has a waiting room.
#[component]
fn WaitingDoor(slug: String, choice: Choice, code: Option<String>) -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<JoinWaitingRoom>();
    view! {
        <Show when=move || choice.can_come.get()>
            <form method="post" action=form.address() class="tickets-end">
                <FormError error=form.form_error()/>
                <input type="hidden" name="event" value=slug.clone()/>
                {code.clone().map(|code| view! { <WithCode code/> })}
                <p class="tickets-note">{waiting::door_text(l)}</p>
                <Button wide=true>{waiting::door(l)}</Button>
            </form>
        </Show>
    }
}

/// `fixed`: there is nothing to choose here.
#[component]
fn Offer(offer: OfferView, choice: Choice, fixed: bool) -> impl IntoView {
    let l = use_locale();
    let id = offer.id;
    let sale = choice.sale(id);
    let price = choice.price(id);
    let can_buy =
        Memo::new(move |_| sale.with(|sale| sale.as_ref().is_some_and(SaleView::can_buy)));
    let unpublished = offer.live.sale == SaleView::Unpublished;
    let (name, max) = (offer.name.clone(), offer.live.max);
    let description = Some(offer.description).filter(|text| !text.is_empty());
    view! {
        <li class="offer" class:offer-closed=move || !can_buy.get() && !unpublished>
            <div class="offer-text">
                <p class="offer-name" dir="auto">{offer.name}</p>
                <p class="offer-price">
                    {move || price.get().map(|(price, _)| view! { <MoneyView amount=price free=true/> })}
                </p>
                {move || price.get().and_then(|(_, phase)| phase).map(|phase| view! { <OfferPhase phase/> })}
                {description.map(|text| view! { <p class="offer-description" dir="auto">{text}</p> })}
                {(offer.min > 1).then(|| view! { <p class="offer-description">{store::min_per_order(l, offer.min)}</p> })}
                {offer
                    .max_per_customer
                    .map(|most| view! { <p class="offer-description">{store::max_per_customer(l, most)}</p> })}
                <p class="offer-state">{move || sale.get().map(|sale| view! { <OfferState sale/> })}</p>
            </div>
            <Show when=move || !fixed && (can_buy.get() || unpublished)>
                <Stepper
                    name=quantity_field(id)
                    id=format!("quantity-{id}")
                    label=store::quantity_of(l, &name)
                    value=choice.quantity(id)
                    max=max
                    disabled=unpublished
                    on_change=Callback::new(move |quantity| choice.choose(id, quantity))
                />
            </Show>
        </li>
    }
}

/// Of which phase the price is, for how long, and what comes after it.
#[component]
fn OfferPhase(phase: OfferPhaseView) -> impl IntoView {
    let l = use_locale();
    let until = phase
        .until
        .map(|until| dates::medium(l, until.at, Some(&until.zone)));
    let then = phase.then.map(|then| money::format(l, then));
    let name = phase.name;
    let words = match (until, then) {
        (Some(until), Some(then)) => store::phase_until(l, name, then, until),
        (None, Some(then)) => store::phase_then(l, name, then),
        (_, None) => name,
    };
    let left = phase.left.map(|left| {
        view! { <Badge tone=Tone::Warning>{store::phase_left(l, u64::from(left))}</Badge> }
    });
    view! { <p class="offer-description offer-phase"><bdi>{words}</bdi> {left}</p> }.into_any()
}

/// Why it cannot be had, or that it will not be for long.
#[component]
fn OfferState(sale: SaleView) -> impl IntoView {
    let l = use_locale();
    match sale {
        SaleView::OnSale => ().into_any(),
        SaleView::FewLeft { left } => {
            view! { <Badge tone=Tone::Warning>{store::left(l, left)}</Badge> }.into_any()
        }
        SaleView::NotYet { opens } => {
            let date = dates::short(l, opens.at, Some(&opens.zone));
            view! { <span class="offer-why">{store::not_yet(l, date)}</span> }.into_any()
        }
        SaleView::SoldOut => view! { <Badge>{store::type_sold_out(l)}</Badge> }.into_any(),
        SaleView::Ended => {
            view! { <span class="offer-why">{store::type_ended(l)}</span> }.into_any()
        }
        SaleView::EventOver => {
            view! { <span class="offer-why">{store::type_over(l)}</span> }.into_any()
        }
        SaleView::Paused => {
            view! { <span class="offer-why">{store::type_paused(l)}</span> }.into_any()
        }
        SaleView::Unpublished => {
            view! { <span class="offer-why">{store::type_unpublished(l)}</span> }.into_any()
        }
    }
}

/// On phones: the price in reach of the thumb, wherever the page is scrolled to.
#[component]
pub fn TicketsBar(event: EventView, choice: Choice) -> impl IntoView {
    let l = use_locale();
    let prices = event
        .offers
        .iter()
        .filter(|offer| offer.live.sale.can_buy())
        .map(|offer| offer.live.price);
    let lowest = prices.clone().min_by_key(|price| price.minor);
    let several = prices.clone().any(|price| Some(price) != lowest);
    lowest.map(move |lowest| {
        let from = if several {
            store::from_price(l, money::format(l, lowest))
        } else {
            money::price(l, lowest)
        };
        view! {
            <div class="event-bar">
                <StickyBar>
                    <p class="event-bar-price">
                        {move || match choice.total.get() {
                            Some(total) => money::price(l, total),
                            None => from.clone(),
                        }}
                    </p>
                    <a class="btn btn-primary" href="#tickets">{store::choose_tickets(l)}</a>
                </StickyBar>
            </div>
        }
    })
}
