//! An organizer: who they are, what comes, what was.

use app_api::query::use_query_map;
use app_api::{
    ask,
    store::{OrganizerPage, OrganizerView},
};
use app_ui::{
    Container, ContainerSize, EmptyState, KeysetPager, LinkButton, PageHeader, use_locale,
};
use leptos::prelude::*;
use locales::{shell, store};

use crate::parts::{EventCards, PageHead, fetched, param};

pub fn organizer() -> impl IntoView {
    let (slug, query) = (param("slug"), use_query_map());
    let asked = move || {
        let after = query.with(|query| query.get("after").unwrap_or_default());
        (slug.get(), after)
    };
    let page = ask(move || {
        let (slug, after) = asked();
        OrganizerPage { slug, after }
    });
    fetched(page, |organizer| {
        view! { <Organizer organizer/> }.into_any()
    })
}

#[component]
fn Organizer(organizer: OrganizerView) -> impl IntoView {
    let l = use_locale();
    let here = format!("/o/{}", organizer.slug);
    let next = organizer.next.map(|after| format!("{here}?after={after}"));
    let website = Some(organizer.website).filter(|website| !website.is_empty());
    let about = Some(organizer.description_html).filter(|html| !html.is_empty());
    view! {
        <PageHead title=organizer.name.clone() description=shell::description(l) url=organizer.url/>
        <Container size=ContainerSize::Wide>
            <PageHeader title=organizer.name eyebrow=store::organizer(l)>
                {website
                    .map(|website| {
                        view! { <a class="btn btn-secondary" href=website rel="noopener nofollow ugc">{store::website(l)}</a> }
                    })}
            </PageHeader>
            {about.map(|html| view! { <div class="prose organizer-about" dir="auto" inner_html=html></div> })}
            <section class="section" aria-labelledby="upcoming">
                <h2 class="section-title" id="upcoming">{store::organizer_upcoming(l)}</h2>
                {if organizer.upcoming.is_empty() {
                    view! {
                        <EmptyState title=store::organizer_nothing(l) text=store::organizer_nothing_text(l)>
                            <LinkButton href="/events">{store::all_events(l)}</LinkButton>
                        </EmptyState>
                    }
                    .into_any()
                } else {
                    view! { <EventCards events=organizer.upcoming/><KeysetPager next=next/> }.into_any()
                }}
            </section>
            {(!organizer.past.is_empty())
                .then(|| {
                    view! {
                        <section class="section" aria-labelledby="past">
                            <h2 class="section-title" id="past">{store::organizer_past(l)}</h2>
                            <EventCards events=organizer.past/>
                        </section>
                    }
                })}
        </Container>
    }
}
