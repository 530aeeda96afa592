//! On what it was measured.

use super::Run;
use crate::{Result, cpu};

const SETTINGS: &[&str] = &[
    "server_version",
    "fsync",
    "synchronous_commit",
    "full_page_writes",
    "shared_buffers",
    "max_connections",
    "wal_sync_method",
];

/// A table that both sides of the ratios may use as they like.
const SETUP: &str = "drop schema if exists bench cascade;
create schema bench;
create table bench.pools (like public.pools including all);
insert into bench.pools (id, organization_id, event_id, name, capacity)
values ('00000000-0000-0000-0000-000000000001', gen_random_uuid(), gen_random_uuid(), 'Hall', 1000000);
";

/// One update of one row, as every statement-per-request design does it.
pub const SINGLE_ROW: &str = "update bench.pools set held = (held + 1) % 900000 where id = '00000000-0000-0000-0000-000000000001';\n";

/// Names and values.
pub async fn facts(run: &Run<'_>) -> Result<Vec<(String, String)>> {
    run.pgbench.once("setup", SETUP)?;
    let alone = run.pgbench.rate("commit", SINGLE_ROW, 1, 3)?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut facts = vec![
        ("cores".to_owned(), cores.to_string()),
        ("load average".to_owned(), cpu::load_average()),
        (
            "commit latency".to_owned(),
            format!("{:.2} ms (one client, one row)", 1000.0 / alone.max(0.001)),
        ),
    ];
    let settings = run.stage.settings(SETTINGS).await?;
    facts.extend(
        settings
            .into_iter()
            .map(|(name, value)| (format!("PostgreSQL {name}"), value)),
    );
    Ok(facts)
}
