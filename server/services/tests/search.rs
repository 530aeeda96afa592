//! Finding events: what is listed, in which order, and by which words.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use domain::when::Timestamp;
use jiff::SignedDuration;
use services::{
    db::Scope,
    search::{self, Find, Found},
};
use sqlx::Row;
use testkit::World;

struct Listed {
    title: String,
    starts_at: Timestamp,
    ends_at: Timestamp,
    free: bool,
}

/// Three thousand events over four years, the middle one now; every 200th has a rare word, all have a frequent one.
async fn many(w: &World) -> Vec<Listed> {
    w.event("Nothing else").draft().await;
    w.execute(
        "insert into events (id, organization_id, slug, title, category, state, venue_city, time_zone, starts_at, ends_at,
                             currency, published_at, created_at, updated_at, search_text, search_vector)
         select gen_random_uuid(), organization_id, 'many-' || n, title, 'concert', 'published', 'Koper',
                'Europe/Ljubljana', starts_at, starts_at + (1 + n % 60) * interval '1 hour', 'EUR', starts_at, starts_at,
                starts_at, lower(title), to_tsvector('simple', lower(title))
         from (select n, e.organization_id, e.created_at + (n - 500) * interval '12 hours' as starts_at,
                      'Evening ' || case when n % 200 = 0 then 'zephyr ' else '' end || n as title
               from events e, generate_series(1, 3000) n) as made",
    )
    .await;
    w.execute(
        "insert into ticket_types (id, organization_id, event_id, number, name, price_minor, created_at)
         select gen_random_uuid(), organization_id, id, 1, 'Entry', case when slug like '%7' then 0 else 900 end, now()
         from events",
    )
    .await;
    let mut tx = w.sv.db.begin(Scope::System).await.unwrap();
    let rows =
        sqlx::query("select title, starts_at, ends_at, slug from events where slug like 'many-%'")
            .fetch_all(&mut *tx)
            .await
            .unwrap();
    rows.iter()
        .map(|row| Listed {
            title: row.get(0),
            starts_at: row.get::<jiff_sqlx::Timestamp, _>(1).to_jiff(),
            ends_at: row.get::<jiff_sqlx::Timestamp, _>(2).to_jiff(),
            free: row.get::<String, _>(3).ends_with('7'),
        })
        .collect()
}

/// All pages of a search, by title.
async fn pages(w: &World, find: Find) -> Vec<String> {
    let (mut titles, mut after) = (Vec::new(), None);
    loop {
        let find = Find {
            after,
            ..find.clone()
        };
        let Found { cards, next } = search::find(&w.sv, find).await.unwrap();
        titles.extend(cards.into_iter().map(|card| card.title));
        after = next;
        if after.is_none() {
            return titles;
        }
    }
}

/// The same by looking at everything.
fn expected(
    all: &[Listed],
    past: bool,
    now: Timestamp,
    keep: impl Fn(&Listed) -> bool,
) -> Vec<String> {
    let mut kept: Vec<&Listed> = all
        .iter()
        .filter(|listed| (listed.ends_at <= now) == past && keep(listed))
        .collect();
    kept.sort_by_key(|listed| listed.starts_at);
    if past {
        kept.reverse();
    }
    kept.into_iter()
        .map(|listed| listed.title.clone())
        .collect()
}

#[tokio::test]
async fn every_way_of_looking_finds_what_looking_at_everything_finds() {
    let w = World::new().await;
    let all = many(&w).await;
    let now = w.now();
    let find = |text: &str, past| Find {
        text: text.into(),
        past,
        limit: 100,
        ..Find::default()
    };
    for past in [false, true] {
        assert_eq!(
            pages(&w, find("", past)).await,
            expected(&all, past, now, |_| true)
        );
        // A word that all have, and one that few have.
        assert_eq!(
            pages(&w, find("even", past)).await,
            expected(&all, past, now, |_| true)
        );
        let zephyrs = expected(&all, past, now, |listed| listed.title.contains("zephyr"));
        assert!(!zephyrs.is_empty());
        assert_eq!(pages(&w, find("zephyr evening", past)).await, zephyrs);
        // A slip of the finger.
        assert_eq!(pages(&w, find("zephir", past)).await, zephyrs);
        assert_eq!(
            pages(
                &w,
                Find {
                    free: true,
                    ..find("evening", past)
                }
            )
            .await,
            expected(&all, past, now, |listed| listed.free)
        );
    }
    assert!(pages(&w, find("qqqq", false)).await.is_empty());
    w.assert_sound().await;
}

#[tokio::test]
async fn what_visitors_do_not_see_is_not_listed() {
    let w = World::new().await;
    let house = w.organization("House").await;
    w.event("Lanterns")
        .by(&house)
        .ticket_type("Seat", 900, 5)
        .published()
        .await;
    w.event("Lantern secrets")
        .by(&house)
        .ticket_type("Seat", 900, 5)
        .unlisted()
        .published()
        .await;
    w.event("Lantern plans")
        .by(&house)
        .ticket_type("Seat", 900, 5)
        .draft()
        .await;
    let titles = || {
        pages(
            &w,
            Find {
                text: "lantern".into(),
                limit: 10,
                ..Find::default()
            },
        )
    };
    assert_eq!(titles().await, ["Lanterns"]);
    for (change, there) in [
        (
            "update events set visibility = 'unlisted' where title = 'Lanterns'",
            false,
        ),
        (
            "update events set visibility = 'public' where title = 'Lanterns'",
            true,
        ),
        (
            "update organizations set state = 'suspended', suspended_at = now()",
            false,
        ),
        (
            "update organizations set state = 'active', suspended_at = null",
            true,
        ),
    ] {
        w.execute(change).await;
        assert_eq!(titles().await.len(), usize::from(there), "{change}");
        w.assert_sound().await;
    }
    // Over for visitors once it has ended.
    w.advance(SignedDuration::from_hours(24 * 400));
    assert!(titles().await.is_empty());
}

#[tokio::test]
async fn nobody_lists_an_event_by_hand() {
    let w = World::new().await;
    w.event("Lanterns")
        .ticket_type("Seat", 900, 5)
        .published()
        .await;
    for statement in [
        "update listings set city = 'Elsewhere'",
        "delete from listings",
        "select list_events('{}')",
    ] {
        let mut tx = w.sv.db.begin(Scope::System).await.unwrap();
        let refused = sqlx::query(statement).execute(&mut *tx).await.unwrap_err();
        assert!(
            refused.to_string().contains("permission denied"),
            "{statement}: {refused}"
        );
    }
}
