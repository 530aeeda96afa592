//! Searches that nobody would type: they find nothing that is hidden, and break nothing.

use domain::catalog::Category;
use services::search::{Find, When, find};
use testkit::{Attack, World, tries};

use crate::{chance::Chance, parsers};

/// The sign zero comes no further than the server's door (`layers/signs.rs` of `bilten`).
fn text(chance: &Chance) -> String {
    parsers::text(chance).replace('\0', "")
}

#[tokio::test]
async fn no_search_finds_what_is_hidden_or_breaks() {
    let w = World::new().await;
    let house = w.organization("House").await;
    for number in 0..5 {
        w.event(&format!("Open evening {number}"))
            .by(&house)
            .ticket_type("Seat", 0, 9)
            .published()
            .await;
    }
    let hidden = w
        .event("Hushword evening")
        .by(&house)
        .ticket_type("Seat", 0, 9)
        .unlisted()
        .published()
        .await;
    let draft = w
        .event("Hushword draft")
        .by(&house)
        .ticket_type("Seat", 0, 9)
        .draft()
        .await;
    w.settle().await;
    let chance = Chance::new(10);
    let mut attack = Attack::on("searches for what is hidden, and ones that break");
    let count = tries(300, 100_000);
    let maybe = |one: String| (chance.below(3) == 0).then_some(one);
    let mut open = 0;
    for number in 0..count {
        let words = match chance.below(4) {
            0 => [
                "hushword",
                "hush",
                "evening",
                "hushwrod",
                "open",
                "*",
                "!",
                ":*",
                "| evening",
            ][chance.below(9)]
            .to_owned(),
            _ => text(&chance),
        };
        let wanted = Find {
            text: words,
            category: (chance.below(4) == 0)
                .then(|| Category::all()[chance.below(Category::all().len())]),
            city: maybe(if chance.below(2) == 0 {
                "Ljubljana".into()
            } else {
                text(&chance)
            }),
            when: (chance.below(4) == 0).then(|| When::all()[chance.below(4)]),
            free: chance.below(4) == 0,
            online: chance.below(8) == 0,
            organizer: maybe(if chance.below(2) == 0 {
                house.slug.clone()
            } else {
                text(&chance)
            }),
            past: chance.below(4) == 0,
            only_happening: chance.below(4) == 0,
            after: maybe(match chance.below(3) {
                0 => format!(
                    "{}.{}.{}",
                    chance.below(2),
                    chance.number(),
                    hidden.id.get().simple()
                ),
                1 => format!("1.{}.{}", i64::MAX, "0".repeat(32)),
                _ => text(&chance),
            }),
            limit: [1, 20, 0, -1, i64::MIN, i64::MAX][chance.below(6)],
        };
        let told = format!("{wanted:?}");
        match find(&w.sv, wanted).await {
            Ok(found) => {
                open += found.cards.len();
                let bad = found
                    .cards
                    .iter()
                    .any(|card| card.slug == hidden.slug || card.slug == draft.slug);
                attack.note(bad, || format!("{number} found it: {told}"));
            }
            Err(error) => attack.note(true, || format!("{number} broke: {error}: {told}")),
        }
    }
    // What is open is found all the same.
    assert!(open > 0);
    attack.end(count);
}
