//! Messages get lost for good: a dispute that nobody told of would be paid out, and so would money that somebody gave back with
//! the provider's own tools. So the provider is asked for all of them now and then.

use std::collections::HashSet;

use domain::when::{Timestamp, shift};
use jiff::SignedDuration;

use super::{dispute_news, refund_news};
use crate::{
    Services, Unexpected,
    db::Scope,
    ports::{PortError, ProviderTold},
    rows::at,
};

/// How often.
const AGAIN: SignedDuration = SignedDuration::from_mins(60);
/// How far back beyond the time before: what is made shows itself a little later.
const BEFORE: SignedDuration = SignedDuration::from_mins(60);
/// How far back the first time.
const FIRST: SignedDuration = SignedDuration::from_hours(3 * 24);

/// Takes in what was told in vain, once an hour; returns how much that was.
pub(super) async fn look(sv: &Services) -> Result<usize, Unexpected> {
    if !sv.payments.takes_disputes() {
        return Ok(0);
    }
    let now = sv.now();
    let Some(before) = claim(sv, now).await? else {
        return Ok(0);
    };
    let since = before.map_or(shift(now, -FIRST), |before| shift(before, -BEFORE));
    let made = match sv.payments.made_since(since).await {
        Ok(made) => made,
        Err(e) => {
            match e {
                PortError::Unavailable(why) => {
                    tracing::warn!(why, "the payment provider cannot be asked");
                }
                PortError::Refused(why) => {
                    tracing::error!(
                        why,
                        "the payment provider does not say what was made lately"
                    );
                }
            }
            give_back(sv).await?;
            return Ok(0);
        }
    };
    let known = known(sv, &made).await?;
    let (mut found, mut all) = (0, true);
    for told in made {
        let taken = match &told {
            ProviderTold::Dispute { known: one } if !known.contains(&one.reference) => {
                dispute_news::take_in(sv, one).await
            }
            // Those that are ours are asked about by themselves.
            ProviderTold::Refund {
                names,
                amount,
                known: one,
            } if names.ours.is_none() && !known.contains(&one.reference) => {
                refund_news::take_in(sv, names, *amount, one).await
            }
            ProviderTold::Dispute { .. }
            | ProviderTold::Refund { .. }
            | ProviderTold::Payment { .. }
            | ProviderTold::Account { .. } => continue,
        };
        match taken {
            Ok(true) => {
                tracing::warn!(?told, "the payment provider told of this in vain");
                found += 1;
            }
            Ok(false) => {}
            Err(error) => {
                tracing::error!(?told, %error, "this cannot be taken in: look at it");
                all = false;
            }
        }
    }
    // What was cut short, or could not be taken in, is asked for once more.
    if all {
        done(sv, now).await?;
    }
    Ok(found)
}

/// Whether it is time, and for whom alone: up to when all was taken in before.
async fn claim(sv: &Services, now: Timestamp) -> Result<Option<Option<Timestamp>>, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let provider = sv.payments.provider();
    sqlx::query!(
        "insert into provider_book_reads (provider) values ($1) on conflict on constraint provider_book_reads_pkey do nothing",
        provider
    )
    .execute(&mut *tx)
    .await?;
    let row = sqlx::query!(
        r#"
        with due as (
            select provider, asked_at from provider_book_reads
            where provider = $1 and (looked_at is null or looked_at < $2)
            for update skip locked
        )
        update provider_book_reads r set looked_at = $3
        from due
        where r.provider = due.provider
        returning due.asked_at as "before?"
        "#,
        provider,
        at(shift(now, -AGAIN)) as _,
        at(now) as _
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(row.map(|row| row.before.map(|at| at.to_jiff())))
}

/// All until then is taken in.
async fn done(sv: &Services, until: Timestamp) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    sqlx::query!(
        "update provider_book_reads set asked_at = $2 where provider = $1",
        sv.payments.provider(),
        at(until) as _
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// Nobody answered: it is tried again soon.
async fn give_back(sv: &Services) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    sqlx::query!(
        "update provider_book_reads set looked_at = null where provider = $1",
        sv.payments.provider()
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// Of these, what we have heard of.
async fn known(sv: &Services, made: &[ProviderTold]) -> Result<HashSet<String>, Unexpected> {
    let names: Vec<String> = made
        .iter()
        .filter_map(|told| match told {
            ProviderTold::Dispute { known } => Some(known.reference.clone()),
            ProviderTold::Refund { known, .. } => Some(known.reference.clone()),
            ProviderTold::Payment { .. } | ProviderTold::Account { .. } => None,
        })
        .collect();
    if names.is_empty() {
        return Ok(HashSet::new());
    }
    let mut tx = sv.db.begin(Scope::System).await?;
    let known = sqlx::query_scalar!(
        r#"
        select reference as "reference!" from disputes where provider = $1 and reference = any($2)
        union
        select reference from refund_tries where provider = $1 and reference = any($2)
        "#,
        sv.payments.provider(),
        &names
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(known.into_iter().collect())
}
