use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use domain::orders::OrderState;
use futures::future::join_all;
use services::transfers;

use crate::{house, table};

#[tokio::test]
async fn fifty_at_once_with_the_same_file_settle_each_order_once() {
    let h = house(60).await;
    let mut placed = Vec::new();
    for n in 0..20 {
        placed.push(h.order_by_transfer(&format!("Buyer {n}"), 1).await);
    }
    let mut rows = Vec::new();
    for one in &placed {
        rows.push((h.reference(one).await, h.view(one).await.code.to_string()));
    }
    let rows: Vec<_> = rows
        .iter()
        .map(|(reference, code)| ("10.00", reference.as_str(), code.as_str()))
        .collect();
    let file = table(&rows);
    let all = join_all((0..50).map(|_| h.bank_tells(file.clone()))).await;
    assert!(all.iter().all(|taken| taken.new == 20));
    h.w.settle().await;
    for one in &placed {
        assert_eq!(h.state(one).await, OrderState::Paid);
    }
    assert_eq!(h.on("bank").await, 20_000);
    assert_eq!(h.w.count("select count(*) from bank_lines").await, 20);
    assert_eq!(
        h.w.count("select count(*) from ledger_transactions where kind = 'sale'")
            .await,
        20
    );
    h.w.assert_sound().await;
}

/// Two files that bring the same money under different names: one of them pays.
#[tokio::test]
async fn two_credits_for_one_order_pay_it_once() {
    let h = house(9).await;
    let placed = h.order_by_transfer("Ada", 1).await;
    let reference = h.reference(&placed).await;
    let files: Vec<_> = (0..8)
        .map(|n| table(&[("10.00", &reference, &format!("B{n}"))]))
        .collect();
    join_all(files.into_iter().map(|file| h.bank_tells(file))).await;
    h.w.settle().await;
    assert_eq!((h.on("bank").await, h.to_do().await.len()), (1_000, 7));
    h.w.assert_sound().await;
}

/// Counts the statements that this thread sends to the database.
#[derive(Default)]
struct Counter(Arc<AtomicUsize>);

impl tracing::Subscriber for Counter {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query"
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, _: &tracing::Event<'_>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}

/// The number of statements does not grow with the number of lines.
#[tokio::test]
async fn ten_thousand_lines_are_a_matter_of_seconds() {
    let h = house(9).await;
    let placed = h.order_by_transfer("Ada", 1).await;
    let reference = h.reference(&placed).await;
    let names: Vec<String> = (0..9_999).map(|n| format!("line {n}")).collect();
    let mut rows: Vec<_> = names
        .iter()
        .map(|name| ("1.00", name.as_str(), name.as_str()))
        .collect();
    rows.push(("10.00", &reference, "ours"));
    let file = table(&rows);
    let begun = Instant::now();
    let uploaded = transfers::upload(&h.w.sv, &h.platform, file).await.unwrap();
    let read = begun.elapsed();
    let counter = Counter::default();
    let counted = counter.0.clone();
    // With a single one, another test's thread would decide that nobody listens.
    let _second = tracing::Dispatch::new(Counter::default());
    let guard = tracing::subscriber::set_default(counter);
    let taken = transfers::take_in(&h.w.sv, &h.platform, uploaded.file)
        .await
        .unwrap();
    drop(guard);
    let (all, statements) = (begun.elapsed(), counted.load(Ordering::SeqCst));
    eprintln!(
        "10,000 lines: read in {read:?}, taken in after {all:?} in all, {statements} statements"
    );
    assert_eq!(taken.new, 10_000);
    assert!((5..120).contains(&statements), "{statements} statements");
    assert!(all.as_secs() < 20, "{all:?}");
    assert_eq!(h.state(&placed).await, OrderState::Paid);
    h.w.assert_sound().await;
}
