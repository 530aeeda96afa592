//! What the register says of a VAT id, in words.

use app_api::vat::VatCheckView;
use app_ui::{Badge, Tone};
use domain::pricing::VatStanding;
use leptos::prelude::*;
use locales::{Locale, dates, team as t};

/// A line beside the id; nothing where no register was asked.
pub fn vat_check(l: Locale, check: Option<VatCheckView>) -> AnyView {
    let Some(check) = check else {
        return ().into_any();
    };
    let (tone, words) = match check.standing {
        VatStanding::Asked => (Tone::Neutral, t::vat_asked(l)),
        VatStanding::Valid => (Tone::Success, t::vat_valid(l)),
        VatStanding::Invalid => (Tone::Error, t::vat_invalid(l)),
    };
    let when = check.at.map(|at| {
        let at = dates::medium(l, at, Some("UTC"));
        view! { " "<small>{t::vat_checked(l, at)}</small> }
    });
    let evidence = (!check.identifier.is_empty()).then(|| {
        view! { " "<small>{t::vat_identifier(l)}" "<bdi class="code">{check.identifier}</bdi></small> }
    });
    view! { <p class="vat-check"><Badge tone>{words}</Badge>{when}{evidence}</p> }.into_any()
}
