//! What programs read of the store: search engines, calendars, browsers fetching pictures.

use app_api::ApiError;
use axum::{
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use services::{catalog, files};

use crate::{AppState, fault};

const FOR_EVER: &str = "public, max-age=31536000, immutable";
const AN_HOUR: &str = "public, max-age=3600";

/// Public events and organizers (sitemaps.org).
pub async fn sitemap(State(state): State<AppState>) -> Response {
    let entries = match catalog::sitemap(&state.services).await {
        Ok(entries) => entries,
        Err(error) => return fault::refuse(error.into()),
    };
    let origin = state.origin();
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for path in ["/", "/events"] {
        xml.push_str(&format!("<url><loc>{origin}{path}</loc></url>\n"));
    }
    // Slugs are a-z, 0-9 and hyphens, so nothing needs escaping.
    for entry in entries {
        let day = entry.changed.strftime("%Y-%m-%d");
        xml.push_str(&format!(
            "<url><loc>{origin}{}</loc><lastmod>{day}</lastmod></url>\n",
            entry.path
        ));
    }
    xml.push_str("</urlset>\n");
    answer("application/xml", AN_HOUR, xml)
}

pub async fn robots(State(state): State<AppState>) -> Response {
    let text = format!(
        "User-agent: *\nDisallow: /api/\nDisallow: /checkout/\nDisallow: /orders/\nDisallow: /accept/\nDisallow: /tickets/\nDisallow: /organize\nDisallow: /admin\n\
         Disallow: /scan\nDisallow: /sandbox/\nDisallow: /live/\n\nSitemap: {}/sitemap.xml\n",
        state.origin()
    );
    answer("text/plain; charset=utf-8", AN_HOUR, text)
}

/// The event for the visitor's calendar.
pub async fn calendar(State(state): State<AppState>, Path(slug): Path<String>) -> Response {
    match catalog::calendar(&state.services, &slug).await {
        Ok(Some(text)) => {
            let mut response = answer("text/calendar; charset=utf-8", "no-cache", text);
            if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{slug}.ics\""))
            {
                response
                    .headers_mut()
                    .insert(header::CONTENT_DISPOSITION, name);
            }
            response
        }
        Ok(None) => fault::refuse(ApiError::not_found()),
        Err(error) => fault::refuse(error.into()),
    }
}

/// A picture. Its name is made of its content, so it never changes.
pub async fn picture(State(state): State<AppState>, Path(name): Path<String>) -> Response {
    match files::read_picture(&state.services, &name).await {
        Ok(Some(bytes)) => (
            [
                (header::CONTENT_TYPE, files::JPEG),
                (header::CACHE_CONTROL, FOR_EVER),
            ],
            bytes,
        )
            .into_response(),
        Ok(None) => fault::refuse(ApiError::not_found()),
        Err(error) => fault::refuse(error.into()),
    }
}

fn answer(kind: &'static str, keep: &'static str, body: String) -> Response {
    (
        [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, keep)],
        body,
    )
        .into_response()
}
