//! Lays file and variables over the defaults and remembers where each value came from.

use std::{collections::BTreeMap, net::SocketAddr, path::Path};

use serde::Deserialize;
use toml::{Table, Value};

use super::{
    Config, ConfigFaults, DEFAULT_TOML, Fault, Origin, Program, SERVERS_ONLY, check,
    sections::{
        Cache, Cookies, Database, Demo, Files, Log, Mail, Mode, Payment, Provider, Sales, Secrets,
        Server, Tls, VatRegister, WalletPasses, Wallets, Worker,
    },
};

const PREFIX: &str = "BILTEN_";

/// The values so far. `mode` is the only setting outside a section; its path has no dot.
pub(super) struct Layers {
    defaults: Table,
    values: Table,
    origins: BTreeMap<String, Origin>,
    faults: Vec<Fault>,
}

impl Layers {
    pub(super) fn defaults() -> Result<Self, ConfigFaults> {
        let defaults: Table = DEFAULT_TOML.parse().map_err(|error: toml::de::Error| {
            ConfigFaults(vec![fault("", Origin::Default, error.message())])
        })?;
        Ok(Self {
            values: defaults.clone(),
            defaults,
            origins: BTreeMap::new(),
            faults: Vec::new(),
        })
    }

    pub(super) fn add_file(&mut self, path: &Path) {
        let origin = Origin::File(path.to_owned());
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                return self
                    .faults
                    .push(fault("", origin, &format!("cannot be read: {error}")));
            }
        };
        match text.parse::<Table>() {
            Ok(table) => self.add_table(table, &origin),
            Err(error) => {
                // The whole error would show the line, and that line may hold a password.
                let line = error
                    .span()
                    .map_or(1, |span| 1 + text[..span.start].matches('\n').count());
                let problem = format!("line {line}: {}", error.message());
                self.faults.push(fault("", origin, &problem));
            }
        }
    }

    fn add_table(&mut self, table: Table, origin: &Origin) {
        for (name, value) in table {
            match value {
                Value::Table(section) => {
                    for (key, value) in section {
                        self.set(&format!("{name}.{key}"), value, origin.clone());
                    }
                }
                value => self.set(&name, value, origin.clone()),
            }
        }
    }

    pub(super) fn add_variables(&mut self, variables: impl IntoIterator<Item = (String, String)>) {
        // In the order of the names, so that the list of faults is the same every time.
        let variables: BTreeMap<String, String> = variables.into_iter().collect();
        if let Some(url) = variables.get("DATABASE_URL").filter(|url| !url.is_empty()) {
            let origin = Origin::Variable("DATABASE_URL".to_owned());
            self.set("database.url", Value::String(url.clone()), origin);
        }
        if let Some(port) = variables.get("PORT").filter(|port| !port.is_empty()) {
            self.set_port(port);
        }
        for (name, text) in &variables {
            let Some(rest) = name.strip_prefix(PREFIX) else {
                continue;
            };
            let path = rest.to_lowercase().replacen("__", ".", 1);
            if let Some(setting) = self.kept_in_a_file(&path) {
                self.set_from_file(&setting, text, Origin::Variable(name.clone()));
            } else if path.contains('.') || path == "mode" {
                self.set_text(&path, text, Origin::Variable(name.clone()));
            } else if let Some(meant) = self.with_one_underscore(&path) {
                let problem = format!("two underscores go between section and key: {meant}");
                self.faults
                    .push(fault("", Origin::Variable(name.clone()), &problem));
            }
            // Other names are left alone: container platforms set BILTEN_PORT and the like by themselves.
        }
    }

    /// Of `section.key_file`, where `section.key` is a text and the former no setting itself: the latter.
    fn kept_in_a_file(&self, path: &str) -> Option<String> {
        let setting = path.strip_suffix("_file")?;
        let text = self.lookup(&self.defaults, setting)?.is_str();
        (text && self.lookup(&self.defaults, path).is_none()).then(|| setting.to_owned())
    }

    /// As vaults and container platforms hand secrets over. A line's end is not part of them.
    fn set_from_file(&mut self, path: &str, file: &str, origin: Origin) {
        match std::fs::read_to_string(file) {
            Ok(text) => {
                let text = text.trim_end_matches(['\r', '\n']).to_owned();
                self.set(path, Value::String(text), origin);
            }
            Err(error) => {
                let problem = format!("{file} cannot be read: {error}");
                self.faults.push(fault(path, origin, &problem));
            }
        }
    }

    fn set_port(&mut self, text: &str) {
        let origin = Origin::Variable("PORT".to_owned());
        let listen = self
            .lookup(&self.values, "server.listen")
            .and_then(Value::as_str);
        let address = listen.and_then(|listen| listen.parse::<SocketAddr>().ok());
        match (text.parse::<u16>(), address) {
            (Ok(port), Some(mut address)) => {
                address.set_port(port);
                self.set("server.listen", Value::String(address.to_string()), origin);
            }
            (Ok(_), None) => {} // server.listen is at fault itself and is reported as such
            (Err(_), _) => self.faults.push(fault(
                "server.listen",
                origin,
                "needs a port from 1 to 65535",
            )),
        }
    }

    /// Takes a variable's text for what the default of that setting is.
    fn set_text(&mut self, path: &str, text: &str, origin: Origin) {
        let value = match self.lookup(&self.defaults, path) {
            Some(Value::Integer(_)) => text.trim().parse().ok().map(Value::Integer),
            Some(Value::Boolean(_)) => text.trim().parse().ok().map(Value::Boolean),
            _ => None,
        };
        // What is not a number or a truth value stays a text, and is refused with the right words later.
        self.set(
            path,
            value.unwrap_or_else(|| Value::String(text.to_owned())),
            origin,
        );
    }

    fn set(&mut self, path: &str, value: Value, origin: Origin) {
        if !matches!(self.lookup(&self.defaults, path), Some(known) if !known.is_table()) {
            return self
                .faults
                .push(fault(path, origin, "there is no such setting"));
        }
        put(&mut self.values, path, value);
        self.origins.insert(path.to_owned(), origin);
    }

    fn lookup<'a>(&self, table: &'a Table, path: &str) -> Option<&'a Value> {
        match path.split_once('.') {
            Some((section, key)) => table.get(section)?.as_table()?.get(key),
            None => table.get(path),
        }
    }

    fn with_one_underscore(&self, name: &str) -> Option<String> {
        self.defaults.iter().find_map(|(section, value)| {
            let key = name.strip_prefix(section.as_str())?.strip_prefix('_')?;
            value
                .as_table()?
                .contains_key(key)
                .then(|| format!("{PREFIX}{}__{}", section.to_uppercase(), key.to_uppercase()))
        })
    }

    /// What a program has no use for is as if nobody had set it, so that it holds no secrets that it does not need. Names of
    /// settings, or of whole sections.
    pub(super) fn leave_out(&mut self, names: &[&str]) {
        let is_one = |path: &str| {
            names.iter().any(|name| {
                let rest = path.strip_prefix(name);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
        };
        let left: Vec<String> = self
            .origins
            .keys()
            .filter(|path| is_one(path))
            .cloned()
            .collect();
        for path in left {
            self.origins.remove(&path);
            if let Some(default) = self.lookup(&self.defaults, &path).cloned() {
                put(&mut self.values, &path, default);
            }
        }
    }

    pub(super) fn finish(mut self, program: Program) -> Result<Config, ConfigFaults> {
        if program == Program::Worker {
            self.leave_out(&SERVERS_ONLY);
        }
        self.judge_each_value();
        self.follow_port();
        let config = match Config::deserialize(Value::Table(self.values.clone())) {
            Ok(config) => config,
            Err(error) => {
                self.faults
                    .push(fault("", Origin::Default, error.message()));
                return Err(ConfigFaults(self.faults));
            }
        };
        self.faults
            .extend(check::check(&config, &self.origins, program));
        if self.faults.is_empty() {
            Ok(config)
        } else {
            Err(ConfigFaults(self.faults))
        }
    }

    /// Tries every changed value alone among defaults, so that each fault is found and not only the
    /// first; a faulty value goes back to its default, so that the rest can be judged as well.
    fn judge_each_value(&mut self) {
        for (path, origin) in &self.origins {
            let Some(value) = self.lookup(&self.values, path).cloned() else {
                continue;
            };
            let mut alone = self.defaults.clone();
            put(&mut alone, path, value);
            if let Err(problem) = judge_section(path, &alone) {
                self.faults.push(fault(path, origin.clone(), &problem));
                if let Some(default) = self.lookup(&self.defaults, path).cloned() {
                    put(&mut self.values, path, default);
                }
            }
        }
    }

    /// A developer who changes the port means the address in links as well.
    fn follow_port(&mut self) {
        if self.origins.contains_key("server.public_url") {
            return;
        }
        let listen = self
            .lookup(&self.values, "server.listen")
            .and_then(Value::as_str);
        if let Some(address) = listen.and_then(|listen| listen.parse::<SocketAddr>().ok()) {
            let url = format!("http://localhost:{}", address.port());
            put(&mut self.values, "server.public_url", Value::String(url));
        }
    }
}

fn put(table: &mut Table, path: &str, value: Value) {
    match path.split_once('.') {
        Some((section, key)) => {
            if let Some(Value::Table(section)) = table.get_mut(section) {
                section.insert(key.to_owned(), value);
            }
        }
        None => {
            table.insert(path.to_owned(), value);
        }
    }
}

fn judge_section(path: &str, table: &Table) -> Result<(), String> {
    let section = path.split_once('.').map_or(path, |(section, _)| section);
    let Some(value) = table.get(section).cloned() else {
        return Ok(());
    };
    match section {
        "mode" => judge::<Mode>(value),
        "server" => judge::<Server>(value),
        "tls" => judge::<Tls>(value),
        "database" => judge::<Database>(value),
        "cache" => judge::<Cache>(value),
        "secrets" => judge::<Secrets>(value),
        "cookies" => judge::<Cookies>(value),
        "mail" => judge::<Mail>(value),
        "files" => judge::<Files>(value),
        "payment" => judge::<Payment>(value),
        "provider" => judge::<Provider>(value),
        "vat_register" => judge::<VatRegister>(value),
        "wallets" => judge::<Wallets>(value),
        "wallet_passes" => judge::<WalletPasses>(value),
        "worker" => judge::<Worker>(value),
        "sales" => judge::<Sales>(value),
        "log" => judge::<Log>(value),
        "demo" => judge::<Demo>(value),
        _ => Ok(()),
    }
}

fn judge<'de, T: Deserialize<'de>>(value: Value) -> Result<(), String> {
    T::deserialize(value)
        .map(|_| ())
        .map_err(|error| error.message().to_owned())
}

fn fault(setting: &str, origin: Origin, problem: &str) -> Fault {
    Fault {
        setting: setting.to_owned(),
        origin,
        problem: problem.to_owned(),
    }
}
