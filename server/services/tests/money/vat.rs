//! VAT ids held against a register: asked behind the scenes, and what comes of it.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::{
    invoices::Category,
    pricing::{VatId, VatStanding},
};
use jiff::SignedDuration;
use services::{
    invoices::platform,
    organizers::{TaxInput, set_tax},
    ports::{PortError, VatRegister, VatTold},
    vat::{self, VatCheck},
};
use testkit::World;

use crate::looks;

/// Says what it is told to, and counts the questions.
struct Register(Mutex<(Vec<Result<bool, &'static str>>, usize)>);

impl Register {
    fn says(answers: &[Result<bool, &'static str>]) -> Arc<Self> {
        let mut answers = answers.to_vec();
        answers.reverse();
        Arc::new(Self(Mutex::new((answers, 0))))
    }

    fn asked(&self) -> usize {
        self.0.lock().unwrap().1
    }
}

#[async_trait]
impl VatRegister for Register {
    async fn ask(&self, _: &VatId) -> Result<VatTold, PortError> {
        let mut state = self.0.lock().unwrap();
        state.1 += 1;
        match state.0.pop() {
            Some(Ok(valid)) => Ok(VatTold {
                valid,
                identifier: "WAPI1".into(),
            }),
            Some(Err(why)) => Err(PortError::Unavailable(why.into())),
            None => panic!("asked once too often"),
        }
    }
}

fn tax(vat_id: &str) -> TaxInput {
    TaxInput {
        mode: "none".into(),
        country: "DE".into(),
        region: String::new(),
        vat_id: vat_id.into(),
        note: String::new(),
    }
}

const ID: &str = "DE136695976";

async fn standing(sv: &services::Services, hall: domain::ids::OrganizationId) -> Option<VatCheck> {
    vat::check(sv, &looks(hall), ID).await.unwrap()
}

#[tokio::test]
async fn an_id_is_asked_for_behind_the_scenes_until_there_is_an_answer() {
    let w = World::new().await;
    let hall = w.organization("Hall").await;
    let register = Register::says(&[Err("MS_UNAVAILABLE"), Err("TIMEOUT"), Ok(true), Ok(false)]);
    let sv = w.asking(register.clone());
    set_tax(&sv, &hall.permit(), tax(ID)).await.unwrap();
    let found = standing(&sv, hall.id).await.unwrap();
    assert_eq!((found.standing, found.at), (VatStanding::Asked, None));
    assert!(vat::ask_due(&sv).await.unwrap());
    // Not again at once: the register has enough to do.
    assert!(!vat::ask_due(&sv).await.unwrap());
    w.advance(SignedDuration::from_mins(3));
    assert!(vat::ask_due(&sv).await.unwrap());
    w.advance(SignedDuration::from_mins(3));
    assert!(!vat::ask_due(&sv).await.unwrap());
    w.advance(SignedDuration::from_mins(3));
    assert!(vat::ask_due(&sv).await.unwrap());
    let found = standing(&sv, hall.id).await.unwrap();
    assert_eq!(found.standing, VatStanding::Valid);
    assert_eq!(
        (found.at, found.identifier.as_str()),
        (Some(w.now()), "WAPI1")
    );
    // An answer holds for a while, whoever uses the id.
    set_tax(&sv, &hall.permit(), tax(ID)).await.unwrap();
    w.advance(SignedDuration::from_hours(24 * 29));
    set_tax(&sv, &hall.permit(), tax(ID)).await.unwrap();
    assert!(!vat::ask_due(&sv).await.unwrap());
    w.advance(SignedDuration::from_hours(24 * 2));
    set_tax(&sv, &hall.permit(), tax(ID)).await.unwrap();
    // What was known stays known until there is another answer.
    assert_eq!(
        standing(&sv, hall.id).await.unwrap().standing,
        VatStanding::Valid
    );
    assert!(vat::ask_due(&sv).await.unwrap());
    assert_eq!(
        standing(&sv, hall.id).await.unwrap().standing,
        VatStanding::Invalid
    );
    assert_eq!(register.asked(), 4);
}

/// Whoever was entered into the register in the meantime saves the id again, and does not wait a month.
#[tokio::test]
async fn an_id_that_was_unknown_is_asked_for_again_when_it_is_saved_again() {
    let w = World::new().await;
    let hall = w.organization("Hall").await;
    let register = Register::says(&[Ok(false), Ok(true)]);
    let sv = w.asking(register.clone());
    set_tax(&sv, &hall.permit(), tax(ID)).await.unwrap();
    assert!(vat::ask_due(&sv).await.unwrap());
    // Whoever saves it again and again does not ask the register as often.
    w.advance(SignedDuration::from_mins(59));
    set_tax(&sv, &hall.permit(), tax(ID)).await.unwrap();
    assert!(!vat::ask_due(&sv).await.unwrap());
    w.advance(SignedDuration::from_mins(2));
    // By itself it is not asked.
    assert!(!vat::ask_due(&sv).await.unwrap());
    set_tax(&sv, &hall.permit(), tax(ID)).await.unwrap();
    assert_eq!(
        standing(&sv, hall.id).await.unwrap().standing,
        VatStanding::Invalid
    );
    assert!(vat::ask_due(&sv).await.unwrap());
    assert_eq!(
        standing(&sv, hall.id).await.unwrap().standing,
        VatStanding::Valid
    );
    w.advance(SignedDuration::from_hours(24));
    set_tax(&sv, &hall.permit(), tax(ID)).await.unwrap();
    assert!(!vat::ask_due(&sv).await.unwrap());
    assert_eq!(register.asked(), 2);
}

#[tokio::test]
async fn without_a_register_and_outside_of_the_union_nobody_is_asked() {
    let w = World::new().await;
    let hall = w.organization("Hall").await;
    set_tax(&w.sv, &hall.permit(), tax(ID)).await.unwrap();
    assert!(standing(&w.sv, hall.id).await.is_none());
    let register = Register::says(&[]);
    let sv = w.asking(register.clone());
    set_tax(&sv, &hall.permit(), tax("CHE107787577"))
        .await
        .unwrap();
    assert!(!vat::ask_due(&sv).await.unwrap());
    assert_eq!(w.count("select count(*) from vat_checks").await, 0);
}

/// Several workers at once ask once.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_workers_ask_once() {
    let w = World::new().await;
    let hall = w.organization("Hall").await;
    let register = Register::says(&[Ok(true)]);
    let sv = w.asking(register.clone());
    set_tax(&sv, &hall.permit(), tax(ID)).await.unwrap();
    let asking = (0..20).map(|_| {
        let sv = sv.clone();
        tokio::spawn(async move { vat::ask_due(&sv).await.unwrap() })
    });
    let asked = futures::future::join_all(asking).await;
    let asked = asked
        .into_iter()
        .filter(|asked| *asked.as_ref().unwrap())
        .count();
    assert_eq!((asked, register.asked()), (1, 1));
}

/// What the buyer typed is asked for once the order is paid; a register that is away keeps no buyer waiting.
#[tokio::test]
async fn a_buyer_waits_for_no_register() {
    let w = World::new().await;
    let (_, event) = crate::hall(&w).await;
    let register = Register::says(&[Err("MS_UNAVAILABLE")]);
    let sv = w.asking(register.clone());
    w.buyer("Ada").buys(&event, "Seat", 1).await.unwrap();
    w.execute("update orders set invoice_vat_id = 'DE 136 695 976'")
        .await;
    while services::work::drain_outbox(&sv).await.unwrap() > 0
        || w.count("select count(*) from outbox").await > 0
    {}
    assert_eq!(
        w.count("select count(*) from vat_checks where vat_id = 'DE136695976'")
            .await,
        1
    );
    assert!(vat::ask_due(&sv).await.unwrap());
    w.settle().await;
    assert_eq!(
        w.count("select count(*) from invoices where kind = 'invoice'")
            .await,
        1
    );
}

/// An organization whose id the register does not know is no business on the platform's invoices.
#[tokio::test]
async fn a_refuted_id_makes_no_business() {
    let w = World::new().await;
    let register = Register::says(&[Ok(false)]);
    let sv = w.asking(register);
    crate::bills::fee(&w, "0.50", "").await;
    let root = crate::platform(&w).await;
    let issuer = crate::bills::issuer();
    platform::set_issuer(&w.sv, &root, &issuer).await.unwrap();
    let (hall, _) = crate::bills::sells(&w, "Hall", "DE", "", 1).await;
    set_tax(&sv, &hall.permit(), tax(ID)).await.unwrap();
    assert!(vat::ask_due(&sv).await.unwrap());
    w.settle().await;
    crate::bills::next_month(&w);
    assert_eq!(platform::bill(&sv, &root).await.unwrap(), 1);
    let issued = crate::bills::documents(&w).await;
    let line = &issued[0].lines[0];
    assert_eq!(
        (line.category, line.rate.thousandths()),
        (Category::S, 19_000)
    );
    w.assert_sound().await;
}

/// The day on which invoices are issued begins with the register, which may have learned of an id; one that is away delays them
/// by an hour and no more.
#[tokio::test]
async fn ids_that_were_unknown_are_asked_for_again_before_invoices_are_issued() {
    for (answers, category) in [
        (vec![Ok(false), Ok(true)], Category::AE),
        (vec![Ok(false), Ok(false)], Category::S),
        (vec![Ok(false), Err("MS_UNAVAILABLE")], Category::S),
    ] {
        let w = World::new().await;
        let register = Register::says(&answers);
        let sv = w.asking(register.clone());
        crate::bills::fee(&w, "0.50", "").await;
        let root = crate::platform(&w).await;
        platform::set_issuer(&w.sv, &root, &crate::bills::issuer())
            .await
            .unwrap();
        let (hall, _) = crate::bills::sells(&w, "Hall", "DE", "", 1).await;
        set_tax(&sv, &hall.permit(), tax(ID)).await.unwrap();
        assert!(vat::ask_due(&sv).await.unwrap());
        w.settle().await;
        w.advance(SignedDuration::from_hours(25));
        crate::bills::next_month(&w);
        assert_eq!(platform::bill_due(&sv).await.unwrap(), 0);
        assert!(vat::ask_due(&sv).await.unwrap());
        assert_eq!(platform::bill_due(&sv).await.unwrap(), 0);
        w.advance(SignedDuration::from_mins(61));
        assert_eq!(platform::bill_due(&sv).await.unwrap(), 1);
        let issued = crate::bills::documents(&w).await;
        assert_eq!(issued[0].lines[0].category, category, "{answers:?}");
        assert_eq!(register.asked(), 2);
        w.assert_sound().await;
    }
}

/// A register that is down is asked again later and later; whoever needs an answer need not wait for that.
#[tokio::test]
async fn whoever_was_not_answered_may_have_it_asked_again() {
    let w = World::counting().await;
    let hall = w.organization("Hall").await;
    let register = Register::says(&[Err("MS_UNAVAILABLE"), Ok(true)]);
    let sv = w.asking(register.clone());
    set_tax(&sv, &hall.permit(), tax(ID)).await.unwrap();
    assert!(!standing(&sv, hall.id).await.unwrap().in_vain);
    assert!(vat::ask_due(&sv).await.unwrap());
    assert!(standing(&sv, hall.id).await.unwrap().in_vain);
    assert!(!vat::ask_due(&sv).await.unwrap(), "it waits");
    vat::ask_again(&sv, &hall.permit()).await.unwrap();
    assert!(vat::ask_due(&sv).await.unwrap());
    let found = standing(&sv, hall.id).await.unwrap();
    assert_eq!((found.standing, found.in_vain), (VatStanding::Valid, false));
    // What is answered is not asked again, however often somebody presses, and not without end.
    for _ in 1..6 {
        vat::ask_again(&sv, &hall.permit()).await.unwrap();
    }
    assert!(!vat::ask_due(&sv).await.unwrap());
    assert_eq!(register.asked(), 2);
    let refused = vat::ask_again(&sv, &hall.permit()).await;
    assert!(matches!(refused, Err(vat::AskAgainError::TooMany(_))));
}
