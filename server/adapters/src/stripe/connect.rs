//! Accounts of organizers, connected to ours: made, shown their page, asked about; money to them, and fees back to them. Read by
//! hand, as webhooks are: of an account, most of which is about people, a dozen fields are wanted.
//! <https://docs.stripe.com/connect/accounts>

use std::collections::{BTreeSet, HashMap};

use async_trait::async_trait;
use domain::{
    connect::{Asked, Facts},
    money::Money,
    when::Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use services::ports::{
    ConnectGateway, NewAccount, NewAccountPage, NewTransfer, PortError, ProviderPayment,
};
use stripe_client_core::{RequestBuilder, StripeMethod};

use super::{
    Stripe, amount,
    http::{Fault, Http},
};

/// Under this name an account says which of ours it is.
const ACCOUNT: &str = "bilten_account";
const PAYOUT: &str = "bilten_payout";

#[async_trait]
impl ConnectGateway for Stripe {
    async fn open_account(&self, account: &NewAccount) -> Result<String, PortError> {
        Ok(open_account(&self.http, account).await?)
    }

    async fn account_page(&self, page: &NewAccountPage) -> Result<String, PortError> {
        Ok(account_page(&self.http, page).await?)
    }

    async fn find_account(&self, account_ref: &str) -> Result<Option<Facts>, PortError> {
        Ok(find_account(&self.http, account_ref).await?)
    }

    async fn transfer(&self, transfer: &NewTransfer) -> Result<String, PortError> {
        Ok(send(&self.http, transfer).await?)
    }

    async fn find_transfer(&self, transfer: &NewTransfer) -> Result<Option<String>, PortError> {
        Ok(find_sent(&self.http, transfer).await?)
    }

    async fn return_fee(&self, of: &ProviderPayment, in_all: Money) -> Result<(), PortError> {
        Ok(return_fee(&self.http, of, in_all).await?)
    }
}

#[derive(Serialize)]
struct Controller {
    fees: Payer,
    losses: Losses,
    requirement_collection: &'static str,
    stripe_dashboard: Dashboard,
}

#[derive(Serialize)]
struct Payer {
    payer: &'static str,
}

#[derive(Serialize)]
struct Losses {
    payments: &'static str,
}

#[derive(Serialize)]
struct Dashboard {
    r#type: &'static str,
}

#[derive(Serialize)]
struct Requested {
    requested: bool,
}

#[derive(Serialize)]
struct Capabilities {
    card_payments: Requested,
    transfers: Requested,
}

#[derive(Serialize)]
struct Profile<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct CreateAccount<'a> {
    country: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    email: &'a str,
    controller: Controller,
    capabilities: Capabilities,
    business_profile: Profile<'a>,
    metadata: HashMap<&'static str, String>,
}

#[derive(Deserialize)]
struct Made {
    id: String,
}

/// Stripe asks the organizer for what it must know and shows them a small dashboard; the platform pays its fees and bears what
/// is lost, as it does for payments that it collects.
async fn open_account(http: &Http, account: &NewAccount) -> Result<String, Fault> {
    let requested = || Requested { requested: true };
    let form = CreateAccount {
        country: &account.country,
        email: &account.email,
        controller: Controller {
            fees: Payer {
                payer: "application",
            },
            losses: Losses {
                payments: "application",
            },
            requirement_collection: "stripe",
            stripe_dashboard: Dashboard { r#type: "express" },
        },
        capabilities: Capabilities {
            card_payments: requested(),
            transfers: requested(),
        },
        business_profile: Profile {
            name: &account.name,
        },
        metadata: HashMap::from([(ACCOUNT, account.account.to_string())]),
    };
    let request = RequestBuilder::new(StripeMethod::Post, "/accounts").form(&form);
    let key = format!("account-{}", account.account);
    let made: Made = http.ask(request, Some(&key)).await?;
    Ok(made.id)
}

#[derive(Serialize)]
struct CreateLink<'a> {
    account: &'a str,
    r#type: &'static str,
    return_url: &'a str,
    refresh_url: &'a str,
}

#[derive(Deserialize)]
struct Link {
    url: String,
}

async fn account_page(http: &Http, page: &NewAccountPage) -> Result<String, Fault> {
    let form = CreateLink {
        account: &page.account_ref,
        r#type: "account_onboarding",
        return_url: &page.return_url,
        refresh_url: &page.refresh_url,
    };
    let request = RequestBuilder::new(StripeMethod::Post, "/account_links").form(&form);
    let link: Link = http.ask(request, None).await?;
    Ok(link.url)
}

/// What is read of an account, in answers and in messages.
#[derive(Deserialize)]
pub(super) struct Account {
    pub(super) id: String,
    #[serde(default)]
    details_submitted: bool,
    #[serde(default)]
    charges_enabled: bool,
    #[serde(default)]
    payouts_enabled: bool,
    #[serde(default)]
    capabilities: Option<HashMap<String, Value>>,
    #[serde(default)]
    requirements: Option<Requirements>,
}

#[derive(Default, Deserialize)]
struct Requirements {
    #[serde(default)]
    currently_due: Option<Vec<String>>,
    #[serde(default)]
    past_due: Option<Vec<String>>,
    #[serde(default)]
    pending_verification: Option<Vec<String>>,
    #[serde(default)]
    current_deadline: Option<i64>,
    #[serde(default)]
    disabled_reason: Option<String>,
}

impl Account {
    pub(super) fn facts(self) -> Facts {
        let requirements = self.requirements.unwrap_or_default();
        let kinds = |fields: Option<Vec<String>>| -> BTreeSet<Asked> {
            let fields = fields.unwrap_or_default();
            fields
                .iter()
                .map(|field| Asked::from_field(field))
                .collect()
        };
        let overdue = kinds(requirements.past_due);
        let mut asked = kinds(requirements.currently_due);
        asked.extend(&overdue);
        let disabled = requirements.disabled_reason.unwrap_or_default();
        let pending = requirements
            .pending_verification
            .is_some_and(|fields| !fields.is_empty());
        Facts {
            submitted: self.details_submitted,
            charges: self.charges_enabled,
            payouts: self.payouts_enabled,
            transfers: self
                .capabilities
                .as_ref()
                .and_then(|all| all.get("transfers"))
                .is_some_and(|state| state == "active"),
            checking: pending
                || matches!(
                    disabled.as_str(),
                    "requirements.pending_verification" | "under_review"
                ),
            asked,
            overdue,
            deadline: requirements
                .current_deadline
                .and_then(|second| Timestamp::from_second(second).ok()),
            disabled,
        }
    }
}

async fn find_account(http: &Http, reference: &str) -> Result<Option<Facts>, Fault> {
    let request = RequestBuilder::new(
        StripeMethod::Get,
        format!("/accounts/{}", named(reference)?),
    );
    match http.ask::<Account>(request, None).await {
        Ok(account) => Ok(Some(account.facts())),
        Err(fault) if fault.is_missing() => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// Names come from Stripe; what is none does not get into an address.
fn named(reference: &str) -> Result<&str, Fault> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if reference.is_empty() || !reference.bytes().all(plain) {
        return Err(Fault::refused("a name that is none of Stripe's"));
    }
    Ok(reference)
}

#[derive(Serialize)]
struct CreateTransfer<'a> {
    amount: i64,
    currency: String,
    destination: &'a str,
    description: &'a str,
    transfer_group: String,
    metadata: HashMap<&'static str, String>,
}

fn group(transfer: &NewTransfer) -> String {
    format!("payout-{}", transfer.payout)
}

async fn send(http: &Http, transfer: &NewTransfer) -> Result<String, Fault> {
    let form = CreateTransfer {
        amount: amount::to_stripe(transfer.amount)?,
        currency: transfer.amount.currency.as_str().to_ascii_lowercase(),
        destination: &transfer.account_ref,
        description: &transfer.description,
        transfer_group: group(transfer),
        metadata: HashMap::from([(PAYOUT, transfer.payout.to_string())]),
    };
    let request = RequestBuilder::new(StripeMethod::Post, "/transfers").form(&form);
    let key = format!("payout-{}-{}", transfer.payout, transfer.attempt);
    let made: Made = http.ask(request, Some(&key)).await?;
    Ok(made.id)
}

#[derive(Serialize)]
struct InGroup {
    transfer_group: String,
    limit: u8,
}

#[derive(Deserialize)]
struct Found<T> {
    data: Vec<T>,
}

async fn find_sent(http: &Http, transfer: &NewTransfer) -> Result<Option<String>, Fault> {
    let asked = InGroup {
        transfer_group: group(transfer),
        limit: 1,
    };
    let request = RequestBuilder::new(StripeMethod::Get, "/transfers").query(&asked);
    let found: Found<Made> = http.ask(request, None).await?;
    Ok(found.data.into_iter().next().map(|made| made.id))
}

#[derive(Deserialize)]
struct Intent {
    latest_charge: Option<Charge>,
}

#[derive(Deserialize)]
struct Charge {
    application_fee: Option<Fee>,
}

#[derive(Deserialize)]
struct Fee {
    id: String,
    amount_refunded: i64,
}

#[derive(Serialize)]
struct Expanded {
    expand: [&'static str; 1],
}

#[derive(Serialize)]
struct GiveBack {
    amount: i64,
}

/// Stripe would share the fee out itself, and round each piece; we round the running sum, so that the pieces make the whole.
/// So it is told amounts. What was given back before is part of the key: two who do it at the same time cannot both.
async fn return_fee(http: &Http, of: &ProviderPayment, in_all: Money) -> Result<(), Fault> {
    let charge = of
        .charge_ref
        .as_deref()
        .ok_or_else(|| Fault::refused("nothing was paid of which a fee could go back"))?;
    let path = format!("/payment_intents/{}", named(charge)?);
    let request = RequestBuilder::new(StripeMethod::Get, path).query(&Expanded {
        expand: ["latest_charge.application_fee"],
    });
    let intent: Intent = http.ask(request, None).await?;
    let fee = intent
        .latest_charge
        .and_then(|charge| charge.application_fee)
        .ok_or_else(|| Fault::refused("there is no fee that could go back"))?;
    let missing = amount::to_stripe(in_all)?.saturating_sub(fee.amount_refunded);
    if missing <= 0 {
        return Ok(());
    }
    let path = format!("/application_fees/{}/refunds", named(&fee.id)?);
    let request = RequestBuilder::new(StripeMethod::Post, path).form(&GiveBack { amount: missing });
    let key = format!("fee-{}-{}", of.payment, fee.amount_refunded);
    http.ask::<Made>(request, Some(&key)).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_account_is_read_whatever_else_it_holds_or_lacks() {
        let read = |value| serde_json::from_value::<Account>(value).unwrap().facts();
        let facts = read(json!({
            "id": "acct_1", "object": "account", "details_submitted": true, "charges_enabled": true, "payouts_enabled": false,
            "capabilities": { "card_payments": "active", "transfers": "active" },
            "individual": { "first_name": "Ada" },
            "requirements": {
                "currently_due": ["individual.verification.document"], "past_due": ["external_account"],
                "pending_verification": [], "current_deadline": 1_800_000_000, "disabled_reason": "requirements.past_due",
            },
        }));
        assert!(facts.submitted && facts.charges && !facts.payouts && facts.transfers);
        assert_eq!(
            facts.asked,
            BTreeSet::from([Asked::Document, Asked::BankAccount])
        );
        assert_eq!(facts.overdue, BTreeSet::from([Asked::BankAccount]));
        assert_eq!(
            facts.deadline.map(Timestamp::as_second),
            Some(1_800_000_000)
        );
        assert!(!facts.checking);
        let bare = read(json!({
            "id": "acct_1", "capabilities": null, "requirements": { "currently_due": null, "disabled_reason": null },
        }));
        assert_eq!(bare, Facts::default());
        assert_eq!(
            read(json!({ "id": "acct_1", "requirements": null })),
            Facts::default()
        );
    }

    #[test]
    fn only_a_name_gets_into_an_address() {
        assert!(named("acct_1Ab").is_ok());
        for text in ["", "acct/../x", "acct?x", "a b"] {
            assert!(named(text).is_err(), "{text}");
        }
    }
}
