//! Looks for events by words, kind, place and time.

use domain::{catalog::Category, text::search_key, when::Timestamp};
use jiff::{ToSpan, civil::Date, civil::Weekday, tz::TimeZone};

use super::{
    cursor::Cursor,
    queries::{self, Hit},
};
use crate::{
    Services, Unexpected,
    catalog::{EventCard, card},
    db::{Scope, Tx},
};

/// What to look for; everything given must hold.
#[derive(Debug, Clone, Default)]
pub struct Find {
    /// Words; slips of the finger are forgiven.
    pub text: String,
    pub category: Option<Category>,
    pub city: Option<String>,
    pub when: Option<When>,
    pub free: bool,
    pub online: bool,
    /// Slug of the organizer.
    pub organizer: Option<String>,
    /// What is over, newest first, instead of what comes, soonest first.
    pub past: bool,
    /// Leaves out what was called off.
    pub only_happening: bool,
    pub after: Option<String>,
    pub limit: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    Today,
    /// Friday to Sunday: weekends begin on different days in different countries.
    Weekend,
    Week,
    Month,
}

impl When {
    pub const fn all() -> [Self; 4] {
        [Self::Today, Self::Weekend, Self::Week, Self::Month]
    }

    pub const fn code(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Weekend => "weekend",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::all().into_iter().find(|when| when.code() == code)
    }

    /// First and last day.
    fn days(self, today: Date) -> (Date, Date) {
        let plus = |days: i64| today.saturating_add(days.days());
        let until_sunday = i64::from(Weekday::Sunday.since(today.weekday()));
        match self {
            Self::Today => (today, today),
            Self::Weekend => (plus((until_sunday - 2).max(0)), plus(until_sunday)),
            Self::Week => (today, plus(6)),
            Self::Month => (today, plus(30)),
        }
    }
}

#[derive(Debug, Clone, Default)]
pub struct Found {
    pub cards: Vec<EventCard>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// No more words are looked at.
const MOST_WORDS: usize = 8;
const MOST_CHARS: usize = 120;

/// One page of events that visitors see.
pub async fn find(sv: &Services, wanted: Find) -> Result<Found, Unexpected> {
    let now = sv.now();
    let limit = wanted.limit.clamp(1, 100);
    let key: String = search_key(&wanted.text).chars().take(MOST_CHARS).collect();
    let words: Vec<&str> = key
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(MOST_WORDS)
        .collect();
    if words.is_empty() && !wanted.text.trim().is_empty() {
        return Ok(Found::default());
    }
    let after = wanted.after.as_deref().and_then(Cursor::parse);
    let days = wanted.when.map(|when| when.days(today(now)));
    let query = queries::Query {
        category: wanted.category.map(Category::code),
        city: wanted.city.as_deref(),
        from: days.map(|(from, _)| from.to_string()),
        until: days.map(|(_, until)| until.to_string()),
        free: wanted.free,
        online: wanted.online,
        organizer: wanted.organizer.as_deref(),
        past: wanted.past,
        only_happening: wanted.only_happening,
        after,
        limit: limit + 1,
        now,
    };
    let mut tx = sv.db.begin(Scope::Public).await?;
    let (mut hits, alike) = look(&mut tx, &query, &words).await?;
    let has_more = i64::try_from(hits.len()).is_ok_and(|count| count > limit);
    hits.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let rows = queries::cards(&mut tx, &hits).await?;
    tx.commit().await?;
    let next = hits.last().filter(|_| has_more).map(|hit| {
        Cursor {
            alike,
            starts_at: hit.starts_at.to_jiff(),
            id: hit.event_id,
        }
        .to_text()
    });
    let cards = rows
        .into_iter()
        .map(|row| card(row, now))
        .collect::<Result<_, _>>()?;
    Ok(Found { cards, next })
}

/// A page, and whether its events have words that are only like the ones asked for: that is looked for where nothing has
/// the words themselves.
async fn look(
    tx: &mut Tx,
    query: &queries::Query<'_>,
    words: &[&str],
) -> Result<(Vec<Hit>, bool), Unexpected> {
    if words.is_empty() {
        return Ok((queries::all(tx, query).await?, false));
    }
    if !query.after.is_some_and(|after| after.alike) {
        // Whoever is still typing has only the beginning of a word.
        let beginnings: Vec<String> = words.iter().map(|word| format!("{word}:*")).collect();
        let hits = queries::with_words(tx, query, &beginnings.join(" & ")).await?;
        if !hits.is_empty() || query.after.is_some() {
            return Ok((hits, false));
        }
    }
    Ok((queries::alike(tx, query, &words.join(" ")).await?, true))
}

fn today(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::When;

    #[test]
    fn a_weekend_that_has_begun_goes_on() {
        let (friday, sunday) = (date(2026, 3, 13), date(2026, 3, 15));
        assert_eq!(When::Weekend.days(date(2026, 3, 10)), (friday, sunday));
        assert_eq!(When::Weekend.days(friday), (friday, sunday));
        assert_eq!(
            When::Weekend.days(date(2026, 3, 14)),
            (date(2026, 3, 14), sunday)
        );
        assert_eq!(When::Weekend.days(sunday), (sunday, sunday));
        assert_eq!(When::Week.days(friday), (friday, date(2026, 3, 19)));
    }
}
