//! What must be true of every document. What the norm says is tried by `tests/norm.rs`.

use domain::{
    invoices::{Category, Document, Kind, Line, Party, Reference},
    money::Currency,
    pricing::Rate,
};
use jiff::civil::date;
use proptest::prelude::*;

use super::{pdf, xml};

include!("samples.rs");

#[test]
fn the_same_document_gives_the_same_bytes() {
    for (name, document) in samples() {
        assert_eq!(pdf(&document).unwrap(), pdf(&document).unwrap(), "{name}");
    }
}

#[test]
fn without_the_sellers_data_there_is_a_page_and_no_structured_half() {
    let mut document = sample();
    document.seller = Party {
        name: "Somebody".into(),
        ..Party::default()
    };
    assert_eq!(xml(&document).unwrap(), None);
    let bytes = pdf(&document).unwrap();
    assert!(bytes.starts_with(b"%PDF-1.7"));
    assert!(!bytes.windows(8).any(|w| w == b"factur-x"));
}

#[test]
fn three_decimals_are_written_only_where_the_norm_can_hold_them() {
    let mut document = sample();
    document.currency = Currency::KWD;
    document.lines[0].net = 12_340;
    document.lines[0].tax = 1_230;
    let written = xml(&document).unwrap().unwrap();
    assert!(
        written.contains("<ram:LineTotalAmount>12.34</ram:LineTotalAmount>"),
        "{written}"
    );
    document.lines[0].net = 12_345;
    assert_eq!(xml(&document).unwrap(), None);
}

#[test]
fn what_people_typed_stays_text() {
    let mut document = sample();
    document.buyer.name = "</ram:Name><x> & \"Söhne\" \u{7}".into();
    let written = xml(&document).unwrap().unwrap();
    assert!(
        written.contains("&lt;/ram:Name&gt;&lt;x&gt; &amp; "),
        "{written}"
    );
    assert!(!written.contains('\u{7}'));
    pdf(&document).unwrap();
}

#[test]
fn many_lines_take_several_pages() {
    let mut document = sample();
    let line = document.lines[0].clone();
    document.lines = vec![line; 60];
    let bytes = pdf(&document).unwrap();
    let pages = |bytes: &[u8]| {
        bytes
            .windows(11)
            .filter(|w| *w == b"/Type/Page/" || *w == b"/Type /Page")
            .count()
    };
    assert!(pages(&bytes) >= 3, "{}", pages(&bytes));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever anybody is called, in whatever script, there is a page.
    #[test]
    fn every_name_can_be_printed(name in "\\PC{0,60}", text in "[\\p{Arabic}\\p{Latin}\\p{Cyrillic}\\p{Han} 0-9%€\u{2068}\u{2069}]{0,80}") {
        let mut document = sample();
        document.buyer.name = name;
        document.lines[0].text = text;
        for locale in ["en", "ar"] {
            document.locale = locale.into();
            prop_assert!(pdf(&document).is_ok());
        }
    }
}
