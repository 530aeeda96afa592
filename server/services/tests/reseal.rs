//! Another sealing key, while everything goes on.

use domain::permissions::Role;
use services::{
    Services, accounts, payouts, permit,
    reseal::{Resealed, reseal},
    seal::Seal,
    waiting_room::set_waiting_room,
};
use testkit::World;

/// The signing key of the tests' world stays.
fn under(w: &World, sealing: u8, before: Option<u8>) -> Services {
    w.under(Seal::new([sealing; 32], [11; 32]).after(before.map(|byte| [byte; 32])))
}

#[tokio::test]
async fn another_key_takes_over_without_a_break() {
    let w = World::new().await;
    let hall = w.organization("Hall").await;
    let event = w
        .event("Evening")
        .by(&hall)
        .ticket_type("Seat", 0, 9)
        .published()
        .await;
    set_waiting_room(&w.sv, &hall.permit(), event.id, true)
        .await
        .unwrap();
    let owner = w.member(&hall, Role::Owner).await;
    accounts::begin_authenticator(&w.sv, &owner).await.unwrap();
    let permit = permit::for_organization(&w.sv, &owner, hall.id)
        .await
        .unwrap();
    let permit = permit::proven(&w.sv, &owner, permit).unwrap();
    payouts::set_account(&w.sv, &permit, "Hall", "DE89370400440532013000", "")
        .await
        .unwrap();
    let begun = async |sv: &Services| accounts::second_factor(sv, &owner).await;
    let typed = begun(&w.sv).await.unwrap().begun.unwrap().typed;

    let both = under(&w, 8, Some(7));
    assert_eq!(begun(&both).await.unwrap().begun.unwrap().typed, typed);
    assert!(begun(&under(&w, 8, None)).await.is_err());
    let done = reseal(&both).await.unwrap();
    let all = Resealed {
        signing_keys: done.signing_keys,
        authenticators: 1,
        waiting_rooms: 1,
        payout_accounts: 1,
        bank_lines: 0,
    };
    assert_eq!(done, all);
    assert!(done.signing_keys > 0);
    let again = reseal(&both).await.unwrap();
    assert_eq!((again.signing_keys, again.authenticators), (0, 0));
    // The key before can go, and it opens nothing any more.
    let new = under(&w, 8, None);
    assert_eq!(begun(&new).await.unwrap().begun.unwrap().typed, typed);
    assert!(begun(&w.sv).await.is_err());
}

#[tokio::test]
async fn what_no_key_opens_stops_all_of_it() {
    let w = World::new().await;
    let (ada, bob) = (w.person("Ada").await, w.person("Bob").await);
    for one in [&ada, &bob] {
        accounts::begin_authenticator(&w.sv, one).await.unwrap();
    }
    w.execute("update authenticators set secret_sealed = secret_sealed || '\\x00' where user_id = (select id from users where name = 'Bob')")
        .await;
    let refused = reseal(&under(&w, 8, Some(7))).await.unwrap_err();
    let named = format!("authenticators|secret|{}", bob.user);
    assert!(refused.to_string().contains(&named), "{refused}");
    accounts::second_factor(&w.sv, &ada).await.unwrap();
}
