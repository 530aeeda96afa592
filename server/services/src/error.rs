//! Failures nobody can act on from outside: the database, a port, damaged data. Logged once, never shown.

/// Carries its cause for the log; the person gets an incident id.
#[derive(Debug, thiserror::Error)]
#[error("{context}: {source}")]
pub struct Unexpected {
    context: String,
    source: Box<dyn std::error::Error + Send + Sync>,
    /// The database could not be reached, or too much waits for it: worth another try after so many seconds, answered
    /// as 503.
    pub retry_after: Option<u32>,
}

impl Unexpected {
    pub fn new(
        context: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self {
            context: context.into(),
            source: source.into(),
            retry_after: None,
        }
    }

    /// Too much is going on; said early, so that nobody waits in vain.
    pub fn busy(retry_after_seconds: u32) -> Self {
        Self {
            retry_after: Some(retry_after_seconds),
            ..Self::new("busy", "too many requests wait")
        }
    }

    /// Data in the database that no rule allows: names the table and the row.
    pub fn bad_row(table: &str, id: impl std::fmt::Display, what: impl std::fmt::Display) -> Self {
        Self::new(format!("bad row in {table}, {id}"), what.to_string())
    }
}

impl From<sqlx::Error> for Unexpected {
    fn from(e: sqlx::Error) -> Self {
        let busy = match &e {
            // The last two: a connection that ended in the middle of a word.
            sqlx::Error::PoolTimedOut
            | sqlx::Error::Io(_)
            | sqlx::Error::PoolClosed
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_) => true,
            // lock_not_available, query_canceled, serialization_failure, deadlock_detected, cannot_connect_now,
            // admin_shutdown, crash_shutdown, too_many_connections, disk_full, out_of_memory
            sqlx::Error::Database(d) => {
                matches!(
                    d.code().as_deref(),
                    Some(
                        "55P03"
                            | "57014"
                            | "40001"
                            | "40P01"
                            | "57P03"
                            | "57P01"
                            | "57P02"
                            | "53300"
                            | "53100"
                            | "53200"
                    )
                )
            }
            _ => false,
        };
        Self {
            context: "database".into(),
            source: Box::new(e),
            retry_after: busy.then_some(2),
        }
    }
}

/// The name of the violated constraint, if that is what the database refused.
pub fn constraint(e: &sqlx::Error) -> Option<&str> {
    e.as_database_error().and_then(|d| d.constraint())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_that_breaks_is_worth_another_try() {
        for broken in [
            sqlx::Error::Io(std::io::ErrorKind::UnexpectedEof.into()),
            sqlx::Error::PoolTimedOut,
            sqlx::Error::Protocol("unexpected response from SSLRequest: 0x00".into()),
        ] {
            assert_eq!(Unexpected::from(broken).retry_after, Some(2));
        }
        assert_eq!(Unexpected::from(sqlx::Error::RowNotFound).retry_after, None);
    }
}
