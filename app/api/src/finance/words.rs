//! Reports in words, the same for organizers and for the platform.

use domain::money::Currency;
use locales::{Locale, dates, finance as t, money};

use super::{ReportRowView, ReportView};

/// More charts would only be turned over, and more bars than these say nothing.
const CHARTS: usize = 2;
const BARS: usize = 400;
/// Where rows are no times, each bar needs its name.
const NAMED_BARS: usize = 6;

/// What buyers paid in one currency, row by row: name, amount, and the amount in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportChart {
    pub title: String,
    pub bars: Vec<(String, i64, String)>,
}

impl ReportView {
    /// In the currencies that are used most; none where there is nothing to compare.
    #[must_use]
    pub fn charts(&self, l: Locale) -> Vec<ReportChart> {
        let most = match self.by.as_str() {
            "month" | "day" => BARS,
            _ => NAMED_BARS,
        };
        let of = |currency: Currency| {
            let rows = self.rows.iter();
            rows.filter(move |row| row.gross.currency == currency)
        };
        let mut totals: Vec<_> = self.totals.iter().collect();
        totals.sort_by_key(|total| std::cmp::Reverse(total.orders));
        totals
            .into_iter()
            .map(|total| total.gross.currency)
            .filter(|currency| (2..=most).contains(&of(*currency).count()))
            .take(CHARTS)
            .map(|currency| ReportChart {
                title: t::chart_title(l, currency.as_str()),
                bars: of(currency)
                    .map(|row| {
                        let words = money::format(l, row.gross);
                        (row.label(l, &self.by), row.gross.minor, words)
                    })
                    .collect(),
            })
            .collect()
    }
}

impl ReportRowView {
    /// What the row is about.
    #[must_use]
    pub fn label(&self, l: Locale, by: &str) -> String {
        if !self.name.is_empty() {
            return self.name.clone();
        }
        match (by, self.key.as_str()) {
            ("month", key) => dates::month_named(l, key).unwrap_or_else(|| key.to_owned()),
            ("rate", "reverse_charge") => t::reverse_charge(l).to_owned(),
            ("rate", key) => rate(key),
            ("method", "stripe") => t::method_stripe(l).to_owned(),
            ("method", "sandbox") => t::method_sandbox(l).to_owned(),
            ("method", "transfer" | "bank_transfer") => t::method_transfer(l).to_owned(),
            ("method", "tickets") => t::method_tickets(l).to_owned(),
            ("channel", "web") => t::channel_web(l).to_owned(),
            ("channel", "organizer") => t::channel_organizer(l).to_owned(),
            ("organization", "") => t::platform_itself(l).to_owned(),
            (_, key) => key.to_owned(),
        }
    }
}

/// A rate in thousandths of a percent, as people write it.
fn rate(key: &str) -> String {
    let Ok(thousandths) = key.parse::<u32>() else {
        return key.to_owned();
    };
    let (whole, rest) = (thousandths / 1_000, thousandths % 1_000);
    let rest = format!("{rest:03}");
    match rest.trim_end_matches('0') {
        "" => format!("{whole} %"),
        rest => format!("{whole}.{rest} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::rate;

    #[test]
    fn rates_read_as_people_write_them() {
        let all = ["00000", "19000", "07700", "08250", "08875"].map(rate);
        assert_eq!(all, ["0 %", "19 %", "7.7 %", "8.25 %", "8.875 %"]);
    }
}
