//! No room for the tables.

use std::time::Instant;

use super::{
    super::{
        Outcome, Trial,
        crowd::Crowd,
        kills::{PLACES, PRICE, finish, recovered, times},
    },
    disk::Moved,
    look, nobody_hung,
};
use crate::{Result, processes::Server, stats::Samples};

pub async fn run(trial: &mut Trial<'_>) -> Result<Outcome> {
    let event = trial.event(PLACES, PRICE).await?;
    // Outlives the server, whatever happens: its end brings the tables home.
    let moved = tokio::task::block_in_place(|| Moved::away(trial.place, "base"))?;
    let server = Server::start(trial.place, true).await?;
    let crowd = Crowd::start(server.address, &event);
    let (mut outcome, mut back) = (Outcome::default(), Samples::default());
    let (mut asked, mut shown) = (0, 0);
    for _ in 0..trial.kills.div_ceil(5).max(3) {
        tokio::time::sleep(trial.moment()).await;
        moved.disk.fill()?;
        let looked = look(&server, &event).await;
        (asked, shown) = (asked + looked.0, shown + looked.1);
        moved.disk.clear()?;
        recovered(&crowd, Instant::now(), &mut back, &mut outcome).await;
    }
    outcome.see(format!(
        "the event's page was shown {shown} of {asked} times while the disk was full"
    ));
    outcome.must(shown == asked, "the event cannot be looked at");
    let (busy, unanswered) = crowd.journal.turned_away();
    outcome.must(busy > 0, "nobody was turned away: the disk was never full");
    outcome.must(
        unanswered == 0,
        format!("{unanswered} requests broke instead of being told to come again"),
    );
    nobody_hung(&crowd, &mut outcome);
    finish(trial, crowd, &mut outcome).await?;
    times(
        &mut outcome,
        "from room on the disk until 99 of 100 are answered well again",
        back,
        5.0,
    );
    Ok(outcome)
}
