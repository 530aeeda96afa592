//! Small values that pages of several areas show.

use domain::money::Money;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// A moment as a clock at the venue shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    pub at: DateTime,
    /// "CET", "UTC+3"
    pub zone: String,
    /// RFC 3339, for machines.
    pub instant: String,
}

/// A picture in several widths.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureView {
    pub src: String,
    pub srcset: String,
    pub width: u32,
    pub height: u32,
}

/// What a buyer gets back who cancels until then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundTerm {
    pub until: Moment,
    pub percent: u8,
    /// The percentage is of the price without the fee.
    pub keeps_fee: bool,
}

/// What a buyer may change by themselves until then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeTerm {
    pub until: Moment,
    /// For each ticket.
    pub fee: Money,
    /// What new tickets cost less goes back.
    pub returns_difference: bool,
}

#[cfg(feature = "ssr")]
mod make {
    use domain::{
        money::Currency,
        orders::{ChangeTerms, RefundSchedule},
        when::Timestamp,
    };
    use services::{catalog::Picture, zone};

    use super::{ChangeTerm, Moment, PictureView, RefundTerm};

    impl Moment {
        /// In a zone that is not known any more, UTC is better than no page.
        #[must_use]
        pub fn new(at: Timestamp, time_zone: &str) -> Self {
            let local = zone::local(at, time_zone).or_else(|_| zone::local(at, "UTC"));
            let instant = at.to_string();
            match local {
                Ok(local) => Self {
                    at: local.at,
                    zone: local.label,
                    instant,
                },
                Err(_) => Self {
                    at: jiff::tz::Offset::UTC.to_datetime(at),
                    zone: "UTC".into(),
                    instant,
                },
            }
        }
    }

    impl From<&Picture> for PictureView {
        fn from(picture: &Picture) -> Self {
            let srcset: Vec<String> = picture
                .sources
                .iter()
                .map(|(path, width)| format!("{path} {width}w"))
                .collect();
            let middle = picture.sources.get(picture.sources.len() / 2);
            Self {
                src: middle.map(|(path, _)| path.clone()).unwrap_or_default(),
                srcset: srcset.join(", "),
                width: picture.width,
                height: picture.height,
            }
        }
    }

    /// The terms, as long as something can be changed.
    #[must_use]
    pub fn change_term(
        terms: Option<ChangeTerms>,
        (starts, now): (Timestamp, Timestamp),
        currency: Currency,
        zone: &str,
    ) -> Option<ChangeTerm> {
        let terms = terms.filter(|terms| terms.is_open(now, starts, None))?;
        Some(ChangeTerm {
            until: Moment::new(terms.last_chance(starts, None), zone),
            fee: terms.fee(currency),
            returns_difference: terms.returns_difference,
        })
    }

    /// The terms that still lie ahead, earliest first.
    #[must_use]
    pub fn refund_terms(schedule: &RefundSchedule, now: Timestamp, zone: &str) -> Vec<RefundTerm> {
        schedule
            .ahead(now)
            .map(|step| RefundTerm {
                until: Moment::new(step.until, zone),
                percent: step.percent,
                keeps_fee: schedule.keeps_fee(),
            })
            .collect()
    }
}

#[cfg(feature = "ssr")]
pub use make::{change_term, refund_terms};

/// Codes and names of all countries, as the reader looks for them. Kept with the page that asks, so that no browser carries both
/// languages' lists along.
#[cfg(feature = "ssr")]
pub(crate) fn countries(l: locales::Locale) -> Vec<(String, String)> {
    locales::countries::all(l)
        .map(|(code, name)| (code.to_owned(), name.to_owned()))
        .collect()
}
