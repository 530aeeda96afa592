//! Lists of events: the start page, results, an organizer's page.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

use super::views::{FoundView, HomeView, OrganizerView};
use crate::ApiError;

#[server(input = GetUrl)]
pub async fn home_page() -> Result<HomeView, ApiError> {
    use services::search::{self, Find};
    let sv = crate::ctx()?.services;
    let found = search::find(
        &sv,
        Find {
            only_happening: true,
            limit: 13,
            ..Find::default()
        },
    )
    .await?;
    let facets = search::facets(&sv).await?;
    Ok(HomeView {
        events: super::make::cards(found.cards),
        has_more: found.next.is_some(),
        categories: facets.categories,
        cities: facets.cities,
        url: format!("{}/", sv.settings.public_url),
    })
}

/// Everything is a word from the address; what is unknown is ignored rather than refused.
#[server(input = GetUrl)]
pub async fn find_events(
    #[server(default)] q: String,
    #[server(default)] category: String,
    #[server(default)] city: String,
    #[server(default)] when: String,
    #[server(default)] price: String,
    #[server(default)] place: String,
    #[server(default)] after: String,
) -> Result<FoundView, ApiError> {
    use domain::catalog::Category;
    use services::search::{self, Find, When};
    let sv = crate::ctx()?.services;
    let found = search::find(
        &sv,
        Find {
            text: q,
            category: Category::from_code(&category),
            city: Some(city).filter(|city| !city.is_empty()),
            when: When::from_code(&when),
            free: price == "free",
            online: place == "online",
            after: Some(after).filter(|after| !after.is_empty()),
            limit: 24,
            ..Find::default()
        },
    )
    .await?;
    let facets = search::facets(&sv).await?;
    let instead = if found.cards.is_empty() {
        search::find(
            &sv,
            Find {
                only_happening: true,
                limit: 4,
                ..Find::default()
            },
        )
        .await?
        .cards
    } else {
        Vec::new()
    };
    Ok(FoundView {
        events: super::make::cards(found.cards),
        next: found.next,
        categories: facets.categories,
        cities: facets.cities,
        instead: super::make::cards(instead),
    })
}

#[server(input = GetUrl)]
pub async fn organizer_page(
    slug: String,
    #[server(default)] after: String,
) -> Result<OrganizerView, ApiError> {
    use services::catalog;
    let sv = crate::ctx()?.services;
    let after = Some(after.as_str()).filter(|after| !after.is_empty());
    let page = catalog::show_organizer(&sv, &slug, after, 24)
        .await?
        .ok_or_else(ApiError::not_found)?;
    Ok(OrganizerView {
        url: format!("{}/o/{}", sv.settings.public_url, page.slug),
        slug: page.slug,
        name: page.name,
        description_html: page.description_html,
        website: page.website,
        upcoming: super::make::cards(page.upcoming),
        next: page.next,
        past: super::make::cards(page.past),
    })
}
