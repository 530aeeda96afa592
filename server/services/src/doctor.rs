//! Asks the database whether everything still holds together. Each question must find nothing.

use crate::{Services, Unexpected, audit, db::Scope};

/// One place where something does not add up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which promise is broken, as numbered in the reliability rules.
    pub invariant: &'static str,
    /// The row that shows it.
    pub what: String,
}

/// Promises of the reliability rules that no question of the doctor's is about, and why.
pub const NOT_ASKED: &[(&str, &str)] = &[
    (
        "I5 acknowledged means durable",
        "since only those who were answered know what they were told: `cargo xtask chaos` holds it against the database",
    ),
    (
        "I8 messages once",
        "since a unique key in the database sees to it, and whether one arrived is known where it arrives",
    ),
    (
        "I10 one seat, one holder",
        "since there are no reserved seats yet",
    ),
    (
        "I12 projections",
        "as far as it is about kept pages, which are in no table and at most three seconds old, and about analytics, which are not built; listings, by which events are found, are asked about",
    ),
    ("I13 chain", "since no ticket is on a chain yet"),
];

/// Checks everything, the data within one snapshot; then the record of who did what.
pub async fn invariants(sv: &Services) -> Result<Vec<Violation>, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    // It reads everything there is, which nobody waits for at a page.
    sqlx::query!("select set_config('statement_timeout', '15min', true)")
        .fetch_one(&mut *tx)
        .await?;
    let rows = sqlx::query_file!("src/doctor.sql", crate::rows::at(sv.now()) as _)
        .fetch_all(&mut *tx)
        .await?;
    tx.commit().await?;
    let mut found: Vec<Violation> = rows
        .into_iter()
        .map(|row| Violation {
            invariant: name(&row.invariant),
            what: row.what,
        })
        .collect();
    found.extend(audit::verify(sv).await?);
    Ok(found)
}

fn name(invariant: &str) -> &'static str {
    match invariant {
        "I1" => "I1 no oversell",
        "I2" => "I2 ledger",
        "I3" => "I3 tickets once",
        "I4" => "I4 no free ticket",
        "I6" => "I6 payments",
        "I7" => "I7 news once",
        "I9" => "I9 scans",
        "I11" => "I11 nothing stuck",
        // By which events are found.
        "L1" => "I12 projections: listings",
        "D1" => "D1 documents",
        "P1" => "P1 promo codes",
        "S1" => "S1 price phases",
        _ => "I15 tenant",
    }
}
