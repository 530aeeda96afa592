//! Completing and changing an event, one section per page, so that saving one never loses what is typed in another.

mod basics;
mod description;
mod phases;
mod picture;
mod place;
mod pool;
mod prices;
mod rules;
mod ticket;
mod tickets;
mod when;

pub use basics::BasicsPage;
pub use description::DescriptionPage;
pub use phases::PhasesPage;
pub use picture::PicturePage;
pub use place::PlacePage;
pub use pool::PoolPage;
pub use rules::RulesPage;
pub use ticket::TicketPage;
pub use tickets::TicketsPage;
pub use when::WhenPage;
pub use when::{fold_choice, zone_choices};

use app_api::{
    ApiError, Asked, ask,
    events::{EventView, OrganizerEvent},
};
use app_ui::{PageHeader, TabItem, Tabs, use_locale};
use domain::catalog::EventState;
use leptos::prelude::*;
use locales::organizer as t;

use crate::parts::{EventFrame, EventTab, Part, loaded, param};

type Found = Asked<EventView>;

/// The event of the address.
fn the_event() -> Found {
    let event = param("event");
    ask(move || OrganizerEvent {
        event: event.clone(),
    })
}

/// A page of the editor: the parts to choose from, then `view` of the event.
fn editor(
    part: Part,
    found: Found,
    view: impl Fn(EventView) -> AnyView + Copy + Send + Sync + 'static,
) -> AnyView {
    let l = use_locale();
    let org = param("org");
    let base = format!("/organize/{org}/events/{}", param("event"));
    let parts = Part::ALL
        .into_iter()
        .filter(|one| app_api::may(&org, one.right()))
        .map(|one| TabItem::new(one.name(l), format!("{base}{}", one.path()), part == one))
        .collect();
    let may = app_api::may(&org, part.right());
    view! {
        <EventFrame title=t::edit(l) tab=EventTab::Edit>
            <Tabs label=t::parts(l) items=parts/>
            {loaded(found, move |event| {
                let locked = event.state == EventState::Cancelled;
                let title = event.title.clone();
                let lead = match (may, locked) {
                    (false, _) => Some(ApiError::forbidden().text(l)),
                    (true, true) => Some(t::cancelled_fixed(l).to_owned()),
                    (true, false) => None,
                };
                let body = lead.is_none().then(|| view(event));
                view! { <PageHeader title lead=lead.unwrap_or_default()/> {body} }.into_any()
            })}
        </EventFrame>
    }
    .into_any()
}
