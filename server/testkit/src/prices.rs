//! Tax and fees for events that stand already.

use domain::{
    money::Currency,
    pricing::{Rate, TaxMode},
};
use services::db::Scope;

use crate::{Event, Organization, World, world::jiff_text};

impl World {
    /// How the event's organizer is taxed, where the event is, and how much of the fee buyers bear.
    pub async fn prices(
        &self,
        event: &Event,
        (mode, country): (TaxMode, &str),
        rate: Option<Rate>,
        fee_to_buyer_percent: i16,
    ) {
        let mut tx = self.sv.db.begin(Scope::System).await.unwrap();
        sqlx::query("update organizations set tax_mode = $2 where id = $1")
            .bind(event.organization.id.get())
            .bind(mode.code())
            .execute(&mut *tx)
            .await
            .unwrap();
        sqlx::query("update events set venue_country = $2, tax_rate = $3, fee_to_buyer_percent = $4 where id = $1")
            .bind(event.id.get())
            .bind(country)
            .bind(rate.map(|rate| i32::from(rate.thousandths())))
            .bind(fee_to_buyer_percent)
            .execute(&mut *tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// A plan that holds from now on, for everybody or for one organization.
    pub async fn fee_plan(
        &self,
        of: Option<&Organization>,
        currency: Currency,
        fixed_minor: i64,
        percent_bp: i32,
    ) {
        let mut tx = self.sv.db.begin(Scope::Platform).await.unwrap();
        sqlx::query(
            "insert into fee_plans (id, organization_id, currency, fixed_minor, percent_bp, valid_from, created_at)
             values ($1, $2, $3, $4, $5, $6::timestamptz, $6::timestamptz)",
        )
        .bind(self.sv.new_id())
        .bind(of.map(|organization| organization.id.get()))
        .bind(currency.as_str())
        .bind(fixed_minor)
        .bind(percent_bp)
        .bind(jiff_text(self.now()))
        .execute(&mut *tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
    }
}
