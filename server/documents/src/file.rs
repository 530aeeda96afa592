//! The file around pages: PDF/A-3b, which a reader of the next decade still opens.

use jiff::civil::Date;
use krilla::{
    Document as Pdf, SerializeSettings,
    configure::{Archival, ConfigurationBuilder},
    metadata::{DateTime, Metadata, TextDirection},
    page::PageSettings,
};
use locales::Locale;

use crate::{
    DocumentError,
    sheet::{HEIGHT, Sheet, WIDTH},
    text::Fonts,
};

pub fn open() -> Result<Pdf, DocumentError> {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A3_B)
        .finish()
        .map_err(|e| DocumentError::Pdf(format!("{e:?}")))?;
    Ok(Pdf::new_with(SerializeSettings {
        configuration,
        enable_tagging: false,
        ..SerializeSettings::default()
    }))
}

/// Adds a page of A4.
pub fn page(
    pdf: &mut Pdf,
    fonts: &Fonts,
    l: Locale,
    draw: impl FnOnce(&mut Sheet),
) -> Result<(), DocumentError> {
    let settings = PageSettings::from_wh(WIDTH, HEIGHT)
        .ok_or_else(|| DocumentError::Pdf("no page".to_owned()))?;
    let mut page = pdf.start_page_with(settings);
    let mut surface = page.surface();
    draw(&mut Sheet::new(&mut surface, fonts, l.is_rtl()));
    surface.finish();
    page.finish();
    Ok(())
}

/// What all our files say of themselves.
pub fn described(metadata: Metadata, l: Locale) -> Metadata {
    metadata
        .creator("Bilten".to_owned())
        .producer("Bilten".to_owned())
        .language(l.code().to_owned())
        .text_direction(if l.is_rtl() {
            TextDirection::RightToLeft
        } else {
            TextDirection::LeftToRight
        })
}

pub fn finish(pdf: Pdf) -> Result<Vec<u8>, DocumentError> {
    pdf.finish()
        .map_err(|e| DocumentError::Pdf(format!("{e:?}")))
}

/// Midnight of a day: printing again on it is not a change.
pub fn moment(date: Date) -> DateTime {
    let small = |n: i8| u8::try_from(n).unwrap_or(1);
    DateTime::new(u16::try_from(date.year()).unwrap_or_default())
        .month(small(date.month()))
        .day(small(date.day()))
        .hour(0)
        .minute(0)
        .second(0)
        .utc_offset_hour(0)
}
