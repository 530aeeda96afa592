//! One price: what is shown first, anywhere, is what is charged.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use adapters::config::Config;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use bilten::{AppState, router};
use domain::{
    money::{Currency, Money},
    pricing::{Rate, TaxMode},
};
use jiff::SignedDuration;
use locales::{Locale, money};
use services::{checkout, orders, payments};
use testkit::{Event, World};
use tower::ServiceExt;

struct Shop {
    w: World,
    app: Router,
    event: Event,
}

impl Shop {
    async fn open(w: World, event: Event) -> Self {
        let config = Config::development().unwrap();
        let state = AppState::new(w.sv.clone(), config, "no-such-folder".into(), None).unwrap();
        Self {
            app: router(state),
            w,
            event,
        }
    }

    async fn send(&self, request: Request<Body>) -> (StatusCode, String, String) {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let to = parts.headers.get(header::LOCATION);
        let to = to.map_or_else(String::new, |to| to.to_str().unwrap().to_owned());
        (parts.status, to, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn page(&self, address: &str) -> String {
        let request = Request::get(address)
            .header(header::ACCEPT, "text/html")
            .body(Body::empty())
            .unwrap();
        let (status, _, body) = self.send(request).await;
        assert_eq!(status, StatusCode::OK, "{address}");
        body
    }

    /// What the page's form sends without any script; returns where it leads.
    async fn choose(&self, quantity: u32) -> String {
        self.choose_with(quantity, "").await
    }

    async fn choose_with(&self, quantity: u32, more: &str) -> String {
        let (event, kind) = (&self.event.slug, self.event.of_type("Seat"));
        let request = Request::post("/api/app_api/checkout/hold/hold_tickets")
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, "http://localhost:3000")
            .body(Body::from(format!(
                "event={event}&tickets[t{kind}]={quantity}{more}"
            )))
            .unwrap();
        let (status, to, body) = self.send(request).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
        to
    }

    /// Visits every place that names a price, and buys.
    async fn try_every_place(&self, unit: i64, tax: (&str, i64), fee: i64) {
        let words = |minor| money::format(Locale::En, Money::new(minor, self.event.currency));
        let one = words(unit);
        let event = format!("/e/{}", self.event.slug);
        let organizer = format!("/o/{}", self.event.organization.slug);
        for address in ["/", "/events", &organizer, &event] {
            let page = self.page(address).await;
            assert!(page.contains(&one), "{address} does not say {one}");
        }
        // What search engines read.
        let page = self.page(&event).await;
        let json = page.split("application/ld+json").nth(1).unwrap();
        let json = json
            .split_once('>')
            .unwrap()
            .1
            .split_once("</script>")
            .unwrap()
            .0;
        let json: serde_json::Value = serde_json::from_str(json).unwrap();
        let decimal = Money::new(unit, self.event.currency).to_decimal_string();
        assert_eq!(json["offers"][0]["price"], decimal);

        // The first price shown, times how many, is what is charged.
        let total = unit * 3;
        let to = self.choose(3).await;
        let form = self.page(&to).await;
        assert!(
            form.contains(&words(total)),
            "{to} does not say {}",
            words(total)
        );
        let (label, tax) = tax;
        assert!(form.contains(label), "{to} does not say {label}");
        assert!(
            form.contains(&words(tax)),
            "{to} does not say {}",
            words(tax)
        );
        let token = to
            .trim_start_matches("/checkout/")
            .split('?')
            .next()
            .unwrap();
        let ada = self.w.buyer("Ada");
        let charged = Money::new(total, self.event.currency);
        let placed = checkout::place(&self.w.sv, ada.form(token, charged))
            .await
            .unwrap();
        let payment = payments::start(&self.w.sv, &placed.secret).await.unwrap();
        let at_provider = self
            .page(&payment.replace("http://localhost:3000", ""))
            .await;
        assert!(at_provider.contains(&words(total)), "{payment}");
        self.w
            .provider_says(&placed, payments::NewsKind::Succeeded)
            .await
            .unwrap();
        let page = self.page(&format!("/orders/{}", placed.secret)).await;
        assert!(page.contains(&words(total)) && page.contains(label) && page.contains(&words(tax)));
        let order = orders::show_by_secret(&self.w.sv, &placed.secret)
            .await
            .unwrap()
            .unwrap();
        assert_eq!((order.total, order.lines[0].unit.minor), (charged, unit));

        // What is kept of it: lines, order and books.
        let row = self
            .w
            .text(
                "select concat_ws(' ', o.total_minor, o.tax_minor, o.fee_minor, l.net_minor + l.tax_minor, l.tax_minor,
                                  l.fee_minor, l.quantity * l.unit_price_minor)
                 from orders o join order_lines l on l.order_id = o.id",
            )
            .await;
        assert_eq!(
            row,
            format!("{total} {tax} {fee} {total} {tax} {fee} {total}")
        );
        let books = self
            .w
            .text(
                "select concat_ws(' ', -sum(amount_minor) filter (where account = 'organizer_payable'),
                                  -sum(amount_minor) filter (where account = 'tax_collected'),
                                  -sum(amount_minor) filter (where account = 'platform_fees'))
                 from ledger_entries",
            )
            .await;
        assert_eq!(books, format!("{} {tax} {fee}", total - tax - fee));
        self.w.settle().await;
        let mails = self.w.mailer.to(&ada.email);
        assert!(
            mails.iter().any(|mail| mail.text.contains(&words(total))),
            "no mail names {}",
            words(total)
        );
        self.w.assert_sound().await;
    }
}

async fn event(w: &World) -> Event {
    w.event("Demo")
        .ticket_type("Seat", 15_00, 50)
        .published()
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn tax_and_fee_on_top_are_in_every_price_from_the_start() {
    let w = World::new().await;
    let event = event(&w).await;
    // Tax by the place, typed, of New York City; half of the fee is the buyer's: 15.00 + 0.44, and 8.875 % on top.
    let rate = Rate::parse("8.875").ok();
    w.prices(&event, (TaxMode::Added, "US"), rate, 50).await;
    w.fee_plan(None, Currency::EUR, 50, 250).await;
    let shop = Shop::open(w, event).await;
    shop.try_every_place(16_81, ("Incl. 8.875% sales tax", 4_11), 264)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn contained_tax_changes_no_price_and_the_fee_is_passed_on_whole() {
    let w = World::new().await;
    let event = event(&w).await;
    // A concert in Germany: 7 % of 47.64 is contained. An organization's own plan goes before everybody's.
    w.prices(&event, (TaxMode::Included, "DE"), None, 100).await;
    w.fee_plan(None, Currency::EUR, 5_00, 0).await;
    w.fee_plan(Some(&event.organization), Currency::EUR, 50, 250)
        .await;
    let shop = Shop::open(w, event).await;
    shop.try_every_place(15_88, ("Incl. 7% VAT", 3_12), 264)
        .await;
}

/// With a code too: the basket, the payment, the order, the mail and the books name one price. Ten off three tickets, fee
/// and tax on top: the three cents that cannot be dealt out evenly are nobody's loss.
#[tokio::test(flavor = "multi_thread")]
async fn a_code_changes_every_price_alike() {
    let w = World::new().await;
    let event = event(&w).await;
    w.prices(&event, (TaxMode::Added, "US"), Rate::from_bp(825), 50)
        .await;
    w.fee_plan(None, Currency::EUR, 50, 250).await;
    let permit = event.organization.permit();
    let code = services::promo::CodeForm {
        code: "Ten-Off".into(),
        currency: "EUR".into(),
        kind: "order".into(),
        value: "10".into(),
        ..Default::default()
    };
    services::promo::create(&w.sv, &permit, &code)
        .await
        .unwrap();
    let shop = Shop::open(w, event).await;
    let event = format!("/e/{}?code=TENOFF", shop.event.slug);
    assert!(shop.page(&event).await.contains("The code TENOFF is used"));
    let to = shop.choose_with(3, "&code=ten+off").await;
    assert!(!to.contains("refused"), "{to}");
    let token = to.trim_start_matches("/checkout/").to_owned();
    let view = checkout::show(&shop.w.sv, &token).await.unwrap().unwrap();
    let (full, total) = (view.lines[0].total, view.total);
    let saved = view.code.unwrap().saved;
    assert_eq!(full.minor - saved.minor, total.minor);
    // More than the ten: there is less fee and less tax too.
    assert!((10_00..11_20).contains(&saved.minor), "{saved:?}");
    let words = |amount: Money| money::format(Locale::En, amount);
    let page = shop.page(&to).await;
    for amount in [full, saved, total] {
        assert!(
            page.contains(&words(amount)),
            "{to} does not say {amount:?}"
        );
    }
    assert!(page.contains("Code Ten-Off"));
    let ada = shop.w.buyer("Ada");
    let placed = checkout::place(&shop.w.sv, ada.form(&token, total))
        .await
        .unwrap();
    let payment = payments::start(&shop.w.sv, &placed.secret).await.unwrap();
    let at_provider = shop
        .page(&payment.replace("http://localhost:3000", ""))
        .await;
    assert!(at_provider.contains(&words(total)), "{payment}");
    shop.w
        .provider_says(&placed, payments::NewsKind::Succeeded)
        .await
        .unwrap();
    let page = shop.page(&format!("/orders/{}", placed.secret)).await;
    assert!(page.contains(&words(total)) && page.contains("Code Ten-Off"));
    let kept = "select concat_ws(' ', o.total_minor, sum(l.quantity * l.unit_price_minor), sum(l.net_minor + l.tax_minor),
                                 o.tax_minor - sum(l.tax_minor), o.fee_minor - sum(l.fee_minor), sum(l.quantity))
                from orders o join order_lines l on l.order_id = o.id group by o.id";
    let n = total.minor;
    assert_eq!(shop.w.text(kept).await, format!("{n} {n} {n} 0 0 3"));
    let booked = shop
        .w
        .count("select -sum(amount_minor)::bigint from ledger_entries where amount_minor < 0")
        .await;
    assert_eq!(booked, n);
    shop.w.settle().await;
    let mails = shop.w.mailer.to(&ada.email);
    assert!(
        mails
            .iter()
            .any(|mail| mail.text.contains(&words(total)) && mail.text.contains("Code Ten-Off"))
    );
    shop.w.assert_sound().await;
}

/// A business in another state of the Union sees the sum without tax before it pays, without any script.
#[tokio::test(flavor = "multi_thread")]
async fn a_business_that_owes_the_tax_sees_what_it_pays() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Seat", 11_900, 50)
        .published()
        .await;
    w.execute(
        "update organizations set country = 'DE', vat_id = 'DE136695976', tax_mode = 'included'",
    )
    .await;
    w.execute("update events set attendance = 'online', online_url = 'https://stream.test/1'")
        .await;
    let shop = Shop::open(w, event).await;
    let to = shop.choose(1).await;
    let page = shop.page(&to).await;
    assert!(page.contains("VAT number of a business in another EU country"));
    assert!(page.contains("Incl. 19% VAT") && !page.contains("Reverse charge"));
    let token = to.trim_start_matches("/checkout/").to_owned();
    let send = |total: i64| {
        let body = format!(
            "token={token}&form[name]=Ada&form[email]=ada@buyers.test&form[same_for_all]=on&form[invoice_name]=Salle\
             &form[invoice_vat_id]=FR40303265045&form[total_minor]={total}&form[currency]=EUR"
        );
        Request::post("/api/app_api/checkout/details/place_order")
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, "http://localhost:3000")
            .header(header::REFERER, format!("http://localhost:3000{to}"))
            .body(Body::from(body))
            .unwrap()
    };
    let words = |minor| money::format(Locale::En, Money::new(minor, Currency::EUR));
    let (_, back, _) = shop.send(send(11_900)).await;
    assert!(back.contains("/checkout/"), "{back}");
    let page = shop.page(&to).await;
    assert!(page.contains("Reverse charge") && page.contains(&words(10_000)));
    assert!(!page.contains(&words(11_900)) && !page.contains("Incl. 19% VAT"));
    let (_, pay, _) = shop.send(send(10_000)).await;
    assert!(
        pay.starts_with("/orders/") && pay.ends_with("/pay"),
        "{pay}"
    );
    let page = shop.page(&pay).await;
    assert!(page.contains("Reverse charge") && page.contains(&words(10_000)));
}

/// The early one of two prices is the price in every place, until it is over: then the next one is.
#[tokio::test(flavor = "multi_thread")]
async fn a_price_phase_is_the_price_everywhere() {
    let w = World::new().await;
    let event = w
        .event("Demo")
        .ticket_type("Seat", 45_00, 50)
        .published()
        .await;
    w.prices(&event, (TaxMode::Included, "DE"), None, 100).await;
    w.fee_plan(None, Currency::EUR, 50, 250).await;
    let early = services::events::PricePhaseInput {
        name: "Early bird".into(),
        price: "15".into(),
        count: "10".into(),
        last_name: "Regular".into(),
        until: (w.now() + SignedDuration::from_hours(48))
            .strftime("%Y-%m-%dT%H:%M")
            .to_string(),
    };
    let at = (event.id, event.of_type("Seat"));
    services::events::save_price_phase(&w.sv, &event.organization.permit(), at, None, early)
        .await
        .unwrap();
    let shop = Shop::open(w, event).await;
    let address = format!("/e/{}", shop.event.slug);
    let page = shop.page(&address).await;
    assert!(page.contains("Early bird until") && page.contains("then €46.63"));
    assert!(page.contains("10 left at this price"));
    assert!(page.contains("validThrough"));
    shop.try_every_place(15_88, ("Incl. 7% VAT", 3_12), 264)
        .await;
    // Two days on, nobody has done anything. An address of its own is a page of its own, of this moment.
    shop.w.advance(SignedDuration::from_hours(50));
    let page = shop.page(&format!("{address}?seen=late")).await;
    assert!(page.contains("€46.63") && !page.contains("Early bird") && page.contains("Regular"));
    assert!(!page.contains("validThrough"));
    let to = shop.choose(2).await;
    assert!(shop.page(&to).await.contains("€93.26"));
}
