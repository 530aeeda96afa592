//! Places in pools. The only code that changes `pools.held` and `pools.sold`: rows are locked in the order of their
//! ids, `domain::stock` decides, and the table's check stays the last line against overselling.

use std::collections::BTreeMap;

use domain::{
    ids::{OrganizationId, PoolId, TicketTypeId},
    stock::{self, Grant, Pool, Request, StockError},
};
use uuid::Uuid;

use crate::{
    Unexpected,
    db::Tx,
    rows::{count, int},
};

/// How many of which ticket type.
pub(crate) type Lines = Vec<(TicketTypeId, u32)>;

/// Where places go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Move {
    /// Free to held.
    Hold,
    /// Held to free.
    Release,
    /// Held to sold.
    Sell,
    /// Free to sold: money came after its places were let go.
    HoldAndSell,
    /// Sold to free.
    GiveBack,
}

/// Why places cannot go there.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ShelfError {
    #[error("only {} left", .0.left)]
    Short(Short),
    #[error("the counters do not agree with the orders: {0}")]
    Broken(#[from] StockError),
}

/// What there was too little of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Short {
    pub ticket_type: TicketTypeId,
    /// How many there are: of it, or of all that draw on its places.
    pub left: u32,
    /// There would be enough of it alone: it draws on the same places as something else that is wanted.
    pub together: bool,
}

impl From<ShelfError> for Unexpected {
    fn from(e: ShelfError) -> Self {
        Unexpected::new("stock", e)
    }
}

/// The locked pools behind some ticket types.
#[derive(Debug, Clone)]
pub(crate) struct Shelf {
    organization: OrganizationId,
    pools: BTreeMap<PoolId, Pool>,
    pools_of: BTreeMap<TicketTypeId, Vec<PoolId>>,
    /// How many more of each type are taken than before, for prices that end by count.
    taken: BTreeMap<TicketTypeId, i64>,
}

impl Shelf {
    /// Locks all pools the ticket types draw from.
    pub(crate) async fn lock(
        tx: &mut Tx,
        organization: OrganizationId,
        types: impl IntoIterator<Item = TicketTypeId>,
    ) -> Result<Self, Unexpected> {
        let types: Vec<Uuid> = types.into_iter().map(TicketTypeId::get).collect();
        let links = sqlx::query!(
            "select ticket_type_id, pool_id from ticket_type_pools where organization_id = $1 and ticket_type_id = any($2)",
            organization.get(),
            &types
        )
        .fetch_all(&mut **tx)
        .await?;
        let mut pools_of: BTreeMap<TicketTypeId, Vec<PoolId>> = BTreeMap::new();
        for link in &links {
            pools_of
                .entry(TicketTypeId::new(link.ticket_type_id))
                .or_default()
                .push(PoolId::new(link.pool_id));
        }
        let ids: Vec<Uuid> = links.iter().map(|link| link.pool_id).collect();
        let rows = sqlx::query!(
            "select id, capacity, held, sold from pools where organization_id = $1 and id = any($2) order by id for update",
            organization.get(),
            &ids
        )
        .fetch_all(&mut **tx)
        .await?;
        let mut pools = BTreeMap::new();
        for row in rows {
            let number = |n: i32| count("pools", row.id, n);
            let pool = Pool::new(number(row.capacity)?, number(row.held)?, number(row.sold)?)
                .map_err(|e| Unexpected::bad_row("pools", row.id, e))?;
            pools.insert(PoolId::new(row.id), pool);
        }
        Ok(Self {
            organization,
            pools,
            pools_of,
            taken: BTreeMap::new(),
        })
    }

    /// How many of a type can still be had. A type without a pool cannot be sold: it would have no end.
    pub(crate) fn left(&self, ticket_type: TicketTypeId) -> u32 {
        self.least(&self.pools, ticket_type, Pool::left)
    }

    /// How many of a type there are in all.
    pub(crate) fn capacity(&self, ticket_type: TicketTypeId) -> u32 {
        self.least(&self.pools, ticket_type, Pool::capacity)
    }

    fn least(
        &self,
        counts: &BTreeMap<PoolId, Pool>,
        ticket_type: TicketTypeId,
        of: impl Fn(&Pool) -> u32,
    ) -> u32 {
        let pools = self.pools_of.get(&ticket_type).into_iter().flatten();
        pools
            .filter_map(|id| counts.get(id))
            .map(of)
            .min()
            .unwrap_or(0)
    }

    /// Moves the places of all lines, or of none.
    pub(crate) fn shift(
        &mut self,
        lines: &[(TicketTypeId, u32)],
        to: Move,
    ) -> Result<(), ShelfError> {
        let mut next = self.pools.clone();
        if matches!(to, Move::Hold | Move::HoldAndSell) {
            self.grant(lines, &mut next)?;
        }
        for (ticket_type, quantity) in lines.iter().copied() {
            for id in self.pools_of.get(&ticket_type).into_iter().flatten() {
                if let Some(pool) = next.get_mut(id) {
                    *pool = match to {
                        Move::Hold => *pool,
                        Move::Release => pool.release(quantity)?,
                        Move::Sell | Move::HoldAndSell => pool.sell(quantity)?,
                        Move::GiveBack => pool.give_back(quantity)?,
                    };
                }
            }
        }
        self.pools = next;
        for (ticket_type, quantity) in lines.iter().copied() {
            let change = match to {
                Move::Hold | Move::HoldAndSell => i64::from(quantity),
                Move::Release => -i64::from(quantity),
                // What was ever sold stays counted: a price does not fall again because of a refund.
                Move::Sell | Move::GiveBack => 0,
            };
            *self.taken.entry(ticket_type).or_default() += change;
        }
        Ok(())
    }

    /// Holds what one wish takes, all of it or nothing.
    fn grant(
        &self,
        lines: &[(TicketTypeId, u32)],
        pools: &mut BTreeMap<PoolId, Pool>,
    ) -> Result<(), ShelfError> {
        let refused = match Request::of_types(lines.iter().copied(), &self.pools_of) {
            Some(request) => match stock::grant(&[request], pools).pop() {
                Some(Grant::Refused { short }) => short,
                Some(Grant::Granted) | None => return Ok(()),
            },
            // A type without a pool.
            None => Vec::new(),
        };
        let shared = refused.iter().filter_map(|id| self.pools.get(id));
        let shared = shared.map(Pool::left).min().unwrap_or(0);
        let is_short = |&(ticket_type, quantity): &(TicketTypeId, u32)| {
            let pools = self.pools_of.get(&ticket_type);
            let short = pools.is_none_or(|ids| ids.iter().any(|id| refused.contains(id)));
            let left = self.left(ticket_type);
            let together = quantity <= left;
            short.then_some(Short {
                ticket_type,
                left: if together { shared } else { left },
                together,
            })
        };
        // What is short by itself says more than what is short together.
        let short = lines.iter().filter_map(is_short);
        match short.min_by_key(|short| (short.together, short.left)) {
            Some(short) => Err(ShelfError::Short(short)),
            None => Ok(()),
        }
    }

    /// Writes the counters. Those of price phases go along: of types that have none there is no row, and nothing is written.
    pub(crate) async fn save(self, tx: &mut Tx) -> Result<(), Unexpected> {
        let types: Vec<Uuid> = self.taken.keys().map(|id| id.get()).collect();
        let taken: Vec<i64> = self.taken.values().copied().collect();
        let ids: Vec<Uuid> = self.pools.keys().map(|id| id.get()).collect();
        let held: Vec<i32> = self.pools.values().map(|pool| int(pool.held())).collect();
        let sold: Vec<i32> = self.pools.values().map(|pool| int(pool.sold())).collect();
        sqlx::query!(
            r#"
            with phases as (
                update price_phase_counts c set taken = greatest(c.taken + n.change, 0)
                from unnest($5::uuid[], $6::bigint[]) as n (id, change)
                where c.ticket_type_id = n.id and n.change <> 0
            )
            update pools p set held = n.held, sold = n.sold
            from unnest($2::uuid[], $3::integer[], $4::integer[]) as n (id, held, sold)
            where p.organization_id = $1 and p.id = n.id
            "#,
            self.organization.get(),
            &ids,
            &held,
            &sold,
            &types,
            &taken
        )
        .execute(&mut **tx)
        .await?;
        Ok(())
    }
}

/// Locks, moves and saves at once.
pub(crate) async fn shift(
    tx: &mut Tx,
    organization: OrganizationId,
    lines: &[(TicketTypeId, u32)],
    to: Move,
) -> Result<(), MoveError> {
    let mut shelf = Shelf::lock(
        tx,
        organization,
        lines.iter().map(|(ticket_type, _)| *ticket_type),
    )
    .await?;
    shelf.shift(lines, to)?;
    shelf.save(tx).await?;
    Ok(())
}

/// [`ShelfError`] or the database.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MoveError {
    #[error(transparent)]
    Shelf(#[from] ShelfError),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl From<MoveError> for Unexpected {
    fn from(e: MoveError) -> Self {
        match e {
            MoveError::Shelf(e) => e.into(),
            MoveError::Unexpected(e) => e,
        }
    }
}
