//! Tickets on paper are those that the buyer still has.

use locales::Locale;
use services::orders::print_tickets;
use testkit::World;

use super::{give, sold};

fn pages(pdf: &[u8]) -> usize {
    let is_page = |w: &&[u8]| *w == b"/Type/Page/" || *w == b"/Type /Page";
    pdf.windows(11).filter(is_page).count()
}

#[tokio::test]
async fn each_ticket_that_the_buyer_has_is_a_page() {
    let w = World::new().await;
    let (_, placed) = sold(&w, 2).await;
    let print = async |l| print_tickets(&w.sv, &placed.secret, l).await.unwrap();
    for l in [Locale::En, Locale::Ar] {
        assert_eq!(pages(&print(l).await.unwrap().pdf), 2);
    }
    give(&w, &placed.secret, "bo@example.com").await;
    let printed = print(Locale::En).await.unwrap();
    assert_eq!(
        (printed.order, pages(&printed.pdf)),
        (placed.code.to_string(), 1)
    );
    give(&w, &placed.secret, "eve@example.com").await;
    assert!(print(Locale::En).await.is_none(), "none is left");
    let nobody = print_tickets(&w.sv, "nothing", Locale::En).await.unwrap();
    assert!(nobody.is_none());
}
