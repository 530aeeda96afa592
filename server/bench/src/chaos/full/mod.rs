//! F18: a file system is full in the middle of a sale, and has room again. Small ones are made in memory, which only root
//! may do.

mod disk;
pub mod folders;
pub mod tables;
pub mod wal;

use std::time::{Duration, Instant};

use services::stage::HotEvent;

use super::{Outcome, crowd::Crowd, kills::DEADLINE};
use crate::{
    http::{self, Client},
    processes::Server,
};

/// How long there is no room.
const FULL: Duration = Duration::from_secs(4);

/// Looks at an event's page for as long as there is no room; how often, and how often it was there.
async fn look(server: &Server, event: &HotEvent) -> (u32, u32) {
    let page = http::get(server.address, &format!("/e/{}", event.slug));
    let (begun, mut asked, mut shown) = (Instant::now(), 0, 0);
    while begun.elapsed() < FULL {
        asked += 1;
        let answer = Client::new(server.address).send(&page).await;
        shown += u32::from(answer.is_ok_and(|answer| answer.is_good()));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    (asked, shown)
}

fn nobody_hung(crowd: &Crowd, outcome: &mut Outcome) {
    outcome.must(
        crowd.journal.longest() < DEADLINE,
        "an attempt hung longer than any request may take",
    );
}
