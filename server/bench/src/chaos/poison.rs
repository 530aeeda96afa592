//! F24: work that nobody can do, and requests that mean nothing or harm, in the middle of a sale.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use super::{
    Outcome, Random, Trial,
    crowd::Crowd,
    kills::{PLACES, PRICE, finish},
};
use crate::{
    Result,
    http::Client,
    processes::{Server, Worker},
    settle,
};

const PIECES: u32 = 1_000;
/// Broken work has been put aside by then.
const ASIDE: Duration = Duration::from_secs(60);

pub async fn run(trial: &mut Trial<'_>) -> Result<Outcome> {
    let event = trial.event(PLACES, PRICE).await?;
    let server = Server::start(trial.place, false).await?;
    let worker = Worker::start(trial.place)?;
    let crowd = Crowd::start(server.address, &event);
    let mut outcome = Outcome::default();
    let poison = POISON
        .replace("{event}", &event.event.to_string())
        .replace("{pieces}", &PIECES.to_string());
    trial.place.pgbench().once("poison", &poison)?;
    let odd = nonsense(server.address, &mut trial.random).await;
    outcome.see(format!(
        "{PIECES} requests that mean nothing: {} answered, {} hung up on",
        odd.answered, odd.hung_up
    ));
    outcome.must(
        odd.broken.is_empty(),
        format!("the server broke: {}", odd.broken.join(", ")),
    );
    let begun = Instant::now();
    let pieces = i64::from(PIECES);
    while trial.stage.backlog().await?.dead < pieces && begun.elapsed() < ASIDE {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let dead = trial.stage.backlog().await?.dead;
    outcome.see(format!(
        "{dead} broken jobs put aside after {:.1} s",
        begun.elapsed().as_secs_f64()
    ));
    outcome.must(
        dead == pieces,
        format!("{dead} of {pieces} broken jobs were put aside"),
    );
    finish(trial, crowd, &mut outcome).await?;
    let told = settle::announcements(&trial.stage, ASIDE).await?;
    outcome.must(told.is_some(), "announcements are left over");
    let without = trial.stage.orders_without_mail(&event).await?;
    outcome.must(without == 0, format!("{without} paid orders have no mail"));
    drop(worker);
    trial.place.pgbench().once("antidote", ANTIDOTE)?;
    Ok(outcome)
}

/// Jobs at their last try, mails and announcements that cannot be read.
const POISON: &str = "insert into jobs (organization_id, kind, payload, attempts, run_at, created_at) select (select organization_id from events where id = '{event}'), 'nonsense', (array['{}', '[]', 'null', '{\"kind\": \"send_refund\"}', '{\"kind\": \"send_refund\", \"refund\": 7}'])[1 + n % 5]::jsonb, 7, now() - interval '1 year', now() from generate_series(1, {pieces}) as n;
insert into mails (id, kind, dedupe_key, recipient, locale, payload, next_attempt_at, created_at) select gen_random_uuid(), 'nonsense', 'nonsense-' || n, 'nobody@nowhere.example', 'xx', '{\"kind\": 7}', now() - interval '1 year', now() from generate_series(1, {pieces}) as n;
insert into outbox (topic, payload, created_at) select 'nonsense', '{}', now() from generate_series(1, {pieces}) as n;
";
const ANTIDOTE: &str = "delete from jobs where kind = 'nonsense';
delete from mails where kind = 'nonsense';
";

/// What became of requests that mean nothing.
#[derive(Default)]
struct Odd {
    answered: u32,
    hung_up: u32,
    broken: Vec<String>,
}

async fn nonsense(address: SocketAddr, random: &mut Random) -> Odd {
    let mut odd = Odd::default();
    for number in 0..PIECES {
        let request = request(number, random);
        match Client::new(address).send(&request).await {
            Ok(answer) if answer.status >= 500 && answer.status != 503 => {
                let first = String::from_utf8_lossy(&request);
                let first = first.lines().next().unwrap_or_default();
                odd.broken.push(format!("{} to {first:.80}", answer.status));
                odd.broken.truncate(5);
            }
            Ok(_) => odd.answered += 1,
            Err(_) => odd.hung_up += 1,
        }
    }
    odd
}

const PATHS: [&str; 10] = [
    "/api/app_api/checkout/hold/hold_tickets",
    "/api/app_api/checkout/details/place_order",
    "/api/app_api/checkout/pay/choose_outcome",
    "/api/app_api/checkout/waiting/join_waiting_room",
    "/api/v1/scanner/scans",
    "/api/v1/scanner/pair",
    "/e/%00%ff%2e%2e/waiting/-1-",
    "/events?q=%F0%28%8C%28&cursor=%00&page=-1",
    "/live/events/not-an-id",
    "/live/waiting/%ff",
];

/// One in its turn: a path, with a body that may be anything.
fn request(number: u32, random: &mut Random) -> Vec<u8> {
    let turn = usize::try_from(number).unwrap_or(0);
    let path = PATHS[turn % PATHS.len()];
    let method = ["POST", "GET", "PUT", "BREW"][turn / PATHS.len() % 4];
    let kind = [
        "application/x-www-form-urlencoded",
        "application/json",
        "multipart/form-data",
        "text/\u{1}",
    ][turn / 40 % 4];
    let body: Vec<u8> = match turn / 160 % 5 {
        0 => (0..200).map(|_| random.next().to_le_bytes()[0]).collect(),
        1 => b"[".repeat(50_000),
        2 => b"event=%00&tickets[t]=-1&tickets[t]=99999999999999999999&form[attendees][999999999][name]=x".to_vec(),
        3 => b"a=b&".repeat(20_000),
        _ => br#"{"scans": [{"id": null}], "kind": "\u0000", "counter": -1e999}"#.to_vec(),
    };
    let mut request = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\norigin: http://localhost:3000\r\naccept: */*\r\n\
         cookie: bilten_place_x=\u{7f}; bilten_view=%%%; bilten_session=;;;\r\nauthorization: Bearer \r\n\
         content-type: {kind}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    request.extend(body);
    request
}
