//! What organizers do with codes.

use domain::promo::PromoState;
use services::{
    checkout,
    permit::ManagePromoCodes,
    promo::{self, ChangeCodeError, CodeFilter, CodeForm, CreateCodeError, Kept},
};
use testkit::World;

use crate::{apply, event, form, make, order};

fn faults(error: &CreateCodeError) -> Vec<String> {
    match error {
        CreateCodeError::Fields(fields) => fields
            .entries()
            .iter()
            .map(|one| format!("{} {}", one.field, one.code))
            .collect(),
        CreateCodeError::Unexpected(e) => panic!("{e}"),
    }
}

#[tokio::test]
async fn each_fault_is_beside_its_field() {
    let w = World::new().await;
    let event = event(&w, 20_00).await;
    let permit = event.organization.permit::<ManagePromoCodes>();
    make(&w, &event, &form(&event, "SUMMER", "percent", "10")).await;
    let good = form(&event, "WINTER", "percent", "10");
    for (wrong, expected) in [
        (
            CodeForm {
                code: "sum mer".into(),
                ..good.clone()
            },
            "code taken",
        ),
        (
            CodeForm {
                code: "50% off".into(),
                ..good.clone()
            },
            "code not_a_promo_code",
        ),
        (
            CodeForm {
                code: "A".into(),
                ..good.clone()
            },
            "code too_short",
        ),
        (
            CodeForm {
                kind: "gift".into(),
                ..good.clone()
            },
            "kind unknown_choice",
        ),
        (
            CodeForm {
                value: "100.01".into(),
                ..good.clone()
            },
            "value too_large",
        ),
        (
            CodeForm {
                value: "0".into(),
                ..good.clone()
            },
            "value too_small",
        ),
        (
            CodeForm {
                value: String::new(),
                ..good.clone()
            },
            "value required",
        ),
        (
            CodeForm {
                event: "nonsense".into(),
                currency: "EUR".into(),
                ..good.clone()
            },
            "event unknown_choice",
        ),
        (
            CodeForm {
                event: String::new(),
                ..good.clone()
            },
            "currency unknown_choice",
        ),
        (
            CodeForm {
                ticket_types: vec![event.id.to_string()],
                ..good.clone()
            },
            "ticket_types unknown_choice",
        ),
        (
            CodeForm {
                max_uses: "0".into(),
                ..good.clone()
            },
            "max_uses too_small",
        ),
        (
            CodeForm {
                budget: "1.234".into(),
                ..good.clone()
            },
            "budget too_precise",
        ),
        (
            CodeForm {
                from: "2026-12-02T10:00".into(),
                until: "2026-12-01T10:00".into(),
                ..good.clone()
            },
            "until end_before_start",
        ),
    ] {
        let error = promo::create(&w.sv, &permit, &wrong).await.unwrap_err();
        assert_eq!(faults(&error), [expected]);
    }
    promo::create(&w.sv, &permit, &good).await.unwrap();
}

#[tokio::test]
async fn codes_are_found_changed_paused_and_removed() {
    let w = World::new().await;
    let event = event(&w, 20_00).await;
    let permit = event.organization.permit::<ManagePromoCodes>();
    let named = CodeForm {
        name: "Café: Newsletter Straße".into(),
        ..form(&event, "Early-Bird", "percent", "10")
    };
    let early = make(&w, &event, &named).await;
    let other = make(&w, &event, &form(&event, "OTHER", "ticket", "2.50")).await;
    for (search, number) in [
        ("", 2),
        ("early b", 1),
        ("newsletter", 1),
        (" CAFÉ ", 1),
        ("Newsletter Straße", 1),
        ("nothing", 0),
    ] {
        let filter = CodeFilter {
            search: search.into(),
            ..CodeFilter::default()
        };
        let page = promo::list(&w.sv, &permit, &filter).await.unwrap();
        assert_eq!(page.items.len(), number, "{search}");
    }
    let ada = w.buyer("Ada");
    let held = ada.holds(&event, &[("Seat", 1)]).await.unwrap();
    apply(&w, &held, "earlybird").await.unwrap();
    // Who has it in the basket keeps it.
    promo::set_state(&w.sv, &permit, early, PromoState::Paused)
        .await
        .unwrap();
    let paused = CodeFilter {
        state: Some(PromoState::Paused),
        ..CodeFilter::default()
    };
    let page = promo::list(&w.sv, &permit, &paused).await.unwrap();
    assert_eq!((page.items.len(), page.items[0].used), (1, 1));
    let changed = CodeForm {
        value: "50".into(),
        max_uses: "1".into(),
        ..named.clone()
    };
    promo::change(&w.sv, &permit, early, &changed)
        .await
        .unwrap();
    let view = checkout::show(&w.sv, &held.token).await.unwrap().unwrap();
    assert_eq!(view.total, event.money(18_00));
    order(&w, &ada, &held, event.money(18_00)).await.unwrap();
    assert!(matches!(
        promo::remove(&w.sv, &permit, early).await,
        Err(ChangeCodeError::WasUsed)
    ));
    let low = CodeForm {
        budget: "1".into(),
        ..named
    };
    assert!(matches!(
        promo::change(&w.sv, &permit, early, &low).await,
        Err(ChangeCodeError::Fields(_))
    ));
    promo::remove(&w.sv, &permit, other).await.unwrap();
    assert!(matches!(
        promo::remove(&w.sv, &permit, other).await,
        Err(ChangeCodeError::NotFound)
    ));
    // Nobody else's permit finds it.
    let foreign = w.organization("Foreign").await.permit::<ManagePromoCodes>();
    assert_eq!(promo::find(&w.sv, &foreign, early).await.unwrap(), None);
    assert!(matches!(
        promo::remove(&w.sv, &foreign, early).await,
        Err(ChangeCodeError::NotFound)
    ));
    w.assert_sound().await;
}

/// A code is for an archived ticket type, of an event behind two hundred others: the form still has both, and saving it leaves
/// the code what it was.
#[tokio::test]
async fn saving_never_widens_a_code() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Seat", 20_00, 10)
        .ticket_type("Box", 50_00, 10)
        .published()
        .await;
    let permit = event.organization.permit::<ManagePromoCodes>();
    let boxes = CodeForm {
        ticket_types: vec![event.of_type("Box").to_string()],
        ..form(&event, "BOXES", "percent", "10")
    };
    let code = make(&w, &event, &boxes).await;
    w.execute("update ticket_types set state = 'archived' where name = 'Box'")
        .await;
    w.execute(
        "insert into events select (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid(), 'slug', e.slug || n, \
         'starts_at', e.starts_at - interval '1 minute'))).* from events e, generate_series(1, 200) as n",
    )
    .await;
    let row = promo::find(&w.sv, &permit, code).await.unwrap().unwrap();
    let kept = Kept {
        event: event.id,
        ticket_types: &row.ticket_types,
    };
    let choices = async |kept| promo::choices(&w.sv, &permit, kept).await.unwrap().events;
    let own = |events: Vec<promo::EventChoice>| events.into_iter().find(|one| one.id == event.id);
    assert_eq!(own(choices(None).await), None);
    let own = own(choices(Some(kept)).await).unwrap();
    let names: Vec<_> = own.ticket_types.iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["Seat", "Box"]);
    promo::change(&w.sv, &permit, code, &boxes).await.unwrap();
    let after = promo::find(&w.sv, &permit, code).await.unwrap().unwrap();
    assert_eq!(after, row);
}
