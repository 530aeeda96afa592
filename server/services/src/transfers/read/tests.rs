use domain::transfers::StatementError;
use proptest::prelude::*;

use super::*;

fn camt(version: &str, entries: &str, closing: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr>
<Stmt><Id>1</Id><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{closing}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
{entries}</Stmt></BkToCstmrStmt></Document>"#
    )
}

const OLD: &str = r#"<Ntry><Amt Ccy="EUR">30.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-27</Dt></BookgDt>
<AcctSvcrRef>B1</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><RltdPties><Dbtr><Nm>Ada &amp; Bob</Nm></Dbtr>
<DbtrAcct><Id><IBAN>GB33BUKB20201555555555</IBAN></Id></DbtrAcct></RltdPties><RmtInf><Ustrd>tickets</Ustrd><Ustrd>RF12</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="EUR">5.50</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><DtTm>2026-11-27T10:00:00</DtTm></BookgDt><AddtlNtryInf>Charges</AddtlNtryInf></Ntry>
<Ntry><Amt Ccy="EUR">9</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts></Ntry>"#;

const NEW: &str = r#"<Ntry><Amt Ccy="EUR">30.00000</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-27</Dt></BookgDt>
<AcctSvcrRef>B1</AcctSvcrRef><NtryDtls>
<TxDtls><Amt Ccy="EUR">10.00</Amt><RltdPties><Dbtr><Pty><Nm>Ada</Nm></Pty></Dbtr></RltdPties><RmtInf><Strd><CdtrRefInf><Ref>RF99X</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>
<TxDtls><Amt Ccy="EUR">20.00</Amt><RltdPties><Dbtr><Pty><Nm>Bob</Nm></Pty></Dbtr></RltdPties></TxDtls></NtryDtls></Ntry>"#;

fn read_text(text: &str) -> Result<Read, ReadError> {
    read(text.as_bytes(), Currency::EUR)
}

#[test]
fn a_statement_in_xml_is_read() {
    let read = read_text(&camt("02", OLD, "124.50")).unwrap();
    let statement = &read.statements[0];
    assert_eq!(
        (read.format, statement.account.as_str()),
        ("camt053", "DE89370400440532013000")
    );
    // What is not booked yet does not count.
    assert_eq!(statement.lines.len(), 2);
    let (credit, debit) = (&statement.lines[0], &statement.lines[1]);
    assert_eq!((credit.amount.minor, debit.amount.minor), (3000, -550));
    assert_eq!(
        (credit.party.as_str(), credit.text.as_str()),
        ("Ada & Bob", "tickets RF12")
    );
    assert_eq!(credit.party_account, "GB33BUKB20201555555555");
    assert_eq!(
        (credit.bank_ref.as_str(), debit.text.as_str()),
        ("B1", "Charges")
    );
}

#[test]
fn the_parts_of_a_collective_line_are_lines_of_their_own() {
    let read = read_text(&camt("08", NEW, "130.00")).unwrap();
    let lines = &read.statements[0].lines;
    let told: Vec<_> = lines
        .iter()
        .map(|line| {
            (
                line.amount.minor,
                line.party.as_str(),
                line.bank_ref.as_str(),
                line.text.as_str(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [(1000, "Ada", "B1/0", "RF99X"), (2000, "Bob", "B1/1", "")]
    );
    // Parts that do not make the whole: the whole counts.
    let odd = NEW.replace("20.00<", "19.00<");
    let read = read_text(&camt("08", &odd, "130.00")).unwrap();
    assert_eq!(read.statements[0].lines.len(), 1);
}

#[test]
fn what_does_not_add_up_is_refused() {
    let refused = read_text(&camt("02", OLD, "124.51")).unwrap_err();
    assert_eq!(refused, ReadError::Statement(StatementError::DoesNotAddUp));
}

#[test]
fn hostile_files_are_refused() {
    let good = camt("02", OLD, "124.50");
    let bomb = good.replace(
        "<Document",
        "<!DOCTYPE d [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><Document",
    );
    let entity = good.replace("tickets", "&file;");
    let deep = good.replace(
        "<Ustrd>tickets</Ustrd>",
        &format!("{}{}", "<a>".repeat(60), "</a>".repeat(60)),
    );
    let wide = good.replace("<Ustrd>tickets</Ustrd>", &"<a/>".repeat(60_000));
    let cut = good[..good.len() - 40].to_owned();
    let crossed = good.replace("</Stmt>", "</Stmtx>");
    let fraction = good.replace(">30.00<", ">30.001<");
    for wrong in [bomb, entity, deep, wide, cut, crossed, fraction] {
        let refused = read_text(&wrong).unwrap_err();
        assert!(matches!(refused, ReadError::Damaged { .. }), "{refused:?}");
    }
    let other = good.replace("camt.053.001.02", "pain.001.001.03");
    assert_eq!(read_text(&other).unwrap_err(), ReadError::UnknownFormat);
    assert_eq!(read_text(" \n").unwrap_err(), ReadError::Empty);
    assert_eq!(
        read_text(&camt("02", "", "100.00")).unwrap_err(),
        ReadError::NoLines
    );
    let huge = vec![b' '; MAX_BYTES + 1];
    assert_eq!(read(&huge, Currency::EUR).unwrap_err(), ReadError::TooLarge);
}

#[test]
fn tables_of_several_banks_are_read() {
    let german = "\u{feff}Konto;DE89\n\nBuchungstag;Auftraggeber/Empfänger;IBAN;Verwendungszweck;Betrag;Währung\n27.11.2026;Ada;GB33;Karten RF12;\"1.234,50\";EUR\n26.11.26;Bank;;Gebühr;-5,00;EUR\n";
    let english = "Date,Name,Reference,Amount\n2026-11-27,Ada,\"Karten RF12\",1234.50\n2026-11-26,Bank,Gebühr,-5.00\n";
    let split =
        "Date,Description,Debit,Credit\n27/11/2026,Karten RF12,,1234.5\n26/11/2026,Gebühr,5,\n";
    let latin: Vec<u8> = german
        .trim_start_matches('\u{feff}')
        .chars()
        .map(|sign| u8::try_from(u32::from(sign)).unwrap())
        .collect();
    for file in [
        german.as_bytes(),
        english.as_bytes(),
        split.as_bytes(),
        &latin,
    ] {
        let read = read(file, Currency::EUR).unwrap();
        let lines = &read.statements[0].lines;
        assert_eq!(lines[0].text, "Karten RF12");
        assert_eq!(lines[1].text, "Gebühr");
        assert_eq!(
            (lines[0].amount.minor, lines[1].amount.minor),
            (123_450, -500)
        );
        assert_eq!(lines[0].booked_on, jiff::civil::date(2026, 11, 27));
    }
}

#[test]
fn tables_that_cannot_be_understood_say_where() {
    for (file, error) in [
        ("a,b\n1,2\n", ReadError::MissingColumns),
        ("Date,Amount\n", ReadError::NoLines),
        (
            "Date,Amount\n2026-11-27,12\nsoon,12\n",
            ReadError::Damaged { line: 3 },
        ),
        (
            "Date,Amount\n2026-11-27,twelve\n",
            ReadError::Damaged { line: 2 },
        ),
        (
            "Date,Amount\n11/27/2026,1\n",
            ReadError::Damaged { line: 2 },
        ),
    ] {
        assert_eq!(read_text(file).unwrap_err(), error, "{file}");
    }
}

#[test]
fn texts_are_shown_as_they_read() {
    assert_eq!(tidy(" a\n\tb\u{202e}c\u{0}d "), "a bc d");
    assert_eq!(tidy(&"x".repeat(900)).len(), 500);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_file_is_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes, Currency::EUR);
    }

    /// A good file with a piece of nonsense anywhere in it.
    #[test]
    fn no_damage_is_too_strange(place in 0.0..1.0_f64, nonsense in "[<>&;a-z\"/!\\[\\]]{0,12}") {
        let good = camt("08", NEW, "130.00");
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "any place will do")]
        let at = (good.len() as f64 * place) as usize;
        let mut bytes = good.into_bytes();
        bytes.splice(at..at, nonsense.into_bytes());
        let _ = read(&bytes, Currency::EUR);
    }
}
