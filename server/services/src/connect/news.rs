//! What the provider says of an account, in its messages.

use domain::connect::{AccountNews, Heard};

use super::{look::look_at, queries, tell};
use crate::{Services, Unexpected, db::Scope};

/// Takes a message in; whether it was about an account of ours. Without news of its own it only says that something changed.
pub(crate) async fn told(
    sv: &Services,
    reference: &str,
    news: Option<&AccountNews>,
) -> Result<bool, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let found = queries::find(sv, &mut tx, reference).await?;
    tx.commit().await?;
    let Some((organization, id)) = found else {
        return Ok(false);
    };
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    let Some(mut account) = queries::lock(&mut tx, organization, id).await? else {
        return Ok(false);
    };
    let heard = match news {
        Some(news) => {
            let before = account.known.clone();
            let (after, heard) = account.known.apply(news);
            account.known = after;
            tell::of_trouble(sv, &mut tx, &before, &account).await?;
            heard
        }
        None => Heard::Doubtful,
    };
    let ask = heard == Heard::Doubtful;
    if heard != Heard::Nothing {
        queries::save(&mut tx, &account, sv.now(), ask).await?;
    }
    tx.commit().await?;
    if ask && let Err(error) = look_at(sv, organization, id).await {
        tracing::warn!(%error, "an account of which there is news is asked about later");
    }
    Ok(true)
}
