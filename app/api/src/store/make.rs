//! From what the use cases return to what pages show.

use domain::catalog::{Attendance, SaleStatus, Visibility};
use domain::ids::EventId;
use services::{
    Services, Unexpected,
    catalog::{self, CardSale, EventCard, EventPage, OfferState},
    orders::refund_schedule,
};

use super::{
    json_ld,
    views::{
        CardSaleView, EventCardView, EventView, OfferLive, OfferPhaseView, OfferView, SaleView,
    },
};
use crate::values::{Moment, PictureView, change_term, refund_terms};

impl From<EventCard> for EventCardView {
    fn from(card: EventCard) -> Self {
        let zone = card.time_zone.as_str();
        Self {
            starts: Moment::new(card.starts_at, zone),
            ends: Moment::new(card.ends_at, zone),
            online: card.attendance == Attendance::Online,
            picture: card.picture.as_ref().map(PictureView::from),
            sale: match card.sale {
                CardSale::OnSale => CardSaleView::OnSale,
                CardSale::FewLeft => CardSaleView::FewLeft,
                CardSale::SoldOut => CardSaleView::SoldOut,
                CardSale::NotYet { opens } => CardSaleView::NotYet {
                    opens: Moment::new(opens, zone),
                },
                CardSale::Closed => CardSaleView::Closed,
            },
            slug: card.slug,
            title: card.title,
            category: card.category,
            venue: card.venue_name,
            city: card.venue_city,
            organizer: card.organizer_name,
            phase: card.phase,
            lowest: card.lowest,
            several_prices: card.several_prices,
        }
    }
}

pub(super) fn cards(cards: Vec<EventCard>) -> Vec<EventCardView> {
    cards.into_iter().map(EventCardView::from).collect()
}

pub(crate) fn event(sv: &Services, page: EventPage) -> EventView {
    let zone = page.time_zone.as_str();
    let url = format!("{}/e/{}", sv.settings.public_url, page.slug);
    let largest = page
        .picture
        .as_ref()
        .and_then(|picture| picture.sources.last());
    let image_url = largest.map(|(path, _)| format!("{}{path}", sv.settings.public_url));
    EventView {
        json_ld: json_ld::event(&page, &url, image_url.as_deref()),
        id: page.id,
        starts: Moment::new(page.starts_at, zone),
        ends: Moment::new(page.ends_at, zone),
        asking: page.requests.of_order(false, sv.payments.can_hold()),
        change_term: change_term(
            page.change_terms,
            (page.starts_at, sv.now()),
            page.currency,
            zone,
        ),
        refund_terms: refund_terms(
            &refund_schedule(&page.refund_policy, page.starts_at, zone),
            sv.now(),
            zone,
        ),
        unlisted: page.visibility == Visibility::Unlisted,
        online: page.attendance == Attendance::Online,
        picture: page.picture.as_ref().map(PictureView::from),
        offers: page
            .offers
            .iter()
            .map(|offer| OfferView {
                id: offer.ticket_type,
                name: offer.name.clone(),
                description: offer.description.clone(),
                min: offer.min,
                max_per_customer: offer.max_per_customer,
                live: live(&offer.state, zone),
            })
            .collect(),
        url,
        image_url,
        slug: page.slug,
        title: page.title,
        summary: page.summary,
        description_html: page.description_html,
        category: page.category,
        language: page.language,
        phase: page.phase,
        state_reason: page.state_reason,
        venue_name: page.venue_name,
        venue_address: page.venue_address,
        venue_city: page.venue_city,
        venue_country: page.venue_country,
        organizer_slug: page.organizer_slug,
        organizer_name: page.organizer_name,
        organizer_description_html: page.organizer_description_html,
        organizer_website: page.organizer_website,
        challenge: services::checkout::challenge(sv),
        waiting_room: page.waiting_room,
        preview: page.preview,
    }
}

/// What the live stream of an event sends; `None` for one that visitors do not see.
pub async fn live_offers(
    sv: &Services,
    event: EventId,
) -> Result<Option<Vec<OfferLive>>, Unexpected> {
    let found = catalog::availability(sv, event).await?;
    Ok(found.map(|(states, zone)| states.iter().map(|state| live(state, &zone)).collect()))
}

fn live(state: &OfferState, zone: &str) -> OfferLive {
    OfferLive {
        id: state.ticket_type,
        price: state.price,
        phase: state.phase.as_ref().map(|phase| OfferPhaseView {
            name: phase.name.clone(),
            until: phase.until.map(|until| Moment::new(until, zone)),
            left: phase.left,
            then: phase.then,
            steps: phase.steps.clone(),
        }),
        max: state.max,
        sale: match state.status {
            SaleStatus::NotYet { opens } => SaleView::NotYet {
                opens: Moment::new(opens, zone),
            },
            SaleStatus::OnSale => SaleView::OnSale,
            SaleStatus::FewLeft { left } => SaleView::FewLeft { left },
            SaleStatus::SoldOut => SaleView::SoldOut,
            SaleStatus::Ended => SaleView::Ended,
            SaleStatus::EventOver => SaleView::EventOver,
            SaleStatus::Paused => SaleView::Paused,
            SaleStatus::Unpublished => SaleView::Unpublished,
        },
    }
}
