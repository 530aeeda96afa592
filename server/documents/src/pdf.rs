//! The file around invoices: metadata, the embedded structured invoice.

use domain::invoices::Document;
use krilla::{
    Data,
    embed::{AssociationKind, EmbeddedFile, MimeType},
    metadata::Metadata,
};
use locales::{Locale, documents as t};

use crate::{DocumentError, EMBEDDED, file, page::Layout, text, xmp};

pub fn write(document: &Document, structured: Option<String>) -> Result<Vec<u8>, DocumentError> {
    let l = Locale::from_code(&document.locale).unwrap_or_default();
    let fonts = text::fonts()?;
    let layout = Layout::new(document, l, fonts)?;
    let mut pdf = file::open()?;
    for number in 0..layout.pages() {
        file::page(&mut pdf, fonts, l, |sheet| layout.draw(number, sheet))?;
    }
    let made = file::moment(document.issued_on);
    let named = Metadata::new()
        .title(format!("{} {}", layout.title(), document.number))
        .authors(vec![document.seller.name.clone()])
        .document_id(format!("{} {}", document.seller.name, document.number))
        .creation_date(made);
    pdf.set_metadata(file::described(named, l));
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
    let bytes = file::finish(pdf)?;
    if hybrid {
        xmp::extend(&bytes)
    } else {
        Ok(bytes)
    }
}
