//! Who works where, and how that changes.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use domain::{ids::EventId, permissions::Role, text::Fault};
use locales::Locale;
use services::{
    accounts::HouseError,
    orders::{self, ListOrders},
    organizers::{self, CreateOrganization, OrganizerError},
    permit::{
        self, CreateEvents, ManageTeam, RefundOrders, Refused, ViewAttendees, ViewAudit,
        ViewEvents, ViewOrders,
    },
    privacy,
    session::Session,
    team::{self, Invite, OfferOwnership, Reach, TeamError},
};
use testkit::{Organization, World};

fn only(events: &[EventId]) -> Reach {
    Reach {
        what: "some".into(),
        events: events.iter().map(ToString::to_string).collect(),
    }
}

async fn owner_and(w: &World, role: Role) -> (Organization, Session, Session) {
    let organization = w.organization("House").await;
    let owner = w.member(&organization, Role::Owner).await;
    let member = w.member(&organization, role).await;
    (organization, owner, member)
}

async fn limit(
    w: &World,
    organization: &Organization,
    who: &Session,
    role: Role,
    events: &[EventId],
) {
    team::change_role(
        &w.sv,
        &organization.permit(),
        who.user,
        role.code(),
        &only(events),
    )
    .await
    .unwrap();
}

#[tokio::test]
async fn some_events_only_means_just_that() {
    let w = World::new().await;
    let mine = w
        .event("Mine")
        .ticket_type("Seat", 1000, 20)
        .published()
        .await;
    let other = w
        .event("Other")
        .by(&mine.organization)
        .ticket_type("Seat", 1000, 20)
        .published()
        .await;
    let bought = w.buyer("Ada").buys(&mine, "Seat", 1).await.unwrap();
    let elsewhere = w.buyer("Bob").buys(&other, "Seat", 1).await.unwrap();
    w.settle().await;
    let organization = &mine.organization;
    let manager = w.member(organization, Role::Manager).await;
    limit(&w, organization, &manager, Role::Manager, &[mine.id]).await;

    permit::for_event::<RefundOrders>(&w.sv, &manager, mine.id)
        .await
        .unwrap();
    let refused = permit::for_event::<RefundOrders>(&w.sv, &manager, other.id).await;
    assert!(matches!(refused, Err(Refused::NotFound)));
    let refused = permit::for_organization::<CreateEvents>(&w.sv, &manager, organization.id).await;
    assert!(matches!(refused, Err(Refused::Forbidden)));

    let look = permit::for_organization::<ViewOrders>(&w.sv, &manager, organization.id)
        .await
        .unwrap();
    let all = ListOrders {
        limit: 50,
        ..ListOrders::default()
    };
    let seen = orders::list(&w.sv, &look, all).await.unwrap();
    let codes: Vec<_> = seen.items.iter().map(|order| order.code).collect();
    assert_eq!(codes, [bought.code]);
    assert!(
        orders::show(&w.sv, &look, bought.code)
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        orders::show(&w.sv, &look, elsewhere.code)
            .await
            .unwrap()
            .is_none()
    );

    let events = permit::for_organization::<ViewEvents>(&w.sv, &manager, organization.id)
        .await
        .unwrap();
    let page = services::events::list_for_organizer(&w.sv, &events, Default::default())
        .await
        .unwrap();
    assert_eq!((page.rows.len(), page.upcoming), (1, 1));
    let attendees = permit::for_organization::<ViewAttendees>(&w.sv, &manager, organization.id)
        .await
        .unwrap();
    assert!(
        orders::event(&w.sv, &attendees, other.id)
            .await
            .unwrap()
            .is_none()
    );
    w.assert_sound().await;
}

/// The policies alone, without any `where` of ours.
#[tokio::test]
async fn the_database_hides_other_events_from_the_limited() {
    let w = World::new().await;
    let mine = w
        .event("Mine")
        .ticket_type("Seat", 1000, 20)
        .published()
        .await;
    let other = w
        .event("Other")
        .by(&mine.organization)
        .ticket_type("Seat", 1000, 20)
        .published()
        .await;
    w.buyer("Bob").buys(&other, "Seat", 1).await.unwrap();
    w.settle().await;
    let door = w.member(&mine.organization, Role::Door).await;
    limit(&w, &mine.organization, &door, Role::Door, &[mine.id]).await;
    let permit = permit::for_event::<ViewAttendees>(&w.sv, &door, mine.id)
        .await
        .unwrap();
    for table in ["ticket_types", "pools", "holds", "orders", "tickets"] {
        let mut tx = w.sv.db.begin(permit.scope()).await.unwrap();
        let sql = format!("select count(*) from {table} where event_id = $1");
        let seen: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .bind(other.id.get())
            .fetch_one(&mut *tx)
            .await
            .unwrap();
        assert_eq!(seen, 0, "{table}");
    }
    let mut tx = w.sv.db.begin(permit.scope()).await.unwrap();
    let changed = sqlx::query("update events set title = 'x' where id = $1")
        .bind(other.id.get())
        .execute(&mut *tx)
        .await
        .unwrap();
    assert_eq!(changed.rows_affected(), 0);
}

#[tokio::test]
async fn nobody_is_limited_to_somebody_elses_event() {
    let w = World::new().await;
    let (organization, owner, member) = owner_and(&w, Role::Door).await;
    let foreign = w
        .event("Foreign")
        .ticket_type("Seat", 1000, 20)
        .published()
        .await;
    for (role, reach, fault) in [
        (Role::Door, only(&[foreign.id]), Fault::UnknownChoice),
        (Role::Door, only(&[]), Fault::Required),
    ] {
        let refused = team::change_role(
            &w.sv,
            &organization.permit(),
            member.user,
            role.code(),
            &reach,
        )
        .await;
        let Err(TeamError::Fields(fields)) = refused else {
            panic!("{refused:?}");
        };
        let field = &fields.entries()[0];
        assert_eq!(
            (field.field.as_str(), field.code.as_str()),
            ("events", fault.code())
        );
    }
    let invite = Invite {
        email: "new@people.test".into(),
        role: "owner".into(),
        reach: only(&[foreign.id]),
        locale: Locale::En,
    };
    let refused = team::invite(&w.sv, &organization.permit(), &owner, invite).await;
    assert!(matches!(refused, Err(TeamError::Fields(_))), "{refused:?}");
}

#[tokio::test]
async fn a_demotion_counts_at_the_next_step() {
    let w = World::new().await;
    let (organization, _, manager) = owner_and(&w, Role::Manager).await;
    permit::for_organization::<RefundOrders>(&w.sv, &manager, organization.id)
        .await
        .unwrap();
    let everywhere = Reach::default();
    team::change_role(
        &w.sv,
        &organization.permit(),
        manager.user,
        "finance",
        &everywhere,
    )
    .await
    .unwrap();
    let refused = permit::for_organization::<CreateEvents>(&w.sv, &manager, organization.id).await;
    assert!(matches!(refused, Err(Refused::Forbidden)));
    permit::for_organization::<ViewAudit>(&w.sv, &manager, organization.id)
        .await
        .unwrap();
    team::remove(&w.sv, &organization.permit(), manager.user)
        .await
        .unwrap();
    let refused = permit::for_organization::<ViewAudit>(&w.sv, &manager, organization.id).await;
    assert!(matches!(refused, Err(Refused::NotFound)));
}

#[tokio::test]
async fn ownership_goes_over_when_both_want_it() {
    let w = World::new().await;
    let (organization, owner, member) = owner_and(&w, Role::Manager).await;
    let made = team::change_role(
        &w.sv,
        &organization.permit(),
        member.user,
        "owner",
        &Reach::default(),
    )
    .await;
    assert!(
        matches!(made, Err(TeamError::Fields(_))),
        "nobody is made an owner unasked"
    );

    let offer = OfferOwnership {
        to: member.user,
        steps_back: true,
    };
    let may = permit::for_organization(&w.sv, &owner, organization.id)
        .await
        .unwrap();
    team::offer_ownership(&w.sv, &may, &owner, offer)
        .await
        .unwrap();
    let twice = team::offer_ownership(&w.sv, &may, &owner, offer).await;
    assert!(matches!(twice, Err(TeamError::AlreadyOffered)));
    let refused = permit::for_organization::<ManageTeam>(&w.sv, &member, organization.id).await;
    assert!(
        matches!(refused, Err(Refused::Forbidden)),
        "an offer alone changes nothing"
    );
    let stranger = w.member(&organization, Role::Finance).await;
    let stolen = team::accept_ownership(&w.sv, &stranger, organization.id).await;
    assert!(matches!(stolen, Err(TeamError::NotFound)));

    team::accept_ownership(&w.sv, &member, organization.id)
        .await
        .unwrap();
    permit::for_organization::<ManageTeam>(&w.sv, &member, organization.id)
        .await
        .unwrap();
    let refused = permit::for_organization::<ManageTeam>(&w.sv, &owner, organization.id).await;
    assert!(
        matches!(refused, Err(Refused::Forbidden)),
        "the former owner is a manager now"
    );
    let again = team::accept_ownership(&w.sv, &member, organization.id).await;
    assert!(matches!(again, Err(TeamError::NotFound)));
    w.settle().await;
    assert_eq!(w.mailer.to(&member.email).len(), 1);
}

#[tokio::test]
async fn an_offer_dies_with_the_rights_of_who_made_it_and_with_time() {
    let w = World::new().await;
    let (organization, owner, member) = owner_and(&w, Role::Manager).await;
    let other = w.member(&organization, Role::Owner).await;
    let offer = OfferOwnership {
        to: member.user,
        steps_back: false,
    };
    let may = permit::for_organization(&w.sv, &owner, organization.id)
        .await
        .unwrap();
    team::offer_ownership(&w.sv, &may, &owner, offer)
        .await
        .unwrap();
    team::remove(&w.sv, &organization.permit(), owner.user)
        .await
        .unwrap();
    let late = team::accept_ownership(&w.sv, &member, organization.id).await;
    assert!(
        matches!(late, Err(TeamError::NotFound)),
        "who offered it is gone"
    );

    let may = permit::for_organization(&w.sv, &other, organization.id)
        .await
        .unwrap();
    team::take_back_offer(&w.sv, &may).await.unwrap();
    team::offer_ownership(&w.sv, &may, &other, offer)
        .await
        .unwrap();
    w.advance_minutes(60 * 24 * 15);
    let other = Session {
        proved_at: w.now(),
        ..other
    };
    let late = team::accept_ownership(&w.sv, &member, organization.id).await;
    assert!(
        matches!(late, Err(TeamError::NotFound)),
        "the offer ran out"
    );
    // One that ran out does not stand in the way.
    team::offer_ownership(&w.sv, &may, &other, offer)
        .await
        .unwrap();
    team::decline_ownership(&w.sv, &member, organization.id)
        .await
        .unwrap();
    assert!(team::open_offer(&w.sv, &may).await.unwrap().is_none());
}

fn to(email: &str) -> Invite {
    Invite {
        email: email.into(),
        role: "manager".into(),
        ..Invite::default()
    }
}

#[tokio::test]
async fn a_borrowed_browser_lets_nobody_in() {
    let w = World::new().await;
    let (organization, owner, member) = owner_and(&w, Role::Manager).await;
    w.advance_minutes(16);
    let offer = OfferOwnership {
        to: member.user,
        steps_back: false,
    };
    for outcome in [
        team::invite(&w.sv, &organization.permit(), &owner, to("eve@people.test"))
            .await
            .map(drop),
        team::offer_ownership(&w.sv, &organization.permit(), &owner, offer).await,
    ] {
        assert!(
            matches!(outcome, Err(TeamError::Refused(Refused::ProofNeeded))),
            "{outcome:?}"
        );
    }
}

const OPEN: &str =
    "select count(*) from invitations where accepted_at is null and revoked_at is null";

#[tokio::test]
async fn an_invitation_ends_with_the_rights_of_who_made_it() {
    let w = World::new().await;
    let organization = w.organization("House").await;
    let olga = w.member(&organization, Role::Owner).await;
    let may = organization.permit();
    let invited_by = async |who: &Session, email: &str| {
        team::invite(&w.sv, &organization.permit(), who, to(email))
            .await
            .unwrap()
    };
    let token = |email: &str| {
        let mail = w.mailer.to(email).pop().unwrap();
        let link = mail.text.split("/join/").nth(1).unwrap().to_owned();
        link.split_whitespace().next().unwrap().to_owned()
    };
    // Shown out, and back by a link of one's own.
    let thief = w.member(&organization, Role::Owner).await;
    let mut friend = w.person("Friend").await;
    friend.email = "friend@people.test".into();
    invited_by(&thief, &friend.email).await;
    let kept = invited_by(&olga, "kept@people.test").await;
    w.settle().await;
    team::remove(&w.sv, &may, thief.user).await.unwrap();
    let back = team::accept(&w.sv, &friend, &token(&friend.email)).await;
    assert!(matches!(back, Err(TeamError::LinkOver)), "{back:?}");
    assert_eq!(w.count(OPEN).await, 1);
    // Demoted; and what the others send once more is theirs.
    let other = w.member(&organization, Role::Owner).await;
    invited_by(&other, "second@people.test").await;
    team::resend(&w.sv, &may, &other, kept, Locale::En)
        .await
        .unwrap();
    team::change_role(&w.sv, &may, other.user, "manager", &Reach::default())
        .await
        .unwrap();
    assert_eq!(w.count(OPEN).await, 0);
    // Stepped back for somebody else.
    invited_by(&olga, "third@people.test").await;
    let offer = OfferOwnership {
        to: other.user,
        steps_back: true,
    };
    team::offer_ownership(&w.sv, &organization.permit(), &olga, offer)
        .await
        .unwrap();
    team::accept_ownership(&w.sv, &other, organization.id)
        .await
        .unwrap();
    assert_eq!(w.count(OPEN).await, 0);
    // Gone for good.
    let last = w.member(&organization, Role::Owner).await;
    invited_by(&last, "fourth@people.test").await;
    privacy::erase_account(&w.sv, &last, &last.email)
        .await
        .unwrap();
    assert_eq!(w.count(OPEN).await, 0);
    let recorded = "select count(*) from audit_entries where action = 'team.revoke_invitation'";
    assert_eq!(w.count(recorded).await, 5);
}

#[tokio::test]
async fn the_record_says_the_role_that_somebody_has() {
    let w = World::new().await;
    let (organization, owner, member) = owner_and(&w, Role::Door).await;
    let invite = Invite {
        role: "finance".into(),
        ..to("late@people.test")
    };
    team::invite(&w.sv, &organization.permit(), &owner, invite)
        .await
        .unwrap();
    w.settle().await;
    // A member by now, under another address.
    let member = Session {
        email: "late@people.test".into(),
        ..member
    };
    let mail = w.mailer.to("late@people.test").pop().unwrap();
    let link = mail.text.split("/join/").nth(1).unwrap();
    let link = link.split_whitespace().next().unwrap();
    team::accept(&w.sv, &member, link).await.unwrap();
    let said = "select before->>'role' || ' ' || (after->>'role') from audit_entries where action = 'team.join'";
    assert_eq!(w.text(said).await, "door door");
}

#[tokio::test]
async fn of_two_owners_who_delete_their_accounts_at_once_one_stays() {
    let w = World::new().await;
    for _ in 0..5 {
        let organization = w.organization("House").await;
        let one = w.member(&organization, Role::Owner).await;
        let other = w.member(&organization, Role::Owner).await;
        let (first, second) = tokio::join!(
            privacy::erase_account(&w.sv, &one, &one.email),
            privacy::erase_account(&w.sv, &other, &other.email),
        );
        let gone = [first.is_ok(), second.is_ok()];
        assert_eq!(gone.iter().filter(|gone| **gone).count(), 1, "{gone:?}");
    }
}

#[tokio::test]
async fn an_organization_without_owners_gets_one_from_the_house() {
    let w = World::new().await;
    let (organization, owner, member) = owner_and(&w, Role::Door).await;
    let why = "the register of companies names her";
    let make = async |slug: &str, email: &str| team::make_owner(&w.sv, slug, email, why).await;
    let elsewhere = make("no-such-house", &member.email).await;
    assert!(
        matches!(elsewhere, Err(HouseError::NoOrganization)),
        "{elsewhere:?}"
    );
    let already = make(&organization.slug, &owner.email).await;
    assert!(matches!(already, Err(HouseError::Already)), "{already:?}");
    make(&organization.slug, &member.email).await.unwrap();
    permit::for_organization::<ManageTeam>(&w.sv, &member, organization.id)
        .await
        .unwrap();
    let recorded = "select count(*) from audit_entries where action = 'team.make_owner' and reason like 'the register%'";
    assert_eq!(w.count(recorded).await, 1);
}

#[tokio::test]
async fn founding_an_organization_is_recorded() {
    let w = World::new().await;
    let founder = w.person("Olga").await;
    let cmd = CreateOrganization {
        name: "House".into(),
        ..CreateOrganization::default()
    };
    organizers::create(&w.sv, &founder, cmd).await.unwrap();
    let recorded = "select count(*) from audit_entries e
                    join memberships m on m.organization_id = e.organization_id and m.user_id = e.actor_id
                    where e.action = 'organization.create'";
    assert_eq!(w.count(recorded).await, 1);
}

#[tokio::test]
async fn nobody_is_flooded_with_invitations() {
    let w = World::counting().await;
    let (organization, owner, _) = owner_and(&w, Role::Manager).await;
    let too_often = |outcome: Result<(), TeamError>| {
        assert!(
            matches!(outcome, Err(TeamError::TooOften { .. })),
            "{outcome:?}"
        );
    };
    let invite = async |by: &Organization, email: &str| {
        team::invite(&w.sv, &by.permit(), &owner, to(email)).await
    };
    let again = async |id| {
        let may = organization.permit();
        team::resend(&w.sv, &may, &owner, id, Locale::En).await
    };
    let ada = invite(&organization, "ada@people.test").await.unwrap();
    for _ in 0..3 {
        again(ada).await.unwrap();
    }
    too_often(again(ada).await);
    // Taking it back and inviting anew, in any spelling and by anybody, counts on.
    team::revoke(&w.sv, &organization.permit(), ada)
        .await
        .unwrap();
    invite(&organization, "ADA@people.test").await.unwrap();
    let another = w.organization("Another").await;
    too_often(invite(&another, "ada@people.test").await.map(drop));
    w.settle().await;
    assert_eq!(w.mailer.sent().len(), 5);

    for number in 0..55 {
        let email = format!("crowd-{number}@people.test");
        invite(&organization, &email).await.unwrap();
    }
    too_often(invite(&organization, "last@people.test").await.map(drop));
    invite(&another, "last@people.test").await.unwrap();
}

#[tokio::test]
async fn nobody_writes_to_others_before_their_own_address_is_proven() {
    let w = World::new().await;
    let (organization, mut owner, member) = owner_and(&w, Role::Manager).await;
    owner.email_verified = false;
    let refused = team::invite(&w.sv, &organization.permit(), &owner, to("ada@people.test")).await;
    assert!(matches!(refused, Err(TeamError::Unproven)), "{refused:?}");
    let offer = OfferOwnership {
        to: member.user,
        steps_back: true,
    };
    let refused = team::offer_ownership(&w.sv, &organization.permit(), &owner, offer).await;
    assert!(matches!(refused, Err(TeamError::Unproven)), "{refused:?}");
}

#[tokio::test]
async fn presses_at_the_same_time_found_no_more_than_one_may() {
    let w = World::new().await;
    let founder = w.person("Olga").await;
    let found = async || {
        let cmd = CreateOrganization {
            name: "House".into(),
            ..CreateOrganization::default()
        };
        organizers::create(&w.sv, &founder, cmd).await
    };
    for _ in 0..18 {
        found().await.unwrap();
    }
    let outcomes = futures::future::join_all((0..6).map(|_| found())).await;
    let founded = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(founded, 2);
    assert!(
        outcomes
            .iter()
            .all(|outcome| matches!(outcome, Ok(_) | Err(OrganizerError::TooMany)))
    );
}
