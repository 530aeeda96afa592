//! Promo codes of the sample.

use crate::{
    Services, Unexpected,
    permit::{ManagePromoCodes, Permit},
    promo::{self, CodeForm},
};

use super::accounts::House;
use crate::db::Scope;

/// A few codes in each house: for everybody, for friends, and some that are handed out one by one.
pub(super) async fn insert(sv: &Services, houses: &[House]) -> Result<(), Unexpected> {
    for house in houses {
        let mut tx = sv.db.begin(Scope::System).await?;
        let currency = sqlx::query_scalar!(
            r#"
            select currency from events where organization_id = $1
            group by currency order by count(*) desc, currency limit 1
            "#,
            house.id.get()
        )
        .fetch_optional(&mut *tx)
        .await?;
        tx.commit().await?;
        let Some(currency) = currency else { continue };
        let permit = Permit::<ManagePromoCodes>::system("sample data", house.id);
        let form = |code: &str, name: &str, kind: &str, value: &str| CodeForm {
            code: code.into(),
            name: name.into(),
            currency: currency.clone(),
            kind: kind.into(),
            value: value.into(),
            ..CodeForm::default()
        };
        let spring = CodeForm {
            max_uses: "200".into(),
            max_per_customer: "1".into(),
            ..form("SPRING-15", "Newsletter", "percent", "15")
        };
        let friends = CodeForm {
            budget: "500".into(),
            ..form("FRIENDS", "Friends of the house", "order", "10")
        };
        for code in [&spring, &friends] {
            promo::create(sv, &permit, code)
                .await
                .map_err(|e| Unexpected::new("promo code of the sample", e.to_string()))?;
        }
        let press = form("PRESS", "Press", "percent", "100");
        promo::create_many(sv, &permit, &press, "5")
            .await
            .map_err(|e| Unexpected::new("promo codes of the sample", e.to_string()))?;
    }
    Ok(())
}
