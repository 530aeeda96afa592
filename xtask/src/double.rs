//! The server that behaves like Stripe, as a process beside ours.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpStream},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::{Result, project::Project, shell};

/// Known to everybody: whoever reaches this machine's loopback may do anything with the double anyway.
const KEY: &str = "sk_test_bilten_sandbox";
const PUBLISHABLE_KEY: &str = "pk_test_bilten_sandbox";
const SECRET: &str = "whsec_bilten_sandbox";
/// How long it may take to begin listening.
const PATIENCE: Duration = Duration::from_secs(10);

pub struct Double {
    child: Child,
    url: String,
}

impl Double {
    /// Builds and starts it for a server on `port`; it listens on the port after that one.
    pub fn start(project: &Project, port: u16) -> Result<Self> {
        shell::step(
            "building the server that behaves like Stripe",
            "1 min, once",
            || {
                shell::run(
                    project
                        .cargo()
                        .args(["build", "--package", "stripe-double"]),
                )
            },
        )?;
        let next = port
            .checked_add(1)
            .ok_or("no port is left for Stripe\u{2019}s double")?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, next));
        let program = format!("stripe-double{}", std::env::consts::EXE_SUFFIX);
        let child = Command::new(project.target.join("debug").join(program))
            .args(["--listen", &address.to_string()])
            .args(["--key", KEY])
            .args(["--publishable-key", PUBLISHABLE_KEY])
            .args([
                "--webhook",
                &format!("http://localhost:{port}/webhooks/stripe={SECRET}"),
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()?;
        let mut double = Self {
            child,
            url: format!("http://{address}"),
        };
        double.wait_for(address)?;
        Ok(double)
    }

    fn wait_for(&mut self, address: SocketAddr) -> Result {
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            if let Some(status) = self.child.try_wait()? {
                return Err(
                    format!("the double did not start ({status}); is {address} in use?").into(),
                );
            }
            if begun.elapsed() > PATIENCE {
                return Err(format!("the double does not listen on {address}").into());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// What our server has to be told, so that buyers pay in the double's fields in a page of ours, or on its own page.
    pub fn settings(&self, in_page: bool) -> [(&'static str, &str); 7] {
        let page = if in_page { "element" } else { "hosted" };
        [
            ("BILTEN_PAYMENT__KIND", "stripe"),
            ("BILTEN_PAYMENT__STRIPE_SECRET_KEY", KEY),
            ("BILTEN_PAYMENT__STRIPE_WEBHOOK_SECRET", SECRET),
            ("BILTEN_PAYMENT__STRIPE_URL", &self.url),
            ("BILTEN_PAYMENT__STRIPE_PAGE", page),
            ("BILTEN_PAYMENT__STRIPE_PUBLISHABLE_KEY", PUBLISHABLE_KEY),
            ("BILTEN_PAYMENT__STRIPE_JS_URL", &self.url),
        ]
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn how_to_pay(&self) -> String {
        format!(
            "What you pay goes to {url}, which behaves like Stripe. Cards, with any date ahead and any check digits:\n  \
             4242 4242 4242 4242  pays\n  \
             4000 0000 0000 9995  is declined: not enough money\n  \
             4000 0000 0000 0002  is declined without a reason\n  \
             4000 0027 6000 3184  asks for 3-D Secure\n\
             Its own book: {url}/_double/book",
            url = self.url
        )
    }
}

impl Drop for Double {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
