//! Fills an empty database with the sample. A second call finds it there and does nothing.
//!
//! Sales are written in bulk, event by event, because thousands of single purchases would take minutes. What is
//! written is what the use cases would have left behind: signed tickets, balanced postings, true counters. `doctor`
//! must find nothing afterwards.

mod accounts;
mod bills;
mod codes;
mod doors;
mod events;
mod ids;
mod money;
mod phases;
mod pictures;
mod sales;
mod transfers;

use std::fmt;

use domain::when::Timestamp;

use super::{content, plan, queries};
use crate::{
    Services, Unexpected, db::Scope, invoices, permit::Permit, search, tickets::keys, waiting_room,
};

/// The password of every sample account.
pub const PASSWORD: &str = "curtain up at eight";

/// The key of the platform admin's authenticator: whoever answers for a platform needs a second factor, here too.
pub const ADMIN_KEY: &str = "BILTENDEMOADMINKEYFORTRYINGTHING";

/// An account to try things with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignIn {
    pub email: &'static str,
    pub name: &'static str,
    /// For whoever starts the program, in English.
    pub may: &'static str,
}

/// The accounts worth knowing.
pub const SIGN_INS: [SignIn; 4] = [
    SignIn {
        email: "admin@demo.bilten.example",
        name: "Ada Novak",
        may: "platform admin",
    },
    SignIn {
        email: "owner@demo.bilten.example",
        name: "Olivia Brandt",
        may: "owner of Nordlicht Konzerte, Kino Svetilnik, دار النغم and Harbour Lane Theatre",
    },
    SignIn {
        email: "manager@demo.bilten.example",
        name: "Malik Haddad",
        may: "manager of the same four",
    },
    SignIn {
        email: "door@demo.bilten.example",
        name: "Dora Jensen",
        may: "works at their doors",
    },
];

/// What there is now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Report {
    /// The sample was there before; nothing was written.
    pub already_there: bool,
    pub organizations: usize,
    pub events: usize,
    pub orders: usize,
    pub tickets: usize,
    pub check_ins: usize,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.already_there {
            writeln!(f, "Sample data is there already.")?;
        } else {
            let Self {
                organizations,
                events,
                orders,
                tickets,
                check_ins,
                ..
            } = self;
            writeln!(
                f,
                "Sample data: {organizations} organizations, {events} events, {orders} orders, {tickets} tickets, \
                 {check_ins} scans."
            )?;
        }
        writeln!(f, "Sign in with the password “{PASSWORD}” as")?;
        for SignIn { email, may, .. } in SIGN_INS {
            writeln!(f, "  {email:<30} {may}")?;
        }
        writeln!(
            f,
            "The platform admin is also asked for a code: give an authenticator app the key {ADMIN_KEY}."
        )?;
        Ok(())
    }
}

/// Everything one event's rows are made of.
struct Stage<'a> {
    sv: &'a Services,
    event: &'static content::DemoEvent,
    house: &'a accounts::House,
    ids: events::EventIds,
    moments: plan::Moments,
}

/// The event that people wait in line for.
const AWAITED: &str = "static-gardens";

/// Writes the sample. Accounts and pictures are kept when a later step fails, so that a new attempt goes on from there;
/// events and sales are written as a whole or not at all.
#[tracing::instrument(skip_all)]
pub async fn fill(sv: &Services) -> Result<Report, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let filled = queries::is_filled(&mut tx).await?;
    tx.commit().await?;
    if filled {
        return Ok(Report {
            already_there: true,
            ..Report::default()
        });
    }
    let now = sv.now();
    let houses = accounts::make(sv).await?;
    let pictures = pictures::draw(sv, &houses).await?;

    let mut report = Report {
        organizations: houses.len(),
        ..Report::default()
    };
    let mut awaited = None;
    let mut tx = sv.db.begin(Scope::System).await?;
    queries::take_turn(&mut tx).await?;
    // Somebody else may have filled it while the pictures were drawn.
    if queries::is_filled(&mut tx).await? {
        return Ok(Report {
            already_there: true,
            ..Report::default()
        });
    }
    for (number, (event, picture)) in content::events().zip(pictures).enumerate() {
        let house = houses
            .iter()
            .find(|house| house.key == event.organizer)
            .ok_or_else(|| {
                Unexpected::new("sample", format!("no organizer {}", event.organizer))
            })?;
        let (ids, moments) = events::insert(sv, &mut tx, house, event, picture, now).await?;
        let stage = Stage {
            sv,
            event,
            house,
            ids,
            moments,
        };
        let signer = keys::ensure(sv, &mut tx, house.id).await?;
        let planned = plan::orders(event, moments, 1_000 + u64::try_from(number).unwrap_or(0));
        let sold = sales::insert(&stage, &mut tx, &signer, &planned).await?;
        if event.state == content::State::Cancelled {
            queries::runs::insert(&mut tx, sv.new_id(), house.id, stage.ids.event).await?;
        }
        report.check_ins += doors::insert(&stage, &mut tx, &sold).await?;
        search::index_event(&mut tx, stage.ids.event).await?;
        if event.slug == AWAITED {
            awaited = Some((house.id, stage.ids.event));
        }
        report.events += 1;
        report.orders += sold.orders;
        report.tickets += sold.tickets.len();
    }
    money::insert(sv, &mut tx, &houses).await?;
    invoices::expect_all(sv, &mut tx).await?;
    bills::insert(sv, &mut tx).await?;
    tx.commit().await?;
    if let Some((organization, event)) = awaited {
        let permit = Permit::system("sample data", organization);
        waiting_room::set_waiting_room(sv, &permit, event, true)
            .await
            .map_err(|e| Unexpected::new("waiting room of the sample", e.to_string()))?;
    }
    codes::insert(sv, &houses).await?;
    phases::insert(sv).await?;
    transfers::insert(sv).await?;
    tracing::info!(?report, "sample data written");
    Ok(report)
}

/// The day it is somewhere.
fn today(now: Timestamp, zone: &jiff::tz::TimeZone) -> jiff::civil::Date {
    now.to_zoned(zone.clone()).date()
}
