//! Pages of `listings`. Each statement is written for what is asked and planned for it alone: one statement with a
//! condition that may be empty for each way of narrowing down would be planned for none of them.

use domain::when::Timestamp;
use sqlx::{FromRow, Postgres, QueryBuilder};
use uuid::Uuid;

use super::cursor::Cursor;
use crate::{Unexpected, catalog::CardRow, db::Tx};

pub(super) struct Query<'a> {
    pub category: Option<&'static str>,
    pub city: Option<&'a str>,
    /// Days on the wall calendar of the event.
    pub from: Option<String>,
    pub until: Option<String>,
    pub free: bool,
    pub online: bool,
    pub organizer: Option<&'a str>,
    pub past: bool,
    pub only_happening: bool,
    pub after: Option<Cursor>,
    pub limit: i64,
    pub now: Timestamp,
}

/// One event of a page.
#[derive(FromRow)]
pub(super) struct Hit {
    pub event_id: Uuid,
    pub starts_at: jiff_sqlx::Timestamp,
}

/// What of a listing says where it stands in a page. No more is read: for a type that it does not know the driver asks the
/// database in between, and the statement, which is not kept, would be gone.
const PLACE: &str = "event_id, starts_at";
/// How many rows are looked through for words that many events have, before the index of words is asked.
const NEAR: i64 = 2000;
/// How alike a word must be; lower finds more slips of the finger and more nonsense.
const LIKENESS: &str = "0.5";

/// What comes, soonest first, or what is over, newest first.
pub(super) async fn all(tx: &mut Tx, query: &Query<'_>) -> Result<Vec<Hit>, Unexpected> {
    let mut sql = QueryBuilder::new("");
    walk(&mut sql, query, PLACE, query.limit);
    run(tx, sql).await
}

/// The same of events with all these words (for `to_tsquery`). Events that have frequent words are soon met by looking in
/// the order of the page; only for rare ones is the index of words asked, which gives them without any order.
pub(super) async fn with_words(
    tx: &mut Tx,
    query: &Query<'_>,
    words: &str,
) -> Result<Vec<Hit>, Unexpected> {
    let mut sql = QueryBuilder::new(format!("select {PLACE} from ("));
    walk(&mut sql, query, &format!("{PLACE}, words"), NEAR);
    sql.push(") as near where words @@ to_tsquery('simple', ")
        .push_bind(words.to_owned())
        .push(")");
    order(&mut sql, query, query.limit);
    let near = run(tx, sql).await?;
    if i64::try_from(near.len()).is_ok_and(|found| found >= query.limit) {
        return Ok(near);
    }
    let mut sql = QueryBuilder::new(
        "with matching as materialized (select * from listings where words @@ to_tsquery('simple', ",
    );
    sql.push_bind(words.to_owned()).push("))");
    of_matching(tx, sql, query).await
}

/// The same of events with a word like these.
pub(super) async fn alike(
    tx: &mut Tx,
    query: &Query<'_>,
    words: &str,
) -> Result<Vec<Hit>, Unexpected> {
    sqlx::query!(
        "select set_config('pg_trgm.word_similarity_threshold', $1, true)",
        LIKENESS
    )
    .fetch_one(&mut **tx)
    .await?;
    let mut sql = QueryBuilder::new("with matching as materialized (select * from listings where ");
    sql.push_bind(words.to_owned()).push(" <% folded)");
    of_matching(tx, sql, query).await
}

async fn of_matching(
    tx: &mut Tx,
    mut sql: QueryBuilder<Postgres>,
    query: &Query<'_>,
) -> Result<Vec<Hit>, Unexpected> {
    sql.push(format!(" select {PLACE} from matching where ends_at "))
        .push(if query.past { "<= " } else { "> " })
        .push_bind(at(query.now));
    narrow(&mut sql, query);
    order(&mut sql, query, query.limit);
    run(tx, sql).await
}

/// Reads the listings in the order of the page, no more than `most`. What is on has begun at any time in the past and is
/// found by how long it lasts; from now on the order of beginning is enough.
fn walk(sql: &mut QueryBuilder<Postgres>, query: &Query<'_>, columns: &str, most: i64) {
    let select = format!("select {columns} from listings where ");
    let now = at(query.now);
    if query.past {
        sql.push(&select).push("starts_at < ").push_bind(now);
        sql.push(" and ends_at <= ").push_bind(now);
        narrow(sql, query);
    } else {
        sql.push(format!("select {columns} from (({select}"));
        sql.push("tstzrange(starts_at, ends_at) @> ").push_bind(now);
        narrow(sql, query);
        sql.push(") union all (").push(&select);
        sql.push("starts_at > ").push_bind(now);
        narrow(sql, query);
        order(sql, query, most);
        sql.push(")) as coming");
    }
    order(sql, query, most);
}

fn narrow(sql: &mut QueryBuilder<Postgres>, query: &Query<'_>) {
    if let Some(category) = query.category {
        sql.push(" and category = ").push_bind(category);
    }
    if let Some(city) = query.city {
        sql.push(" and city = ").push_bind(city.to_owned());
    }
    if let Some(organizer) = query.organizer {
        sql.push(" and organizer_id = (select id from organizations where slug = ")
            .push_bind(organizer.to_owned())
            .push(")");
    }
    if let Some(from) = &query.from {
        sql.push(" and (ends_at at time zone time_zone)::date >= ")
            .push_bind(from.clone())
            .push("::date");
    }
    if let Some(until) = &query.until {
        // The second condition is about the index alone: no day begins more than a day from midnight UTC.
        sql.push(" and (starts_at at time zone time_zone)::date <= ")
            .push_bind(until.clone())
            .push("::date and starts_at < ")
            .push_bind(until.clone())
            .push("::date + interval '2 days'");
    }
    if query.free {
        sql.push(" and free");
    }
    if query.online {
        sql.push(" and online");
    }
    if query.only_happening {
        sql.push(" and happening");
    }
    if let Some(after) = query.after {
        sql.push(" and (starts_at, event_id) ")
            .push(if query.past { "< (" } else { "> (" })
            .push_bind(at(after.starts_at))
            .push(", ")
            .push_bind(after.id)
            .push(")");
    }
}

fn order(sql: &mut QueryBuilder<Postgres>, query: &Query<'_>, most: i64) {
    sql.push(if query.past {
        " order by starts_at desc, event_id desc limit "
    } else {
        " order by starts_at, event_id limit "
    })
    .push_bind(most);
}

fn at(instant: Timestamp) -> jiff_sqlx::Timestamp {
    instant.into()
}

async fn run(tx: &mut Tx, mut sql: QueryBuilder<Postgres>) -> Result<Vec<Hit>, Unexpected> {
    Ok(sql
        .build_query_as()
        .persistent(false)
        .fetch_all(&mut **tx)
        .await?)
}

/// What the cards of these events show, in the same order. One that visitors no longer see is left out.
pub(super) async fn cards(tx: &mut Tx, hits: &[Hit]) -> Result<Vec<CardRow>, Unexpected> {
    let ids: Vec<Uuid> = hits.iter().map(|hit| hit.event_id).collect();
    Ok(sqlx::query_as!(
        CardRow,
        r#"
        select e.id, e.slug, e.title, e.category, e.state, e.attendance, e.venue_name, e.venue_city,
               o.name as organizer_name, e.time_zone, e.starts_at, e.ends_at, e.currency,
               f.sha256 as "sha256?", f.width as "width?", f.height as "height?",
               pt.terms as "terms!", coalesce(offers.all, '[]') as "offers!"
        from unnest($1::uuid[]) with ordinality as page (id, place)
        join events e on e.id = page.id
        join organizations o on o.id = e.organization_id
        join price_terms pt on pt.event_id = e.id
        left join files f on f.id = e.image_id
        left join lateral (
            select jsonb_agg(jsonb_build_object(
                       'id', t.id, 'price', t.price_minor, 'phases', t.price_phases, 'most', t.max_per_order,
                       'taken', coalesce((select c.taken from price_phase_counts c where c.ticket_type_id = t.id), 0),
                       'tax_rate', t.tax_rate, 'paused', t.state = 'paused', 'opens', t.sales_from,
                       'closes', t.sales_until, 'left', greatest(coalesce(stock.left, 0), 0),
                       'capacity', coalesce(stock.capacity, 0))) as "all"
            from ticket_types t
            left join lateral (
                select min(p.capacity - p.held - p.sold) as "left", min(p.capacity) as capacity
                from ticket_type_pools tp
                join pools p on p.id = tp.pool_id
                where tp.ticket_type_id = t.id
            ) stock on true
            where t.event_id = e.id and t.state <> 'archived'
        ) offers on true
        order by page.place
        "#,
        &ids
    )
    .fetch_all(&mut **tx)
    .await?)
}
