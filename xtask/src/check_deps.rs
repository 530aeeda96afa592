//! Holds the packages to the dependency rules of docs/ARCHITECTURE.md.
//!
//! What a package may name in its Cargo.toml is a table: a new package or a new edge must be added here
//! on purpose. What the browser gets is checked over the whole resolved tree.

use serde_json::Value;

use crate::{Result, project::Project, shell};

/// Package → the project's packages it may depend on. `?` marks those that must be optional, so that
/// only the server's half of the interface is compiled with them.
const EDGES: &[(&str, &[&str])] = &[
    ("domain", &[]),
    // Tries the rules on both kinds of machines.
    ("twins", &["domain"]),
    // Draws the posters of the demo data; heavy enough to be optimised apart, and knows nothing.
    ("artwork", &[]),
    // Prints invoices; knows how they add up and what their words are, and nothing of where they are kept.
    ("documents", &["domain", "app-locales"]),
    ("app-locales", &["domain"]),
    ("app-ui", &["domain", "app-locales"]),
    ("app-api", &["domain", "app-locales", "services?"]),
    ("app-store", &["domain", "app-locales", "app-api", "app-ui"]),
    (
        "app-organizer",
        &["domain", "app-locales", "app-api", "app-ui"],
    ),
    ("app-admin", &["domain", "app-locales", "app-api", "app-ui"]),
    (
        "app-scanner",
        &["domain", "app-locales", "app-api", "app-ui"],
    ),
    (
        "app",
        &[
            "domain",
            "app-locales",
            "app-api",
            "app-ui",
            "app-store",
            "app-organizer",
            "app-admin",
            "app-scanner",
        ],
    ),
    ("frontend", &["app"]),
    (
        "services",
        &["domain", "app-locales", "artwork", "documents"],
    ),
    ("adapters", &["domain", "services"]),
    ("chain", &["domain", "services"]),
    (
        "bilten-worker",
        &["domain", "app-locales", "services", "adapters", "chain"],
    ),
    (
        "bilten",
        &[
            "domain",
            "app-locales",
            "app",
            "app-api",
            "services",
            "adapters",
            "bilten-worker",
        ],
    ),
    (
        "testkit",
        &["domain", "app-locales", "services", "adapters"],
    ),
    // Behaves like Stripe; a server apart, that knows nothing.
    ("stripe-double", &[]),
    (
        "bench",
        // A Redis comes and goes as in tests.
        &["domain", "services", "adapters", "stripe-double", "testkit"],
    ),
    ("xtask", &[]),
    ("audit", &[]),
];

/// Everything `domain` may use: it is pure, and compiled for the browser as well.
const DOMAIN: &[&str] = &[
    "serde",
    "thiserror",
    "uuid",
    "jiff",
    "ed25519-dalek",
    "sha2",
    // Compares a door's PIN in the same time, however much of it is right.
    "subtle",
    "base64",
    "iban_validate",
    "unicode-normalization",
    // Behind the feature `schema`, which the browser's half never has.
    "utoipa",
];

/// Packages that only these may name.
const RESERVED: &[(&str, &[&str])] = &[
    ("sqlx", &["services", "testkit"]),
    ("jiff-sqlx", &["services", "testkit"]),
    ("alloy", &["chain"]),
    ("lettre", &["adapters"]),
    ("redis", &["adapters"]),
    ("async-stripe-client-core", &["adapters", "stripe-double"]),
    ("async-stripe-checkout", &["adapters", "stripe-double"]),
    ("async-stripe-core", &["adapters", "stripe-double"]),
    ("krilla", &["documents"]),
    ("harfrust", &["documents"]),
];

/// What must never reach the browser, by the beginning of the name.
const NOT_IN_WASM: &[&str] = &[
    "sqlx",
    "tokio",
    "mio",
    "axum",
    "hyper",
    "tower-http",
    "reqwest",
    "rustls",
    "utoipa",
    "chrono",
    "argon2",
    "image",
    "lettre",
    "moka",
    "services",
    "adapters",
    "bilten",
    "testkit",
    "xtask",
];

pub fn check(project: &Project) -> Result {
    let text = shell::capture(project.cargo().args([
        "metadata",
        "--no-deps",
        "--format-version=1",
        "--locked",
    ]))?;
    let metadata: Value = serde_json::from_str(&text)?;
    let packages = metadata["packages"]
        .as_array()
        .ok_or("cargo metadata lists no packages")?;
    let mut faults = Vec::new();
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let Some((_, allowed)) = EDGES.iter().find(|(known, _)| *known == name) else {
            faults.push(format!(
                "{name} is not in the table of xtask/src/check_deps.rs"
            ));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            // Tests may use what they need; they are not shipped.
            if dependency["kind"].as_str() != Some("dev") {
                faults.extend(judge(name, allowed, dependency));
            }
        }
    }
    faults.extend(wasm_tree(project)?);
    if !faults.is_empty() {
        return Err(faults.join("\n").into());
    }
    println!("  {} packages keep to the rules", packages.len());
    Ok(())
}

fn judge(package: &str, allowed: &[&str], dependency: &Value) -> Option<String> {
    let name = dependency["name"].as_str().unwrap_or_default();
    if dependency["path"].is_string() {
        let optional = dependency["optional"].as_bool() == Some(true);
        let fits = |entry: &&&str| match entry.strip_suffix('?') {
            Some(entry) => entry == name && optional,
            None => **entry == name,
        };
        return allowed.iter().find(fits).is_none().then(|| {
            format!(
                "{package} may not depend on {name}{}",
                if optional {
                    ""
                } else {
                    " (without optional = true)"
                }
            )
        });
    }
    if package == "domain" && !DOMAIN.contains(&name) {
        return Some(format!(
            "domain may not depend on {name}: it has room for small, pure packages only"
        ));
    }
    let (_, owners) = RESERVED.iter().find(|(reserved, _)| *reserved == name)?;
    (!owners.contains(&package)).then(|| {
        format!(
            "{package} may not name {name}; only {} may",
            owners.join(" and ")
        )
    })
}

fn wasm_tree(project: &Project) -> Result<Vec<String>> {
    let arguments = [
        "tree",
        "--locked",
        "--package=frontend",
        "--target=wasm32-unknown-unknown",
        "--edges=normal",
        "--prefix=none",
        "--format={p}",
    ];
    let tree = shell::capture(project.cargo().args(arguments))?;
    let mut names: Vec<&str> = tree
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    names.sort_unstable();
    names.dedup();
    let forbidden = |name: &&str| {
        NOT_IN_WASM.iter().any(|start| {
            name.strip_prefix(start)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
        })
    };
    Ok(names
        .into_iter()
        .filter(forbidden)
        .map(|name| format!("{name} reaches the browser; find the way with: cargo tree -p frontend --target wasm32-unknown-unknown -i {name}"))
        .collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::judge;

    #[test]
    fn services_reach_the_interface_only_as_an_option() {
        let allowed = &["domain", "services?"];
        let edge =
            |optional: bool| json!({ "name": "services", "path": "/x", "optional": optional });
        assert!(judge("app-api", allowed, &edge(true)).is_none());
        assert!(judge("app-api", allowed, &edge(false)).is_some());
    }

    #[test]
    fn areas_do_not_depend_on_each_other() {
        let edge = json!({ "name": "app-admin", "path": "/x", "optional": false });
        assert!(judge("app-store", &["domain", "app-ui"], &edge).is_some());
    }

    #[test]
    fn sql_stays_in_services() {
        let edge = json!({ "name": "sqlx", "optional": false });
        assert!(judge("bilten", &[], &edge).is_some());
        assert!(judge("services", &[], &edge).is_none());
    }

    #[test]
    fn domain_takes_only_what_is_on_its_list() {
        assert!(judge("domain", &[], &json!({ "name": "rand", "optional": false })).is_some());
        assert!(
            judge(
                "domain",
                &[],
                &json!({ "name": "serde", "optional": false })
            )
            .is_none()
        );
    }
}
