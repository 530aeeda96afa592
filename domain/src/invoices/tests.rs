use proptest::prelude::*;

use super::*;
use crate::ledger::Takings;

fn line(net: i64, tax: i64, rate_bp: u16) -> Line {
    Line {
        text: "Ticket".into(),
        quantity: 2,
        net,
        tax,
        rate: Rate::from_bp(rate_bp).unwrap(),
        category: if rate_bp == 0 {
            Category::Z
        } else {
            Category::S
        },
        reason: String::new(),
    }
}

#[test]
fn numbers_are_legible_and_safe_in_addresses() {
    let prefix: Prefix = "r".parse().unwrap();
    let year = Series {
        prefix: prefix.clone(),
        year: Some(2026),
    };
    assert_eq!(year.number(17).as_str(), "R-2026-000017");
    assert_eq!(year.number(1_234_567).as_str(), "R-2026-1234567");
    assert_eq!(Series { prefix, year: None }.number(1).as_str(), "R-000001");
    for bad in ["", "../x", "r-1", "R 1", "R-2026-ü"] {
        assert!(bad.parse::<InvoiceNumber>().is_err(), "{bad}");
    }
    for bad in ["", "R-", "ABCDEFGHI", "Ü"] {
        assert!(bad.parse::<Prefix>().is_err(), "{bad}");
    }
}

#[test]
fn vat_ids_name_their_country() {
    assert!(is_vat_id("SI 12345678") && is_vat_id("el-123456789") && is_vat_id("GB123456789"));
    assert!(
        !is_vat_id("12345678") && !is_vat_id("XX123456") && !is_vat_id("SI") && !is_vat_id("SIAB")
    );
    assert_eq!(normal_vat_id(" si 12.345-678"), "SI12345678");
    assert_eq!(country_of_vat_id("EL 123456789").as_deref(), Some("GR"));
    assert_eq!(country_of_vat_id("12345678"), None);
    assert!(is_country("SI") && !is_country("si") && !is_country("XX") && !is_country(""));
}

#[test]
fn lines_of_one_rate_are_one_group() {
    let totals = group(&[
        line(1000, 220, 2200),
        line(500, 48, 950),
        line(1000, 220, 2200),
    ])
    .unwrap();
    assert_eq!((totals.net, totals.tax, totals.gross), (2500, 488, 2988));
    let rates: Vec<_> = totals
        .taxes
        .iter()
        .map(|g| (g.rate.thousandths(), g.net, g.tax))
        .collect();
    assert_eq!(rates, [(22_000, 2000, 440), (9_500, 500, 48)]);
}

#[test]
fn no_more_goes_back_than_was_there() {
    let lines = [line(1000, 220, 2200)];
    let none = [Credited::default()];
    assert_eq!(
        credit(&lines, &none, (1221, 220)),
        Err(CreditError::TooLarge)
    );
    assert_eq!(
        credit(&lines, &none, (500, 221)),
        Err(CreditError::TooLarge)
    );
    assert_eq!(credit(&lines, &none, (0, 0)), Err(CreditError::Nothing));
    assert_eq!(credit(&lines, &[], (5, 1)), Err(CreditError::Unfitting));
    let all = credit(&lines, &none, (1220, 220)).unwrap();
    assert_eq!(all, [(0, lines[0].clone())]);
}

prop_compose! {
    fn lines()(parts in prop::collection::vec((0_i64..5_000_000, 0_u16..3000), 1..8)) -> Vec<Line> {
        parts
            .into_iter()
            .map(|(gross, rate)| {
                let net = gross * 10_000 / (10_000 + i64::from(rate));
                line(net, gross - net, rate)
            })
            .collect()
    }
}

proptest! {
    /// The notes of an order that was given back in any portions sum to its invoice, line by line, to the last cent, and
    /// each has the tax that the books say.
    #[test]
    fn portions_sum_to_the_invoice(lines in lines(), cuts in prop::collection::vec(1_i64..1_000_000, 0..12)) {
        let totals = group(&lines).unwrap();
        prop_assume!(totals.gross > 0);
        let euro = |minor| Money::new(minor, Currency::EUR);
        let takings = Takings { total: euro(totals.gross), tax: euro(totals.tax), fee: euro(0) };
        let mut gone = vec![Credited::default(); lines.len()];
        let mut before = 0;
        for amount in cuts.into_iter().map(Some).chain([None]) {
            let rest = totals.gross - before;
            let amount = amount.unwrap_or(rest).min(rest);
            if amount == 0 {
                continue;
            }
            let back = takings.back(euro(before), euro(amount)).unwrap();
            let note = credit(&lines, &gone, (amount, back.tax.minor)).unwrap();
            let rows: Vec<Line> = note.iter().map(|(_, line)| line.clone()).collect();
            let sums = group(&rows).unwrap();
            prop_assert_eq!((sums.gross, sums.tax), (amount, back.tax.minor));
            for (at, row) in note {
                prop_assert!(row.net >= 0 && row.tax >= 0, "{:?}", row);
                gone[at].net += row.net;
                gone[at].tax += row.tax;
            }
            before += amount;
        }
        prop_assert_eq!(before, totals.gross);
        for (line, gone) in lines.iter().zip(&gone) {
            prop_assert_eq!((line.net, line.tax), (gone.net, gone.tax));
        }
    }
}
