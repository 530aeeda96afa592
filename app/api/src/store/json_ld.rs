//! What search engines read of an event: schema.org Event as JSON-LD.

use domain::catalog::{Attendance, Phase, SaleStatus};
use serde_json::{Value, json};
use services::{catalog::EventPage, zone};

/// Safe to stand inside a script element.
pub(super) fn event(page: &EventPage, url: &str, image: Option<&str>) -> String {
    let status = match page.phase {
        Phase::Cancelled => "EventCancelled",
        Phase::Postponed => "EventPostponed",
        Phase::Draft | Phase::Upcoming | Phase::Running | Phase::Ended => "EventScheduled",
    };
    let online = page.attendance == Attendance::Online;
    let mode = if online {
        "OnlineEventAttendanceMode"
    } else {
        "OfflineEventAttendanceMode"
    };
    let location = if online {
        json!({ "@type": "VirtualLocation", "url": url })
    } else {
        json!({
            "@type": "Place",
            "name": page.venue_name,
            "address": {
                "@type": "PostalAddress",
                "streetAddress": page.venue_address,
                "addressLocality": page.venue_city,
                "addressCountry": page.venue_country,
            },
        })
    };
    let offers: Vec<Value> = page
        .offers
        .iter()
        .map(|offer| {
            let availability = match offer.state.status {
                SaleStatus::OnSale => "InStock",
                SaleStatus::FewLeft { .. } => "LimitedAvailability",
                SaleStatus::NotYet { .. } => "PreOrder",
                SaleStatus::SoldOut
                | SaleStatus::Ended
                | SaleStatus::EventOver
                | SaleStatus::Paused
                | SaleStatus::Unpublished => "SoldOut",
            };
            let mut value = json!({
                "@type": "Offer",
                "name": offer.name,
                "url": url,
                "price": offer.state.price.to_decimal_string(),
                "priceCurrency": offer.state.price.currency.as_str(),
                "availability": format!("https://schema.org/{availability}"),
            });
            if let (SaleStatus::NotYet { opens }, Some(object)) =
                (offer.state.status, value.as_object_mut())
            {
                object.insert("validFrom".into(), opens.to_string().into());
            }
            let until = offer.state.phase.as_ref().and_then(|phase| phase.until);
            if let (Some(until), Some(object)) = (until, value.as_object_mut()) {
                let until = with_offset(until, &page.time_zone);
                // The price, and with it the offer, holds until then; what comes after it is another.
                object.insert("validThrough".into(), until.clone().into());
                object.insert("priceValidUntil".into(), until.into());
            }
            value
        })
        .collect();
    let mut value = json!({
        "@context": "https://schema.org",
        "@type": "Event",
        "name": page.title,
        "description": page.summary,
        "url": url,
        "startDate": with_offset(page.starts_at, &page.time_zone),
        "endDate": with_offset(page.ends_at, &page.time_zone),
        "eventStatus": format!("https://schema.org/{status}"),
        "eventAttendanceMode": format!("https://schema.org/{mode}"),
        "location": location,
        "inLanguage": page.language,
        "organizer": {
            "@type": "Organization",
            "name": page.organizer_name,
            "url": format!("{}/o/{}", url.split("/e/").next().unwrap_or_default(), page.organizer_slug),
        },
        "offers": offers,
    });
    if let (Some(image), Some(object)) = (image, value.as_object_mut()) {
        object.insert("image".into(), json!([image]));
    }
    for_script(&value)
}

/// The offset at the venue tells readers the local time.
fn with_offset(at: domain::when::Timestamp, time_zone: &str) -> String {
    let Ok(local) = zone::local(at, time_zone) else {
        return at.to_string();
    };
    let seconds = local
        .at
        .to_zoned(jiff::tz::TimeZone::UTC)
        .map_or(0, |zoned| zoned.timestamp().as_second() - at.as_second());
    let offset = i32::try_from(seconds)
        .ok()
        .and_then(|seconds| jiff::tz::Offset::from_seconds(seconds).ok());
    offset.map_or_else(
        || at.to_string(),
        |offset| at.display_with_offset(offset).to_string(),
    )
}

/// Nothing in it can end the element or begin another.
fn for_script(value: &Value) -> String {
    value
        .to_string()
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
}

#[cfg(test)]
mod tests {
    use super::{for_script, with_offset};

    #[test]
    fn nothing_ends_the_script() {
        let text =
            for_script(&serde_json::json!({ "name": "</script><script>alert(1)</script>&<!--" }));
        assert!(!text.contains(['<', '>', '&']));
        let back: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(back["name"], "</script><script>alert(1)</script>&<!--");
    }

    #[test]
    fn times_carry_the_offset_of_the_place() {
        let at = "2026-07-01T18:00:00Z".parse().unwrap();
        assert_eq!(
            with_offset(at, "Europe/Ljubljana"),
            "2026-07-01T20:00:00+02:00"
        );
    }
}
