//! R2, R13: whole checkouts, from the choice to the ticket.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use services::stage::{HotEvent, NewHotEvent};

use super::{Run, Side};
use crate::{
    Result,
    buyer::buy,
    http::Client,
    load::{Tally, closed, count},
    processes::Server,
    settle,
    stats::{Samples, Spread},
    table::{Goal, Row},
};

const PRICE: i64 = 2500;
/// As many as an on-sale has at its door.
const LANES: usize = 256;

pub async fn measure(run: &Run<'_>) -> Result<Vec<Row>> {
    let raw = hot(run).await?;
    let clients = run
        .pgbench
        .best("checkout", &statement(&raw), &[8, 32, 64])?;
    let (mut ours, mut theirs) = (Side::default(), Vec::new());
    let mut steps = Samples::default();
    let mut per_cpu_second = Vec::new();
    for _ in 0..run.rounds {
        run.clear_work()?;
        run.analyze()?;
        // The worker inside goes on with mails; killed, it does not disturb the other side.
        let server = Server::start(run.place, true).await?;
        let event = Arc::new(hot(run).await?);
        let (tally, cpu) = load(run, &server, &event).await?;
        let spent = cpu.application + cpu.postgres;
        if spent > 0.0 {
            per_cpu_second.push(count(tally.good) / spent);
        }
        ours.add(&tally, cpu);
        steps.merge(tally.took);
        settled(run).await?;
        drop(server);
        theirs.push(
            run.pgbench
                .rate("checkout", &statement(&raw), clients, run.seconds)?,
        );
    }
    let mut r2 = Row::new(
        "R2",
        "full checkouts/s over HTTP: hold, order, payment, ticket, ledger, outbox",
        Goal::more(0.8, 1.2, 2.0),
    );
    r2.measured = Spread::of(&ours.rates).map(|spread| (spread, "checkouts/s"));
    r2.against = Spread::of(&theirs).map(|spread| {
        (
            spread,
            format!("of the same rows in one statement, pgbench with {clients} clients"),
        )
    });
    r2.value = Spread::of_ratios(&ours.rates, &theirs);
    r2.cpu = ours.cpu.per(ours.operations).map(|cpu| (cpu, "checkout"));
    let [p50, p99] = steps.percentiles([0.5, 0.99]);
    r2.notes.push(format!(
        "{LANES} buyers; the four requests of one took p50 {p50:.0} ms, p99 {p99:.0} ms; the same process writes the mails meanwhile"
    ));
    ours.note_failures(&mut r2);
    let mut r13 = Row::new(
        "R13",
        "tickets per CPU-second of server and PostgreSQL, hold to ticket, one ticket an order",
        Goal::more(1000.0, 3000.0, 6000.0),
    );
    r13.value = Spread::of(&per_cpu_second);
    r13.unit = "tickets/CPU-s";
    Ok(vec![r2, r13])
}

/// A house with places for everybody.
pub(super) async fn hot(run: &Run<'_>) -> Result<HotEvent> {
    let new = NewHotEvent {
        places: 1_000_000,
        price_minor: PRICE,
        most: 10,
    };
    Ok(run.stage.hot_event(new).await?)
}

/// Waits until all that was bought is paid.
pub(super) async fn settled(run: &Run<'_>) -> Result {
    let most = Duration::from_secs(30);
    let settled = settle::payments(&run.stage, most).await?;
    settled
        .map(drop)
        .ok_or_else(|| format!("payments are left over after {most:?}").into())
}

/// Counts what was sold between a moment after the beginning and the end; latencies are those of the four requests.
pub(super) async fn load(
    run: &Run<'_>,
    server: &Server,
    event: &Arc<HotEvent>,
) -> Result<(Tally, crate::cpu::Cpu)> {
    let address = server.address;
    let warm = Duration::from_secs(1);
    let lasting = run.lasting() + warm * 2;
    let hot = Arc::clone(event);
    let buying = tokio::spawn(async move {
        closed(LANES, lasting, |_, until| {
            let event = Arc::clone(&hot);
            async move {
                let (mut client, mut tally) = (Client::new(address), Tally::default());
                while until.more() {
                    let begun = Instant::now();
                    match buy(&mut client, &event, address, "succeed").await {
                        Ok(_) => tally.good(begun.elapsed()),
                        Err(stopped) => {
                            tally.failed(stopped.to_string());
                            tokio::time::sleep(Duration::from_millis(5)).await;
                        }
                    }
                }
                tally
            }
        })
        .await
    });
    tokio::time::sleep(warm).await;
    let meter = run.place.meter([server.pid()]);
    let (before, begun) = (meter.read(), Instant::now());
    let (first, _) = run.stage.counters(event).await?;
    tokio::time::sleep(run.lasting()).await;
    let (last, _) = run.stage.counters(event).await?;
    let (seconds, cpu) = (begun.elapsed().as_secs_f64(), meter.read().since(before));
    let mut tally = buying.await?;
    tally.good = u64::try_from(last - first).unwrap_or(0);
    tally.seconds = seconds;
    Ok((tally, cpu))
}

/// Everything a paid order of one ticket leaves in the database, in one statement.
fn statement(event: &HotEvent) -> String {
    let (organization, id, kind, pool) = (
        event.organization,
        event.event,
        event.ticket_type,
        event.pool,
    );
    format!(
        "with n as materialized (
    select gen_random_uuid() as hold, gen_random_uuid() as buy, gen_random_uuid() as line, gen_random_uuid() as ticket,
           gen_random_uuid() as pay, gen_random_uuid() as book, now() as at
), stock as (
    update pools set sold = sold + 1 where id = '{pool}'
), key as (
    insert into idempotency_keys (scope, key, fingerprint, response, created_at)
    select 'hold|{id}', hold::text, sha256(uuid_send(hold)), jsonb_build_object('hold', hold), at from n
    union all
    select 'place|' || hold, buy::text, sha256(uuid_send(buy)), jsonb_build_object('order', buy), at from n
), held as (
    insert into holds (id, organization_id, event_id, token_hash, state, created_at, expires_at)
    select hold, '{organization}', '{id}', sha256(uuid_send(hold)), 'ordered', at, at + interval '1 day' from n
), hold_line as (
    insert into hold_lines (hold_id, organization_id, ticket_type_id, quantity, unit_price_minor)
    select hold, '{organization}', '{kind}', 1, {PRICE} from n
), ordered as (
    insert into orders (id, organization_id, event_id, hold_id, code, secret_hash, state, stock, buyer_name, buyer_email,
                        currency, total_minor, created_at, paid_at)
    select buy, '{organization}', '{id}', hold, upper(translate(left(buy::text, 13), '-', '')), sha256(uuid_send(buy)),
           'paid', 'sold', 'Buyer ' || buy, buy || '@buyers.example', 'EUR', {PRICE}, at, at from n
), order_line as (
    insert into order_lines (id, organization_id, order_id, ticket_type_id, quantity, unit_price_minor)
    select line, '{organization}', buy, '{kind}', 1, {PRICE} from n
), attendee as (
    insert into attendees (order_line_id, n, organization_id, name) select line, 1, '{organization}', 'Buyer ' || buy from n
), entry as (
    insert into tickets (id, organization_id, event_id, order_id, order_line_id, ticket_type_id, n, holder_name, code,
                         key_id, issued_at)
    select ticket, '{organization}', '{id}', buy, line, '{kind}', 1, 'Buyer ' || buy, encode(sha512(uuid_send(ticket)), 'hex'),
           (select key_id from signing_keys where organization_id = '{organization}' and retired_at is null), at from n
), payment as (
    insert into payments (id, organization_id, order_id, provider, provider_ref, state, amount_minor, currency, created_at,
                          updated_at)
    select pay, '{organization}', buy, 'sandbox', pay::text, 'succeeded', {PRICE}, 'EUR', at, at from n
), news as (
    insert into payment_events (provider, provider_event_id, organization_id, payment_id, kind, received_at)
    select 'sandbox', pay::text, '{organization}', pay, 'succeeded', at from n
), booked as (
    insert into ledger_transactions (id, organization_id, kind, order_id, occurred_at)
    select book, '{organization}', 'sale', buy, at from n
), entries as (
    insert into ledger_entries (transaction_id, n, organization_id, account, amount_minor, currency)
    select book, 1, '{organization}'::uuid, 'provider_clearing', {PRICE}, 'EUR' from n
    union all
    select book, 2, '{organization}', 'organizer_payable', -{PRICE}, 'EUR' from n
)
insert into outbox (organization_id, topic, payload, created_at)
select '{organization}'::uuid, 'order_placed', jsonb_build_object('topic', 'order_placed', 'order', buy), at from n
union all
select '{organization}', 'order_placed', jsonb_build_object('topic', 'order_placed', 'order', buy), at from n;
"
    )
}
