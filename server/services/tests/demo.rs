//! The sample data keeps every promise that real sales keep.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::{BTreeMap, btree_map::Entry};

use domain::{
    ids::OrganizationId,
    tickets::{KeyRing, TicketCode, verify},
};
use services::{
    accounts::{SignIn, sign_in},
    db::Scope,
    demo::{self, PASSWORD, SIGN_INS},
    tickets::keys,
};
use testkit::World;
use uuid::Uuid;

#[tokio::test]
async fn the_sample_is_sound_and_written_once() {
    let w = World::new().await;
    let report = demo::fill(&w.sv).await.unwrap();
    assert!(!report.already_there);
    assert!(
        report.events >= 40 && report.orders > 2_000 && report.check_ins > 500,
        "{report:?}"
    );
    w.assert_sound().await;
    codes_open_doors(&w).await;
    everybody_gets_in(&w).await;

    let promised = "select count(*) from payments p join orders o on o.id = p.order_id
                    where p.provider = 'transfer' and p.state = 'created' and o.state = 'pending'";
    assert_eq!(w.count(promised).await, 2);
    let sold_out = "select count(*) from events e where e.slug in ('halogen-at-the-boiler-house', 'ink-and-silence')
                    and not exists (select from pools p where p.event_id = e.id and p.sold < p.capacity)";
    assert_eq!(w.count(sold_out).await, 2);
    assert_eq!(
        w.count("select count(*) from events where image_id is null")
            .await,
        0
    );
    assert_eq!(
        w.count("select count(*) from events where search_text = ''")
            .await,
        0
    );
    // Nobody who was made up gets mail.
    w.settle().await;
    assert_eq!(w.count("select count(*) from mails").await, 0);

    let orders = w.count("select count(*) from orders").await;
    assert!(demo::fill(&w.sv).await.unwrap().already_there);
    assert_eq!(w.count("select count(*) from orders").await, orders);

    // A database that goes into production: the passwords stand in the program.
    assert_eq!(demo::shut(&w.sv).await.unwrap(), 4);
    let open = "select count(*) from sessions where revoked_at is null";
    assert_eq!(w.count(open).await, 0);
    for account in SIGN_INS {
        assert!(sign_in(&w.sv, as_sample(account)).await.is_err());
    }
    assert_eq!(demo::shut(&w.sv).await.unwrap(), 0);
}

/// Every ticket's code was signed by its own organization and names that ticket.
async fn codes_open_doors(w: &World) {
    let mut tx = w.sv.db.begin(Scope::System).await.unwrap();
    let rows: Vec<(Uuid, Uuid, String)> =
        sqlx::query_as("select id, organization_id, code from tickets order by code limit 400")
            .fetch_all(&mut *tx)
            .await
            .unwrap();
    let mut rings: BTreeMap<Uuid, KeyRing> = BTreeMap::new();
    for (ticket, organization, code) in rows {
        let ring = match rings.entry(organization) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(
                keys::public_ring(&mut tx, OrganizationId::new(organization))
                    .await
                    .unwrap(),
            ),
        };
        let claims = verify(&TicketCode::parse(&code).unwrap(), ring).unwrap();
        assert_eq!(claims.ticket.get(), ticket);
    }
}

async fn everybody_gets_in(w: &World) {
    for account in SIGN_INS {
        let entered = sign_in(&w.sv, as_sample(account)).await;
        assert!(entered.is_ok(), "{}", account.email);
    }
}

fn as_sample(account: demo::SignIn) -> SignIn {
    SignIn {
        email: account.email.into(),
        password: PASSWORD.into(),
        user_agent: "test".into(),
        client: "127.0.0.1".into(),
    }
}
