use domain::permissions::Role;
use locales::Locale;
use services::{
    db::Scope,
    orders::{
        self, CancelOrder, ListOrders, RefundChoice, RefundOrder, attendees,
        attendees::ListAttendees,
    },
    permit::{self, RefundOrders, Refused, ResendTickets, ViewAttendees},
};
use testkit::World;

#[tokio::test]
async fn another_organization_sees_nothing() {
    let w = World::new().await;
    let event = w
        .event("Ours")
        .ticket_type("Seat", 1000, 20)
        .published()
        .await;
    let placed = w.buyer("Ada").buys(&event, "Seat", 2).await.unwrap();
    w.settle().await;
    let others = w.organization("Others").await;

    let all = ListOrders {
        limit: 50,
        ..ListOrders::default()
    };
    assert!(
        orders::list(&w.sv, &others.permit(), all.clone())
            .await
            .unwrap()
            .items
            .is_empty()
    );
    let asked = ListOrders {
        event: Some(event.id),
        ..all
    };
    assert!(
        orders::list(&w.sv, &others.permit(), asked)
            .await
            .unwrap()
            .items
            .is_empty()
    );
    assert!(
        orders::show(&w.sv, &others.permit(), placed.code)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        orders::sales(&w.sv, &others.permit(), event.id)
            .await
            .unwrap()
            .is_none()
    );
    let file = orders::export_attendees(&w.sv, &others.permit(), event.id, Locale::En)
        .await
        .unwrap();
    assert!(file.is_none());
    let ask = ListAttendees {
        event: event.id,
        search: String::new(),
        with_void: true,
        cursor: None,
        limit: 50,
    };
    assert!(
        attendees::list(&w.sv, &others.permit(), ask)
            .await
            .unwrap()
            .items
            .is_empty()
    );
    let refund = RefundOrder {
        code: placed.code,
        choice: RefundChoice::Full,
        keep_tickets: false,
        reason: String::new(),
        idempotency_key: None,
    };
    let refused = orders::refund(&w.sv, &others.permit(), refund).await;
    assert!(matches!(refused, Err(orders::RefundError::NotFound)));
    let cancel = CancelOrder {
        code: placed.code,
        reason: String::new(),
    };
    let refused = orders::cancel(&w.sv, &others.permit(), cancel).await;
    assert!(matches!(refused, Err(orders::CancelError::NotFound)));
    w.assert_sound().await;
}

/// The wall itself, without any `where` of ours.
#[tokio::test]
async fn the_database_hides_rows_from_every_wrong_scope() {
    let w = World::new().await;
    let event = w
        .event("Ours")
        .ticket_type("Seat", 1000, 20)
        .published()
        .await;
    w.buyer("Ada").buys(&event, "Seat", 2).await.unwrap();
    w.settle().await;
    let others = w.organization("Others").await;
    let reader = w.person("Reader").await;
    let tables = [
        "holds",
        "hold_lines",
        "orders",
        "order_lines",
        "attendees",
        "tickets",
        "payments",
        "payment_events",
        "refunds",
        "ledger_transactions",
        "ledger_entries",
        "jobs",
        "mails",
        "outbox",
        "signing_keys",
    ];
    for scope in [
        Scope::Organization(others.id),
        Scope::Public,
        Scope::Account(reader.user),
    ] {
        for table in tables {
            let mut tx = w.sv.db.begin(scope.clone()).await.unwrap();
            let sql = format!("select count(*) from {table} where organization_id = $1");
            let seen: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
                .bind(event.organization.id.get())
                .fetch_one(&mut *tx)
                .await
                .unwrap();
            assert_eq!(seen, 0, "{table} shows rows to {scope:?}");
        }
    }
    let mut tx = w.sv.db.begin(Scope::Organization(others.id)).await.unwrap();
    let stolen = sqlx::query("update orders set buyer_name = 'x'")
        .execute(&mut *tx)
        .await
        .unwrap();
    assert_eq!(stolen.rows_affected(), 0);
}

#[tokio::test]
async fn the_door_may_look_at_attendees_and_nothing_more() {
    let w = World::new().await;
    let event = w
        .event("Ours")
        .ticket_type("Seat", 1000, 20)
        .published()
        .await;
    let door = w.member(&event.organization, Role::Door).await;
    let manager = w.member(&event.organization, Role::Manager).await;
    let stranger = w.person("Stranger").await;
    permit::for_event::<ViewAttendees>(&w.sv, &door, event.id)
        .await
        .unwrap();
    permit::for_event::<RefundOrders>(&w.sv, &manager, event.id)
        .await
        .unwrap();
    let refused = permit::for_event::<ResendTickets>(&w.sv, &door, event.id).await;
    assert!(matches!(refused, Err(Refused::Forbidden)));
    let refused = permit::for_event::<ViewAttendees>(&w.sv, &stranger, event.id).await;
    assert!(matches!(refused, Err(Refused::NotFound)));
}
