//! Where an order is being paid.

use super::queries;
use crate::{Services, Unexpected, db::Scope};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenPage {
    /// Its address at the provider.
    At(String),
    /// Nothing is to be paid, or nobody has begun to.
    None,
    NoOrder,
}

/// The page that [`super::start`] has opened last.
pub async fn open_page(sv: &Services, secret: &str) -> Result<OpenPage, Unexpected> {
    let found = sv
        .queues
        .found_orders
        .submit(sv, (), secret.to_owned())
        .await?;
    let Some(found) = found else {
        return Ok(OpenPage::NoOrder);
    };
    let organization = found.organization;
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    let provider = sv.payments.provider();
    let url = queries::page_url(&mut tx, organization, found.order, provider).await?;
    tx.commit().await?;
    Ok(url.map_or(OpenPage::None, OpenPage::At))
}
