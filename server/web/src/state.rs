//! What every handler shares.

use std::{path::PathBuf, sync::Arc};

use adapters::config::Config;
use app::shell::Assets;
use axum::extract::FromRef;
use leptos::config::LeptosOptions;
use services::Services;

use crate::{forms::FormStore, http::live::Watchers};

#[derive(Clone)]
pub struct AppState {
    pub services: Services,
    pub config: Arc<Config>,
    pub assets: Arc<Assets>,
    /// The folder of built and copied files.
    pub site: Arc<PathBuf>,
    pub(crate) forms: FormStore,
    pub(crate) watchers: Watchers,
    leptos: LeptosOptions,
}

impl AppState {
    /// `site` is the folder the build wrote; `hashes` the list of hashes it left beside the program.
    #[must_use]
    pub fn new(services: Services, config: Config, site: PathBuf, hashes: Option<&str>) -> Self {
        let leptos = LeptosOptions::builder()
            .output_name("bilten")
            .site_root(site.to_string_lossy())
            .build();
        Self {
            services,
            config: Arc::new(config),
            assets: Arc::new(Assets::from_hashes(hashes)),
            site: Arc::new(site),
            forms: FormStore::default(),
            watchers: Watchers::default(),
            leptos,
        }
    }

    /// Scheme, host and port people reach us under.
    #[must_use]
    pub fn origin(&self) -> String {
        self.config.server.origin()
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}
