//! One event: what, when, where, and its tickets.

use app_api::{
    ask,
    store::{EventPage, EventView},
};
use app_ui::{Container, ContainerSize, Icon, IconName, Notice, Tone, query, use_locale};
use domain::{catalog::Phase, orders::Asking};
use leptos::prelude::*;
use leptos_meta::Meta;
use locales::{Locale, categories, dates, requests, store};

use crate::parts::{ChangeTerms, PageHead, Picture, RefundTerms, fetched, param};

mod tickets;

pub(super) use tickets::{Choice, Tickets, code_in_address};

use tickets::TicketsBar;

pub fn event() -> impl IntoView {
    let slug = param("slug");
    let page = ask(move || EventPage { slug: slug.get() });
    fetched(page, |event| view! { <Event event/> }.into_any())
}

#[component]
fn Event(event: EventView) -> impl IntoView {
    let l = use_locale();
    let choice = Choice::new(&event);
    let kind = categories::name(l, event.category.code());
    let description = if event.summary.is_empty() {
        when_and_where(l, &event)
    } else {
        event.summary.clone()
    };
    let hidden = event.unlisted || event.preview;
    let bar = event.clone();
    // For those who read pages without running them. A browser that makes the page itself must not make a script of text.
    let data = if cfg!(feature = "ssr") {
        event.json_ld.clone()
    } else {
        String::new()
    };
    view! {
        <PageHead
            title=event.title.clone()
            description=description
            url=event.url.clone()
            image=event.image_url.clone()
        />
        {hidden.then(|| view! { <Meta name="robots" content="noindex"/> })}
        <script type="application/ld+json" nonce=leptos::nonce::use_nonce() inner_html=data></script>
        <Container size=ContainerSize::Wide>
            <article class="event">
                <Notices event=event.clone()/>
                <header class="event-head">
                    <p class="eyebrow">
                        <a class="text-link" href=format!("/events?category={}", event.category.code())>{kind}</a>
                    </p>
                    <h1 class="event-title" dir="auto">{event.title.clone()}</h1>
                    {(!event.summary.is_empty()).then(|| view! { <p class="lead" dir="auto">{event.summary.clone()}</p> })}
                    <Facts event=event.clone()/>
                </header>
                <div class="event-media">
                    <Picture
                        picture=event.picture.clone()
                        category=event.category
                        sizes="(min-width: 60rem) 60vw, 100vw"
                        first=true
                    />
                </div>
                <aside class="event-aside stack" id="tickets" aria-labelledby="tickets-title">
                    <Asks event=event.clone()/>
                    <Tickets event=event.clone() choice/>
                </aside>
                <div class="event-about">
                    {(!event.description_html.is_empty())
                        .then(|| {
                            view! {
                                <section class="event-part" aria-labelledby="about">
                                    <h2 class="section-title" id="about">{store::about(l)}</h2>
                                    <div class="prose" dir="auto" inner_html=event.description_html.clone()></div>
                                </section>
                            }
                        })}
                    <section class="event-part" aria-labelledby="refunds">
                        <h2 class="section-title" id="refunds">{store::refunds(l)}</h2>
                        <RefundTerms terms=event.refund_terms.clone()/>
                        {event.change_term.clone().map(|term| view! { <ChangeTerms term/> })}
                    </section>
                    <Organizer event=event.clone()/>
                </div>
            </article>
        </Container>
        <TicketsBar event=bar choice/>
    }
}

fn when_and_where(l: Locale, event: &EventView) -> String {
    let when = dates::range(l, event.starts.at, event.ends.at, Some(&event.starts.zone));
    let place = if event.online {
        store::online(l)
    } else {
        event.venue_city.as_str()
    };
    format!("{when}, {place}")
}

#[component]
fn Facts(event: EventView) -> impl IntoView {
    let l = use_locale();
    let when = dates::range(l, event.starts.at, event.ends.at, Some(&event.starts.zone));
    let address: Vec<&str> = [&event.venue_address, &event.venue_city]
        .into_iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    let address = address.join(", ");
    let map = format!(
        "https://www.openstreetmap.org/search?{}",
        query(&[("query", &format!("{}, {address}", event.venue_name))])
    );
    view! {
        <dl class="facts">
            <div class="fact">
                <dt><Icon name=IconName::Calendar/><span class="sr-only">{store::when(l)}</span></dt>
                <dd>
                    <time datetime=event.starts.instant.clone()>{when}</time>
                    <a class="fact-link" href=format!("/e/{}/calendar.ics", event.slug) rel="external" download="">
                        {store::add_calendar(l)}
                    </a>
                </dd>
            </div>
            <div class="fact">
                <dt><Icon name=IconName::Pin/><span class="sr-only">{store::r#where(l)}</span></dt>
                {if event.online {
                    view! { <dd>{store::online_text(l)}</dd> }.into_any()
                } else {
                    view! {
                        <dd>
                            <span><bdi>{event.venue_name.clone()}</bdi></span>
                            <span class="fact-more"><bdi>{address}</bdi></span>
                            <a class="fact-link" href=map rel="external noopener">{store::map(l)}</a>
                        </dd>
                    }
                    .into_any()
                }}
            </div>
            <div class="fact">
                <dt><Icon name=IconName::User/><span class="sr-only">{store::organizer(l)}</span></dt>
                <dd>
                    <a class="text-link" href=format!("/o/{}", event.organizer_slug) dir="auto">
                        {event.organizer_name.clone()}
                    </a>
                </dd>
            </div>
        </dl>
    }
}

/// That the organizer decides who gets tickets.
#[component]
fn Asks(event: EventView) -> impl IntoView {
    let l = use_locale();
    let free = event.offers.iter().all(|offer| offer.live.price.is_zero());
    let organizer = &event.organizer_name;
    let text = match event.asking {
        Asking::No => return None,
        Asking::Ask | Asking::Hold if free => requests::event_text_free(l, organizer),
        Asking::Ask => requests::event_text(l, organizer),
        Asking::Hold => requests::event_text_hold(l, organizer),
    };
    Some(view! { <Notice title=requests::event_title(l)><p>{text}</p></Notice> })
}

/// What has to be known before everything else.
#[component]
fn Notices(event: EventView) -> impl IntoView {
    let l = use_locale();
    let state = match event.phase {
        Phase::Cancelled => Some((
            Tone::Error,
            store::cancelled_title(l),
            store::cancelled_text(l),
        )),
        Phase::Postponed => Some((
            Tone::Warning,
            store::postponed_title(l),
            store::postponed_text(l),
        )),
        Phase::Ended => Some((Tone::Neutral, store::ended_title(l), store::ended_text(l))),
        Phase::Running => Some((Tone::Success, store::running_title(l), "")),
        Phase::Draft | Phase::Upcoming => None,
    };
    let reason = Some(event.state_reason.clone()).filter(|reason| !reason.is_empty());
    if state.is_none() && !event.preview {
        return None;
    }
    Some(view! {
        <div class="event-notices">
            {event.preview.then(|| view! { <Notice tone=Tone::Warning title=store::preview_title(l)>{store::preview_text(l)}</Notice> })}
            {(event.unlisted && event.preview)
                .then(|| view! { <Notice title=store::unlisted_title(l)>{store::unlisted_text(l)}</Notice> })}
            {state
                .map(|(tone, title, text)| {
                    let reason = reason.filter(|_| tone != Tone::Success && tone != Tone::Neutral);
                    view! {
                        <Notice tone title=title>
                            {(!text.is_empty()).then(|| view! { <p>{text}</p> })}
                            {reason.map(|reason| view! { <p dir="auto">{store::reason(l, reason)}</p> })}
                        </Notice>
                    }
                })}
        </div>
    })
}

#[component]
fn Organizer(event: EventView) -> impl IntoView {
    let l = use_locale();
    let about = Some(event.organizer_description_html).filter(|html| !html.is_empty());
    let website = Some(event.organizer_website).filter(|website| !website.is_empty());
    view! {
        <section class="event-part" aria-labelledby="organizer">
            <h2 class="section-title" id="organizer">{store::about_organizer(l)}</h2>
            <p class="event-organizer">
                <a class="text-link" href=format!("/o/{}", event.organizer_slug) dir="auto">{event.organizer_name}</a>
            </p>
            {about.map(|html| view! { <div class="prose" dir="auto" inner_html=html></div> })}
            {website
                .map(|website| {
                    view! { <p><a class="text-link" href=website rel="noopener nofollow ugc">{store::website(l)}</a></p> }
                })}
        </section>
    }
}
