use std::{io::Write as _, path::PathBuf};

use super::*;

fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn load(pairs: &[(&str, &str)]) -> Result<Config, ConfigFaults> {
    Config::load(None, variables(pairs))
}

/// A file of its own in the system's temporary folder, removed at the end of the test.
struct TemporaryFile(PathBuf);

impl TemporaryFile {
    fn with(name: &str, text: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("bilten-config-{}-{name}.toml", std::process::id()));
        std::fs::File::create(&path)
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
        Self(path)
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

const PRODUCTION: &[(&str, &str)] = &[
    ("BILTEN_MODE", "production"),
    ("BILTEN_SERVER__PUBLIC_URL", "https://tickets.example"),
    (
        "BILTEN_SECRETS__SEALING",
        "8f14e45fceea167a5a36dedd4bea2543c9f0f895fb98ab9159f51fd0297e236d",
    ),
    (
        "BILTEN_SECRETS__SIGNING",
        "c4ca4238a0b923820dcc509a6f75849bc81e728d9d4c2f636f067f89cc14862c",
    ),
    ("BILTEN_COOKIES__SECURE", "true"),
    ("BILTEN_PAYMENT__KIND", "off"),
    ("BILTEN_DEMO__ENABLED", "false"),
];

#[test]
fn the_defaults_are_complete_and_without_fault() {
    let config = Config::development().unwrap();
    assert_eq!(config.mode, Mode::Development);
    assert_eq!(config.server.origin(), "http://localhost:3000");
    assert_eq!(
        config.server.absolute("/events"),
        "http://localhost:3000/events"
    );
    assert!(config.server.worker_threads() >= 4);
    assert_eq!(config.sales.hold_minutes, 10);
}

#[test]
fn a_file_lies_over_the_defaults_and_a_variable_over_the_file() {
    let file = TemporaryFile::with(
        "layers",
        "[sales]\nhold_minutes = 12\nextension_minutes = 3\n[log]\nformat = \"json\"\n",
    );
    let config = Config::load(
        Some(&file.0),
        variables(&[("BILTEN_SALES__HOLD_MINUTES", "15")]),
    )
    .unwrap();
    assert_eq!(config.sales.hold_minutes, 15);
    assert_eq!(config.sales.extension_minutes, 3);
    assert_eq!(config.log.format, LogFormat::Json);
}

#[test]
fn common_variables_are_understood_and_named_ones_win() {
    let url = "postgres://a:b@db/bilten";
    let config = load(&[("DATABASE_URL", url), ("PORT", "8080"), ("HOME", "/")]).unwrap();
    assert_eq!(config.database.url.expose(), url);
    assert_eq!(config.server.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.server.origin(), "http://localhost:8080");

    let other = "postgres://c@db/other";
    let config = load(&[("DATABASE_URL", url), ("BILTEN_DATABASE__URL", other)]).unwrap();
    assert_eq!(config.database.url.expose(), other);
}

#[test]
fn all_faults_are_listed_at_once_with_their_origin() {
    let file = TemporaryFile::with(
        "faults",
        "mode = \"staging\"\n[server]\nlisten = \"here\"\npublic_url = \"nowhere\"\nlisen = 1\n[shop]\nopen = true\n",
    );
    let faults = Config::load(
        Some(&file.0),
        variables(&[
            ("BILTEN_SALES__HOLD_MINUTES", "soon"),
            ("BILTEN_WORKER__BATCH", "0"),
            ("BILTEN_SALES__HOLD_HOURS", "1"),
            ("BILTEN_DATABASE_URL", "postgres://x"),
        ]),
    )
    .unwrap_err();
    let file = Origin::File(file.0.clone());
    let variable = |name: &str| Origin::Variable(name.to_owned());
    let found: Vec<(&str, &Origin)> = faults
        .0
        .iter()
        .map(|fault| (fault.setting.as_str(), &fault.origin))
        .collect();
    for expected in [
        ("mode", &file),
        ("server.listen", &file),
        ("server.public_url", &file),
        ("server.lisen", &file),
        ("shop.open", &file),
        (
            "sales.hold_minutes",
            &variable("BILTEN_SALES__HOLD_MINUTES"),
        ),
        ("worker.batch", &variable("BILTEN_WORKER__BATCH")),
        ("sales.hold_hours", &variable("BILTEN_SALES__HOLD_HOURS")),
        ("", &variable("BILTEN_DATABASE_URL")),
    ] {
        assert!(
            found.contains(&expected),
            "{expected:?} is missing in\n{faults}"
        );
    }
    assert_eq!(found.len(), 9, "{faults}");
    assert!(
        faults
            .to_string()
            .starts_with("The configuration has 9 faults:\n  - ")
    );
    assert!(faults.to_string().contains("BILTEN_DATABASE__URL"));
}

#[test]
fn a_missing_or_broken_file_is_a_fault_that_shows_no_content() {
    let faults = Config::load(Some(Path::new("/nowhere/at-all.toml")), []).unwrap_err();
    assert!(faults.to_string().contains("cannot be read"));

    let file = TemporaryFile::with("broken", "[database]\nurl = \"postgres://u:hunter2@h/d\n");
    let text = Config::load(Some(&file.0), []).unwrap_err().to_string();
    assert!(text.contains("line 2"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn names_set_by_container_platforms_do_no_harm() {
    load(&[
        ("BILTEN_PORT", "tcp://10.0.0.1:3000"),
        ("BILTEN_SERVICE_HOST", "10.0.0.1"),
    ])
    .unwrap();
}

#[test]
fn production_lists_everything_it_refuses() {
    let faults = load(&[("BILTEN_MODE", "production")]).unwrap_err();
    let settings: Vec<&str> = faults
        .0
        .iter()
        .map(|fault| fault.setting.as_str())
        .collect();
    assert_eq!(
        settings,
        [
            "server.public_url",
            "secrets.sealing",
            "secrets.signing",
            "cookies.secure",
            "payment.kind",
            "demo.enabled",
        ]
    );
}

#[test]
fn production_starts_with_what_it_asks_for() {
    assert!(load(PRODUCTION).unwrap().is_production());
}

#[test]
fn production_refuses_keys_that_anyone_could_guess() {
    for key in ["00".repeat(32), "ff".repeat(32), "ab".repeat(31) + "cd"] {
        let mut pairs = variables(PRODUCTION);
        pairs.push(("BILTEN_SECRETS__SIGNING".to_owned(), key));
        let faults = Config::load(None, pairs).unwrap_err();
        assert_eq!(faults.0[0].setting, "secrets.signing");
    }
}

#[test]
fn keys_and_passwords_are_never_shown() {
    let mut pairs = variables(PRODUCTION);
    pairs.push((
        "DATABASE_URL".to_owned(),
        "postgres://bilten:hunter2@db/bilten?sslmode=verify-full".to_owned(),
    ));
    let shown = format!("{:?}", Config::load(None, pairs).unwrap());
    assert!(!shown.contains("hunter2") && !shown.contains("143, 20, 228") && shown.contains("***"));

    let faults = load(&[
        ("BILTEN_SECRETS__SEALING", "hunter2"),
        ("DATABASE_URL", "mysql://u:hunter2@h"),
    ]);
    let text = faults.unwrap_err().to_string();
    assert!(
        text.contains("secrets.sealing") && text.contains("database.url"),
        "{text}"
    );
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn a_key_is_exactly_64_hexadecimal_digits() {
    for wrong in [
        "",
        "12",
        &"0".repeat(63),
        &"g".repeat(64),
        &"+1".repeat(32),
        &"é".repeat(32),
    ] {
        let faults = load(&[("BILTEN_SECRETS__SEALING", wrong)]).unwrap_err();
        assert_eq!(faults.0[0].setting, "secrets.sealing");
        if !wrong.is_empty() {
            let faults = load(&[("BILTEN_SECRETS__SEALING_BEFORE", wrong)]).unwrap_err();
            assert_eq!(faults.0[0].setting, "secrets.sealing_before");
        }
    }
}

#[test]
fn the_sealing_key_before_is_another_one() {
    let key = "ab".repeat(32);
    let same = [
        ("BILTEN_SECRETS__SEALING", key.as_str()),
        ("BILTEN_SECRETS__SEALING_BEFORE", key.as_str()),
    ];
    let faults = load(&same).unwrap_err();
    assert_eq!(faults.0[0].setting, "secrets.sealing_before");
    let other = load(&[("BILTEN_SECRETS__SEALING_BEFORE", key.as_str())]).unwrap();
    assert_eq!(other.secrets.sealing_before.expose(), Some(&[0xab; 32]));
}

/// Without it sqlx takes an open line where there is no TLS, and never asks whose certificate it is.
#[test]
fn production_takes_no_way_to_the_database_that_others_may_listen_on() {
    let refuses = |url: &str| {
        let mut pairs = variables(PRODUCTION);
        pairs.push(("DATABASE_URL".to_owned(), url.to_owned()));
        match Config::load(None, pairs) {
            Ok(_) => false,
            Err(faults) => faults.0.iter().any(|fault| fault.setting == "database.url"),
        }
    };
    for url in [
        "postgres://u:p@db.example/bilten?sslmode=verify-full",
        "postgres://u:p@localhost/bilten",
        "postgres://u@127.0.0.1:5433/bilten",
        "postgres://u@[::1]/bilten",
        "postgres://u@%2Frun%2Fpostgresql/bilten",
        "postgres:///bilten?host=/run/postgresql",
    ] {
        assert!(!refuses(url), "{url}");
    }
    for url in [
        "postgres://u:p@db.example/bilten",
        "postgres://u:p@db.example/bilten?sslmode=require",
        "postgres://u:p@db.example/bilten?sslmode=verify-ca",
        "postgres://u:p@db.example/bilten?sslmode=verify-full&sslmode=prefer",
        "postgres://u:p@localhost/bilten?host=db.example",
        "postgres://u:p@localhost.example/bilten",
        // Where that is, the environment says.
        "postgres:///bilten",
    ] {
        assert!(refuses(url), "{url}");
    }
}

#[test]
fn production_speaks_with_redis_where_nobody_listens() {
    let refuses = |url: &str| {
        let mut pairs = variables(PRODUCTION);
        pairs.push(("BILTEN_CACHE__KIND".to_owned(), "redis".to_owned()));
        pairs.push(("BILTEN_CACHE__URL".to_owned(), url.to_owned()));
        Config::load(None, pairs).is_err_and(|faults| {
            let mut settings = faults.0.iter().map(|fault| &fault.setting);
            settings.any(|setting| setting == "cache.url")
        })
    };
    for url in [
        "rediss://:p@cache.example:6380/0",
        "redis://127.0.0.1/0",
        "redis://localhost:6379",
        "redis://[::1]:6379",
    ] {
        assert!(!refuses(url), "{url}");
    }
    for url in [
        "redis://:p@cache.example/0",
        "redis://10.0.0.7/0",
        "redis://localhost.example",
    ] {
        assert!(refuses(url), "{url}");
    }
}

#[test]
fn a_variable_may_name_a_file_that_holds_the_value() {
    let key = "8f14e45fceea167a5a36dedd4bea2543c9f0f895fb98ab9159f51fd0297e236d";
    let file = TemporaryFile::with("sealing", &format!("{key}\n"));
    let path = file.0.to_str().unwrap();
    let config = load(&[("BILTEN_SECRETS__SEALING_FILE", path)]).unwrap();
    let typed = load(&[("BILTEN_SECRETS__SEALING", key)]).unwrap();
    assert_eq!(config.secrets.sealing, typed.secrets.sealing);

    let faults = load(&[
        ("BILTEN_SECRETS__SIGNING_FILE", "/nowhere/at-all"),
        ("BILTEN_SALES__HOLD_MINUTES_FILE", path),
        ("BILTEN_SECRETS__OTHER_FILE", path),
    ])
    .unwrap_err()
    .to_string();
    assert!(
        faults.contains("/nowhere/at-all cannot be read") && faults.contains("3 faults"),
        "{faults}"
    );
    assert!(!faults.contains(key), "{faults}");
}

#[cfg(unix)]
#[test]
fn production_refuses_secrets_in_a_file_that_everybody_may_read() {
    use std::os::unix::fs::PermissionsExt;
    let file = TemporaryFile::with(
        "open",
        "[database]\nurl = \"postgres://u:p@localhost/bilten\"\n",
    );
    for (mode, refused) in [(0o644, true), (0o640, false), (0o600, false)] {
        std::fs::set_permissions(&file.0, std::fs::Permissions::from_mode(mode)).unwrap();
        let found = Config::load(Some(&file.0), variables(PRODUCTION));
        assert_eq!(found.is_err(), refused, "{mode:o}");
        assert!(Config::load(Some(&file.0), []).is_ok());
    }
    let harmless = TemporaryFile::with("harmless", "[sales]\nhold_minutes = 12\n");
    Config::load(Some(&harmless.0), variables(PRODUCTION)).unwrap();
}

#[test]
fn production_says_what_is_probably_not_meant() {
    let doubts = |more: &[(&str, &str)]| {
        let mut pairs = variables(PRODUCTION);
        pairs.extend(variables(more));
        let doubts = Config::load(None, pairs).unwrap().doubts();
        doubts
            .iter()
            .map(|(setting, _)| *setting)
            .collect::<Vec<_>>()
    };
    assert_eq!(doubts(&[]), ["server.behind_proxy", "mail.kind"]);
    let proxy = ("BILTEN_SERVER__BEHIND_PROXY", "true");
    assert_eq!(doubts(&[proxy]), ["mail.kind"]);
    assert_eq!(Config::development().unwrap().doubts(), []);
}

#[test]
fn redis_needs_an_address_which_is_not_shown() {
    for wrong in ["", "localhost:6379", "http://x:hunter2@h", "redis:hunter2"] {
        let pairs = [
            ("BILTEN_CACHE__KIND", "redis"),
            ("BILTEN_CACHE__URL", wrong),
        ];
        let faults = load(&pairs).unwrap_err();
        assert_eq!(faults.0[0].setting, "cache.url", "{wrong}");
        assert!(!faults.to_string().contains("hunter2"), "{faults}");
    }
    for right in ["redis://:hunter2@h:6379/1", "rediss://u:hunter2@h"] {
        let pairs = [
            ("BILTEN_CACHE__KIND", "redis"),
            ("BILTEN_CACHE__URL", right),
        ];
        let shown = format!("{:?}", load(&pairs).unwrap());
        assert!(!shown.contains("hunter2"), "{shown}");
    }
    let faults = load(&[("BILTEN_CACHE__KIND", "memcached")]).unwrap_err();
    assert_eq!(faults.0[0].setting, "cache.kind");
}

#[test]
fn tls_names_what_it_lacks() {
    let settings = |pairs: &[(&str, &str)]| -> Vec<String> {
        let faults = load(pairs).unwrap_err().0;
        faults.into_iter().map(|fault| fault.setting).collect()
    };
    let files = settings(&[("BILTEN_TLS__KIND", "files")]);
    assert_eq!(files, ["server.public_url", "tls.certificate", "tls.key"]);
    let https = ("BILTEN_SERVER__PUBLIC_URL", "https://tickets.example");
    let acme = settings(&[
        https,
        ("BILTEN_TLS__KIND", "acme"),
        ("BILTEN_TLS__ACME_FOLDER", ""),
        ("BILTEN_TLS__ACME_DIRECTORY", "http://localhost"),
    ]);
    assert_eq!(
        acme,
        [
            "tls.acme_names",
            "tls.acme_contact",
            "tls.acme_folder",
            "tls.acme_directory"
        ]
    );
    for wrong in ["80", "here:80", "127.0.0.1:3000"] {
        let fault = settings(&[("BILTEN_TLS__REDIRECT_LISTEN", wrong)]);
        assert_eq!(fault, ["tls.redirect_listen"], "{wrong}");
    }
    load(&[
        https,
        ("BILTEN_TLS__KIND", "files"),
        ("BILTEN_TLS__CERTIFICATE", "fullchain.pem"),
        ("BILTEN_TLS__KEY", "privkey.pem"),
        ("BILTEN_TLS__REDIRECT_LISTEN", "0.0.0.0:80"),
    ])
    .unwrap();
}

const STRIPE: &[(&str, &str)] = &[
    ("BILTEN_PAYMENT__KIND", "stripe"),
    ("BILTEN_PAYMENT__STRIPE_SECRET_KEY", "sk_live_51abc"),
    ("BILTEN_PAYMENT__STRIPE_WEBHOOK_SECRET", "whsec_abc"),
];

#[test]
fn stripe_names_what_it_lacks_and_shows_no_key() {
    let faults = load(&STRIPE[..1]).unwrap_err();
    let settings: Vec<_> = faults
        .0
        .iter()
        .map(|fault| fault.setting.as_str())
        .collect();
    assert_eq!(
        settings,
        ["payment.stripe_secret_key", "payment.stripe_webhook_secret"]
    );
    let published = [
        STRIPE[0],
        ("BILTEN_PAYMENT__STRIPE_SECRET_KEY", "pk_live_51abc"),
        STRIPE[2],
    ];
    let faults = load(&published).unwrap_err();
    assert_eq!(faults.0.len(), 1);
    assert!(!faults.to_string().contains("51abc"), "{faults}");
    let config = load(STRIPE).unwrap();
    assert_eq!(
        config.payment.stripe_url.as_str(),
        "https://api.stripe.com/"
    );
    let shown = format!("{config:?}");
    assert!(
        !shown.contains("51abc") && !shown.contains("whsec_abc"),
        "{shown}"
    );
}

#[test]
fn fields_of_stripe_in_a_page_need_the_key_that_belongs_to_the_other() {
    let with = |more: &[(&'static str, &'static str)]| {
        let element = [("BILTEN_PAYMENT__STRIPE_PAGE", "element")];
        let pairs: Vec<_> = STRIPE.iter().chain(&element).chain(more).copied().collect();
        load(&pairs)
    };
    let key = "BILTEN_PAYMENT__STRIPE_PUBLISHABLE_KEY";
    assert!(!load(STRIPE).unwrap().payment.in_page(), "not by itself");
    assert!(with(&[(key, "pk_live_1")]).unwrap().payment.in_page());
    for wrong in ["", "sk_live_51abc", "pk_test_51abc", "pk_live 51abc"] {
        let faults = with(&[(key, wrong)]).unwrap_err();
        assert_eq!(faults.0[0].setting, "payment.stripe_publishable_key");
        assert!(!faults.to_string().contains("51abc"), "{faults}");
    }
    for wrong in [
        "https://js.stripe.com/v3",
        "https://js.stripe.com?x",
        "data:,x",
    ] {
        let url = ("BILTEN_PAYMENT__STRIPE_JS_URL", wrong);
        let faults = with(&[(key, "pk_live_1"), url]).unwrap_err();
        assert_eq!(faults.0[0].setting, "payment.stripe_js_url", "{wrong}");
    }
    let off = [
        ("BILTEN_PAYMENT__KIND", "sandbox"),
        ("BILTEN_PAYMENT__STRIPE_PAGE", "element"),
    ];
    assert!(!load(&off).unwrap().payment.in_page(), "without Stripe");
}

#[test]
fn production_takes_stripe_with_a_key_for_real_money_only() {
    let with = |more: &[(&'static str, &'static str)]| {
        let pairs: Vec<_> = PRODUCTION
            .iter()
            .filter(|(name, _)| *name != "BILTEN_PAYMENT__KIND")
            .chain(STRIPE)
            .chain(more)
            .copied()
            .collect();
        load(&pairs)
    };
    assert!(with(&[]).is_ok());
    for (name, value) in [
        ("BILTEN_PAYMENT__STRIPE_SECRET_KEY", "sk_test_51abc"),
        ("BILTEN_PAYMENT__STRIPE_SECRET_KEY", "rk_test_51abc"),
        ("BILTEN_PAYMENT__STRIPE_URL", "http://stripe.example"),
    ] {
        let faults = with(&[(name, value)]).unwrap_err();
        assert_eq!(faults.0.len(), 1, "{name}={value}");
        assert!(!faults.to_string().contains("51abc"), "{faults}");
    }
    let element = |script: &'static str| {
        with(&[
            ("BILTEN_PAYMENT__STRIPE_PAGE", "element"),
            ("BILTEN_PAYMENT__STRIPE_PUBLISHABLE_KEY", "pk_live_1"),
            ("BILTEN_PAYMENT__STRIPE_JS_URL", script),
        ])
    };
    assert!(element("https://js.stripe.com").is_ok());
    assert!(element("https://js.stripe.example").is_err());
}

#[test]
fn the_worker_neither_needs_nor_holds_secrets_of_the_server() {
    let with_all: Vec<_> = [
        ("BILTEN_PAYMENT__KIND", "stripe"),
        ("BILTEN_PAYMENT__STRIPE_SECRET_KEY", "sk_test_1"),
        ("BILTEN_PAYMENT__STRIPE_WEBHOOK_SECRET", "whsec_hush"),
        (
            "BILTEN_PAYMENT__STRIPE_CONNECT_WEBHOOK_SECRET",
            "whsec_hush",
        ),
        ("BILTEN_PROVIDER__ISSUER", "https://id.example"),
        ("BILTEN_PROVIDER__NAME", "Id"),
        ("BILTEN_PROVIDER__CLIENT_ID", "bilten"),
        ("BILTEN_PROVIDER__CLIENT_SECRET", "hush"),
    ]
    .to_vec();
    let worker = |pairs: &[(&str, &str)]| Config::read(None, variables(pairs), Program::Worker);
    assert_eq!(
        load(&with_all).unwrap().provider.client_secret.expose(),
        "hush"
    );
    let held = worker(&with_all).unwrap();
    assert!(!held.provider.is_set());
    for secret in [
        &held.provider.client_secret,
        &held.payment.stripe_webhook_secret,
        &held.payment.stripe_connect_webhook_secret,
        &held.wallet_passes.apple_key,
        &held.wallet_passes.google_key,
    ] {
        assert!(secret.expose().is_empty());
    }
    // What the server cannot do without, the worker can.
    load(&with_all[..2]).unwrap_err();
    worker(&with_all[..2]).unwrap();
    // And what it needs, it asks for.
    worker(&with_all[..1]).unwrap_err();
}
