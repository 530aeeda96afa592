//! Results: what was looked for, by what it can be narrowed down, and what there is instead.

use app_api::query::{Query, use_query_map};
use app_api::{
    ask,
    store::{FindEvents, FoundView},
};
use app_ui::{
    Chip, Container, ContainerSize, Disclosure, EmptyState, FilterChips, KeysetPager, LinkButton,
    PageHeader, SearchBox, query, use_locale,
};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use locales::{Locale, categories, shell, store};

use crate::parts::{EventCards, fetched};

pub fn events() -> impl IntoView {
    let address = use_query_map();
    let page = ask(move || {
        let wanted = address.with(Wanted::read);
        FindEvents {
            q: wanted.q,
            category: wanted.category,
            city: wanted.city,
            when: wanted.when,
            price: wanted.price,
            place: wanted.place,
            after: wanted.after,
        }
    });
    fetched(page, move |found| {
        // Read without tracking: the page is made anew when what was found changes, which follows the address.
        let wanted = address.with_untracked(Wanted::read);
        view! { <Results found wanted/> }.into_any()
    })
}

/// What the address asks for.
#[derive(Clone, Default)]
struct Wanted {
    q: String,
    category: String,
    city: String,
    when: String,
    price: String,
    place: String,
    after: String,
}

impl Wanted {
    fn read(query: &Query) -> Self {
        let word = |name: &str| query.get(name).unwrap_or_default();
        Self {
            q: word("q"),
            category: word("category"),
            city: word("city"),
            when: word("when"),
            price: word("price"),
            place: word("place"),
            after: word("after"),
        }
    }

    /// The address with one filter changed; filtering begins at the first page again.
    fn with(&self, name: &str, value: &str) -> String {
        let pick = |key: &str, now: &str| {
            if key == name {
                value.to_owned()
            } else {
                now.to_owned()
            }
        };
        let query = query(&[
            ("q", &pick("q", &self.q)),
            ("category", &pick("category", &self.category)),
            ("city", &pick("city", &self.city)),
            ("when", &pick("when", &self.when)),
            ("price", &pick("price", &self.price)),
            ("place", &pick("place", &self.place)),
            ("after", &pick("after", "")),
        ]);
        if query.is_empty() {
            "/events".to_owned()
        } else {
            format!("/events?{query}")
        }
    }

    /// A filter that is on leads to itself being off.
    fn chip(&self, name: &str, value: &str, label: impl Into<String>, now: &str) -> Chip {
        let active = value == now;
        Chip::filter(
            label,
            self.with(name, if active { "" } else { value }),
            active,
        )
    }

    fn is_plain(&self) -> bool {
        self.with("after", "") == "/events"
    }

    fn title(&self, l: Locale) -> String {
        let kind =
            (!self.category.is_empty()).then(|| categories::name(l, &self.category).to_owned());
        match (self.q.trim(), self.city.as_str(), kind) {
            ("", "", None) => store::events_title(l).to_owned(),
            ("", "", Some(kind)) => kind,
            ("", city, None) => store::in_city(l, city),
            ("", city, Some(kind)) => format!("{kind}, {city}"),
            (q, _, _) => store::results_for(l, q),
        }
    }
}

#[component]
fn Results(found: FoundView, wanted: Wanted) -> impl IntoView {
    let l = use_locale();
    let title = wanted.title(l);
    let nothing = found.events.is_empty();
    let next = found
        .next
        .as_deref()
        .map(|after| wanted.with("after", after));
    let first = (!wanted.after.is_empty()).then(|| wanted.with("after", ""));
    let keep = [
        ("category", &wanted.category),
        ("city", &wanted.city),
        ("when", &wanted.when),
        ("price", &wanted.price),
        ("place", &wanted.place),
    ];
    let keep: Vec<(String, String)> = keep
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| ((*name).to_owned(), (*value).clone()))
        .collect();
    view! {
        <Title text=title.clone()/>
        <Meta name="description" content=shell::description(l)/>
        {(!wanted.is_plain() || !wanted.after.is_empty())
            .then(|| view! { <Meta name="robots" content="noindex, follow"/> })}
        <Container size=ContainerSize::Wide>
            <PageHeader title=title/>
            <div class="results-tools">
                <SearchBox
                    action="/events"
                    value=wanted.q.clone()
                    label=store::find_label(l)
                    placeholder=store::find_hint(l)
                    keep=keep
                />
                <Filters wanted=wanted.clone() categories=found.categories cities=found.cities/>
            </div>
            {if nothing {
                view! {
                    <EmptyState title=store::nothing_found_title(l) text=store::nothing_found_text(l)>
                        <LinkButton href="/events">{store::nothing_found_reset(l)}</LinkButton>
                    </EmptyState>
                    {(!found.instead.is_empty())
                        .then(|| {
                            view! {
                                <section class="results-instead" aria-labelledby="instead">
                                    <h2 class="section-title" id="instead">{store::instead(l)}</h2>
                                    <EventCards events=found.instead/>
                                </section>
                            }
                        })}
                }
                .into_any()
            } else {
                view! {
                    <h2 class="sr-only">{store::upcoming(l)}</h2>
                    <EventCards events=found.events/>
                    <KeysetPager previous=first next=next/>
                }
                .into_any()
            }}
        </Container>
    }
}

#[component]
fn Filters(
    wanted: Wanted,
    categories: Vec<(domain::catalog::Category, u64)>,
    cities: Vec<(String, u64)>,
) -> impl IntoView {
    let l = use_locale();
    let when = [
        ("today", store::today(l)),
        ("weekend", store::weekend(l)),
        ("week", store::week(l)),
        ("month", store::month(l)),
    ];
    let mut quick: Vec<Chip> = when
        .iter()
        .map(|(value, label)| wanted.chip("when", value, *label, &wanted.when))
        .collect();
    quick.push(wanted.chip("price", "free", store::free(l), &wanted.price));
    quick.push(wanted.chip("place", "online", store::online(l), &wanted.place));
    let kinds: Vec<Chip> = categories
        .iter()
        .map(|(kind, _)| {
            wanted.chip(
                "category",
                kind.code(),
                categories::name(l, kind.code()),
                &wanted.category,
            )
        })
        .collect();
    let places: Vec<Chip> = cities
        .iter()
        .map(|(city, _)| wanted.chip("city", city, city.as_str(), &wanted.city))
        .collect();
    let open = !wanted.category.is_empty() || !wanted.city.is_empty();
    view! {
        <FilterChips label=store::when(l) chips=quick/>
        <Disclosure label=store::more_filters(l) open=open>
            <div class="stack-tight">
                <FilterChips label=store::kinds(l) chips=kinds/>
                <FilterChips label=store::places(l) chips=places/>
            </div>
        </Disclosure>
    }
}
