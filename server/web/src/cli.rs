//! The command line.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

use adapters::config::Config;
use clap::{Parser, Subcommand};
use services::db::Db;

use crate::{listing, serve};

#[derive(Parser)]
#[command(name = "bilten", version, about = "The ticket platform")]
struct Cli {
    /// Settings that differ from the defaults.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the website.
    Serve,
    /// Bring the database's schema up to date.
    Migrate,
    /// Fill an empty database with sample data and print how to sign in.
    #[cfg(feature = "development")]
    Demo,
    /// Check that everything in the database adds up; says what does not, and fails then.
    Doctor,
    /// Take the authenticator and the passkeys of somebody away who has lost them and all recovery codes. Make sure first that
    /// it is them.
    ForgetSecondFactor {
        /// The address of their account.
        email: String,
        /// Goes into the record, and to them.
        #[arg(long)]
        reason: String,
    },
    /// Make somebody an admin of the platform, or take that from them.
    Admin {
        #[command(subcommand)]
        deed: AdminDeed,
    },
    /// Give an organization whose owners are gone another owner. Make sure first that it is theirs.
    MakeOwner {
        /// The organization, as in its address.
        organization: String,
        /// The address of the account of the new owner.
        email: String,
        /// Goes into the record.
        #[arg(long)]
        reason: String,
    },
    /// Give the account of somebody who has lost their mailbox another address. Make sure first that it is them.
    MoveAccount {
        /// The address that the account has.
        old: String,
        /// The one that it is to have. They ask for a new password there.
        new: String,
        /// Goes into the record, and to both addresses.
        #[arg(long)]
        reason: String,
    },
    /// Take in again what the payment provider told us and could not be taken in.
    ReplayWebhooks {
        /// All that is kept, of the last 90 days. Harmless: each message has its effect once.
        #[arg(long)]
        all: bool,
    },
    /// Seal anew what was sealed with secrets.sealing_before; that key is not needed any more then.
    Reseal,
    /// Sign an organization's tickets with a new key from now on. Those that are sold stay good.
    RotateTicketKeys {
        /// The organization, as in its address.
        organization: String,
        /// Why, for the record.
        #[arg(long)]
        reason: String,
    },
    /// List every address that answers.
    Routes,
}

#[derive(Subcommand)]
enum AdminDeed {
    /// From now on they are one. They need an account with a proven address, and a second factor.
    Add(AdminOf),
    /// They are one no more.
    Remove(AdminOf),
}

#[derive(clap::Args)]
struct AdminOf {
    /// The address of their account.
    email: String,
    /// Goes into the record.
    #[arg(long)]
    reason: String,
}

/// Runs the program; failures are one line each on standard error.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "bilten: {error}");
            ExitCode::FAILURE
        }
    }
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn run(cli: &Cli) -> Result<(), Failure> {
    if matches!(cli.command, Command::Routes) {
        return print(&listing::text());
    }
    let config = load(cli.config.as_deref())?;
    worker::logging::start(&config.log)?;
    log_panics();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(config.server.worker_threads())
        .enable_all()
        .build()?;
    runtime.block_on(async {
        match &cli.command {
            Command::Serve => serve::run(config).await,
            Command::Migrate => Ok(Db::migrate(config.database.url.expose()).await?),
            #[cfg(feature = "development")]
            Command::Demo => demo(&config).await,
            Command::Doctor => doctor(&config).await,
            Command::ForgetSecondFactor { email, reason } => {
                forget_second_factor(&config, email, reason).await
            }
            Command::Admin { deed } => admin(&config, deed).await,
            Command::MakeOwner {
                organization,
                email,
                reason,
            } => {
                let services = adapters::assemble(&config)?;
                services::team::make_owner(&services, organization, email, reason).await?;
                print(&format!("{email} owns {organization} now.\n"))
            }
            Command::MoveAccount { old, new, reason } => {
                let services = adapters::assemble(&config)?;
                services::accounts::move_account(&services, old, new, reason).await?;
                print(&format!(
                    "Done. They are signed out everywhere, and ask for a new password at {new}.\n"
                ))
            }
            Command::ReplayWebhooks { all } => replay_webhooks(&config, *all).await,
            Command::Reseal => reseal(&config).await,
            Command::RotateTicketKeys {
                organization,
                reason,
            } => rotate_ticket_keys(&config, organization, reason).await,
            Command::Routes => Ok(()),
        }
    })
}

/// Panics are faults to be found and mended: they go where the log goes.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        let message = panic.payload_as_str().unwrap_or("no message");
        tracing::error!(place, message, "panic");
    }));
}

fn load(file: Option<&Path>) -> Result<Config, Failure> {
    Config::from_environment(file).map_err(|faults| faults.to_string().into())
}

fn print(text: &str) -> Result<(), Failure> {
    Ok(std::io::stdout().write_all(text.as_bytes())?)
}

#[cfg(feature = "development")]
async fn demo(config: &Config) -> Result<(), Failure> {
    if !config.demo.enabled {
        return Err(
            "demo.enabled is false: sample data and its known passwords are not wanted here".into(),
        );
    }
    let services = adapters::assemble(config)?;
    let report = services::demo::fill(&services).await?;
    print(&report.to_string())
}

async fn forget_second_factor(config: &Config, email: &str, reason: &str) -> Result<(), Failure> {
    let services = adapters::assemble(config)?;
    if services::accounts::take_second_factor_away_of(&services, email, reason).await? {
        return print("Done. They are signed out everywhere, and get a mail that says so.\n");
    }
    Err(format!("nobody with the address {email} has a second factor").into())
}

async fn admin(config: &Config, deed: &AdminDeed) -> Result<(), Failure> {
    let services = adapters::assemble(config)?;
    let (of, add) = match deed {
        AdminDeed::Add(of) => (of, true),
        AdminDeed::Remove(of) => (of, false),
    };
    let (email, reason) = (&of.email, &of.reason);
    services::accounts::set_platform_admin(&services, email, add, reason).await?;
    print(&if add {
        format!(
            "{email} is an admin of the platform now. They need a second factor to see anything of it.\n"
        )
    } else {
        format!("{email} is no admin of the platform any more.\n")
    })
}

async fn replay_webhooks(config: &Config, all: bool) -> Result<(), Failure> {
    let services = adapters::assemble(config)?;
    let done = services::payments::replay(&services, all).await?;
    print(&format!(
        "{} of {} messages are taken in.\n",
        done.taken_in, done.asked
    ))?;
    if done.taken_in < done.asked {
        return Err("the others still wait; the log says why".into());
    }
    Ok(())
}

async fn reseal(config: &Config) -> Result<(), Failure> {
    let services = adapters::assemble(config)?;
    let done = services::reseal::reseal(&services).await?;
    print(&format!(
        "Sealed anew: {} keys that sign tickets, {} authenticators, {} waiting rooms, {} bank accounts, {} lines of statements. secrets.sealing_before can be taken away.\n",
        done.signing_keys,
        done.authenticators,
        done.waiting_rooms,
        done.payout_accounts,
        done.bank_lines
    ))
}

async fn rotate_ticket_keys(
    config: &Config,
    organization: &str,
    reason: &str,
) -> Result<(), Failure> {
    let services = adapters::assemble(config)?;
    match services::tickets::rotate_keys(&services, organization, reason).await? {
        Some(key) => print(&format!(
            "Tickets of {organization} are signed with key {key} now.\n"
        )),
        None => Err(format!("there is no organization {organization}").into()),
    }
}

async fn doctor(config: &Config) -> Result<(), Failure> {
    let services = adapters::assemble(config)?;
    // What is late is late by the database's clock.
    services.db.ping().await?;
    let broken = services::doctor::invariants(&services).await?;
    for (promise, why) in services::doctor::NOT_ASKED {
        print(&format!("{promise}: not asked here, {why}\n"))?;
    }
    for violation in &broken {
        print(&format!("{}: {}\n", violation.invariant, violation.what))?;
    }
    if broken.is_empty() {
        return print("Everything adds up.\n");
    }
    Err(format!("{} things do not add up", broken.len()).into())
}
