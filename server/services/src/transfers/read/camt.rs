//! CAMT.053.001.02 and .08: an account's booked lines of a day, as XML.

use domain::{
    money::{Currency, Money},
    transfers::{Line, Statement},
};
use jiff::civil::Date;
use quick_xml::{Reader, events::Event};

use super::{MAX_LINES, ReadError, tidy};

/// Statements need about a dozen levels.
const MAX_DEPTH: usize = 32;
/// One line with all it says is far smaller.
const MAX_NODES: usize = 50_000;
const VERSIONS: [&str; 2] = ["camt.053.001.02", "camt.053.001.08"];

/// An element as a tree. Only one line of a statement is kept at a time.
#[derive(Debug, Default)]
struct Node {
    name: String,
    currency: String,
    text: String,
    children: Vec<Node>,
}

impl Node {
    fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, name| {
            node.children.iter().find(|child| child.name == *name)
        })
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of the first of these that is there.
    fn first(&self, paths: &[&[&str]]) -> &str {
        let found = paths.iter().find_map(|path| self.at(path));
        found.map_or("", |node| node.text.trim())
    }
}

/// The statements of a file.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Statement>, ReadError> {
    let text = std::str::from_utf8(bytes).map_err(|_| ReadError::Damaged { line: 1 })?;
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Node> = Vec::new();
    let mut done = Vec::new();
    let mut lines = Vec::new();
    let (mut nodes, mut known) = (0, false);
    loop {
        let place = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let damaged = || ReadError::Damaged {
            line: line_of(text, place),
        };
        match reader.read_event().map_err(|_| damaged())? {
            Event::Start(tag) => {
                if !known {
                    known = is_known(tag.attributes_raw());
                    if !known {
                        return Err(ReadError::UnknownFormat);
                    }
                }
                nodes += 1;
                if open.len() >= MAX_DEPTH || nodes > MAX_NODES {
                    return Err(damaged());
                }
                open.push(begin(&tag));
            }
            Event::Empty(tag) => {
                nodes += 1;
                let node = begin(&tag);
                if nodes > MAX_NODES {
                    return Err(damaged());
                }
                if let Some(parent) = open.last_mut() {
                    parent.children.push(node);
                }
            }
            Event::Text(said) => add(&mut open, &said.xml10_content()),
            Event::CData(said) => add(&mut open, &said.xml10_content()),
            // "&amp;" and numbers only: nothing that unfolds.
            Event::GeneralRef(named) => {
                let sign = match named.resolve_char_ref() {
                    Ok(Some(sign)) => sign,
                    Ok(None) => match named.xml10_content().as_ref() {
                        "amp" => '&',
                        "lt" => '<',
                        "gt" => '>',
                        "quot" => '"',
                        "apos" => '\'',
                        _ => return Err(damaged()),
                    },
                    Err(_) => return Err(damaged()),
                };
                add(&mut open, sign.encode_utf8(&mut [0; 4]));
            }
            Event::DocType(_) => return Err(damaged()),
            Event::End(_) => {
                let node = open.pop().ok_or_else(damaged)?;
                let within = open.last().map(|parent| parent.name.as_str());
                match (node.name.as_str(), within) {
                    ("Ntry", Some("Stmt")) => {
                        lines.extend(booked(&node).ok_or_else(damaged)?);
                        if lines.len() > MAX_LINES {
                            return Err(ReadError::TooManyLines);
                        }
                        nodes = 0;
                    }
                    ("Stmt", _) => {
                        let all = std::mem::take(&mut lines);
                        done.push(statement(&node, all).ok_or_else(damaged)?);
                        nodes = 0;
                    }
                    _ => {
                        if let Some(parent) = open.last_mut() {
                            parent.children.push(node);
                        }
                    }
                }
            }
            Event::Eof if open.is_empty() => return Ok(done),
            Event::Eof => return Err(damaged()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

/// The outermost element names its version.
fn is_known(attributes: &str) -> bool {
    VERSIONS.iter().any(|version| attributes.contains(version))
}

fn begin(tag: &quick_xml::events::BytesStart<'_>) -> Node {
    let currency = tag
        .try_get_attribute("Ccy")
        .ok()
        .flatten()
        .map(|attribute| attribute.value.to_string())
        .unwrap_or_default();
    Node {
        name: tag.local_name().as_ref().to_owned(),
        currency,
        ..Node::default()
    }
}

fn add(open: &mut [Node], text: &str) {
    if let Some(node) = open.last_mut() {
        node.text.push_str(text);
    }
}

fn line_of(text: &str, place: usize) -> usize {
    let before = text.as_bytes().get(..place).unwrap_or(text.as_bytes());
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}

fn statement(node: &Node, lines: Vec<Line>) -> Option<Statement> {
    let mut opening = None;
    let mut closing = None;
    for balance in node.all("Bal") {
        let code = balance.first(&[&["Tp", "CdOrPrtry", "Cd"]]);
        let amount = signed(balance)?;
        match code {
            // "Previously closed" stands where some banks give no opening balance.
            "OPBD" => opening = Some(amount),
            "PRCD" => opening = opening.or(Some(amount)),
            "CLBD" => closing = Some(amount),
            _ => {}
        }
    }
    let named = node.first(&[&["Acct", "Ccy"]]);
    let currency = match named.parse() {
        Ok(currency) => currency,
        Err(_) => opening.or(closing).map(|money: Money| money.currency)?,
    };
    Some(Statement {
        account: node
            .first(&[&["Acct", "Id", "IBAN"], &["Acct", "Id", "Othr", "Id"]])
            .chars()
            .filter(|sign| !sign.is_whitespace())
            .collect(),
        currency,
        opening,
        closing,
        lines,
    })
}

fn amount(node: &Node) -> Option<Money> {
    let currency: Currency = node.currency.parse().ok()?;
    let text = node.text.trim();
    // Five decimals are allowed, and most banks write two.
    let text = match text.split_once('.') {
        Some((whole, part)) => {
            let kept = usize::from(currency.exponent());
            let zeros = part.get(kept..).unwrap_or_default();
            if !zeros.bytes().all(|byte| byte == b'0') {
                return None;
            }
            format!("{whole}.{:0<kept$}", part.get(..kept).unwrap_or(part))
        }
        None => text.to_owned(),
    };
    Money::parse_major(text.trim_end_matches('.'), currency).ok()
}

/// The amount of a balance or a line, below zero for a debit.
fn signed(node: &Node) -> Option<Money> {
    let amount = amount(node.at(&["Amt"])?)?;
    match node.first(&[&["CdtDbtInd"]]) {
        "CRDT" => Some(amount),
        "DBIT" => Some(-amount),
        _ => None,
    }
}

/// What a line of the bank is made of: itself, or its parts, where they are told one by one and make the whole. Nothing as long
/// as it is not booked; `None`: it cannot be read.
fn booked(node: &Node) -> Option<Vec<Line>> {
    let status = node.first(&[&["Sts", "Cd"], &["Sts", "Prtry"], &["Sts"]]);
    if status != "BOOK" {
        return Some(Vec::new());
    }
    let whole = signed(node)?;
    let day = node.first(&[
        &["BookgDt", "Dt"],
        &["BookgDt", "DtTm"],
        &["ValDt", "Dt"],
        &["ValDt", "DtTm"],
    ]);
    let booked_on: Date = day.get(..10)?.parse().ok()?;
    let bank_ref = tidy(node.first(&[&["AcctSvcrRef"], &["NtryRef"]]));
    let details: Vec<&Node> = node
        .all("NtryDtls")
        .flat_map(|details| details.all("TxDtls"))
        .collect();
    if let Some(parts) = parts(&details, whole) {
        let line = |(n, (details, amount)): (usize, (&&Node, Money))| {
            let own = tidy(details.first(&[&["Refs", "AcctSvcrRef"]]));
            let bank_ref = match (own.is_empty(), bank_ref.is_empty()) {
                (false, _) => own,
                (true, true) => String::new(),
                (true, false) => format!("{bank_ref}/{n}"),
            };
            let mut line = told(&[details], amount, booked_on);
            line.bank_ref = bank_ref;
            line
        };
        return Some(details.iter().zip(parts).enumerate().map(line).collect());
    }
    let mut line = told(&details, whole, booked_on);
    line.bank_ref = bank_ref;
    let extra = tidy(node.first(&[&["AddtlNtryInf"]]));
    if line.text.is_empty() {
        line.text = extra;
    }
    Some(vec![line])
}

fn parts(details: &[&Node], whole: Money) -> Option<Vec<Money>> {
    if details.len() < 2 {
        return None;
    }
    let sign = |money: Money| if whole.is_negative() { -money } else { money };
    let amounts = details
        .iter()
        .map(|one| {
            let node = one
                .at(&["Amt"])
                .or_else(|| one.at(&["AmtDtls", "TxAmt", "Amt"]))?;
            amount(node).map(sign)
        })
        .collect::<Option<Vec<_>>>()?;
    let sum = Money::checked_sum(whole.currency, amounts.iter().copied()).ok()?;
    (sum == whole).then_some(amounts)
}

/// Who is on the other side and what they wrote.
fn told(details: &[&Node], amount: Money, booked_on: Date) -> Line {
    let side = if amount.is_negative() {
        ("Cdtr", "CdtrAcct")
    } else {
        ("Dbtr", "DbtrAcct")
    };
    let (mut party, mut account, mut text) = (String::new(), String::new(), String::new());
    for one in details {
        if party.is_empty() {
            // From .08 on, names are one level deeper.
            party = tidy(one.first(&[
                &["RltdPties", side.0, "Nm"],
                &["RltdPties", side.0, "Pty", "Nm"],
            ]));
            account = tidy(one.first(&[
                &["RltdPties", side.1, "Id", "IBAN"],
                &["RltdPties", side.1, "Id", "Othr", "Id"],
            ]));
        }
        if let Some(remittance) = one.at(&["RmtInf"]) {
            for structured in remittance.all("Strd") {
                text.push_str(structured.first(&[&["CdtrRefInf", "Ref"]]));
                text.push(' ');
            }
            for free in remittance.all("Ustrd") {
                text.push_str(&free.text);
                text.push(' ');
            }
        }
        let end = one.first(&[&["Refs", "EndToEndId"]]);
        if end != "NOTPROVIDED" {
            text.push_str(end);
            text.push(' ');
        }
    }
    Line {
        booked_on,
        amount,
        bank_ref: String::new(),
        party,
        party_account: account,
        text: tidy(&text),
    }
}
