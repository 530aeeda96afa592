use domain::orders::OrderState;
use services::transfers::{self, UploadError, Which};

use crate::{account, house, table};

#[tokio::test]
async fn only_the_exact_amount_pays_by_itself() {
    let h = house(9).await;
    let mut placed = Vec::new();
    for buyer in ["Ada", "Bob", "Cem", "Dua"] {
        placed.push(h.order_by_transfer(buyer, 1).await);
    }
    let mut refs = Vec::new();
    for one in &placed {
        refs.push(h.reference(one).await);
    }
    let both = format!("{} {}", refs[3], refs[0]);
    let taken = h
        .bank_tells(table(&[
            ("10.00", &refs[0].to_lowercase(), "1"),
            ("9.99", &refs[1], "2"),
            ("10.01", &refs[2], "3"),
            ("10.00", &both, "4"),
            ("10.00", "happy birthday", "5"),
            ("10.00", &refs[0], "6"),
            ("-3.00", "charges", "7"),
        ]))
        .await;
    assert_eq!(taken.new, 7);
    h.w.settle().await;
    let mut reasons: Vec<String> = h
        .to_do()
        .await
        .into_iter()
        .map(|(_, reason)| reason)
        .collect();
    reasons.sort_unstable();
    assert_eq!(
        reasons,
        [
            "already_paid",
            "several",
            "too_little",
            "too_much",
            "unknown"
        ]
    );
    assert_eq!(h.state(&placed[0]).await, OrderState::Paid);
    for one in &placed[1..] {
        assert_eq!(h.state(one).await, OrderState::Pending);
    }
    assert_eq!(h.on("bank").await, 1_000);
    let counts = transfers::counts(&h.w.sv, &h.platform).await.unwrap();
    assert_eq!((counts.to_do, counts.waiting, counts.unapplied), (5, 3, 0));
    h.w.assert_sound().await;
}

#[tokio::test]
async fn overlapping_statements_count_each_line_once() {
    let h = house(9).await;
    let (one, two) = (
        h.order_by_transfer("Ada", 1).await,
        h.order_by_transfer("Bob", 1).await,
    );
    let (first, second) = (h.reference(&one).await, h.reference(&two).await);
    let monday = table(&[("10.00", &first, "A")]);
    let week = table(&[
        ("10.00", &first, "A"),
        ("10.00", &second, "B"),
        ("7.00", "twin", ""),
        ("7.00", "twin", ""),
    ]);
    assert_eq!(h.bank_tells(monday.clone()).await.new, 1);
    assert_eq!(h.bank_tells(week.clone()).await.new, 3);
    assert_eq!(
        h.bank_tells(monday).await.new,
        1,
        "what it brought the first time"
    );
    assert_eq!(h.bank_tells(week).await.new, 3);
    h.w.settle().await;
    assert_eq!(h.w.count("select count(*) from bank_lines").await, 4);
    assert_eq!(h.on("bank").await, 2_000);
    h.w.assert_sound().await;
}

#[tokio::test]
async fn files_of_others_and_files_that_do_not_add_up_are_refused() {
    let h = house(9).await;
    let camt = |iban: &str, closing: &str| {
        format!(
            r#"<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">0.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{closing}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Ntry><Amt Ccy="EUR">5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-27</Dt></BookgDt></Ntry>
</Stmt></BkToCstmrStmt></Document>"#
        )
        .into_bytes()
    };
    let upload = async |file| transfers::upload(&h.w.sv, &h.platform, file).await;
    let other = upload(camt("GB33BUKB20201555555555", "5.00")).await;
    assert!(matches!(other, Err(UploadError::OtherAccount)));
    let wrong = upload(camt(crate::IBAN, "5.01")).await.unwrap_err();
    assert_eq!(wrong.code(), "statement_does_not_add_up");
    assert_eq!(h.w.count("select count(*) from bank_files").await, 0);
    // The account that buyers were told before is still known.
    let moved = domain::transfers::AccountInput {
        iban: "GB33BUKB20201555555555".into(),
        ..account()
    };
    transfers::set_transfers(&h.w.sv, &h.platform, true, &moved)
        .await
        .unwrap();
    let file = upload(camt(crate::IBAN, "5.00")).await.unwrap();
    let seen = transfers::file(&h.w.sv, &h.platform, file.file)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (
            seen.preview.len(),
            seen.row.credits.minor,
            seen.row.taken_in_at
        ),
        (1, 500, None)
    );
    assert_eq!(
        h.w.count("select count(*) from bank_lines").await,
        0,
        "nothing follows before it is taken in"
    );
    assert!(
        transfers::discard(&h.w.sv, &h.platform, file.file)
            .await
            .unwrap()
    );
    assert!(
        !transfers::discard(&h.w.sv, &h.platform, file.file)
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn what_a_statement_tells_of_people_is_sealed() {
    let h = house(9).await;
    h.bank_tells(table(&[("1.00", "my secret diagnosis", "A")]))
        .await;
    let page = transfers::lines(&h.w.sv, &h.platform, Which::ToDo, None, 9)
        .await
        .unwrap();
    assert_eq!(page.items[0].told.text, "my secret diagnosis");
    assert_eq!(page.items[0].told.party, "Ada");
    let plain = "select count(*) from bank_lines l where l::text like '%diagnosis%' or l::text like '%GB33%'
                 or encode(l.sealed, 'escape') like '%diagnosis%'";
    assert_eq!(h.w.count(plain).await, 0);
}

#[tokio::test]
async fn long_lists_come_in_pages() {
    let h = house(9).await;
    let names: Vec<String> = (0..25).map(|n| format!("n{n}")).collect();
    let rows: Vec<_> = names
        .iter()
        .map(|name| ("1.00", name.as_str(), name.as_str()))
        .collect();
    h.bank_tells(table(&rows)).await;
    for which in [
        Which::ToDo,
        Which::Of(
            transfers::files(&h.w.sv, &h.platform, None, 9)
                .await
                .unwrap()
                .items[0]
                .id,
        ),
    ] {
        let (mut seen, mut cursor) = (std::collections::BTreeSet::new(), None);
        loop {
            let page = transfers::lines(&h.w.sv, &h.platform, which, cursor.as_deref(), 10)
                .await
                .unwrap();
            seen.extend(page.items.iter().map(|line| line.id));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 25, "{which:?}");
    }
}
