//! The structured invoice: Cross Industry Invoice (UN/CEFACT D22B) as EN 16931 narrows it down. The order of elements is
//! the schema's. BT-… are the norm's names for what is written.

use std::io;

use domain::{
    invoices::{Category, Document, Kind, Line, Party, TaxGroup, Totals, is_vat_id, normal_vat_id},
    money::Money,
    pricing::Rate,
};
use jiff::civil::Date;
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};

use crate::DocumentError;

const RSM: &str = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100";
const RAM: &str =
    "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100";
const UDT: &str = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100";
const QDT: &str = "urn:un:unece:uncefact:data:standard:QualifiedDataType:100";
/// BT-24, the profile.
const PROFILE: &str = "urn:cen.eu:en16931:2017";
/// Piece, of UN/ECE Recommendation 20.
const PIECE: &str = "C62";
/// Online payment service, of UNTDID 4461.
const PAID_ONLINE: &str = "68";
/// Clearing between partners, of the same list: the platform keeps its fees of what it collects.
const CLEARED: &str = "97";

type Xml = Writer<Vec<u8>>;
type Done = io::Result<()>;

pub fn write(document: &Document) -> Result<String, DocumentError> {
    let totals = document.totals()?;
    let mut w = Writer::new(Vec::new());
    w.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    w.create_element("rsm:CrossIndustryInvoice")
        .with_attributes([
            ("xmlns:rsm", RSM),
            ("xmlns:ram", RAM),
            ("xmlns:udt", UDT),
            ("xmlns:qdt", QDT),
        ])
        .write_inner_content(|w| {
            within(w, "rsm:ExchangedDocumentContext", |w| {
                within(w, "ram:GuidelineSpecifiedDocumentContextParameter", |w| {
                    text(w, "ram:ID", PROFILE)
                })
            })?;
            head(w, document)?;
            within(w, "rsm:SupplyChainTradeTransaction", |w| {
                for (at, row) in document.lines.iter().enumerate() {
                    line(w, document, at + 1, row)?;
                }
                agreement(w, document)?;
                delivery(w, document)?;
                settlement(w, document, &totals)
            })
        })?;
    String::from_utf8(w.into_inner()).map_err(|e| DocumentError::Xml(io::Error::other(e)))
}

fn head(w: &mut Xml, document: &Document) -> Done {
    let code = match document.kind {
        Kind::Invoice | Kind::Platform => "380",
        Kind::CreditNote | Kind::PlatformCredit => "381",
    };
    within(w, "rsm:ExchangedDocument", |w| {
        text(w, "ram:ID", &document.number)?;
        text(w, "ram:TypeCode", code)?;
        within(w, "ram:IssueDateTime", |w| {
            date(w, "udt:DateTimeString", document.issued_on)
        })?;
        if !document.subject.is_empty() {
            within(w, "ram:IncludedNote", |w| {
                text(w, "ram:Content", &document.subject)
            })?;
        }
        Ok(())
    })
}

fn line(w: &mut Xml, document: &Document, number: usize, line: &Line) -> Done {
    let net = amount(document, line.net);
    let quantity = line.quantity.to_string();
    let pieces = [("unitCode", PIECE)];
    within(w, "ram:IncludedSupplyChainTradeLineItem", |w| {
        within(w, "ram:AssociatedDocumentLineDocument", |w| {
            text(w, "ram:LineID", &number.to_string())
        })?;
        within(w, "ram:SpecifiedTradeProduct", |w| {
            text(w, "ram:Name", &line.text)
        })?;
        // The price of all pieces together: a net price of one may have no end of decimals.
        within(w, "ram:SpecifiedLineTradeAgreement", |w| {
            within(w, "ram:NetPriceProductTradePrice", |w| {
                text(w, "ram:ChargeAmount", &net)?;
                text_with(w, "ram:BasisQuantity", &pieces, &quantity)
            })
        })?;
        within(w, "ram:SpecifiedLineTradeDelivery", |w| {
            text_with(w, "ram:BilledQuantity", &pieces, &quantity)
        })?;
        within(w, "ram:SpecifiedLineTradeSettlement", |w| {
            within(w, "ram:ApplicableTradeTax", |w| {
                text(w, "ram:TypeCode", "VAT")?;
                text(w, "ram:CategoryCode", line.category.code())?;
                rate(w, line.category, line.rate)
            })?;
            within(
                w,
                "ram:SpecifiedTradeSettlementLineMonetarySummation",
                |w| text(w, "ram:LineTotalAmount", &net),
            )
        })
    })
}

fn agreement(w: &mut Xml, document: &Document) -> Done {
    // Where nothing is subject to tax, no VAT id may be named (BR-O-2).
    let outside = document.lines.iter().any(|l| l.category == Category::O);
    within(w, "ram:ApplicableHeaderTradeAgreement", |w| {
        party(w, "ram:SellerTradeParty", &document.seller, outside, true)?;
        party(w, "ram:BuyerTradeParty", &document.buyer, outside, false)?;
        if !document.order.is_empty() {
            within(w, "ram:SellerOrderReferencedDocument", |w| {
                text(w, "ram:IssuerAssignedID", &document.order)
            })?;
        }
        Ok(())
    })
}

fn party(w: &mut Xml, name: &str, party: &Party, outside: bool, seller: bool) -> Done {
    let vat_id = normal_vat_id(&party.vat_id);
    let vat_id = Some(vat_id).filter(|id| !outside && is_vat_id(id));
    // Without a VAT id and an entry in a register, the tax number is who they are (BR-CO-26).
    let nameless = seller && vat_id.is_none() && party.registration.is_empty();
    within(w, name, |w| {
        if nameless {
            let id = if party.tax_number.is_empty() {
                &party.vat_id
            } else {
                &party.tax_number
            };
            some(w, "ram:ID", id)?;
        }
        text(w, "ram:Name", &party.name)?;
        if !party.registration.is_empty() {
            within(w, "ram:SpecifiedLegalOrganization", |w| {
                text(w, "ram:ID", &party.registration)
            })?;
        }
        within(w, "ram:PostalTradeAddress", |w| {
            some(w, "ram:PostcodeCode", &party.postcode)?;
            let mut lines = party.address.iter();
            for element in ["ram:LineOne", "ram:LineTwo"] {
                some(w, element, lines.next().map_or("", String::as_str))?;
            }
            let rest: Vec<&str> = lines.map(String::as_str).collect();
            some(w, "ram:LineThree", &rest.join(", "))?;
            some(w, "ram:CityName", &party.city)?;
            text(w, "ram:CountryID", &party.country)
        })?;
        if let Some(id) = &vat_id {
            registration(w, "VA", id)?;
        }
        if seller && !party.tax_number.is_empty() && !outside {
            registration(w, "FC", &party.tax_number)?;
        }
        Ok(())
    })
}

fn registration(w: &mut Xml, scheme: &str, id: &str) -> Done {
    within(w, "ram:SpecifiedTaxRegistration", |w| {
        text_with(w, "ram:ID", &[("schemeID", scheme)], id)
    })
}

fn delivery(w: &mut Xml, document: &Document) -> Done {
    within(w, "ram:ApplicableHeaderTradeDelivery", |w| {
        let Some(on) = document.supplied_on else {
            return Ok(());
        };
        within(w, "ram:ActualDeliverySupplyChainEvent", |w| {
            within(w, "ram:OccurrenceDateTime", |w| {
                date(w, "udt:DateTimeString", on)
            })
        })
    })
}

fn settlement(w: &mut Xml, document: &Document, totals: &Totals) -> Done {
    within(w, "ram:ApplicableHeaderTradeSettlement", |w| {
        text(w, "ram:InvoiceCurrencyCode", document.currency.as_str())?;
        if document.paid_on.is_some() {
            let means = match document.kind {
                Kind::Invoice | Kind::CreditNote => PAID_ONLINE,
                Kind::Platform | Kind::PlatformCredit => CLEARED,
            };
            within(w, "ram:SpecifiedTradeSettlementPaymentMeans", |w| {
                text(w, "ram:TypeCode", means)
            })?;
        }
        for group in &totals.taxes {
            tax(w, document, group)?;
        }
        within(
            w,
            "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
            |w| summation(w, document, totals),
        )?;
        let Some(corrected) = &document.corrects else {
            return Ok(());
        };
        within(w, "ram:InvoiceReferencedDocument", |w| {
            text(w, "ram:IssuerAssignedID", &corrected.number)?;
            within(w, "ram:FormattedIssueDateTime", |w| {
                date(w, "qdt:DateTimeString", corrected.issued_on)
            })
        })
    })
}

fn tax(w: &mut Xml, document: &Document, group: &TaxGroup) -> Done {
    within(w, "ram:ApplicableTradeTax", |w| {
        text(w, "ram:CalculatedAmount", &amount(document, group.tax))?;
        text(w, "ram:TypeCode", "VAT")?;
        if group.category.wants_reason() {
            let reason = match (group.reason.as_str(), group.category) {
                ("", Category::AE) => "Reverse charge",
                ("", Category::E) => "Exempt from tax",
                ("", _) => "Not subject to VAT",
                (reason, _) => reason,
            };
            text(w, "ram:ExemptionReason", reason)?;
        }
        text(w, "ram:BasisAmount", &amount(document, group.net))?;
        text(w, "ram:CategoryCode", group.category.code())?;
        // BT-121, of the list of the VAT committee; other reasons are in the seller's words alone.
        match group.category {
            Category::AE => text(w, "ram:ExemptionReasonCode", "VATEX-EU-AE")?,
            Category::O => text(w, "ram:ExemptionReasonCode", "VATEX-EU-O")?,
            Category::S | Category::Z | Category::E => {}
        }
        rate(w, group.category, group.rate)
    })
}

fn summation(w: &mut Xml, document: &Document, totals: &Totals) -> Done {
    let currency = [("currencyID", document.currency.as_str())];
    let gross = amount(document, totals.gross);
    // What was paid is owed no more; a credit note's amount goes back by itself.
    let (paid, due) = match document.paid_on {
        Some(_) => (totals.gross, 0),
        None => (0, totals.gross),
    };
    text(w, "ram:LineTotalAmount", &amount(document, totals.net))?;
    text(w, "ram:TaxBasisTotalAmount", &amount(document, totals.net))?;
    text_with(
        w,
        "ram:TaxTotalAmount",
        &currency,
        &amount(document, totals.tax),
    )?;
    text(w, "ram:GrandTotalAmount", &gross)?;
    text(w, "ram:TotalPrepaidAmount", &amount(document, paid))?;
    text(w, "ram:DuePayableAmount", &amount(document, due))
}

/// BT-119, BT-152; nothing that is not subject to tax has a rate (BR-O-5).
fn rate(w: &mut Xml, category: Category, rate: Rate) -> Done {
    match category {
        Category::O => Ok(()),
        Category::S | Category::Z | Category::E | Category::AE => {
            let (whole, rest) = (rate.thousandths() / 1_000, rate.thousandths() % 1_000);
            let percent = match rest % 10 {
                0 => format!("{whole}.{:02}", rest / 10),
                _ => format!("{whole}.{rest:03}"),
            };
            text(w, "ram:RateApplicablePercent", &percent)
        }
    }
}

/// With the currency's decimals, of which the norm takes two at most.
fn amount(document: &Document, minor: i64) -> String {
    let text = Money::new(minor, document.currency).to_decimal_string();
    match document.currency.exponent() {
        0..=2 => text,
        _ => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
    }
}

fn date(w: &mut Xml, name: &str, date: Date) -> Done {
    // 102: the year, the month and the day without anything between.
    let text = format!("{:04}{:02}{:02}", date.year(), date.month(), date.day());
    text_with(w, name, &[("format", "102")], &text)
}

fn within(w: &mut Xml, name: &str, inner: impl FnOnce(&mut Xml) -> Done) -> Done {
    w.create_element(name).write_inner_content(inner).map(drop)
}

fn text(w: &mut Xml, name: &str, text: &str) -> Done {
    text_with(w, name, &[], text)
}

fn some(w: &mut Xml, name: &str, content: &str) -> Done {
    if content.trim().is_empty() {
        return Ok(());
    }
    text(w, name, content)
}

fn text_with(w: &mut Xml, name: &str, attributes: &[(&str, &str)], text: &str) -> Done {
    // Signs that XML cannot hold are nothing anybody typed.
    let text: String = text
        .chars()
        .filter(|sign| !sign.is_control() && !matches!(sign, '\u{fffe}' | '\u{ffff}'))
        .collect();
    w.create_element(name)
        .with_attributes(attributes.iter().copied())
        .write_text_content(BytesText::new(&text))
        .map(drop)
}
