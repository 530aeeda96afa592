//! Codes in words.

use app_api::promo::{OffView, PromoRowView, PromoStanding};
use app_ui::Tone;
use locales::{Locale, money, numbers, promo as t};

pub(super) fn standing(l: Locale, standing: PromoStanding) -> (Tone, &'static str) {
    match standing {
        PromoStanding::Active => (Tone::Success, t::active(l)),
        PromoStanding::Paused => (Tone::Warning, t::paused(l)),
        PromoStanding::NotYet => (Tone::Info, t::not_yet(l)),
        PromoStanding::Over => (Tone::Neutral, t::over(l)),
        PromoStanding::UsedUp => (Tone::Neutral, t::used_up(l)),
    }
}

pub(super) fn off(l: Locale, off: &OffView) -> String {
    match off {
        OffView::Percent(percent) => t::off_percent(l, percent),
        OffView::Ticket(amount) => t::off_ticket(l, money::format(l, *amount)),
        OffView::Order(amount) => t::off_order(l, money::format(l, *amount)),
    }
}

pub(super) fn uses(l: Locale, row: &PromoRowView) -> String {
    let used = numbers::integer(u64::from(row.used));
    match row.max_uses {
        Some(most) => t::uses_of(l, numbers::integer(u64::from(most)), used),
        None => used,
    }
}

pub(super) fn spent(l: Locale, row: &PromoRowView) -> String {
    let spent = money::format(l, row.spent);
    match row.budget {
        Some(budget) => t::spent_of(l, money::format(l, budget), spent),
        None => spent,
    }
}
