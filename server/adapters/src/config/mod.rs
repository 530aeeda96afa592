//! The program's settings: read in layers, checked as a whole, typed from then on.
//!
//! `default.toml` beside this crate is complete and commented; it is the manual. A setting exists if
//! and only if it is in that file. Nothing here connects to anything.

mod check;
mod faults;
mod layers;
mod production;
mod secret;
mod sections;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

pub use faults::{ConfigFaults, Fault, Origin};
pub use secret::{EarlierKey, Key, Secret};
pub use sections::{
    Cache, CacheKind, Cookies, Database, Demo, Files, Log, LogFormat, Mail, MailKind, Mode,
    Passwords, Payment, PaymentKind, Provider, Sales, Secrets, Server, StripePage, Tls, TlsKind,
    VatRegister, VatRegisterKind, WalletPasses, Wallets, Worker,
};
use serde::Deserialize;

/// The manual: every setting with its default and what it is for.
pub const DEFAULT_TOML: &str = include_str!("../../default.toml");

/// What settings are read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Program {
    Server,
    Worker,
}

/// The worker lets nobody in, hears no messages of Stripe and makes no passes: it never holds what that takes.
const SERVERS_ONLY: [&str; 4] = [
    "provider",
    "wallet_passes",
    "payment.stripe_webhook_secret",
    "payment.stripe_connect_webhook_secret",
];

/// All settings, checked.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub mode: Mode,
    pub server: Server,
    pub tls: Tls,
    pub database: Database,
    pub cache: Cache,
    pub secrets: Secrets,
    pub cookies: Cookies,
    pub mail: Mail,
    pub files: Files,
    pub payment: Payment,
    pub provider: Provider,
    pub vat_register: VatRegister,
    pub passwords: Passwords,
    pub wallets: Wallets,
    pub wallet_passes: WalletPasses,
    pub worker: Worker,
    pub sales: Sales,
    pub log: Log,
    pub demo: Demo,
}

impl Config {
    /// Reads the layers (defaults, `file`, variables) and reports every fault at once.
    ///
    /// Without `file` the one named by the variable BILTEN_CONFIG is read, if there is one. Names of
    /// variables that do not concern Bilten are passed over.
    pub fn load<V>(file: Option<&Path>, variables: V) -> Result<Self, ConfigFaults>
    where
        V: IntoIterator<Item = (String, String)>,
    {
        Self::read(file, variables, Program::Server)
    }

    fn read<V>(file: Option<&Path>, variables: V, program: Program) -> Result<Self, ConfigFaults>
    where
        V: IntoIterator<Item = (String, String)>,
    {
        let variables: Vec<(String, String)> = variables.into_iter().collect();
        let named = variables
            .iter()
            .find(|(name, value)| name == "BILTEN_CONFIG" && !value.is_empty())
            .map(|(_, value)| PathBuf::from(value));
        let mut layers = layers::Layers::defaults()?;
        if let Some(path) = file.or(named.as_deref()) {
            layers.add_file(path);
        }
        layers.add_variables(variables);
        layers.finish(program)
    }

    /// As [`Config::load`], with the variables of this process. Those that are not text are passed over.
    pub fn from_environment(file: Option<&Path>) -> Result<Self, ConfigFaults> {
        Self::read(file, environment(), Program::Server)
    }

    /// The same for the worker as a program of its own, without the secrets that only the server needs.
    pub fn for_worker(file: Option<&Path>) -> Result<Self, ConfigFaults> {
        Self::read(file, environment(), Program::Worker)
    }

    /// The defaults alone, as a developer gets them without a file or variables.
    pub fn development() -> Result<Self, ConfigFaults> {
        Self::load(None, [])
    }

    /// What production allows and an operator should know of: settings and why.
    #[must_use]
    pub fn doubts(&self) -> Vec<(&'static str, &'static str)> {
        production::doubts(self)
    }

    #[must_use]
    pub fn is_production(&self) -> bool {
        self.mode == Mode::Production
    }
}

fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}
