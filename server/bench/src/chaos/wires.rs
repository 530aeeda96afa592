//! F25: the wire between the server and PostgreSQL is cut, silent, slow, loses packets or carries only one way in the
//! middle of a sale.

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

const TROUBLES: [(State, Duration); 6] = [
    (State::Cut, Duration::from_secs(3)),
    (State::Silent, Duration::from_secs(8)),
    (State::Slow, Duration::from_secs(8)),
    (State::Lossy, Duration::from_secs(8)),
    (State::Deaf, Duration::from_secs(8)),
    (State::Mute, Duration::from_secs(8)),
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
    let mut back_from_half_open = Samples::default();
    let rounds = usize::try_from(trial.kills.div_ceil(5))?.max(TROUBLES.len());
    for (trouble, lasting) in TROUBLES.into_iter().cycle().take(rounds) {
        tokio::time::sleep(trial.moment()).await;
        wire.turn(trouble);
        let begun = Instant::now();
        tokio::time::sleep(lasting).await;
        if matches!(trouble, State::Slow | State::Lossy) {
            // It only takes longer.
            outcome.must(
                crowd.journal.first_good_after(begun).is_some(),
                format!("nothing is sold while the wire is {trouble:?}"),
            );
        }
        wire.turn(State::Good);
        let back = match trouble {
            State::Deaf | State::Mute => &mut back_from_half_open,
            _ => &mut back,
        };
        recovered(&crowd, Instant::now(), back, &mut outcome).await;
    }
    outcome.see(format!(
        "{rounds} troubles; of losing one piece in a hundred {} pieces came 200 ms later, as a packet that is sent again",
        wire.lost()
    ));
    outcome.must(
        crowd.journal.longest() < DEADLINE,
        "an attempt hung longer than any request may take",
    );
    finish(trial, crowd, &mut outcome).await?;
    times(
        &mut outcome,
        "from the wire being good again until 99 of 100 are answered well again",
        back,
        5.0,
    );
    times(
        &mut outcome,
        "the same after connections that carried only one way, and go on doing so",
        back_from_half_open,
        DEADLINE.as_secs_f64(),
    );
    Ok(outcome)
}
