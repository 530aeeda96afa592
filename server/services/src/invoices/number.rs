//! The next numbers of a series.

use domain::{
    ids::OrganizationId,
    invoices::{Kind, Prefix, Series},
};
use jiff::civil::Date;

use crate::{Unexpected, db::Tx, rows::coded};

/// Numbers that nobody else can have, one after the other.
#[derive(Debug, Clone)]
pub struct Drawn {
    pub series: Series,
    /// The first of them.
    pub first: i64,
}

/// Takes the next `count` numbers of an organization. The series is locked until the end of the transaction: whoever
/// comes next waits, and gets the same numbers if this one comes to nothing.
pub async fn draw(
    tx: &mut Tx,
    organization: OrganizationId,
    kind: Kind,
    on: Date,
    count: i64,
) -> Result<Drawn, Unexpected> {
    let row = sqlx::query!(
        "select invoice_prefix, credit_prefix, invoice_years from organizations where id = $1",
        organization.get()
    )
    .fetch_one(&mut **tx)
    .await?;
    let prefix = match kind {
        Kind::CreditNote => row.credit_prefix,
        Kind::Invoice | Kind::Platform | Kind::PlatformCredit => row.invoice_prefix,
    };
    let prefix: Prefix = coded("organizations", organization, &prefix)?;
    let year = (row.invoice_years == "each").then(|| on.year());
    let series = Series { prefix, year };
    let first = take(tx, Some(organization), &series, count).await?;
    Ok(Drawn { series, first })
}

/// Takes the next `count` numbers of a series of an organization, or of the platform; the first of them.
pub(super) async fn take(
    tx: &mut Tx,
    organization: Option<OrganizationId>,
    series: &Series,
    count: i64,
) -> Result<i64, Unexpected> {
    let first = sqlx::query_scalar!(
        r#"
        insert into invoice_series as s (organization_id, prefix, year, next)
        values ($1, $2, $3, 1 + $4::bigint)
        on conflict on constraint invoice_series_key do update set next = s.next + $4::bigint
        returning next - $4::bigint as "first!"
        "#,
        organization.map(OrganizationId::get),
        series.prefix.as_str(),
        series.year.unwrap_or(0),
        count
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(first)
}
