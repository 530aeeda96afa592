//! Where sums differ: what should lie with the provider, and what does.

use domain::{
    books::CaseKind,
    money::{Currency, Money},
    when::Timestamp,
};

use super::{BookError, HowFar, Side, differences::Difference, read};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    rows::{at, coded},
};

/// How often the balance is asked for while lines come in.
const TRIES: usize = 3;

/// Our clearing account against the sum of the provider's book.
pub(super) async fn clearing(
    sv: &Services,
    tx: &mut Tx,
    until: Timestamp,
) -> Result<Vec<Difference>, Unexpected> {
    let rows = sqlx::query_file!(
        "src/books/clearing.sql",
        sv.payments.provider(),
        at(until) as _
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut found = Vec::new();
    for row in rows.into_iter().filter(|row| row.ours != row.theirs) {
        let currency: Currency = coded("ledger_entries", "clearing", &row.currency)?;
        found.push(sums(
            CaseKind::ClearingDiffers,
            ("clearing account", Money::new(row.ours, currency)),
            ("sum of the book", Money::new(row.theirs, currency)),
        ));
    }
    Ok(found)
}

/// The provider's balance against the sum of the lines that we have. `None` where lines came in between each time, so that
/// nothing can be said.
pub(super) async fn balance(sv: &Services) -> Result<Option<Vec<Difference>>, BookError> {
    for _ in 0..TRIES {
        let before = lines(sv).await?;
        let there = sv.payments.book_balance().await?;
        let read = read(sv, HowFar::New).await?;
        if !read.whole || read.new > 0 || lines(sv).await? != before {
            continue;
        }
        let here = |currency| {
            let one = before.iter().find(|one| one.currency == currency);
            one.copied().unwrap_or(Money::zero(currency))
        };
        let there_of = |currency| {
            let one = there.iter().find(|one| one.currency == currency);
            one.copied().unwrap_or(Money::zero(currency))
        };
        let mut currencies: Vec<Currency> = Vec::new();
        for money in before.iter().chain(&there) {
            if !currencies.contains(&money.currency) {
                currencies.push(money.currency);
            }
        }
        let found = currencies
            .into_iter()
            .filter(|currency| here(*currency) != there_of(*currency))
            .map(|currency| {
                sums(
                    CaseKind::BookIncomplete,
                    ("sum of the lines", here(currency)),
                    ("balance", there_of(currency)),
                )
            });
        return Ok(Some(found.collect()));
    }
    Ok(None)
}

/// What the lines sum to, currency by currency.
async fn lines(sv: &Services) -> Result<Vec<Money>, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let rows = sqlx::query!(
        r#"
        select currency, sum(amount_minor - fee_minor)::bigint as "net!"
        from provider_book where provider = $1 group by currency order by currency
        "#,
        sv.payments.provider()
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    rows.into_iter()
        .map(|row| {
            let currency = coded("provider_book", "all", &row.currency)?;
            Ok(Money::new(row.net, currency))
        })
        .collect()
}

fn sums(kind: CaseKind, ours: (&str, Money), theirs: (&str, Money)) -> Difference {
    Difference {
        kind,
        subject: ours.1.currency.to_string(),
        organization: None,
        order: None,
        ours: Some(Side::sum(ours.0, ours.1)),
        theirs: Some(Side::sum(theirs.0, theirs.1)),
    }
}
