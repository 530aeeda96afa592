//! Places that are held for a while, as the server's use cases do it: load, let the rules decide, write, commit.

use super::{
    action::Action,
    checkout::Pools,
    database::Crash,
    rows::{Hold, HoldState, Job, Key, Lines, Write},
    world::World,
};
use crate::{
    ids::PoolId,
    stock::{Grant, Pool, Request, grant},
};

const HOLD: i64 = 600;

impl World {
    /// Grants what fits of all that waits. A crash loses the requests: they were in memory only.
    pub(super) fn batch(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        if self.grant_waiting(&waiting).is_err() {
            // Nobody was answered, so each asks again after a while.
            for buyer in waiting {
                self.soon(1, 30, Action::Ask { buyer });
            }
            self.dies();
        }
    }

    fn grant_waiting(&mut self, waiting: &[usize]) -> Result<(), Crash> {
        let mut fresh: Vec<usize> = Vec::new();
        let mut answers = Vec::new();
        for buyer in waiting.iter().copied() {
            match self.answered(Key::Hold { buyer }) {
                Some(hold) => answers.push((buyer, hold)),
                // The second of two at once waits for the first one's key, and comes again.
                None if fresh.contains(&buyer) => {}
                None if self.db.called_off[self.buyers[buyer].event] => {}
                None => fresh.push(buyer),
            }
        }
        let mut tx = self.begin();
        let requests: Vec<_> = fresh
            .iter()
            .map(|buyer| self.request(&self.buyers[*buyer].wants))
            .collect();
        let mut pools = self.db.pools.clone();
        let grants = grant(&requests, &mut pools);
        let granted = fresh
            .into_iter()
            .zip(&grants)
            .filter(|(_, grant)| grant.is_granted());
        for (hold, (buyer, _)) in (self.db.holds.len()..).zip(granted) {
            let expires = self.now + HOLD;
            let lines = self.buyers[buyer].wants.clone();
            tx.put(Write::Hold(
                hold,
                Hold {
                    lines,
                    expires,
                    state: HoldState::Active,
                },
            ))?;
            tx.put(Write::Job(expires, Job::ExpireHold { hold }))?;
            tx.put(Write::Key(Key::Hold { buyer }, hold))?;
            answers.push((buyer, hold));
        }
        self.put_pools(&mut tx, pools.clone())?;
        self.commit(tx)?;
        for (request, grant) in requests.iter().zip(&grants) {
            no_false_sold_out(request, grant, &pools);
        }
        for (buyer, hold) in answers {
            self.told_of_hold(buyer, hold);
        }
        Ok(())
    }

    pub(super) fn request(&self, lines: &Lines) -> Request {
        let asked = lines
            .iter()
            .map(|(kind, quantity)| (self.catalog.types[*kind].id, *quantity));
        Request::of_types(asked, &self.catalog.pools_of).unwrap()
    }

    /// The buyer goes back; again is fine.
    pub(super) fn leave(&mut self, buyer: usize) -> Result<(), Crash> {
        let number = self.buyers[buyer].hold.unwrap();
        self.let_hold_go(number)
    }

    pub(super) fn expire_hold(&mut self, number: usize) -> Result<(), Crash> {
        if self.db.holds[number].expires > self.now {
            Ok(())
        } else {
            self.let_hold_go(number)
        }
    }

    fn let_hold_go(&mut self, number: usize) -> Result<(), Crash> {
        let mut tx = self.begin();
        let hold = self.db.holds[number].clone();
        if hold.state != HoldState::Active {
            return Ok(());
        }
        let mut pools = self.db.pools.clone();
        self.shift(&mut pools, &hold.lines, Pool::release);
        self.put_pools(&mut tx, pools)?;
        tx.put(Write::Hold(
            number,
            Hold {
                state: HoldState::LetGo,
                ..hold
            },
        ))?;
        self.commit(tx)
    }

    pub(super) fn resize(&mut self, id: PoolId, capacity: u32) -> Result<(), Crash> {
        let mut tx = self.begin();
        let Ok(pool) = self.db.pools[&id].resize(capacity) else {
            return Ok(());
        };
        tx.put(Write::Pools(vec![(id, pool)]))?;
        self.commit(tx)
    }
}

/// Within a batch stock only falls, so what was refused must not fit at the end either.
fn no_false_sold_out(request: &Request, grant: &Grant, pools: &Pools) {
    let fits = request
        .wants()
        .all(|(pool, quantity)| quantity <= pools[&pool].left());
    assert!(
        grant.is_granted() || !fits,
        "I1: sold out although places are left"
    );
}
