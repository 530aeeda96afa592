//! Platform admins step in: what stops, what goes on, and what is written down.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use domain::{ids::UserId, permissions::Role};
use services::{
    Services, accounts,
    audit::{self, AuditFilter},
    checkout::HoldError,
    db::Scope,
    moderation::{self, Find, ModerationError},
    permit::{self, ExportAttendees, PlatformPermit, RefundOrders, Refused, ViewOrders},
    privacy,
    session::Session,
};
use testkit::World;

const WHY: &str = "Sells tickets to a venue that does not exist";

async fn admin(w: &World) -> (Session, PlatformPermit) {
    let mut session = w.person("Admin").await;
    w.execute("update users set is_platform_admin = true where name = 'Admin'")
        .await;
    session.platform_admin = true;
    assert!(matches!(
        permit::platform(&session),
        Err(Refused::SecondFactorNeeded)
    ));
    session.has_second_factor = true;
    let permit = permit::platform(&session).unwrap();
    (session, permit)
}

async fn record(sv: &Services, permit: &PlatformPermit) -> Vec<(String, String, Option<String>)> {
    let filter = AuditFilter {
        limit: 50,
        ..AuditFilter::default()
    };
    let page = audit::list(sv, permit, &filter).await.unwrap();
    page.items
        .into_iter()
        .map(|row| {
            let after = row.after.map(|facts| facts.to_string());
            (row.action, row.reason, after)
        })
        .collect()
}

#[tokio::test]
async fn others_are_told_that_there_is_nothing() {
    let w = World::new().await;
    let session = w.person("Somebody").await;
    assert!(matches!(permit::platform(&session), Err(Refused::NotFound)));
}

#[tokio::test]
async fn a_suspended_organization_stops_selling_and_keeps_its_tickets() {
    let w = World::new().await;
    let sv = &w.sv;
    let (_, permit) = admin(&w).await;
    let organization = w.organization("Hall").await;
    let event = w
        .event("Demo")
        .by(&organization)
        .ticket_type("Seat", 1000, 10)
        .published()
        .await;
    w.buyer("ana").buys(&event, "Seat", 1).await.unwrap();

    moderation::suspend_organization(sv, &permit, organization.id, WHY)
        .await
        .unwrap();
    let refused = w.buyer("ben").buys(&event, "Seat", 1).await;
    assert!(matches!(refused, Err(HoldError::Suspended)));
    let valid = w
        .count("select count(*) from tickets where state = 'valid'")
        .await;
    assert_eq!(valid, 1, "sold tickets stay valid");
    let mut tx = sv.db.begin(Scope::Public).await.unwrap();
    let seen: i64 = sqlx::query_scalar("select count(*) from events")
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    assert_eq!(seen, 0, "its pages are gone for visitors");
    drop(tx);

    w.advance_minutes(1);
    let again = moderation::suspend_organization(sv, &permit, organization.id, WHY).await;
    assert!(matches!(again, Err(ModerationError::Already)));
    moderation::restore_organization(
        sv,
        &permit,
        organization.id,
        "Papers were shown and are fine",
    )
    .await
    .unwrap();
    w.buyer("ben").buys(&event, "Seat", 1).await.unwrap();

    let record = record(sv, &permit).await;
    assert_eq!(record.len(), 2);
    assert_eq!(record[1].0, "organization.suspend");
    assert_eq!(record[1].1, WHY);
    assert!(record[1].2.as_deref().unwrap().contains("suspended"));
    w.assert_sound().await;
}

#[tokio::test]
async fn a_reason_is_needed_and_nothing_happens_without() {
    let w = World::new().await;
    let (_, permit) = admin(&w).await;
    let organization = w.organization("Hall").await;
    let refused =
        moderation::suspend_organization(&w.sv, &permit, organization.id, " short ").await;
    let Err(ModerationError::Fields(fields)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(fields.entries()[0].field, "reason");
    assert_eq!(
        w.count("select count(*) from organizations where state = 'suspended'")
            .await,
        0
    );
    assert!(record(&w.sv, &permit).await.is_empty());
}

#[tokio::test]
async fn a_suspended_person_is_signed_out_and_nobody_suspends_themselves() {
    let w = World::new().await;
    let sv = &w.sv;
    let (me, permit) = admin(&w).await;
    let person = w.person("Somebody").await;
    moderation::suspend_user(sv, &permit, person.user, WHY)
        .await
        .unwrap();
    assert_eq!(w.count("select count(*) from sessions where revoked_at is null").await, w.count(
        "select count(*) from sessions s join users u on u.id = s.user_id where u.name = 'Admin'").await);
    let mine = moderation::suspend_user(sv, &permit, me.user, WHY).await;
    assert!(matches!(mine, Err(ModerationError::Yourself)));
    let nobody =
        moderation::suspend_user(sv, &permit, UserId::new(uuid::Uuid::from_u128(7)), WHY).await;
    assert!(matches!(nobody, Err(ModerationError::NotFound)));
    moderation::restore_user(sv, &permit, person.user, "It was a mistake of ours")
        .await
        .unwrap();
    assert_eq!(
        w.count("select count(*) from users where suspended_at is not null")
            .await,
        0
    );
}

#[tokio::test]
async fn the_record_names_the_person_it_is_about() {
    let w = World::new().await;
    let (_, permit) = admin(&w).await;
    let person = w.person("Somebody").await;
    moderation::suspend_user(&w.sv, &permit, person.user, WHY)
        .await
        .unwrap();
    let filter = AuditFilter {
        text: "somebody".into(),
        limit: 50,
        ..AuditFilter::default()
    };
    let found = audit::list(&w.sv, &permit, &filter).await.unwrap().items;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].subject_name.as_deref(), Some("Somebody"));
}

#[tokio::test]
async fn jobs_for_later_are_not_waiting() {
    let w = World::new().await;
    let (_, permit) = admin(&w).await;
    let before = moderation::overview(&w.sv, &permit).await.unwrap();
    w.execute(
        "insert into jobs (kind, payload, run_at, created_at)
         values ('test', '{}', 'infinity', '2026-01-01Z')",
    )
    .await;
    let after = moderation::overview(&w.sv, &permit).await.unwrap();
    assert_eq!(after.jobs_waiting, before.jobs_waiting);
}

#[tokio::test]
async fn searches_reach_all_tenants_and_take_text_as_text() {
    let w = World::new().await;
    let sv = &w.sv;
    let (_, permit) = admin(&w).await;
    let (a, b) = (
        w.organization("First Hall").await,
        w.organization("Second Hall").await,
    );
    w.event("Alpha")
        .by(&a)
        .ticket_type("Seat", 1000, 5)
        .published()
        .await;
    let beta = w
        .event("Beta 100%")
        .by(&b)
        .ticket_type("Seat", 1000, 5)
        .published()
        .await;
    w.buyer("ana").buys(&beta, "Seat", 2).await.unwrap();

    let find = |text: &str| Find {
        text: text.into(),
        cursor: None,
        limit: 50,
    };
    assert_eq!(
        moderation::find_events(sv, &permit, &find(""))
            .await
            .unwrap()
            .items
            .len(),
        2
    );
    let found = moderation::find_events(sv, &permit, &find("100%"))
        .await
        .unwrap()
        .items;
    assert_eq!((found.len(), found[0].sold, found[0].capacity), (1, 2, 5));
    assert!(
        moderation::find_events(sv, &permit, &find("_%'"))
            .await
            .unwrap()
            .items
            .is_empty()
    );
    assert_eq!(
        moderation::find_organizations(sv, &permit, &find("second"))
            .await
            .unwrap()
            .items
            .len(),
        1
    );
    let orders = moderation::find_orders(sv, &permit, &find("ana"))
        .await
        .unwrap()
        .items;
    assert_eq!(orders.len(), 1);
    assert_eq!(
        moderation::find_orders(sv, &permit, &find(&orders[0].code))
            .await
            .unwrap()
            .items
            .len(),
        1
    );
    let overview = moderation::overview(sv, &permit).await.unwrap();
    assert_eq!(
        (
            overview.events_on_sale,
            overview.orders_today,
            overview.tickets_today
        ),
        (2, 1, 2)
    );

    let first = moderation::find_events(
        sv,
        &permit,
        &Find {
            limit: 1,
            ..Find::default()
        },
    )
    .await
    .unwrap();
    let cursor = first.next.clone();
    let second = moderation::find_events(
        sv,
        &permit,
        &Find {
            limit: 1,
            cursor,
            text: String::new(),
        },
    )
    .await
    .unwrap();
    assert_ne!(first.items[0].slug, second.items[0].slug);
    assert_eq!(second.next, None);
}

#[tokio::test]
async fn an_admin_looks_as_somebody_and_can_do_nothing_else() {
    let w = World::new().await;
    let (session, permit) = admin(&w).await;
    let hall = w.organization("Hall").await;
    let owner = w.member(&hall, Role::Owner).await;
    let there = moderation::act_as(&w.sv, &permit, &session, owner.user, WHY)
        .await
        .unwrap();
    let looking = accounts::session_by_token(&w.sv, &there.token)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(looking.user, owner.user);
    assert_eq!(
        looking.acting.as_ref().map(|acting| acting.by),
        Some(session.user)
    );
    permit::for_organization::<ViewOrders>(&w.sv, &looking, hall.id)
        .await
        .unwrap();
    let refused = [
        permit::for_organization::<RefundOrders>(&w.sv, &looking, hall.id)
            .await
            .err(),
        permit::for_organization::<ExportAttendees>(&w.sv, &looking, hall.id)
            .await
            .err(),
        permit::fresh(&w.sv, &looking).err(),
        privacy::export_account(&w.sv, &looking).await.err(),
    ];
    for refused in refused {
        assert!(matches!(refused, Some(Refused::OnlyLooking)), "{refused:?}");
    }
    // The person is told, and both are in the record.
    w.settle().await;
    let told = w.mailer.to(&owner.email);
    assert!(told.iter().any(|mail| mail.text.contains(WHY)));
    let entries = record(&w.sv, &permit).await;
    assert!(
        entries
            .iter()
            .any(|(action, why, _)| action == "user.act_as" && why == WHY)
    );
    // The organization finds both in its own record, when it began and when it was over.
    let both = "select count(*) from audit_entries e
                join memberships m on m.organization_id = e.organization_id and m.user_id::text = e.subject_id
                where e.action in ('user.act_as', 'user.act_as_over') and e.actor_id <> m.user_id";
    assert_eq!(w.count(both).await, 1);
    // The person sees it among their sessions, and can end it.
    let open = accounts::sessions(&w.sv, &owner).await.unwrap();
    assert!(open.iter().any(|one| one.support));

    moderation::stop_acting(&w.sv, &looking).await.unwrap();
    assert_eq!(w.count(both).await, 2);
    let gone = accounts::session_by_token(&w.sv, &there.token)
        .await
        .unwrap();
    assert!(gone.is_none());
}

#[tokio::test]
async fn looking_as_somebody_ends_by_itself_and_with_the_admins_office() {
    let w = World::new().await;
    let (mut session, permit) = admin(&w).await;
    let ada = w.person("Ada").await;
    let there = moderation::act_as(&w.sv, &permit, &session, ada.user, WHY)
        .await
        .unwrap();
    let still = async || {
        accounts::session_by_token(&w.sv, &there.token)
            .await
            .unwrap()
            .is_some()
    };
    w.advance_minutes(20);
    assert!(still().await);
    w.advance_minutes(11);
    assert!(!still().await, "using it does not make it last longer");

    session.proved_at = w.now();
    let there = moderation::act_as(&w.sv, &permit, &session, ada.user, WHY)
        .await
        .unwrap();
    w.execute("update users set is_platform_admin = false")
        .await;
    let gone = accounts::session_by_token(&w.sv, &there.token)
        .await
        .unwrap();
    assert!(gone.is_none());
}

#[tokio::test]
async fn nobody_looks_without_a_reason_a_proof_or_as_an_admin() {
    let w = World::new().await;
    let (mut session, permit) = admin(&w).await;
    let ada = w.person("Ada").await;
    let look = async |session: &Session, user, why: &str| {
        moderation::act_as(&w.sv, &permit, session, user, why)
            .await
            .map(|_| ())
    };
    let short = look(&session, ada.user, "help").await;
    assert!(
        matches!(short, Err(ModerationError::Fields(_))),
        "{short:?}"
    );
    let own = look(&session, session.user, WHY).await;
    assert!(matches!(own, Err(ModerationError::Yourself)), "{own:?}");
    w.execute("update users set is_platform_admin = true where name = 'Ada'")
        .await;
    let other = look(&session, ada.user, WHY).await;
    assert!(matches!(other, Err(ModerationError::NotThem)), "{other:?}");
    session.proved_at = w.now();
    w.advance_minutes(16);
    let stale = look(&session, ada.user, WHY).await;
    assert!(
        matches!(stale, Err(ModerationError::Refused(Refused::ProofNeeded))),
        "{stale:?}"
    );
}

#[tokio::test]
async fn an_admin_takes_a_lost_authenticator_away() {
    let w = World::new().await;
    let (session, permit) = admin(&w).await;
    let (ada, other) = (w.person("Ada").await, w.person("Bob").await);
    let give = "insert into authenticators (user_id, secret_sealed, created_at, confirmed_at) select id, '', now(), now() from users";
    w.execute(give).await;
    let away =
        async |user| moderation::second_factor_away(&w.sv, &permit, &session, user, WHY).await;
    away(ada.user).await.unwrap();
    assert!(matches!(
        away(ada.user).await,
        Err(ModerationError::Already)
    ));
    assert!(matches!(
        away(session.user).await,
        Err(ModerationError::Yourself)
    ));
    let left = moderation::show_user(&w.sv, &permit, other.user).await;
    assert!(left.unwrap().unwrap().has_authenticator, "only that one's");
    w.execute("update users set is_platform_admin = true").await;
    assert!(matches!(
        away(other.user).await,
        Err(ModerationError::NotThem)
    ));
    w.execute("update users set is_platform_admin = (name = 'Admin')")
        .await;
    w.advance_minutes(20);
    assert!(matches!(
        away(other.user).await,
        Err(ModerationError::Refused(Refused::ProofNeeded))
    ));
    w.settle().await;
    assert!(
        w.mailer
            .to(&ada.email)
            .iter()
            .any(|mail| mail.text.contains(WHY))
    );
    let entries = record(&w.sv, &permit).await;
    assert!(
        entries
            .iter()
            .any(|(action, why, _)| action == "user.second_factor_away" && why == WHY)
    );
}
