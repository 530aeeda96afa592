//! The double's own book: balance transactions, and what they add up to for each account and currency.

use serde_json::{Value, json};

use crate::{
    error::Failure,
    fields::Fields,
    state::{Due, State, letters},
};

/// What an account has in one currency.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Sums {
    /// Can be transferred or paid out.
    pub available: i64,
    /// Comes later.
    pub pending: i64,
}

/// One line to be written.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// `charge`, `refund`, `transfer`, …
    pub kind: &'a str,
    /// The category of Stripe's reports.
    pub category: &'a str,
    /// What is added or taken away, before fees.
    pub amount: i64,
    /// Fees, each with its type, amount and description.
    pub fees: Vec<(&'a str, i64, &'a str)>,
    /// Days until it counts as available.
    pub days: i64,
    /// The object that it comes from.
    pub source: &'a str,
    /// What people read.
    pub description: Option<String>,
}

impl State {
    /// Writes a line into an account's book and answers its id.
    pub fn write(&mut self, scope: &str, currency: &str, entry: Entry<'_>) -> String {
        let id = format!("txn_3{}", letters(23));
        let now = self.now();
        let fee: i64 = entry.fees.iter().map(|(_, amount, _)| amount).sum();
        let net = entry.amount - fee;
        let details: Vec<Value> = entry
            .fees
            .iter()
            .filter(|(_, amount, _)| *amount != 0)
            .map(|(kind, amount, description)| {
                json!({
                    "amount": amount, "application": null, "currency": currency,
                    "description": description, "type": kind,
                })
            })
            .collect();
        let at_once = entry.days == 0;
        let value = json!({
            "id": id, "object": "balance_transaction", "amount": entry.amount,
            "available_on": now + entry.days * 86_400, "balance_type": "payments", "created": now,
            "currency": currency, "description": entry.description, "exchange_rate": null,
            "fee": fee, "fee_details": details, "net": net,
            "reporting_category": entry.category, "source": entry.source,
            "status": if at_once { "available" } else { "pending" }, "type": entry.kind,
        });
        let sums = self
            .sums
            .entry((scope.to_owned(), currency.to_owned()))
            .or_default();
        if at_once {
            sums.available += net;
        } else {
            sums.pending += net;
            self.later(entry.days * 86_400, Due::Available(id.clone()));
        }
        self.insert(scope, value);
        id
    }

    /// Lets a line count as available.
    pub(crate) fn release(&mut self, id: &str) -> Result<(), Failure> {
        let mut value = self.load(id);
        if value.text("status") != "pending" {
            return Ok(());
        }
        value.set("status", "available");
        let key = (self.scope_of(id), value.text("currency").to_owned());
        let sums = self.sums.entry(key).or_default();
        sums.pending -= value.int("net");
        sums.available += value.int("net");
        self.save(&value);
        Ok(())
    }

    /// What an account has in a currency.
    pub fn sums(&self, scope: &str, currency: &str) -> Sums {
        let key = (scope.to_owned(), currency.to_owned());
        self.sums.get(&key).copied().unwrap_or_default()
    }

    /// The book in sums: for each account and currency what is available and pending, and how much came
    /// by which type of line.
    pub fn sum_up(&self) -> Value {
        let mut accounts = json!({});
        for ((account, currency), sums) in &self.sums {
            let entry = accounts.inner(account).inner(currency);
            entry.set("available", sums.available);
            entry.set("pending", sums.pending);
            entry.set("total", sums.available + sums.pending);
        }
        for line in self.every("balance_transaction") {
            let account = self.scope_of(line.text("id"));
            let entry = accounts.inner(&account).inner(line.text("currency"));
            let fees = entry.int("fees") + line.int("fee");
            let lines = entry.int("lines") + 1;
            entry.set("fees", fees);
            entry.set("lines", lines);
            let by_type = entry.inner("by_type").inner(line.text("type"));
            let (amount, net, count) = (
                by_type.int("amount") + line.int("amount"),
                by_type.int("net") + line.int("net"),
                by_type.int("count") + 1,
            );
            by_type.set("amount", amount);
            by_type.set("net", net);
            by_type.set("count", count);
        }
        json!({ "platform": self.platform, "accounts": accounts })
    }
}
