//! Makes data to measure with: a hot event, tickets ready to be scanned, quiet events; and looks at what a measurement
//! left behind. Only for databases in development mode, since all of it is invented.
//!
//! Everything is written in few large statements: a hundred thousand rows take seconds. What is staged satisfies every
//! invariant of [`crate::doctor`], so that a measurement can be judged by them.

mod announcements;
mod door;
mod event;
mod proof;
mod quiet;
mod sold;

pub use door::StagedDevice;
pub use event::{HotEvent, NewHotEvent};
pub use proof::{Backlog, Stock};

use crate::{Services, Unexpected, db::Scope};

/// The right to stage, for databases in development mode.
#[derive(Clone)]
pub struct Stage {
    sv: Services,
}

impl Stage {
    /// Refuses where real people buy.
    pub fn open(sv: &Services, production: bool) -> Result<Self, Unexpected> {
        if production {
            return Err(Unexpected::new(
                "stage",
                "invented data has no place in a production database",
            ));
        }
        Ok(Self { sv: sv.clone() })
    }

    /// What is staged on.
    pub fn services(&self) -> &Services {
        &self.sv
    }

    /// Values of PostgreSQL's settings, in the order asked for; unknown ones are left out.
    pub async fn settings(&self, names: &[&str]) -> Result<Vec<(String, String)>, Unexpected> {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let mut tx = self.sv.db.begin(Scope::System).await?;
        let rows = sqlx::query!(
            r#"
            select s.name as "name!", current_setting(s.name) as "value!"
            from unnest($1::text[]) with ordinality as asked (name, n)
            join pg_settings s on s.name = asked.name
            order by asked.n
            "#,
            &names
        )
        .fetch_all(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(rows.into_iter().map(|row| (row.name, row.value)).collect())
    }
}
