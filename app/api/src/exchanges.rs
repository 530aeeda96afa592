//! A choice of tickets for tickets, as addresses and forms carry it, and what is shown of it.

/// The choice in one text: tickets, the event, and quantities by type.
#[must_use]
pub fn choice(tickets: &[String], event: &str, wanted: &[(String, String)]) -> String {
    let wanted: Vec<String> = wanted
        .iter()
        .filter(|(_, number)| !matches!(number.trim(), "" | "0"))
        .map(|(id, number)| format!("{id}:{}", number.trim()))
        .collect();
    if tickets.is_empty() && event.is_empty() && wanted.is_empty() {
        return String::new();
    }
    format!("{}|{event}|{}", tickets.join(","), wanted.join(","))
}

/// The quantities among what an address carries, by ticket type, as [`crate::checkout::quantity_field`] names them.
pub fn wanted<N: AsRef<str>>(
    query: impl IntoIterator<Item = (N, String)>,
) -> Vec<(String, String)> {
    query
        .into_iter()
        .filter_map(|(name, number)| {
            let id = name.as_ref().strip_prefix("tickets[t")?.strip_suffix(']')?;
            Some((id.to_owned(), number))
        })
        .collect()
}

#[cfg(feature = "ssr")]
mod make {
    use domain::{
        catalog::SaleStatus,
        ids::{EventId, TicketId, TicketTypeId},
        money::Money,
    };
    use services::{
        Services,
        orders::{ChangePage, ExchangeError, ExchangePreview, ExchangeWish, OrderView},
    };

    use crate::{
        ApiError, ErrorKind,
        checkout::{
            ChangeDateView, ChangeOfferView, ChangePreviewView, ChangeTicketView,
            ChangeTicketsView, EventBrief,
        },
        values::Moment,
    };

    fn bad() -> ApiError {
        ApiError::new(ErrorKind::Invalid, "bad_request")
    }

    fn parts(list: &str) -> impl Iterator<Item = &str> {
        list.split(',').filter(|part| !part.is_empty())
    }

    pub(crate) fn wish(chosen: &str) -> Result<ExchangeWish, ApiError> {
        if chosen.is_empty() {
            return Ok(ExchangeWish::default());
        }
        let mut three = chosen.splitn(3, '|');
        let mut next = || three.next().ok_or_else(bad);
        let (tickets, event, wanted) = (next()?, next()?, next()?);
        let tickets = parts(tickets)
            .map(str::parse::<TicketId>)
            .collect::<Result<_, _>>();
        let event = Some(event).filter(|event| !event.is_empty());
        let event = event.map(str::parse::<EventId>).transpose();
        let wanted = parts(wanted)
            .map(|part| {
                let (id, number) = part.split_once(':')?;
                let id = id.parse::<TicketTypeId>().ok()?;
                Some((
                    id,
                    number.parse::<u16>().ok().filter(|number| *number <= 100)?,
                ))
            })
            .collect::<Option<Vec<_>>>();
        Ok(ExchangeWish {
            tickets: tickets.map_err(|_| bad())?,
            event: event.map_err(|_| bad())?,
            wanted: wanted.ok_or_else(bad)?,
        })
    }

    pub(crate) fn accepted(text: &str) -> Result<ExchangePreview, ApiError> {
        serde_json::from_str(text).map_err(|_| bad())
    }

    pub(crate) fn refused(e: ExchangeError) -> ApiError {
        match e {
            ExchangeError::NotFound => ApiError::not_found(),
            ExchangeError::Unexpected(e) => e.into(),
            e => ApiError::conflict(e.code()),
        }
    }

    pub(crate) fn view(
        sv: &Services,
        (secret, chosen): (String, String),
        order: &OrderView,
        page: ChangePage,
    ) -> Result<ChangeTicketsView, ApiError> {
        let zone = order.event.time_zone.as_str();
        let wish = wish(&chosen)?;
        let nothing = Money::zero(order.total.currency);
        let (preview, fault) = match page.preview {
            None => (None, None),
            Some(Ok(preview)) => (Some(shown(chosen, preview)?), None),
            Some(Err(e)) => (None, Some(e.code().to_owned())),
        };
        Ok(ChangeTicketsView {
            secret,
            code: page.code.to_string(),
            event: EventBrief::new(sv, &order.event),
            why_not: page.why_not.map(str::to_owned),
            until: page.last_chance.map(|until| Moment::new(until, zone)),
            fee: page
                .terms
                .map_or(nothing, |terms| terms.fee(nothing.currency)),
            returns_difference: page.terms.is_none_or(|terms| terms.returns_difference),
            tickets: page
                .tickets
                .iter()
                .filter_map(|given| {
                    let ticket = order.tickets.iter().find(|ticket| ticket.id == given.id)?;
                    Some(ChangeTicketView {
                        id: given.id.to_string(),
                        holder: ticket.holder_name.clone(),
                        type_name: ticket.type_name.clone(),
                        paid: given.paid,
                        why_not: given.why_not.clone(),
                    })
                })
                .collect(),
            dates: page
                .dates
                .into_iter()
                .map(|date| ChangeDateView {
                    id: date.id.to_string(),
                    starts: Moment::new(date.starts_at, &date.time_zone),
                    title: date.title,
                    city: date.city,
                })
                .collect(),
            date: wish.event.unwrap_or(page.own_event).to_string(),
            offers: page
                .offers
                .into_iter()
                .map(|offer| ChangeOfferView {
                    id: offer.id,
                    name: offer.name,
                    unit: offer.unit,
                    on_sale: matches!(
                        offer.status,
                        SaleStatus::OnSale | SaleStatus::FewLeft { .. }
                    ),
                    max: offer.max_per_order,
                })
                .collect(),
            preview,
            fault,
        })
    }

    fn shown(chosen: String, preview: ExchangePreview) -> Result<ChangePreviewView, ApiError> {
        let accepted = serde_json::to_string(&preview)
            .map_err(|e| services::Unexpected::new("exchange preview", e))?;
        let money = preview.money;
        Ok(ChangePreviewView {
            given: preview.given,
            wanted: preview.wanted,
            total: preview.total,
            value: money.value,
            fee: money.fee,
            credit: money.credit,
            to_pay: money.to_pay,
            back: money.back,
            kept: money.kept,
            chosen,
            accepted,
        })
    }
}

#[cfg(feature = "ssr")]
pub(crate) use make::{accepted, refused, view, wish};

#[cfg(test)]
mod tests {
    use super::{choice, wanted};

    #[test]
    fn an_address_names_what_is_wanted() {
        let query = [
            ("t", "a"),
            ("tickets[tx]", "2"),
            ("tickets[ty]", "0"),
            ("e", "z"),
        ];
        let found = wanted(query.map(|(name, value)| (name, value.to_owned())));
        let pair = |id: &str, number: &str| (id.to_owned(), number.to_owned());
        assert_eq!(found, [pair("x", "2"), pair("y", "0")]);
        assert_eq!(choice(&["a".to_owned()], "z", &found), "a|z|x:2");
    }
}
