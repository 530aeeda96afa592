//! Paying by bank transfer, on a real database: each scene ends with books that add up.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod back;
mod begin;
mod both;
mod crowd;
mod hands;
mod money;

use domain::{
    orders::OrderState,
    transfers::{AccountInput, Reference},
};
use services::{
    checkout::Placed,
    orders::{self, OrderView},
    permit::{PlatformPermit, Proven},
    transfers::{self, TakenIn},
};
use testkit::{Event, Organization, World};

pub(crate) const IBAN: &str = "DE89370400440532013000";

pub(crate) struct House {
    pub w: World,
    pub platform: Proven<PlatformPermit>,
    pub hall: Organization,
    pub event: Event,
}

pub(crate) fn account() -> AccountInput {
    AccountInput {
        holder: "Bilten GmbH".into(),
        iban: IBAN.into(),
        bic: "COBADEFFXXX".into(),
        bank: "A bank".into(),
        currency: "EUR".into(),
        days: "7".into(),
        days_before: "3".into(),
    }
}

pub(crate) async fn admin(w: &World) -> Proven<PlatformPermit> {
    let mut admin = w.person("Root").await;
    admin.platform_admin = true;
    admin.has_second_factor = true;
    let permit = services::permit::platform(&admin).unwrap();
    services::permit::proven(&w.sv, &admin, permit).unwrap()
}

/// A platform that offers transfers, and an event a month away with so many seats for 10.00.
pub(crate) async fn house(seats: i32) -> House {
    let w = World::new().await;
    let platform = admin(&w).await;
    transfers::set_transfers(&w.sv, &platform, true, &account())
        .await
        .unwrap();
    let hall = w.organization("Hall").await;
    let event = w
        .event("Evening")
        .by(&hall)
        .ticket_type("Seat", 1_000, seats)
        .published()
        .await;
    House {
        w,
        platform,
        hall,
        event,
    }
}

/// One line of a table: what came, and what was written.
pub(crate) type Row<'a> = (&'a str, &'a str, &'a str);

/// A table as banks let people download it: amount, text, and the bank's own name.
pub(crate) fn table(rows: &[Row<'_>]) -> Vec<u8> {
    let mut text = "Date,Name,IBAN,Reference,Amount,Bank reference\n".to_owned();
    for (amount, said, bank_ref) in rows {
        text.push_str(&format!(
            "2026-11-27,Ada,GB33BUKB20201555555555,{said},{amount},{bank_ref}\n"
        ));
    }
    text.into_bytes()
}

impl House {
    pub async fn order(&self, buyer: &str, seats: u16) -> Placed {
        let buyer = self.w.buyer(buyer);
        buyer.orders(&self.event, "Seat", seats).await.unwrap()
    }

    pub async fn order_by_transfer(&self, buyer: &str, seats: u16) -> Placed {
        let placed = self.order(buyer, seats).await;
        transfers::begin(&self.w.sv, &placed.secret).await.unwrap();
        placed
    }

    pub async fn view(&self, placed: &Placed) -> OrderView {
        let found = orders::show_by_secret(&self.w.sv, &placed.secret).await;
        found.unwrap().unwrap()
    }

    pub async fn state(&self, placed: &Placed) -> OrderState {
        self.view(placed).await.state
    }

    pub async fn reference(&self, placed: &Placed) -> String {
        Reference::of_order(self.view(placed).await.code).grouped()
    }

    /// Uploads a file and takes it in.
    pub async fn bank_tells(&self, file: Vec<u8>) -> TakenIn {
        let uploaded = transfers::upload(&self.w.sv, &self.platform, file)
            .await
            .unwrap();
        transfers::take_in(&self.w.sv, &self.platform, uploaded.file)
            .await
            .unwrap()
    }

    pub async fn on(&self, account: &'static str) -> i64 {
        let sql = match account {
            "bank" => {
                "select coalesce(sum(amount_minor), 0)::bigint from ledger_entries where account = 'bank'"
            }
            _ => {
                "select coalesce(sum(amount_minor), 0)::bigint from ledger_entries where account = 'provider_clearing'"
            }
        };
        self.w.count(sql).await
    }

    /// What waits for somebody, and why.
    pub async fn to_do(&self) -> Vec<(uuid::Uuid, String)> {
        let page = transfers::lines(
            &self.w.sv,
            &self.platform,
            transfers::Which::ToDo,
            None,
            200,
        );
        let items = page.await.unwrap().items;
        items
            .into_iter()
            .map(|line| {
                let reason = line.reason.map_or("", |reason| reason.code());
                (line.id, reason.to_owned())
            })
            .collect()
    }
}
