//! The browser's part of wallets (ERC-1193): who is there, and what they sign.

use app_api::{
    ApiError, FormState,
    wallets::{WalletQuestion, begin_wallet, begin_wallet_sign_in},
};
use app_ui::ButtonKind;
use leptos::prelude::*;
use locales::{Locale, accounts as t};

use super::asking::{Answer, AskingForm};

/// What the signature is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Add,
    SignIn,
}

/// The form `form` with the wallet's signature in `token` and `signature`; what else belongs into it are the children.
#[component]
pub(super) fn WalletForm(
    deed: Deed,
    form: FormState,
    #[prop(into)] label: String,
    #[prop(optional)] wide: bool,
    #[prop(optional)] otherwise: Option<&'static str>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let ask = move |l| ask(deed, l);
    let kind = ButtonKind::Secondary;
    view! {
        <AskingForm form answer="signature" possible=browser::has_wallet ask label kind wide otherwise>
            {children.map(|children| children())}
        </AskingForm>
    }
}

async fn ask(deed: Deed, l: Locale) -> Result<Answer, &'static str> {
    let (address, chain) = browser::account()
        .await
        .ok_or_else(|| t::wallet_stopped(l))?;
    let question = question(deed, address.clone(), chain)
        .await
        .map_err(|_| t::passkey_no_question(l))?;
    let signature = browser::sign(&question.text, &address).await;
    Ok(Answer {
        token: question.token,
        answer: signature.ok_or_else(|| t::wallet_stopped(l))?,
    })
}

async fn question(deed: Deed, address: String, chain: u64) -> Result<WalletQuestion, ApiError> {
    match deed {
        Deed::Add => begin_wallet(address, chain).await,
        Deed::SignIn => begin_wallet_sign_in(address, chain).await,
    }
}

/// The wallet that the browser offers. There is none while the server writes the page.
#[cfg(feature = "hydrate")]
mod browser {
    use js_sys::{Array, Object, Promise, Reflect};
    use wasm_bindgen::prelude::*;
    use wasm_bindgen_futures::JsFuture;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(catch, js_namespace = ethereum, js_name = request)]
        fn request(question: &JsValue) -> Result<Promise, JsValue>;
    }

    pub(super) fn has_wallet() -> bool {
        Reflect::get(&js_sys::global(), &"ethereum".into()).is_ok_and(|wallet| wallet.is_object())
    }

    /// The address that the person chooses, and the chain it is on; `None` when they do not want to.
    pub(super) async fn account() -> Option<(String, u64)> {
        let accounts = ask("eth_requestAccounts", &Array::new()).await?;
        let address = Array::from(&accounts).get(0).as_string()?;
        let chain = ask("eth_chainId", &Array::new()).await?.as_string()?;
        let chain = u64::from_str_radix(chain.trim_start_matches("0x"), 16).ok()?;
        Some((address, chain))
    }

    /// The signature; `None` when the person does not want to.
    pub(super) async fn sign(text: &str, address: &str) -> Option<String> {
        let text: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
        let what = Array::of2(&format!("0x{text}").into(), &address.into());
        ask("personal_sign", &what).await?.as_string()
    }

    async fn ask(method: &str, params: &Array) -> Option<JsValue> {
        match try_ask(method, params).await {
            Ok(answer) => Some(answer),
            Err(why) => {
                leptos::logging::warn!("wallet: {why:?}");
                None
            }
        }
    }

    async fn try_ask(method: &str, params: &Array) -> Result<JsValue, JsValue> {
        let question = Object::new();
        Reflect::set(&question, &"method".into(), &method.into())?;
        Reflect::set(&question, &"params".into(), params)?;
        JsFuture::from(request(&question)?).await
    }
}

#[cfg(not(feature = "hydrate"))]
mod browser {
    pub(super) fn has_wallet() -> bool {
        false
    }

    pub(super) async fn account() -> Option<(String, u64)> {
        None
    }

    pub(super) async fn sign(_: &str, _: &str) -> Option<String> {
        None
    }
}
