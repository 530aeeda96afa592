//! The page of an organizer: who they are, what comes, what was.

use super::{EventCard, to_html};
use crate::{
    Services, Unexpected,
    organizers::{self, OrganizerError},
    search::{self, Find},
};

#[derive(Debug, Clone)]
pub struct OrganizerPage {
    pub slug: String,
    pub name: String,
    /// Safe HTML.
    pub description_html: String,
    pub website: String,
    pub upcoming: Vec<EventCard>,
    /// Where the next page of upcoming events begins.
    pub next: Option<String>,
    /// The latest ones, newest first.
    pub past: Vec<EventCard>,
}

const PAST: i64 = 6;

/// `None` for an unknown or suspended organizer.
pub async fn show_organizer(
    sv: &Services,
    slug: &str,
    after: Option<&str>,
    limit: i64,
) -> Result<Option<OrganizerPage>, Unexpected> {
    let organizer = match organizers::show_public(sv, slug).await {
        Ok(organizer) => organizer,
        Err(OrganizerError::Unexpected(e)) => return Err(e),
        Err(_) => return Ok(None),
    };
    let by = Find {
        organizer: Some(slug.to_owned()),
        ..Find::default()
    };
    let upcoming = search::find(
        sv,
        Find {
            after: after.map(str::to_owned),
            limit,
            ..by.clone()
        },
    )
    .await?;
    let past = match after {
        None => {
            search::find(
                sv,
                Find {
                    past: true,
                    limit: PAST,
                    ..by
                },
            )
            .await?
            .cards
        }
        Some(_) => Vec::new(),
    };
    Ok(Some(OrganizerPage {
        slug: organizer.slug,
        name: organizer.name,
        description_html: to_html(&organizer.description_md),
        website: organizer.website,
        upcoming: upcoming.cards,
        next: upcoming.next,
        past,
    }))
}
