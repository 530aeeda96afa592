//! What every handler shares.

use std::{ops::Deref, path::PathBuf, sync::Arc};

use adapters::config::Config;
use app::shell::Assets;
use axum::extract::FromRef;
use leptos::config::{LeptosOptions, errors::LeptosConfigError, get_config_from_str};
use services::Services;

use crate::{
    forms::FormStore,
    http::{live::Watchers, streams::Streams},
    layers::{pace::Paces, pages::PageCache},
};

/// One allocation: every layer has a copy of its own for every request.
#[derive(Clone)]
pub struct AppState(Arc<Parts>);

pub struct Parts {
    pub services: Services,
    pub config: Arc<Config>,
    pub assets: Arc<Assets>,
    /// The folder of built and copied files.
    pub site: Arc<PathBuf>,
    pub(crate) forms: FormStore,
    pub(crate) watchers: Watchers,
    pub(crate) streams: Streams,
    pub(crate) pages: PageCache,
    pub(crate) paces: Paces,
    leptos: LeptosOptions,
}

impl AppState {
    /// `site` is the folder the build wrote; `hashes` the list of hashes it left beside the program.
    ///
    /// # Errors
    ///
    /// When `Leptos.toml`, or an override of it in the environment, cannot be read.
    pub fn new(
        services: Services,
        config: Config,
        site: PathBuf,
        hashes: Option<&str>,
    ) -> Result<Self, LeptosConfigError> {
        let mut leptos = get_config_from_str(include_str!("../../../Leptos.toml"))?;
        let paces = Paces::new(
            config.server.requests_per_second,
            config.server.requests_at_once,
        );
        leptos.site_root = site.to_string_lossy().into();
        Ok(Self(Arc::new(Parts {
            services,
            config: Arc::new(config),
            assets: Arc::new(Assets::from_hashes(hashes)),
            site: Arc::new(site),
            forms: FormStore::default(),
            watchers: Watchers::default(),
            streams: Streams::default(),
            pages: PageCache::default(),
            paces,
            leptos,
        })))
    }

    /// From now on kept pages go when what they show changes. Needs a tokio runtime, and somebody who listens to the
    /// database (`Live::listen`).
    pub fn follow_changes(&self) {
        let changes = self.services.live.page_changes();
        tokio::spawn(self.pages.clone().follow(changes));
    }

    /// Scheme, host and port people reach us under.
    #[must_use]
    pub fn origin(&self) -> String {
        self.config.server.origin()
    }
}

impl Deref for AppState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}

#[cfg(test)]
mod tests {
    use leptos::config::get_config_from_str;

    /// The build reads its names from one file and the server from another.
    #[test]
    fn the_build_and_the_server_agree_on_names() {
        let server = get_config_from_str(include_str!("../../../Leptos.toml")).unwrap();
        let build = get_config_from_str(include_str!("../../../Cargo.toml")).unwrap();
        assert_eq!(server.output_name, build.output_name);
        assert_eq!(server.site_pkg_dir, build.site_pkg_dir);
        assert_eq!(server.hash_files, build.hash_files);
    }
}
