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
        "D1" => "D1 documents",
        "P1" => "P1 promo codes",
        "L1" => "L1 listings",
        "S1" => "S1 price phases",
        _ => "I15 tenant",
    }
}
