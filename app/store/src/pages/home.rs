//! The start page: where to look, and what comes.

use app_api::{
    ask,
    store::{HomePage, HomeView},
};
use app_ui::{Container, ContainerSize, EmptyState, LinkButton, SearchBox, use_locale};
use leptos::prelude::*;
use locales::{categories, numbers, shell, store};

use crate::parts::{EventCards, EventLead, PageHead, fetched};

pub fn home() -> impl IntoView {
    let page = ask(|| HomePage {});
    fetched(page, |home| view! { <Home home/> }.into_any())
}

#[component]
fn Home(home: HomeView) -> impl IntoView {
    let l = use_locale();
    let mut events = home.events.into_iter();
    let lead = events.next();
    let rest: Vec<_> = events.collect();
    view! {
        <PageHead title=shell::tagline(l) description=shell::description(l) url=home.url/>
        <Container size=ContainerSize::Wide>
            <header class="home-head">
                <h1 class="home-title">{shell::tagline(l)}</h1>
                <div class="home-search">
                    <SearchBox action="/events" label=store::find_label(l) placeholder=store::find_hint(l)/>
                </div>
            </header>
            {match lead {
                None => view! {
                    <EmptyState title=store::nothing_yet_title(l) text=store::nothing_yet_text(l)>
                        <LinkButton href="/organize">{store::nothing_yet_action(l)}</LinkButton>
                    </EmptyState>
                }.into_any(),
                Some(lead) => view! {
                    <Kinds kinds=home.categories/>
                    <section class="home-events" aria-labelledby="upcoming">
                        <h2 class="section-title" id="upcoming">{store::upcoming(l)}</h2>
                        <EventLead event=lead/>
                        <EventCards events=rest/>
                        <p class="home-more">
                            <LinkButton href="/events">{store::all_events(l)}</LinkButton>
                        </p>
                    </section>
                    <Places places=home.cities/>
                }.into_any(),
            }}
        </Container>
    }
}

#[component]
fn Kinds(kinds: Vec<(domain::catalog::Category, u64)>) -> impl IntoView {
    let l = use_locale();
    let links = kinds
        .into_iter()
        .map(|(kind, count)| {
            view! {
                <li>
                    <a class="kind" href=format!("/events?category={}", kind.code())>
                        <span>{categories::name(l, kind.code())}</span>
                        <span class="kind-count num">{numbers::integer(count)}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <nav class="kinds" aria-label=store::kinds(l)><ul role="list">{links}</ul></nav> }
}

#[component]
fn Places(places: Vec<(String, u64)>) -> impl IntoView {
    let l = use_locale();
    let links = places
        .into_iter()
        .map(|(city, count)| {
            let query = app_ui::query(&[("city", &city)]);
            view! {
                <li>
                    <a class="place" href=format!("/events?{query}")>
                        <span dir="auto">{city}</span>
                        <sup class="place-count num">{numbers::integer(count)}</sup>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="places" aria-labelledby="places">
            <h2 class="section-title" id="places">{store::places(l)}</h2>
            <ul class="places-list" role="list">{links}</ul>
        </section>
    }
}
