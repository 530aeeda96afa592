//! Money that organizers are owed, on a real database: each scene ends with books that add up.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod bills;
mod fees;
mod mended;
mod moments;
mod payouts;
mod report;
mod reverse;
mod vat;

use domain::{
    ids::OrganizationId,
    money::{Currency, Money},
};
use services::permit::{Permit, PlatformPermit, Proven, ViewFinances};
use testkit::{Organization, World};

pub(crate) const IBAN: &str = "DE89370400440532013000";

pub(crate) fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

pub(crate) fn looks(organization: OrganizationId) -> Permit<ViewFinances> {
    Permit::system("test", organization)
}

pub(crate) async fn platform(w: &World) -> Proven<PlatformPermit> {
    let mut admin = w.person("Root").await;
    admin.platform_admin = true;
    admin.has_second_factor = true;
    let permit = services::permit::platform(&admin).unwrap();
    services::permit::proven(&w.sv, &admin, permit).unwrap()
}

/// An organization with an account, and an event that sells seats for 10.00.
pub(crate) async fn hall(w: &World) -> (Organization, testkit::Event) {
    let hall = w.organization("Hall").await;
    services::payouts::set_account(&w.sv, &hall.proven(), "Hall Ltd", IBAN, "")
        .await
        .unwrap();
    let event = w
        .event("Evening")
        .by(&hall)
        .ticket_type("Seat", 1_000, 50)
        .published()
        .await;
    (hall, event)
}
