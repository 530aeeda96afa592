//! Stripe's own Python client goes through every flow.
#![expect(clippy::panic, reason = "helpers of tests")]

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use stripe_double::{Double, Options};

const CLIENT: &str = "stripe==16.1.0";

#[tokio::test(flavor = "multi_thread")]
async fn stripes_own_client_notices_nothing() {
    let double = Double::start(Options::default())
        .await
        .expect("a free port");
    let python = environment();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drive.py");
    let (url, key) = (double.url.clone(), double.secret_key.clone());
    let driven = tokio::task::spawn_blocking(move || {
        run(Command::new(python).arg(script).arg(url).arg(key))
    });
    let output = driven.await.expect("the driver was started");
    assert!(output.status.success(), "{}", said(&output));
}

/// A Python with the client, made once in the target folder.
fn environment() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(CLIENT.replace("==", "-"));
    let python = folder.join("bin/python");
    let has_client = || {
        python.exists()
            && run(Command::new(&python).args(["-c", "import stripe"]))
                .status
                .success()
    };
    if has_client() {
        return python;
    }
    let made = run(Command::new("python3")
        .args(["-m", "venv", "--clear"])
        .arg(&folder));
    assert!(
        made.status.success(),
        "this test needs python3 with the modules venv and pip (Debian: apt install python3-venv)\n{}",
        said(&made)
    );
    let installed = run(Command::new(&python).args(["-m", "pip", "install", "--quiet", CLIENT]));
    assert!(
        installed.status.success() && has_client(),
        "this test needs {CLIENT} from PyPI, and pip could not install it\n{}",
        said(&installed)
    );
    python
}

fn run(command: &mut Command) -> Output {
    let program = command.get_program().to_owned();
    command.output().unwrap_or_else(|error| {
        panic!(
            "this test needs {}, which cannot be started: {error}",
            program.display()
        )
    })
}

fn said(output: &Output) -> String {
    format!(
        "{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}
