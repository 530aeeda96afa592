// Documents of several kinds, for the tests here and for those that ask the norm's own checkers.

fn seller() -> Party {
    Party {
        name: "Kino Šiška d.o.o.".into(),
        address: vec!["Trg prekomorskih brigad 3".into()],
        postcode: "1000".into(),
        city: "Ljubljana".into(),
        country: "SI".into(),
        vat_id: "SI12345678".into(),
        tax_number: String::new(),
        registration: "6012345000".into(),
        email: "blagajna@kino.example".into(),
    }
}

fn buyer() -> Party {
    Party {
        name: "Žiga Čuček".into(),
        address: vec!["Dunajska cesta 5".into(), "1000 Ljubljana".into()],
        country: "SI".into(),
        ..Party::default()
    }
}

fn line(text: &str, quantity: u32, (net, tax): (i64, i64), rate_bp: u16) -> Line {
    Line {
        text: text.into(),
        quantity,
        net,
        tax,
        rate: Rate::from_thousandths(rate_bp * 10).unwrap_or_default(),
        category: if rate_bp == 0 { Category::Z } else { Category::S },
        reason: String::new(),
    }
}

fn sample() -> Document {
    Document {
        kind: Kind::Invoice,
        number: "R-2026-000017".into(),
        issued_on: date(2026, 11, 28),
        supplied_on: Some(date(2026, 12, 12)),
        paid_on: Some(date(2026, 11, 28)),
        locale: "en".into(),
        currency: Currency::EUR,
        seller: seller(),
        buyer: buyer(),
        lines: vec![line("Standing", 3, (7377, 1623), 2200)],
        order: "K7QX4R".into(),
        subject: "Night of short films · Kino Šiška".into(),
        corrects: None,
        dispute: String::new(),
    }
}

fn without_tax(category: Category, reason: &str) -> Document {
    let mut document = sample();
    for line in &mut document.lines {
        line.rate = Rate::ZERO;
        line.tax = 0;
        line.category = category;
        line.reason = reason.into();
    }
    document
}

/// One of each kind that a structured invoice exists for.
fn samples() -> Vec<(&'static str, Document)> {
    let two_rates = Document {
        lines: vec![
            line("Standing, with an entry to all halls of the house and a seat by the stage", 3, (7377, 1623), 2200),
            line("Programme booklet", 1, (457, 43), 950),
            line("Cloakroom", 2, (400, 0), 0),
        ],
        ..sample()
    };
    let credit_note = Document {
        kind: Kind::CreditNote,
        number: "D-2026-000003".into(),
        lines: vec![line("Standing", 1, (2459, 541), 2200)],
        corrects: Some(Reference {
            number: "R-2026-000017".into(),
            issued_on: date(2026, 11, 28),
        }),
        ..sample()
    };
    let replaced = Document {
        corrects: credit_note.corrects.clone(),
        number: "R-2026-000018".into(),
        ..sample()
    };
    let lost = Document {
        number: "D-2026-000005".into(),
        dispute: "dp_1QX4R".into(),
        ..credit_note.clone()
    };
    let won = Document {
        kind: Kind::Invoice,
        number: "R-2026-000020".into(),
        corrects: Some(Reference {
            number: lost.number.clone(),
            issued_on: lost.issued_on,
        }),
        ..lost.clone()
    };
    let mut small = without_tax(Category::O, "Small business, not subject to VAT");
    small.seller.vat_id = String::new();
    small.seller.tax_number = "12345678".into();
    let mut reverse = without_tax(Category::AE, "");
    reverse.kind = Kind::Platform;
    reverse.order = String::new();
    reverse.paid_on = None;
    reverse.paid_on = Some(date(2026, 11, 30));
    reverse.subject = "Platform fees of November 2026".into();
    reverse.buyer = Party {
        name: "Halle 7 GmbH".into(),
        address: vec!["Hafenstraße 1".into()],
        postcode: "20457".into(),
        city: "Hamburg".into(),
        country: "DE".into(),
        vat_id: "DE123456789".into(),
        ..Party::default()
    };
    let mut domestic = reverse.clone();
    domestic.number = "P-2026-000002".into();
    domestic.buyer = seller();
    domestic.buyer.tax_number = "87654321".into();
    domestic.lines = vec![line("Platform fees", 1, (10_119, 2_226), 2200)];
    let platform_credit = Document {
        kind: Kind::PlatformCredit,
        number: "PC-2026-000001".into(),
        lines: vec![line("Platform fees", 1, (82, 18), 2200)],
        corrects: Some(Reference {
            number: domestic.number.clone(),
            issued_on: domestic.issued_on,
        }),
        ..domestic.clone()
    };
    let mut out_of_scope = reverse.clone();
    for line in &mut out_of_scope.lines {
        line.category = Category::O;
    }
    out_of_scope.buyer.country = "CH".into();
    out_of_scope.buyer.vat_id = "CHE107787577".into();
    let sold_reverse = Document {
        kind: Kind::Invoice,
        number: "R-2026-000019".into(),
        order: "K7QX4R".into(),
        subject: "Night of short films, to be watched from afar".into(),
        ..reverse.clone()
    };
    let credit_reverse = Document {
        kind: Kind::CreditNote,
        number: "D-2026-000004".into(),
        corrects: Some(Reference {
            number: sold_reverse.number.clone(),
            issued_on: sold_reverse.issued_on,
        }),
        ..sold_reverse.clone()
    };
    let mut city = Document {
        lines: vec![line("Standing", 1, (9_900, 879), 887)],
        currency: Currency::USD,
        ..sample()
    };
    for line in &mut city.lines {
        line.rate = Rate::from_thousandths(8_875).unwrap_or_default();
    }
    let yen = Document {
        currency: Currency::JPY,
        lines: vec![line("Standing", 2, (9091, 909), 1000)],
        ..sample()
    };
    let dinar = Document {
        currency: Currency::KWD,
        locale: "ar".into(),
        lines: vec![line("وقوف", 2, (20_000, 1_000), 500)],
        ..sample()
    };
    let mut arabic = Document {
        locale: "ar".into(),
        subject: "ليلة الأفلام القصيرة · Kino Šiška".into(),
        ..two_rates.clone()
    };
    arabic.buyer.name = "ليلى الحداد".into();
    arabic.lines[0].text = "تذكرة وقوف مع دخول إلى جميع قاعات الدار (3 أيام)".into();
    vec![
        ("one_rate", sample()),
        ("two_rates", two_rates),
        ("exempt", without_tax(Category::E, "Article 132(1)(n) of Directive 2006/112/EC")),
        ("not_subject", small),
        ("reverse_charge", reverse),
        ("sold_reverse", sold_reverse),
        ("credit_reverse", credit_reverse),
        ("platform", domestic),
        ("platform_credit", platform_credit),
        ("out_of_scope", out_of_scope),
        ("rate_of_three_decimals", city),
        ("no_decimals", yen),
        ("three_decimals", dinar),
        ("credit_note", credit_note),
        ("lost", lost),
        ("won", won),
        ("replaced", replaced),
        ("arabic", arabic),
    ]
}
