use proptest::prelude::*;

use super::*;

fn line(net: i64, tax: i64, rate_bp: u16) -> Line {
    Line {
        text: "Ticket".into(),
        quantity: 2,
        net,
        tax,
        rate_bp,
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
        .map(|g| (g.rate_bp, g.net, g.tax))
        .collect();
    assert_eq!(rates, [(2200, 2000, 440), (950, 500, 48)]);
}

#[test]
fn no_more_goes_back_than_was_there() {
    let lines = [line(1000, 220, 2200)];
    let none = [Credited::default()];
    assert_eq!(credit(&lines, &none, 1221), Err(CreditError::TooLarge));
    assert_eq!(credit(&lines, &none, 0), Err(CreditError::Nothing));
    assert_eq!(credit(&lines, &[], 5), Err(CreditError::Unfitting));
    let all = credit(&lines, &none, 1220).unwrap();
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
    /// The notes of an order that was given back in any portions sum to its invoice, line by line, to the last cent.
    #[test]
    fn portions_sum_to_the_invoice(lines in lines(), cuts in prop::collection::vec(1_i64..1_000_000, 0..12)) {
        let total = group(&lines).unwrap().gross;
        prop_assume!(total > 0);
        let mut gone = vec![Credited::default(); lines.len()];
        let mut left = total;
        for amount in cuts.into_iter().map(Some).chain([None]) {
            let amount = amount.unwrap_or(left).min(left);
            if amount == 0 {
                continue;
            }
            let note = credit(&lines, &gone, amount).unwrap();
            let rows: Vec<Line> = note.iter().map(|(_, line)| line.clone()).collect();
            prop_assert_eq!(group(&rows).unwrap().gross, amount);
            for (at, row) in note {
                prop_assert!(row.net >= 0 && row.tax >= 0, "{:?}", row);
                gone[at].net += row.net;
                gone[at].tax += row.tax;
            }
            left -= amount;
        }
        prop_assert_eq!(left, 0);
        for (line, gone) in lines.iter().zip(&gone) {
            prop_assert_eq!((line.net, line.tax), (gone.net, gone.tax));
        }
    }

    /// Each part bears its share of the tax, within the rounding.
    #[test]
    fn tax_goes_back_in_proportion(gross in 100_i64..1_000_000, rate in 100_u16..2700, part in 1_i64..100) {
        let net = gross * 10_000 / (10_000 + i64::from(rate));
        let lines = [line(net, gross - net, rate)];
        let amount = (gross * part / 100).max(1);
        let note = credit(&lines, &[Credited::default()], amount).unwrap();
        let exact = i128::from(gross - net) * i128::from(amount);
        let off = i128::from(note[0].1.tax) * i128::from(gross) - exact;
        prop_assert!(off.abs() * 2 <= i128::from(gross));
    }
}
