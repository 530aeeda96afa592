//! Currencies of none, two and three decimals at Stripe: what was promised is what goes back.

use domain::money::Currency;
use services::orders::{self, CancelByBuyer, WhichTickets};

use crate::shop::Shop;

#[tokio::test(flavor = "multi_thread")]
async fn half_of_a_ticket_goes_back_in_every_kind_of_currency() {
    for (currency, price, half) in [
        (Currency::JPY, 1501, 751),
        (Currency::EUR, 999, 500),
        // Half would be 6.175, which Stripe does not move.
        (Currency::KWD, 12_350, 6170),
    ] {
        let mut shop = Shop::open(10).await;
        shop.event = shop
            .w
            .event(currency.as_str())
            .currency(currency)
            .refunds(&[(0, 50)])
            .ticket_type("Seat", price, 10)
            .published()
            .await;
        let placed = shop.sells(1).await;
        let shown = orders::preview_cancel(&shop.sv, &placed.secret, &WhichTickets::All).await;
        let shown = shown.unwrap().unwrap();
        assert_eq!(shown.refund, shop.event.money(half), "{currency}");
        let cancel = CancelByBuyer {
            secret: placed.secret.clone(),
            tickets: WhichTickets::All,
            accepted_refund: shown.refund,
        };
        orders::cancel_by_buyer(&shop.sv, cancel).await.unwrap();
        shop.hear().await;
        let after = shop.order(&placed).await;
        assert_eq!(
            (after.refunded, after.refunds[0].state.as_str()),
            (shop.event.money(half), "succeeded")
        );
        let sent = shop.stripe.ids("refund");
        assert_eq!(sent.len(), 1);
        let clearing = "select sum(amount_minor)::bigint from ledger_entries where account = 'provider_clearing'";
        assert_eq!(shop.count(clearing).await, price - half, "{currency}");
        shop.sound().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stripe_would_refuse_is_refused_before_there_is_an_order() {
    for (currency, price, code) in [
        (Currency::EUR, 30, "total_too_small"),
        (Currency::BHD, 5_255, "total_not_in_steps"),
    ] {
        let shop = Shop::open(10).await;
        let event = shop
            .w
            .event(currency.as_str())
            .currency(currency)
            .ticket_type("Seat", price, 10)
            .published()
            .await;
        let ada = shop.w.buyer("Ada");
        let held = ada.holds(&event, &[("Seat", 1)]).await.unwrap();
        let total = event.money(price);
        let refused = services::checkout::place(&shop.sv, ada.form(&held.token, total)).await;
        assert_eq!(refused.unwrap_err().code(), code);
        assert_eq!(shop.count("select count(*) from orders").await, 0);
    }
}
