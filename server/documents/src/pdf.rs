//! The file around the page: PDF/A-3b, metadata, the embedded structured invoice.

use domain::invoices::Document;
use jiff::civil::Date;
use krilla::{
    Data, Document as Pdf, SerializeSettings,
    configure::{Archival, ConfigurationBuilder},
    embed::{AssociationKind, EmbeddedFile, MimeType},
    metadata::{DateTime, Metadata, TextDirection},
    page::PageSettings,
};
use locales::{Locale, documents as t};

use crate::{
    DocumentError, EMBEDDED,
    page::Layout,
    sheet::{HEIGHT, Sheet, WIDTH},
    text, xmp,
};

pub fn write(document: &Document, structured: Option<String>) -> Result<Vec<u8>, DocumentError> {
    let l = Locale::from_code(&document.locale).unwrap_or_default();
    let fonts = text::fonts()?;
    let layout = Layout::new(document, l, fonts)?;
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A3_B)
        .finish()
        .map_err(|e| DocumentError::Pdf(format!("{e:?}")))?;
    let mut pdf = Pdf::new_with(SerializeSettings {
        configuration,
        enable_tagging: false,
        ..SerializeSettings::default()
    });
    for number in 0..layout.pages() {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT)
            .ok_or_else(|| DocumentError::Pdf("no page".to_owned()))?;
        let mut page = pdf.start_page_with(settings);
        let mut surface = page.surface();
        layout.draw(number, &mut Sheet::new(&mut surface, fonts, l.is_rtl()));
        surface.finish();
        page.finish();
    }
    let made = moment(document.issued_on);
    pdf.set_metadata(
        Metadata::new()
            .title(format!("{} {}", layout.title(), document.number))
            .authors(vec![document.seller.name.clone()])
            .creator("Bilten".to_owned())
            .producer("Bilten".to_owned())
            .language(l.code().to_owned())
            .text_direction(if l.is_rtl() {
                TextDirection::RightToLeft
            } else {
                TextDirection::LeftToRight
            })
            .document_id(format!("{} {}", document.seller.name, document.number))
            .creation_date(made),
    );
    let hybrid = structured.is_some();
    if let Some(xml) = structured {
        pdf.embed_file(EmbeddedFile {
            path: EMBEDDED.to_owned(),
            mime_type: MimeType::new("text/xml"),
            description: Some(t::structured(l).to_owned()),
            association_kind: AssociationKind::Alternative,
            data: Data::from(xml.into_bytes()),
            modification_date: Some(made),
            compress: Some(true),
            location: None,
        })
        .ok_or_else(|| DocumentError::Pdf("the structured invoice is there twice".to_owned()))?;
    }
    let bytes = pdf
        .finish()
        .map_err(|e| DocumentError::Pdf(format!("{e:?}")))?;
    if hybrid {
        xmp::extend(&bytes)
    } else {
        Ok(bytes)
    }
}

/// Midnight of the day it was issued: printing it again is not a change.
fn moment(date: Date) -> DateTime {
    let small = |n: i8| u8::try_from(n).unwrap_or(1);
    DateTime::new(u16::try_from(date.year()).unwrap_or_default())
        .month(small(date.month()))
        .day(small(date.day()))
        .hour(0)
        .minute(0)
        .second(0)
        .utc_offset_hour(0)
}
