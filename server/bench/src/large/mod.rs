//! Large amounts of data: a million events and ten million order lines in minutes.
//!
//! Written straight into the tables by their owner, without their triggers and with the indexes that are slow to grow
//! taken away meanwhile. What is written breaks no invariant: the orders were never paid.

use std::time::Instant;

use clap::Args;

use crate::{Result, pgbench::Pgbench};

const EVENTS: &str = include_str!("events.sql");
const ORDERS: &str = include_str!("orders.sql");
const EVENTS_AT_ONCE: u64 = 50_000;
const ORDERS_AT_ONCE: u64 = 250_000;
/// Each order has one line of either ticket type.
const LINES_OF_AN_ORDER: u64 = 2;

/// One statement a line. Trigram and text indexes grow a hundred times slower row by row than all at once.
const TAKE_INDEXES: &str = "create schema if not exists large;
create table if not exists large.indexes (name text primary key, definition text not null);
insert into large.indexes select indexname, indexdef from pg_indexes where schemaname = 'public' and (tablename = 'listings' and indexname <> 'listings_pkey' or tablename = 'orders' and indexdef like '% USING gin %') on conflict do nothing;
do $$ declare name text; begin for name in select i.name from large.indexes i loop execute format('drop index if exists public.%I', name); end loop; end $$;
";
const GIVE_INDEXES: &str = "set maintenance_work_mem = '1GB';
select list_events(array(select e.id from events e where not exists (select from listings l where l.event_id = e.id)));
do $$ declare definition text; begin for definition in select i.definition from large.indexes i loop execute replace(definition, 'CREATE INDEX ', 'CREATE INDEX IF NOT EXISTS '); end loop; end $$;
drop schema large cascade;
vacuum analyze events, listings, pools, ticket_types, ticket_type_pools, orders, order_lines;
";

#[derive(Debug, Args)]
pub struct Options {
    /// The database, migrated; the user must own the cluster
    #[arg(long)]
    database: String,
    #[arg(long)]
    pgbench: std::path::PathBuf,
    /// A folder for scripts
    #[arg(long)]
    folder: std::path::PathBuf,
    #[arg(long, default_value_t = 1_000_000)]
    events: u64,
    #[arg(long, default_value_t = 10_000_000)]
    lines: u64,
}

/// Fills a database; what of it is there already stays.
pub fn run(options: &Options) -> Result<bool> {
    let pgbench = Pgbench {
        program: options.pgbench.clone(),
        url: options.database.clone(),
        folder: options.folder.clone(),
    };
    let begun = Instant::now();
    let mut amount = Amount::default();
    amount.grow(&pgbench, options.events, options.lines)?;
    println!("done in {:.0} s", begun.elapsed().as_secs_f64());
    Ok(true)
}

/// How much is there.
#[derive(Debug, Default)]
pub struct Amount {
    events: u64,
    orders: u64,
}

impl Amount {
    /// Adds what is missing.
    pub fn grow(&mut self, pgbench: &Pgbench, events: u64, lines: u64) -> Result {
        pgbench.once("large-before", TAKE_INDEXES)?;
        let grown = self.insert(pgbench, events, lines / LINES_OF_AN_ORDER);
        println!("  building the indexes for searching");
        pgbench.once("large-after", GIVE_INDEXES)?;
        grown
    }

    fn insert(&mut self, pgbench: &Pgbench, events: u64, orders: u64) -> Result {
        while self.events < events {
            let to = (self.events + EVENTS_AT_ONCE).min(events);
            let sql = fill(EVENTS, self.events, to, events);
            pgbench.once("large-events", &sql)?;
            self.events = to;
            println!("  {to} of {events} events");
        }
        while self.orders < orders {
            let to = (self.orders + ORDERS_AT_ONCE).min(orders);
            let sql = fill(ORDERS, self.orders, to, events.max(1));
            pgbench.once("large-orders", &sql)?;
            self.orders = to;
            println!("  {} of {} order lines", to * 2, orders * 2);
        }
        Ok(())
    }
}

fn fill(script: &str, from: u64, to: u64, events: u64) -> String {
    script
        .replace("{from}", &from.to_string())
        .replace("{to}", &to.to_string())
        .replace("{events}", &events.to_string())
}
