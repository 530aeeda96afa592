//! What stands where on a ticket: the code is the largest thing, and reading begins with what and when.

use locales::{checkout, documents as t, isolate};

use super::{Ticket, Tickets};
use crate::{
    sheet::{Align, Ink, Sheet, Style, WIDTH},
    text::Fonts,
};

const EDGE: f32 = 56.0;
const FAR: f32 = WIDTH - EDGE;
/// Printed at 7 cm a side a code is read from an arm's length.
const CODE: f32 = 200.0;
/// Where facts end, so that the code keeps white around it (ISO/IEC 18004 asks for four modules).
const FACTS: f32 = FAR - CODE - 32.0 - EDGE;

const LABEL: Style = Style::new(8.5).muted();
const FACT: Style = Style::new(12.0);
const SMALL: Style = Style::new(9.5);

pub fn draw(tickets: &Tickets, ticket: &Ticket, fonts: &Fonts, sheet: &mut Sheet) {
    let l = tickets.locale;
    let organizer = isolate(l, &tickets.organizer);
    sheet.text((EDGE, 66.0), Align::Start, FACT.bold(), &organizer);
    // Arabic letters reach further up and down.
    let size = if l.is_rtl() { 28.0 } else { 34.0 };
    let title = Style::new(size).bold();
    let mut y = 112.0;
    for line in fonts.wrap(&tickets.title, title.weight, (FAR - EDGE) / size) {
        sheet.text((EDGE - 1.0, y), Align::Start, title, &isolate(l, &line));
        y += size * 1.16;
    }
    y -= size * 1.16 - 20.0;
    sheet.rule((EDGE, FAR), y, 1.6, Ink::Full);
    let top = y + 28.0;
    sheet.squares((FAR - CODE, top), CODE, &ticket.code);

    let which = format!(
        "{} · {}",
        isolate(l, &tickets.order),
        checkout::ticket_of(l, tickets.all, ticket.number)
    );
    y = top + 8.0;
    for (label, text, strong) in [
        (t::when(l), tickets.when.as_str(), true),
        (t::place(l), tickets.place.as_str(), false),
        (t::ticket(l), ticket.kind.as_str(), true),
        (t::holder(l), ticket.holder.as_str(), true),
        (t::order(l), which.as_str(), false),
    ] {
        if text.is_empty() {
            continue;
        }
        let style = if strong { FACT.bold() } else { FACT };
        sheet.text((EDGE, y), Align::Start, LABEL, label);
        for line in fonts.wrap(text, style.weight, FACTS / style.size) {
            y += 16.5;
            sheet.text((EDGE, y), Align::Start, style, &isolate(l, &line));
        }
        y += 26.0;
    }

    y = y.max(top + CODE + 30.0) + 2.0;
    sheet.rule((EDGE, FAR), y, 0.5, Ink::Line);
    y += 22.0;
    for line in fonts.wrap(t::once(l), SMALL.weight, (FAR - EDGE) / SMALL.size) {
        sheet.text((EDGE, y), Align::Start, SMALL, &line);
        y += 14.0;
    }
    let contact = isolate(l, &tickets.organizer_email);
    sheet.text((EDGE, y), Align::Start, SMALL.muted(), &contact);
}
