//! What stands where on the page.

use domain::{
    invoices::{Category, Document, Kind, Line, TaxGroup, Totals},
    money::{Money, MoneyError},
};
use jiff::civil::Date;
use locales::{Locale, dates, documents as t, isolate, money, numbers::rate as percent};

use crate::{
    sheet::{Align, Ink, Sheet, Style, WIDTH},
    text::Fonts,
    words::{notes, party},
};

const EDGE: f32 = 56.0;
const FAR: f32 = WIDTH - EDGE;
/// Where the second half of the page begins.
const MIDDLE: f32 = EDGE + (FAR - EDGE) / 2.0;
/// Below this nothing but the foot of the page is written.
const FLOOR: f32 = 762.0;

const LABEL: Style = Style::new(7.5).muted();
const BODY: Style = Style::new(9.5);
const LEADING: f32 = 14.0;
const ROW: Style = Style::new(10.0);

/// Where the columns of the table end; the description is before them.
const QUANTITY: f32 = EDGE + 268.0;
const NET: f32 = EDGE + 342.0;
const TAX: f32 = EDGE + 392.0;
const TEXT_WIDTH: f32 = 226.0;

/// A row of the table with its text broken into lines.
struct Row<'a> {
    line: &'a Line,
    text: Vec<String>,
}

impl Row<'_> {
    fn height(&self) -> f32 {
        let lines = self.text.iter().fold(0.0, |sum, _| sum + LEADING);
        lines + 12.0
    }
}

/// A document laid out on pages.
pub struct Layout<'a> {
    l: Locale,
    document: &'a Document,
    totals: Totals,
    /// Sender and recipient, line by line; the first is their name.
    seller: Vec<String>,
    buyer: Vec<String>,
    notes: Vec<String>,
    /// The rows of each page.
    rows: Vec<Vec<Row<'a>>>,
}

impl<'a> Layout<'a> {
    pub fn new(document: &'a Document, l: Locale, fonts: &Fonts) -> Result<Self, MoneyError> {
        let totals = document.totals()?;
        let half = (MIDDLE - EDGE - 16.0) / BODY.size;
        let mut layout = Self {
            l,
            document,
            seller: party(l, &document.seller, fonts, half),
            buyer: party(l, &document.buyer, fonts, half),
            notes: notes(l, document, &totals)
                .iter()
                .flat_map(|note| fonts.wrap(note, BODY.weight, (FAR - EDGE) / 9.0))
                .collect(),
            totals,
            rows: Vec::new(),
        };
        layout.rows = layout.paged(fonts);
        Ok(layout)
    }

    /// Spreads the rows over pages, so that the sums fit below the last of them.
    fn paged(&self, fonts: &Fonts) -> Vec<Vec<Row<'a>>> {
        let mut pages = vec![Vec::new()];
        let mut y = self.table_top(0) + 24.0;
        for line in &self.document.lines {
            let row = Row {
                line,
                text: fonts.wrap(&line.text, ROW.weight, TEXT_WIDTH / ROW.size),
            };
            if y + row.height() > FLOOR {
                pages.push(Vec::new());
                y = self.table_top(1) + 24.0;
            }
            y += row.height();
            if let Some(page) = pages.last_mut() {
                page.push(row);
            }
        }
        if y + self.sums_height() > FLOOR {
            pages.push(Vec::new());
        }
        pages
    }

    pub fn pages(&self) -> usize {
        self.rows.len()
    }

    /// What it is: without the seller's tax data it proves a payment, and no tax.
    pub fn title(&self) -> &'static str {
        match self.document.kind {
            Kind::CreditNote | Kind::PlatformCredit => t::credit_note(self.l),
            Kind::Invoice | Kind::Platform if self.document.is_full() => t::invoice(self.l),
            Kind::Invoice | Kind::Platform => t::receipt(self.l),
        }
    }

    pub fn draw(&self, number: usize, sheet: &mut Sheet) {
        if number == 0 {
            self.head(sheet);
            self.parties(sheet);
        } else {
            self.running_head(sheet);
        }
        let mut y = self.table_top(number);
        let rows = self.rows.get(number).map_or(&[][..], Vec::as_slice);
        if !rows.is_empty() {
            y = self.table(sheet, y, rows);
        }
        if number + 1 == self.pages() {
            self.sums(sheet, y);
        }
        self.foot(sheet, number);
    }

    fn head(&self, sheet: &mut Sheet) {
        let document = self.document;
        let name = isolate(self.l, &document.seller.name);
        sheet.text((EDGE, 66.0), Align::Start, Style::new(11.0).bold(), &name);
        // Arabic letters reach further up and down.
        let size = if self.l.is_rtl() { 36.0 } else { 44.0 };
        let title = Style::new(size).bold();
        sheet.text((EDGE - 2.0, 138.0), Align::Start, title, self.title());
        sheet.text(
            (FAR, 138.0),
            Align::End,
            Style::new(13.0).figures(),
            &isolate(self.l, &document.number),
        );
        sheet.rule((EDGE, FAR), 158.0, 1.6, Ink::Full);
        let mut facts = vec![
            (t::number(self.l), document.number.clone()),
            (t::issued(self.l), self.date(document.issued_on)),
        ];
        if let Some(on) = document.supplied_on {
            let label = match document.kind {
                Kind::Platform | Kind::PlatformCredit => t::period(self.l),
                Kind::Invoice | Kind::CreditNote => t::supplied(self.l),
            };
            facts.push((label, self.date(on)));
        }
        if let Some(corrected) = &document.corrects {
            let label = match document.kind {
                Kind::CreditNote | Kind::PlatformCredit => t::corrects_credit(self.l),
                Kind::Invoice if !document.dispute.is_empty() => t::cancels_credit(self.l),
                Kind::Invoice | Kind::Platform => t::corrects_invoice(self.l),
            };
            facts.push((label, corrected.number.clone()));
        } else if !document.order.is_empty() {
            facts.push((t::order(self.l), document.order.clone()));
        }
        let mut x = EDGE;
        for (label, value) in facts {
            sheet.text((x, 184.0), Align::Start, LABEL, label);
            sheet.text(
                (x, 199.0),
                Align::Start,
                BODY.figures(),
                &isolate(self.l, &value),
            );
            x += (FAR - EDGE) / 4.0;
        }
    }

    fn parties(&self, sheet: &mut Sheet) {
        for (x, label, lines) in [
            (EDGE, t::from(self.l), &self.seller),
            (MIDDLE, t::to(self.l), &self.buyer),
        ] {
            let mut y = 240.0;
            sheet.text((x, y), Align::Start, LABEL, label);
            y += 2.0;
            for (at, line) in lines.iter().enumerate() {
                y += LEADING;
                let style = if at == 0 { BODY.bold() } else { BODY };
                sheet.text((x, y), Align::Start, style, &isolate(self.l, line));
            }
        }
    }

    fn running_head(&self, sheet: &mut Sheet) {
        let what = format!(
            "{} {}",
            self.title(),
            isolate(self.l, &self.document.number)
        );
        sheet.text((EDGE, 66.0), Align::Start, BODY.bold(), &what);
        sheet.rule((EDGE, FAR), 82.0, 1.6, Ink::Full);
    }

    /// Where the table's head is on a page.
    fn table_top(&self, number: usize) -> f32 {
        if number > 0 {
            return 112.0;
        }
        let tallest = if self.seller.len() > self.buyer.len() {
            &self.seller
        } else {
            &self.buyer
        };
        let subject = if self.document.subject.is_empty() {
            0.0
        } else {
            30.0
        };
        tallest.iter().fold(242.0, |y, _| y + LEADING) + 46.0 + subject
    }

    fn table(&self, sheet: &mut Sheet, mut y: f32, rows: &[Row]) -> f32 {
        let document = self.document;
        if y > 200.0 && !document.subject.is_empty() {
            let subject = Style::new(12.0).bold();
            let text = isolate(self.l, &document.subject);
            sheet.text((EDGE, y - 26.0), Align::Start, subject, &text);
        }
        sheet.text((EDGE, y), Align::Start, LABEL, t::what(self.l));
        for (x, label) in [
            (QUANTITY, t::quantity(self.l)),
            (NET, t::net(self.l)),
            (TAX, t::tax(self.l)),
            (FAR, t::amount(self.l)),
        ] {
            sheet.text((x, y), Align::End, LABEL, label);
        }
        sheet.rule((EDGE, FAR), y + 7.0, 0.8, Ink::Full);
        y += 24.0;
        for (at, row) in rows.iter().enumerate() {
            if at > 0 {
                sheet.rule((EDGE, FAR), y - 16.0, 0.5, Ink::Line);
            }
            let line = row.line;
            let style = ROW.figures();
            let count = line.quantity.to_string();
            sheet.text((QUANTITY, y), Align::End, style, &count);
            sheet.text((NET, y), Align::End, style, &self.amount(line.net));
            let rate = match line.category {
                Category::O => "–".to_owned(),
                Category::S | Category::Z | Category::E | Category::AE => percent(line.rate),
            };
            sheet.text((TAX, y), Align::End, style, &rate);
            let gross = line.net.saturating_add(line.tax);
            sheet.text((FAR, y), Align::End, style, &self.amount(gross));
            let mut line_y = y;
            for text in &row.text {
                sheet.text((EDGE, line_y), Align::Start, ROW, &isolate(self.l, text));
                line_y += LEADING;
            }
            y += row.height();
        }
        y - 6.0
    }

    fn sums_height(&self) -> f32 {
        let taxes = self.totals.taxes.iter().fold(0.0, |sum, _| sum + 17.0);
        let notes = self.notes.iter().fold(0.0, |sum, _| sum + 13.0);
        132.0 + taxes + notes
    }

    fn sums(&self, sheet: &mut Sheet, mut y: f32) {
        sheet.rule((EDGE, FAR), y - 10.0, 0.8, Ink::Full);
        let mut row = |y: f32, label: &str, value: i64| {
            sheet.text((MIDDLE, y), Align::Start, BODY, label);
            let value = self.amount(value);
            sheet.text((FAR, y), Align::End, BODY.figures(), &value);
        };
        y += 12.0;
        row(y, t::net_total(self.l), self.totals.net);
        for group in &self.totals.taxes {
            y += 17.0;
            row(y, &self.tax_label(group), group.tax);
        }
        y += 16.0;
        sheet.rule((MIDDLE, FAR), y, 1.6, Ink::Full);
        y += 30.0;
        let label = match self.document.kind {
            Kind::CreditNote | Kind::PlatformCredit => t::total_credit(self.l),
            Kind::Invoice | Kind::Platform => t::total(self.l),
        };
        let (big, total) = (Style::new(20.0).bold(), self.amount(self.totals.gross));
        sheet.text((MIDDLE, y), Align::Start, Style::new(12.0).bold(), label);
        sheet.text((FAR, y), Align::End, big.figures(), &total);
        y += 22.0;
        sheet.text((MIDDLE, y), Align::Start, BODY.muted(), &self.settled());
        y += 34.0;
        for note in &self.notes {
            sheet.text((EDGE, y), Align::Start, Style::new(9.0), note);
            y += 13.0;
        }
    }

    /// What is still to be done about the amount.
    fn settled(&self) -> String {
        match (self.document.kind, self.document.paid_on) {
            (Kind::CreditNote, _) if !self.document.dispute.is_empty() => {
                t::taken_by_bank(self.l).to_owned()
            }
            (Kind::CreditNote, _) => t::goes_back(self.l).to_owned(),
            (Kind::Platform, Some(_)) => t::kept_from_sales(self.l).to_owned(),
            (Kind::PlatformCredit, _) => t::given_back_with_sales(self.l).to_owned(),
            (Kind::Invoice, Some(on)) => t::paid_on(self.l, self.date(on)),
            (Kind::Invoice | Kind::Platform, None) => {
                t::due(self.l, self.amount(self.totals.gross))
            }
        }
    }

    fn tax_label(&self, group: &TaxGroup) -> String {
        match group.category {
            Category::S | Category::Z => {
                t::tax_of(self.l, self.amount(group.net), percent(group.rate))
            }
            Category::E | Category::AE | Category::O => t::no_tax(self.l).to_owned(),
        }
    }

    fn foot(&self, sheet: &mut Sheet, number: usize) {
        let y = 802.0;
        sheet.rule((EDGE, FAR), y - 18.0, 0.5, Ink::Line);
        let seller = &self.document.seller;
        let mut who = isolate(self.l, &seller.name).into_owned();
        if !seller.email.is_empty() {
            who.push_str("  ·  ");
            who.push_str(&isolate(self.l, &seller.email));
        }
        sheet.text((EDGE, y), Align::Start, LABEL, &who);
        let page = t::page(self.l, number + 1, self.pages());
        sheet.text((FAR, y), Align::End, LABEL, &page);
    }

    fn amount(&self, minor: i64) -> String {
        money::format(self.l, Money::new(minor, self.document.currency))
    }

    fn date(&self, date: Date) -> String {
        dates::date_long(self.l, date)
    }
}
