//! An OpenID provider, found by its discovery document.

use std::{pin::Pin, time::Duration};

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use moka::sync::Cache;
use openidconnect::{
    AsyncHttpClient, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IssuerUrl, JsonWebKeySet, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse,
    core::{
        CoreAuthenticationFlow, CoreClient, CoreIdTokenVerifier, CoreJsonWebKey,
        CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreUserInfoClaims,
    },
    http::{StatusCode, header::CONTENT_TYPE},
};
use services::ports::{Identity, PortError, ProviderQuestion, SignInProvider};
use url::Url;

use crate::{
    config::Provider,
    outbound::{Outbound, OutboundError},
};

/// Keys are changed now and then; whoever signs in within this time after that waits for nobody.
const KEPT: Duration = Duration::from_secs(15 * 60);

/// With these a provider signs by a key that only it has, whatever its document offers: HMAC would be by a secret of both.
const SIGNED_BY: [CoreJwsSigningAlgorithm; 3] = [
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// What most providers still sign with. Its padding is not approved any more, and their keys are often of 2048 bits, which give
/// 112 bits of security: taken where the operator says so (`provider.older_signatures`).
const OLDER: CoreJwsSigningAlgorithm = CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256;

/// Shorter ones are of less than 128 bits of security (NIST SP 800-57, part 1, table 2), in bytes.
const RSA_BYTES: usize = 3072 / 8;
const OLDER_RSA_BYTES: usize = 2048 / 8;

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// The provider of the settings.
pub struct OpenId {
    name: String,
    issuer: IssuerUrl,
    client: ClientId,
    secret: Option<ClientSecret>,
    http: Http,
    older: bool,
    found: Cache<(), CoreProviderMetadata>,
}

impl OpenId {
    /// Asks nobody yet.
    pub fn new(settings: &Provider) -> Result<Self, PortError> {
        let issuer = settings.issuer.as_str();
        let host = Url::parse(issuer)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned));
        let secret = settings.client_secret.expose();
        Ok(Self {
            name: settings.name.clone(),
            issuer: IssuerUrl::new(issuer.to_owned()).map_err(refused)?,
            client: ClientId::new(settings.client_id.clone()),
            secret: Some(secret)
                .filter(|secret| !secret.is_empty())
                .map(|secret| ClientSecret::new(secret.to_owned())),
            http: Http(Outbound::new(settings.hosts(), host.as_deref()).map_err(unavailable)?),
            older: settings.older_signatures,
            found: Cache::builder().max_capacity(1).time_to_live(KEPT).build(),
        })
    }

    async fn client(&self, return_to: &str) -> Result<Client, PortError> {
        let metadata = match self.found.get(&()) {
            Some(found) => found,
            None => {
                let found = CoreProviderMetadata::discover_async(self.issuer.clone(), &self.http)
                    .await
                    .map_err(unavailable)?;
                let found = with_long_keys(found, self.older);
                self.found.insert((), found.clone());
                found
            }
        };
        let return_to = RedirectUrl::new(return_to.to_owned()).map_err(refused)?;
        let client =
            CoreClient::from_provider_metadata(metadata, self.client.clone(), self.secret.clone());
        Ok(client.set_redirect_uri(return_to))
    }
}

fn verifier(client: &Client, older: bool) -> CoreIdTokenVerifier<'_> {
    let allowed = SIGNED_BY.into_iter().chain(older.then_some(OLDER));
    client.id_token_verifier().set_allowed_algs(allowed)
}

/// Without those keys of RSA that are too short.
fn with_long_keys(found: CoreProviderMetadata, older: bool) -> CoreProviderMetadata {
    let least = if older { OLDER_RSA_BYTES } else { RSA_BYTES };
    let all = found.jwks().keys().len();
    let kept: Vec<_> = found
        .jwks()
        .keys()
        .iter()
        .filter(|key| modulus(key).is_none_or(|bytes| bytes >= least))
        .cloned()
        .collect();
    if kept.len() < all {
        tracing::warn!(
            left_out = all - kept.len(),
            "keys of the sign-in provider are too short; provider.older_signatures = true takes RSA of 2048 bits"
        );
    }
    found.set_jwks(JsonWebKeySet::new(kept))
}

/// How long the modulus of a key of RSA is, in bytes.
fn modulus(key: &CoreJsonWebKey) -> Option<usize> {
    let key = serde_json::to_value(key).ok()?;
    let modulus = URL_SAFE_NO_PAD.decode(key.get("n")?.as_str()?).ok()?;
    Some(modulus.iter().skip_while(|byte| **byte == 0).count())
}

#[async_trait]
impl SignInProvider for OpenId {
    fn name(&self) -> &str {
        &self.name
    }

    async fn question(&self, return_to: &str) -> Result<ProviderQuestion, PortError> {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, state, nonce) = self
            .client(return_to)
            .await?
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scope(Scope::new("email".into()))
            .add_scope(Scope::new("profile".into()))
            .set_pkce_challenge(challenge)
            .url();
        Ok(ProviderQuestion {
            url: url.into(),
            state: state.into_secret(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
        })
    }

    async fn answer(
        &self,
        question: &ProviderQuestion,
        code: &str,
        issuer: Option<&str>,
        return_to: &str,
    ) -> Result<Identity, PortError> {
        if issuer.is_some_and(|issuer| issuer != self.issuer.as_str()) {
            return Err(PortError::Refused("another provider answered".into()));
        }
        let client = self.client(return_to).await?;
        let tokens = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(refused)?
            .set_pkce_verifier(PkceCodeVerifier::new(question.verifier.clone()))
            .request_async(&self.http)
            .await
            .map_err(refused)?;
        let token = tokens
            .id_token()
            .ok_or_else(|| PortError::Refused("no ID token".into()))?;
        let nonce = Nonce::new(question.nonce.clone());
        let claims = token
            .claims(&verifier(&client, self.older), &nonce)
            .map_err(refused)?;
        let subject = claims.subject().clone();
        let name = |name: Option<&openidconnect::LocalizedClaim<openidconnect::EndUserName>>| {
            name.and_then(|name| name.get(None))
                .map(|name| name.as_str().to_owned())
        };
        let mut identity = Identity {
            issuer: self.issuer.as_str().to_owned(),
            subject: subject.as_str().to_owned(),
            email: claims.email().map(|email| email.as_str().to_owned()),
            email_verified: claims.email_verified() == Some(true),
            name: name(claims.name()).unwrap_or_default(),
        };
        // Many providers tell the address only when they are asked again.
        if identity.email.is_none()
            && let Ok(ask_again) = client.user_info(tokens.access_token().clone(), Some(subject))
        {
            let told: CoreUserInfoClaims =
                ask_again.request_async(&self.http).await.map_err(refused)?;
            identity.email = told.email().map(|email| email.as_str().to_owned());
            identity.email_verified = told.email_verified() == Some(true);
            if identity.name.is_empty() {
                identity.name = name(told.name()).unwrap_or_default();
            }
        }
        Ok(identity)
    }
}

/// Requests of the library's, through the one way out.
struct Http(Outbound);

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = OutboundError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, OutboundError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let answer = self.0.send(request.try_into()?).await?;
            let mut response = HttpResponse::new(answer.body);
            *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or_default();
            if let Some(kind) = answer.content_type.and_then(|kind| kind.try_into().ok()) {
                response.headers_mut().insert(CONTENT_TYPE, kind);
            }
            Ok(response)
        })
    }
}

fn refused(error: impl std::error::Error) -> PortError {
    PortError::Refused(chain(&error))
}

fn unavailable(error: impl std::error::Error) -> PortError {
    PortError::Unavailable(chain(&error))
}

/// An error with its causes; the library's own words say little.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}

#[cfg(test)]
mod tests {
    use openidconnect::{
        AuthUrl, EmptyAdditionalProviderMetadata, JsonWebKeySetUrl, ResponseTypes,
        core::{CoreIdToken, CoreJsonCurveType, CoreResponseType, CoreSubjectIdentifierType},
    };

    use super::*;

    /// Signed with HMAC by the client's secret; good until 2100.
    const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9\
                         .eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJhdWQiOlsiYmlsdGVuIl0sImV4cCI6NDEwMjQ0NDgwMCwiaWF0IjoxNzAwMDAwMDAwLCJzdWIiOiJhZGEiLCJub25jZSI6Im4ifQ\
                         .I1Ml3MVrKEzz_o93D1a3-kRU2nyZpPbBAEaekidbLTs";

    fn metadata() -> CoreProviderMetadata {
        CoreProviderMetadata::new(
            IssuerUrl::new("https://id.example".into()).unwrap(),
            AuthUrl::new("https://id.example/authorize".into()).unwrap(),
            JsonWebKeySetUrl::new("https://id.example/keys".into()).unwrap(),
            vec![ResponseTypes::new(vec![CoreResponseType::Code])],
            vec![CoreSubjectIdentifierType::Public],
            vec![CoreJwsSigningAlgorithm::HmacSha256],
            EmptyAdditionalProviderMetadata {},
        )
    }

    #[test]
    fn a_token_signed_with_our_own_secret_is_refused_whatever_the_provider_offers() {
        let secret = ClientSecret::new("known to many".into());
        let client = CoreClient::from_provider_metadata(
            metadata(),
            ClientId::new("bilten".into()),
            Some(secret),
        );
        let (token, nonce) = (
            TOKEN.parse::<CoreIdToken>().unwrap(),
            Nonce::new("n".into()),
        );
        assert!(token.claims(&client.id_token_verifier(), &nonce).is_ok());
        for older in [false, true] {
            assert!(token.claims(&verifier(&client, older), &nonce).is_err());
        }
    }

    #[test]
    fn short_keys_are_used_only_where_the_operator_says_so() {
        let key = |bytes: usize| {
            let key = CoreJsonWebKey::new_rsa(vec![0xC1; bytes], vec![1, 0, 1], None);
            assert_eq!(modulus(&key), Some(bytes));
            key
        };
        let curve = CoreJsonWebKey::new_ec(vec![1; 32], vec![2; 32], CoreJsonCurveType::P256, None);
        let found = metadata().set_jwks(JsonWebKeySet::new(vec![
            key(128),
            key(256),
            key(384),
            curve,
        ]));
        assert_eq!(with_long_keys(found.clone(), false).jwks().keys().len(), 2);
        assert_eq!(with_long_keys(found, true).jwks().keys().len(), 3);
        assert!(!SIGNED_BY.contains(&OLDER));
    }
}
