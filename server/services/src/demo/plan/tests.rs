use super::{Moments, Outcome, PlannedOrder, orders};
use crate::demo::content::{DemoEvent, SalesWindow, State, events};
use jiff::SignedDuration;
use jiff::civil::date;
use jiff::tz::TimeZone;
use std::collections::HashMap;

fn plan(event: &DemoEvent) -> Result<(Moments, Vec<PlannedOrder>), jiff::Error> {
    let today = date(2027, 5, 12);
    let now = today.at(11, 30, 0, 0).to_zoned(TimeZone::UTC)?.timestamp();
    let (starts, ends) = event
        .when
        .instants(today, &TimeZone::get(event.time_zone)?)?;
    let moments = Moments { starts, ends, now };
    Ok((moments, orders(event, moments, 5)))
}

fn sold(event: &DemoEvent, planned: &[PlannedOrder]) -> HashMap<&'static str, u32> {
    let mut sold = HashMap::new();
    for line in planned
        .iter()
        .filter(|order| order.outcome == Outcome::Kept)
        .flat_map(|order| &order.lines)
    {
        for pool in event.tickets[line.ticket].pools {
            *sold.entry(*pool).or_default() += u32::try_from(line.guests.len()).unwrap();
        }
    }
    sold
}

#[test]
fn no_pool_is_oversold_and_sold_out_events_are() -> Result<(), jiff::Error> {
    for event in events() {
        let (_, planned) = plan(event)?;
        let sold = sold(event, &planned);
        for pool in event.pools {
            let count = sold.get(pool.key).copied().unwrap_or(0);
            assert!(
                count <= pool.capacity,
                "{}: {} of {}",
                event.slug,
                count,
                pool.capacity
            );
            if event.state == State::SoldOut {
                assert_eq!(count, pool.capacity, "{}", event.slug);
            }
        }
        if event.state == State::Cancelled {
            assert!(sold.is_empty() && !planned.is_empty(), "{}", event.slug);
        }
    }
    Ok(())
}

#[test]
fn nothing_happens_in_the_future_or_outside_its_window() -> Result<(), jiff::Error> {
    for event in events() {
        let (moments, planned) = plan(event)?;
        for order in &planned {
            assert!(
                order.placed < moments.now && order.placed < moments.starts,
                "{}",
                event.slug
            );
            assert!(
                order
                    .ended
                    .is_none_or(|at| at <= moments.now && at > order.placed),
                "{}",
                event.slug
            );
            for line in &order.lines {
                let ticket = &event.tickets[line.ticket];
                assert!(
                    (1..=usize::from(ticket.per_order)).contains(&line.guests.len()),
                    "{}",
                    event.slug
                );
                if let SalesWindow::Until(day) = ticket.sales {
                    assert!(
                        order.placed
                            < moments.now + SignedDuration::from_hours(24 * i64::from(day)),
                        "{}",
                        event.slug
                    );
                }
                assert!(!matches!(ticket.sales, SalesWindow::From(_)));
                assert!(
                    line.guests
                        .iter()
                        .filter_map(|guest| guest.arrived)
                        .all(|at| at < moments.now),
                    "{}",
                    event.slug
                );
            }
        }
    }
    Ok(())
}

#[test]
fn the_sample_is_large_enough_to_look_alive() -> Result<(), jiff::Error> {
    let mut tickets = 0;
    let mut count = 0;
    for event in events() {
        let (_, planned) = plan(event)?;
        count += planned.len();
        tickets += planned
            .iter()
            .flat_map(|order| &order.lines)
            .map(|line| line.guests.len())
            .sum::<usize>();
    }
    assert!((2_000..9_000).contains(&count), "{count} orders");
    assert!(tickets > 5_000, "{tickets} tickets");
    Ok(())
}
