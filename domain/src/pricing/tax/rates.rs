//! Rates of value added tax for admission, by country and time.
//!
//! The standard rate is every state's own (article 97 of directive 2006/112/EC in the Union). Reduced rates for admission
//! to "shows, theatres, circuses, fairs, amusement parks, concerts, museums, zoos, cinemas, exhibitions and similar cultural
//! events" rest on annex III, point 7, and for sporting events on point 13; beside each stands the national rule. Where such
//! a rule hangs on more than the kind of event, or is not sure, the rate is only offered ([`Covers::Other`]) and the standard
//! rate is what is proposed. Organizers can always type another rate.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Rate;
use crate::{catalog::Category, codes::coded_enum};

coded_enum! {
    /// What a rate is for.
    pub enum Covers {
        /// Whatever has no other rate.
        Standard = "standard",
        /// Concerts, plays, exhibitions and films.
        Culture = "culture",
        /// Sporting events.
        Sport = "sport",
        /// Both.
        CultureAndSport = "culture_and_sport",
        /// Some admissions under conditions that the organizer must know.
        Other = "other",
    }
}

/// A rate with what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The rate.
    pub rate: Rate,
    /// What it is for.
    pub covers: Covers,
}

/// One row: country, hundredths of a percent, what for, and from which day until before which day, as year, month and day in
/// one number.
struct Row(&'static str, u16, Covers, u32, u32);

/// Since before anything could be sold here.
const EVER: u32 = 0;
/// No end is known.
const ON: u32 = u32::MAX;

use Covers::{Culture, CultureAndSport, Other, Sport, Standard};

#[rustfmt::skip]
const ROWS: &[Row] = &[
    // Austria: § 10 (1) UStG; 13 % by § 10 (3) for theatre, music, museums, cinema and sporting events.
    Row("AT", 2000, Standard, EVER, ON), Row("AT", 1300, CultureAndSport, EVER, ON),
    // Belgium: royal decree no. 20, table A, XXVIII (6 % for cultural, sporting and entertainment facilities). A rise to
    // 12 % in 2026 was decided for parts of it, so neither is proposed.
    Row("BE", 2100, Standard, EVER, ON), Row("BE", 600, Other, EVER, ON), Row("BE", 1200, Other, 20260301, ON),
    // Bulgaria: article 66 ZDDS; none for admission.
    Row("BG", 2000, Standard, EVER, ON),
    // Cyprus: fifth and twelfth schedules (5 % and 3 % for parts of culture and sport).
    Row("CY", 1900, Standard, EVER, ON), Row("CY", 500, Other, EVER, ON), Row("CY", 300, Other, EVER, ON),
    // Czechia: § 47 and annex 2 of act 235/2004, as of 2024: one reduced rate, for cultural and sporting events too.
    Row("CZ", 2100, Standard, EVER, ON), Row("CZ", 1200, CultureAndSport, 20240101, ON),
    // Germany: § 12 (1) UStG; 7 % by § 12 (2) no. 7 for theatre, concerts, museums and films. Public institutions and who is
    // certified as their equal are exempt by § 4 no. 20.
    Row("DE", 1900, Standard, EVER, ON), Row("DE", 700, Culture, EVER, ON), Row("DE", 0, Other, EVER, ON),
    // Denmark: momsloven § 33; one rate. Parts of culture are exempt by § 13.
    Row("DK", 2500, Standard, EVER, ON), Row("DK", 0, Other, EVER, ON),
    // Estonia: § 15 KMS, 24 % since July 2025.
    Row("EE", 2200, Standard, 20240101, 20250701), Row("EE", 2400, Standard, 20250701, ON),
    // Spain: article 90 LIVA; 10 % by article 91.uno.2.6 for theatre, music, museums and cinema.
    Row("ES", 2100, Standard, EVER, ON), Row("ES", 1000, Culture, EVER, ON),
    // Finland: § 84 AVL, 25.5 % since September 2024; § 85 for cultural and sporting events: 14 % since 2025, 13.5 % since 2026.
    Row("FI", 2550, Standard, 20240901, ON),
    Row("FI", 1400, CultureAndSport, 20250101, 20260101), Row("FI", 1350, CultureAndSport, 20260101, ON),
    // France: article 278 CGI; 5.5 % by article 278-0 bis F and J for live shows, cinema and sporting events; 2.1 % by article
    // 281 quater for the first performances of some shows; 10 % by article 279 for museums, fairs and exhibitions.
    Row("FR", 2000, Standard, EVER, ON), Row("FR", 550, Other, EVER, ON), Row("FR", 210, Other, EVER, ON),
    Row("FR", 1000, Other, EVER, ON),
    // Greece: annex III of law 5144/2024 (6 % for theatre; other shows differ).
    Row("GR", 2400, Standard, EVER, ON), Row("GR", 600, Other, EVER, ON), Row("GR", 1300, Other, EVER, ON),
    // Croatia: article 38 ZPDV (5 % and 13 % for parts of culture and sport).
    Row("HR", 2500, Standard, EVER, ON), Row("HR", 500, Other, EVER, ON), Row("HR", 1300, Other, EVER, ON),
    // Hungary: § 82 Áfa tv.; 18 % for open-air concerts, 5 % for some live music.
    Row("HU", 2700, Standard, EVER, ON), Row("HU", 1800, Other, EVER, ON), Row("HU", 500, Other, EVER, ON),
    // Ireland: section 46 VATCA 2010; live theatre and music and sporting events can be exempt by schedule 1; 13.5 % for
    // cinemas, museums and exhibitions.
    Row("IE", 2300, Standard, EVER, ON), Row("IE", 0, Other, EVER, ON), Row("IE", 1350, Other, EVER, ON),
    // Italy: article 16 DPR 633/1972; 10 % by table A, part III, no. 123 for theatre, concerts and circus, not for all of culture.
    Row("IT", 2200, Standard, EVER, ON), Row("IT", 1000, Other, EVER, ON),
    // Lithuania: article 19 PVMĮ; the reduced rate for cultural and sporting events rose from 9 % to 12 % in 2026.
    Row("LT", 2100, Standard, EVER, ON), Row("LT", 900, Other, EVER, 20260101), Row("LT", 1200, Other, 20260101, ON),
    // Luxembourg: annex B of the law of 1979: 3 % for culture and sport.
    Row("LU", 1700, Standard, 20240101, ON), Row("LU", 300, CultureAndSport, EVER, ON),
    // Latvia: article 41; theatre, concerts and museums can be exempt by article 52.
    Row("LV", 2100, Standard, EVER, ON), Row("LV", 0, Other, EVER, ON),
    // Malta: eighth schedule: 5 % for museums, exhibitions, concerts and theatre, 7 % for the use of sporting facilities.
    Row("MT", 1800, Standard, EVER, ON), Row("MT", 500, Other, EVER, ON), Row("MT", 700, Other, EVER, ON),
    // Netherlands: table I, b.14: 9 % for culture and sport; a rise was withdrawn in 2025.
    Row("NL", 2100, Standard, EVER, ON), Row("NL", 900, CultureAndSport, EVER, ON),
    // Poland: article 41 and annex 3: 8 % for cultural and sporting events.
    Row("PL", 2300, Standard, EVER, ON), Row("PL", 800, CultureAndSport, EVER, ON),
    // Portugal, mainland: article 18 CIVA; 6 % by list I, 2.32 for singing, dance, music, theatre, cinema and circus, not for
    // all of culture. The islands have lower rates, which can be typed.
    Row("PT", 2300, Standard, EVER, ON), Row("PT", 600, Other, EVER, ON),
    // Romania: article 291 of the fiscal code, law 141/2025: 21 % and 11 % since August 2025.
    Row("RO", 1900, Standard, EVER, 20250801), Row("RO", 2100, Standard, 20250801, ON),
    Row("RO", 1100, Other, 20250801, ON),
    // Sweden: 9 kap. ML; 6 % for concerts, theatre, opera, circus and sport, not for all of culture.
    Row("SE", 2500, Standard, EVER, ON), Row("SE", 600, Other, EVER, ON),
    // Slovenia: article 41 and annex I ZDDV-1: 9.5 % for cultural and sporting events.
    Row("SI", 2200, Standard, EVER, ON), Row("SI", 950, CultureAndSport, EVER, ON),
    // Slovakia: § 27 of act 222/2004: 23 %, 19 % and 5 % since 2025; what of culture and sport is reduced has changed often.
    Row("SK", 2000, Standard, EVER, 20250101), Row("SK", 2300, Standard, 20250101, ON),
    Row("SK", 500, Other, 20250101, ON), Row("SK", 1900, Other, 20250101, ON),
    // United Kingdom: VATA 1994, section 2; eligible bodies are exempt by schedule 9, group 13.
    Row("GB", 2000, Standard, EVER, ON), Row("GB", 0, Other, EVER, ON),
    // Switzerland: article 25 MWSTG, 8.1 % since 2024; culture and sport are exempt by article 21, no. 14 and 15, or taxed at
    // 2.6 % by choice (article 22).
    Row("CH", 810, Standard, 20240101, ON), Row("CH", 0, Other, EVER, ON), Row("CH", 260, Other, 20240101, ON),
    // Norway: 25 %; 12 % for cinema, museums and large sporting events, concerts and theatre exempt by § 3-7 mval.
    Row("NO", 2500, Standard, EVER, ON), Row("NO", 1200, Other, EVER, ON), Row("NO", 0, Other, EVER, ON),
];

/// The rates of a country (ISO 3166) on a day: the standard rate first, then down. None where no country's rates are known,
/// as in the United States: there, the rate is a matter of the place and is typed.
pub fn of(country: &str, on: Date) -> Vec<Choice> {
    let day = number(on);
    let mut found: Vec<Choice> = ROWS
        .iter()
        .filter(|row| row.0 == country && row.3 <= day && day < row.4)
        .filter_map(|row| {
            Some(Choice {
                rate: Rate::from_bp(row.1)?,
                covers: row.2,
            })
        })
        .collect();
    found.sort_by_key(|choice| {
        (
            choice.covers != Standard,
            std::cmp::Reverse(choice.rate),
            choice.covers,
        )
    });
    found
}

/// The rate that is proposed for admission to an event of a kind; nothing where the country's rates are not known.
pub fn admission(country: &str, category: Category, on: Date) -> Option<Choice> {
    let choices = of(country, on);
    let special = choices.iter().find(|choice| match choice.covers {
        Culture => is_culture(category),
        Sport => category == Category::Sport,
        CultureAndSport => is_culture(category) || category == Category::Sport,
        Standard | Other => false,
    });
    special.or(choices.first()).copied()
}

/// Kinds of events that every rule for culture covers. A festival can be one of beer.
fn is_culture(category: Category) -> bool {
    match category {
        Category::Concert | Category::Theatre | Category::Exhibition | Category::Film => true,
        Category::Conference
        | Category::Course
        | Category::Meetup
        | Category::Festival
        | Category::Sport
        | Category::Food
        | Category::Party
        | Category::Family => false,
    }
}

fn number(day: Date) -> u32 {
    let part = |n: i64| u32::try_from(n).unwrap_or(0);
    part(i64::from(day.year())) * 10_000
        + part(i64::from(day.month())) * 100
        + part(i64::from(day.day()))
}

#[cfg(test)]
mod tests;
