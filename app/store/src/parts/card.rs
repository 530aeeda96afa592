//! Events in lists: picture, time, title, place, price.

use app_api::store::{CardSaleView, EventCardView};
use app_ui::{Badge, Tone, use_locale};
use domain::catalog::Phase;
use leptos::prelude::*;
use locales::{Locale, dates, money, store};

use super::Picture;

/// A grid of events. `heading` is the level of their titles.
#[component]
pub fn EventCards(events: Vec<EventCardView>) -> impl IntoView {
    let cards = events
        .into_iter()
        .map(|event| view! { <li><EventCard event/></li> })
        .collect_view();
    view! { <ul class="event-grid" role="list">{cards}</ul> }
}

#[component]
fn EventCard(event: EventCardView) -> impl IntoView {
    let l = use_locale();
    let href = format!("/e/{}", event.slug);
    let (time, place, price) = (
        time_line(l, &event),
        place_line(l, &event),
        price_line(l, &event),
    );
    let instant = event.starts.instant.clone();
    view! {
        <article class="event-card">
            <div class="event-card-media">
                <Picture
                    picture=event.picture.clone()
                    category=event.category
                    sizes="(min-width: 80rem) 22rem, (min-width: 40rem) 45vw, 100vw"
                />
            </div>
            <div class="event-card-text">
                <p class="event-card-when"><time datetime=instant>{time}</time></p>
                <h3 class="event-card-title"><a class="event-card-link" href=href><bdi>{event.title.clone()}</bdi></a></h3>
                <p class="event-card-where"><bdi>{place}</bdi></p>
                <p class="event-card-price">{price}<State event/></p>
            </div>
        </article>
    }
}

/// The first event of a page, large.
#[component]
pub fn EventLead(event: EventCardView) -> impl IntoView {
    let l = use_locale();
    let href = format!("/e/{}", event.slug);
    let (time, place, price) = (
        time_line(l, &event),
        place_line(l, &event),
        price_line(l, &event),
    );
    let instant = event.starts.instant.clone();
    view! {
        <article class="event-card event-lead">
            <div class="event-card-media">
                <Picture
                    picture=event.picture.clone()
                    category=event.category
                    sizes="(min-width: 60rem) 55vw, 100vw"
                    first=true
                />
            </div>
            <div class="event-card-text">
                <p class="event-card-when"><time datetime=instant>{time}</time></p>
                <h3 class="event-lead-title"><a class="event-card-link" href=href><bdi>{event.title.clone()}</bdi></a></h3>
                <p class="event-card-where"><bdi>{place}</bdi></p>
                <p class="event-card-price">{price}<State event/></p>
            </div>
        </article>
    }
}

fn time_line(l: Locale, event: &EventCardView) -> String {
    dates::range_short(l, event.starts.at, event.ends.at, None)
}

fn place_line(l: Locale, event: &EventCardView) -> String {
    if event.online {
        return store::online(l).to_owned();
    }
    let parts: Vec<&str> = [&event.venue, &event.city]
        .into_iter()
        .map(String::as_str)
        .filter(|p| !p.is_empty())
        .collect();
    parts.join(", ")
}

/// Nothing for events whose tickets cannot be had: the badge says why.
fn price_line(l: Locale, event: &EventCardView) -> Option<String> {
    let open = matches!(event.phase, Phase::Upcoming | Phase::Running);
    let lowest = event.lowest.filter(|_| open)?;
    match &event.sale {
        CardSaleView::OnSale | CardSaleView::FewLeft => {}
        CardSaleView::NotYet { opens } => {
            return Some(store::opens(l, dates::date_short(l, opens.at.date())));
        }
        CardSaleView::SoldOut | CardSaleView::Closed => return None,
    }
    // "From Free" is no price.
    Some(if event.several_prices {
        store::from_price(l, money::format(l, lowest))
    } else {
        money::price(l, lowest)
    })
}

#[component]
fn State(event: EventCardView) -> impl IntoView {
    let l = use_locale();
    let (tone, text) = match (event.phase, &event.sale) {
        (Phase::Cancelled, _) => (Tone::Error, store::cancelled(l)),
        (Phase::Postponed, _) => (Tone::Warning, store::postponed(l)),
        (Phase::Ended, _) => (Tone::Neutral, store::ended(l)),
        (Phase::Draft, _) => return None,
        (Phase::Upcoming | Phase::Running, CardSaleView::SoldOut) => {
            (Tone::Neutral, store::sold_out(l))
        }
        (Phase::Upcoming | Phase::Running, CardSaleView::FewLeft) => {
            (Tone::Warning, store::few_left(l))
        }
        (Phase::Running, _) => (Tone::Success, store::running(l)),
        (Phase::Upcoming, _) => return None,
    };
    Some(view! { <Badge tone>{text}</Badge> })
}
