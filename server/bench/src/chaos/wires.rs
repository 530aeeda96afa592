//! F25: the wire between the server and PostgreSQL is cut, silent or slow in the middle of a sale.

use std::time::{Duration, Instant};

use super::{
    Outcome, Trial,
    crowd::Crowd,
    kills::{DEADLINE, PLACES, PRICE, finish, recovered, times},
};
use crate::{
    Result,
    processes::Server,
    stats::Samples,
    wire::{State, Wire},
};

const TROUBLES: [(State, Duration); 3] = [
    (State::Cut, Duration::from_secs(3)),
    (State::Silent, Duration::from_secs(8)),
    (State::Slow, Duration::from_secs(8)),
];

pub async fn run(trial: &mut Trial<'_>) -> Result<Outcome> {
    let event = trial.event(PLACES, PRICE).await?;
    let (start, host, end) = trial.place.database_parts()?;
    let wire = Wire::lay(host).await?;
    let mut place = trial.place.clone();
    place.database = format!("{start}{}{end}", wire.address);
    let server = Server::start(&place, true).await?;
    let crowd = Crowd::start(server.address, &event);
    let (mut outcome, mut back) = (Outcome::default(), Samples::default());
    let mut slow = 0;
    for round in 0..trial.kills.div_ceil(5).max(3) {
        let (trouble, lasting) = TROUBLES[usize::try_from(round)? % TROUBLES.len()];
        tokio::time::sleep(trial.moment()).await;
        wire.turn(trouble);
        let begun = Instant::now();
        tokio::time::sleep(lasting).await;
        if trouble == State::Slow {
            // It only takes longer.
            slow += u32::from(crowd.journal.first_good_after(begun).is_some());
        }
        wire.turn(State::Good);
        recovered(&crowd, Instant::now(), &mut back, &mut outcome).await;
    }
    let slow_rounds = trial.kills.div_ceil(5).max(3) / 3;
    outcome.see(format!(
        "with 200 ms more there and back something was sold in {slow} of {slow_rounds} times"
    ));
    outcome.must(slow >= slow_rounds, "nothing is sold over a slow wire");
    outcome.must(
        crowd.journal.longest() < DEADLINE,
        "an attempt hung longer than any request may take",
    );
    finish(trial, crowd, &mut outcome).await?;
    times(
        &mut outcome,
        "from the wire being good again to the next good answer",
        back,
        5.0,
    );
    Ok(outcome)
}
