use super::{ORGANIZATIONS, Place, SalesWindow, State, events};
use domain::money::Currency;
use std::collections::HashSet;

#[test]
fn slugs_and_keys_are_told_apart() {
    let mut slugs = HashSet::new();
    for event in events() {
        assert!(slugs.insert(event.slug), "{} twice", event.slug);
        assert!(
            event
                .slug
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
            "{}",
            event.slug
        );
    }
    let keys: HashSet<_> = ORGANIZATIONS.iter().map(|o| o.key).collect();
    let names: HashSet<_> = ORGANIZATIONS.iter().map(|o| o.slug).collect();
    assert_eq!(keys.len(), ORGANIZATIONS.len());
    assert_eq!(names.len(), ORGANIZATIONS.len());
}

#[test]
fn every_event_has_an_organizer_a_zone_a_currency_and_stock() {
    for event in events() {
        let slug = event.slug;
        assert!(
            ORGANIZATIONS.iter().any(|o| o.key == event.organizer),
            "{slug}"
        );
        assert!(
            jiff::tz::TimeZone::get(event.time_zone).is_ok(),
            "{slug}: {}",
            event.time_zone
        );
        assert!(
            event.currency.parse::<Currency>().is_ok(),
            "{slug}: {}",
            event.currency
        );
        assert!(!event.tickets.is_empty(), "{slug}");
        for ticket in event.tickets {
            assert!(!ticket.pools.is_empty(), "{slug}: {}", ticket.name);
            for key in ticket.pools {
                assert!(
                    event.pools.iter().any(|pool| pool.key == *key),
                    "{slug}: no pool {key}"
                );
            }
            assert!(
                ticket.price >= 0 && ticket.per_order > 0 && ticket.weight > 0,
                "{slug}"
            );
            if let SalesWindow::From(day) = ticket.sales {
                assert!(day < event.when.day, "{slug}: {} never opens", ticket.name);
            }
        }
        for pool in event.pools {
            assert!(
                event
                    .tickets
                    .iter()
                    .any(|ticket| ticket.pools.contains(&pool.key)),
                "{slug}: pool {} is idle",
                pool.key
            );
        }
        assert!(
            event
                .refund_policy
                .windows(2)
                .all(|pair| pair[0].0 > pair[1].0 && pair[0].1 >= pair[1].1),
            "{slug}"
        );
        if let Place::Online { link } = event.place {
            assert!(link.starts_with("https://"), "{slug}");
        }
        assert!(
            (event.when.day < 0) || event.sales.arrived_percent == 0,
            "{slug}"
        );
    }
}

#[test]
fn texts_are_long_enough_to_fill_a_page_and_short_enough_for_a_card() {
    for event in events() {
        assert!(
            event.description.chars().count() > 250,
            "{}: {}",
            event.slug,
            event.description.chars().count()
        );
        assert!(
            (20..=160).contains(&event.summary.chars().count()),
            "{}",
            event.slug
        );
        assert!(event.title.chars().count() <= 80, "{}", event.slug);
    }
}

#[test]
fn the_sample_shows_every_state_and_many_places() {
    for state in [
        State::Published,
        State::Unlisted,
        State::SoldOut,
        State::Cancelled,
        State::Postponed,
        State::Draft,
        State::Past,
    ] {
        assert!(events().any(|event| event.state == state), "{state:?}");
    }
    let zones: HashSet<_> = events().map(|event| event.time_zone).collect();
    let currencies: HashSet<_> = events().map(|event| event.currency).collect();
    assert!(zones.len() >= 10 && currencies.len() >= 10 && events().count() >= 42);
    assert!(events().any(|event| matches!(event.place, Place::Online { .. })));
}

#[test]
fn days_that_texts_name_fall_on_those_days() -> Result<(), jiff::Error> {
    for offset in 0..7 {
        let today = jiff::civil::date(2027, 3, 20 + offset);
        for event in events() {
            let zone = jiff::tz::TimeZone::get(event.time_zone)?;
            let (starts, ends) = event.when.instants(today, &zone)?;
            let local = starts.to_zoned(zone);
            assert!(starts < ends, "{}", event.slug);
            assert_eq!(
                (local.hour(), local.minute()),
                (event.when.hour, event.when.minute),
                "{}",
                event.slug
            );
            assert!(
                event.when.weekday.is_none_or(|day| local.weekday() == day),
                "{}",
                event.slug
            );
        }
    }
    Ok(())
}
